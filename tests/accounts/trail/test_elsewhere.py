"""What is done outside beheer and stays in the trail: regio's, and what onderzoekers do."""

import re
from typing import Any

from flask import Flask
from sqlalchemy import select

from kopkrakers.accounts.trail.models import BEHEER_ACTION
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from tests.support.pages import send
from tests.support.running import Shell
from tests.support.world import World, browser_of


def noted(database: Database) -> list[Any]:
    """Return what the trail holds, in its order: of which gemeente, by whom, what, with what."""
    rows = BEHEER_ACTION.c
    columns = select(rows.gemeente_id, rows.actor_id, rows.what, rows.detail)
    with database.reading() as session:
        found = session.execute(columns.order_by(rows.number)).all()
    return [tuple(row) for row in found]


def test_a_move_between_regios_stands_with_each_gemeente(
    settings: Settings, world: World, database: Database
) -> None:
    regio = Shell(settings, "regio")
    regio("add", "Waterland", "Zaanstad", "Almere")
    regio("uit", "Almere")
    regio("zet", "Almere", "Waterland")
    regio("remove", "Waterland")
    regio("remove", "Waterland")
    zaanstad, almere = world.zaanstad, world.almere
    assert sorted(noted(database)[:2]) == [
        (zaanstad, None, "regio_in", "Waterland"),
        (almere, None, "regio_in", "Waterland"),
    ]
    assert noted(database)[2:6] == [
        (almere, None, "regio_out", "Waterland"),
        (zaanstad, None, "regio_others", "Waterland: Almere eruit"),
        (almere, None, "regio_in", "Waterland"),
        (zaanstad, None, "regio_others", "Waterland: Almere erbij"),
    ]
    assert {row[:3] for row in noted(database)[6:]} == {
        (zaanstad, None, "regio_out"),
        (almere, None, "regio_out"),
    }
    assert len(noted(database)) == 8


def test_a_new_name_of_a_regio_stands_with_each_gemeente_in_it(
    settings: Settings, app: Flask, world: World, database: Database
) -> None:
    regio = Shell(settings, "regio")
    regio("add", "Waterland", "Zaanstad", "Almere")
    assert regio("hernoem", "Waterland", "Plassen").exit_code == 0
    said = "Waterland, nu Plassen"
    assert sorted(noted(database)[2:]) == [
        (world.zaanstad, None, "regio_renamed", said),
        (world.almere, None, "regio_renamed", said),
    ]
    page = browser_of(app, world.farid).get("/beheer/handelingen").text
    assert "gaf een regio een andere naam" in page and said in page


def test_a_new_name_of_an_empty_regio_is_read_by_everybody(
    settings: Settings, world: World, database: Database
) -> None:
    regio = Shell(settings, "regio")
    regio("add", "Waterland", "Zaanstad", "Almere")
    regio("uit", "Zaanstad")
    regio("uit", "Almere")
    regio("hernoem", "Waterland", "Plassen")
    assert noted(database)[-1:] == [(None, None, "regio_renamed", "Waterland, nu Plassen")]


def test_a_promise_and_keys_of_an_onderzoeker_stand_there_and_no_key(
    app: Flask, world: World, database: Database
) -> None:
    dewi = browser_of(app, world.dewi)
    send(dewi, "/onderzoek/voorwaarden", beloofd="ja")
    made = send(dewi, "/onderzoek/sleutels", bereik="tables", dagen="90")
    send(dewi, "/onderzoek/sleutels", bereik="nothing", dagen="90")
    send(dewi, "/onderzoek/sleutels/1/intrekken")
    of_dewi = (world.zaanstad, world.dewi.id)
    assert noted(database) == [
        (*of_dewi, "terms", ""),
        (*of_dewi, "key_made", ""),
        (*of_dewi, "key_revoked", ""),
    ]
    page = browser_of(app, world.farid).get("/beheer/handelingen").text
    assert "Dewi</strong> maakte een sleutel om onderzoekscijfers op te halen" in page
    key = re.search(r"kkr_[\w-]{43}", made.text)
    assert key is not None and key[0] not in page
