"""The page of a team's channel: for whoever looks after the team, and only to allowed machines."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from kopkrakers.accounts.models import Role
from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.reminders.models import TEAM_HOOK
from tests.support.clock import StoppedClock
from tests.support.pages import send, words
from tests.support.world import World, add_person, browser_of

ADDRESS = "https://zaanstad.webhook.office.com/webhookb2/geheim@1"
GOOD = "https://hooks.slack.com/services/T0/B0/geheim"


@pytest.fixture
def app(settings: Settings, clock: StoppedClock) -> Iterator[Flask]:
    """An application whose operator allows Teams and Slack."""
    hosts = {"webhook_hosts": ("hooks.slack.com", "webhook.office.com")}
    app = create_app(settings.model_copy(update=hosts), clock=clock)
    app.testing = True
    yield app
    app.extensions["kopkrakers"].database.dispose()


def page_of(world: World) -> str:
    return f"/team/{world.team_noord}/bericht"


def hooks(database: Database) -> int:
    with database.reading() as session:
        return len(session.execute(select(TEAM_HOOK)).all())


@pytest.mark.parametrize("who", ["gerda", "farid"])
def test_a_begeleider_and_a_beheerder_set_it(
    app: Flask, world: World, database: Database, who: str
) -> None:
    browser = browser_of(app, getattr(world, who))
    assert send(browser, page_of(world), adres=GOOD, tijd="510").status_code == 303
    page = browser.get(page_of(world))
    assert "om 8.30 uur" in words(page)
    assert "De berichten gaan naar hooks.slack.com" in words(page)
    assert "geheim" not in page.text.replace("is geheim", "")
    assert hooks(database) == 1
    assert send(browser, f"{page_of(world)}/uit").status_code == 303
    assert hooks(database) == 0


def test_nobody_else_does(app: Flask, world: World, database: Database) -> None:
    with database.transaction() as session:
        elsewhere = add_person(session, "Els", world.almere, world.team_almere, Role.BEGELEIDER)
        beside = add_person(session, "Bea", world.zaanstad, None, Role.BEGELEIDER)
        above = add_person(session, "Bob", world.almere, None, Role.BEHEERDER)
    people = ((world.anna, 403), (world.chris, 403), (elsewhere, 404), (beside, 404), (above, 404))
    for person, status in people:
        browser = browser_of(app, person)
        assert browser.get(page_of(world)).status_code == status
        assert send(browser, page_of(world), adres=GOOD, tijd="540").status_code == status
        assert send(browser, f"{page_of(world)}/uit").status_code == status
    assert app.test_client().get(page_of(world)).status_code == 302
    assert hooks(database) == 0


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("https://evil.example/x", "Dit adres is van evil.example"),
        ("https://hooks.slack.com.evil.example/x", "Dit adres is van hooks.slack.com.evil.example"),
        ("https://evilhooks.slack.com.nl/x", "staat deze server niet toe"),
        ("https://10.0.0.1/x", "Dit adres is van 10.0.0.1"),
        ("http://hooks.slack.com/x", "Het begint met https://"),
        ("https://hooks.slack.com:8443/x", "Het begint met https://"),
        ("https://hooks.slack.com:poort/x", "Het begint met https://"),
        ("https://naam@hooks.slack.com/x", "Het begint met https://"),
        ("https://hooks.slack.com\\@evil.example/x", "Het begint met https://"),
        ("https://hooks.slack.com/" + "x" * 1000, "Het begint met https://"),
        ("hooks.slack.com", "Het begint met https://"),
        ("", "Het begint met https://"),
    ],
)
def test_another_address_is_refused_and_what_was_typed_comes_back(
    app: Flask, world: World, database: Database, typed: str, sentence: str
) -> None:
    page = send(browser_of(app, world.gerda), page_of(world), adres=typed, tijd="540")
    assert page.status_code == 422
    assert sentence in words(page)
    assert hooks(database) == 0


def test_an_address_under_an_allowed_name_is_allowed(
    app: Flask, world: World, database: Database
) -> None:
    page = send(browser_of(app, world.gerda), page_of(world), adres=f" {ADDRESS} ", tijd="540")
    assert page.status_code == 303


def test_the_pages_of_a_team_lead_here_only_where_it_is_possible(
    app: Flask, world: World, settings: Settings, clock: StoppedClock
) -> None:
    link = f'href="{page_of(world)}"'
    assert link in browser_of(app, world.gerda).get(f"/team/{world.team_noord}").text
    assert link not in browser_of(app, world.anna).get(f"/team/{world.team_noord}").text
    assert link in browser_of(app, world.farid).get(f"/beheer/teams/{world.team_noord}").text
    without = create_app(settings, clock=clock)
    gerda = browser_of(without, world.gerda)
    assert link not in gerda.get(f"/team/{world.team_noord}").text
    assert "Op deze server kan dit niet" in words(gerda.get(page_of(world)))
    assert send(gerda, page_of(world), adres=GOOD, tijd="540").status_code == 422
    without.extensions["kopkrakers"].database.dispose()
