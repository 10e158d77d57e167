"""What stands around the day: yesterday for whoever answered, an ending, and what comes next."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlmodel import select

from kopkrakers.accounts.models import Rhythm, Team
from kopkrakers.answers.pages.around import RecentEdition, whose_choices
from kopkrakers.catalogue.editions.coming import coming
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.catalogue.editions.models import CalendarDay
from kopkrakers.pools.rules import regio_pool
from kopkrakers.privacy.release import release_distribution
from tests.answers.equal_pages import AT_MOST_FOR_A_PAGE, CHOICES, seen, voters
from tests.support.clock import StoppedClock
from tests.support.pages import Site, give, open_site, send, statements, words
from tests.support.world import World

FIGURES = (54, 10, 30, 6)


@pytest.fixture
def more_cards(cards_dir: Path) -> None:
    """Enough dilemmas that none comes back within two weeks."""
    for path in list(cards_dir.glob("*.md")):
        for number in (2, 3):
            text = path.read_text(encoding="utf-8")
            copy = re.sub(r"(?m)^titel: .*$", f"titel: {path.stem} {number}", text)
            (cards_dir / f"{path.stem}-{number}.md").write_text(copy, encoding="utf-8")


def next_day(site: Site, clock: StoppedClock, days: int = 1) -> Site:
    """The site some days later, seen from the dilemma that shows then."""
    clock.move(days=days)
    return open_site(site.app)


def answered_yesterday(
    site: Site, world: World, clock: StoppedClock, *, days: int = 1
) -> FlaskClient:
    """Anna's browser on a day after the one on which she answered."""
    browser = site.browser(world.anna)
    give(site, browser)
    next_day(site, clock, days)
    return browser


def title_on(site: Site, day: date) -> str:
    """The title of the dilemma that is planned for a day."""
    with site.state.database.reading() as session:
        planned = session.get(CalendarDay, day)
        assert planned is not None
        title: str = site.state.library.cards()[planned.dilemma].title
        return title


def keep_a_week(site: Site) -> None:
    with site.state.database.transaction() as session:
        for team in session.exec(select(Team)):
            team.rhythm = Rhythm.WEEKLY


def test_the_day_closes_with_the_dilemma_of_the_next(site: Site, world: World) -> None:
    browser = site.browser(world.anna)
    assert "Klaar voor vandaag" not in words(browser.get("/"))
    give(site, browser)
    title = title_on(site, date(2026, 11, 24))
    for url in ("/", site.url("uitslag")):
        text = words(browser.get(url))
        assert "Klaar voor vandaag" in text and f"Morgen: {title} (" in text, url


def test_under_another_dilemma_the_day_does_not_close(
    site: Site, world: World, clock: StoppedClock
) -> None:
    browser = answered_yesterday(site, world, clock)
    assert "Klaar voor vandaag" not in words(browser.get(site.url("uitslag")))


def test_on_friday_monday_is_named_and_the_week_is_listed(
    more_cards: None, site: Site, world: World, clock: StoppedClock
) -> None:
    browser = site.browser(world.anna)
    next_day(site, clock)
    friday = next_day(site, clock, days=3)
    assert "Deze week" not in words(browser.get("/"))
    give(friday, browser)
    text = words(browser.get("/"))
    assert f"Maandag: {title_on(site, date(2026, 11, 30))} (" in text
    assert "Deze week" in text and "Kun je nog beantwoorden." in text


def test_what_divided_most_is_told_of_what_this_person_answered(
    more_cards: None, site: Site, world: World, clock: StoppedClock
) -> None:
    anna, bram = site.browser(world.anna), site.browser(world.bram)
    site.add_figures(counts=(40, 40, 20, 5))
    give(site, anna)
    friday = next_day(site, clock, days=4)
    friday.add_figures(counts=(80, 10, 10, 5))
    give(friday, anna)
    give(friday, bram)
    told = "Hierover waren collega’s het meest verdeeld."
    page = words(anna.get("/"))
    title = title_on(site, date(2026, 11, 23))
    assert f"{title} {told}" in page and page.count(told) == 1
    assert told not in words(bram.get("/"))


def test_a_weekly_team_closes_the_week(site: Site, world: World) -> None:
    keep_a_week(site)
    browser = site.browser(world.anna)
    give(site, browser)
    text = words(browser.get(site.url("uitslag")))
    assert "Klaar voor deze week" in text
    assert f"Maandag 30 november: {title_on(site, date(2026, 11, 30))} (" in text


def test_a_withdrawn_dilemma_is_not_announced(site: Site, world: World) -> None:
    browser = site.browser(world.anna)
    give(site, browser)
    with site.state.database.reading() as session:
        planned = session.get(CalendarDay, date(2026, 11, 24))
        assert planned is not None
        path = site.state.settings.cards_dir / f"{planned.dilemma}.md"
    path.write_text(path.read_text().replace("editie: 1", "editie: 1\ningetrokken: ja"))
    site.state.library._reread_at = 0.0
    assert "Morgen staat er een nieuw dilemma." in words(browser.get("/"))


@pytest.mark.parametrize(
    ("today", "following"),
    [
        (date(2026, 12, 24), date(2026, 12, 28)),  # Christmas on a Friday
        (date(2026, 12, 26), date(2026, 12, 28)),
        (date(2026, 11, 23), date(2026, 11, 24)),
    ],
)
def test_what_comes_next_comes_on_a_working_day_also_where_nothing_is_planned(
    site: Site, today: date, following: date
) -> None:
    with site.state.database.transaction() as session:
        session.connection().exec_driver_sql("DELETE FROM calendar_day")
        upcoming = coming(session, site.state.library, today, Rhythm.DAILY)
    assert (upcoming.shown, upcoming.day, upcoming.card) == (None, following, None)


def test_the_day_opens_with_yesterday_for_who_answered(
    site: Site, world: World, clock: StoppedClock
) -> None:
    site.add_figures(counts=FIGURES)
    title = title_on(site, date(2026, 11, 23))
    browser = answered_yesterday(site, world, clock)
    assert f"Gisteren: {title}. In alle gemeenten samen koos 54% A." in words(browser.get("/"))


def test_yesterdays_figure_of_a_gemeente_and_of_a_regio_says_whose_it_is() -> None:
    edition = RecentEdition("een", 1, date(2026, 11, 23), True, True, False, "7", 0)
    here = release_distribution("7", ("a", "b"), {"a": 20, "b": 10})
    assert whose_choices(edition, here) == "In je gemeente"
    assert whose_choices(replace(edition, pool=regio_pool(3)), here) == "In je regio"
    assert whose_choices(edition, None) == "In alle gemeenten samen"


def test_who_did_not_answer_reads_no_figure_of_yesterday(
    site: Site, world: World, clock: StoppedClock
) -> None:
    site.add_figures(counts=FIGURES)
    answered_yesterday(site, world, clock)
    for visitor in (world.bram, world.chris, world.dewi, world.farid):
        page = words(site.browser(visitor).get("/"))
        assert "Gisteren:" not in page and "54%" not in page


def test_without_a_figure_there_is_no_yesterday(
    site: Site, world: World, clock: StoppedClock
) -> None:
    assert "Gisteren:" not in words(answered_yesterday(site, world, clock).get("/"))


def test_nearly_all_are_told_without_a_number(
    site: Site, world: World, clock: StoppedClock
) -> None:
    site.add_figures(str(world.zaanstad), counts=(95, 3, 1, 1))
    page = words(answered_yesterday(site, world, clock).get("/"))
    assert "In je gemeente koos ruim 80% A." in page and "95" not in page


def test_a_dilemma_that_can_be_answered_again_tells_nothing_of_before(
    site: Site, world: World, clock: StoppedClock
) -> None:
    """The next edition must be answered blind, also by whoever answered the one before."""
    site.add_figures(counts=FIGURES)
    browser = answered_yesterday(site, world, clock)
    with site.state.database.transaction() as session:
        session.execute(update(EDITION).where(EDITION.c.dilemma == site.slug).values(frozen=True))
    assert "54%" not in words(browser.get("/"))


def test_after_a_weekend_yesterday_is_called_friday(
    more_cards: None, site: Site, world: World, clock: StoppedClock
) -> None:
    friday = next_day(site, clock, days=4)
    friday.add_figures(counts=FIGURES)
    browser = answered_yesterday(friday, world, clock, days=3)
    assert "Vrijdag: " in words(browser.get("/"))


def test_a_weekly_team_opens_with_the_week_before(
    more_cards: None, site: Site, world: World, clock: StoppedClock
) -> None:
    keep_a_week(site)
    site.add_figures(counts=FIGURES)
    browser = answered_yesterday(site, world, clock, days=7)
    assert "Vorige week: " in words(browser.get("/"))


def test_the_day_after_is_the_same_for_every_choice(
    site: Site, world: World, clock: StoppedClock
) -> None:
    site.add_figures(str(world.zaanstad), counts=FIGURES)
    people = voters(site, world)
    for visitor, choice in zip(people, CHOICES, strict=True):
        give(site, site.browser(visitor), **choice)
    today = next_day(site, clock)
    pages = []
    for visitor in people:
        browser = site.browser(visitor)
        before = seen(browser.get("/"))
        give(today, browser)
        pages.append((before, seen(browser.get("/"))))
    assert all(page == pages[0] for page in pages)


def test_the_day_with_all_around_it_asks_the_database_little(
    more_cards: None, site: Site, world: World, clock: StoppedClock
) -> None:
    site.add_figures(counts=FIGURES)
    browser = answered_yesterday(site, world, clock)
    for days in (0, 3):
        today = next_day(site, clock, days=days)
        for answered in (False, True):
            if answered:
                give(today, browser)
            clock.move(minutes=1)
            with statements() as sent:
                assert browser.get("/").status_code == 200
            assert len(sent) <= AT_MOST_FOR_A_PAGE, sent


def test_more_is_promised_only_where_more_waits(
    site: Site, world: World, clock: StoppedClock
) -> None:
    browser = site.browser(world.anna)
    give(site, browser)
    assert "Zin in nog een dilemma?" not in words(browser.get("/"))
    today = next_day(site, clock)
    assert today.slug != site.slug
    with site.state.database.transaction() as session:
        session.connection().exec_driver_sql("DELETE FROM participation")
    send(browser, today.url("antwoord"), optie="a", doorslag="w")
    assert "Zin in nog een dilemma?" in words(browser.get("/"))
