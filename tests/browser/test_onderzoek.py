"""The pages of onderzoek in a real browser:
for everyone, on any screen, by keyboard and without script.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.service import use_turn_by_looking
from kopkrakers.research.pages import terms
from tests.browser.parts.live_site import EARLIER, TODAY, LiveSite, live_site
from tests.browser.parts.page_checks import faults_of
from tests.browser.parts.phone import PHONE, Visit
from tests.browser.parts.walking import press, press_twice, tab_to
from tests.research.small import add_attribute, add_totals, release_of
from tests.support.databases.making import copy_sqlite
from tests.support.polling import give_pools
from tests.support.world import ROW_KEYS

WIDE: ViewportSize = {"width": 1280, "height": 900}
CONSIDERATIONS = {"w": (31, 4, 0, 2), "r": (12, 8, 3, 0), "b": (7, 22, 13, 1)}
EXPERIENCES = {"0": (9, 6, 2, 0), "3": (17, 8, 1, 1), "-": (11, 7, 5, 1)}
CHOOSE = "Kies tabel, thema en uitgave"


def empty_site(folder: Path, template: Path) -> Iterator[LiveSite]:
    """A site without a release."""
    with live_site(folder, copy_sqlite(template, folder), mail=False) as site:
        yield site


@pytest.fixture(scope="module")
def unreleased(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    yield from empty_site(tmp_path_factory.mktemp("unreleased"), sqlite_template)


@pytest.fixture(scope="module")
def released(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A site with release 1: two dilemmas with figures, protected cells,
    one dilemma without anything.
    """
    folder = tmp_path_factory.mktemp("released")
    for site in empty_site(folder, sqlite_template):
        add_totals(site.database, "NL", (55, 37, 18, 4))
        add_totals(site.database, "NL", (30, 31, 22, 2), slug="samen-thuis")
        add_totals(site.database, str(site.world.zaanstad), (24, 11, 6, 1))
        add_attribute(site.database, "consideration", CONSIDERATIONS)
        add_attribute(site.database, "expected", {"a": (31, 9, 4, 1), "b": (12, 14, 9, 2)})
        add_attribute(site.database, "experience", EXPERIENCES)
        with site.database.transaction() as session:
            give_pools(session, ROW_KEYS, site.site(TODAY).state.today())
        release_of(site.database, folder / "dilemmas")
        yield site


def onderzoeker(site: LiveSite, *, promised: bool = True) -> Visitor:
    person = site.person(Role.ONDERZOEKER, team="")
    if promised:
        with site.database.transaction() as session:
            terms.accept(session, person.id)
    return person


Open = Callable[[Visit, LiveSite, LiveSite], Page]


def seen(url: str, *, promised: bool = True, empty: bool = False) -> Open:
    """A page that one only has to open."""

    def open_it(visit: Visit, released: LiveSite, unreleased: LiveSite) -> Page:
        site = unreleased if empty else released
        page = visit(onderzoeker(site, promised=promised), site=site)
        page.goto(url)
        return page

    return open_it


def pressed(url: str, button: str, *, promised: bool = True) -> Open:
    """A page after its form was sent as it stands."""

    def press_it(visit: Visit, released: LiveSite, unreleased: LiveSite) -> Page:
        page = seen(url, promised=promised)(visit, released, unreleased)
        page.evaluate(
            "document.querySelectorAll('form').forEach((form) => { form.noValidate = true })"
        )
        press(page, button)
        page.wait_for_load_state()
        return page

    return press_it


def unfolded(visit: Visit, released: LiveSite, unreleased: LiveSite) -> Page:
    page = seen("/onderzoek?tabel=choice_by_gemeente")(visit, released, unreleased)
    page.get_by_text(CHOOSE).click()
    return page


def mirrored(visit: Visit, released: LiveSite, unreleased: LiveSite) -> Page:
    """The mirror of somebody who answered, with all of it open."""
    person = released.person(Role.KLANTMANAGER)
    voter = Voter(person.id, released.site(TODAY).state.turn_keys)
    with released.database.transaction() as session:
        for slug in (TODAY, EARLIER):
            use_turn_by_looking(session, voter=voter, dilemma=slug, edition=1)
    page = visit(person, site=released)
    page.goto("/spiegel")
    page.get_by_text("Bekijk").click()
    return page


STATES: dict[str, Open] = {
    "the mirror": mirrored,
    "the terms to accept": seen("/onderzoek", promised=False),
    "the terms without a tick": pressed("/onderzoek", "Ga naar de cijfers", promised=False),
    "no release yet": seen("/onderzoek", empty=True),
    "no release yet, overview": seen("/onderzoek/overzicht", empty=True),
    "the land": seen("/onderzoek?uitgave=1"),
    "protected cells": seen("/onderzoek?tabel=choice_by_consideration"),
    "cells that were not counted apart": seen(
        "/onderzoek?tabel=choice_by_experience&dilemma=een-plek"
    ),
    "a gemeente, unfolded": unfolded,
    "nothing in the table": seen("/onderzoek?tabel=shift"),
    "how many took part": seen("/onderzoek?tabel=response"),
    "an unknown theme": seen("/onderzoek?thema=nietes"),
    "how to read it": seen("/onderzoek/uitgaven/1/leeswijzer"),
    "a dilemma chosen": seen("/onderzoek?dilemma=een-plek"),
    "the overview": seen("/onderzoek/overzicht"),
    "the keys": seen("/onderzoek/sleutels"),
    "about the figures": seen("/onderzoek/over"),
    "about the figures, without a release": seen("/onderzoek/over", empty=True),
    "a release": seen("/onderzoek/uitgaven/1"),
    "no mirror yet": seen("/spiegel", empty=True),
    "a new key": pressed("/onderzoek/sleutels", "Maak de sleutel"),
}


@pytest.mark.parametrize("name", STATES)
def test_every_state_can_be_used_by_everyone(
    visit: Visit, released: LiveSite, unreleased: LiveSite, name: str
) -> None:
    faults = faults_of(STATES[name](visit, released, unreleased))
    assert not faults, "\n".join(faults)


def test_a_phone_shows_the_table_first_and_a_wide_screen_the_choice_beside_it(
    visit: Visit, released: LiveSite
) -> None:
    person = onderzoeker(released)
    for viewport, open_at_once in ((PHONE, False), (WIDE, True)):
        page = visit(person, site=released, viewport=viewport)
        page.goto("/onderzoek")
        field = page.get_by_role("radio", name="Keuze × doorslag")
        assert field.is_visible() is open_at_once
        assert page.get_by_text(CHOOSE).is_visible() is not open_at_once


def test_the_promise_stands_inside_its_card(visit: Visit, released: LiveSite) -> None:
    page = visit(onderzoeker(released, promised=False), site=released)
    page.goto("/onderzoek")
    items = page.locator("main li").first
    assert (
        items.evaluate(
            "item => parseFloat(getComputedStyle(item.parentElement).paddingInlineStart)"
        )
        >= 16
    )


def test_a_table_is_chosen_and_fetched_by_keyboard_alone(visit: Visit, released: LiveSite) -> None:
    page = visit(onderzoeker(released), site=released)
    page.goto("/onderzoek")
    unseen = tab_to(page, page.locator("summary", has_text=CHOOSE))
    page.keyboard.press("Enter")
    unseen += tab_to(page, page.get_by_role("radio", name="Keuze", exact=True))
    # past the chapters of cards that unfold, and the choice by gemeente
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    unseen += tab_to(page, page.get_by_role("button", name="Toon"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Keuze × doorslag")).to_be_visible()
    expect(page.get_by_text("minder dan 5").first).to_be_visible()
    link = page.get_by_role("link", name="Download dataset (.zip)")
    unseen += tab_to(page, link)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "kopkrakers-uitgave-1.zip"
    assert unseen == []


def test_it_all_works_without_script(visit: Visit, released: LiveSite) -> None:
    page = visit(onderzoeker(released, promised=False), site=released, script=False)
    page.goto("/onderzoek")
    page.get_by_label("Dit beloof ik").check()
    press(page, "Ga naar de cijfers")
    page.get_by_text(CHOOSE).click()
    page.get_by_text("Alle dilemma’s", exact=True).click()
    page.get_by_role("checkbox", name="Eén plek, twee mensen").check()
    press(page, "Toon")
    expect(page.get_by_role("table")).to_have_count(1)
    page.get_by_role("link", name="Bekijk waar mensen het meest verdeeld zijn").click()
    expect(page.get_by_role("img", name="Verdeling per dilemma")).to_be_visible()
    page.goto("/onderzoek/sleutels")
    press(page, "Maak de sleutel")
    expect(page.get_by_role("heading", name="Je nieuwe sleutel")).to_be_visible()


def test_a_key_that_is_asked_for_with_two_presses_is_made_once(
    released: LiveSite, visit: Visit
) -> None:
    page = visit(onderzoeker(released), site=released)
    page.goto("/onderzoek/sleutels")
    press_twice(page, "Maak de sleutel", "**/onderzoek/sleutels")
    expect(page.get_by_role("heading", name="Je nieuwe sleutel")).to_be_visible()
    page.goto("/onderzoek/sleutels")
    expect(page.get_by_text("tabellen en codeboek, tot en met")).to_have_count(1)
