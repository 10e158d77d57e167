"""Push, to a real endpoint that opens what arrives as a browser does."""

import json
from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import select, update

from kopkrakers.accounts.models import TEAM, Rhythm
from kopkrakers.accounts.pauses import pause
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Keys, Use, derive
from kopkrakers.base.wire import Wire
from kopkrakers.catalogue.library import Library
from kopkrakers.reminders.models import REMINDER, Kind
from kopkrakers.reminders.push.encoding import from_base64
from kopkrakers.reminders.push.server_key import new_key, public_key
from kopkrakers.reminders.push.subscription import sealed_subscription
from kopkrakers.reminders.sending.courier import Courier
from kopkrakers.reminders.sending.loop import look
from kopkrakers.reminders.service import Wish, ask_for
from tests.base.https_server import Request, There
from tests.reminders.push.device import Device
from tests.reminders.wishes import NINE, SUNDAY, THIS_FRIDAY, THIS_MONDAY, after, title
from tests.support.clock import StoppedClock
from tests.support.pages import Site, give, open_site
from tests.support.world import SECRET, World

pytestmark = pytest.mark.slow
KEYS = Keys(derive(SECRET, Use.REMINDERS))
TUESDAY = THIS_MONDAY + timedelta(days=1)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with a key for push."""
    return settings.model_copy(update={"push_key": SecretStr(new_key())})


@pytest.fixture
def courier(settings: Settings, database: Database, there: There) -> Courier:
    """A courier whose push service is on this machine."""
    return Courier(settings, database, Library(settings.cards_dir), wire=there[1])


@pytest.fixture
def site(app: Flask, world: World) -> Site:
    """Monday's dilemma is open."""
    return open_site(app)


@pytest.fixture
def phone(courier: Courier, site: Site, there: There, world: World) -> Device:
    """Anna's phone, which is to get messages."""
    return switched_on(courier, there, world.anna.id)


def switched_on(courier: Courier, there: There, user_id: int, at: int = NINE) -> Device:
    """A device on which this person switched messages on."""
    device, own_key = Device(), public_key(courier.settings)
    assert own_key is not None
    subscription = device.subscription(there[0].url(f"/push/{user_id}"), own_key)
    wish = Wish(at, sealed=sealed_subscription(KEYS, subscription))
    with courier.database.transaction() as session:
        ask_for(session, user_id, Kind.PUSH, wish, SUNDAY)
    return device


def left(database: Database) -> int:
    with database.reading() as session:
        return len(session.execute(select(REMINDER)).all())


def test_the_title_arrives_once_and_opens_on_the_phone_alone(
    courier: Courier, phone: Device, there: There, site: Site
) -> None:
    moments = [after(THIS_MONDAY, minutes=minute) for minute in range(0, 240, 3)]
    assert sum(look(courier, moment) for moment in moments) == 1
    (request,) = there[0].requests
    assert json.loads(phone.open(request.body)) == {
        "kop": "Het dilemma van vandaag",
        "titel": title(site),
    }
    assert request.headers["Content-Encoding"] == "aes128gcm"
    assert request.headers["TTL"] == "14400"


def test_the_service_can_tell_who_sends_and_nothing_of_a_person(
    courier: Courier, phone: Device, there: There
) -> None:
    """RFC 8292: a token for this push service alone, signed with the key of the server."""
    look(courier, after(THIS_MONDAY))
    (request,) = there[0].requests
    claims = claims_of(request, public_key(courier.settings) or "")
    assert claims["aud"] == f"https://localhost:{there[0].port}"
    assert claims["sub"] == courier.settings.base_url
    now = after(THIS_MONDAY).timestamp()
    assert now < claims["exp"] <= now + 24 * 3600  # type: ignore[operator]
    assert set(claims) == {"aud", "exp", "sub"}


def claims_of(request: Request, own_key: str) -> dict[str, object]:
    """Return what the token says, once its signature holds."""
    scheme, _, fields = request.headers["Authorization"].partition(" ")
    assert scheme == "vapid"
    parts = dict(field.strip().split("=", 1) for field in fields.split(","))
    assert parts["k"] == own_key
    signed, _, signature = parts["t"].rpartition(".")
    first, second = from_base64(signature)[:32], from_base64(signature)[32:]
    both = encode_dss_signature(int.from_bytes(first, "big"), int.from_bytes(second, "big"))
    key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), from_base64(parts["k"]))
    key.verify(both, signed.encode(), ECDSA(SHA256()))
    claims: dict[str, object] = json.loads(urlsafe_b64decode(signed.split(".")[1] + "=="))
    return claims


def test_who_answered_gets_the_same(
    courier: Courier, phone: Device, there: There, site: Site, world: World
) -> None:
    other = switched_on(courier, there, world.bram.id)
    assert give(site, site.browser(world.anna)).status_code == 303
    assert look(courier, after(THIS_MONDAY)) == 2
    by_path = {request.path: request for request in there[0].requests}
    first = by_path[f"/push/{world.anna.id}"]
    second = by_path[f"/push/{world.bram.id}"]
    assert phone.open(first.body) == other.open(second.body)
    assert len(first.body) == len(second.body)
    assert set(first.headers) == set(second.headers)


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(
    courier: Courier, phone: Device, there: There, database: Database, status: int
) -> None:
    there[0].status = status
    assert look(courier, after(THIS_MONDAY)) == 0
    assert left(database) == 0


def test_a_private_address_gets_nothing_and_is_forgotten(
    courier: Courier, phone: Device, there: There, database: Database
) -> None:
    assert look(replace(courier, wire=Wire()), after(THIS_MONDAY)) == 0
    assert there[0].requests == [] and left(database) == 0


def test_a_redirect_is_not_followed(courier: Courier, phone: Device, there: There) -> None:
    there[0].status, there[0].headers = 307, {"Location": there[0].url("/elders")}
    assert look(courier, after(THIS_MONDAY)) == 0
    assert len(there[0].requests) == 1


def test_a_service_that_says_later_gets_it_later_and_only_once(
    courier: Courier, phone: Device, there: There
) -> None:
    server, _ = there
    server.status, server.headers = 429, {"Retry-After": "900"}
    assert look(courier, after(THIS_MONDAY)) == 0
    server.status = 201
    assert look(courier, after(THIS_MONDAY, minutes=20)) == 0
    assert look(courier, after(THIS_MONDAY, minutes=30)) == 1
    assert look(courier, after(THIS_MONDAY, minutes=40)) == 0


@pytest.mark.parametrize("how", ["500", "breaks off", "not there"])
def test_what_may_have_arrived_is_not_sent_again_and_what_did_not_is(
    courier: Courier, phone: Device, there: There, how: str
) -> None:
    server, wire = there
    server.status, server.breaks_off = 500, how == "breaks off"
    sending = courier
    if how == "not there":
        sending = replace(courier, wire=replace(wire, context=Wire().context))
    assert look(sending, after(THIS_MONDAY)) == 0
    server.status, server.breaks_off = 201, False
    again = look(courier, after(THIS_MONDAY, minutes=60))
    assert again == (1 if how == "not there" else 0)
    assert len(server.requests) == 1


def test_another_key_of_the_server_forgets_the_devices(
    courier: Courier, phone: Device, there: There, database: Database
) -> None:
    other = courier.settings.model_copy(update={"push_key": SecretStr(new_key())})
    assert look(replace(courier, settings=other), after(THIS_MONDAY)) == 0
    assert there[0].requests == [] and left(database) == 0


def test_nothing_comes_in_a_pause_or_on_a_day_off_or_before_the_dilemma_is_there(
    courier: Courier, phone: Device, there: There, database: Database, world: World
) -> None:
    assert look(courier, after(THIS_MONDAY - timedelta(days=1))) == 0
    assert look(courier, after(TUESDAY)) == 0, "the counter did not open it"
    with database.transaction() as session:
        pause(session, world.anna.id, last_day=THIS_FRIDAY, today=SUNDAY)
    assert look(courier, after(THIS_MONDAY)) == 0
    assert there[0].requests == []


def test_it_follows_the_rhythm_of_the_team(
    courier: Courier, phone: Device, site: Site, database: Database, clock: StoppedClock
) -> None:
    with database.transaction() as session:
        session.execute(update(TEAM).values(rhythm=Rhythm.THREE))
    heard = []
    for day in range(7):
        site.tick()
        heard.append(look(courier, after(THIS_MONDAY + timedelta(days=day))))
        clock.move(days=1)
    assert heard == [1, 0, 1, 0, 1, 0, 0]


def test_what_is_kept_and_logged_names_no_endpoint(
    courier: Courier,
    phone: Device,
    there: There,
    database: Database,
    capfd: pytest.CaptureFixture[str],
) -> None:
    there[0].status = 400
    look(courier, after(THIS_MONDAY))
    with database.reading() as session:
        kept = session.execute(select(REMINDER.c.sealed)).scalar_one()
    assert b"localhost" not in kept and b"push/" not in kept
    said = "".join(capfd.readouterr())
    assert "push service refused" in said and "localhost" not in said


def test_without_a_key_nothing_is_pushed(
    courier: Courier, phone: Device, there: There, database: Database
) -> None:
    without = courier.settings.model_copy(update={"push_key": None})
    assert look(replace(courier, settings=without), after(THIS_MONDAY)) == 0
    assert there[0].requests == [] and left(database) == 1
