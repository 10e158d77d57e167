"""Marks what in a text may point at a person: it asks to look again, and decides nothing."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kopkrakers.base.typed import fold

_BSN = re.compile(r"(?<![\d.])\d(?:[ .-]?\d){7,8}(?![\d])")
_STREET = (
    r"(?:straat|laan|weg|plein|kade|gracht|dijk|singel|steeg|hof|dreef|plantsoen|park|pad|markt)"
)
PATTERNS = (
    ("een mailadres", re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")),
    ("een rekeningnummer", re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{4}(?: ?\d){10}\b")),
    ("een telefoonnummer", re.compile(r"(?<!\d)(?:\+31|0031|0)[ -]?\d(?:[ -]?\d){8}(?!\d)")),
    ("een postcode", re.compile(r"\b[1-9]\d{3} ?[A-Z]{2}\b")),
    ("een adres", re.compile(rf"\b[A-Z][\w’'-]*{_STREET}\b(?: \d+\w?)?|\b\w+{_STREET} \d+\w?\b")),
    (
        "een datum",
        re.compile(
            r"\b\d{1,2}[-/]\d{1,2}[-/]\d{2,4}\b|\b\d{1,2} (?:januari|februari|maart|april|mei|juni"
            r"|juli|augustus|september|oktober|november|december)(?: \d{4})?\b",
            re.IGNORECASE,
        ),
    ),
    (
        "een naam",
        re.compile(
            r"\b(?:[Mm]evrouw|[Mm]eneer|[Mm]evr\.?|[Dd]e heer|[Dd]hr\.?|[Mm]w\.?|[Ff]amilie) "
            r"(?:(?:[A-Z]\.)+ )?(?:(?:[Vv]an|[Dd]e|[Dd]en|[Dd]er|[Ee]l|[Aa]l|[Tt]en|[Tt]er|’t) )*"
            r"[A-Z][\w’'-]+"
        ),
    ),
    (
        "een bedrijf of instelling",
        re.compile(
            r"\b[A-Z][\w&’'-]*(?: [A-Z][\w&’'-]*)* (?:B\.?V\.?|N\.?V\.?|VOF|v\.o\.f\.)(?!\w)"
        ),
    ),
)
"""What is marked by its form, with its name in a sentence."""
BSN = "een nummer dat een BSN kan zijn"
COLLEAGUE = "de naam van een collega"
SHORTEST_NAME = 3
"""Characters: shorter names are words as well."""
_NAME_PARTS = {"van", "den", "der", "het", "ten", "ter"}


def for_device() -> str:
    """Return what is marked by its form, as JSON for the script that looks while somebody types.

    Its patterns are those of this module in the dialect of browsers. Names of colleagues are not in
    it: a page that carries them would be a list of people.
    """
    kinds = [{"what": BSN, "pattern": _of_browser(_BSN), "flags": "gu", "eleven": True}]
    for what, pattern in PATTERNS:
        flags = "giu" if pattern.flags & re.IGNORECASE else "gu"
        kinds.append(
            {"what": what, "pattern": _of_browser(pattern), "flags": flags, "eleven": False}
        )
    return json.dumps(kinds, ensure_ascii=False)


def _of_browser(pattern: re.Pattern[str]) -> str:
    # there \w knows no letter with an accent, and a set may not hold a hyphen as it is
    inside = re.sub(r"\[([^\]]*)\]", lambda found: f"[{_of_set(found[1])}]", pattern.pattern)
    return re.sub(r"(?<!\[)\\w(?![^\[]*\])", r"[\\p{L}\\p{N}_]", inside)


def _of_set(characters: str) -> str:
    escaped = re.sub(r"-(?=$)", r"\\-", characters)
    return escaped.replace("\\w", r"\p{L}\p{N}_")


@dataclass(frozen=True, order=True)
class Mark:
    """A piece of text, and what it may be."""

    what: str
    text: str


def told(marks: Iterable[Mark]) -> str:
    """Return marks as the desk keeps them, a line each."""
    return "\n".join(f"{mark.what}: {mark.text}" for mark in marks)


def marks_in(text: str, colleagues: Iterable[str] = ()) -> tuple[Mark, ...]:
    """Return what may point at a person, each once, in the order of their kinds.

    `colleagues`: the names of people of the own gemeente.
    """
    marks = [*_numbers(text), *_by_form(text), *_names(text, colleagues)]
    return tuple(dict.fromkeys(marks))


def is_bsn(digits: str) -> bool:
    """Whether digits pass the test of eleven for a BSN: 9 times the first … 2 times, minus 1."""
    number = digits.zfill(9)
    weighed = -int(number[8])
    for place, digit in enumerate(number[:8]):
        weighed += int(digit) * (9 - place)
    return number != "0" * 9 and weighed % 11 == 0


def _numbers(text: str) -> Iterator[Mark]:
    for match in _BSN.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if is_bsn(digits):
            yield Mark(BSN, match[0])


def _by_form(text: str) -> Iterator[Mark]:
    for what, pattern in PATTERNS:
        for match in pattern.finditer(text):
            yield Mark(what, match[0])


def _names(text: str, colleagues: Iterable[str]) -> Iterator[Mark]:
    # a name counts where it is written with a capital: "mark" and "roos" are words too
    capitals: dict[str, str] = {}
    for match in re.finditer(r"[^\W\d_][\w’'-]*", text):
        if match[0][0].isupper():
            capitals.setdefault(fold(match[0]), match[0])
    for name in colleagues:
        for part in fold(name).replace("-", " ").split():
            is_name = len(part) >= SHORTEST_NAME and part not in _NAME_PARTS
            if is_name and part in capitals:
                yield Mark(COLLEAGUE, capitals[part])
