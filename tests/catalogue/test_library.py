"""The folder of cards while it changes under a running site."""

import os
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from kopkrakers.catalogue.library import REREAD_AFTER, Library


class Seconds:
    """A clock of seconds that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def library(cards_dir: Path, seconds: Seconds) -> Library:
    return Library(cards_dir, monotonic=seconds)


def change(folder: Path, slug: str, old: str, new: str) -> None:
    path = folder / f"{slug}.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_every_card_of_the_folder_is_there_with_a_cover(library: Library) -> None:
    assert sorted(library.cards()) == ["een-plek", "paar-uur", "samen-thuis", "tweede-kans"]
    assert all(card.cover_svg.startswith("<svg") for card in library.cards().values())
    assert library.faults() == {}


def test_a_changed_card_is_live_without_a_restart(
    library: Library, cards_dir: Path, seconds: Seconds
) -> None:
    change(cards_dir, "een-plek", "titel: Eén plek", "titel: Twee plekken")
    seconds.now += REREAD_AFTER
    card = library.card("een-plek")
    assert card is not None
    assert card.title.startswith("Twee plekken")


def test_the_folder_is_looked_at_once_a_second_at_most(
    library: Library, cards_dir: Path, seconds: Seconds
) -> None:
    (cards_dir / "een-plek.md").unlink()
    seconds.now += REREAD_AFTER / 2
    assert library.card("een-plek") is not None
    seconds.now += REREAD_AFTER / 2
    assert library.card("een-plek") is None


def test_nothing_is_read_when_nothing_changed(library: Library, seconds: Seconds) -> None:
    before = library.cards()
    seconds.now += REREAD_AFTER
    assert library.cards() is before


def test_a_new_card_is_there_within_a_second(
    library: Library, cards_dir: Path, seconds: Seconds
) -> None:
    text = (cards_dir / "een-plek.md").read_text(encoding="utf-8")
    (cards_dir / "nieuw.md").write_text(text, encoding="utf-8")
    seconds.now += REREAD_AFTER
    assert "nieuw" in library.cards()


def test_a_card_that_becomes_faulty_stays_as_it_was_and_the_fault_is_logged(
    library: Library, cards_dir: Path, seconds: Seconds
) -> None:
    change(cards_dir, "een-plek", "thema: Werk en verdringing", "thema: Onzin")
    seconds.now += REREAD_AFTER
    with capture_logs() as logs:
        card = library.card("een-plek")
    assert card is not None
    assert card.theme == "Werk en verdringing"
    assert "onbekend" in library.faults()["een-plek.md"][0].sentence
    assert [(log["event"], log["file"]) for log in logs] == [("card_fault", "een-plek.md")]


def test_a_faulty_card_never_takes_the_others_along(cards_dir: Path) -> None:
    (cards_dir / "een-plek.md").write_bytes(b"---\n\xff\xfe: [\n---\n")
    library = Library(cards_dir)
    assert sorted(library.cards()) == ["paar-uur", "samen-thuis", "tweede-kans"]
    assert "UTF-8" in library.faults()["een-plek.md"][0].sentence


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


DEEP = {
    "square brackets": f"titel: {nested(5000)}",
    "braces": "titel: " + "{a: " * 3000 + "}" * 3000,
    "dashes": "".join(" " * level + "- \n" for level in range(150)),
    "a bomb": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
    "itself": "titel: &a [*a]",
    "keys": "? " * 3000,
    "eleven levels": f"titel: {nested(11)}",
}


@pytest.mark.parametrize("front", DEEP.values(), ids=list(DEEP))
def test_no_card_takes_a_running_site_along(
    library: Library, cards_dir: Path, seconds: Seconds, front: str
) -> None:
    (cards_dir / "diep.md").write_text(f"---\n{front}\n---\n\nVerhaal.\n")
    seconds.now += REREAD_AFTER
    assert len(library.cards()) == 4
    assert library.faults()["diep.md"]
    assert len(Library(cards_dir).cards()) == 4


def test_what_is_no_file_is_a_fault_of_that_card_alone(cards_dir: Path) -> None:
    (cards_dir / "lus.md").symlink_to("lus.md")
    (cards_dir / "map.md").mkdir()
    os.mkfifo(cards_dir / "pijp.md")
    library = Library(cards_dir)
    assert len(library.cards()) == 4
    assert {"lus.md", "map.md", "pijp.md"} <= set(library.faults())


def test_a_card_may_not_lean_on_another_place_in_itself(cards_dir: Path) -> None:
    (cards_dir / "anker.md").write_text("---\ntitel: x\nthema: &a Werk\n---\n\nVerhaal.\n")
    fault = Library(cards_dir).faults()["anker.md"][0]
    assert (fault.line, fault.sentence[:15]) == (3, "Gebruik geen & ")


@pytest.mark.parametrize("broken", [RecursionError, MemoryError, KeyError, AssertionError])
def test_whatever_breaks_the_reader_of_a_card_is_a_fault_of_that_card(
    library: Library,
    cards_dir: Path,
    seconds: Seconds,
    monkeypatch: pytest.MonkeyPatch,
    broken: type[Exception],
) -> None:
    def fail(*_: object) -> None:
        raise broken

    monkeypatch.setattr("kopkrakers.catalogue.cards.card.read_story", fail)
    (cards_dir / "nieuw.md").write_text("---\ntitel: x\n---\n\nVerhaal.\n")
    seconds.now += REREAD_AFTER
    with capture_logs() as said:
        assert len(library.cards()) == 4
    # its name is for whoever reads the log; who wrote the card gets a sentence
    assert broken.__name__ in [line.get("kind") for line in said]
    sentence = library.faults()["nieuw.md"][0].sentence
    assert (sentence[:37], broken.__name__ in sentence) == (
        "Deze kaart kan niet worden gelezen. M",
        False,
    )


def test_a_list_of_themes_without_end_leaves_the_cards_as_they_are(
    library: Library, cards_dir: Path, seconds: Seconds
) -> None:
    (cards_dir / "themas.yaml").write_text(nested(5000))
    seconds.now += REREAD_AFTER
    assert len(library.cards()) == 4


def test_a_fault_is_logged_once_and_not_at_every_look(
    library: Library, cards_dir: Path, seconds: Seconds
) -> None:
    change(cards_dir, "een-plek", "editie: 1", "editie: x")
    seconds.now += REREAD_AFTER
    library.cards()
    change(cards_dir, "paar-uur", "titel: Een", "titel: Nog een")
    seconds.now += REREAD_AFTER
    with capture_logs() as logs:
        library.cards()
    assert logs == []


def test_a_card_is_withdrawn_at_once(library: Library, cards_dir: Path, seconds: Seconds) -> None:
    change(cards_dir, "een-plek", "editie: 1", "editie: 1\ningetrokken: ja")
    seconds.now += REREAD_AFTER
    assert library.card("een-plek") is None
    assert library.is_withdrawn("een-plek")
    assert "een-plek" not in library.cards()


def test_a_faulty_file_can_be_withdrawn_too(
    library: Library, cards_dir: Path, seconds: Seconds
) -> None:
    change(cards_dir, "een-plek", "editie: 1", "editie: [\ningetrokken: ja")
    seconds.now += REREAD_AFTER
    assert library.card("een-plek") is None
    assert library.is_withdrawn("een-plek")


def test_a_withdrawn_card_comes_back_when_the_line_goes(
    library: Library, cards_dir: Path, seconds: Seconds
) -> None:
    change(cards_dir, "een-plek", "editie: 1", "editie: 1\ningetrokken: ja")
    seconds.now += REREAD_AFTER
    assert library.card("een-plek") is None
    change(cards_dir, "een-plek", "\ningetrokken: ja", "")
    seconds.now += REREAD_AFTER
    assert library.card("een-plek") is not None


def test_a_missing_drawing_is_a_fault_but_the_card_is_shown_with_a_pattern(
    library: Library, cards_dir: Path, seconds: Seconds
) -> None:
    change(cards_dir, "een-plek", "editie: 1", "editie: 1\nomslag: plek.svg")
    seconds.now += REREAD_AFTER
    card = library.card("een-plek")
    assert card is not None
    assert card.cover_svg.startswith("<svg")
    assert "plek.svg" in library.faults()["een-plek.md"][0].sentence


def test_a_new_theme_is_known_within_a_second(
    library: Library, cards_dir: Path, seconds: Seconds
) -> None:
    with (cards_dir / "themas.yaml").open("a", encoding="utf-8") as themes:
        themes.write("- Nieuw thema\n")
    change(cards_dir, "een-plek", "thema: Werk en verdringing", "thema: Nieuw thema")
    seconds.now += REREAD_AFTER
    assert library.themes()[-1] == "Nieuw thema"
    assert library.faults() == {}


def test_a_broken_list_of_themes_leaves_the_cards_as_they_are(
    library: Library, cards_dir: Path, seconds: Seconds
) -> None:
    (cards_dir / "themas.yaml").write_text("{", encoding="utf-8")
    seconds.now += REREAD_AFTER
    assert len(library.cards()) == 4
    assert "themas.yaml" in library.faults()


def test_a_folder_that_cannot_be_read_leaves_the_cards_as_they_are(
    library: Library, cards_dir: Path, seconds: Seconds
) -> None:
    cards_dir.rename(cards_dir.with_name("weg"))
    seconds.now += REREAD_AFTER
    assert len(library.cards()) == 4


def test_a_change_that_keeps_size_and_second_is_seen_by_its_moment(
    library: Library, cards_dir: Path, seconds: Seconds
) -> None:
    path = cards_dir / "een-plek.md"
    moment = path.stat().st_mtime_ns
    change(cards_dir, "een-plek", "titel: Eén", "titel: Eèn")
    os.utime(path, ns=(moment + 1, moment + 1))
    seconds.now += REREAD_AFTER
    card = library.card("een-plek")
    assert card is not None
    assert card.title.startswith("Eèn")
