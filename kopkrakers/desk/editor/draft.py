"""A card as the fields of a form, and back as the text that is kept.

The text is what counts: a form is made of it and turned into it again, so that a redacteur can
write in either. What stands behind a # is kept, above the fields. A text with other keys or levels
than a card has does not become a form; it is still there to be written as text.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kopkrakers.catalogue.cards.card import split_card
from kopkrakers.catalogue.cards.faults import CardFaults
from kopkrakers.catalogue.cards.yaml_lines import read_yaml
from kopkrakers.catalogue.writing.starting import new_card

Place = tuple[str | int, ...]
Values = dict[Place, str | list[str]]
"""What is filled in, by place; a list for parts of `Shape.LISTS`."""
NOTES: Place = ("#",)
STORY: Place = ("verhaal",)
_COMMENT = re.compile(r"(?:^|\s)#\s?(.*)$")
_QUOTED = re.compile(r"(?<=[\s\[])(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*')")
_TITLE = re.compile(r"^titel:[ \t]*([^#\n]*)", re.MULTILINE)
_EMPTY = new_card((), date.min)
_DATES = ("datum",)
"""Keys whose text stands between quotes: a year alone would be a number."""


@dataclass(frozen=True)
class ListOf:
    """A key that has several things of the same keys below each other."""

    keys: tuple[str, ...]
    most: int


LISTS = ("doelgroep", "trefwoorden", "schatting", "leunt_op", "voor", "tegen", "vragen")
"""Keys that have several texts."""
INLINE = ("doelgroep", "trefwoorden", "schatting", "leunt_op")
"""Those that are written on one line."""
_OF_ALL = ("kop", "tekst")
_FOUND = ("datum", "adres", "vindplaats", "sterkte")
HEAD = (
    *("titel", "thema", "doelgroep", "trefwoorden", "editie", "gecontroleerd_op"),
    *("controleren_voor", "raakt_keuze", "seizoen", "schatting", "herkomst", "omslag"),
    "ingetrokken",
)
PARTS: Mapping[Place, ListOf] = {
    ("werkwijzen",): ListOf(("label", "regel", "leunt_op", "voor", "tegen"), 4),
    ("kennis", "onderzoek"): ListOf((*_OF_ALL, "toont_niet", "bron", *_FOUND), 3),
    ("kennis", "wet"): ListOf((*_OF_ALL, "artikel", *_FOUND), 4),
    ("kennis", "client"): ListOf((*_OF_ALL, "bron", *_FOUND), 2),
    ("vervolg",): ListOf(("wie", "tekst", "vraag"), 3),
}
SAFETY = ("waar_terecht", "specialist_gezien")
_ORDER: tuple[str, ...] = (*HEAD, "werkwijzen", "kennis", "vragen", "vervolg", "veiligheid")


class NoForm(Exception):
    """A text that cannot be shown as fields; it is still there as text."""


def read_draft(text: str) -> Values:
    """Return what the fields of a text hold. Raises: NoForm, CardFaults for unreadable YAML."""
    parts = split_card(text)
    raw: Mapping[str, Any] = read_yaml(parts.front, first_line=2)
    values: Values = {NOTES: _comments(parts.front), STORY: parts.story.strip()}
    for key, value in raw.items():
        values |= dict(_read(key, value))
    return values


def title_in(text: str) -> str:
    """Return the title in the text of a card, whatever else is wrong with it, or ""."""
    found = _TITLE.search(text)
    return found[1].strip(" \"'") if found else ""


def _read(key: str, value: Any) -> Iterator[tuple[Place, str | list[str]]]:
    if key in HEAD or key == "vragen":
        yield (key,), _scalar_or_list(key, value)
    elif (key,) in PARTS:
        yield from _read_parts((key,), value)
    elif isinstance(value, Mapping):
        yield from _read_below(key, value)
    elif value is not None:
        raise NoForm


def _read_below(key: str, value: Mapping[str, Any]) -> Iterator[tuple[Place, str | list[str]]]:
    for name, part in value.items():
        if (key, name) in PARTS:
            yield from _read_parts((key, name), part)
        elif key == "veiligheid" and name in SAFETY:
            yield (key, name), _scalar_or_list(name, part)
        else:
            raise NoForm


def _read_parts(path: Place, items: Any) -> Iterator[tuple[Place, str | list[str]]]:
    if items is None:
        return
    of = PARTS[path]
    if not isinstance(items, Sequence) or isinstance(items, str) or len(items) > of.most:
        raise NoForm
    for place, item in enumerate(items):
        if not isinstance(item, Mapping) or not set(item) <= set(of.keys):
            raise NoForm
        for key, value in item.items():
            yield (*path, place, key), _scalar_or_list(key, value)


def _scalar_or_list(key: str, value: Any) -> str | list[str]:
    if key in LISTS:
        if value is None:
            return []
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise NoForm
        scalars = []
        for one in value:
            if one is not None:
                scalars.append(_scalar(one))
        return scalars
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, Mapping | list):
        raise NoForm
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return " ".join(str(value).split())


def _comments(front: str) -> str:
    """Return what stands behind a # in the fields, but for the hints of a new card."""
    hints = set(filter(None, map(_note_in, _EMPTY.split("\n"))))
    notes = []
    for line in front.split("\n"):
        note = _note_in(line)
        if note and note not in hints and not line.startswith("thema:"):
            notes.append(note)
    return "\n".join(notes)


def _note_in(line: str) -> str:
    # a # between quotes is part of a text
    comment = _COMMENT.search(_QUOTED.sub(lambda quoted: "x" * len(quoted[0]), line))
    return line[comment.start(1) :].strip() if comment else ""


def write_draft(values: Values) -> str:
    """Return the text of a card with these values. Parts of which nothing is filled in are gone."""
    # key by key in a fixed order: a card that nobody changed comes back as it was
    lines = ["---"]
    notes = str(values.get(NOTES, ""))
    for note in notes.splitlines():
        if note.strip():
            lines.append(f"# {note}")
    for key in _ORDER:
        lines += _written(key, values)
    story = str(values.get(STORY, "")).strip()
    return "\n".join([*lines, "---", story, ""])


def _written(key: str, values: Values) -> list[str]:
    if key in HEAD or key == "vragen":
        return _entry(key, values.get((key,), ""), "")
    if key == "veiligheid":
        inner = []
        for name in SAFETY:
            inner += _entry(name, values.get((key, name), ""), "  ")
        return [f"{key}:", *inner] if inner else []
    if key == "kennis":
        below = []
        for path in PARTS:
            if path[0] == key:
                below += _written_parts(path, values, "  ")
        return [f"{key}:", *below] if below else []
    return _written_parts((key,), values, "")


def _written_parts(path: Place, values: Values, indent: str) -> list[str]:
    lines = []
    for place in range(PARTS[path].most):
        inner = []
        for key in PARTS[path].keys:
            inner += _entry(key, values.get((*path, place, key), ""), f"{indent}    ")
        if inner:
            inner[0] = f"{indent}  - {inner[0].lstrip()}"
            lines += inner
    return [f"{indent}{path[-1]}:", *lines] if lines else []


def _entry(key: str, value: str | list[str], indent: str) -> list[str]:
    if not value:
        return []
    if isinstance(value, str):
        return [f"{indent}{key}: {_yaml(value, quoted=key in _DATES)}"]
    if key in INLINE:
        inline = ", ".join(_yaml(one, inside=True) for one in value)
        return [f"{indent}{key}: [{inline}]"]
    return [f"{indent}{key}:", *[f"{indent}  - {_yaml(one)}" for one in value]]


def _yaml(text: str, *, quoted: bool = False, inside: bool = False) -> str:
    """Return a text as YAML reads it back: as it is where that can be, else between quotes."""
    in_quotes = json.dumps(text, ensure_ascii=False)
    if quoted:
        return in_quotes
    probe, expected = (f"k: [{text}]", [text]) if inside else (f"k: {text}", text)
    # read back by the reader of cards itself, for what YAML makes of a text is full of surprises
    try:
        read = read_yaml(probe, first_line=1).get("k")
    except CardFaults:
        return in_quotes
    # a number stands as it is written
    if isinstance(read, list):
        read = list(map(str, read))
    elif isinstance(read, int) and not isinstance(read, bool):
        read = str(read)
    return text if read == expected and "\n" not in text else in_quotes
