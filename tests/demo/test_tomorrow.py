"""A visitor of the demo goes to tomorrow: this day ends, the clock moves, the next one opens."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from kopkrakers.accounts.joining import Place, make_account
from kopkrakers.accounts.models import Role, Status
from kopkrakers.accounts.personas import DEMO_DOMAIN, PERSONAS
from kopkrakers.accounts.service import visitor_by_email
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.clock import Clock, amsterdam_day
from kopkrakers.demo import colleagues
from kopkrakers.demo.app import create_demo_app
from kopkrakers.demo.people import Colleague
from kopkrakers.demo.settings import demo_settings
from kopkrakers.demo.simulation.living import edition_on
from kopkrakers.demo.simulation.unfolding import JOINING
from kopkrakers.demo.stage import Stage
from kopkrakers.demo.visit import clock as demo
from kopkrakers.demo.visit.clock import demo_clock
from kopkrakers.operations.check import everything_wrong
from tests.demo.building import build
from tests.support.world import browser_of

pytestmark = pytest.mark.slow
THURSDAY = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)


@pytest.fixture
def stage(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A demo that somebody opened on a Thursday morning."""
    monkeypatch.setattr(demo, "utc_now", lambda: THURSDAY)
    folder = tmp_path_factory.mktemp("demo")
    return build(demo_settings(folder, host="127.0.0.1", port=1), THURSDAY)


@pytest.fixture
def clock(stage: Stage) -> Clock:
    return demo_clock(stage.settings)


@pytest.fixture
def anna(stage: Stage) -> Visitor:
    with stage.database.reading() as session:
        return visitor_by_email(session, PERSONAS[0].email, mac_keys(stage.settings))


def test_a_fresh_demo_has_a_clock_that_is_right(stage: Stage) -> None:
    assert demo_clock(stage.settings)() == THURSDAY


def test_a_weekend_is_lived_through_a_day_at_a_time(stage: Stage, clock: Clock) -> None:
    thursday = edition_on(stage, amsterdam_day(THURSDAY))
    titles = []
    for day in range(1, 5):
        colleagues.leave_day(stage, amsterdam_day(clock()), clock)
        assert clock() == THURSDAY + timedelta(days=day)
        titles.append(edition_on(stage, amsterdam_day(clock())).dilemma)
    friday, saturday, sunday, monday = titles
    assert friday == saturday == sunday
    assert len({thursday.dilemma, friday, monday}) == 3
    assert everything_wrong(stage.settings, clock()) == []


def test_most_colleagues_have_answered_when_a_day_ends(stage: Stage, clock: Clock) -> None:
    people = stage.colleagues()
    edition = edition_on(stage, amsterdam_day(THURSDAY))
    colleagues.leave_day(stage, amsterdam_day(THURSDAY), clock)
    joined = 1 - len(stage.not_yet(edition, people)) / len(people)
    # what goes on the day after is answered by more, so that its figures can be shown
    assert stage.card(edition).chapters
    assert joined == pytest.approx(JOINING, abs=0.02)
    # and the next day opens as a visitor should find it
    following = edition_on(stage, amsterdam_day(clock()))
    assert 0 < len(stage.waiting(following, people)) < len(people)


def test_the_next_day_opens_with_the_one_before(stage: Stage, clock: Clock, anna: Visitor) -> None:
    edition = edition_on(stage, amsterdam_day(THURSDAY))
    me = Colleague(anna.id, anna.gemeente_id, anna.gemeente, played=True)
    stage.cast(edition, [me], amsterdam_day(THURSDAY))
    browser = browser_of(create_demo_app(stage.settings), anna)
    assert "Klaar voor vandaag" in browser.get("/").text
    colleagues.leave_day(stage, amsterdam_day(THURSDAY), clock)
    page = browser.get("/").text
    # it goes on today, and what others chose is not told before choosing again
    assert f"Het vervolg van ‘{stage.card(edition).title}’" in page
    assert "Gisteren:" not in page
    assert "vrijdag 27 november" in page


def test_nobody_answers_for_an_account_that_a_visitor_made(
    stage: Stage, clock: Clock, anna: Visitor
) -> None:
    """A visitor who invites somebody, and comes in as that person, chooses for themselves."""
    keys = mac_keys(stage.settings)
    values = {
        "gemeente_id": anna.gemeente_id,
        "email": f"noor@{DEMO_DOMAIN}",
        "name": "Noor",
        "status": Status.ACTIVE,
        "address_proved": True,
        "since": amsterdam_day(clock()),
        "address_hmac": "n" * 64,
    }
    with stage.database.transaction() as session:
        noor = make_account(session, None, values, Place((Role.KLANTMANAGER,), None), keys)
    editions = []
    for _ in range(2):
        today = amsterdam_day(clock())
        editions.append(edition_on(stage, today))
        colleagues.leave_day(stage, today, clock)
    myself = [one for one in stage.everyone() if one.user_id == noor]
    assert len(myself) == 1
    # not on the day itself, nor on what came to it the day after
    chapter = replace(editions[0], number=editions[0].number + 1)
    for edition in (*editions, chapter):
        assert stage.not_yet(edition, myself) == myself


def test_a_day_that_was_left_is_not_left_again(stage: Stage, clock: Clock) -> None:
    """Two people press at once, or one presses twice."""
    for _ in range(2):
        colleagues.leave_day(stage, amsterdam_day(THURSDAY), clock)
    assert clock() == THURSDAY + timedelta(days=1)


def test_the_page_asks_and_the_other_process_moves(
    stage: Stage, clock: Clock, anna: Visitor
) -> None:
    app = create_demo_app(stage.settings)
    app.config["WTF_CSRF_ENABLED"] = False
    browser = browser_of(app, anna)
    assert "Ga naar vrijdag 27 november" in browser.get("/demo/morgen").text
    replies = []
    left = {"dag": str(amsterdam_day(THURSDAY).toordinal())}
    asking = Thread(target=lambda: replies.append(browser.post("/demo/morgen", data=left)))
    asking.start()
    while asking.is_alive():
        colleagues.answer_questions(stage, clock)
    assert (replies[0].status_code, replies[0].location) == (303, "/")
    assert "Het is nu vrijdag 27 november." in browser.get("/").text
    # the same form again, or one with rubbish in it, asks nothing
    for data in (left, {"dag": "gisteren"}, {}):
        assert browser.post("/demo/morgen", data=data).status_code == 303
    assert clock() == THURSDAY + timedelta(days=1)
