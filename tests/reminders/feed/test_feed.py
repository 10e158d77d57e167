"""The agenda link: a secret address with titles alone, valid for calendars, and revocable."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from werkzeug.test import TestResponse

from kopkrakers.accounts import pauses, teams
from kopkrakers.accounts.models import Rhythm, Status
from kopkrakers.accounts.service import remove_person
from kopkrakers.base.clock import AMSTERDAM
from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.models import CalendarDay
from kopkrakers.reminders.feed.models import CALENDAR_FEED
from kopkrakers.reminders.pages.feed import WRONG_LINKS
from kopkrakers.reminders.service import forget_person
from tests.support.clock import StoppedClock
from tests.support.pages import Site, give, open_site
from tests.support.signing_in import fill_in, set_user
from tests.support.world import ROW_KEYS, World, browser_of

TODAY = date(2026, 11, 23)


@pytest.fixture
def anna(site: Site, world: World) -> FlaskClient:
    return site.browser(world.anna)


def make_link(browser: FlaskClient, at: str = "540") -> str:
    """Make a feed as a person does; the path of its address."""
    page = fill_in(browser, "/account/agenda", tijd=at)
    (link,) = re.findall(r"<code>https?://[^/]+(/agenda/[^<]+\.ics)</code>", page.text)
    return str(link)


def fetch(app: Flask, link: str) -> TestResponse:
    """Return the feed as a calendar gets it, which is not signed in."""
    return app.test_client().get(link)


def calendar_in(response: TestResponse) -> Any:
    return Calendar.from_ical(response.data)


def events(response: TestResponse) -> list[Any]:
    return list(calendar_in(response).walk("VEVENT"))


def days(response: TestResponse) -> list[date]:
    return [event.start.date() for event in events(response)]


def test_it_holds_the_titles_of_the_working_days_to_come(
    anna: FlaskClient, site: Site, database: Database
) -> None:
    response = fetch(site.app, make_link(anna))
    assert response.mimetype == "text/calendar" and "Set-Cookie" not in response.headers
    with database.reading() as session:
        for event in events(response):
            planned = session.get(CalendarDay, event.start.date())
            assert planned is not None
            card = site.state.library.card(planned.dilemma)
            assert event["summary"] == f"Kopkrakers: {card.title_in_list}"
    found = days(response)
    assert found[0] == TODAY and len(found) == 20
    assert all(day.weekday() < 5 for day in found)


def test_holidays_are_left_out(anna: FlaskClient, site: Site, clock: StoppedClock) -> None:
    link = make_link(anna)
    clock.move(days=28)
    open_site(site.app)
    assert date(2026, 12, 25) not in days(fetch(site.app, link))
    assert date(2026, 12, 24) in days(fetch(site.app, link))


def test_it_is_what_rfc_5545_asks(anna: FlaskClient, site: Site) -> None:
    response = fetch(site.app, make_link(anna, "480"))
    text = response.data.decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n") and text.endswith("END:VCALENDAR\r\n")
    assert "VERSION:2.0\r\n" in text and "PRODID:-//Kopkrakers//agenda//NL\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    assert text.count("BEGIN:VTIMEZONE") == 1 and "TZID:Europe/Amsterdam" in text
    assert "DTSTART;TZID=Europe/Amsterdam:20261123T080000" in text
    found = events(response)
    uids = {str(event["uid"]) for event in found}
    assert len(uids) == len(found)
    for event in found:
        assert event["dtstamp"].dt.tzname() == "UTC"
        assert event.end - event.start == timedelta(minutes=10)
        assert event["transp"] == "TRANSPARENT"
        assert [str(alarm["action"]) for alarm in event.walk("VALARM")] == ["DISPLAY"]


def test_the_clock_of_the_wall_stays_when_the_hour_changes(
    anna: FlaskClient, site: Site, clock: StoppedClock
) -> None:
    link = make_link(anna)
    clock.move(days=(date(2027, 3, 15) - TODAY).days)
    open_site(site.app)
    calendar = calendar_in(fetch(site.app, link))
    (zone,) = [zone.to_tz() for zone in calendar.timezones]
    offsets = {}
    for event in calendar.walk("VEVENT"):
        wall = event.start.replace(tzinfo=None)
        assert (wall.hour, wall.minute) == (9, 0)
        offsets[wall.date()] = wall.replace(tzinfo=zone).utcoffset()
        assert offsets[wall.date()] == wall.replace(tzinfo=AMSTERDAM).utcoffset()
    assert offsets[date(2027, 3, 25)] == timedelta(hours=1)
    assert offsets[date(2027, 3, 30)] == timedelta(hours=2)


def test_an_event_keeps_its_id_and_two_people_share_none(
    anna: FlaskClient, site: Site, world: World, clock: StoppedClock
) -> None:
    mine, other = make_link(anna), make_link(site.browser(world.bram))
    before = {event.start: event["uid"] for event in events(fetch(site.app, mine))}
    theirs = {event["uid"] for event in events(fetch(site.app, other))}
    clock.move(days=1)
    after = {event.start: event["uid"] for event in events(fetch(site.app, mine))}
    both = before.keys() & after.keys()
    assert len(both) == 19
    assert all(before[start] == after[start] for start in both)
    assert not theirs & set(before.values())


def test_rhythm_and_pause_are_heeded(
    anna: FlaskClient, site: Site, world: World, database: Database
) -> None:
    link = make_link(anna)
    with database.transaction() as session:
        teams.set_rhythm(session, world.zaanstad, world.team_noord, Rhythm.WEEKLY)
    assert [day.weekday() for day in days(fetch(site.app, link))] == [0, 0, 0, 0]
    with database.transaction() as session:
        pauses.pause(session, world.anna.id, last_day=date(2026, 12, 1), today=TODAY)
    assert days(fetch(site.app, link)) == [date(2026, 12, 7), date(2026, 12, 14)]


def test_an_answer_changes_not_a_byte(anna: FlaskClient, site: Site) -> None:
    link = make_link(anna)
    before = fetch(site.app, link)
    give(site, anna)
    after = fetch(site.app, link)
    assert before.data == after.data and before.headers["ETag"] == after.headers["ETag"]
    again = site.app.test_client().get(link, headers={"If-None-Match": before.headers["ETag"]})
    assert again.status_code == 304


def test_the_secret_is_shown_once_and_kept_as_a_hash(
    anna: FlaskClient, site: Site, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    link = make_link(anna)
    secret = link.removeprefix("/agenda/").removesuffix(".ics")
    fetch(site.app, link)
    assert len(secret) >= 22, "128 bits"
    assert secret not in anna.get("/account/agenda").text
    with database.reading() as session:
        (row,) = session.execute(select(CALENDAR_FEED)).all()
    assert secret not in str(row) and secret not in fetch(site.app, link).text
    logged = capsys.readouterr()
    assert secret not in logged.out + logged.err


def test_it_is_revoked_and_renewed(anna: FlaskClient, site: Site) -> None:
    first = make_link(anna)
    second = make_link(anna)
    assert fetch(site.app, first).status_code == 404
    assert fetch(site.app, second).status_code == 200
    fill_in(anna, "/account/agenda", "/account/agenda/stop")
    gone = fetch(site.app, second)
    assert gone.status_code == 404 and "Bij Account maak je een nieuwe." in gone.text


def test_another_time_keeps_the_address(anna: FlaskClient, site: Site) -> None:
    link = make_link(anna)
    fill_in(anna, "/account/agenda", "/account/agenda/tijd", tijd="450")
    assert "om 7.30 uur in je agenda" in anna.get("/account/agenda").text
    start = events(fetch(site.app, link))[0].start
    assert start == datetime(2026, 11, 23, 7, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.mark.parametrize("url", ["/account/agenda", "/account/agenda/tijd"])
@pytest.mark.parametrize("at", ["", "547", "acht uur", "-30", "99999999999"])
def test_a_time_that_was_not_offered_makes_nothing(
    anna: FlaskClient, database: Database, url: str, at: str
) -> None:
    refused = fill_in(anna, "/account/agenda", url, tijd=at)
    assert refused.status_code == 422 and "Kies een tijd van 7.00 uur" in refused.text
    with database.reading() as session:
        assert session.execute(select(CALENDAR_FEED)).all() == []


def test_the_time_of_a_feed_that_is_not_there_is_not_found(anna: FlaskClient) -> None:
    moved = fill_in(anna, "/account/agenda", "/account/agenda/tijd", tijd="540")
    assert moved.status_code == 404


def test_who_left_or_is_blocked_has_no_feed(
    anna: FlaskClient, site: Site, world: World, database: Database
) -> None:
    mine, other = make_link(anna), make_link(site.browser(world.bram))
    set_user(database, world.anna.id, status=Status.BLOCKED)
    assert fetch(site.app, mine).status_code == 404
    with database.transaction() as session:
        remove_person(session, world.bram.id, (forget_person,), ROW_KEYS)
    assert fetch(site.app, other).status_code == 404
    with database.reading() as session:
        assert len(session.execute(select(CALENDAR_FEED)).all()) == 1


def test_guessing_is_slowed_down_and_who_has_a_link_is_not(
    anna: FlaskClient, site: Site, world: World
) -> None:
    link, stranger = make_link(anna), site.app.test_client()
    answers = [stranger.get(f"/agenda/{number}.ics").status_code for number in range(WRONG_LINKS)]
    assert set(answers) == {404}
    assert stranger.get("/agenda/nog-een.ics").status_code == 429
    assert stranger.get(link).status_code == 200


def test_nobody_makes_a_link_without_signing_in(site: Site, world: World) -> None:
    assert site.app.test_client().get("/account/agenda").status_code == 302
    assert browser_of(site.app, world.chris).get("/account/agenda").status_code == 200
