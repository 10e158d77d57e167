"""Sessions: signed, ninety days, ended from afar, and silent on ordinary pages."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from kopkrakers import create_app
from kopkrakers.accounts.models import Status
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from tests.support.clock import StoppedClock
from tests.support.signing_in import fill_in, set_user, sign_in
from tests.support.world import World, browser_of


def test_an_ordinary_page_sets_no_cookie(app: Flask, with_passwords: World) -> None:
    anna = app.test_client()
    signed_in = sign_in(anna)
    assert (
        "Max-Age" in signed_in.headers["Set-Cookie"] or "Expires" in signed_in.headers["Set-Cookie"]
    )
    for page in ("/account", "/account/wachtwoord", "/account"):
        assert "Set-Cookie" not in anna.get(page).headers


def test_signing_in_starts_a_new_session(client: FlaskClient, with_passwords: World) -> None:
    client.get("/inloggen")
    with client.session_transaction() as before:
        before["van vroeger"] = "blijft niet"
        token = before["csrf_token"]
    sign_in(client)
    with client.session_transaction() as first:
        assert "van vroeger" not in first and first["csrf_token"] != token
        kept = first["_id"]
    fill_in(client, "/account", "/uitloggen")
    sign_in(client)
    with client.session_transaction() as second:
        assert second["_id"] != kept and len(kept) == 32


def test_a_session_lasts_ninety_days(app: Flask) -> None:
    assert app.permanent_session_lifetime == timedelta(days=90)


def test_signing_out_everywhere_ends_every_session(
    app: Flask, with_passwords: World, clock: StoppedClock
) -> None:
    phone, laptop = app.test_client(), app.test_client()
    sign_in(phone), sign_in(laptop)
    assert phone.get("/account").status_code == 200
    answer = fill_in(laptop, "/account", "/account/overal-uitloggen")
    assert answer.location == "/inloggen"
    assert "overal uitgelogd" in laptop.get("/inloggen").text
    assert phone.get("/account").location == "/inloggen?volgende=/account"
    assert "Je bent hier uitgelogd." in phone.get("/inloggen").text
    assert sign_in(phone).status_code == 303 and phone.get("/account").status_code == 200


def test_another_process_notices_within_half_a_minute(
    app: Flask, settings: Settings, with_passwords: World, clock: StoppedClock
) -> None:
    other_process = create_app(settings, clock=clock)
    phone, laptop = other_process.test_client(), app.test_client()
    sign_in(phone), sign_in(laptop)
    assert phone.get("/account").status_code == 200
    fill_in(laptop, "/account", "/account/overal-uitloggen")
    clock.move(seconds=29)
    assert phone.get("/account").status_code == 200
    clock.move(seconds=1)
    assert phone.get("/account").status_code == 302


def test_another_process_knows_a_newer_session_at_once(
    app: Flask, settings: Settings, with_passwords: World, clock: StoppedClock
) -> None:
    other_process = create_app(settings, clock=clock)
    old, new = other_process.test_client(), app.test_client()
    sign_in(old), sign_in(new)
    assert old.get("/account").status_code == 200
    fill_in(new, "/account", "/account/overal-uitloggen")
    sign_in(new)
    cookie = new.get_cookie("kopkrakers")
    assert cookie is not None
    phone = other_process.test_client()
    phone.set_cookie("kopkrakers", cookie.value)
    assert phone.get("/account").status_code == 200


def test_a_blocked_person_is_out_within_half_a_minute(
    app: Flask, database: Database, world: World, clock: StoppedClock
) -> None:
    anna = browser_of(app, world.anna)
    assert anna.get("/account").status_code == 200
    set_user(database, world.anna.id, status=Status.BLOCKED)
    clock.move(seconds=30)
    assert anna.get("/account").status_code == 302


def test_the_person_is_looked_up_once_in_half_a_minute(
    app: Flask, world: World, clock: StoppedClock
) -> None:
    anna = browser_of(app, world.anna)
    looked_up = []
    engine = app.extensions["kopkrakers"].database.reader
    event.listen(
        engine,
        "before_cursor_execute",
        lambda *a: looked_up.append(a[2]) if "generation" in a[2] else None,
    )
    for _ in range(5):
        anna.get("/account/wachtwoord")
        clock.move(seconds=5)
    assert len(looked_up) == 1
    clock.move(seconds=10)
    anna.get("/account/wachtwoord")
    assert len(looked_up) == 2


def test_the_cookie_tells_nothing_of_device_or_place(
    client: FlaskClient, with_passwords: World
) -> None:
    sign_in(client)
    with client.session_transaction() as kept:
        assert set(kept) == {"_permanent", "visitor", "_user_id", "_fresh", "_id", "csrf_token"}
        assert set(kept["visitor"]) == {
            "id",
            "gemeente_id",
            "gemeente",
            "name",
            "roles",
            "generation",
        }


def test_a_session_of_an_older_form_is_no_session(app: Flask, world: World) -> None:
    anna = browser_of(app, world.anna)
    with anna.session_transaction() as kept:
        kept["visitor"] = {"id": world.anna.id}
    assert anna.get("/account").status_code == 302
