"""The story of a card: a little Markdown in, clean HTML and plain text out."""

import re
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from kopkrakers.catalogue.cards.faults import CardFaults, Fault
from kopkrakers.catalogue.cards.front_matter import CONTROL_CHARACTER, HTML, SCRIPT

LONGEST_STORY = 130
"""Words in a story, at most."""
# HTML as text: `_RULES` refuses it with a sentence, and what gets through is not markup either
_markdown = MarkdownIt("commonmark", {"html": False})
_NAMES = {
    "heading": "kop",
    "link": "link",
    "image": "plaatje",
    "bullet_list": "lijst",
    "ordered_list": "lijst",
    "blockquote": "citaatblok",
    "code": "stukje code",
    "fence": "stukje code",
    "hr": "streep",
}
_RULES = (
    (HTML, "Gebruik geen HTML in het verhaal. Haal de tekens < en > weg."),
    (SCRIPT, "Gebruik geen adres met ‘javascript:’ of ‘data:’."),
    (
        re.compile(r"https?://|www\."),
        "Zet geen link in het verhaal. Een bron hoort bij ‘kennis’.",
    ),
    (CONTROL_CHARACTER, "Hier staat een onzichtbaar teken. Typ de regel opnieuw."),
)
"""Patterns that no line of a story may hold, each with what to do about it."""
_PARAGRAPH = {"paragraph_open", "paragraph_close", "inline"}
_WORDS = {"text", "text_special", "softbreak", "strong_open", "strong_close", "em_open", "em_close"}


@dataclass(frozen=True)
class Story:
    """A story as a page shows it and as plain text, paragraphs apart by an empty line."""

    html: Markup
    text: str


def read_story(source: str, first_line: int) -> Story:
    """Return the story that begins at `first_line` of its file.

    Raises: CardFaults when it is empty, too long, or holds more than paragraphs, bold and italic.
    """
    tokens = _markdown.parse(source)
    text = _plain_text(tokens)
    faults = [*_forbidden_text(source, first_line), *_forbidden_markup(tokens, first_line)]
    words = count_words(text)
    if words == 0:
        faults.append(
            Fault(first_line, "Het verhaal ontbreekt. Schrijf het onder de tweede streep ---.")
        )
    if words > LONGEST_STORY:
        faults.append(
            Fault(
                first_line,
                f"Het verhaal heeft {words} woorden. Kort het in tot hoogstens {LONGEST_STORY}.",
            )
        )
    if faults:
        raise CardFaults(faults)
    # a second lock: all but paragraphs, bold and italic was refused above
    html = nh3.clean(_markdown.render(source), tags={"p", "strong", "em"}, attributes={})
    return Story(html=keep_amounts_whole(Markup(html.strip())), text=text)


def keep_amounts_whole(html: Markup) -> Markup:
    """Return a part of a page in which no line ends between the euro sign and its amount."""
    return html.replace("€ ", "€\N{NO-BREAK SPACE}")


def count_words(text: str) -> int:
    """Return the number of words: parts between spaces with a letter or digit in them."""
    return sum(1 for word in text.split() if re.search(r"\w", word))


def _forbidden_text(source: str, first_line: int) -> list[Fault]:
    faults = []
    for number, line in enumerate(source.split("\n"), start=first_line):
        for pattern, sentence in _RULES:
            if pattern.search(line):
                faults.append(Fault(number, sentence))
    return faults


def _forbidden_markup(tokens: list[Token], first_line: int) -> list[Fault]:
    faults = []
    for token in tokens:
        # words inside a paragraph do not know their line, so they get that of the paragraph
        line = first_line
        if token.map:
            line += token.map[0]
        for kind in (token.type, *(child.type for child in token.children or [])):
            # of a pair the beginning is enough
            if kind in _PARAGRAPH or kind in _WORDS or kind.endswith("_close"):
                continue
            sentence = _sentence(kind)
            if sentence:
                faults.append(Fault(line, sentence))
    return faults


def _sentence(kind: str) -> str:
    """Return what to say of a kind of markup; nothing where its surroundings say it already."""
    for start, name in _NAMES.items():
        if kind.startswith(start):
            return f"Zet geen {name} in het verhaal. Schrijf gewone alinea’s; alleen **vet** mag."
    if kind.startswith(("list_item", "html")):
        return ""
    return "Schrijf het verhaal in gewone alinea’s."


def _plain_text(tokens: list[Token]) -> str:
    paragraphs = []
    for token in tokens:
        if token.type != "inline":
            continue
        text = ""
        for child in token.children or []:
            if child.type in ("softbreak", "hardbreak"):
                text += " "
            else:
                text += child.content
        # a paragraph that is laid out anew in its file has the same text, and the same digest
        paragraphs.append(" ".join(text.split()))
    return "\n\n".join(paragraphs)
