"""Metrics: right over workers, and no label, number or moment in them tells what somebody did."""

import re
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from kopkrakers.accounts.invitations import Invitee, invite
from kopkrakers.accounts.models import Role
from kopkrakers.accounts.rules import address_keys
from kopkrakers.base.db import Database
from kopkrakers.operations.metrics import telling
from kopkrakers.operations.metrics.counting import count_in_worker, count_requests
from kopkrakers.operations.metrics.tallying import RequestTally
from kopkrakers.operations.metrics.telling import FEWEST, STEP, Pictures, SiteCollector
from kopkrakers.reminders.models import Kind
from kopkrakers.reminders.service import Wish, ask_for
from kopkrakers.web.logs import TAKING_PART, part_of
from tests.support.clock import StoppedClock
from tests.support.pages import Site, give
from tests.support.world import World


@pytest.fixture
def tally() -> RequestTally:
    return RequestTally()


@pytest.fixture
def ask(site: Site, clock: StoppedClock, tally: RequestTally) -> Any:
    """Scrape the numbers of this site, as often as one likes."""
    count_requests(site.app, tally)
    registry = CollectorRegistry(auto_describe=False)
    pictures = Pictures(tally, clock)
    registry.register(SiteCollector(pictures, site.state.database, clock))
    return lambda: generate_latest(registry).decode()


def of_requests(text: str) -> dict[str, float]:
    found = re.findall(r'kopkrakers_requests_total\{part="([^"]+)"\} ([\d.]+)', text)
    return {part: float(number) for part, number in found}


def next_quarter(clock: StoppedClock) -> None:
    clock.move(minutes=15)


def test_asked_each_second_it_never_tells_when_somebody_answered(
    site: Site, world: World, clock: StoppedClock, ask: Any
) -> None:
    anna = site.browser(world.anna)
    before = ask()
    anna.get("/")
    after_reading = ask()
    give(site, anna)
    clock.move(seconds=1)
    assert before == after_reading == ask()


def test_answering_reading_and_taking_back_are_told_as_one(
    site: Site, world: World, clock: StoppedClock, ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "randbelow", lambda _step: 0)
    anna = site.browser(world.anna)
    for _ in range(40):
        anna.get("/")
    give(site, anna)
    anna.get(site.url("uitslag"))
    next_quarter(clock)
    text = ask()
    assert of_requests(text) == {TAKING_PART: 40}
    for told in (site.slug, "antwoord", "uitslag", "POST", "dilemma/", "303", "Anna", "Zaanstad"):
        assert told not in text


def test_one_answer_more_or_less_gives_the_same_numbers_nine_times_in_ten(
    clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(requests: int, start: int) -> dict[str, int]:
        monkeypatch.setattr(telling, "randbelow", lambda _step: start)
        tally = RequestTally()
        pictures = Pictures(tally, clock)
        for _ in range(requests):
            tally.count(TAKING_PART, milliseconds=3, is_fault=False)
        next_quarter(clock)
        return pictures.latest().requests

    differ = [told(43, start) != told(44, start) for start in range(STEP)]
    assert sum(differ) == 1, "and which one it is, only a secret number of that day says"


def test_only_what_holds_no_act_is_told_by_its_route(site: Site) -> None:
    apart = set()
    for rule in site.app.url_map.iter_rules():
        blueprint = rule.endpoint.rpartition(".")[0] or None
        if part_of(blueprint, rule.endpoint, rule.rule) != TAKING_PART:
            apart.add(rule.rule)
    allowed = re.compile(
        r"/(static/|api/|onderzoek|privacy|toegankelijkheid|uitleg|zo-tellen-we|gezond|klaar|m$"
        r"|\.well-known|apple-touch|themas|melden|werker|manifest)"
    )
    assert {rule for rule in apart if not allowed.match(rule)} == set()
    for act in (
        "antwoord",
        "terugnemen",
        "stem",
        "inloggen",
        "beheer",
        "account",
        "<code>",
        "team",
    ):
        assert not any(act in rule for rule in apart), act


def test_times_are_told_of_many_requests_together_only(clock: StoppedClock) -> None:
    tally = RequestTally()
    pictures = Pictures(tally, clock)
    for _ in range(FEWEST - 1):
        tally.count(TAKING_PART, milliseconds=30, is_fault=False)
    next_quarter(clock)
    assert pictures.latest().quantiles == {}
    for _ in range(FEWEST):
        tally.count(TAKING_PART, milliseconds=30, is_fault=False)
    next_quarter(clock)
    assert pictures.latest().quantiles == {0.5: 0.05, 0.95: 0.05, 0.99: 0.05}


def test_a_number_never_falls_and_the_secret_start_is_drawn_anew_each_day(
    clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = iter([9, 0])
    monkeypatch.setattr(telling, "randbelow", lambda _step: next(starts))
    tally = RequestTally()
    pictures = Pictures(tally, clock)
    tally.count(TAKING_PART, milliseconds=1, is_fault=False)
    next_quarter(clock)
    assert pictures.latest().requests == {TAKING_PART: 10}
    clock.move(days=1)
    assert pictures.latest().requests == {TAKING_PART: 10}


def test_two_workers_count_together(site: Site, tally: RequestTally) -> None:
    count_in_worker(site.app, tally.path)
    other = RequestTally(tally.path)
    for _ in range(3):
        other.count("/privacy", milliseconds=1, is_fault=True)
    site.app.test_client().get("/privacy")
    assert tally.requests() == {"/privacy": 4}
    assert tally.faults() == 3
    assert sum(tally.times()) == 4


def test_more_names_than_there_is_room_for_are_let_go(tally: RequestTally) -> None:
    for number in range(400):
        tally.count(f"/nergens/{number}", milliseconds=1, is_fault=False)
    assert len(tally.requests()) == 128


def test_it_says_how_the_counter_and_the_boxes_are_and_that_a_database_is_away(
    site: Site, clock: StoppedClock, ask: Any, database: Database
) -> None:
    text = ask()
    assert "kopkrakers_database_up 1.0" in text
    assert re.search(r"kopkrakers_boxes \d+\.0", text)
    assert "kopkrakers_refused_envelopes 0.0" in text
    registry = CollectorRegistry(auto_describe=False)
    away = Database("sqlite:////nergens/is/geen.db")
    registry.register(SiteCollector(Pictures(RequestTally(), clock), away, clock))
    assert "kopkrakers_database_up 0.0" in generate_latest(registry).decode()


def test_it_says_how_many_messages_should_have_left(
    site: Site, world: World, clock: StoppedClock, ask: Any, database: Database
) -> None:
    assert 'kopkrakers_messages_waiting{kind="herinnering"} 0.0' in ask()
    long_ago = clock().date() - timedelta(days=3)
    nova = Invitee("Nova", "nova@z.nl", frozenset({Role.KLANTMANAGER}), None, mailed=True)
    keys, row_keys = address_keys(site.state.settings), site.state.row_keys
    with database.transaction() as session:
        ask_for(session, world.anna.id, Kind.PUSH, Wish(9 * 60), long_ago)
        invite(session, world.zaanstad, nova, now=clock(), keys=keys, row_keys=row_keys)
    clock.moment = clock().replace(hour=10)
    text = ask()
    assert 'kopkrakers_messages_waiting{kind="melding"} 1.0' in text
    assert 'kopkrakers_messages_waiting{kind="uitnodiging"} 1.0' in text


def test_nothing_is_counted_where_no_port_is_set(site: Site, tally: RequestTally) -> None:
    count_in_worker(site.app, None)
    site.app.test_client().get("/privacy")
    assert tally.requests() == {}
    assert timedelta(seconds=telling.QUARTER) == timedelta(minutes=15)
