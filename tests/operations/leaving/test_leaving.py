"""A gemeente leaves, with answers waiting and a session open: hers goes, what was counted stays."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kopkrakers.accounts.models import (
    GEMEENTE,
    MEMBERSHIP,
    TEAM,
    USER,
    USER_ROLE,
    Status,
)
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.service import take_back_everything
from kopkrakers.app import create_app
from kopkrakers.ballots.boxes import BOX, ENVELOPE
from kopkrakers.base.clock import utc_now
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.counter.totals import total_faults
from kopkrakers.intervisie.session.store import LIVE_SESSION, PARTICIPANT, REASON
from kopkrakers.operations.leaving.exporting import everything_of
from kopkrakers.operations.leaving.removing import RemovalCounts, remove_gemeente
from kopkrakers.tallies.models import TALLY
from tests.support.attacks import Attacker
from tests.support.polling import TURN_KEYS, Polling
from tests.support.running import Shell
from tests.support.sessions.scene import make_scene
from tests.support.world import ROW_KEYS, World, browser_of


def take_back_all(session: Any, user_id: int) -> None:
    take_back_everything(session, Voter(user_id, TURN_KEYS))


def leave(polling: Polling, gemeente_id: int) -> RemovalCounts:
    """Zaanstad or Almere goes, as the command lets it."""
    with polling.database.transaction() as session:
        return remove_gemeente(
            session, gemeente_id, steps=[take_back_all], row_keys=ROW_KEYS, now=polling.now
        )


def test_waiting_answers_go_unopened_and_are_never_counted(attacker: Attacker) -> None:
    polling = attacker.polling
    leavers = polling.cast_all("aaaaaaabbbbb")
    polling.cast_all("aaaaaaabbbbb", others=True)
    assert leave(polling, polling.gemeente).people == len(polling.people)
    hers = [polling.pseudonym(user_id) for user_id in leavers]
    assert not attacker.rows(ENVELOPE, ENVELOPE.c.voter.in_(hers))
    attacker.tick(2)
    assert polling.totals(polling.gemeente) == {}
    assert sum(polling.totals(polling.other_gemeente).values()) == 12
    assert attacker.refused() == 0


def test_what_was_counted_stays_and_no_total_differs_by_her(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all("aaaaaaabbbbb")
    polling.cast_all("aaaaaaabbbbb", others=True)
    attacker.tick(2)
    before = attacker.rows(TALLY)
    assert before
    leave(polling, polling.gemeente)
    assert attacker.rows(TALLY) == before
    attacker.tick(2)
    assert attacker.rows(TALLY) == before
    with polling.database.reading() as session:
        assert total_faults(polling.counter, session) == {}


def test_who_comes_back_to_her_finds_the_same_turn_used(attacker: Attacker) -> None:
    polling = attacker.polling
    (voter, *_) = polling.cast_all("aaaaaaabbbbb")
    attacker.tick(2)
    leave(polling, polling.gemeente)
    row = attacker.rows(USER, USER.c.id == voter)[0]
    assert (row.status, row.email, row.name) == (Status.REMOVED, None, None)
    assert polling.turn(voter).value == "counted"


def test_nothing_of_anybody_there_is_left_and_the_others_keep_all(
    app: Flask, world: World, database: Database, settings: Settings, clock: Any
) -> None:
    farid = browser_of(app, world.farid)
    chris = browser_of(app, world.chris)
    assert farid.get("/beheer").status_code == 200
    with database.transaction() as session:
        removed = remove_gemeente(
            session, world.zaanstad, steps=[], row_keys=ROW_KEYS, now=utc_now()
        )
    assert (removed.people, removed.teams) == (5, 2)
    with database.reading() as session:
        left = select(USER.c.email, USER.c.name).where(USER.c.gemeente_id == world.zaanstad)
        assert set(session.execute(left)) == {(None, None)}
        for of in (MEMBERSHIP, USER_ROLE):
            ids = set(session.execute(select(of.c.user_id)).scalars())
            assert ids == {world.chris.id}
        assert set(session.execute(select(TEAM.c.gemeente_id)).scalars()) == {world.almere}
    assert chris.get("/account").status_code == 200
    # a server that did not hear of it remembers who is in for half a minute
    clock.move(seconds=31)
    for elsewhere in (app, create_app(settings, clock=clock)):
        assert with_cookies_of(elsewhere, farid).get("/beheer").status_code == 302
        assert with_cookies_of(elsewhere, chris).get("/account").status_code == 200


def with_cookies_of(server: Flask, browser: FlaskClient) -> FlaskClient:
    """The same browser at another server."""
    client = server.test_client()
    cookie = browser.get_cookie("kopkrakers")
    assert cookie is not None
    client.set_cookie("kopkrakers", cookie.value)
    return client


def test_an_open_session_is_called_off_and_the_counter_destroys_all_of_it(
    tmp_path: Path, settings: Settings, database: Database, world: World, clock: Any
) -> None:
    scene = make_scene(settings, database, world, clock)
    scene.open()
    scene.join(6)
    scene.hold("aaabbb")
    keys = len(list(scene.counter.folder.folder.glob("*.key")))
    with database.transaction() as session:
        removed = remove_gemeente(
            session, world.zaanstad, steps=[], row_keys=ROW_KEYS, now=scene.now
        )
    assert (removed.sessions, removed.teams) == (1, 2)
    scene.quick()
    with database.reading() as session:
        for of in (PARTICIPANT, REASON):
            assert session.execute(select(of)).first() is None
        assert session.execute(select(BOX).where(BOX.c.kind == "session")).first() is None
        (live_session,) = session.execute(select(LIVE_SESSION)).all()
        assert (live_session.state, live_session.cleared) == ("cancelled", True)
        (name,) = session.execute(
            select(TEAM.c.name).where(TEAM.c.gemeente_id == world.zaanstad)
        ).scalars()
        assert name == f"opgeheven {world.team_noord}"
    assert len(list(scene.counter.folder.folder.glob("*.key"))) == keys - 1


def test_an_altered_account_stops_it_and_nothing_is_half_done(
    database: Database, world: World, shell: Shell
) -> None:
    with database.transaction() as session:
        session.execute(update(USER).where(USER.c.id == world.bram.id).values(name="Mallory"))
    refused = shell("gemeente", "remove", "Zaanstad", "--yes")
    assert refused.exit_code == 1
    assert f"Account {world.bram.id} is buiten kopkrakers om veranderd" in refused.stderr
    with database.reading() as session:
        anna = session.execute(select(USER).where(USER.c.id == world.anna.id)).one()
    assert (anna.status, anna.name) == (Status.ACTIVE, "Anna")


@pytest.fixture
def shell(settings: Settings, world: World) -> Shell:
    return Shell(settings)


def test_the_file_to_take_along_is_for_its_owner_and_never_over_another(
    shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "zaanstad.json"
    done = shell("gemeente", "export", "zaanstad", str(file))
    assert done.exit_code == 0, done.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = json.loads(file.read_text())
    assert kept["gemeente"] == "Zaanstad"
    assert {person["naam"] for person in kept["mensen"]} == {
        "Anna", "Bram", "Dewi", "Farid", "Gerda",
    }  # fmt: skip
    assert [team["naam"] for team in kept["teams"]] == ["Team Noord", "Team Zuid"]
    assert "chris" not in file.read_text().lower()
    again = shell("gemeente", "export", "Zaanstad", str(file))
    assert again.exit_code == 2 and "kan niet worden geschreven" in again.stderr


def test_the_file_holds_figures_as_pages_show_them_of_rounds_that_are_over(
    attacker: Attacker,
) -> None:
    polling = attacker.polling
    polling.cast_all("aaaaaaaaaaaaaaaaaabbb")
    polling.cast_all("aaaaaaabbbbb", others=True)
    attacker.tick(2)

    def figures(gemeente_id: int) -> Any:
        with polling.database.reading() as session:
            kept = everything_of(session, gemeente_id, ROW_KEYS, polling.now)
        return [round_ | {"dilemma": ""} for round_ in kept["uitslagen"]]

    assert figures(polling.gemeente) == []
    attacker.change(EDITION, settled=True)
    (top,) = figures(polling.gemeente)
    assert (top["meest_gekozen"], top["aandeel"]) == ("a", "ruim 80%")
    assert "mensen" not in json.dumps(top)
    (other,) = figures(polling.other_gemeente)
    assert other["mensen"] == 12 and other["opties"]["a"]["mensen"] == 7


def test_nothing_goes_before_one_is_sure(shell: Shell, database: Database, world: World) -> None:
    asked = shell("gemeente", "remove", "Zaanstad")
    assert asked.exit_code == 1 and "--yes" in asked.stderr
    with database.reading() as session:
        assert session.execute(select(USER.c.status)).scalars().first() == Status.ACTIVE


def test_a_gemeente_that_left_is_nowhere_to_be_named_and_can_come_back_as_she_was(
    shell: Shell, database: Database, world: World
) -> None:
    gone = json.loads(shell("gemeente", "remove", "Zaanstad", "--yes", "--json").stdout)
    assert (gone["gemeente"], gone["mensen"]) == ("Zaanstad", 5)
    listed = json.loads(shell("gemeente", "list", "--json").stdout)
    assert [line["gemeente"] for line in listed] == ["Almere"]
    for words in (
        ("gemeente", "remove", "Zaanstad", "--yes"),
        ("team", "add", "Zaanstad", "Nieuw"),
        ("regio", "add", "Streek", "Zaanstad", "Almere"),
        ("invite", "Zaanstad", "--name", "A", "--email", "a@z.nl", "--role", "beheerder"),
    ):
        assert "Er is geen gemeente Zaanstad" in shell(*words).stderr
    assert shell("gemeente", "hernoem", "Almere", "Zaanstad").exit_code == 1
    assert shell("gemeente", "add", "zaanstad").exit_code == 0
    with database.reading() as session:
        row = session.execute(select(GEMEENTE).where(GEMEENTE.c.id == world.zaanstad)).one()
    assert (row.name, row.left_on) == ("zaanstad", None)
