"""The research pages for an onderzoeker, and closed to everyone else."""

import re
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlmodel import col

from kopkrakers.base.db import Database
from kopkrakers.privacy.release import percents
from kopkrakers.research.models import ReleasePart
from kopkrakers.research.pages import page
from kopkrakers.research.pages.chart import overview_chart
from kopkrakers.research.release.releases import Release
from kopkrakers.research.selection import ReleasedDilemma
from tests.research.small import add_totals, bytes_of, files_in, fill, name_theme, release_of
from tests.support.pages import send, words
from tests.support.world import World, browser_of

PAGES = (
    "/onderzoek",
    "/onderzoek/overzicht",
    "/onderzoek/sleutels",
    "/onderzoek/uitgaven/1/dataset",
    "/onderzoek/uitgaven/1/csv/choice",
    "/onderzoek/uitgaven/1/xlsx/choice",
    "/onderzoek/uitgaven/1/codeboek",
    "/onderzoek/uitgaven/1/leeswijzer",
)


@pytest.fixture
def dewi(app: Flask, world: World) -> FlaskClient:
    """An onderzoeker who accepted the terms."""
    browser = browser_of(app, world.dewi)
    assert send(browser, "/onderzoek/voorwaarden", beloofd="ja").location == "/onderzoek"
    return browser


def test_only_an_onderzoeker_comes_in(app: Flask, world: World) -> None:
    for persona in (world.anna, world.gerda, world.chris, world.farid):
        browser = browser_of(app, persona)
        for path in PAGES:
            assert browser.get(path).status_code == 403, (persona, path)
    for path in PAGES:
        assert app.test_client().get(path).location.startswith("/inloggen"), path


def test_the_terms_come_first(app: Flask, world: World) -> None:
    browser = browser_of(app, world.dewi)
    for path in PAGES:
        assert browser.get(path).location == "/onderzoek/voorwaarden", path


def test_the_terms_are_accepted_with_a_tick_once(app: Flask, world: World) -> None:
    browser = browser_of(app, world.dewi)
    refused = send(browser, "/onderzoek/voorwaarden")
    assert refused.status_code == 422
    assert "Zet eerst het vinkje" in words(refused)
    for _ in range(2):
        assert send(browser, "/onderzoek/voorwaarden", beloofd="ja").status_code == 303
    assert browser.get("/onderzoek").status_code == 200


def test_without_a_release_the_pages_say_what_makes_one(dewi: FlaskClient) -> None:
    assert "Nog geen uitgave" in words(dewi.get("/onderzoek"))
    assert "Nog niets geteld" in words(dewi.get("/onderzoek/overzicht"))
    assert dewi.get("/onderzoek/uitgaven/1/dataset").status_code == 404


def test_national_totals_are_exact(dewi: FlaskClient, released: Release) -> None:
    text = words(dewi.get("/onderzoek"))
    assert "Eén plek, twee mensen · editie 1 · 114 antwoorden" in text
    assert "A · Ik doe het zo 55 (48%)" in text
    assert "Iets anders 4 (4%)" in text
    assert "Uitgave 1, november 2026." in text


def test_protected_cells_are_said_in_words(dewi: FlaskClient, released: Release) -> None:
    text = words(dewi.get("/onderzoek?tabel=choice_by_consideration"))
    assert "Wet Rendement Betrokkenheid Niet vermeld" in text
    # no sum of rounded cells is a total, and that of the choice is of more people
    assert "Totaal" not in text
    assert "A · Ik doe het zo 30 10 5 0" in text
    assert "B · Ik doe het anders minder dan 5 10 20 0" in text
    # 31 + 4 + 0 + 2 people of wet: 37, not the sum of 30, 5 and so on
    assert "Samen, eerst opgeteld 35 25 45 0" in text
    rare = words(dewi.get("/onderzoek?tabel=choice_by_experience"))
    assert "of ze kozen te veel hetzelfde. Ze staan bij ‘niet vermeld’" in rare


def test_a_bar_stands_only_under_a_number(dewi: FlaskClient, released: Release) -> None:
    experience = dewi.get("/onderzoek?tabel=choice_by_experience").get_data(as_text=True)
    lines, _, sums = experience.partition("Samen, eerst opgeteld")
    assert "<svg" not in sums.partition("</tr>")[0]
    cells = re.findall(r'<td class="kk-number([^"]*)">([^<]*)(<svg)?', lines)
    assert any(words.startswith("niet apart") for _, words, _ in cells)
    for few, _, bar in cells:
        assert bool(bar) is (few == ""), cells
    answers = dewi.get("/onderzoek?tabel=response").get_data(as_text=True)
    assert "<svg" not in answers.partition(">115")[2].partition("</td>")[0]


def test_a_gemeente_has_its_own_exact_total(dewi: FlaskClient, released: Release) -> None:
    text = words(dewi.get("/onderzoek?tabel=choice_by_gemeente"))
    assert "Almere 9 (39%) 12 (52%) 2 (9%) 0 (0%) 23" in text
    assert "Leg gemeenten van verschillende grootte niet naast elkaar." in text
    assert "Leg gemeenten" not in words(dewi.get("/onderzoek"))


def test_a_gemeente_above_the_limit_has_no_total_beside_one_that_has(
    dewi: FlaskClient, filled: Database, world: World, cards_dir: Path
) -> None:
    add_totals(filled, "NL", (60, 31, 22, 2), slug="tweede-kans")
    add_totals(filled, str(world.almere), (9, 12, 2, 0), slug="tweede-kans")
    add_totals(filled, str(world.zaanstad), (30, 3, 2, 0), slug="tweede-kans")
    release_of(filled, cards_dir)
    text = words(dewi.get("/onderzoek?tabel=choice_by_gemeente&dilemma=tweede-kans"))
    assert "Almere 9 (39%) 12 (52%) 2 (9%) 0 (0%) 23" in text
    assert "Zaanstad ruim 80% niet verteld niet verteld niet verteld" in text


def headings(dewi: FlaskClient, address: str) -> list[str]:
    page = dewi.get(address).get_data(as_text=True)
    return re.findall(r'<h3 class="kk-caption"[^>]*>([^<·]+) ·', page)


def test_dilemmas_are_found_by_title_and_stand_in_the_order_asked(
    dewi: FlaskClient, filled: Database, cards_dir: Path
) -> None:
    add_totals(filled, "NL", (40, 39, 22, 2), slug="tweede-kans")
    release_of(filled, cards_dir)
    one, other = "Eén plek, twee mensen", "Een tweede kans"
    assert headings(dewi, "/onderzoek") == [one, other]
    assert headings(dewi, "/onderzoek?volgorde=verdeeld") == [other, one]
    assert set(headings(dewi, "/onderzoek?volgorde=thema")) == {one, other}
    assert headings(dewi, "/onderzoek?zoek=KANS") == [other]
    assert headings(dewi, "/onderzoek?zoek=een twee") == [one, other]
    assert "Geen dilemma past bij wat je koos." in words(dewi.get("/onderzoek?zoek=nergens"))
    refused = dewi.get("/onderzoek?volgorde=nietes")
    assert refused.status_code == 422
    assert "Kies een volgorde: titel, thema, verdeeld." in words(refused)


def test_several_dilemmas_can_be_chosen(dewi: FlaskClient, released: Release) -> None:
    both = dewi.get("/onderzoek?dilemma=een-plek&dilemma=tweede-kans&tabel=choice")
    assert "Eén plek, twee mensen · editie 1" in words(both)
    assert "2 gekozen" in words(both)
    assert "nog niet geteld of het zou te veel zeggen: Een tweede kans." in words(both)
    assert "te veel zeggen:" not in words(dewi.get("/onderzoek?tabel=response"))
    assert "Hier is nog niets geteld" in words(dewi.get("/onderzoek?dilemma=tweede-kans"))


def test_a_theme_and_a_dilemma_that_do_not_meet_are_not_said_to_be_uncounted(
    dewi: FlaskClient, database: Database, world: World, cards_dir: Path
) -> None:
    card = cards_dir / "tweede-kans.md"
    card.write_text(card.read_text().replace("thema: Werk en verdringing", "thema: Samen wonen"))
    fill(database, world, cards_dir)
    release_of(database, cards_dir)
    text = words(dewi.get("/onderzoek?thema=Samen wonen&dilemma=een-plek"))
    assert "Niets gevonden Geen dilemma past bij wat je koos." in text
    assert "Hier is nog niets geteld" not in text


def test_a_theme_full_of_punctuation_is_chosen_as_any_other(
    dewi: FlaskClient, database: Database, world: World, cards_dir: Path
) -> None:
    theme = '=1+1;"quotes" & more, comma'
    name_theme(cards_dir, theme)
    fill(database, world, cards_dir)
    release_of(database, cards_dir)
    chosen = dewi.get("/onderzoek", query_string={"thema": theme})
    assert "Eén plek, twee mensen · editie 1" in words(chosen)
    refused = dewi.get("/onderzoek", query_string={"thema": f"{theme}<b>"})
    assert refused.status_code == 422
    assert "<b>" not in refused.get_data(as_text=True)


def test_only_tables_that_are_there_are_leafed_through(
    dewi: FlaskClient, filled: Database, cards_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "PER_PAGE", 1)
    release_of(filled, cards_dir)
    for table in ("choice", "choice_by_consideration", "shift", "response"):
        assert 'aria-label="Bladeren"' not in dewi.get(f"/onderzoek?tabel={table}").get_data(
            as_text=True
        ), table
    add_totals(filled, "NL", (19, 12, 3, 1), slug="tweede-kans")
    release_of(filled, cards_dir, date(2026, 12, 1))
    assert 'aria-label="Bladeren"' in dewi.get("/onderzoek").get_data(as_text=True)
    assert "Eén plek, twee mensen · editie 1" in words(dewi.get("/onderzoek?pagina=1"))
    assert "Een tweede kans · editie 1" in words(dewi.get("/onderzoek?pagina=2"))


def test_the_reading_guide_is_that_of_the_release(dewi: FlaskClient, released: Release) -> None:
    text = words(dewi.get("/onderzoek/uitgaven/1/leeswijzer"))
    assert "Kopkrakers, uitgave 1, november 2026" in text
    assert "Wat je niet kunt concluderen" in text
    assert "**" not in text
    assert dewi.get("/onderzoek/uitgaven/2/leeswijzer").status_code == 404


def test_every_table_can_be_asked_for(dewi: FlaskClient, released: Release) -> None:
    for table in released.about["tables"]:
        shown = table not in ("dilemmas", "options", "gemeenten", "changes", "value_totals")
        assert dewi.get(f"/onderzoek?tabel={table}").status_code == (200 if shown else 404), table
    assert "Komt zodra er intervisies geteld zijn" in words(dewi.get("/onderzoek?tabel=shift"))
    assert "Getelde antwoorden in deze uitgave 115" in words(dewi.get("/onderzoek?tabel=response"))


ASKED = [
    ("tabel=nietes", 404),
    ("uitgave=7", 404),
    ("uitgave=x", 422),
    ("uitgave=99999999999999", 422),
    ("uitgave=²", 422),
    ("pagina=-1", 422),
    ("thema=nietes", 422),
    ("dilemma=nietes", 422),
    ("dilemma=%00&thema=%0a", 422),
    ("pagina=400", 200),
    ("thema=Werk en verdringing", 200),
    ("dilemma=tweede-kans", 200),
]


def test_what_is_asked_wrong_is_said(dewi: FlaskClient, released: Release) -> None:
    for query, status in ASKED:
        assert dewi.get(f"/onderzoek?{query}").status_code == status, query


def test_the_overview_has_a_table_under_the_chart(dewi: FlaskClient, released: Release) -> None:
    overview = dewi.get("/onderzoek/overzicht")
    chart = overview.get_data(as_text=True).partition("kk-chart")[2]
    assert chart.count('<rect class="kk-fill--') == 4
    assert "Eén plek, twee mensen · editie 1 A 48%, B 32%, C 16%, iets anders 4% 48% 114" in words(
        overview
    )
    assert "Nog niet geteld: Een tweede kans." in words(overview)


def test_what_divides_people_most_is_not_decided_by_rounding() -> None:
    def known(title: str, *counts: int) -> ReleasedDilemma:
        total = sum(counts)
        options = tuple(zip("abcx", counts, percents(counts), [False] * 4, strict=True))
        return ReleasedDilemma(title.lower(), 1, title, "Thema", total, options)

    close, closer = known("Aan", 444, 300, 200, 56), known("Zij", 441, 300, 200, 59)
    assert close.largest == closer.largest == 44
    assert [bar.dilemma for bar in overview_chart([close, closer], {}).bars] == [closer, close]


def test_downloads_are_the_bytes_of_the_release(
    dewi: FlaskClient, released: Release, database: Database
) -> None:
    whole = bytes_of(database)
    answer = dewi.get("/onderzoek/uitgaven/1/dataset")
    assert answer.get_data() == whole
    assert (
        answer.headers["Content-Disposition"] == 'attachment; filename="kopkrakers-uitgave-1.zip"'
    )
    files = files_in(whole)
    assert dewi.get("/onderzoek/uitgaven/1/csv/choice").get_data() == files["csv/choice.csv"]
    assert dewi.get("/onderzoek/uitgaven/1/sav/choice").get_data() == files["spss/choice.sav"]
    assert (
        dewi.get("/onderzoek/uitgaven/1/parquet/shift").get_data() == files["parquet/shift.parquet"]
    )
    assert dewi.get("/onderzoek/uitgaven/1/codeboek").get_data() == files["codebook.md"]
    for path in ("csv/nietes", "doc/choice", "csv/..%2fREADME"):
        assert dewi.get(f"/onderzoek/uitgaven/1/{path}").status_code == 404


def test_only_an_onderzoeker_has_the_entry_in_the_menu(
    app: Flask, world: World, dewi: FlaskClient
) -> None:
    assert 'href="/onderzoek"' in dewi.get("/archief").get_data(as_text=True)
    assert 'href="/onderzoek"' not in browser_of(app, world.anna).get("/archief").get_data(
        as_text=True
    )


def test_a_release_from_before_a_table_existed_says_so(
    dewi: FlaskClient, released: Release, database: Database
) -> None:
    with database.transaction() as session:
        session.execute(delete(ReleasePart).where(col(ReleasePart.table_id) == "choice"))
    assert "Hier is nog niets geteld" in words(dewi.get("/onderzoek"))
