"""`cards pull`, `cards push` and `stelling plan`: the desk from the command line."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from kopkrakers.base.clock import amsterdam_day, utc_now
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.dutch import day as day_in_words
from kopkrakers.catalogue.editions.editions import DAY
from kopkrakers.catalogue.editions.models import CalendarDay
from kopkrakers.catalogue.stellingen.daily import daily_stellingen
from kopkrakers.catalogue.stored.reading import StoredCards
from tests.desk.conftest import Redacteur
from tests.desk.editing import SLUG, TEXT, published, published_card
from tests.support.running import Shell


@pytest.fixture
def cards(settings: Settings, cards_dir: Path) -> Shell:
    return Shell(settings, "cards", KOPKRAKERS_CARDS_DIR=str(cards_dir))


def test_pull_writes_the_published_cards_once(
    cards: Shell, esra: Redacteur, guus: Redacteur, tmp_path: Path
) -> None:
    published_card(esra.browser, guus.browser)
    folder = tmp_path / "git"
    assert "1 bestanden geschreven" in cards("pull", str(folder)).output
    assert (folder / f"{SLUG}.md").read_text("utf-8") == TEXT
    assert "0 bestanden geschreven" in cards("pull", str(folder)).output


def test_push_publishes_a_file_and_a_change_of_it(
    cards: Shell, tmp_path: Path, database: Database
) -> None:
    path = tmp_path / f"{SLUG}.md"
    path.write_text(TEXT, encoding="utf-8")
    assert "1 kaarten veranderd" in cards("push", str(path)).output
    assert "0 kaarten veranderd" in cards("push", str(path)).output
    path.write_text(TEXT.replace("Het werkt snel.", "Het werkt."), encoding="utf-8")
    assert cards("push", str(path)).exit_code == 0
    assert published(database) == 2
    assert StoredCards(database).published()[SLUG][1] == path.read_text("utf-8")


def test_push_refuses_all_when_one_file_is_faulty(
    cards: Shell, tmp_path: Path, database: Database
) -> None:
    right, wrong = tmp_path / f"{SLUG}.md", tmp_path / "andere-kaart.md"
    right.write_text(TEXT, encoding="utf-8")
    wrong.write_text(TEXT.replace("thema: Werk en verdringing", "thema: Onbekend"), "utf-8")
    refused = cards("push", str(right), str(wrong))
    assert refused.exit_code == 1 and "Er is niets veranderd" in refused.output
    assert StoredCards(database).published() == {}


def test_a_card_goes_to_a_folder_and_comes_back_the_same(
    cards: Shell, esra: Redacteur, guus: Redacteur, tmp_path: Path
) -> None:
    published_card(esra.browser, guus.browser)
    cards("pull", str(tmp_path))
    assert "0 kaarten veranderd" in cards("push", str(tmp_path / f"{SLUG}.md")).output


def test_a_stelling_is_planned_and_shown_by_who_runs_the_server(
    settings: Settings, database: Database, cards_dir: Path
) -> None:
    stelling = Shell(settings, "stelling", KOPKRAKERS_CARDS_DIR=str(cards_dir))
    today = amsterdam_day(utc_now())
    day, near, far = (today + timedelta(days=days) for days in (8, 9, 22))
    calendar = {day: "een-plek", near: "stelling-loten", far: "paar-uur"}
    with database.transaction() as session:
        for on, slug in calendar.items():
            session.add(CalendarDay(day=on, dilemma=slug))
    loten = f"{daily_stellingen()['stelling-loten'].title} (loten)\n"
    assert stelling("plan").output == f"{day_in_words(near)}: {loten}"
    for asked, sentence in (
        (("2020-01-01", "zelfde-aanpak"), "al begonnen"),
        ((day.isoformat(), "nergens"), "Kies uit: altijd-winst"),
        ((day.isoformat(), "leren-op-de-werkplek"), "kan niet op een werkdag"),
        ((day.isoformat(),), "Noem ook de code"),
        (((far + timedelta(days=90)).isoformat(), "loten"), "staat niet op de kalender"),
        ((day.isoformat(), "zelfde-aanpak"), "hoogstens één keer in de twee weken"),
    ):
        refused = stelling("plan", *asked)
        assert refused.exit_code > 0 and sentence in refused.output, (asked, refused.output)
    moved = stelling("plan", day.isoformat(), "loten")
    assert moved.output == f"{day_in_words(day)}: {loten}"
    again = stelling("plan", far.isoformat(), "zelfde-aanpak")
    assert again.exit_code == 0 and len(again.output.splitlines()) == 2
    with database.reading() as session:
        rows = session.execute(select(DAY.c.day, DAY.c.dilemma))
        planned = {row.day: row.dilemma for row in rows}
    assert planned == {
        day: "stelling-loten",
        near: "een-plek",
        far: "stelling-zelfde-aanpak",
    }
