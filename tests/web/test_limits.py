"""Limits slow down whoever keeps trying, and remember no moment of anyone."""

import pytest
from flask import Flask

from kopkrakers.base.errors import TooMany
from kopkrakers.web import access
from kopkrakers.web.limits import Limits, limited, slow_down
from tests.support.clock import StoppedClock


def test_the_try_after_the_last_allowed_one_is_refused(app: Flask) -> None:
    with app.test_request_context():
        for _ in range(3):
            slow_down("inloggen", "anna@voorbeeld.nl", at_most=3, minutes=15)
        slow_down("inloggen", "bram@voorbeeld.nl", at_most=3, minutes=15)
        with pytest.raises(TooMany):
            slow_down("inloggen", "anna@voorbeeld.nl", at_most=3, minutes=15)


def test_a_new_window_begins_with_nothing(app: Flask, clock: StoppedClock) -> None:
    with app.test_request_context():
        slow_down("inloggen", "anna", at_most=1, minutes=15)
        clock.move(minutes=15)
        slow_down("inloggen", "anna", at_most=1, minutes=15)


def test_a_view_is_limited_per_network_address(app: Flask) -> None:
    app.add_url_rule("/veel", "many", access.public(limited(2, minutes=15)(lambda: "goed")))
    client = app.test_client()
    assert [client.get("/veel").status_code for _ in range(3)] == [200, 200, 429]
    other = client.get("/veel", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert other.status_code == 200


def test_nothing_kept_says_who_or_when() -> None:
    limits = Limits()
    limits.times("antwoord", "anna", minutes=60, now=1_000_000_123.0)
    kept = str(vars(limits))
    assert "anna" not in kept
    assert "1000000123" not in kept
    assert str(1_000_000_123 // 3600) in kept
