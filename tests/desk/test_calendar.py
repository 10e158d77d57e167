"""The calendar in the browser: one day, or two that change places; a begun day never."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from kopkrakers.base.db import Database
from kopkrakers.catalogue.cards.card import is_stelling_slug
from kopkrakers.catalogue.editions.calendar import PLANNED_DAYS
from kopkrakers.catalogue.editions.editions import DAY
from kopkrakers.catalogue.editions.working_days import is_working_day
from kopkrakers.catalogue.stellingen.daily import daily_stellingen
from kopkrakers.desk.planning.service import SHOWN_DAYS
from tests.desk.editing import SLUG, TEXT, Redacteur, published_card, token_of
from tests.support.clock import StoppedClock
from tests.support.pages import Site, give
from tests.support.world import World, browser_of


def planned(database: Database) -> dict[date, str]:
    with database.reading() as session:
        return dict(session.execute(select(DAY.c.day, DAY.c.dilemma)).all())


def change(browser: FlaskClient, day: date, slug: str, shown: str) -> TestResponse:
    data = token_of(browser) | {"kaart": slug, "stond": shown}
    return browser.post(f"/redactie/kalender/{day.isoformat()}", data=data)


@pytest.fixture
def later(site: Site, database: Database) -> list[date]:
    """The planned days after today."""
    return [day for day in sorted(planned(database)) if day > site.state.today()]


def test_a_published_card_gets_a_day_that_it_keeps(
    site: Site, esra: Redacteur, guus: Redacteur, later: list[date], database: Database
) -> None:
    published_card(esra.browser, guus.browser)
    site.state.library._reread_at = 0
    day = later[0]
    assert change(guus.browser, day, SLUG, planned(database)[day]).status_code == 303
    site.tick()
    assert planned(database)[day] == SLUG
    assert "Nieuw verhaal" in guus.browser.get("/redactie/kalender").text


def test_a_card_on_another_day_changes_places(
    site: Site, esra: Redacteur, later: list[date], database: Database
) -> None:
    before = planned(database)
    first, second = later[0], next(day for day in later if before[day] != before[later[0]])
    assert change(esra.browser, first, before[second], before[first]).status_code == 303
    after = planned(database)
    assert (after[first], after[second]) == (before[second], before[first])


def test_a_day_that_people_answer_stays(
    site: Site, world: World, esra: Redacteur, database: Database, later: list[date]
) -> None:
    today, before = site.state.today(), planned(database)
    assert give(site, site.browser(world.anna)).status_code == 303
    refused = change(esra.browser, today, before[later[0]], before[today])
    assert refused.status_code == 409 and "Deze dag is al begonnen" in refused.text
    assert planned(database) == before


def test_a_day_that_began_while_the_page_stood_open_stays(
    site: Site, esra: Redacteur, later: list[date], database: Database, clock: StoppedClock
) -> None:
    before = planned(database)
    data = token_of(esra.browser) | {"kaart": before[later[1]], "stond": before[later[0]]}
    clock.move(days=(later[0] - site.state.today()).days)
    late = esra.browser.post(f"/redactie/kalender/{later[0].isoformat()}", data=data)
    assert late.status_code == 409 and planned(database) == before


def test_of_two_who_change_a_day_the_second_hears_it(
    site: Site, esra: Redacteur, guus: Redacteur, later: list[date], database: Database
) -> None:
    before = planned(database)
    day = later[0]
    others = sorted(set(before.values()) - {before[day]})
    change(esra.browser, day, others[0], before[day])
    late = change(guus.browser, day, others[1], before[day])
    assert late.status_code == 409 and "Deze dag is intussen veranderd" in late.text
    assert planned(database)[day] == others[0]


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("bestaat-niet", "Deze kaart is er niet"),
        ("../x", "Deze kaart is er niet"),
        ("", "Kies een kaart voor deze dag."),
    ],
)
def test_a_card_that_is_not_there_is_refused(
    site: Site, esra: Redacteur, later: list[date], database: Database, slug: str, sentence: str
) -> None:
    before = planned(database)
    refused = change(esra.browser, later[0], slug, before[later[0]])
    assert refused.status_code == 422 and sentence in refused.text
    assert planned(database) == before


@pytest.fixture
def far(site: Site, later: list[date]) -> date:
    """A working day for which the calendar does not choose yet."""
    day = site.state.today() + timedelta(days=PLANNED_DAYS + 14)
    while not is_working_day(day):
        day += timedelta(days=1)
    assert day > later[-1]
    return day


def test_sixty_working_days_are_shown_with_what_is_known_of_each(
    site: Site, esra: Redacteur, far: date
) -> None:
    page = esra.browser.get("/redactie/kalender").text
    days = re.findall(r"/redactie/kalender/(\d{4}-\d\d-\d\d)", page)
    # but for today, which is no link
    assert len(days) == len(set(days)) == SHOWN_DAYS - 1
    assert far.isoformat() in days and "nog vrij" in page
    assert "Deze dag is nog vrij." in esra.browser.get(f"/redactie/kalender/{far}").text


def test_a_far_day_is_held_and_the_calendar_keeps_it(
    site: Site, esra: Redacteur, guus: Redacteur, far: date, database: Database, clock: StoppedClock
) -> None:
    published_card(esra.browser, guus.browser)
    site.state.library._reread_at = 0
    before = planned(database)
    assert change(esra.browser, far, SLUG, "").status_code == 303
    assert "Nieuw verhaal" in guus.browser.get("/redactie/kalender").text
    late = change(guus.browser, far, SLUG, "")
    assert late.status_code == 409 and "Deze dag is intussen veranderd" in late.text
    clock.move(days=20)
    site.tick()
    after = planned(database)
    assert after[far] == SLUG and list(after.values()).count(SLUG) == 1
    assert {day: after[day] for day in before} == before


def test_a_held_day_is_left_to_the_calendar_again(
    site: Site, esra: Redacteur, far: date, database: Database
) -> None:
    before = planned(database)
    slug = next(iter(before.values()))
    address = f"/redactie/kalender/{far}"
    change(esra.browser, far, slug, "")
    assert "Laat de kalender kiezen" in esra.browser.get(address).text
    free = token_of(esra.browser) | {"stond": slug}
    assert esra.browser.post(f"{address}/vrij", data=free).status_code == 303
    assert far not in planned(database)
    again = esra.browser.post(f"{address}/vrij", data=free)
    assert again.status_code == 409 and "Deze dag is intussen veranderd" in again.text


def test_a_near_day_keeps_its_card(
    site: Site, esra: Redacteur, later: list[date], database: Database
) -> None:
    before, day = planned(database), later[0]
    assert "Laat de kalender kiezen" not in esra.browser.get(f"/redactie/kalender/{day}").text
    free = token_of(esra.browser) | {"stond": before[day]}
    refused = esra.browser.post(f"/redactie/kalender/{day}/vrij", data=free)
    assert refused.status_code == 409 and "Hij houdt zijn kaart" in refused.text
    assert planned(database) == before


def test_a_card_that_moves_to_a_far_day_leaves_its_own_to_the_calendar(
    site: Site, esra: Redacteur, later: list[date], far: date, database: Database
) -> None:
    before, day = planned(database), later[0]
    for other in later[1:]:
        # so that it stands on one day alone
        if before[other] == before[day]:
            change(esra.browser, other, next(iter(site.state.library.cards())), before[other])
    assert change(esra.browser, far, before[day], "").status_code == 303
    assert day not in planned(database) and planned(database)[far] == before[day]
    site.tick()
    assert planned(database)[day] != before[day]


def test_a_day_off_and_a_day_too_far_are_none_of_the_calendar(
    site: Site, esra: Redacteur, far: date, database: Database
) -> None:
    before = planned(database)
    slug = next(iter(before.values()))
    saturday = far + timedelta(days=(5 - far.weekday()) % 7)
    for day in (saturday, far + timedelta(days=365)):
        assert esra.browser.get(f"/redactie/kalender/{day}").status_code == 404
        assert change(esra.browser, day, slug, "").status_code == 404
    assert planned(database) == before


def test_a_card_out_of_season_is_refused_with_the_reason(
    site: Site, esra: Redacteur, guus: Redacteur, later: list[date], database: Database
) -> None:
    text = TEXT.replace("editie: 1", "editie: 1\nseizoen: vakantiegeld")
    published_card(esra.browser, guus.browser, text)
    site.state.library._reread_at = 0
    refused = change(esra.browser, later[0], SLUG, planned(database)[later[0]])
    assert refused.status_code == 422 and "andere tijd van het jaar" in refused.text


@pytest.mark.parametrize("day", ["morgen", "2026-02-31", "1999-01-04", "9999-12-31"])
def test_a_day_that_is_not_planned_is_404(site: Site, esra: Redacteur, day: str) -> None:
    assert esra.browser.get(f"/redactie/kalender/{day}").status_code == 404


def test_only_redacteuren_come_here(app: Flask, site: Site, world: World) -> None:
    for visitor in (world.anna, world.chris, world.farid):
        assert browser_of(app, visitor).get("/redactie/kalender").status_code == 403
    assert app.test_client().get("/redactie/kalender").status_code == 302


def test_a_redacteur_moves_a_stelling_and_never_has_two_in_a_fortnight(
    site: Site, esra: Redacteur, later: list[date], database: Database
) -> None:
    before = planned(database)
    (day,) = [one for one in later if is_stelling_slug(before[one])]
    slug = before[day]
    other = next(one for one in daily_stellingen() if one != slug)
    page = esra.browser.get(f"/redactie/kalender/{later[0].isoformat()}").text
    assert f"Stelling: {daily_stellingen()[other].title}" in page
    near = later[later.index(day) - 1]
    refused = change(esra.browser, near, other, before[near])
    assert refused.status_code == 422 and "hoogstens één keer in de twee weken" in refused.text
    assert planned(database) == before
    # the same one may move, and leaves its place to what stood there
    assert change(esra.browser, near, slug, before[near]).status_code == 303
    site.tick()
    after = planned(database)
    assert (after[near], after[day]) == (slug, before[near])
    # nor do two days that change places bring two together
    far = next(one for one in later if abs((one - near).days) >= 14)
    assert change(esra.browser, far, other, after[far]).status_code == 303
    between = later[later.index(far) + 1]
    assert change(esra.browser, between, slug, after[between]).status_code == 422
