"""A second step that a gemeente asks of a role: from tomorrow on, and of nobody else."""

import re
from base64 import b32decode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from kopkrakers.accounts.models import BROWSER_SESSION, SECOND_STEP_RULE, USER, Role
from kopkrakers.accounts.second_step.keeping import keep_secret
from kopkrakers.accounts.second_step.requiring import ask_of, people_without
from kopkrakers.accounts.second_step.totp import STEP_SECONDS, code_at
from kopkrakers.accounts.trail.models import BEHEER_ACTION
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from tests.support.clock import StoppedClock
from tests.support.running import Shell
from tests.support.signing_in import PASSWORD, csrf_of, fill_in, sign_in
from tests.support.world import ROW_KEYS, World, browser_of

OWN, ASK = "/account/tweede-stap", "/beheer/tweede-stap"
SECRET_OF_APP = b"12345678901234567890"


@dataclass(frozen=True)
class Stage:
    """Zaanstad asks a second step of begeleiders; Gerda is one and has none."""

    app: Flask
    gerda: FlaskClient
    database: Database
    world: World
    clock: StoppedClock

    def sign_in(self) -> TestResponse:
        return sign_in(self.gerda, "gerda@voorbeeld.nl")

    def set_up(self) -> TestResponse:
        """Set up an app as somebody at the page does."""
        page = fill_in(self.gerda, OWN)
        letters = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)
        assert letters is not None
        secret = b32decode(letters[1].replace(" ", ""))
        code = code_at(secret, int(self.clock().timestamp()) // STEP_SECONDS)
        sent = {"csrf_token": csrf_of(page), "code": code}
        return self.gerda.post(f"{OWN}/klopt", data=sent)


@pytest.fixture
def stage(
    app: Flask, client: FlaskClient, database: Database, with_passwords: World, clock: StoppedClock
) -> Iterator[Stage]:
    with database.transaction() as session:
        yesterday = clock().date() - timedelta(days=1)
        ask_of(session, with_passwords.zaanstad, [Role.BEGELEIDER], today=yesterday)
    yield Stage(app, client, database, with_passwords, clock)


@pytest.mark.parametrize("path", ["/", "/account", "/archief", "/team/1"])
def test_whoever_has_none_is_led_to_it_from_every_page(stage: Stage, path: str) -> None:
    stage.sign_in()
    led = stage.gerda.get(path)
    assert (led.status_code, led.location) == (303, OWN)


def test_nothing_is_done_before_it_is_set_up(stage: Stage) -> None:
    stage.sign_in()
    token = csrf_of(stage.gerda.get(OWN))
    for path in ("/account/overal-uitloggen", "/account/wachtwoord", "/account/verwijderen"):
        assert stage.gerda.post(path, data={"csrf_token": token}).location == OWN
    assert stage.gerda.post("/uitloggen", data={"csrf_token": token}).status_code == 303


def test_the_page_says_why_and_leads_on_once_it_is_set_up(stage: Stage) -> None:
    stage.sign_in()
    asked = stage.gerda.get(OWN)
    assert "Zet hem eerst aan, dan ga je verder" in asked.text and "/privacy" in asked.text
    shown = stage.set_up()
    assert 'href="/">Ik heb ze bewaard' in shown.text
    assert stage.gerda.get("/account").status_code == 200


def test_public_pages_stay_open(stage: Stage) -> None:
    stage.sign_in()
    assert [stage.gerda.get(path).status_code for path in ("/privacy", "/zo-tellen-we")] == [
        200,
        200,
    ]


def test_nobody_is_led_away_today(stage: Stage) -> None:
    with stage.database.transaction() as session:
        ask_of(session, stage.world.zaanstad, [], today=stage.clock().date())
        ask_of(session, stage.world.zaanstad, [Role.BEGELEIDER], today=stage.clock().date())
    stage.sign_in()
    assert stage.gerda.get("/account").status_code == 200
    assert "vanaf 24 november 2026" in stage.gerda.get(OWN).text
    stage.clock.move(days=1)
    assert stage.gerda.get("/account").location == OWN


def test_another_role_another_gemeente_and_a_work_account_are_not_asked(stage: Stage) -> None:
    for address in ("anna@voorbeeld.nl", "chris@voorbeeld.nl", "farid@voorbeeld.nl"):
        browser = stage.app.test_client()
        sign_in(browser, address)
        assert browser.get("/account").status_code == 200, address
    stage.sign_in()
    by_provider = update(BROWSER_SESSION).values(checked=stage.clock().date())
    with stage.database.transaction() as session:
        session.execute(by_provider)
    assert stage.gerda.get("/account").status_code == 200


def test_whoever_has_no_password_is_not_asked(stage: Stage) -> None:
    """As in the demo, where people come in without one."""
    with stage.database.transaction() as session:
        lacking = people_without(session, stage.world.zaanstad)
    assert lacking == {Role.BEGELEIDER: 1, Role.BEHEERDER: 1, Role.ONDERZOEKER: 1}
    from kopkrakers.accounts.chain.changes import changing
    from kopkrakers.accounts.models import Change

    gerda = stage.world.gerda.id
    with (
        stage.database.transaction() as session,
        changing(session, ROW_KEYS, gerda, Change.PASSWORD),
    ):
        session.execute(update(USER).where(USER.c.id == gerda).values(password_hash=None))
    browser = browser_of(stage.app, stage.world.gerda)
    assert browser.get("/account").status_code == 200


def test_with_one_somebody_is_asked_the_code_and_cannot_turn_it_off(stage: Stage) -> None:
    with stage.database.transaction() as session:
        keep_secret(session, stage.world.gerda.id, SECRET_OF_APP, ROW_KEYS)
    assert stage.sign_in().location == "/inloggen/tweede-stap"
    code = code_at(SECRET_OF_APP, int(stage.clock().timestamp()) // STEP_SECONDS)
    fill_in(stage.gerda, "/inloggen/tweede-stap", code=code)
    page = stage.gerda.get(OWN)
    assert "Zet de tweede stap uit" not in page.text
    refused = stage.gerda.post(f"{OWN}/weg", data={"csrf_token": csrf_of(page)})
    assert refused.status_code == 403 and "Je kunt hem niet uitzetten" in refused.text


def rules(database: Database) -> set[tuple[int, str, date]]:
    with database.reading() as session:
        return {tuple(row) for row in session.execute(select(SECOND_STEP_RULE))}


def test_a_beheerder_asks_it_of_a_role_and_that_stands_in_the_trail(stage: Stage) -> None:
    farid = browser_of(stage.app, stage.world.farid)
    page = farid.get(ASK)
    assert "Eén persoon heeft hem nog niet" in page.text
    sent = {"csrf_token": csrf_of(page), "rollen": ["beheerder", "begeleider"]}
    assert farid.post(ASK, data=sent).status_code == 303
    today = stage.clock().date()
    zaanstad = stage.world.zaanstad
    assert rules(stage.database) == {
        (zaanstad, "begeleider", today),
        (zaanstad, "beheerder", today + timedelta(days=1)),
    }
    assert "Geldt vanaf 24 november 2026" in farid.get(ASK).text
    with stage.database.reading() as session:
        noted = session.execute(select(BEHEER_ACTION.c.what, BEHEER_ACTION.c.detail)).all()
    assert [tuple(row) for row in noted] == [("second_step_roles", "begeleider, beheerder")]
    assert "van wie we een tweede stap vragen" in farid.get("/beheer/handelingen").text
    farid.post(ASK, data={"csrf_token": csrf_of(farid.get(ASK))})
    assert rules(stage.database) == set()


@pytest.mark.parametrize("role", ["klantmanager", "koning", "<b>"])
def test_a_role_of_which_it_cannot_be_asked_is_refused(stage: Stage, role: str) -> None:
    before = rules(stage.database)
    farid = browser_of(stage.app, stage.world.farid)
    sent = {"csrf_token": csrf_of(farid.get(ASK)), "rollen": [role]}
    assert farid.post(ASK, data=sent).status_code == 422
    assert rules(stage.database) == before


def test_asking_it_needs_the_password_again(stage: Stage) -> None:
    farid = browser_of(stage.app, stage.world.farid)
    token = csrf_of(farid.get(ASK))
    stage.clock.move(minutes=11)
    asked = farid.post(ASK, data={"csrf_token": token, "rollen": "beheerder"})
    assert asked.status_code == 403 and 'value="beheerder"' in asked.text
    passed = {"csrf_token": csrf_of(asked), "rollen": "beheerder", "huidig": PASSWORD}
    assert farid.post(ASK, data=passed).status_code == 303


def test_the_operator_asks_it_too(settings: Settings, stage: Stage) -> None:
    shell = Shell(settings)
    said = shell("second-step", "require", "Zaanstad", "--role", "beheerder")
    assert said.exit_code == 0
    assert said.stdout == (
        "Zaanstad vraagt een tweede stap van: beheerder.\nbeheerder: 1 zonder tweede stap.\n"
    )
    assert {role for _, role, _ in rules(stage.database)} == {"beheerder"}
    assert shell("second-step", "require", "Zaanstad").exit_code == 2
    assert shell("second-step", "require", "Zaanstad", "--nobody").exit_code == 0
    assert rules(stage.database) == set()
