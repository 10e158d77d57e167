"""A provider that is away, slow or somewhere it may not be: a sentence within seconds."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from structlog.testing import capture_logs

from kopkrakers.accounts.sso.asking import wire_of
from kopkrakers.accounts.sso.providers import Provider, keep_provider
from kopkrakers.base.config import Settings
from kopkrakers.base.wire.asking import Patience, Unreachable, ask_json
from tests.accounts.sso.crooked import Crooked
from tests.accounts.sso.walking import START, Place
from tests.support.running import free_port
from tests.support.world import ROW_KEYS

pytestmark = pytest.mark.slow
SLOW = 10
"""Seconds that a slow provider takes: far more than anybody waits for it, on any machine."""


def be_patient_for(app: Flask, seconds: float) -> None:
    kept = app.extensions["kopkrakers_sso"]
    patience = Patience(at_once=1, seconds=seconds)
    app.extensions["kopkrakers_sso"] = replace(kept, patience=patience)


def test_a_provider_that_is_away_is_said_to_be(place: Place) -> None:
    place.crooked.is_away = True
    answer = place.browser.get(START)
    assert answer.status_code == 503 and "antwoordt nu niet" in answer.text
    assert "Het ligt niet aan jou" in answer.text and "Log in met een wachtwoord" in answer.text


def test_a_provider_that_goes_away_on_the_way_lets_nobody_in(place: Place) -> None:
    back = place.sent_back()
    place.crooked.is_away = True
    assert place.browser.get(back).status_code == 503
    assert not place.is_signed_in()


def test_a_slow_provider_holds_nobody_for_long(place: Place) -> None:
    be_patient_for(place.app, 0.5)
    place.crooked.pause = SLOW
    began = time.monotonic()
    assert place.browser.get(START).status_code == 503
    assert time.monotonic() - began < SLOW
    # whoever comes next is not made to wait for it again
    asked = len(place.crooked.seen)
    assert place.browser.get(START).status_code == 503
    assert len(place.crooked.seen) == asked


def test_a_slow_provider_leaves_threads_for_others(place: Place) -> None:
    be_patient_for(place.app, SLOW / 2)
    place.crooked.pause = SLOW
    with ThreadPoolExecutor(4) as people:
        waiting = [people.submit(place.app.test_client().get, START) for _ in range(4)]
        assert place.app.test_client().get("/uitleg").status_code == 200
        assert not all(one.done() for one in waiting)
        answers = [one.result().status_code for one in waiting]
    assert answers == [503] * 4


@pytest.mark.parametrize(
    "told",
    [
        {"issuer": "https://van-een-ander.example"},
        {"token_endpoint": "http://10.0.0.5/token"},
        {"token_endpoint": "http://169.254.169.254/latest"},
        {"token_endpoint": "file:///etc/passwd"},
        {"jwks_uri": "http://192.168.1.1/jwks"},
        {"jwks_uri": 7},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
    ],
)
def test_what_a_provider_says_of_itself_leads_nowhere_else(
    place: Place, told: dict[str, object]
) -> None:
    place.crooked.metadata = told
    answer = place.browser.get(START)
    if answer.status_code == 302:
        assert place.sign_in().status_code == 503
    else:
        assert answer.status_code == 503
    assert not place.is_signed_in()


@pytest.mark.parametrize(
    "issuer",
    ["https://127.0.0.1:{port}", "http://127.0.0.1:{port}", "https://10.0.0.1", "https://[::1]"],
)
def test_a_private_address_is_not_asked(settings: Settings, crooked: Crooked, issuer: str) -> None:
    from urllib.parse import urlsplit

    url = issuer.format(port=urlsplit(crooked.url).port)
    with pytest.raises(Unreachable):
        ask_json(wire_of(settings), url, None, {})
    assert crooked.times("/") == 0


def test_this_machine_is_asked_only_to_try(settings: Settings) -> None:
    with pytest.raises(ValueError, match="SSO_LOOPBACK"):
        Settings(**settings.model_dump() | {"sso_loopback": True, "base_url": "https://k.nl"})


def test_nothing_of_a_sign_in_stands_in_the_log(
    place: Place, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)  # no setting lets more through
    place.crooked.alter = lambda claims: claims.update(nonce="van-een-ander")
    back = place.sent_back()
    with capture_logs() as said:
        place.browser.get(back)
    of_libraries = [one.getMessage() for one in caplog.records if one.name != "werkzeug"]
    ours = " ".join([*of_libraries, *map(str, said)])
    assert "a sign-in by a provider was refused" in ours
    for secret in (provider.secret, "noor", "anna", back.partition("code=")[2][:12]):
        assert secret not in ours


def test_a_provider_nobody_listens_at(place: Place, provider: Provider) -> None:
    with place.database.transaction() as session:
        gone = replace(provider, issuer=f"http://127.0.0.1:{free_port()}")
        keep_provider(session, gone, ROW_KEYS)
    assert place.browser.get(START).status_code == 503
