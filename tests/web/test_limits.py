"""Limits slow down whoever keeps trying, and remember no moment of anyone."""

import os
import signal
from multiprocessing import get_context

import pytest
from flask import Flask

from kopkrakers.base.errors import TooMany
from kopkrakers.web import access
from kopkrakers.web.limits import SALT_BYTES, SLOT, SLOTS, Limits, limited, slow_down
from tests.support.clock import StoppedClock

NOW = 1_000_000_123


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


@pytest.mark.parametrize(
    ("later", "minutes", "seconds", "wait"),
    [
        (0, 15, 900, "een kwartier"),
        (3 * 60 + 1, 15, 719, "12 minuten"),
        (899, 15, 1, "een minuut"),
        (61, 60, 3539, "59 minuten"),
        (0, 60, 3600, "een uur"),
    ],
)
def test_a_refusal_says_how_long_it_lasts(
    app: Flask, clock: StoppedClock, later: int, minutes: int, seconds: int, wait: str
) -> None:
    app.add_url_rule("/veel", "many", access.public(limited(1, minutes=minutes)(lambda: "goed")))
    clock.move(seconds=later)
    client = app.test_client()
    assert client.get("/veel").status_code == 200
    refused = client.get("/veel")
    assert refused.status_code == 429 and refused.headers["Retry-After"] == str(seconds)
    assert f"Probeer het over {wait} weer." in refused.text
    clock.move(seconds=seconds)
    assert client.get("/veel").status_code == 200


def test_a_view_is_limited_per_network_address(app: Flask) -> None:
    app.add_url_rule("/veel", "many", access.public(limited(2, minutes=15)(lambda: "goed")))
    client = app.test_client()
    assert [client.get("/veel").status_code for _ in range(3)] == [200, 200, 429]
    other = client.get("/veel", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert other.status_code == 200


def test_nothing_kept_says_who_or_when() -> None:
    limits = Limits()
    now = 1_000_000_123
    limits.times("antwoord", "anna", minutes=60, now=now + 0.5)
    kept = limits._memory[:]
    assert b"anna" not in kept and b"antwoord" not in kept
    ends = (now // 3600 + 1) * 3600
    slots = {SLOT.unpack_from(kept, place) for place in range(SALT_BYTES, len(kept), SLOT.size)}
    assert [slot[1:] for slot in slots if slot[2]] == [(ends, 1)]
    # without the secret, which is random, nobody can try names
    assert kept[:SALT_BYTES] != Limits()._memory[:SALT_BYTES]


def path_of(limits: Limits) -> str:
    return f"/proc/{os.getpid()}/fd/{limits._file.fileno()}"


def count_for(path: str, tries: int) -> None:
    limits = Limits(path)
    for _ in range(tries):
        limits.times("inloggen", "anna", minutes=15, now=NOW)


def test_processes_count_together_and_none_is_lost() -> None:
    limits = Limits()
    spawn = get_context("spawn")
    workers = [spawn.Process(target=count_for, args=(path_of(limits), 200)) for _ in range(3)]
    for worker in workers:
        worker.start()
    count_for(path_of(limits), 200)
    for worker in workers:
        worker.join(60)
    assert limits.times("inloggen", "anna", minutes=15, now=NOW) == 801


def test_a_process_that_is_killed_while_it_counts_stops_nobody() -> None:
    limits = Limits()
    child = os.fork()
    if child == 0:
        with Limits(path_of(limits))._alone():
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert limits.times("inloggen", "anna", minutes=15, now=NOW) == 1


def test_a_flood_of_names_makes_nobody_forgotten_who_came_often() -> None:
    limits = Limits()
    size = len(limits._memory)
    for _ in range(50):
        limits.times("inloggen", "anna", minutes=15, now=NOW)
    for number in range(2 * SLOTS):
        limits.times("inloggen", f"niemand-{number}", minutes=15, now=NOW)
    assert limits.times("inloggen", "anna", minutes=15, now=NOW) == 51
    assert len(limits._memory) == size


def test_what_was_right_is_taken_back() -> None:
    limits = Limits()
    for _ in range(3):
        limits.times("inloggen", "anna", minutes=15, now=NOW)
        limits.forgive("inloggen", "anna", minutes=15, now=NOW)
    limits.forgive("inloggen", "bram", minutes=15, now=NOW)
    assert limits.times("inloggen", "anna", minutes=15, now=NOW) == 1
    assert limits.times("inloggen", "bram", minutes=15, now=NOW) == 1
