"""A card as the fields of a form: the same card both ways, and what is said beside each field."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kopkrakers.base.db import Database
from kopkrakers.catalogue.cards.card import parse_card
from kopkrakers.catalogue.writing.starting import new_card
from kopkrakers.desk.editor.draft import NOTES, NoForm, read_draft, write_draft
from tests.catalogue.card_text import RIGHT
from tests.desk.editing import SLUG, TEXT, Redacteur, begin, save, token_of, versions

FOLDER = Path(__file__).parents[2] / "dilemmas"
CARD = f"/redactie/kaarten/{SLUG}"
FIELD = re.compile(
    r'<(?:input|textarea)[^>]*?\bname="([^"]+)"[^>]*?>(?:([^<]*)</textarea>)?', re.DOTALL
)
OPTION = re.compile(r'<select[^>]*name="([^"]+)".*?</select>', re.DOTALL)


def filled_in(page: str) -> dict[str, list[str]]:
    """The fields of the form of a card, as a browser would send them."""
    form = page[page.index('name="vorm"') :].split("</form>")[0]
    sent: dict[str, list[str]] = {}
    for found in FIELD.finditer(form):
        tag = found[0].split(">")[0]
        value = re.search(r'\bvalue="([^"]*)"', tag)
        if 'type="checkbox"' in tag and "checked" not in tag:
            continue
        text = found[2]
        if value is not None:
            text = value[1]
        sent.setdefault(found[1], []).append(unescape(text or ""))
    for found in OPTION.finditer(form):
        chosen = re.search(r'value="([^"]*)" selected', found[0])
        sent[found[1]] = [unescape(chosen[1]) if chosen else ""]
    return sent | {"vorm": ["velden"]}


def send_fields(browser: FlaskClient, version: int, **changed: str) -> TestResponse:
    """Open the form, change some fields by name (with _ for -) and save it."""
    data: dict[str, list[str] | str] = dict(filled_in(browser.get(CARD).text))
    for name, value in changed.items():
        data[name.replace("_", "-")] = value
    data |= token_of(browser) | {"versie": str(version), "wat": "bewaar"}
    return browser.post(CARD, data=data)


def newest(browser: FlaskClient) -> str:
    page = browser.get(f"{CARD}?als=tekst").text
    found = re.search(r"<textarea[^>]*name=\"tekst\"[^>]*>([^<]*)", page)
    assert found
    return unescape(found[1])


@pytest.fixture
def card(esra: Redacteur) -> FlaskClient:
    """A browser of a redacteur, with a card without a fault in version 2."""
    begin(esra.browser)
    save(esra.browser, TEXT, version=1)
    return esra.browser


# of all cards together it takes long
@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_every_card_of_the_product_is_the_same_card_as_fields(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    again = write_draft(read_draft(text))
    before, after = parse_card(path.stem, text, None), parse_card(path.stem, again, None)
    assert replace(after, source="") == replace(before, source="")
    assert write_draft(read_draft(again)) == again


ODD = (
    *("a: b", "# geen", "2017", "ja", "[x]", "- x", "'", '"', "\\", "a 'b' c: \"d\"", "é’…"),
    *("@x", "%", "&a", "*b", "x #y", "null", "1e3", "{a: b}", "a, b", "?", "|", ">"),
)


@pytest.mark.parametrize("value", ODD)
def test_any_text_in_a_field_comes_back_as_it_was(value: str) -> None:
    values = read_draft(RIGHT)
    values[("herkomst",)] = value
    values[("werkwijzen", 0, "voor")] = [value, "Nog iets."]
    again = read_draft(write_draft(values))
    assert again[("herkomst",)] == value
    assert again[("werkwijzen", 0, "voor")] == [value, "Nog iets."]


def test_notes_are_kept_and_hints_of_an_empty_card_are_not() -> None:
    text = RIGHT.replace("---\n", "---\n# Wat kon je doen? Bellen.\n", 1)
    text = text.replace("editie: 1", "editie: 1  # nog vragen aan Guus")
    assert read_draft(text)[NOTES] == "Wat kon je doen? Bellen.\nnog vragen aan Guus"
    assert read_draft(new_card(("Werk", "Zorg"), date(2026, 11, 29)) + "Verhaal.")[NOTES] == ""


@pytest.mark.parametrize(
    "odd", ["onbekend: 1", "werkwijzen: ja", "vragen: {a: b}", "kennis:\n  film: []", "titel: [a]"]
)
def test_a_text_that_does_not_fit_is_no_form(odd: str) -> None:
    with pytest.raises(NoForm):
        read_draft(f"---\n{odd}\n---\nVerhaal.\n")


def test_saving_an_untouched_form_changes_nothing_in_the_card(
    card: FlaskClient, database: Database
) -> None:
    assert send_fields(card, 2).status_code == 303
    assert versions(database) in (2, 3)
    before, after = parse_card(SLUG, TEXT, None), parse_card(SLUG, newest(card), None)
    assert replace(after, source="") == replace(before, source="")


def test_a_changed_field_changes_that_alone(card: FlaskClient) -> None:
    send_fields(card, 2, titel="Een andere titel", werkwijzen_2_voor="Eén.\n\nTwee.")
    after = parse_card(SLUG, newest(card), None)
    assert after.title == "Een andere titel"
    assert after.options[1].arguments_for == ("Eén.", "Twee.")
    assert after.options[0] == parse_card(SLUG, TEXT, None).options[0]


def test_a_part_is_added_by_filling_it_in_and_gone_when_it_is_emptied(card: FlaskClient) -> None:
    told = {"wie": "De buurvrouw", "tekst": "Zij belt.", "vraag": "En nu?"}
    chapter = {f"vervolg_1_{key}": value for key, value in told.items()}
    send_fields(card, 2, **chapter)
    assert parse_card(SLUG, newest(card), None).chapters[0].voice == "De buurvrouw"
    send_fields(card, 3, **dict.fromkeys(chapter, ""))
    assert parse_card(SLUG, newest(card), None).chapters == ()


def test_faults_and_advice_stand_beside_their_field(card: FlaskClient) -> None:
    send_fields(card, 2, werkwijzen_1_label="x" * 60, kennis_wet_1_sterkte="")
    page = card.get(CARD).text
    beside = page.split('id="bij-werkwijzen-1-label"')[1].split("</div>")[0]
    assert "hoogstens 45 tekens, nu 60" in beside
    missing = page.split('id="bij-kennis-wet-1-sterkte"')[1].split("</div>")[0]
    assert "Dit ontbreekt" in missing or "Vul dit in" in missing
    assert "Advies: Geef deze kaart" not in missing


def test_a_text_of_5000_characters_from_word_is_kept_and_its_field_says_so(
    card: FlaskClient,
) -> None:
    pasted = "\u200b" + ("“Zij zegt” – en hij… ‘ja’.\u00a0\r\n" * 220)
    assert len(pasted) > 5000
    assert send_fields(card, 2, werkwijzen_1_regel=pasted).status_code == 303
    page = unescape(card.get(CARD).text)
    assert "hoogstens 120 tekens" in page
    assert page.count("“Zij zegt” – en hij… ‘ja’.") >= 220
    assert "\u200b" not in newest(card)


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", "<b>vet</b>", "javascript:alert(1)"])
def test_html_and_script_are_refused_and_never_run(card: FlaskClient, evil: str) -> None:
    assert send_fields(card, 2, titel=evil, verhaal=evil).status_code == 303
    page = card.get(CARD).text
    assert "<script>alert" not in page and "<b>vet" not in page
    assert "Gebruik geen" in page.split('id="bij-titel"')[1].split("</div>")[0]
    assert card.post(f"{CARD}/versies/3/vraag", data=token_of(card)).status_code == 403


def test_a_card_that_is_no_form_is_shown_as_its_text(card: FlaskClient) -> None:
    save(card, TEXT.replace("editie: 1", "editie: 1\nonzin: ja"), version=2)
    page = card.get(CARD).text
    assert "Deze tekst past niet in velden" in page
    assert 'name="tekst"' in page and "onzin" in page
    save(card, TEXT, version=3)
    assert 'name="werkwijzen-1-label"' in card.get(CARD).text


def test_what_cannot_be_chosen_is_not_lost(card: FlaskClient) -> None:
    save(card, TEXT.replace("thema: Werk en verdringing", "thema: Iets nieuws"), version=2)
    assert send_fields(card, 3, titel="Andere").status_code == 303
    assert "thema: Iets nieuws" in newest(card)
    save(card, newest(card).replace("op: 2026-11-21", "op: morgen"), version=4)
    assert send_fields(card, 5, titel="Nog een").status_code == 303
    assert "gecontroleerd_op: morgen" in newest(card)


def test_a_withdrawn_card_stays_withdrawn_in_the_form(card: FlaskClient) -> None:
    save(card, TEXT.replace("editie: 1", "editie: 1\ningetrokken: ja"), version=2)
    send_fields(card, 3, titel="Andere")
    assert "ingetrokken: ja" in newest(card)


def test_who_saves_meanwhile_is_not_overwritten_by_a_form(
    card: FlaskClient, guus: Redacteur
) -> None:
    mine = dict(filled_in(card.get(CARD).text))
    save(guus.browser, TEXT.replace("Sam", "Tom"), version=2)
    data = mine | token_of(card) | {"versie": "2", "wat": "bewaar", "titel": "Mijn titel"}
    late = card.post(CARD, data=data)
    assert late.status_code == 409
    assert "Guus bewaarde deze kaart intussen ook" in late.text
    assert "Mijn titel" in late.text and "**Tom** zit aan" in late.text
    assert 'name="werkwijzen-1-label"' in late.text and 'name="versie" value="3"' in late.text


def test_what_must_be_filled_in_does_not_say_that_it_may_stay_empty(esra: Redacteur) -> None:
    begin(esra.browser)
    page = esra.browser.get(CARD).text
    first, second = (
        page.split(f'for="{name}"')[1].split("</label>")[0]
        for name in ("werkwijzen-1-label", "kennis-wet-2-kop")
    )
    assert "mag leeg blijven" not in first and "mag leeg blijven" in second
    assert "Een of twee." in page.split('id="werkwijzen-1-leunt_op"')[1].split("</fieldset>")[0]
