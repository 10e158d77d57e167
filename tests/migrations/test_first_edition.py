"""An instance of the first edition comes over whole: what waits is counted, and nothing is lost."""

from collections import Counter as Tallied
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.service import Turn, turn_of
from kopkrakers.app import create_app
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.keys import Use, keys_for
from kopkrakers.catalogue.library import Library
from kopkrakers.counter.build import make_counter
from kopkrakers.counter.loop import tick
from kopkrakers.counter.totals import NOT_SIGNED_YET
from kopkrakers.migrations.run import migrate
from kopkrakers.operations.check import everything_wrong
from kopkrakers.research.release.releases import make_release, release
from tests.migrations.first_edition import LEFT_AT, lay_out, with_former_secrets
from tests.research.small import ORIGIN, quiet
from tests.support.clock import StoppedClock
from tests.support.pages import words
from tests.support.world import browser_of

ZAANSTAD, ALMERE, GRONINGEN = "1", "2", "3"
COUNTED = {
    ("samen-thuis", ZAANSTAD): (6, 6, 2, 0),
    ("samen-thuis", "NL"): (6, 6, 2, 0),
    ("tweede-kans", ZAANSTAD): (20, 13, 5, 2),
    ("tweede-kans", ALMERE): (6, 5, 2, 1),
    ("tweede-kans", "NL"): (26, 18, 7, 3),
}
"""The totals that it came with, of a, b, c and x."""
WAITED = {"samen-thuis": (4, 6, 15), "tweede-kans": (10,)}
"""The envelopes in its boxes."""
FROM_SAMEN_THUIS = Tallied("aaaaaaaaaaa" + "bbca" + "ababca" + "abca")
"""What lay in those that its counter could not count yet, and is opened together now."""
KEPT_ROWS = {
    "agenda_wish": 3,
    "calendar_day": 23,
    "edition": 4,
    "gemeente": 3,
    "invitation": 1,
    "live_session": 2,
    "membership": 67,
    "release_part": 16,
    "report": 1,
    "research_release": 1,
    "team": 4,
    "user": 70,
    "user_role": 69,
}
NOT_SHOWN = "Deze cijfers laten we nu niet zien: we weten niet zeker of ze kloppen."


@pytest.fixture
def upgraded(database: Database, settings: Settings) -> Iterator[Settings]:
    """Settings by which an instance of the first edition was just migrated."""
    with_secrets = with_former_secrets(settings)
    assert with_secrets.key_dir is not None
    lay_out(database, with_secrets.key_dir)
    migrate(database, with_secrets)
    yield with_secrets


def counted(database: Database, settings: Settings, now: datetime) -> int:
    """Let the counter tick at a moment. Return the number of boxes emptied."""
    library = Library(settings.cards_dir)
    return tick(make_counter(settings, database, library), library, now)


def totals(database: Database) -> dict[tuple[str, str], tuple[int, ...]]:
    by_scope: dict[tuple[str, str], tuple[int, ...]] = {}
    with database.reading() as session:
        for row in session.execute(text("SELECT * FROM tally ORDER BY dilemma, scope, option")):
            place = (row.dilemma, row.scope)
            by_scope[place] = (*by_scope.get(place, ()), row.n)
    return by_scope


def waiting(database: Database, dilemma: str) -> tuple[int, ...]:
    """The number of envelopes in each box with any, the fewest first."""
    of_box = text("SELECT count(*) FROM envelope WHERE subject = :of GROUP BY box_id ORDER BY 1")
    with database.reading() as session:
        return tuple(session.execute(of_box, {"of": dilemma}).scalars())


def rows_in(database: Database, table: str) -> int:
    with database.reading() as session:
        return int(session.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one())


def page(settings: Settings, path: str, user_id: int = 8) -> str:
    """Return what somebody who answered reads, some minutes after the upgrade."""
    app = create_app(settings, clock=StoppedClock(LEFT_AT + timedelta(minutes=5)))
    somebody = Visitor(
        id=user_id,
        gemeente_id=int(ZAANSTAD),
        gemeente="Zaanstad",
        name="Anouk K.",
        roles=frozenset({Role.KLANTMANAGER}),
        generation=0,
    )
    return words(browser_of(app, somebody).get(path))


def who_answered(database: Database, settings: Settings, gemeente: str, dilemma: str) -> int:
    """Return the id of somebody of a gemeente whose turn on a dilemma is used."""
    turn_keys = keys_for(Use.TURNS, settings)
    of_gemeente = text('SELECT id FROM "user" WHERE gemeente_id = :of ORDER BY id')
    with database.reading() as session:
        for one in session.execute(of_gemeente, {"of": int(gemeente)}).scalars().all():
            if turn_of(session, Voter(one, turn_keys), dilemma, 1) is not Turn.NONE:
                return int(one)
    raise AssertionError("nobody there answered it")


def test_all_is_there_after_the_migration(database: Database, upgraded: Settings) -> None:
    assert totals(database) == COUNTED
    assert {table: rows_in(database, table) for table in KEPT_ROWS} == KEPT_ROWS
    for dilemma, envelopes in WAITED.items():
        assert waiting(database, dilemma) == envelopes


def test_check_says_that_totals_wait_to_be_signed_and_nothing_else(
    database: Database, upgraded: Settings
) -> None:
    assert everything_wrong(upgraded, LEFT_AT) == [NOT_SIGNED_YET]
    counted(database, upgraded, LEFT_AT + timedelta(minutes=15))
    assert everything_wrong(upgraded, LEFT_AT + timedelta(minutes=15)) == []


@pytest.mark.parametrize("dilemma", ["samen-thuis", "tweede-kans"])
def test_no_page_shows_a_total_before_the_first_count(
    database: Database, upgraded: Settings, dilemma: str
) -> None:
    before = page(upgraded, f"/dilemma/{dilemma}/1/uitslag")
    assert NOT_SHOWN in before and "%" not in before, before
    counted(database, upgraded, LEFT_AT + timedelta(minutes=5))
    after = page(upgraded, f"/dilemma/{dilemma}/1/uitslag")
    assert NOT_SHOWN not in after and "%" in after


@pytest.mark.parametrize(
    ("gemeente", "told"), [(ZAANSTAD, True), (ALMERE, True), (GRONINGEN, False)]
)
def test_who_had_local_figures_reads_why_they_are_gone(
    database: Database, upgraded: Settings, gemeente: str, told: bool
) -> None:
    """An edition that was counted before has no pools any more (D-84)."""
    counted(database, upgraded, LEFT_AT + timedelta(minutes=5))
    who = who_answered(database, upgraded, gemeente, "tweede-kans")
    shown = page(upgraded, "/dilemma/tweede-kans/1/uitslag", who)
    assert "Alle gemeenten" in shown and "%" in shown
    assert ("was al geteld toen we veiliger gingen tellen" in shown) is told


def test_no_release_is_made_before_the_first_count(database: Database, upgraded: Settings) -> None:
    library, keys = Library(upgraded.cards_dir), mac_keys(upgraded)
    with pytest.raises(ConfigurationError, match="nog niet ondertekend"):
        make_release(database, library, keys, ORIGIN, date(2026, 12, 1), quiet)
    counted(database, upgraded, LEFT_AT + timedelta(minutes=15))
    made = make_release(database, library, keys, ORIGIN, date(2026, 12, 1), quiet)
    assert made.name.number == 2
    with database.reading() as session:
        assert release(session, 1).name.number == 1


def test_what_waited_is_counted_and_the_rest_waits_on(
    database: Database, upgraded: Settings
) -> None:
    now = LEFT_AT + timedelta(minutes=15)
    counted(database, upgraded, now)
    now += timedelta(minutes=15)
    counted(database, upgraded, now)
    before = COUNTED["samen-thuis", "NL"]
    now_counted = [n + FROM_SAMEN_THUIS[option] for option, n in zip("abcx", before, strict=True)]
    assert totals(database) == COUNTED | {("samen-thuis", "NL"): tuple(now_counted)}
    assert waiting(database, "samen-thuis") == ()
    # too few for the country: they wait on, all in its box
    assert waiting(database, "tweede-kans") == (10,)
    assert rows_in(database, "refusal") == 0
    assert everything_wrong(upgraded, now) == []


def test_nobody_answers_twice_and_who_did_not_answers(
    database: Database, upgraded: Settings
) -> None:
    counted(database, upgraded, LEFT_AT + timedelta(minutes=15))
    turn_keys = keys_for(Use.TURNS, upgraded)
    with database.reading() as session:
        people = session.execute(
            text(
                'SELECT id FROM "user" JOIN user_role ON user_id = id '
                "WHERE gemeente_id = 1 AND role = 'klantmanager' ORDER BY id"
            )
        ).scalars()
        turns = [turn_of(session, Voter(one, turn_keys), "samen-thuis", 1) for one in people]
    assert Tallied(turns) == {Turn.COUNTED: 29, Turn.NONE: 12}
