"""How many accounts a gemeente may have: nobody comes in above that, by whatever way."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from kopkrakers.accounts.models import GEMEENTE, USER, Status
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from tests.support.mailbox import Mailbox
from tests.support.running import Shell
from tests.support.signing_in import PASSWORD, fill_in
from tests.support.world import World, browser_of

HERE = 5
"""Accounts of Zaanstad in the world."""
INVITE, LIST = "/beheer/uitnodigen", "/beheer/uitnodigen/lijst"


@pytest.fixture
def farid(mail_app: Flask, world: World) -> FlaskClient:
    return browser_of(mail_app, world.farid)


def limit(database: Database, most: int | None) -> None:
    with database.transaction() as session:
        session.execute(update(GEMEENTE).where(GEMEENTE.c.name == "Zaanstad").values(places=most))


def accounts(database: Database) -> int:
    active = select(func.count()).where(USER.c.status == Status.ACTIVE)
    with database.reading() as session:
        here = active.join(GEMEENTE, GEMEENTE.c.id == USER.c.gemeente_id)
        return int(session.execute(here.where(GEMEENTE.c.name == "Zaanstad")).scalar_one())


def invited(farid: FlaskClient, name: str) -> int:
    person = {"naam": name, "adres": f"{name.lower()}@z.nl", "rollen": "klantmanager"}
    return fill_in(farid, INVITE, wijze="mail", **person).status_code


def test_the_operator_sets_the_number_and_takes_it_away(
    settings: Settings, world: World, database: Database
) -> None:
    shell = Shell(settings, "gemeente")
    assert shell("plaatsen", "zaanstad", "250").stdout == (
        "Zaanstad mag hoogstens 250 accounts hebben.\n"
    )
    assert "Zaanstad: accounts 5 van 250," in shell("list").stdout
    zaanstad = json.loads(shell("list", "--json").stdout)[1]
    assert (zaanstad["accounts"], zaanstad["plaatsen"]) == (HERE, 250)
    assert "zoveel accounts hebben als er komen" in shell("plaatsen", "Zaanstad").stdout
    assert "Zaanstad: accounts 5," in shell("list").stdout
    for wrong in ("0", "-1", "veel"):
        assert shell("plaatsen", "Zaanstad", wrong).exit_code == 2
    assert shell("plaatsen", "Nergens", "5").exit_code == 1


def test_a_beheerder_sees_the_places_and_invites_nobody_above_them(
    farid: FlaskClient, database: Database, mailbox: Mailbox
) -> None:
    assert "plaatsen zijn bezet" not in farid.get("/beheer").text
    limit(database, HERE + 1)
    assert invited(farid, "Nova") == 303
    page = farid.get("/beheer").text
    assert "5 van de 6 plaatsen zijn bezet, en er staan 1 uitnodigingen open." in page
    person = {"naam": "Omar", "adres": "omar@z.nl", "rollen": "klantmanager"}
    refused = fill_in(farid, INVITE, wijze="mail", **person)
    assert refused.status_code == 422 and "omar@z.nl" in refused.text
    assert "Zaanstad heeft er 6, met 5 accounts en 1 open uitnodigingen." in refused.text
    mailbox.arrived()
    # the same person once more takes no second place
    assert invited(farid, "Nova") == 303


def test_a_list_or_file_above_them_invites_nobody(
    farid: FlaskClient, mail_settings: Settings, database: Database, mailbox: Mailbox
) -> None:
    limit(database, HERE + 1)
    two = "Nova; nova@z.nl\nOmar; omar@z.nl"
    refused = fill_in(farid, LIST, mensen=two)
    assert refused.status_code == 422 and "Alle plaatsen zijn bezet" in refused.text
    assert "nova@z.nl" in refused.text and mailbox.is_empty()
    assert fill_in(farid, LIST, mensen="Nova; nova@z.nl").status_code == 200


@pytest.mark.slow
def test_of_two_at_once_at_the_last_place_one_comes_in(
    mail_app: Flask, farid: FlaskClient, database: Database, mailbox: Mailbox
) -> None:
    assert [invited(farid, name) for name in ("Nova", "Omar")] == [303, 303]
    links = [mailbox.link(), mailbox.link()]
    limit(database, HERE + 1)
    ready = Barrier(2)

    def join(link: str) -> int:
        browser = mail_app.test_client()
        browser.get(link)
        ready.wait()
        return fill_in(browser, link, naam="Nieuw", wachtwoord=PASSWORD).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(join, links)) == [303, 409]
    assert accounts(database) == HERE + 1


def test_a_link_that_found_no_place_works_once_there_is_one(
    mail_app: Flask, farid: FlaskClient, database: Database, mailbox: Mailbox
) -> None:
    invited(farid, "Nova")
    link = mailbox.link()
    limit(database, HERE)
    refused = fill_in(mail_app.test_client(), link, naam="Nova", wachtwoord=PASSWORD)
    assert refused.status_code == 409
    assert "Bij Zaanstad zijn alle plaatsen bezet." in refused.text
    limit(database, None)
    joined = fill_in(mail_app.test_client(), link, naam="Nova", wachtwoord=PASSWORD)
    assert joined.status_code == 303 and accounts(database) == HERE + 1


def test_who_is_stopped_gives_up_a_place_and_comes_back_when_there_is_one(
    farid: FlaskClient, world: World, database: Database
) -> None:
    person = f"/beheer/mensen/{world.anna.id}"
    limit(database, HERE)
    assert fill_in(farid, person, f"{person}/stilzetten").status_code == 303
    assert invited(farid, "Nova") == 303
    limit(database, HERE - 1)
    refused = fill_in(farid, person, f"{person}/aanzetten")
    assert refused.status_code == 409 and "alle plaatsen bezet" in refused.text
    limit(database, HERE)
    assert fill_in(farid, person, f"{person}/aanzetten").status_code == 303


def test_nobody_who_is_there_already_goes(
    farid: FlaskClient, world: World, database: Database
) -> None:
    limit(database, 1)
    assert accounts(database) == HERE and farid.get("/beheer").status_code == 200
