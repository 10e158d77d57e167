"""`cards pull` and `cards push`: cards go between the desk and a folder."""

from pathlib import Path

import pytest

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
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
