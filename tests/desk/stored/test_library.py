"""Cards in files and of the desk are one library, for every process, whatever breaks."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, text, update

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.catalogue.library import REREAD_AFTER, Library
from kopkrakers.catalogue.stored.models import CARD_VERSION, STORED_CARD
from kopkrakers.catalogue.stored.reading import StoredCards
from tests.desk.editing import (
    SLUG,
    TEXT,
    Redacteur,
    begin,
    press,
    published,
    published_card,
    save,
    token_of,
)
from tests.support.cards import EverLater
from tests.support.clock import StoppedClock
from tests.support.pages import Site, give, open_site
from tests.support.world import World, browser_of

FILE = "een-plek"


@pytest.fixture
def elsewhere(settings: Settings, cards_dir: Path) -> Library:
    """The library of another process: its own connections, looking at every question."""
    stored = StoredCards(Database(settings.database_url))
    return Library(cards_dir, stored=stored, monotonic=EverLater())


def test_a_published_card_is_seen_by_every_process_at_its_next_look(
    esra: Redacteur, guus: Redacteur, elsewhere: Library
) -> None:
    assert elsewhere.card(SLUG) is None
    published_card(esra.browser, guus.browser)
    card = elsewhere.card(SLUG)
    assert card is not None and card.title == "Nieuw verhaal"
    assert FILE in elsewhere.cards()


@pytest.fixture
def second_process(settings: Settings) -> Iterator["subprocess.Popen[str]"]:
    """Another process with the same cards. For each slug in a line it answers with the title."""
    address = settings.database_url
    command = [
        sys.executable,
        "-m",
        "tests.desk.stored.second_process",
        str(settings.cards_dir),
        address,
    ]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def title_in(process: "subprocess.Popen[str]", slug: str) -> str:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(f"{slug}\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def test_another_process_sees_what_was_published_half_a_second_later(
    esra: Redacteur, guus: Redacteur, second_process: "subprocess.Popen[str]"
) -> None:
    assert title_in(second_process, FILE) == "Eén plek, twee mensen"
    assert title_in(second_process, SLUG) == "-"
    published_card(esra.browser, guus.browser)
    # it looked just before, so this is as old as what it knows can be
    time.sleep(REREAD_AFTER)
    assert title_in(second_process, SLUG) == "Nieuw verhaal"
    assert REREAD_AFTER <= 0.5


def test_a_draft_is_seen_by_nobody(esra: Redacteur, elsewhere: Library) -> None:
    begin(esra.browser)
    save(esra.browser, TEXT, version=1)
    press(esra.browser, "vraag", 2)
    assert elsewhere.card(SLUG) is None


def test_a_file_that_was_taken_over_counts_no_more(
    esra: Redacteur, guus: Redacteur, elsewhere: Library, cards_dir: Path
) -> None:
    before = elsewhere.card(FILE)
    address = f"/redactie/kaarten/{FILE}/overnemen"
    assert esra.browser.post(address, data=token_of(esra.browser)).status_code == 303
    assert elsewhere.card(FILE) == before
    path = cards_dir / f"{FILE}.md"
    path.write_text(path.read_text("utf-8").replace("Sam", "Bestand"), encoding="utf-8")
    card = elsewhere.card(FILE)
    assert card is not None and "Bestand" not in card.story_text
    assert "Die gaat voor" in elsewhere.faults()[f"{FILE}.md"][0].sentence


def test_of_two_who_take_a_file_over_one_begins(esra: Redacteur, guus: Redacteur) -> None:
    address = f"/redactie/kaarten/{FILE}/overnemen"
    for redacteur in (esra, guus):
        answer = redacteur.browser.post(address, data=token_of(redacteur.browser))
        assert answer.location == f"/redactie/kaarten/{FILE}"
    assert "Deze kaart stond al bij de redactie." in guus.browser.get(answer.location).text


@pytest.mark.parametrize("slug", ["bestaat-niet", "themas", "EEN-PLEK"])
def test_a_file_that_is_not_there_is_not_taken_over(esra: Redacteur, slug: str) -> None:
    address = f"/redactie/kaarten/{slug}/overnemen"
    assert esra.browser.post(address, data=token_of(esra.browser)).status_code == 404


def test_a_card_that_this_version_finds_faulty_stops_nothing(
    app: Flask, esra: Redacteur, guus: Redacteur, elsewhere: Library, database: Database
) -> None:
    published_card(esra.browser, guus.browser)
    assert elsewhere.card(SLUG) is not None
    row = {"slug": SLUG, "number": 3, "source": "---\nnieuw_veld: x\n---\n", "written_by": None}
    with database.transaction() as session:
        session.execute(insert(CARD_VERSION), row | {"day": app.extensions["kopkrakers"].today()})
        session.execute(update(STORED_CARD).values(published=3))
    card = elsewhere.card(SLUG)
    assert card is not None and card.title == "Nieuw verhaal"
    assert elsewhere.faults()[f"{SLUG}.md"] and FILE in elsewhere.cards()


def test_a_process_that_starts_with_a_faulty_card_shows_the_others(
    app: Flask, esra: Redacteur, guus: Redacteur, elsewhere: Library, database: Database
) -> None:
    published_card(esra.browser, guus.browser)
    with database.transaction() as session:
        session.execute(update(CARD_VERSION).values(source="kapot"))
    assert elsewhere.card(SLUG) is None and FILE in elsewhere.cards()
    app.extensions["kopkrakers"].library._reread_at = 0
    page = esra.browser.get("/redactie").text
    assert f"{SLUG}.md" in page and "Heeft een fout" in page


def test_while_the_desk_is_away_cards_stay_as_they_were(
    esra: Redacteur, guus: Redacteur, elsewhere: Library, database: Database
) -> None:
    published_card(esra.browser, guus.browser)
    assert elsewhere.card(SLUG) is not None
    with database.transaction() as session:
        session.execute(text("ALTER TABLE stored_card RENAME TO weg"))
    try:
        assert elsewhere.card(SLUG) is not None and FILE in elsewhere.cards()
    finally:
        with database.transaction() as session:
            session.execute(text("ALTER TABLE weg RENAME TO stored_card"))


def test_a_card_withdrawn_while_answers_wait_is_gone_and_the_answers_stay(
    app: Flask, world: World, esra: Redacteur, guus: Redacteur, clock: StoppedClock
) -> None:
    site: Site = open_site(app)
    anna = browser_of(app, world.anna)
    assert give(site, anna).status_code == 303
    token = token_of(esra.browser)
    esra.browser.post(f"/redactie/kaarten/{site.slug}/overnemen", data=token)
    address = f"/redactie/kaarten/{site.slug}/intrekken"
    silent = esra.browser.post(address, data=token | {"tekst": " "})
    assert "Schrijf waarom je de kaart intrekt." in silent.text
    gone = esra.browser.post(address, data=token | {"tekst": "De wet klopt niet meer."})
    assert gone.status_code == 303 and published(site.state.database, site.slug) == 2
    site.state.library._reread_at = 0
    page = anna.get(f"/dilemma/{site.slug}")
    assert page.status_code == 404 and "De redactie heeft dit dilemma weggehaald" in page.text
    assert anna.get("/").status_code == 200
    with site.state.database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM envelope")).scalar_one() == 1
    site.tick()
    trail = guus.browser.get("/redactie/handelingen").text
    assert "De wet klopt niet meer." in trail


def test_changed_words_need_a_new_edition_and_say_what_that_does(
    app: Flask, world: World, esra: Redacteur, guus: Redacteur
) -> None:
    site = open_site(app)
    esra.browser.post(f"/redactie/kaarten/{site.slug}/overnemen", data=token_of(esra.browser))
    card = site.state.library.card(site.slug)
    other = card.source.replace("Hij wil vandaag", "Zij wil vandaag")
    assert other != card.source
    save(esra.browser, other, version=1, slug=site.slug)
    refused = press(esra.browser, "vraag", 2, slug=site.slug)
    assert refused.status_code == 403 and "Maak hier 2 van" in refused.text
    raised = other.replace("editie: 1", "editie: 2")
    save(esra.browser, raised, version=2, slug=site.slug)
    assert "sluit de lopende editie" in esra.browser.get(f"/redactie/kaarten/{site.slug}").text
    assert press(esra.browser, "vraag", 3, slug=site.slug).status_code == 303
