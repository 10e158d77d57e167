"""A pause is one tap, without a question, and the day goes on as it was."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.rhythm import who_is_reminded
from tests.support.clock import StoppedClock
from tests.support.pages import Site, give, words
from tests.support.signing_in import fill_in
from tests.support.world import World, browser_of

ON_THE_DAY = "Je hebt pauze tot en met"


@pytest.fixture
def anna(app: Flask, world: World) -> FlaskClient:
    return browser_of(app, world.anna)


def is_reminded(database: Database, world: World, clock: StoppedClock) -> bool:
    with database.reading() as session:
        return bool(who_is_reminded(session, [world.anna.id], clock().date()))


def test_one_tap_pauses_and_one_ends_it(
    anna: FlaskClient, database: Database, world: World, clock: StoppedClock
) -> None:
    assert is_reminded(database, world, clock)
    fill_in(anna, "/account", "/account/pauze", weken="2", tot="")
    assert "tot en met maandag 7 december" in words(anna.get("/account"))
    assert not is_reminded(database, world, clock)
    fill_in(anna, "/account", "/account/pauze/stop")
    assert is_reminded(database, world, clock)


def test_the_day_says_so_and_goes_on(site: Site, world: World) -> None:
    anna, bram = site.browser(world.anna), site.browser(world.bram)
    fill_in(anna, "/account", "/account/pauze", tot="2026-11-27")
    page = words(anna.get("/"))
    assert f"{ON_THE_DAY} vrijdag 27 november" in page and "Doe mijn keuze in de bus" in page
    assert ON_THE_DAY not in words(bram.get("/"))
    assert give(site, anna).status_code == 303


def test_it_ends_by_itself(anna: FlaskClient, clock: StoppedClock) -> None:
    fill_in(anna, "/account", "/account/pauze", tot="2026-11-24")
    clock.move(days=1)
    assert ON_THE_DAY in words(anna.get("/account"))
    clock.move(days=1)
    assert ON_THE_DAY not in words(anna.get("/account"))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Kies een dag, zoals 2026-11-30."),
        ("morgen", "Kies een dag, zoals 2026-11-30."),
        ("2026-02-30", "Kies een dag, zoals 2026-11-30."),
        ("2026-11-22", "Kies vandaag of een dag die nog komt."),
        ("2028-01-01", "Kies een dag binnen een jaar."),
    ],
)
def test_a_day_that_cannot_be_comes_back(anna: FlaskClient, typed: str, sentence: str) -> None:
    refused = fill_in(anna, "/account", "/account/pauze", weken="99", tot=typed)
    assert refused.status_code == 422 and sentence in words(refused)
    assert ON_THE_DAY not in words(anna.get("/account"))
    assert typed == "" or f'value="{typed}"' in refused.text


def test_nobody_else_sees_a_pause(anna: FlaskClient, app: Flask, world: World) -> None:
    fill_in(anna, "/account", "/account/pauze", weken="1")
    for visitor, url in ((world.gerda, "/team"), (world.farid, f"/beheer/mensen/{world.anna.id}")):
        assert "pauze" not in words(browser_of(app, visitor).get(url)).lower()
