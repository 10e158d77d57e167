"""The own account: see what is kept, change the password, leave."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlmodel import Session

from kopkrakers.accounts import service
from kopkrakers.accounts.models import Membership, Status, UserRole
from kopkrakers.base.db import Database
from kopkrakers.base.errors import TooLate
from tests.support.signing_in import OTHER_PASSWORD, PASSWORD, csrf_of, fill_in, sign_in, user
from tests.support.world import ROW_KEYS, World, browser_of


def test_the_account_page_shows_what_is_kept(app: Flask, world: World) -> None:
    page = browser_of(app, world.anna).get("/account").text
    for kept in (
        "Anna",
        "anna@voorbeeld.nl",
        "Zaanstad",
        "klantmanager",
        "Team Noord",
        "Anna, Bram, Gerda",
    ):
        assert kept in page
    assert 'href="/privacy"' in page and "/beheer" not in page


def test_the_beheerder_finds_the_way_to_beheer(app: Flask, world: World) -> None:
    page = browser_of(app, world.farid).get("/account").text
    assert 'href="/beheer"' in page
    # who never votes misses no team, and is told nothing about taking part
    assert "Je zit in geen team" not in page and "aan een dilemma meedeed" not in page


def test_a_new_password_ends_other_sessions_but_not_this_one(
    app: Flask, with_passwords: World
) -> None:
    phone, laptop = app.test_client(), app.test_client()
    sign_in(phone), sign_in(laptop)
    changed = fill_in(laptop, "/account/wachtwoord", huidig=PASSWORD, wachtwoord=OTHER_PASSWORD)
    assert (changed.status_code, changed.location) == (303, "/account")
    assert laptop.get("/account").status_code == 200 and phone.get("/account").status_code == 302
    assert sign_in(app.test_client(), password=OTHER_PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("niet het goede", OTHER_PASSWORD, "Dit is niet je huidige wachtwoord."),
        (PASSWORD, "Kx8#qLp2", "minstens 12 tekens"),
        (PASSWORD, "Anna-Voorbeeld-1", "makkelijk te raden"),
        (PASSWORD, "wachtwoord1234", "makkelijk te raden"),
        ("", OTHER_PASSWORD, "Vul je wachtwoord in."),
    ],
)
def test_a_password_that_cannot_be_comes_back(
    client: FlaskClient, with_passwords: World, old: str, new: str, sentence: str
) -> None:
    sign_in(client)
    answer = fill_in(client, "/account/wachtwoord", huidig=old, wachtwoord=new)
    assert answer.status_code == 422 and sentence in answer.text
    assert new not in answer.text and client.get("/account").status_code == 200


def test_of_two_password_changes_at_once_one_counts(
    database: Database, with_passwords: World
) -> None:
    with database.reading() as session:
        kept = service.prove_password(session, with_passwords.anna.id, PASSWORD)
    with database.transaction() as session:
        service.change_password(
            session, with_passwords.anna.id, kept=kept, new_hash="nieuw", row_keys=ROW_KEYS
        )
    with pytest.raises(TooLate), database.transaction() as session:
        service.change_password(
            session, with_passwords.anna.id, kept=kept, new_hash="ook nieuw", row_keys=ROW_KEYS
        )


def test_guessing_the_old_password_stops_after_ten(
    client: FlaskClient, with_passwords: World
) -> None:
    sign_in(client)
    for _ in range(10):
        fill_in(client, "/account/wachtwoord", huidig="gok", wachtwoord=OTHER_PASSWORD)
    refused = fill_in(client, "/account/wachtwoord", huidig=PASSWORD, wachtwoord=OTHER_PASSWORD)
    assert refused.status_code == 429 and "te vaak achter elkaar" in refused.text
    assert "Je huidige wachtwoord" in refused.text and PASSWORD not in refused.text


def test_leaving_is_asked_twice_and_says_what_goes(
    app: Flask, world: World, database: Database
) -> None:
    anna = browser_of(app, world.anna)
    page = anna.get("/account/verwijderen").text
    assert "enveloppen" in page and "enige beheerder" not in page
    assert user(database, world.anna.id).status == Status.ACTIVE


def test_who_leaves_leaves_only_a_mark(app: Flask, world: World, database: Database) -> None:
    anna, mark = browser_of(app, world.anna), user(database, world.anna.id).address_hmac
    answer = fill_in(anna, "/account/verwijderen")
    assert (answer.status_code, answer.location) == (303, "/inloggen")
    gone = user(database, world.anna.id)
    assert (gone.status, gone.email, gone.name, gone.password_hash) == (
        Status.REMOVED,
        None,
        None,
        None,
    )
    assert gone.address_hmac == mark and not gone.address_proved
    with database.reading() as session:
        for table in (Membership, UserRole):
            mine = select(func.count()).select_from(table).where(table.user_id == world.anna.id)  # type: ignore[arg-type]
            assert session.execute(mine).scalar() == 0
    assert anna.get("/account").status_code == 302


def test_what_others_keep_goes_in_the_same_transaction(world: World, database: Database) -> None:
    told: list[tuple[int, str]] = []

    def tell(session: Session, user_id: int) -> None:
        told.append((user_id, service.own_account(session, user_id).email))

    def fail(_session: Session, _user_id: int) -> None:
        raise TooLate("Niet nu.")

    with pytest.raises(TooLate), database.transaction() as session:
        service.remove_person(session, world.anna.id, (tell, fail), ROW_KEYS)
    assert told == [(world.anna.id, "anna@voorbeeld.nl")]
    with database.reading() as session:
        assert service.own_account(session, world.anna.id).email == "anna@voorbeeld.nl"


def test_the_only_beheerder_is_warned(app: Flask, world: World) -> None:
    assert (
        "enige beheerder van Zaanstad"
        in browser_of(app, world.farid).get("/account/verwijderen").text
    )


@pytest.mark.parametrize(
    "path", ["/account/wachtwoord", "/account/overal-uitloggen", "/account/verwijderen"]
)
def test_a_stale_form_changes_nothing(
    app: Flask, world: World, database: Database, path: str
) -> None:
    anna = browser_of(app, world.anna)
    anna.get("/account")
    answer = anna.post(path, data={"csrf_token": "oud"})
    assert answer.status_code == 403 and "stond te lang open" in answer.text
    assert user(database, world.anna.id).generation == 0 and anna.get("/account").status_code == 200


def test_the_form_token_of_someone_else_does_not_work(
    app: Flask, world: World, database: Database
) -> None:
    bram = csrf_of(browser_of(app, world.bram).get("/account"))
    answer = browser_of(app, world.anna).post("/account/verwijderen", data={"csrf_token": bram})
    assert answer.status_code == 403 and user(database, world.anna.id).status == Status.ACTIVE


PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/131 Mobile Safari/537.36"
)


def with_phone_and_laptop(app: Flask) -> tuple[FlaskClient, FlaskClient]:
    phone, laptop = app.test_client(), app.test_client()
    phone.environ_base["HTTP_USER_AGENT"] = PHONE
    sign_in(phone), sign_in(laptop)
    return phone, laptop


def hash_in(page: str) -> str:
    """The hash in the one button of a page that ends another device."""
    (found,) = re.findall(r'name="toestel"\s+value="([0-9a-f]{64})"', page)
    return str(found)


def test_the_account_page_shows_the_own_devices(app: Flask, with_passwords: World) -> None:
    _, laptop = with_phone_and_laptop(app)
    sign_in(app.test_client(), "bram@voorbeeld.nl")
    page = laptop.get("/account").text
    assert "<strong>Android-telefoon</strong>: gebruikt op 23 november 2026" in page
    assert page.count("dit toestel") == 1 and page.count('name="toestel"') == 1
    assert "Pixel" not in page and "Mozilla" not in page


def test_another_own_device_is_signed_out_at_once(app: Flask, with_passwords: World) -> None:
    phone, laptop = with_phone_and_laptop(app)
    assert phone.get("/account").status_code == 200
    button = hash_in(laptop.get("/account").text)
    answer = fill_in(laptop, "/account", "/account/toestel-uitloggen", toestel=button)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert phone.get("/account").status_code == 302
    assert "Android-telefoon" not in laptop.get("/account").text
    again = fill_in(laptop, "/account", "/account/toestel-uitloggen", toestel=button)
    assert again.status_code == 409 and "was al uitgelogd" in again.text


def test_the_device_of_someone_else_stays_signed_in(app: Flask, with_passwords: World) -> None:
    phone, laptop = with_phone_and_laptop(app)
    button = hash_in(laptop.get("/account").text)
    bram = app.test_client()
    sign_in(bram, "bram@voorbeeld.nl")
    answer = fill_in(bram, "/account", "/account/toestel-uitloggen", toestel=button)
    assert answer.status_code == 409 and phone.get("/account").status_code == 200


@pytest.mark.parametrize("typed", ["", "é", "a" * 64, "\x00"])
def test_a_device_that_is_none_is_refused(app: Flask, with_passwords: World, typed: str) -> None:
    _, laptop = with_phone_and_laptop(app)
    answer = fill_in(laptop, "/account", "/account/toestel-uitloggen", toestel=typed)
    assert answer.status_code == 409 and laptop.get("/account").status_code == 200


def test_this_device_can_be_ended_from_the_list_too(app: Flask, with_passwords: World) -> None:
    phone, laptop = with_phone_and_laptop(app)
    button = hash_in(laptop.get("/account").text)
    answer = fill_in(phone, "/account", "/account/toestel-uitloggen", toestel=button)
    assert answer.location == "/inloggen" and phone.get("/account").status_code == 302
    assert laptop.get("/account").status_code == 200
