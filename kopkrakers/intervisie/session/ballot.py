"""The ballot that a phone seals: an option and a reason, each ballot equally long."""

import re
from collections.abc import Collection, Sequence

from kopkrakers.base.errors import WrongInput
from kopkrakers.base.typed import clean_line, fold
from kopkrakers.privacy.labels import SOMETHING_ELSE

LONGEST_REASON = 280
"""Characters of a reason, at most."""
PADDED = 1216
"""Bytes of every ballot before sealing: an option and `LONGEST_REASON` four-byte characters fit."""
LONGEST_PART = 140
"""Characters of the end of one sentence, at most, where a reason has several."""
PADDED_STEMS = 3648
"""Bytes of every ballot of such a werkvorm: five sentences of four-byte characters fit."""
LONGEST_CELL = 120
"""Characters of a cell of the table, at most."""
MOST_ROWS = 3
"""Rows that one phone can write."""
PADDED_TABLE = 4352
"""Bytes of every ballot of the table: all its cells fit, full of four-byte characters."""
_CELL, _ROW = "\x1f", "\x1e"
"""Part cells and rows in a ballot. Nobody can type them: typed text is cleaned of them."""


def padded_of(stems: Sequence[str]) -> int:
    """Return the bytes of every ballot of a vote, which depend on its werkvorm alone."""
    if stems:
        return PADDED_STEMS
    return PADDED


# D-86
def ballot_of(option: str, reason: Sequence[str], stems: Sequence[str]) -> str:
    """Return the text to seal.

    `reason`: one sentence, or what follows each of the stems; with them it takes a line for each.
    Raises: WrongInput for a reason that is too long; it is never cut off.
    """
    if not stems:
        return option + _short(" ".join(reason), LONGEST_REASON, "reden")
    lines = []
    for place, (stem, part) in enumerate(zip(stems, reason, strict=False)):
        line = _short(part, LONGEST_PART, f"woord_{place}")
        if line:
            lines.append(f"{stem[0].upper()}{stem[1:]} {line}")
    return option + "\n".join(lines)


def table_ballot(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of the table as a text to seal: cell by cell, without the rows that are empty.

    It holds no option; in the place of one stands "something else", as in any session.
    Raises: WrongInput for a cell that is too long, or too many rows.
    """
    if len(rows) > MOST_ROWS:
        raise WrongInput(f"Schrijf hoogstens {MOST_ROWS} rijen.")
    cleaned = []
    for number, row in enumerate(rows):
        cells = []
        for place, cell in enumerate(row):
            cells.append(_short(cell, LONGEST_CELL, f"cel_{number}_{place}"))
        if any(cells):
            cleaned.append(_CELL.join(cells))
    return SOMETHING_ELSE + _ROW.join(cleaned)


def rows_of(ballot: str) -> list[tuple[str, ...]]:
    """Return the rows in a ballot of the table."""
    text = reason_of(ballot)
    if text:
        return [tuple(row.split(_CELL)) for row in text.split(_ROW)]
    return []


def _short(text: str, longest: int, field: str) -> str:
    line = clean_line(text)
    if len(line) > longest:
        subject = "Dit"
        if field == "reden":
            subject = "Je reden"
        sentence = f"{subject} is {len(line)} tekens lang. Maak er hoogstens {longest} van."
        raise WrongInput(sentence, field)
    return line


NAME, NUMBER, ADDRESS = (
    "Staat hier een naam in van iemand uit je team?",
    "Staat hier een nummer in dat van iemand is?",
    "Staat hier een mailadres in?",
)
PUT_AWAY = "Leg de reden dan weg."
_SHORTEST_NAME = 3
_CAPITALISED = re.compile(r"\b[^\W\d_a-z]\w+")
_LONG_NUMBER = re.compile(r"\d(?:[ .-]?\d){7,}")


def warning_of(reason: str, names: Collection[str]) -> str:
    """Return what the begeleider is asked before a reason is shown; nothing when all seems well."""
    doubt = doubt_of(reason, names)
    if doubt:
        return f"{doubt} {PUT_AWAY}"
    return ""


def doubt_of(text: str, names: Collection[str]) -> str:
    """Return the question whether a text points at somebody; nothing when all seems well.

    `names`: of the people in the team. A first name is found as a word with a capital.
    """
    # a question and no refusal: whether a word is somebody's name is for the begeleider to see
    if "@" in text:
        return ADDRESS
    if _LONG_NUMBER.search(text):
        return NUMBER
    written = set(map(fold, _CAPITALISED.findall(text)))
    if written & _first_names(names):
        return NAME
    return ""


def _first_names(names: Collection[str]) -> set[str]:
    """Return the parts of names by which somebody is known, folded: no "de", no "van", no "Bo"."""
    parts = set()
    for name in names:
        for part in name.split():
            if part[0].isupper() and len(fold(part)) >= _SHORTEST_NAME:
                parts.add(fold(part))
    return parts


def option_of(ballot: str) -> str:
    """Return the option in a ballot."""
    return ballot[:1]


def reason_of(ballot: str) -> str:
    """Return the reason in a ballot, perhaps empty."""
    return ballot[1:]
