"""A device on which somebody signed in before is not locked out by the wrong passwords of others,
and what it remembers names nobody.
"""

from flask import Flask
from flask.testing import FlaskClient

from kopkrakers.accounts.passwords.known_devices import is_known, new_mark
from kopkrakers.base.keys import Keys
from tests.support.clock import StoppedClock
from tests.support.signing_in import PASSWORD, fill_in, sign_in
from tests.support.world import World

ANNA, BRAM = "anna@voorbeeld.nl", "bram@voorbeeld.nl"
WRONG = "verkeerd wachtwoord"
KEYS = Keys(b"k" * 32)


def mark_on(client: FlaskClient) -> str:
    """The mark that this device has, in its cookie."""
    kept = client.get_cookie("toestel", path="/inloggen")
    return "" if kept is None else kept.value


def tries(client: FlaskClient, number: int, address: str = ANNA) -> list[int]:
    return [sign_in(client, address, WRONG).status_code for _ in range(number)]


def lock_out(app: Flask) -> FlaskClient:
    """A colleague at the same office, who knows the address, until the door is shut."""
    colleague = app.test_client()
    assert tries(colleague, 11)[-1] == 429
    return colleague


def test_a_colleague_in_the_same_office_locks_nobody_out(app: Flask, with_passwords: World) -> None:
    own = app.test_client()
    assert sign_in(own).status_code == 303
    fill_in(own, "/account", to="/uitloggen")
    colleague = lock_out(app)
    assert sign_in(own).status_code == 303
    # on every other device the door stays shut, with the right password too
    assert sign_in(colleague).status_code == 429
    assert sign_in(app.test_client()).status_code == 429


def test_nor_do_a_whole_office_and_strangers_everywhere(app: Flask, with_passwords: World) -> None:
    own = app.test_client()
    assert sign_in(own).status_code == 303
    fill_in(own, "/account", to="/uitloggen")
    for place in range(51):
        stranger = app.test_client()
        stranger.environ_base["REMOTE_ADDR"] = f"203.0.113.{place}"
        sign_in(stranger, ANNA, WRONG)
    assert sign_in(app.test_client()).status_code == 429
    assert sign_in(own).status_code == 303


def test_the_device_itself_gets_no_more_tries_than_any_other(
    app: Flask, with_passwords: World, clock: StoppedClock
) -> None:
    own = app.test_client()
    assert sign_in(own).status_code == 303
    fill_in(own, "/account", to="/uitloggen")
    assert tries(own, 11) == [422] * 10 + [429]
    assert sign_in(own).status_code == 429
    # and a copy of the cookie has none of its own
    thief = app.test_client()
    thief.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    thief.set_cookie("toestel", mark_on(own), path="/inloggen")
    assert sign_in(thief).status_code == 429
    clock.move(minutes=15)
    assert sign_in(own).status_code == 303


def test_the_mark_of_one_person_opens_nothing_for_another(
    app: Flask, with_passwords: World
) -> None:
    shared = app.test_client()
    assert sign_in(shared).status_code == 303
    fill_in(shared, "/account", to="/uitloggen")
    assert tries(shared, 11, BRAM) == [422] * 10 + [429]


def test_what_the_device_keeps_names_nobody_and_is_new_each_time(
    app: Flask, with_passwords: World
) -> None:
    marks = set()
    for _ in range(3):
        client = app.test_client()
        answer = sign_in(client)
        line = next(
            line for line in answer.headers.getlist("Set-Cookie") if line.startswith("toestel=")
        )
        for rule in ("HttpOnly", "SameSite=Lax", "Path=/inloggen", "Max-Age=7776000"):
            assert rule in line
        marks.add(mark_on(client))
    assert len(marks) == 3 and len({len(mark) for mark in marks}) == 1
    # without the key nobody can try names on it
    mark = new_mark(ANNA, KEYS)
    assert is_known(mark, ANNA, KEYS) and not is_known(mark, BRAM, KEYS)
    assert not is_known(mark, ANNA, Keys(b"x" * 32))
    assert is_known(mark, ANNA, Keys(b"x" * 32, KEYS.all))


def test_a_wrong_password_leaves_no_mark_and_a_forged_one_does_nothing(
    app: Flask, with_passwords: World
) -> None:
    client = app.test_client()
    assert tries(client, 1) == [422] and mark_on(client) == ""
    for forged in ("", "x", "é", "A" * 43, "=" * 9, new_mark(ANNA, Keys(b"x" * 32))):
        client.set_cookie("toestel", forged, path="/inloggen")
        assert sign_in(client, ANNA, WRONG).status_code in (422, 429)
    lock_out(app)
    assert sign_in(client).status_code == 429


def test_no_page_on_which_people_answer_gets_the_mark(app: Flask, with_passwords: World) -> None:
    own = app.test_client()
    assert sign_in(own, ANNA, PASSWORD).status_code == 303
    assert own.get_cookie("toestel", path="/") is None
