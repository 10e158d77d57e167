"""Choosing a dilemma: first lines, words, theme, the agenda first, and nothing typed is lost."""

import re
from operator import attrgetter
from typing import Any

import pytest
from werkzeug.test import TestResponse

from kopkrakers.catalogue.editions.archive import archive
from kopkrakers.intervisie.agenda.service import add_wish
from kopkrakers.intervisie.pages.planning.subjects import (
    BEGINNING,
    PORTION,
    SubjectList,
    SubjectSearch,
    beginning_of,
    subject_list,
)
from kopkrakers.intervisie.session.store import LIVE_SESSION
from tests.support.cards import tick
from tests.support.pages import send, words
from tests.support.sessions.pages import SessionPages
from tests.support.sessions.scene import SessionScene, reading

CHECKED = re.compile(r'name="dilemma" value="([\w-]+)" checked')


def everything(scene: SessionScene) -> list[str]:
    """The slugs of the whole archive."""
    found = reading(scene, archive, library=scene.library, today=scene.today)
    return [entry.card.slug for entry in found]


def asked_for(scene: SessionScene, **wanted: Any) -> SubjectList:
    found: SubjectList = reading(
        scene,
        subject_list,
        library=scene.library,
        wanted=SubjectSearch(**wanted),
        team_id=scene.world.team_noord,
        today=scene.today,
    )
    return found


def in_view(scene: SessionScene, **wanted: Any) -> dict[str, list[str]]:
    groups = asked_for(scene, **wanted).groups
    return {group.label: [*map(attrgetter("slug"), group.subjects)] for group in groups}


def press(pages: SessionPages, doe: str, **fields: str) -> TestResponse:
    given: dict[str, Any] = {"soort": "dilemma", "werkvorm": "kraak-45"} | fields
    return send(pages.gerda, f"/team/{pages.world.team_noord}/intervisie", doe=doe, **given)


@pytest.mark.parametrize("length", [0, 1, BEGINNING, BEGINNING + 1, 5000])
def test_a_beginning_is_short_and_ends_between_words(length: int) -> None:
    story = ("woord " * length)[:length]
    first = beginning_of(story)
    assert len(first) <= BEGINNING
    assert all(word in ("woord", "woord…", "") or story.endswith(word) for word in first.split(" "))


def test_each_dilemma_shows_its_theme_and_first_lines(pages: SessionPages) -> None:
    card = pages.scene.library.card(pages.scene.slug)
    assert card is not None
    page = words(pages.gerda.get(f"/team/{pages.world.team_noord}/intervisie"))
    assert card.theme in page and beginning_of(card.story_text)[:40] in page


def test_what_colleagues_asked_for_comes_first(scene: SessionScene) -> None:
    how: dict[str, Any] = {"user_id": scene.world.anna.id, "team_id": scene.world.team_noord}
    scene.act(add_wish, library=scene.library, dilemma=scene.slug, keys=scene.turn_keys, **how)
    groups = in_view(scene)
    assert next(iter(groups)) == "Op jullie agenda" and groups["Op jullie agenda"] == [scene.slug]
    assert scene.slug not in groups.get("Uit het archief", [])


def test_words_and_theme_find_it_as_in_the_archive(scene: SessionScene) -> None:
    card = scene.library.card(scene.slug)
    assert card is not None
    assert in_view(scene, words=card.title.upper()) == {"Uit het archief": [scene.slug]}
    assert in_view(scene, theme=card.theme, words="xyzzy") == {}
    assert scene.slug in in_view(scene, theme=card.theme)["Uit het archief"]


def test_what_was_chosen_stays_in_view_when_the_search_finds_something_else(
    scene: SessionScene,
) -> None:
    for words_ in ("", "xyzzy"):
        found = asked_for(scene, words=words_, chosen=scene.slug)
        assert found.chosen is not None and found.chosen.slug == scene.slug
        assert all(scene.slug not in group for group in map(repr, found.groups))
    assert asked_for(scene, chosen="bestaat-niet").chosen is None


def test_who_chose_already_finds_the_others_folded_until_they_look(pages: SessionPages) -> None:
    others = r"<details( open)?>\s*<summary>Een ander dilemma</summary>"
    address = f"/team/{pages.world.team_noord}/intervisie"
    chosen = pages.gerda.get(address, query_string={"dilemma": pages.scene.slug})
    assert re.findall(others, chosen.text) == [""] and "gevonden" not in words(chosen)
    for doe in ("zoek", "meer"):
        page = press(pages, doe, dilemma=pages.scene.slug)
        assert re.findall(others, page.text) == [" open"] and "gevonden" in words(page)
        assert CHECKED.findall(page.text) == [pages.scene.slug]
    assert "Een ander dilemma" not in words(pages.gerda.get(address))


def test_a_long_archive_comes_in_portions(scene: SessionScene) -> None:
    for _ in range(60):
        scene.clock.move(minutes=24 * 60)
        tick(scene.database, scene.library, scene.today)
    slugs = everything(scene)
    assert in_view(scene, shown=2)["Uit het archief"] == slugs[:2]
    assert in_view(scene, shown=3)["Uit het archief"] == slugs[:3]
    assert in_view(scene, shown=2, chosen=slugs[0])["Uit het archief"] == slugs[1:3]
    assert asked_for(scene, shown=2).next_shown == 2 + PORTION
    assert asked_for(scene, shown=4).next_shown is None


def test_searching_keeps_everything_and_starts_nothing(pages: SessionPages) -> None:
    before = pages.scene.count(LIVE_SESSION)
    page = press(
        pages,
        "zoek",
        zoek="xyzzy",
        dilemma=pages.scene.slug,
        titel="De scooter",
        vraag="Wat doe je?",
        werkvorm="korte-kraak",
        datum="2026-12-01",
        oefenen="ja",
    )
    assert page.status_code == 200 and pages.scene.count(LIVE_SESSION) == before
    assert "Niets gevonden. Zoek met minder woorden" in words(page)
    assert CHECKED.findall(page.text) == [pages.scene.slug]
    for kept in ('value="De scooter"', "Wat doe je?", 'value="2026-12-01"', 'value="xyzzy"'):
        assert kept in page.text
    assert 'value="korte-kraak" checked' in page.text


def test_enter_in_a_field_starts_nothing(pages: SessionPages) -> None:
    page = pages.gerda.get(f"/team/{pages.world.team_noord}/intervisie").text
    form = page[page.index('class="kk-form ki-plan"') :]
    first = form[form.index("<button") : form.index("</button>")]
    assert 'value="zoek"' in first


@pytest.mark.parametrize(
    "fields",
    [
        {"getoond": "9" * 400},
        {"getoond": "-5"},
        {"meer": "x"},
        {"zoek": "%_\x00'\"<b>" * 200},
        {"thema": "Bestaat niet"},
        {"dilemma": "../../etc/passwd"},
    ],
)
def test_strange_input_shows_a_list_and_no_fault(
    pages: SessionPages, fields: dict[str, str]
) -> None:
    for doe in ("zoek", "meer"):
        page = press(pages, doe, **fields)
        assert page.status_code == 200 and "gevonden" in words(page)
        assert "<b>" not in page.text


def test_others_search_nothing(pages: SessionPages) -> None:
    address = f"/team/{pages.world.team_almere}/intervisie"
    assert send(pages.gerda, address, doe="zoek", zoek="a").status_code == 404
