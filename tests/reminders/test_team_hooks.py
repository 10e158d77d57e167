"""A team hears of its dilemma in its channel: title and link, once, by its rhythm."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from kopkrakers.accounts.models import TEAM, Rhythm
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Keys, Use, derive
from kopkrakers.base.wire import Wire
from kopkrakers.catalogue.library import Library
from kopkrakers.reminders.models import TEAM_HOOK
from kopkrakers.reminders.sending.courier import Courier
from kopkrakers.reminders.sending.hooks import message
from kopkrakers.reminders.sending.loop import look
from kopkrakers.reminders.team_hooks import set_hook
from tests.base.https_server import Server, There
from tests.reminders.wishes import NINE, SUNDAY, THIS_MONDAY, after, title
from tests.support.clock import StoppedClock
from tests.support.pages import Site, give, open_site
from tests.support.world import SECRET, World

pytestmark = pytest.mark.slow
KEYS = Keys(derive(SECRET, Use.REMINDERS))
SECRET_PATH = "/services/geheim-van-team-noord"
TUESDAY = THIS_MONDAY + timedelta(days=1)


@pytest.fixture
def courier(settings: Settings, database: Database, there: There) -> Courier:
    """A courier that may post to this machine."""
    allowing = settings.model_copy(update={"webhook_hosts": ("localhost",)})
    return Courier(allowing, database, Library(settings.cards_dir), wire=there[1])


@pytest.fixture
def site(app: Flask, world: World, there: There, database: Database) -> Site:
    """Monday's dilemma is open, and Team Noord is to hear of it."""
    site = open_site(app)
    with database.transaction() as session:
        url = there[0].url(SECRET_PATH)
        set_hook(session, world.team_noord, url, at=NINE, keys=KEYS, today=SUNDAY)
    return site


def said(server: Server) -> list[str]:
    """Return the messages that arrived at the channel of Team Noord."""
    texts = []
    for request in server.requests:
        assert request.path == SECRET_PATH
        card = json.loads(request.body)["attachments"][0]["content"]
        assert card["actions"][0]["url"] == "http://localhost:8000/"
        texts.append(card["body"][0]["text"])
    return texts


def refused(database: Database) -> bool:
    with database.reading() as session:
        return bool(session.execute(select(TEAM_HOOK.c.refused)).scalar_one())


def test_the_team_hears_the_title_once(courier: Courier, site: Site, there: There) -> None:
    server, _ = there
    times = [look(courier, after(THIS_MONDAY, minutes=minute)) for minute in range(0, 240, 3)]
    assert sum(times) == 1
    assert said(server) == [f"Het dilemma van vandaag: {title(site)}"]


def test_it_is_the_same_whoever_answered(
    courier: Courier, site: Site, there: There, world: World
) -> None:
    server, _ = there
    for person in (world.anna, world.bram, world.gerda):
        assert give(site, site.browser(person)).status_code == 303
    look(courier, after(THIS_MONDAY))
    assert said(server) == [f"Het dilemma van vandaag: {title(site)}"]


def test_before_the_counter_opened_it_nothing_is_said_and_nothing_lost(
    courier: Courier, site: Site, there: There, clock: StoppedClock
) -> None:
    server, _ = there
    look(courier, after(THIS_MONDAY))
    assert look(courier, after(TUESDAY)) == 0, "the dilemma of Monday is no news"
    clock.move(days=1)
    site.tick()
    assert look(courier, after(TUESDAY, minutes=60)) == 1
    first, second = said(server)
    assert first != second


def test_a_weekly_team_hears_once_a_week(
    courier: Courier, site: Site, there: There, clock: StoppedClock, database: Database
) -> None:
    with database.transaction() as session:
        session.execute(update(TEAM).values(rhythm=Rhythm.WEEKLY))
    heard = []
    for day in range(8):
        site.tick()
        heard.append(look(courier, after(THIS_MONDAY + timedelta(days=day))))
        clock.move(days=1)
    assert heard == [1, 0, 0, 0, 0, 0, 0, 1]


def test_a_channel_that_is_gone_or_leads_elsewhere_is_left_alone(
    courier: Courier, site: Site, there: There, database: Database, clock: StoppedClock
) -> None:
    server, _ = there
    server.status, server.headers = 302, {"Location": server.url("/elders")}
    assert look(courier, after(THIS_MONDAY)) == 0
    assert len(server.requests) == 1 and refused(database)
    server.status = 200
    clock.move(days=1)
    site.tick()
    assert look(courier, after(TUESDAY)) == 0
    assert len(server.requests) == 1


def test_a_server_that_says_later_gets_it_later(
    courier: Courier, site: Site, there: There, database: Database
) -> None:
    server, _ = there
    server.status, server.headers = 429, {"Retry-After": "600"}
    assert look(courier, after(THIS_MONDAY)) == 0
    server.status = 200
    assert look(courier, after(THIS_MONDAY, minutes=19)) == 0
    assert look(courier, after(THIS_MONDAY, minutes=21)) == 1
    assert len(server.requests) == 2 and not refused(database)


def test_a_server_that_failed_is_not_sent_it_twice(
    courier: Courier, site: Site, there: There
) -> None:
    server, _ = there
    server.status = 500
    look(courier, after(THIS_MONDAY))
    server.status = 200
    assert look(courier, after(THIS_MONDAY, minutes=60)) == 0
    assert len(server.requests) == 1, "it may have been shown"


def test_a_machine_that_the_operator_took_off_the_list_gets_nothing(
    courier: Courier, site: Site, there: There, settings: Settings
) -> None:
    without = replace(courier, settings=settings)
    assert look(without, after(THIS_MONDAY)) == 0
    assert there[0].requests == []


def test_a_private_machine_gets_nothing_even_when_it_is_on_the_list(
    courier: Courier, site: Site, there: There, database: Database
) -> None:
    assert look(replace(courier, wire=Wire()), after(THIS_MONDAY)) == 0
    assert there[0].requests == [] and refused(database)


def test_the_address_is_nowhere_to_be_read(
    courier: Courier,
    site: Site,
    there: There,
    database: Database,
    capfd: pytest.CaptureFixture[str],
) -> None:
    there[0].status = 403
    look(courier, after(THIS_MONDAY))
    with database.reading() as session:
        row = session.execute(select(TEAM_HOOK)).one()
    assert b"geheim" not in row.sealed
    assert "geheim" not in "".join(capfd.readouterr())


def test_slack_gets_a_text_in_which_a_title_is_a_title() -> None:
    title = "Wie <krijgt> de plek & waarom?"
    heading = "Het dilemma van vandaag"
    sent = json.loads(message("hooks.slack.com", heading, title, "https://k.nl"))
    assert sent == {
        "text": "Het dilemma van vandaag: <https://k.nl/|Wie &lt;krijgt&gt; de plek &amp; waarom?>"
    }
