"""The trail: who did what, on which day; for whom it may be, in a chain, a year, never a vote."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.trail import chain
from kopkrakers.accounts.trail.chain import KEPT_DAYS, TrailEntry, broken_at, forget_old, write
from kopkrakers.accounts.trail.models import BEHEER_ACTION, TRAIL_START, Deed
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Keys
from tests.support.clock import StoppedClock
from tests.support.pages import Site, give
from tests.support.signing_in import csrf_of, fill_in
from tests.support.world import ROW_KEYS, World, browser_of

TODAY = date(2026, 11, 23)
BEHEER = "/beheer/handelingen"
OWN = "/account/handelingen"


def actions(database: Database) -> list[Any]:
    with database.reading() as session:
        return list(session.execute(select(BEHEER_ACTION).order_by(BEHEER_ACTION.c.number)))


def add(database: Database, how_many: int, day: date = TODAY) -> None:
    """Actions of the operator, of one day."""
    with database.transaction() as session:
        for number in range(how_many):
            write(session, ROW_KEYS, TrailEntry(Deed.RESTORED, None, detail=str(number)), day)


def broken(database: Database, keys: Keys = ROW_KEYS) -> int | None:
    with database.reading() as session:
        return broken_at(session, keys)


def test_every_button_of_beheer_leaves_who_did_what_to_whom(
    farid: FlaskClient, world: World, database: Database
) -> None:
    person = f"/beheer/mensen/{world.anna.id}"
    fill_in(farid, person, f"{person}/teams", teams=[world.team_noord])
    fill_in(farid, person, f"{person}/rollen", rollen=[Role.KLANTMANAGER, Role.BEGELEIDER])
    fill_in(farid, person, f"{person}/stilzetten")
    fill_in(farid, person, f"{person}/aanzetten")
    fill_in(farid, person, f"{person}/nieuw-wachtwoord")
    invited: dict[str, Any] = {
        "naam": "Nova",
        "adres": "nova@z.nl",
        "rollen": ["klantmanager"],
        "wijze": "papier",
    }
    fill_in(farid, "/beheer/uitnodigen", **invited)
    fill_in(farid, "/beheer", "/beheer/uitnodigingen/2/intrekken")
    fill_in(farid, "/beheer", "/beheer/teams", naam="Team West")
    team = f"/beheer/teams/{world.team_noord}"
    fill_in(farid, team, naam="Team Oost")
    fill_in(farid, team, f"{team}/ritme", ritme="weekly")
    fill_in(farid, f"{person}/verwijderen")
    found = [(row.what, row.person_id, row.detail) for row in actions(database)]
    anna = world.anna.id
    assert found == [
        ("teams", anna, "Team Noord"),
        ("roles", anna, "klantmanager, begeleider"),
        ("blocked", anna, ""),
        ("unblocked", anna, ""),
        ("password", anna, ""),
        ("invited", None, "klantmanager"),
        ("withdrawn", None, ""),
        ("team_made", None, "Team West"),
        ("team_renamed", None, "Team Oost"),
        ("rhythm", None, "Team Oost"),
        ("removed", anna, ""),
    ]
    page = farid.get(BEHEER).text
    assert "iemand die weg is" in page and "Team West" in page
    assert "nova" not in page.lower()


def test_what_was_refused_leaves_nothing(
    farid: FlaskClient, world: World, database: Database
) -> None:
    person = f"/beheer/mensen/{world.anna.id}"
    assert fill_in(farid, person, f"{person}/rollen", rollen=["koning"]).status_code == 422
    assert fill_in(farid, "/beheer", "/beheer/teams", naam="Team Noord").status_code == 422
    other = f"/beheer/mensen/{world.chris.id}/stilzetten"
    assert fill_in(farid, "/beheer", other).status_code == 404
    assert actions(database) == []


def test_the_person_reads_what_was_done_to_them_and_nobody_else(
    app: Flask, farid: FlaskClient, world: World
) -> None:
    person = f"/beheer/mensen/{world.anna.id}"
    fill_in(farid, person, f"{person}/teams", teams=[world.team_noord])
    anna, bram, chris = (browser_of(app, who) for who in (world.anna, world.bram, world.chris))
    assert "Farid" in anna.get(OWN).text and "veranderde de teams van" in anna.get(OWN).text
    for other in (bram, chris):
        assert "Farid" not in other.get(OWN).text
        assert other.get(BEHEER).status_code == 403
    assert OWN in anna.get("/account").text
    assert BEHEER in farid.get("/beheer").text


def test_another_gemeente_sees_nothing_of_it(
    app: Flask, farid: FlaskClient, world: World, database: Database
) -> None:
    with database.transaction() as session:
        write(
            session, ROW_KEYS, TrailEntry(Deed.TEAM_MADE, world.almere, detail="Team Geheim"), TODAY
        )
        write(session, ROW_KEYS, TrailEntry(Deed.RESTORED, None), TODAY)
        own = TrailEntry(Deed.TEAM_MADE, world.zaanstad, detail="Team Zuid")
        write(session, ROW_KEYS, own, TODAY)
    page = farid.get(BEHEER).text
    assert "maakte een team: Team Zuid" in page
    assert "Team Geheim" not in page and "zette een back-up terug" in page


def test_answering_and_signing_in_leave_nothing_in_it(site: Site, world: World) -> None:
    anna = site.browser(world.anna)
    assert give(site, anna).status_code in (200, 303)
    anna.get("/archief")
    anna.post("/uitloggen", data={"csrf_token": csrf_of(anna.get("/account"))})
    assert actions(site.state.database) == []


def test_no_column_can_hold_a_choice_a_card_or_a_moment() -> None:
    ids = {"gemeente_id", "actor_id", "person_id"}
    others = {"number", "day", "what", "detail", "previous", "mac"}
    assert set(BEHEER_ACTION.c.keys()) == ids | others
    words = " ".join(deed.value for deed in Deed)
    for word in ("answer", "vote", "choice", "card", "dilemma", "signed_in"):
        assert word not in words


def change_detail(session: Any) -> None:
    its_row = update(BEHEER_ACTION).where(BEHEER_ACTION.c.number == 2)
    session.execute(its_row.values(detail="anders"))


def change_actor(session: Any) -> None:
    session.execute(update(BEHEER_ACTION).where(BEHEER_ACTION.c.number == 2).values(person_id=1))


def take_one_out(session: Any) -> None:
    session.execute(delete(BEHEER_ACTION).where(BEHEER_ACTION.c.number == 2))


def take_the_first(session: Any) -> None:
    session.execute(delete(BEHEER_ACTION).where(BEHEER_ACTION.c.number == 1))


def close_the_gap(session: Any) -> None:
    take_one_out(session)
    session.execute(update(BEHEER_ACTION).where(BEHEER_ACTION.c.number == 3).values(number=2))


def invent_a_start(session: Any) -> None:
    take_the_first(session)
    session.execute(TRAIL_START.insert(), {"id": 1, "number": 1, "last": b"x", "mac": b"y" * 32})


@pytest.mark.parametrize(
    "attack",
    [change_detail, change_actor, take_one_out, take_the_first, close_the_gap, invent_a_start],
)
def test_whoever_writes_to_the_database_is_seen(
    database: Database, world: World, attack: Any
) -> None:
    add(database, 4)
    assert broken(database) is None
    with database.transaction() as session:
        attack(session)
    assert broken(database) in (1, 2)


def test_after_a_year_it_is_forgotten_from_the_first_on_and_still_holds(
    database: Database,
) -> None:
    add(database, 2)
    add(database, 1, TODAY + timedelta(days=1))
    with database.transaction() as session:
        assert forget_old(session, ROW_KEYS, TODAY + timedelta(days=KEPT_DAYS)) == 0
        assert forget_old(session, ROW_KEYS, TODAY + timedelta(days=KEPT_DAYS + 1)) == 2
    assert [row.number for row in actions(database)] == [3]
    assert broken(database) is None
    with database.transaction() as session:
        assert forget_old(session, ROW_KEYS, TODAY + timedelta(days=800)) == 1
    add(database, 1)
    assert [row.number for row in actions(database)] == [4]
    assert broken(database) is None


def test_a_new_secret_gives_it_new_macs_and_hides_no_change(database: Database) -> None:
    add(database, 3)
    with database.transaction() as session:
        forget_old(session, ROW_KEYS, TODAY)
        change_detail(session)
    new = Keys(b"n" * 32, ROW_KEYS.all)
    with database.transaction() as session:
        chain.sign_trail_anew(session, new, chain.trail_of_former_key(session, new))
    assert broken(database, Keys(new.current)) == 2
    with database.transaction() as session:
        session.execute(delete(BEHEER_ACTION))
    add(database, 3)
    with database.transaction() as session:
        chain.sign_trail_anew(session, new, chain.trail_of_former_key(session, new))
    assert broken(database, Keys(new.current)) is None
    assert broken(database) == 1


def test_a_long_year_stands_on_pages(farid: FlaskClient, database: Database) -> None:
    add(database, 505)
    first, last = farid.get(BEHEER).text, farid.get(f"{BEHEER}?pagina=99").text
    assert "1 tot en met 50 van 505 handelingen" in first
    assert "501 tot en met 505 van 505 handelingen" in last
    said = [page.count("zette een back-up terug") for page in (first, last)]
    assert said == [50, 5]


def test_the_page_says_so_when_nothing_happened(farid: FlaskClient, clock: StoppedClock) -> None:
    assert "Er is nog niets gebeurd." in farid.get(BEHEER).text
