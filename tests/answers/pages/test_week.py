"""A week lived through, from one Monday to the next and the working day after: with the real cards,
colleagues who answer, a count, a pause, a card that closes under somebody without a network, Goede
Vrijdag, the weekend on which the clock goes forward, and Tweede Paasdag.
"""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import Vote, cast_answer
from kopkrakers.base.clock import AMSTERDAM
from kopkrakers.base.dutch import day as in_words
from kopkrakers.catalogue.editions.models import CalendarDay
from kopkrakers.catalogue.library import Library
from tests.answers.closing import close
from tests.answers.pages.without_network.arriving import arrive, sealed_to_locks
from tests.support.clock import StoppedClock
from tests.support.pages import Site, give, send, words
from tests.support.world import World, add_people

MONDAY, THURSDAY, TUESDAY = date(2027, 3, 22), date(2027, 3, 25), date(2027, 3, 30)
CHOICES = "aaaaaaaaaaaaaaaabbbbbbbbccxx"
"""Of the colleagues: 57, 29, 7 and 7 %."""


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(datetime(2027, 3, 22, 7, 30, tzinfo=UTC))


@pytest.fixture
def cards_dir(tmp_path: Path) -> Path:
    """The real cards, free to change."""
    here = Path(__file__).parents[3] / "dilemmas"
    return Path(shutil.copytree(here, tmp_path / "dilemmas"))


class Week:
    """Anna's days. The counter looks every three hours, whatever the clock on the wall does."""

    def __init__(self, site: Site, world: World, clock: StoppedClock) -> None:
        self.site, self.world, self.clock = site, world, clock
        self.anna = site.browser(world.anna)
        with site.state.database.transaction() as session:
            self.colleagues = add_people(session, world.zaanstad, len(CHOICES))
        self.site.tick()

    def until(self, day: date, hour: int, minute: int = 30) -> None:
        """Let the hours pass until this time in the Netherlands."""
        wanted = datetime(day.year, day.month, day.day, hour, minute, tzinfo=AMSTERDAM)
        while self.clock() < wanted:
            self.clock.moment = min(wanted, self.clock() + timedelta(hours=3)).astimezone(UTC)
            self.site.tick()

    def planned(self, day: date) -> tuple[str, str]:
        """The name and the title of the dilemma of a day."""
        with self.site.state.database.reading() as session:
            found = session.get(CalendarDay, day)
        assert found is not None
        library: Library = self.site.state.library
        return found.dilemma, library.cards()[found.dilemma].title

    def answer(self, day: date) -> str:
        """Let Anna answer the dilemma of a day; gives what she reads then."""
        today = Site(self.site.app, self.planned(day)[0])
        assert give(today, self.anna).status_code == 303
        return words(self.anna.get(today.url("uitslag")))

    def colleagues_answer(self, day: date) -> None:
        """Let everyone else of the gemeente answer it too."""
        state = self.site.state
        with state.database.transaction() as session:
            for person, option in zip(self.colleagues, CHOICES, strict=True):
                cast_answer(
                    session,
                    Vote(
                        voter=Voter(person, state.turn_keys),
                        gemeente_id=self.world.zaanstad,
                        dilemma=self.planned(day)[0],
                        edition=1,
                        answer=Answer(option, "w"),
                    ),
                    today=state.today(),
                    mac_keys=state.row_keys,
                )

    def vandaag(self, browser: FlaskClient | None = None) -> str:
        """Return the text of Vandaag."""
        return words((browser or self.anna).get("/"))


@pytest.fixture
def week(site: Site, world: World, clock: StoppedClock) -> Iterator[Week]:
    yield Week(site, world, clock)


def live_a_day(week: Week, day: date, *, opens_with: str, closes_with: str) -> None:
    """A day has its card, a receipt, a figure, an ending and a tomorrow; no day more than those."""
    week.until(day, 8)
    before = week.vandaag()
    assert week.planned(day)[1] in before and "Wat doe jij?" in before
    assert opens_with in before
    assert "Klaar voor" not in before
    receipt = week.answer(day)
    assert "Je antwoord zit in de bus." in receipt and "gaat de bus open" in receipt
    week.colleagues_answer(day)
    week.until(day, 13)
    after = week.vandaag()
    assert "Wat doe jij?" not in after
    assert "Klaar voor vandaag" in after and closes_with in after


def test_a_week_with_an_easter_weekend(week: Week) -> None:
    # the first card has chapters: then its figure does not stand before the choice that follows
    opens_with = f"Het vervolg van ‘{week.planned(MONDAY)[1]}’"
    live_a_day(week, MONDAY, opens_with="", closes_with=tomorrow(week, MONDAY))
    for step in (1, 2):
        day = MONDAY + timedelta(days=step)
        live_a_day(week, day, opens_with=opens_with, closes_with=tomorrow(week, day))
        opens_with = f"Gisteren: {week.planned(day)[1]}."
    live_a_day(
        week,
        THURSDAY,
        opens_with=opens_with,
        closes_with=f"Dinsdag: {week.planned(TUESDAY)[1]}",
    )
    assert "Deze week" in week.vandaag()
    # Goede Vrijdag, the weekend in which an hour is missing, and Tweede Paasdag
    for step in range(1, 5):
        free = THURSDAY + timedelta(days=step)
        week.until(free, 12)
        text = week.vandaag()
        assert f"Dilemma van {in_words(THURSDAY)}" in text and week.planned(THURSDAY)[1] in text
        assert week.planned(TUESDAY)[1] in text
    live_a_day(
        week,
        TUESDAY,
        opens_with=f"Donderdag: {week.planned(THURSDAY)[1]}.",
        closes_with=tomorrow(week, TUESDAY),
    )


def tomorrow(week: Week, day: date) -> str:
    """Return the close of a day when the next is a working day."""
    return f"Morgen: {week.planned(day + timedelta(days=1))[1]}"


def test_in_a_pause_the_dilemma_is_there_all_the_same(week: Week) -> None:
    send(week.anna, "/account/pauze", tot="2027-03-24")
    week.until(MONDAY + timedelta(days=1), 8)
    assert "Je hebt pauze tot en met woensdag 24 maart." in week.vandaag()
    assert "Wat doe jij?" in week.vandaag()
    week.until(THURSDAY, 8)
    assert "Je hebt pauze" not in week.vandaag()


def test_a_card_that_closed_under_somebody_without_a_network_says_so(
    week: Week, world: World
) -> None:
    slug, _title = week.planned(MONDAY)
    today = Site(week.site.app, slug)
    waiting = sealed_to_locks(today, world.anna)
    week.until(MONDAY + timedelta(days=1), 8)
    close(today)
    assert arrive(today, week.anna, waiting) == 410
    assert "intussen sloot dit dilemma" in words(week.anna.get(today.url("te-laat")))
    assert week.planned(MONDAY + timedelta(days=1))[1] in week.vandaag()
