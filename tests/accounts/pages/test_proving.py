"""A fresh sign-in before removing people, changing roles and leaving; nothing sent is lost."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from kopkrakers.accounts.models import USER_ROLE, Role, Status
from kopkrakers.base.db import Database
from tests.support.clock import StoppedClock
from tests.support.signing_in import PASSWORD, csrf_of, fill_in, sign_in, user
from tests.support.world import World

ASKED = "Typ je wachtwoord nog een keer"


def a_while_after_signing_in(app: Flask, clock: StoppedClock, name: str) -> FlaskClient:
    browser = app.test_client()
    sign_in(browser, f"{name}@voorbeeld.nl")
    clock.move(minutes=10)
    return browser


def send_again(browser: FlaskClient, page: TestResponse, to: str, password: str) -> TestResponse:
    """Fill in the password on the page that asks for it, and send all that stands in it."""
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
    sent: dict[str, list[str]] = {}
    for name, value in hidden:
        sent.setdefault(name, []).append(value)
    return browser.post(to, data={**sent, "csrf_token": csrf_of(page), "huidig": password})


def roles_of(database: Database, user_id: int) -> set[str]:
    statement = select(USER_ROLE.c.role).where(USER_ROLE.c.user_id == user_id)
    with database.reading() as session:
        return set(session.execute(statement).scalars())


def test_shortly_after_signing_in_nothing_is_asked(
    app: Flask, with_passwords: World, database: Database
) -> None:
    farid, anna = app.test_client(), with_passwords.anna.id
    sign_in(farid, "farid@voorbeeld.nl")
    person = f"/beheer/mensen/{anna}"
    answer = fill_in(farid, person, f"{person}/rollen", rollen=[Role.LEIDINGGEVENDE])
    assert answer.status_code == 303
    assert roles_of(database, anna) == {Role.LEIDINGGEVENDE}


def test_roles_are_given_after_the_password_and_all_ticks_come_along(
    app: Flask, with_passwords: World, database: Database, clock: StoppedClock
) -> None:
    farid, anna = a_while_after_signing_in(app, clock, "farid"), with_passwords.anna.id
    person, to = f"/beheer/mensen/{anna}", f"/beheer/mensen/{anna}/rollen"
    chosen = [Role.LEIDINGGEVENDE, Role.BEGELEIDER]
    page = fill_in(farid, person, to, rollen=chosen)
    assert page.status_code == 403 and ASKED in page.text
    assert roles_of(database, anna) == {Role.KLANTMANAGER}
    wrong = send_again(farid, page, to, "niet het goede")
    assert wrong.status_code == 422 and "niet je huidige wachtwoord" in wrong.text
    assert roles_of(database, anna) == {Role.KLANTMANAGER}
    assert send_again(farid, wrong, to, PASSWORD).status_code == 303
    assert roles_of(database, anna) == set(chosen)


def test_nobody_is_removed_from_a_browser_that_was_left_open(
    app: Flask, with_passwords: World, database: Database, clock: StoppedClock
) -> None:
    farid, anna = a_while_after_signing_in(app, clock, "farid"), with_passwords.anna.id
    to = f"/beheer/mensen/{anna}/verwijderen"
    page = fill_in(farid, to)
    assert page.status_code == 403 and user(database, anna).status == Status.ACTIVE
    assert send_again(farid, page, to, PASSWORD).location == "/beheer"
    assert user(database, anna).status == Status.REMOVED


def test_leaving_asks_the_password(
    app: Flask, with_passwords: World, database: Database, clock: StoppedClock
) -> None:
    anna, to = a_while_after_signing_in(app, clock, "anna"), "/account/verwijderen"
    page = fill_in(anna, to)
    assert page.status_code == 403
    assert user(database, with_passwords.anna.id).status == Status.ACTIVE
    empty = send_again(anna, page, to, "")
    assert empty.status_code == 422 and "Vul je wachtwoord in." in empty.text
    assert send_again(anna, empty, to, PASSWORD).location == "/inloggen"
    assert user(database, with_passwords.anna.id).status == Status.REMOVED


def test_the_page_that_asks_repeats_no_password(
    app: Flask, with_passwords: World, clock: StoppedClock
) -> None:
    anna = a_while_after_signing_in(app, clock, "anna")
    page = fill_in(anna, "/account/verwijderen")
    assert "geheim-gok" not in send_again(anna, page, "/account/verwijderen", "geheim-gok").text


def test_guessing_here_stops_after_ten_together_with_the_page_for_a_new_password(
    app: Flask, with_passwords: World, clock: StoppedClock
) -> None:
    anna, to = a_while_after_signing_in(app, clock, "anna"), "/account/verwijderen"
    for _ in range(10):
        page = fill_in(anna, to, huidig="gok")
    refused = send_again(anna, page, to, PASSWORD)
    assert refused.status_code == 429 and "te vaak achter elkaar" in refused.text


def test_a_stale_form_is_not_saved_by_the_password(
    app: Flask, with_passwords: World, database: Database, clock: StoppedClock
) -> None:
    anna = a_while_after_signing_in(app, clock, "anna")
    answer = anna.post("/account/verwijderen", data={"csrf_token": "oud", "huidig": PASSWORD})
    assert answer.status_code == 403
    assert user(database, with_passwords.anna.id).status == Status.ACTIVE


NEW_BEHEERDER: dict[str, Any] = {
    "naam": "Nieuw",
    "adres": "nieuw@elders.example",
    "rollen": [Role.KLANTMANAGER, Role.BEHEERDER],
    "wijze": "papier",
}


def test_an_invitation_to_a_strong_role_asks_the_password_and_keeps_what_was_typed(
    app: Flask, with_passwords: World, clock: StoppedClock
) -> None:
    farid, to = a_while_after_signing_in(app, clock, "farid"), "/beheer/uitnodigen"
    page = fill_in(farid, to, **NEW_BEHEERDER)
    assert page.status_code == 403 and ASKED in page.text
    assert "/uitnodiging/" not in page.text
    paper = send_again(farid, page, to, PASSWORD)
    assert paper.status_code == 200 and "/uitnodiging/" in paper.text
    assert "nieuw@elders.example" in paper.text


def test_an_invitation_to_take_part_asks_no_password(
    app: Flask, with_passwords: World, clock: StoppedClock
) -> None:
    farid = a_while_after_signing_in(app, clock, "farid")
    answer = fill_in(farid, "/beheer/uitnodigen", **NEW_BEHEERDER | {"rollen": [Role.KLANTMANAGER]})
    assert answer.status_code == 200 and "/uitnodiging/" in answer.text


def test_nobody_prints_a_way_into_an_account_from_a_browser_that_was_left_open(
    app: Flask, with_passwords: World, clock: StoppedClock
) -> None:
    farid, anna = a_while_after_signing_in(app, clock, "farid"), with_passwords.anna.id
    to = f"/beheer/mensen/{anna}/nieuw-wachtwoord"
    page = fill_in(farid, f"/beheer/mensen/{anna}", to)
    assert page.status_code == 403 and "/uitnodiging/" not in page.text
    assert "/uitnodiging/" in send_again(farid, page, to, PASSWORD).text
