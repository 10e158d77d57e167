"""Sessions: a row each, sealed, ended from afar, idle for so long, and silent on ordinary pages."""

import re
from base64 import urlsafe_b64decode
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select, text

from kopkrakers.accounts import browsers
from kopkrakers.accounts.chain.changes import changing
from kopkrakers.accounts.models import BROWSER_SESSION, USER_ROLE, Change, Role, Status
from kopkrakers.accounts.pages.browser import session
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.operations.backups import go_on_after_restore
from tests.support.clock import StoppedClock
from tests.support.signing_in import fill_in, set_user, sign_in
from tests.support.world import ROW_KEYS, World, browser_of

COOKIE = "kopkrakers"


def cookie_of(browser: FlaskClient) -> str:
    cookie = browser.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value


def copy_of(app: Flask, browser: FlaskClient) -> FlaskClient:
    """A browser elsewhere with the same cookie."""
    copy = app.test_client()
    copy.set_cookie(COOKIE, cookie_of(browser))
    return copy


def days_of_sessions(database: Database) -> list[date]:
    with database.reading() as reading:
        return list(reading.execute(select(BROWSER_SESSION.c.last_day)).scalars())


def is_signed_in(browser: FlaskClient) -> bool:
    return browser.get("/account").status_code == 200


def finish_writing() -> None:
    """Wait until what is written beside requests has been written."""
    session._aside.submit(int).result()


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
        kept = first["_user_id"]
    fill_in(client, "/account", "/uitloggen")
    sign_in(client)
    with client.session_transaction() as second:
        assert second["_user_id"] != kept and len(kept) == 32


def test_signing_out_ends_every_copy_of_the_cookie_at_once(
    app: Flask, database: Database, with_passwords: World
) -> None:
    anna = app.test_client()
    sign_in(anna)
    copy = copy_of(app, anna)
    assert is_signed_in(copy)
    fill_in(anna, "/account", "/uitloggen")
    assert copy.get("/account").status_code == 302
    assert days_of_sessions(database) == []


def test_signing_out_reaches_another_process_within_half_a_minute(
    app: Flask, settings: Settings, with_passwords: World, clock: StoppedClock
) -> None:
    anna = app.test_client()
    sign_in(anna)
    copy = copy_of(create_app(settings, clock=clock), anna)
    assert is_signed_in(copy)
    fill_in(anna, "/account", "/uitloggen")
    clock.move(seconds=30)
    assert not is_signed_in(copy)


def test_signing_out_leaves_other_devices(app: Flask, with_passwords: World) -> None:
    phone, laptop = app.test_client(), app.test_client()
    sign_in(phone), sign_in(laptop)
    fill_in(laptop, "/account", "/uitloggen")
    assert is_signed_in(phone)


def test_signing_in_again_ends_the_session_of_before(app: Flask, world: World) -> None:
    anna = browser_of(app, world.anna)
    copy = copy_of(app, anna)
    with app.test_request_context(headers={"Cookie": f"{COOKIE}={cookie_of(anna)}"}):
        session.begin_session(world.bram)
    assert not is_signed_in(copy)


def test_signing_out_everywhere_ends_every_session(
    app: Flask, database: Database, with_passwords: World, clock: StoppedClock
) -> None:
    phone, laptop = app.test_client(), app.test_client()
    sign_in(phone), sign_in(laptop)
    assert is_signed_in(phone)
    answer = fill_in(laptop, "/account", "/account/overal-uitloggen")
    assert answer.location == "/inloggen" and days_of_sessions(database) == []
    assert "overal uitgelogd" in laptop.get("/inloggen").text
    assert phone.get("/account").location == "/inloggen?volgende=/account"
    assert "Je bent hier uitgelogd." in phone.get("/inloggen").text
    assert sign_in(phone).status_code == 303 and is_signed_in(phone)


def test_another_process_notices_within_half_a_minute(
    app: Flask, settings: Settings, with_passwords: World, clock: StoppedClock
) -> None:
    other_process = create_app(settings, clock=clock)
    phone, laptop = other_process.test_client(), app.test_client()
    sign_in(phone), sign_in(laptop)
    assert is_signed_in(phone)
    fill_in(laptop, "/account", "/account/overal-uitloggen")
    clock.move(seconds=29)
    assert is_signed_in(phone)
    clock.move(seconds=1)
    assert not is_signed_in(phone)


def test_another_process_knows_a_newer_session_at_once(
    app: Flask, settings: Settings, with_passwords: World, clock: StoppedClock
) -> None:
    other_process = create_app(settings, clock=clock)
    old, new = other_process.test_client(), app.test_client()
    sign_in(old), sign_in(new)
    assert is_signed_in(old)
    fill_in(new, "/account", "/account/overal-uitloggen")
    sign_in(new)
    assert is_signed_in(copy_of(other_process, new))


def test_a_blocked_person_is_out_within_half_a_minute(
    app: Flask, database: Database, world: World, clock: StoppedClock
) -> None:
    anna = browser_of(app, world.anna)
    assert is_signed_in(anna)
    set_user(database, world.anna.id, status=Status.BLOCKED)
    clock.move(seconds=30)
    assert not is_signed_in(anna)


def test_the_person_is_looked_up_once_in_half_a_minute(
    app: Flask, world: World, clock: StoppedClock
) -> None:
    anna = browser_of(app, world.anna)
    looked_up = []
    engine = app.extensions["kopkrakers"].database.reader
    event.listen(
        engine,
        "before_cursor_execute",
        lambda *a: looked_up.append(a[2]) if "browser_session" in a[2] else None,
    )
    for _ in range(5):
        anna.get("/account/wachtwoord")
        clock.move(seconds=5)
    assert len(looked_up) == 1
    clock.move(seconds=10)
    anna.get("/account/wachtwoord")
    assert len(looked_up) == 2


@pytest.mark.parametrize(
    ("who", "days"), [("anna", 90), ("gerda", 14), ("farid", 14)], ids=["vote", "lead", "manage"]
)
def test_a_browser_that_is_not_used_is_signed_out(
    app: Flask, world: World, clock: StoppedClock, who: str, days: int
) -> None:
    in_use, forgotten = (browser_of(app, getattr(world, who)) for _ in range(2))
    clock.move(days=days)
    assert is_signed_in(in_use)
    clock.move(days=1)
    assert is_signed_in(in_use) and not is_signed_in(forgotten)


def test_a_browser_in_use_stays_signed_in(
    app: Flask, database: Database, world: World, clock: StoppedClock
) -> None:
    farid = browser_of(app, world.farid)
    for _ in range(6):
        clock.move(days=7)
        assert "Set-Cookie" in farid.get("/account").headers
        clock.move(hours=1)
        assert is_signed_in(farid)
        finish_writing()
        assert "Set-Cookie" not in farid.get("/account").headers


def test_a_researcher_who_does_nothing_for_half_an_hour_is_out(
    app: Flask, world: World, clock: StoppedClock
) -> None:
    dewi = browser_of(app, world.dewi)
    copy = copy_of(app, dewi)
    for _ in range(4):
        clock.move(minutes=29)
        assert is_signed_in(dewi)
    assert not is_signed_in(copy)
    clock.move(minutes=30)
    assert not is_signed_in(dewi)


def test_old_rows_go(app: Flask, database: Database, world: World, clock: StoppedClock) -> None:
    browser_of(app, world.bram)
    anna = browser_of(app, world.anna)
    clock.move(days=89)
    assert is_signed_in(anna)
    clock.move(days=3)
    assert is_signed_in(anna)
    finish_writing()
    assert days_of_sessions(database) == [clock().date() - timedelta(days=3)]


def test_nobody_can_read_the_cookie(client: FlaskClient, with_passwords: World) -> None:
    sign_in(client)
    with client.session_transaction() as kept:
        inside = dict(kept)
    assert set(inside) == {
        *("_permanent", "_user_id", "_fresh"),
        *("person", "day", "proved", "news", "csrf_token"),
    }
    raw = cookie_of(client)
    opened = raw.encode() + urlsafe_b64decode(raw)
    for word in ("Anna", "Zaanstad", "klantmanager", "csrf", "person", inside["_user_id"]):
        assert word.encode() not in opened


@pytest.mark.parametrize("cookie", ["", "x", "====", "é", "a" * 60, "eyJ2aXNpdG9yIjoxfQ.aaaa.bbbb"])
def test_a_cookie_that_we_did_not_seal_is_none(app: Flask, world: World, cookie: str) -> None:
    stranger = app.test_client()
    stranger.set_cookie(COOKIE, cookie)
    assert stranger.get("/account").status_code == 302


def test_a_changed_cookie_is_none(app: Flask, world: World) -> None:
    anna = browser_of(app, world.anna)
    sealed = cookie_of(anna)
    changed = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    anna.set_cookie(COOKIE, changed)
    assert not is_signed_in(anna)


def test_another_secret_ends_no_session_while_the_former_is_accepted(
    app: Flask, settings: Settings, world: World, clock: StoppedClock
) -> None:
    changed = settings.model_copy(
        update={"secret": type(settings.secret)("n" * 40), "secret_previous": settings.secret}
    )
    anna = browser_of(app, world.anna)
    after = create_app(changed, clock=clock)
    assert is_signed_in(copy_of(after, anna))
    without = create_app(changed.model_copy(update={"secret_previous": None}), clock=clock)
    assert not is_signed_in(copy_of(without, anna))


def test_the_table_of_sessions_names_nobody(
    app: Flask, database: Database, world: World, clock: StoppedClock
) -> None:
    for visitor in (world.anna, world.bram, world.chris):
        browser_of(app, visitor)
    with database.reading() as reading:
        rows = reading.execute(select(BROWSER_SESSION)).all()
    ids = {str(world.anna.id), str(world.bram.id), str(world.chris.id)}
    for row in rows:
        assert re.fullmatch("[0-9a-f]{64}", row.id_hash)
        assert re.fullmatch("[0-9a-f]{32}", row.person)
        assert not ids & {row.id_hash, row.person, row.device}
        assert row.last_day == clock().date()
    guessed = {browsers.browser_pseudonym(b"not the secret", one) for one in range(100)}
    assert not guessed & {row.person for row in rows}


def visit_in_order(app: Flask, visitors: list[Visitor], clock: StoppedClock) -> list[str]:
    """Have people come a day later, in this order. Return the hashes of their browsers."""
    came = []
    for visitor in visitors:
        browser = browser_of(app, visitor)
        with browser.session_transaction() as kept:
            came.append((browser, browsers.hash_of(kept["_user_id"])))
    clock.move(days=1)
    for browser, _ in came:
        assert is_signed_in(browser)
    return [id_hash for _, id_hash in came]


def test_a_visit_writes_nothing_while_it_lasts(
    app: Flask, database: Database, world: World, clock: StoppedClock
) -> None:
    people = [world.anna, world.bram, world.gerda]
    day = clock().date()
    visit_in_order(app, people, clock)
    finish_writing()
    assert set(days_of_sessions(database)) == {day}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_rows_do_not_lie_in_the_order_in_which_people_came(
    app: Flask, database: Database, world: World, clock: StoppedClock
) -> None:
    # rows of an earlier test that PostgreSQL cleared away leave gaps, which it fills in any order
    with database.transaction() as emptying:
        emptying.execute(text("TRUNCATE browser_session"))
    people = [world.anna, world.bram, world.gerda, world.chris, world.farid] * 4
    came = visit_in_order(app, people, clock)
    clock.move(hours=1)
    browser_of(app, world.dewi).get("/account")
    finish_writing()
    question = text("SELECT id_hash, xmin::text FROM browser_session ORDER BY ctid")
    with database.reading() as reading:
        rows = [row for row in reading.execute(question) if row.id_hash in came]
    assert [row.id_hash for row in rows] == sorted(came) != came
    assert len({row.xmin for row in rows}) == 1


def test_a_role_that_the_product_gives_counts_within_half_a_minute(
    app: Flask, database: Database, world: World, clock: StoppedClock
) -> None:
    anna = browser_of(app, world.anna)
    assert anna.get("/beheer").status_code == 403
    anna_id = world.anna.id
    with database.transaction() as writing, changing(writing, ROW_KEYS, anna_id, Change.ROLES):
        role = {"user_id": anna_id, "role": Role.BEHEERDER}
        writing.execute(insert(USER_ROLE).values(role))
    clock.move(seconds=30)
    assert anna.get("/beheer").status_code == 200


def test_a_browser_keeps_the_cookie_for_ninety_days(app: Flask) -> None:
    assert app.permanent_session_lifetime == timedelta(days=90)


def test_a_restore_brings_no_session_back(
    app: Flask, settings: Settings, database: Database, world: World, clock: StoppedClock
) -> None:
    anna = browser_of(app, world.anna)
    go_on_after_restore(settings, database, clock())
    assert days_of_sessions(database) == [] and not is_signed_in(anna)
