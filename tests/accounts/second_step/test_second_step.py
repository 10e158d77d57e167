"""The second step: at signing in, with codes of paper, and taken away."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from kopkrakers.accounts.models import RECOVERY_CODE, SECOND_STEP
from kopkrakers.accounts.second_step.keeping import keep_secret, new_recovery_codes
from kopkrakers.accounts.second_step.totp import STEP_SECONDS, code_at
from kopkrakers.base.db import Database
from tests.support.clock import StoppedClock
from tests.support.signing_in import OTHER_PASSWORD, PASSWORD, csrf_of, fill_in, sign_in
from tests.support.world import ROW_KEYS, World, browser_of

SECRET_OF_APP = b"12345678901234567890"
STEP = "/inloggen/tweede-stap"


@dataclass(frozen=True)
class Stage:
    """Gerda with an app and codes on paper."""

    app: Flask
    browser: FlaskClient
    database: Database
    world: World
    clock: StoppedClock
    codes: list[str]

    def code(self, steps: int = 0) -> str:
        """Return what the app shows, so many steps from now."""
        return code_at(SECRET_OF_APP, int(self.clock().timestamp()) // STEP_SECONDS + steps)

    def type_password(self) -> TestResponse:
        return sign_in(self.browser, "gerda@voorbeeld.nl")

    def type_code(self, code: str) -> TestResponse:
        return fill_in(self.browser, STEP, code=code)

    def is_signed_in(self) -> bool:
        return self.browser.get("/account").status_code == 200


@pytest.fixture
def stage(
    app: Flask, client: FlaskClient, database: Database, with_passwords: World, clock: StoppedClock
) -> Iterator[Stage]:
    with database.transaction() as session:
        keep_secret(session, with_passwords.gerda.id, SECRET_OF_APP, ROW_KEYS)
        codes = new_recovery_codes(session, with_passwords.gerda.id)
    yield Stage(app, client, database, with_passwords, clock, codes)


def test_a_password_alone_opens_nothing(stage: Stage) -> None:
    answer = stage.type_password()
    assert (answer.status_code, answer.location) == (303, STEP)
    assert not stage.is_signed_in()


def test_with_a_code_of_the_app_somebody_is_in(stage: Stage) -> None:
    stage.type_password()
    shown = stage.code()
    answer = stage.type_code(f" {shown[:3]} {shown[3:]} ")
    assert answer.status_code == 303 and stage.is_signed_in()


def test_whoever_has_no_second_step_is_not_asked(stage: Stage) -> None:
    assert sign_in(stage.browser).location == "/"
    assert stage.is_signed_in()


def test_a_code_works_once(stage: Stage) -> None:
    stage.type_password()
    code = stage.code()
    stage.type_code(code)
    other = Stage(
        stage.app, stage.app.test_client(), stage.database, stage.world, stage.clock, stage.codes
    )
    other.type_password()
    answer = other.type_code(code)
    assert answer.status_code == 422 and "al gebruikt" in answer.text
    assert other.type_code(stage.code(1)).status_code == 303


@pytest.mark.parametrize("moment", ["22:59:50", "23:59:50", "11:59:59"])
def test_a_used_code_stays_used_when_a_day_ends(stage: Stage, moment: str) -> None:
    stage.clock.moment = datetime.fromisoformat(f"2026-11-30T{moment}").replace(tzinfo=UTC)
    stage.type_password()
    code = stage.code()
    assert stage.type_code(code).status_code == 303
    stage.clock.moment += timedelta(seconds=20)
    stage.browser.delete_cookie("kopkrakers")
    stage.type_password()
    assert stage.type_code(code).status_code == 422


def test_wrong_codes_are_counted(stage: Stage) -> None:
    stage.type_password()
    for _ in range(5):
        assert stage.type_code("000000").status_code == 422
    assert stage.type_code(stage.code()).status_code == 429
    assert not stage.is_signed_in()


def test_a_code_on_paper_works_once_however_it_is_typed(stage: Stage) -> None:
    stage.type_password()
    typed = stage.codes[3].upper().replace("-", " ")
    assert stage.type_code(typed).status_code == 303 and stage.is_signed_in()
    stage.browser.delete_cookie("kopkrakers")
    stage.type_password()
    assert stage.type_code(stage.codes[3]).status_code == 422


def test_a_code_of_somebody_else_opens_nothing(stage: Stage) -> None:
    with stage.database.transaction() as session:
        theirs = new_recovery_codes(session, stage.world.anna.id)
    stage.type_password()
    assert stage.type_code(theirs[0]).status_code == 422


def test_halfway_lasts_ten_minutes_and_no_longer_than_the_password(stage: Stage) -> None:
    stage.type_password()
    page = stage.browser.get(STEP)
    stage.clock.moment += timedelta(minutes=11)
    sent = {"csrf_token": csrf_of(page), "code": stage.code()}
    assert stage.browser.post(STEP, data=sent).status_code == 409
    stage.type_password()
    gerda = browser_of(stage.app, stage.world.gerda)
    gerda.post("/account/overal-uitloggen", data={"csrf_token": csrf_of(gerda.get("/account"))})
    assert stage.type_code(stage.code()).status_code == 403
    assert not stage.is_signed_in()


def test_nobody_comes_halfway_without_a_password(stage: Stage) -> None:
    assert stage.browser.get(STEP).location == "/inloggen"
    token = csrf_of(stage.browser.get("/inloggen"))
    sent = {"csrf_token": token, "code": stage.code()}
    assert stage.browser.post(STEP, data=sent).status_code == 409


def test_a_link_for_a_new_password_asks_the_code_too(stage: Stage) -> None:
    from kopkrakers.accounts.invitations import replace_password

    with stage.database.transaction() as session:
        token = replace_password(
            session,
            stage.world.zaanstad,
            stage.world.gerda.id,
            now=stage.clock(),
            mailed=True,
            row_keys=ROW_KEYS,
        )
    answer = fill_in(stage.browser, f"/uitnodiging/{token}", wachtwoord=OTHER_PASSWORD)
    assert answer.location == STEP and not stage.is_signed_in()


def test_setting_it_up_shows_codes_once_and_keeps_them_hashed(stage: Stage) -> None:
    sign_in(stage.browser)
    page = fill_in(stage.browser, "/account/tweede-stap")
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)
    assert found is not None and page.status_code == 200
    from base64 import b32decode

    secret = b32decode(found[1].replace(" ", ""))
    token = csrf_of(page)
    wrong = stage.browser.post(
        "/account/tweede-stap/klopt", data={"csrf_token": token, "code": "000000"}
    )
    assert wrong.status_code == 422 and found[1] in wrong.text
    code = code_at(secret, int(stage.clock().timestamp()) // STEP_SECONDS)
    shown = stage.browser.post(
        "/account/tweede-stap/klopt", data={"csrf_token": token, "code": code}
    )
    codes = re.findall(r"<code>([a-z2-7-]{19})</code>", shown.text)
    assert len(set(codes)) == 10 and "no-store" in shown.headers["Cache-Control"]
    with stage.database.reading() as session:
        everything = str(session.execute(select(SECOND_STEP)).all())
        everything += str(session.execute(select(RECOVERY_CODE)).all())
    assert not any(code in everything for code in codes) and str(secret) not in everything
    again = stage.browser.get("/account/tweede-stap").text
    assert "10 codes" in again and codes[0] not in again


@pytest.mark.parametrize("what", ["", "/codes", "/weg"])
def test_changing_it_asks_the_password_once_more(stage: Stage, what: str) -> None:
    gerda = browser_of(stage.app, stage.world.gerda)
    token = csrf_of(gerda.get("/account"))
    stage.clock.moment += timedelta(minutes=11)
    path = f"/account/tweede-stap{what}"
    asked = gerda.post(path, data={"csrf_token": token})
    assert asked.status_code == 403 and "wachtwoord" in asked.text
    passed = gerda.post(path, data={"csrf_token": csrf_of(asked), "huidig": PASSWORD})
    assert passed.status_code in (200, 303)


def test_a_beheerder_takes_it_away_for_the_own_people_alone(stage: Stage) -> None:
    world = stage.world
    farid = browser_of(stage.app, world.farid)
    page = farid.get(f"/beheer/mensen/{world.gerda.id}")
    assert "Haal de tweede stap weg" in page.text
    token = {"csrf_token": csrf_of(page)}
    for other in (world.chris.id, world.farid.id):
        refused = farid.post(f"/beheer/mensen/{other}/tweede-stap-weg", data=token)
        assert refused.status_code in (403, 404)
    done = farid.post(f"/beheer/mensen/{world.gerda.id}/tweede-stap-weg", data=token)
    assert done.status_code == 303
    assert stage.type_password().location == "/" and stage.is_signed_in()


def test_a_second_step_put_there_by_sql_opens_nothing(stage: Stage) -> None:
    moved = text("UPDATE second_step SET user_id = :anna")
    with stage.database.transaction() as session:
        session.execute(text("DELETE FROM recovery_code"))
        session.execute(moved, {"anna": stage.world.anna.id})
    sign_in(stage.browser)
    assert stage.type_code(stage.code()).status_code == 403
    assert not stage.is_signed_in()


def test_it_goes_with_the_account(stage: Stage) -> None:
    gerda = browser_of(stage.app, stage.world.gerda)
    sent = {"csrf_token": csrf_of(gerda.get("/account/verwijderen"))}
    assert gerda.post("/account/verwijderen", data=sent).status_code == 303
    with stage.database.reading() as session:
        assert session.execute(select(SECOND_STEP)).all() == []
        assert session.execute(select(RECOVERY_CODE)).all() == []
