"""The editor: nothing that was typed is lost, two read a card, and a fault stops nothing."""

import re
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kopkrakers.accounts.service import remove_person
from kopkrakers.accounts.trail.models import BEHEER_ACTION, Deed
from kopkrakers.app import create_app, on_removal
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.editions import open_first_edition
from kopkrakers.catalogue.stored.models import CARD_VERSION
from tests.desk.editing import (
    SLUG,
    TEXT,
    Redacteur,
    begin,
    press,
    published,
    published_card,
    redacteur,
    save,
    token_of,
    versions,
)
from tests.desk.sending_in import FIELDS, code_in, follow, send
from tests.support.clock import StoppedClock
from tests.support.pages import Site, words
from tests.support.world import ROW_KEYS, World, browser_of

CARD = f"/redactie/kaarten/{SLUG}"


def test_a_sent_case_becomes_a_card_and_its_sender_reads_so(
    app: Flask, anna: FlaskClient, esra: Redacteur, theme: str
) -> None:
    code = code_in(send(anna, thema=theme))
    case = esra.browser.get("/redactie").text.partition("/redactie/ingezonden/")[2][:64]
    taken = f"/redactie/ingezonden/{case}/oppakken"
    esra.browser.post(taken, data=token_of(esra.browser) | {"had": ""})
    assert begin(esra.browser, verhaal=case).location == CARD
    page = esra.browser.get(CARD).text
    assert FIELDS["gebeurde"] in page and f"Wat maakte het lastig? {FIELDS['lastig']}" in page
    assert "Je verhaal wordt een kaart" in follow(app.test_client(), code).text


@pytest.mark.parametrize(
    ("ticked", "sentence"),
    [
        ({}, "Uit de praktijk van een klantmanager."),
        ({"met_gemeente": "ja"}, "Uit de praktijk van een klantmanager in Zaanstad."),
    ],
)
def test_under_a_card_stands_that_it_is_from_practice_and_where_only_if_ticked(
    site: Site,
    world: World,
    esra: Redacteur,
    guus: Redacteur,
    theme: str,
    ticked: dict[str, str],
    sentence: str,
) -> None:
    send(site.browser(world.anna), thema=theme, **ticked)
    case = esra.browser.get("/redactie").text.partition("/redactie/ingezonden/")[2][:64]
    taken = f"/redactie/ingezonden/{case}/oppakken"
    esra.browser.post(taken, data=token_of(esra.browser) | {"had": ""})
    begin(esra.browser, verhaal=case)
    begun = esra.browser.get(CARD).text
    assert f"{sentence}</textarea>" in begun and f'value="{theme}" selected' in begun
    text = re.sub("herkomst: .*", f"herkomst: {sentence} De dag bedachten we.", TEXT)
    save(esra.browser, text, version=1)
    press(esra.browser, "vraag", 2)
    press(guus.browser, "publiceer", 2)
    site.state.library._reread_at = 0
    with site.state.database.transaction() as session:
        open_first_edition(session, site.state.library.cards()[SLUG], site.state.today())
    page = words(site.browser(world.anna).get(f"/dilemma/{SLUG}"))
    assert sentence in page and "De dag bedachten we" not in page
    assert "Uit de praktijk" not in words(site.browser(world.anna).get(f"/dilemma/{site.slug}"))


def test_a_case_of_somebody_else_does_not_become_a_card(
    anna: FlaskClient, esra: Redacteur, theme: str, database: Database
) -> None:
    send(anna, thema=theme)
    case = esra.browser.get("/redactie").text.partition("/redactie/ingezonden/")[2][:64]
    assert begin(esra.browser, verhaal=case).status_code == 409
    assert versions(database) == 0


def test_another_redacteur_publishes_what_was_asked(
    esra: Redacteur, guus: Redacteur, database: Database
) -> None:
    begin(esra.browser)
    assert save(esra.browser, TEXT, version=1).status_code == 303
    assert press(esra.browser, "vraag", 2).status_code == 303
    own = press(esra.browser, "publiceer", 2)
    assert own.status_code == 403 and "als een andere redacteur haar las" in own.text
    assert published(database) is None
    assert press(guus.browser, "publiceer", 2).status_code == 303
    assert published(database) == 2


def test_who_wrote_it_is_no_second_reader_when_another_asks(
    esra: Redacteur, guus: Redacteur, database: Database
) -> None:
    begin(esra.browser)
    save(esra.browser, TEXT, version=1)
    press(guus.browser, "vraag", 2)
    for both in (esra, guus):
        assert press(both.browser, "publiceer", 2).status_code == 403
    assert published(database) is None


def test_what_waits_for_a_second_reader_stands_on_the_desk(
    esra: Redacteur, guus: Redacteur
) -> None:
    begin(esra.browser)
    save(esra.browser, TEXT, version=1)
    assert "Wacht op een tweede lezer" not in guus.browser.get("/redactie").text
    press(esra.browser, "vraag", 2)
    page = guus.browser.get("/redactie").text
    assert "Wacht op een tweede lezer" in page and "Esra vroeg erom" in page
    assert "<strong>Nieuw verhaal</strong>" in page


def test_a_desk_of_one_publishes_alone(
    esra: Redacteur, settings: Settings, clock: StoppedClock
) -> None:
    alone = create_app(settings.model_copy(update={"desk_of_one": True}), clock=clock)
    alone.testing = True
    browser = browser_of(alone, esra.who)
    begin(browser)
    save(browser, TEXT, version=1)
    press(browser, "vraag", 2)
    assert press(browser, "publiceer", 2).status_code == 303


def test_of_two_who_publish_at_once_the_second_hears_it(
    esra: Redacteur, guus: Redacteur, database: Database
) -> None:
    published_card(esra.browser, guus.browser)
    again = press(guus.browser, "publiceer", 2)
    assert again.status_code == 409 and "teruggestuurd of al gepubliceerd" in again.text
    assert published(database) == 2


def test_of_two_who_press_in_the_same_moment_one_publishes(
    esra: Redacteur, guus: Redacteur, app: Flask, database: Database, world: World
) -> None:
    begin(esra.browser)
    save(esra.browser, TEXT, version=1)
    press(esra.browser, "vraag", 2)
    readers = (guus, redacteur(app, database, "Ilse", world.almere))
    ready, statuses = Barrier(2), list[int]()
    address = f"{CARD}/versies/2/publiceer"

    def publish(browser: FlaskClient, data: dict[str, str]) -> None:
        ready.wait()
        statuses.append(browser.post(address, data=data).status_code)

    threads = []
    for reader in readers:
        threads.append(Thread(target=publish, args=(reader.browser, token_of(reader.browser))))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 409]
    assert published(database) == 2
    with database.reading() as session:
        told = select(BEHEER_ACTION).where(BEHEER_ACTION.c.what == Deed.DESK_PUBLISHED)
        assert len(session.execute(told).all()) == 1


def test_a_text_saved_after_the_question_is_not_published_unread(
    esra: Redacteur, guus: Redacteur, database: Database
) -> None:
    begin(esra.browser)
    save(esra.browser, TEXT, version=1)
    press(esra.browser, "vraag", 2)
    save(esra.browser, TEXT.replace("Sam", "Tom"), version=2)
    assert press(guus.browser, "publiceer", 2).status_code == 409
    assert published(database) is None


def test_two_who_save_on_one_version_keep_both_texts(
    esra: Redacteur, guus: Redacteur, database: Database
) -> None:
    begin(esra.browser)
    save(esra.browser, TEXT.replace("Sam", "Tom"), version=1)
    late = save(guus.browser, TEXT.replace("Sam", "Jip"), version=1)
    assert late.status_code == 409 and "Esra bewaarde deze kaart intussen ook" in late.text
    assert "**Tom** zit aan" in late.text and "**Jip** zit aan" in late.text
    # only what the other changed is marked, since the version that both began from
    assert "<ins>+ titel: Nieuw verhaal</ins>" in late.text
    assert versions(database) == 2
    # and on the page that says so, saving goes on from the version of the other
    assert 'name="versie" value="2"' in late.text
    assert save(guus.browser, TEXT.replace("Sam", "Jip"), version=2).status_code == 303


def test_every_version_and_its_differences_stay(esra: Redacteur) -> None:
    begin(esra.browser)
    save(esra.browser, TEXT, version=1)
    save(esra.browser, TEXT.replace("Sam", "Tom"), version=2)
    page = esra.browser.get(f"{CARD}/versies/3").text
    assert "<del>− **Sam** zit aan" in page and "<ins>+ **Tom** zit aan" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("een-plek", "Er is al een kaart met deze naam, of bijna dezelfde: een-plek."),
        ("eenplek--", "Gebruik kleine letters, cijfers en losse streepjes"),
        ("Één plek!", "Gebruik kleine letters, cijfers en losse streepjes"),
        ("../geheim", "Gebruik kleine letters, cijfers en losse streepjes"),
        ("", "Geef de kaart een naam."),
        ("x" * 81, "Gebruik kleine letters, cijfers en losse streepjes"),
    ],
)
def test_a_name_that_cannot_be_says_why(
    esra: Redacteur, database: Database, typed: str, sentence: str
) -> None:
    answer = begin(esra.browser, typed)
    assert answer.status_code == 422 and sentence in answer.text
    assert versions(database) == 0


def test_html_and_scripts_are_named_kept_and_never_published(
    esra: Redacteur, guus: Redacteur, database: Database
) -> None:
    begin(esra.browser)
    text = TEXT.replace("**Sam** zit", "<script>alert(1)</script> zit")
    assert save(esra.browser, text, version=1).status_code == 303
    page = esra.browser.get(CARD).text
    assert "HTML" in page and "<script>alert" not in page and "&lt;script&gt;alert(1)" in page
    refused = press(esra.browser, "vraag", 2)
    assert refused.status_code == 403 and "Er zit nog een fout in deze kaart" in refused.text


def test_a_pasted_story_of_five_thousand_characters_is_kept_and_named(esra: Redacteur) -> None:
    begin(esra.browser)
    text = TEXT.rpartition("---\n")[0] + "---\n" + "Wörd\u00ad “plakt”\u200b. " * 340
    assert save(esra.browser, text, version=1).status_code == 303
    page = esra.browser.get(CARD).text
    assert "woorden" in page and "Wörd “plakt”." in page


def test_a_whole_document_is_refused_and_comes_back(esra: Redacteur, database: Database) -> None:
    begin(esra.browser)
    answer = save(esra.browser, "woord " * 7000, version=1)
    assert answer.status_code == 422 and "een kaart heeft er hoogstens" in answer.text
    assert "woord woord woord" in answer.text and versions(database) == 1


def test_a_check_without_saving_keeps_nothing_and_shows_advice(
    esra: Redacteur, database: Database
) -> None:
    begin(esra.browser)
    data = token_of(esra.browser) | {"tekst": TEXT, "versie": "1", "wat": "kijk-na"}
    page = esra.browser.post(CARD, data=data)
    assert "Nagekeken, nog niet bewaard." in page.text and "Nieuw verhaal" in page.text
    fragment = esra.browser.post(f"{CARD}/nagekeken", data=data)
    assert 'id="nagekeken"' in fragment.text and "<html" not in fragment.text
    assert versions(database) == 1


def test_an_empty_card_or_version_says_so(esra: Redacteur, database: Database) -> None:
    begin(esra.browser)
    data = token_of(esra.browser) | {"tekst": TEXT, "versie": "veel", "wat": "bewaar"}
    answer = esra.browser.post(CARD, data=data)
    assert answer.status_code == 422 and "**Sam** zit" in answer.text
    assert versions(database) == 1


def test_a_redacteur_who_leaves_leaves_the_work(
    esra: Redacteur, guus: Redacteur, database: Database, settings: Settings
) -> None:
    begin(esra.browser)
    save(esra.browser, TEXT, version=1)
    press(esra.browser, "vraag", 2)
    with database.transaction() as session:
        remove_person(session, esra.who.id, on_removal(settings), ROW_KEYS)
    page = guus.browser.get(CARD).text
    assert "Esra" not in page and "Iemand vroeg erom" in page
    assert press(guus.browser, "publiceer", 2).status_code == 303


@pytest.mark.parametrize("address", ["/redactie/kaarten", CARD, f"{CARD}/versies/1"])
def test_only_redacteuren_come_here(
    app: Flask, world: World, esra: Redacteur, address: str
) -> None:
    begin(esra.browser)
    assert esra.browser.get(address).status_code == 200
    assert app.test_client().get(address).status_code == 302
    for visitor in (world.anna, world.chris, world.farid):
        assert browser_of(app, visitor).get(address).status_code == 403


def test_a_version_is_never_changed(esra: Redacteur, database: Database) -> None:
    begin(esra.browser)
    save(esra.browser, TEXT, version=1)
    with database.reading() as session:
        before = session.execute(select(CARD_VERSION)).all()
    save(esra.browser, TEXT.replace("Sam", "Tom"), version=2)
    press(esra.browser, "vraag", 3)
    with database.reading() as session:
        assert session.execute(select(CARD_VERSION)).all()[:2] == before


def test_a_stored_card_of_which_the_text_broke_can_be_mended(
    esra: Redacteur, guus: Redacteur, database: Database, app: Flask
) -> None:
    published_card(esra.browser, guus.browser)
    with database.transaction() as session:
        session.execute(update(CARD_VERSION).values(source="kapot"))
    page = esra.browser.get(CARD)
    assert page.status_code == 200 and "kapot" in page.text
    assert save(esra.browser, TEXT, version=2).status_code == 303
