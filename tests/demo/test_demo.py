"""The demo: a plausible world by the real path, and a bus that a visitor can have looked into."""

import socket
import stat
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlmodel import col

from kopkrakers.accounts.models import Gemeente, Membership, Rhythm, Role, Team
from kopkrakers.accounts.personas import DEMO_DOMAIN, PERSONAS
from kopkrakers.accounts.service import visitor_by_email
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers.figures import distributions_of
from kopkrakers.answers.pages.reading import Person, day_of
from kopkrakers.answers.pages.unfolding.reading import find_unfolding
from kopkrakers.answers.service import Turn, turn_of
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.clock import amsterdam_day, utc_now
from kopkrakers.base.config import Settings
from kopkrakers.base.errors import NotNow
from kopkrakers.base.mail import send_mail
from kopkrakers.catalogue.editions.calendar import edition_of_day
from kopkrakers.catalogue.editions.chapters import chapters_of
from kopkrakers.catalogue.editions.editions import PublishedEdition
from kopkrakers.cli import main
from kopkrakers.demo import colleagues, weeks
from kopkrakers.demo.app import create_demo_app
from kopkrakers.demo.desk import set_the_desk
from kopkrakers.demo.people import Colleague, name_at
from kopkrakers.demo.settings import demo_settings, environment
from kopkrakers.demo.stage import Stage
from kopkrakers.demo.visit.asking import QuestionKind, ask, asked
from kopkrakers.demo.visit.post import KEPT, keep_mail, take_in
from kopkrakers.demo.weeks import CARD_BEFORE
from kopkrakers.demo.workshop import plan_unfolding, plan_workshop
from kopkrakers.desk.editor.checking import check_text
from kopkrakers.desk.editor.service import desk_card
from kopkrakers.desk.inbox.service import inbox
from kopkrakers.intervisie.pages.listing import team_sessions
from kopkrakers.intervisie.session.cases import plain_case
from kopkrakers.intervisie.session.store import find
from kopkrakers.operations.check import everything_wrong
from kopkrakers.tallies.models import TALLY
from tests.demo.building import build
from tests.support.voters import voter_of
from tests.support.world import browser_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def now() -> datetime:
    return utc_now()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, now: datetime) -> Stage:
    return build(demo_settings(tmp_path_factory.mktemp("demo"), host="127.0.0.1", port=1), now)


@pytest.fixture
def anna(stage: Stage) -> Visitor:
    with stage.database.reading() as session:
        return visitor_by_email(session, PERSONAS[0].email, mac_keys(stage.settings))


def today(stage: Stage, now: datetime) -> PublishedEdition:
    with stage.database.reading() as session:
        edition = edition_of_day(session, amsterdam_day(now), Rhythm.DAILY)
    assert edition is not None
    return edition


def test_six_gemeenten_ten_teams_and_some_140_people(stage: Stage) -> None:
    with stage.database.reading() as session:
        assert len(session.connection().execute(select(Gemeente)).all()) == 6
        assert len(session.connection().execute(select(Team)).all()) == 10
        assert 130 <= len(session.connection().execute(select(Membership)).all()) <= 150


def test_nobody_shares_a_name() -> None:
    assert max(Counter(name_at(place) for place in range(5_000)).values()) == 1


def test_every_persona_can_sign_in(stage: Stage) -> None:
    with stage.database.reading() as session:
        found = {
            persona.name: visitor_by_email(session, persona.email, mac_keys(stage.settings)).roles
            for persona in PERSONAS
        }
    assert set(found) == {
        *("Anna", "Bram", "Chris", "Gerda", "Hind", "Lies", "Dewi", "Farid", "Esra", "Guus")
    }
    assert found["Dewi"] == {Role.ONDERZOEKER}


def test_every_day_has_a_count_and_no_two_look_alike(stage: Stage) -> None:
    which = select(TALLY).where(TALLY.c.scope == "NL")
    shares: dict[str, Counter[str]] = {}
    with stage.database.reading() as session:
        for row in session.connection().execute(which):
            shares.setdefault(row.dilemma, Counter())[row.option] = row.n
    assert len(shares) >= 4
    assert len({tuple(sorted(share.items())) for share in shares.values()}) == len(shares)
    assert all(share.total() >= 20 for share in shares.values())


def test_todays_card_is_counted_and_its_boxes_are_half_full(stage: Stage, now: datetime) -> None:
    edition = today(stage, now)
    which = (
        select(TALLY.c.scope).where(TALLY.c.dilemma == edition.dilemma, TALLY.c.n > 0).distinct()
    )
    with stage.database.reading() as session:
        scopes = session.connection().execute(which).scalars().all()
    # three gemeenten of their own size, the regio, and all of them
    assert len(scopes) == 5
    assert len(stage.waiting(edition, stage.everyone())) == 4 * weeks.HALF_FULL


def test_a_demo_that_starts_just_after_midnight_has_todays_card(tmp_path: Path) -> None:
    midnight = datetime(2026, 11, 24, 23, 10, tzinfo=UTC)
    late = build(demo_settings(tmp_path, host="127.0.0.1", port=1), midnight)
    edition = today(late, midnight)
    assert edition.opens_on == date(2026, 11, 25)
    assert len(late.waiting(edition, late.everyone())) == 4 * weeks.HALF_FULL


def test_the_demo_has_nothing_wrong(stage: Stage, now: datetime) -> None:
    assert everything_wrong(stage.settings, now) == []


def test_starting_again_leaves_todays_card_as_it_is(stage: Stage, now: datetime) -> None:
    before = stage.waiting(today(stage, now), stage.everyone())
    weeks.open_today(stage, now)
    assert stage.waiting(today(stage, now), stage.everyone()) == before


def test_keys_and_database_lie_apart_and_closed(stage: Stage) -> None:
    folder = stage.counter.folder.folder.parent
    for name in ("db", "sleutels"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "geheim").stat().st_mode) == 0o600
    assert not list((folder / "db").rglob("*.key"))


def test_a_look_counts_the_visitors_own_answer(stage: Stage, now: datetime, anna: Visitor) -> None:
    edition = today(stage, now)
    me = Colleague(anna.id, anna.gemeente_id, anna.gemeente, played=True)
    stage.cast(edition, [me], amsterdam_day(now))
    colleagues.count_for(stage, anna.id, now)
    with stage.database.reading() as session:
        assert (
            turn_of(session, voter_of(stage.settings, anna.id), edition.dilemma, edition.number)
            is Turn.COUNTED
        )


def test_colleagues_keep_answering_but_some_are_kept_apart(stage: Stage, now: datetime) -> None:
    from random import Random

    for _ in range(60):
        colleagues.one_answers(stage, now, Random(1))
    left = Counter(one.gemeente for one in stage.not_yet(today(stage, now), stage.colleagues()))
    assert max(left.values()) <= colleagues.KEPT_APART


def test_a_page_asks_and_the_counter_answers(stage: Stage, now: datetime, anna: Visitor) -> None:
    from threading import Thread

    asking = Thread(target=ask, args=(stage.settings, QuestionKind.LOOK, anna.id))
    asking.start()
    while asking.is_alive():
        colleagues.answer_questions(stage, lambda: now)
    assert asked(stage.settings, QuestionKind.LOOK) == []


def test_a_page_does_not_wait_for_ever(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kopkrakers.demo.visit.asking.LONGEST_WAIT", 0.1)
    with pytest.raises(NotNow):
        ask(stage.settings, QuestionKind.LOOK, 1)
    assert asked(stage.settings, QuestionKind.LOOK) == []


def test_every_page_says_that_it_is_invented(stage: Stage, anna: Visitor) -> None:
    app = create_demo_app(stage.settings)
    assert "verzonnen" in browser_of(app, anna).get("/").text


def test_outside_the_demo_none_of_its_pages_is_there(app: Flask) -> None:
    assert not any(name.startswith("demo.") for name in app.view_functions)


@pytest.mark.parametrize(
    "address", ["https://elders.example/", "//elders.example", "/\\elders.example", "x"]
)
def test_the_way_back_stays_on_this_site(
    stage: Stage, anna: Visitor, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr("kopkrakers.demo.visit.routes.ask", lambda *_: None)
    app = create_demo_app(stage.settings)
    app.config["WTF_CSRF_ENABLED"] = False
    page = browser_of(app, anna).post("/demo/kijk-nu", data={"naar": address})
    assert (page.status_code, page.location) == (303, "/")


def test_the_demo_needs_nothing_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOPKRAKERS_DATABASE_URL", "postgresql://elders/geheim")
    settings: Settings = demo_settings(tmp_path, host="0.0.0.0", port=8001)
    assert settings.database_url.startswith(f"sqlite:///{tmp_path}")
    assert settings.base_url == "http://localhost:8001"
    again = demo_settings(tmp_path, host="0.0.0.0", port=8001)
    any_port = {"smtp_port": 25}  # the first that is free, each time
    assert settings.model_copy(update=any_port) == again.model_copy(update=any_port)


@pytest.mark.parametrize("host", ["192.0.2.1", "geen.machine.invalid", "fe80::ffff"])
def test_an_address_of_another_machine_is_told_from_a_taken_port(host: str) -> None:
    said = CliRunner().invoke(main, ["demo", "--host", host, "--port", "8123"])
    assert said.exit_code == 2
    assert f"Deze machine kan niet luisteren op {host} (" in said.output
    assert "taken" not in said.output


def test_the_demo_can_be_seen_on_an_address_with_colons(tmp_path: Path) -> None:
    assert demo_settings(tmp_path, host="::1", port=8001).base_url == "http://[::1]:8001"
    assert demo_settings(tmp_path, host="::", port=8001).base_url == "http://localhost:8001"


def test_a_taken_port_is_named_and_nothing_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = CliRunner().invoke(
            main, ["demo", "--port", str(port), "--data", str(tmp_path / "d")]
        )
    assert said.exit_code == 2
    assert f"Poort {port}" in said.stderr
    assert not (tmp_path / "d" / "db" / "kopkrakers.db").exists()


def test_whoever_looks_around_reads_every_mail_that_was_sent(stage: Stage, anna: Visitor) -> None:
    settings = demo_settings(stage.counter.folder.folder.parent, host="127.0.0.1", port=1)
    client = create_demo_app(settings).test_client()
    assert "Er is nog niets." in client.get("/demo/post").text
    stop = Event()
    taking = Thread(target=take_in, args=(settings, stop))
    taking.start()
    try:
        send_when_ready(
            settings, "Welkom", "Regel één\n.\n..met punten\n<b>en</b> http://localhost/x"
        )
    finally:
        stop.set()
        taking.join()
    page = client.get("/demo/post").text
    assert "<h2>Welkom</h2>" in page and "Aan sanne@voorbeeld.nl" in page
    assert "\n.\n..met punten\n&lt;b&gt;en" in page


def test_only_so_many_mails_are_kept(tmp_path: Path) -> None:
    for number in range(KEPT + 3):
        keep_mail(tmp_path, b"Subject: %d\n\n" % number)
    kept = sorted(path.read_bytes() for path in tmp_path.iterdir())
    assert len(kept) == KEPT and b"Subject: 2\n\n" not in kept


def test_the_demo_can_send_messages_and_keeps_its_key(tmp_path: Path) -> None:
    made = [demo_settings(tmp_path, host="127.0.0.1", port=1).push_key for _ in range(2)]
    assert made[0] is not None and made[0] == made[1]
    handed_down = environment(demo_settings(tmp_path, host="127.0.0.1", port=1))
    assert handed_down["KOPKRAKERS_PUSH_KEY"] == made[0].get_secret_value()


def send_when_ready(settings: Settings, subject: str, text: str) -> None:
    """Send a mail as soon as the demo takes it in."""
    for _ in range(100):
        try:
            return send_mail(settings, "sanne@voorbeeld.nl", subject, text)
        except NotNow:
            sleep(0.05)
    raise AssertionError("nobody takes in mail")


def test_a_session_on_a_case_that_unfolds_stands_planned(stage: Stage, now: datetime) -> None:
    code = plan_unfolding(stage, now)
    assert code is not None
    with stage.database.reading() as session:
        case = plain_case(find(session, code))
    assert case.chapters


def test_yesterdays_card_goes_on_today(stage: Stage, now: datetime, anna: Visitor) -> None:
    """Colleagues chose again, and enough of them for figures; Anna has it to do."""
    with stage.database.reading() as session:
        keys = stage.counter.keys
        person = Person(stage.voter(anna.id), anna.gemeente_id, votes=True)
        today = amsterdam_day(now)
        day = day_of(session, stage.library, keys, person, today)
        assert day.unfolding is not None
        place = (day.unfolding.slug, day.unfolding.edition)
        unfolding = find_unfolding(session, stage.library, keys, person, *place, today)
        first = chapters_of(session, *place)[0]
        codes = stage.card(first).option_codes
        shown = distributions_of(session, keys, first.dilemma, first.number, codes, None)
    assert place == (CARD_BEFORE, 1)
    assert unfolding is not None
    assert unfolding.asked is not None
    assert shown.national is not None


def test_the_desk_has_two_cases_and_a_card_for_a_second_reader(stage: Stage, now: datetime) -> None:
    slug = set_the_desk(stage, now)
    with stage.database.reading() as session:
        assert [case.sender for case in inbox(session, 1, is_open=True).items] == [None, None]
        card = desk_card(session, slug)
    assert (card.published, card.asked, card.asker) == (1, 2, "Esra")
    checked = check_text(stage.library, slug, card.newest.source, None, amsterdam_day(now))
    assert checked.faults == ()


def test_a_session_with_stellingen_stands_planned(stage: Stage, now: datetime) -> None:
    code = plan_workshop(stage, now)
    with stage.database.reading() as session:
        gerda = visitor_by_email(session, "gerda@" + DEMO_DOMAIN, stage.counter.keys)
        team = session.execute(
            select(col(Team.id)).where(col(Team.name) == "Team Noord")
        ).scalar_one()
        lines = team_sessions(session, user_id=gerda.id, team_id=team).lines.items
    assert (code, "Ruimte in de regels") in [(line.code, line.title) for line in lines]
