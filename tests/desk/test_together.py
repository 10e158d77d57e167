"""Redacteuren on one card: remarks, and seeing that another is busy."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kopkrakers.accounts.service import remove_person
from kopkrakers.app import on_removal
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.desk.editor.together import BUSY_FOR
from tests.desk.editing import SLUG, TEXT, Redacteur, begin, press, published, save, token_of
from tests.support.clock import StoppedClock
from tests.support.world import ROW_KEYS

CARD = f"/redactie/kaarten/{SLUG}"


def remark(
    browser: FlaskClient, text: str, part: str = "", what: str = "opmerking"
) -> TestResponse:
    data = token_of(browser) | {"opmerking": text, "deel": part, "wat": what}
    return browser.post(f"{CARD}/opmerking", data=data)


def typing(browser: FlaskClient) -> TestResponse:
    return browser.post(
        f"{CARD}/nagekeken", data=token_of(browser) | {"tekst": TEXT, "versie": "2"}
    )


@pytest.fixture
def asked(esra: Redacteur) -> Redacteur:
    """Esra asked for a second reader of version 2."""
    begin(esra.browser)
    save(esra.browser, TEXT, version=1)
    press(esra.browser, "vraag", 2)
    return esra


def test_a_remark_stands_at_its_part_until_it_is_done(asked: Redacteur, guus: Redacteur) -> None:
    assert remark(guus.browser, "Is <dit> zo?", "werkwijzen-2").status_code == 303
    page = asked.browser.get(CARD).text
    section = page.split('id="deel-werkwijzen-2"')[1].split("</details>")[0]
    assert "Is &lt;dit&gt; zo?" in section and "Guus" in section
    assert " open" in section.split(">")[0]
    done = page.split(f'action="{CARD}/opmerking/')[1].split('"')[0]
    address = f"{CARD}/opmerking/{done}"
    assert asked.browser.post(address, data=token_of(asked.browser)).status_code == 303
    assert "Is &lt;dit&gt; zo?" not in asked.browser.get(CARD).text
    again = asked.browser.post(address, data=token_of(asked.browser), follow_redirects=True)
    assert "was al klaar" in again.text


def test_the_second_reader_sends_back_with_a_remark(
    asked: Redacteur, guus: Redacteur, database: Database
) -> None:
    assert remark(guus.browser, "Nog niet.", what="terug").status_code == 303
    assert "De kaart is teruggestuurd." in guus.browser.get(CARD).text
    in_list = asked.browser.get("/redactie/kaarten").text
    assert re.search(r"<strong>Nieuw verhaal</strong>\s*<small>in de maak · 1 opmerking<", in_list)
    page = asked.browser.get(CARD).text
    assert "Nog niet." in page and "Vraag een tweede lezer" in page
    assert press(guus.browser, "publiceer", 2).status_code == 409
    assert published(database) is None


@pytest.mark.parametrize(
    ("text", "sentence"), [("", "Schrijf je opmerking op"), ("x" * 2001, "2000 tekens")]
)
def test_a_remark_that_cannot_be_comes_back_with_its_words(
    asked: Redacteur, guus: Redacteur, text: str, sentence: str
) -> None:
    refused = remark(guus.browser, text)
    assert refused.status_code == 422
    assert sentence in refused.text and text in refused.text


def test_a_remark_on_a_part_that_went_stays_with_the_card(
    asked: Redacteur, guus: Redacteur
) -> None:
    remark(guus.browser, "Hierover.", "vervolg-3")
    assert "Hierover." in asked.browser.get(CARD).text


def test_two_who_type_in_one_card_see_each_other(
    asked: Redacteur, guus: Redacteur, clock: StoppedClock
) -> None:
    assert "werkt nu ook" not in typing(asked.browser).text
    assert "Esra werkt nu ook aan deze kaart" in guus.browser.get(CARD).text
    assert "werkt nu ook" not in asked.browser.get(CARD).text
    typing(guus.browser)
    assert "Guus werkt nu ook aan deze kaart" in asked.browser.get(CARD).text
    clock.move(seconds=BUSY_FOR.total_seconds() + 1)
    assert "werkt nu ook" not in asked.browser.get(CARD).text


def test_who_leaves_takes_nothing_of_the_desk_along(
    asked: Redacteur, guus: Redacteur, database: Database, settings: Settings
) -> None:
    typing(asked.browser)
    remark(asked.browser, "Van mij.")
    with database.transaction() as session:
        remove_person(session, asked.who.id, on_removal(settings), ROW_KEYS)
    page = guus.browser.get(CARD).text
    assert "Van mij." in page and "Iemand" in page and "Esra" not in page
    assert press(guus.browser, "publiceer", 2).status_code == 303


def test_only_redacteuren_come_here(asked: Redacteur, app: Flask, anna: FlaskClient) -> None:
    assert remark(anna, "Hoi").status_code == 403
