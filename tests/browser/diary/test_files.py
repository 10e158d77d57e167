"""Copies of the diary in a file: made here, put back in another browser, and files that are not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.diary.files import FORM, copied, put_back
from tests.browser.parts.diary import (
    PHRASE,
    REASON,
    answer_and_keep,
    expect_told,
    open_diary,
    opened_pieces,
    stored,
    wipe,
)
from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.phone import Visit
from tests.browser.parts.walking import press, unfold

OTHER = "lantaarn veter schuur pan"
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def first(live: LiveSite, visit: Visit) -> Page:
    """A browser in which a diary with one piece is open."""
    page = visit(live.person())
    answer_and_keep(page)
    open_diary(page)
    assert len(opened_pieces(page)) == 1
    return page


def test_a_copy_opens_in_another_browser_of_another_account(
    live: LiveSite, visit: Visit, first: Page, tmp_path: Path
) -> None:
    path = copied(first, tmp_path)
    expect_told(first, "De kopie is gemaakt.")
    wipe(first)
    second = visit(live.person())
    second.goto("/dagboek")
    put_back(second, path)
    expect(second.get_by_role("article")).to_contain_text(REASON)
    open_diary(second)
    assert len(opened_pieces(second)) == 1
    second.reload()
    assert len(stored(second)["stukken"]) == 1


def test_a_copy_says_nothing_without_the_passphrase(first: Page, tmp_path: Path) -> None:
    text = copied(first, tmp_path).read_text()
    for secret in ("een-plek", "plek", REASON, "Betrokkenheid", PHRASE, "Persoon"):
        assert secret not in text
    lengths = {len(piece["sealed"]) for piece in json.loads(text)["stukken"]}
    assert lengths == {2 * (8192 + 16)}


def test_putting_a_copy_back_twice_changes_nothing_more(first: Page, tmp_path: Path) -> None:
    path = copied(first, tmp_path)
    first.get_by_role("tab", name="Stukken").click()
    unfold(first, "Verander of wis")
    first.get_by_label("Waarom koos je dit?").last.fill("Nieuwer dan de kopie.")
    first.get_by_role("button", name="Bewaar", exact=True).click()
    expect(first.locator("article [data-gezegd]").first).to_have_text("Bewaard.")
    for _ in range(2):
        put_back(first, path)
        expect_told(first, "De kopie is teruggezet.")
    expect(first.get_by_text("Teruggezet: 0")).to_be_visible()
    expect(first.get_by_role("article")).to_have_count(1)
    expect(first.get_by_role("article")).to_contain_text("Nieuwer dan de kopie.")


def test_a_wiped_piece_comes_back_from_a_copy_under_another_passphrase(
    first: Page, tmp_path: Path
) -> None:
    path = copied(first, tmp_path)
    unfold(first, "Neem een andere wachtzin")
    form = first.locator("[data-doe=wachtzin]")
    form.get_by_label("Kies een wachtzin").fill(OTHER)
    form.get_by_label("Typ de wachtzin nog eens").fill(OTHER)
    form.get_by_role("checkbox").check()
    press(form, "Verander de wachtzin")
    expect(form.locator("[data-gezegd]")).to_contain_text("Je wachtzin is veranderd.")
    first.get_by_role("tab", name="Stukken").click()
    unfold(first, "Verander of wis")
    unfold(first, "Wis dit stuk")
    press(first, "Ja, wis dit stuk")
    expect(first.get_by_role("article")).to_have_count(0)
    put_back(first, path, OTHER)
    expect_told(first, "Deze wachtzin past niet.")
    put_back(first, path)
    expect(first.get_by_role("article")).to_contain_text(REASON)
    open_diary(first, OTHER)
    assert len(opened_pieces(first)) == 1


def break_piece(file: dict[str, Any]) -> None:
    piece = file["stukken"][0]
    piece["sealed"] = ("0" if piece["sealed"][0] != "0" else "1") + piece["sealed"][1:]


BROKEN: dict[str, tuple[Change, str]] = {
    "a bit": (break_piece, "Dit bestand is beschadigd."),
    "a piece twice": (lambda file: file["stukken"].append(file["stukken"][0]), "beschadigd"),
    "no pieces": (lambda file: file.pop("stukken"), "Dit bestand is beschadigd."),
    "no key": (lambda file: file.pop("boek"), "Dit bestand is beschadigd."),
    "an hour of work": (lambda file: file["boek"].update(rondes=10**9), "beschadigd"),
    "later": (lambda file: file.update(versie=2), "Dit bestand komt uit een nieuwere Kopkrakers"),
    "foreign": (lambda file: file.update(soort="Recepten"), "geen kopie van een dagboek"),
}


@pytest.mark.parametrize("where", ["open", "new"])
def test_a_file_that_is_not_whole_changes_nothing(
    live: LiveSite, visit: Visit, first: Page, tmp_path: Path, where: str
) -> None:
    whole = copied(first, tmp_path)
    page = first
    if where == "new":
        page = visit(live.person())
        page.goto("/dagboek")
    before = stored(page)
    for name, (change, told) in BROKEN.items():
        file = json.loads(whole.read_text())
        change(file)
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(file))
        put_back(page, path)
        expect(page.locator(f"{FORM} [data-gezegd]:visible")).to_contain_text(told)
    for name, text in {
        "half": whole.read_text()[:-900],
        "text": "Geachte collega",
        "empty": "",
        "other": "[1]",
    }.items():
        path = tmp_path / f"{name}.json"
        path.write_text(text)
        put_back(page, path)
        told = "beschadigd" if name == "half" else "geen kopie van een dagboek"
        expect(page.locator(f"{FORM} [data-gezegd]:visible")).to_contain_text(told)
    assert stored(page) == before


def test_without_a_file_the_form_says_so(first: Page) -> None:
    unfold(first, "Zet een kopie terug")
    press(first.locator(FORM), "Zet terug")
    expect_told(first, "Kies eerst het bestand")
