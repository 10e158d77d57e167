"""`cards pull`, `cards push` and `stelling plan`: the desk from the command line."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from kopkrakers.base.clock import amsterdam_day, utc_now
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.dutch import day as day_in_words
from kopkrakers.catalogue.editions.editions import DAY
from kopkrakers.catalogue.editions.models import CalendarDay
from kopkrakers.catalogue.stellingen.daily import daily_stellingen
from kopkrakers.catalogue.stored.models import CARD_VERSION
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


def test_what_is_pushed_waits_for_a_redacteur_and_leaves_a_trail(
    cards: Shell, tmp_path: Path, database: Database, esra: Redacteur
) -> None:
    path = tmp_path / f"{SLUG}.md"
    path.write_text(TEXT, encoding="utf-8")
    told = cards("push", str(path)).output
    assert "1 kaarten veranderd" in told and "Een redacteur leest ze" in told
    assert "0 kaarten veranderd" in cards("push", str(path)).output
    assert published(database) is None
    assert "Wie de server beheert vroeg erom" in esra.browser.get("/redactie").text
    trail = " ".join(esra.browser.get("/redactie/handelingen").text.split())
    assert SLUG in trail and "vroeg een tweede lezer" in trail
    assert press(esra.browser, "publiceer", 1).status_code == 303
    assert "0 kaarten veranderd" in cards("push", str(path)).output
    path.write_text(TEXT.replace("Het werkt snel.", "Het werkt."), encoding="utf-8")
    assert cards("push", str(path)).exit_code == 0
    assert published(database) == 1
    assert press(esra.browser, "publiceer", 2).status_code == 303
    assert StoredCards(database).published()[SLUG][1] == path.read_text("utf-8")


def test_for_a_desk_of_one_what_is_pushed_stands_on_the_site(
    settings: Settings, cards_dir: Path, tmp_path: Path, database: Database, esra: Redacteur
) -> None:
    alone = Shell(
        settings, "cards", KOPKRAKERS_CARDS_DIR=str(cards_dir), KOPKRAKERS_DESK_OF_ONE="true"
    )
    path = tmp_path / f"{SLUG}.md"
    for number, text in enumerate((TEXT, TEXT.replace("Het werkt snel.", "Het werkt.")), start=1):
        path.write_text(text, encoding="utf-8")
        assert "Een redacteur" not in alone("push", str(path)).output
        assert published(database) == number
    assert "publiceerde" in esra.browser.get("/redactie/handelingen").text


def test_a_push_loses_nothing_that_a_redacteur_was_writing(
    cards: Shell, tmp_path: Path, esra: Redacteur, guus: Redacteur, database: Database
) -> None:
    published_card(esra.browser, guus.browser)
    save(esra.browser, TEXT.replace("Sam", "Tom"), version=2)
    path = tmp_path / f"{SLUG}.md"
    path.write_text(TEXT, encoding="utf-8")
    # what stands on the site already is no news
    assert "0 kaarten veranderd" in cards("push", str(path)).output
    path.write_text(TEXT.replace("Sam", "Jip"), encoding="utf-8")
    assert "1 kaarten veranderd" in cards("push", str(path)).output
    assert published(database) == 2
    late = save(esra.browser, TEXT.replace("Sam", "Bo"), version=3)
    assert late.status_code == 409 and "**Jip**" in late.text and "**Bo**" in late.text
    assert "**Tom**" in esra.browser.get(f"/redactie/kaarten/{SLUG}/versies/3").text


@pytest.mark.parametrize("name", ["een_plek", "Een-Plek", "stelling-loten"])
def test_a_name_that_cannot_be_is_not_pushed(
    cards: Shell, tmp_path: Path, database: Database, name: str
) -> None:
    path = tmp_path / f"{name}.md"
    path.write_text(TEXT, encoding="utf-8")
    refused = cards("push", str(path))
    assert refused.exit_code == 1 and "naam" in refused.output
    assert StoredCards(database).published() == {}


def test_a_name_that_is_nearly_that_of_another_card_is_not_pushed(
    cards: Shell, tmp_path: Path, esra: Redacteur
) -> None:
    begin(esra.browser, "een-plek-2")
    path = tmp_path / "een-plek--2.md"
    path.write_text(TEXT, encoding="utf-8")
    assert cards("push", str(path)).exit_code == 1


def test_check_reads_the_cards_of_the_desk_too(
    cards: Shell, settings: Settings, esra: Redacteur, guus: Redacteur, database: Database
) -> None:
    published_card(esra.browser, guus.browser)
    right = cards("check", "--quiet")
    assert right.exit_code == 0 and "en 1 kaarten van de redactie bekeken: 0 fouten" in right.output
    with database.transaction() as session:
        session.execute(update(CARD_VERSION).values(source=TEXT.replace("titel:", "kop:")))
    wrong = cards("check", "--quiet")
    assert wrong.exit_code == 1 and f"redactie/{SLUG}.md:2: fout: " in wrong.output
    # and so does the check of the whole installation
    assert f"Kaart {SLUG}.md, regel 2: " in Shell(settings)("check").output


def test_check_names_a_file_that_counts_no_more(
    cards: Shell, esra: Redacteur, cards_dir: Path
) -> None:
    address = "/redactie/kaarten/een-plek/overnemen"
    esra.browser.post(address, data=token_of(esra.browser))
    assert cards("check", "--quiet").exit_code == 0
    path = cards_dir / "een-plek.md"
    path.write_text(path.read_text("utf-8").replace("Sam", "Bestand"), encoding="utf-8")
    wrong = cards("check", "--quiet")
    assert wrong.exit_code == 1 and "een-plek.md:0: fout: Dit bestand is anders" in wrong.output


def test_check_names_a_card_of_the_desk_whose_name_is_nearly_that_of_a_file(
    cards: Shell, esra: Redacteur, guus: Redacteur, cards_dir: Path
) -> None:
    published_card(esra.browser, guus.browser)
    (cards_dir / "Nieuw_Verhaal.md").write_text(TEXT, encoding="utf-8")
    wrong = cards("check", "--quiet")
    assert f"redactie/{SLUG}.md:0: fout: Er is al een kaart met bijna dezelfde naam" in wrong.output


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
