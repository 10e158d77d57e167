"""Covers: drawings of which only the known is taken, and patterns for the rest."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kopkrakers.base.config import asset_folder
from kopkrakers.catalogue.cards.faults import CardFaults
from kopkrakers.catalogue.covers.covers import cover_of
from kopkrakers.catalogue.covers.drawings import COLOURS, VIEW_BOX, framed, read_drawing
from kopkrakers.catalogue.covers.patterns import FAMILIES, pattern_of
from tests.catalogue.card_text import RIGHT, parsed

SLUGS = [f"dilemma-{number}" for number in range(400)]
OPENING = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{VIEW_BOX}">'


def drawing(shapes: str, opening: str = OPENING) -> bytes:
    return f"{opening}\n{shapes}</svg>".encode()


def faults_of(source: bytes) -> list[tuple[int, str]]:
    with pytest.raises(CardFaults) as raised:
        read_drawing(source)
    return [(fault.line, fault.sentence) for fault in raised.value.faults]


def test_the_cover_of_a_slug_is_always_the_same() -> None:
    assert pattern_of("een-plek") == pattern_of("een-plek")


def test_covers_differ_from_each_other() -> None:
    assert len({pattern_of(slug) for slug in SLUGS}) > 0.95 * len(SLUGS)
    assert len(FAMILIES) == 12


def test_every_pattern_is_valid_and_uses_only_tokens_as_colours() -> None:
    for slug in SLUGS:
        cover = framed(pattern_of(slug))
        ElementTree.fromstring(cover)
        assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', cover)) <= set(COLOURS.values())


def test_every_pattern_has_two_option_colours() -> None:
    for slug in SLUGS:
        assert len(set(re.findall(r"--kk-option-([a-d])", pattern_of(slug)))) == 2


def test_a_cover_has_no_inline_style_and_no_words() -> None:
    for slug in SLUGS[:50]:
        assert not re.search(r"style|class=\"(?!kk-cover)|<text|<title", framed(pattern_of(slug)))


def test_a_drawing_is_written_anew_with_the_colours_of_the_style_sheet() -> None:
    found = read_drawing(
        drawing('<!-- hoi --><title>Wiel</title><circle cx="1" cy="2" r="3" fill="#0E5A66"/>')
    )
    assert found == framed('<circle cx="1" cy="2" r="3" fill="var(--kk-option-a)"></circle>')


@pytest.mark.parametrize(
    ("shapes", "sentence"),
    [
        ("<script>alert(1)</script>", "Het onderdeel <script> mag niet."),
        ('<a href="https://x.nl"><path d="M0 0"/></a>', "Het onderdeel <a> mag niet."),
        ('<image href="https://x.nl/x.png"/>', "Het onderdeel <image> mag niet."),
        (
            '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
            "<foreignObject> mag niet",
        ),
        ("<style>*{}</style>", "Het onderdeel <style> mag niet."),
        ('<path onclick="alert(1)" d="M0 0"/>', "Het kenmerk onclick mag niet."),
        ('<path style="fill:red" d="M0 0"/>', "Het kenmerk style mag niet."),
        (
            '<path xmlns:x="http://www.w3.org/1999/xlink" x:href="#a" d="M0 0"/>',
            "Het kenmerk href mag niet.",
        ),
        ('<path d="M0 0" fill="url(#a)"/>', "De kleur url(#a) hoort niet bij onze kleuren."),
        ('<path d="M0 0" fill="red"/>', "De kleur red hoort niet bij onze kleuren."),
        ('<path d="javascript:alert(1)"/>', "De waarde van d klopt niet."),
        ('<g transform="url(x)"/>', "De waarde van transform klopt niet."),
        ("<path", "Dit is geen geldige SVG."),
    ],
)
def test_what_a_drawing_may_not_hold_is_named_with_its_line(shapes: str, sentence: str) -> None:
    assert any(line == 2 and sentence in text for line, text in faults_of(drawing(shapes)))


def test_a_drawing_has_the_measures_of_a_cover() -> None:
    (fault,) = faults_of(
        drawing("", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">')
    )
    assert "0 0 640 208" in fault[1]


def test_a_drawing_with_entities_is_refused_before_they_grow() -> None:
    source = b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + drawing("<title>&a;</title>")
    assert (1, "Haal de regel met DOCTYPE weg.") in faults_of(source)


def test_a_drawing_that_is_too_large_is_refused() -> None:
    assert "te groot" in faults_of(drawing("<g/>" * 6000))[0][1]


def test_a_card_without_a_drawing_gets_its_pattern() -> None:
    card = parsed(RIGHT)
    assert cover_of(card, Path()) == (framed(pattern_of("een-plek")), ())


@pytest.mark.parametrize("content", [None, b"<svg/>"])
def test_a_drawing_that_cannot_be_used_gives_the_pattern_and_a_fault(
    tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "plek.svg").write_bytes(content)
    cover, faults = cover_of(replace(parsed(RIGHT), cover="plek.svg"), tmp_path)
    assert cover == framed(pattern_of("een-plek"))
    assert "plek.svg" in faults[0].sentence


def test_the_colours_of_a_drawing_are_those_of_the_style_sheet() -> None:
    light = (asset_folder("static") / "css" / "tokens.css").read_text().split("@media")[0]
    tokens = dict(re.findall(r"(--kk-[\w-]+):\s*([^;]+);", light))
    for colour, value in COLOURS.items():
        if value != "none":
            assert tokens[value[4:-1]].lower() == colour
