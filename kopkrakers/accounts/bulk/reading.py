"""Read a CSV with people as spreadsheets write it, and name every fault with its line."""

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import chain

from kopkrakers.accounts.bulk.receivers import read_receivers
from kopkrakers.accounts.models import Role
from kopkrakers.accounts.rules import check_roles, clean_name
from kopkrakers.base.errors import WrongInput
from kopkrakers.base.typed import canonical_address, clean_address, fold

MOST_LINES = 20_000
"""People in one file."""
MOST_PASTED = 5_000
"""People in a list that a beheerder pastes: what a request can carry, with long names."""
MAILED_AT_ONCE = 100
"""People who are mailed while a page waits; those of a longer list are left to the courier."""
COLUMNS = ("gemeente", "team", "naam", "adres", "rollen")
"""The columns we know; `team` and `rollen` may be left out, or empty."""
NEEDED = ("gemeente", "naam", "adres")
PASTED = ("naam", "adres", "team", "rollen")
"""The order of a pasted list without names of the columns."""
ALSO = {
    "e-mail": "adres",
    "email": "adres",
    "e-mailadres": "adres",
    "mailadres": "adres",
    "werkadres": "adres",
    "rol": "rollen",
}
"""Other names that people give a column."""
SEPARATORS = ";\t,"
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_FORMULA = re.compile(r"\s*[=+@-]")
_BETWEEN_ROLES = re.compile(r"[\s,;+/&]+")
NO_SEPARATOR = "Zet een puntkomma tussen de naam en het werkadres."
NOBODY_PASTED = "Hier staan geen mensen. Plak een lijst, of kies een bestand."
NOT_UTF8 = "Dit bestand is geen UTF-8. Kies bij opslaan: CSV UTF-8."


@dataclass(frozen=True)
class FileLine:
    """A person to invite. `number` is the line of the file; `team` may be empty."""

    number: int
    gemeente: str
    team: str
    name: str
    address: str
    roles: frozenset[Role]


@dataclass(frozen=True, order=True)
class LineFault:
    """A fault of a line; line 0 is the file as a whole."""

    line: int
    sentence: str


class FaultyLines(WrongInput):
    """A file of which nothing is taken, with every fault in it."""

    def __init__(self, faults: Sequence[LineFault]) -> None:
        super().__init__("In dit bestand kloppen regels niet. Er is niets veranderd.")
        self.faults = tuple(sorted(faults))


def read_lines(content: bytes) -> list[FileLine]:
    """Return the people in a file.

    Raises: FaultyLines, with all faults that can be seen without the database.
    """
    faults: list[LineFault] = []
    rows = _rows(text_of_list(content), faults)
    columns = _columns(next(rows, (1, []))[1], faults)
    lines = _people(rows, columns, faults, MOST_LINES)
    if faults:
        raise FaultyLines(faults)
    return lines


def read_pasted(content: bytes, gemeente: str, roles: Collection[Role]) -> list[FileLine]:
    """Return the people in a list for one gemeente, with or without names of the columns.

    `roles`: those that may be given.
    Raises: FaultyLines, with all faults that can be seen without the database.
    """
    faults: list[LineFault] = []
    text = text_of_list(content)
    rows = read_receivers(text)
    if rows is None:
        rows = _rows(text, faults)
    first = next(rows, None)
    if first is not None and not _names_columns(first[1]):
        columns = list(PASTED)
        rows = _filled_up(chain([first], rows))
    elif first is not None:
        columns = _columns(first[1], faults, needed=("naam", "adres"))
    else:
        columns = []
    lines = _people(rows, columns, faults, MOST_PASTED, gemeente, NOBODY_PASTED)
    for line in lines:
        if fold(line.gemeente) != fold(gemeente):
            sentence = f"Hier staat {line.gemeente}. Je nodigt alleen mensen van {gemeente} uit."
            faults.append(LineFault(line.number, sentence))
        if not line.roles <= set(roles):
            faults.append(LineFault(line.number, "Deze rol geeft wie de server beheert."))
    if faults:
        raise FaultyLines(faults)
    return lines


def _names_columns(cells: Sequence[str]) -> bool:
    """Whether a line has the name of a column we know."""
    names = [fold(cell.strip()) for cell in cells]
    return any(ALSO.get(name, name) in COLUMNS for name in names)


def _filled_up(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Yield rows with empty cells for what was left out at the end."""
    for number, cells in rows:
        yield number, cells + [""] * (len(PASTED) - len(cells))


def _people(
    rows: Iterator[tuple[int, list[str]]],
    columns: Sequence[str],
    faults: list[LineFault],
    most: int,
    gemeente: str = "",
    nobody: str = "Er staan geen mensen in dit bestand.",
) -> list[FileLine]:
    """Return the people in rows; what is wrong with them comes in `faults`."""
    lines: list[FileLine] = []
    for number, cells in rows:
        if len(lines) == most:
            faults.append(LineFault(number, f"Hoogstens {most} mensen per keer."))
            break
        line = _line(number, cells, columns, faults, gemeente)
        if line is not None:
            lines.append(line)
    if not lines and not faults:
        faults.append(LineFault(0, nobody))
    faults += _doubles(lines)
    return lines


def text_of_list(content: bytes) -> str:
    """Return the text of a file as spreadsheets write it. Raises: FaultyLines."""
    encoding = "utf-8"
    for mark, name in _BOMS:
        if content.startswith(mark):
            encoding = name
            break
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise FaultyLines([LineFault(0, NOT_UTF8)]) from None
    # UTF-16 without its mark, or UTF-32: to UTF-8 each of their zeros is a character
    if "\0" in text:
        raise FaultyLines([LineFault(0, NOT_UTF8)])
    return text


def _rows(text: str, faults: list[LineFault]) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each line that is not empty, with its number."""
    separator, skipped = _separator(text), 0
    # what Excel may write before the names of the columns
    if fold(text[:4]) == "sep=":
        _, _, text = text.partition("\n")
        skipped = 1
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            # where quotes are not closed, nothing after it can be told apart
            sentence = "Hier klopt een aanhalingsteken niet. De regels erna zijn niet gelezen."
            faults.append(LineFault(begins + skipped, sentence))
            return
        if any(map(str.strip, cells)):
            yield begins + skipped, cells
        begins = reader.line_num + 1


def _separator(text: str) -> str:
    """Return what stands between cells: what comes most in the first line."""
    first = text.partition("\n")[0].strip()
    if fold(first[:4]) == "sep=" and first[4:]:
        return first[4]
    return max(SEPARATORS, key=first.count)


def _columns(
    names: Sequence[str], faults: list[LineFault], needed: Sequence[str] = NEEDED
) -> list[str]:
    columns = []
    for name in names:
        known = fold(name.strip())
        columns.append(ALSO.get(known, known))
    expected = ", ".join(COLUMNS)
    for column in sorted(set(columns) - set(COLUMNS)):
        faults.append(LineFault(1, f"Kolom ‘{column}’ kennen we niet. Kies uit: {expected}."))
    for column in needed:
        if column not in columns:
            faults.append(LineFault(1, f"Kolom ‘{column}’ ontbreekt. Kies uit: {expected}."))
    for column in sorted({column for column in columns if columns.count(column) > 1}):
        faults.append(LineFault(1, f"Kolom ‘{column}’ staat er twee keer."))
    if faults:
        raise FaultyLines(faults)
    return columns


def _line(
    number: int,
    cells: Sequence[str],
    columns: Sequence[str],
    faults: list[LineFault],
    gemeente: str = "",
) -> FileLine | None:
    """Return the person on a line; None after adding what is wrong with it to `faults`."""
    if len(cells) != len(columns):
        counted = f"{len(cells)} vakken en geen {len(columns)}"
        faults.append(LineFault(number, f"Hier staan {counted}. Kijk naar de scheidingstekens."))
        return None
    values = dict.fromkeys(COLUMNS, "") | {"gemeente": gemeente}
    values |= dict(zip(columns, cells, strict=True))
    wrong = []
    for name, cell in values.items():
        # a spreadsheet that opens an export would run it, also once what is invisible before it or
        # the width of the sign is gone
        if _FORMULA.match(cell) or _FORMULA.match(fold(cell)):
            wrong.append(name)
    for name in wrong:
        sentence = f"Bij ‘{name}’ staat een formule: een =, +, - of @ vooraan. Haal dat teken weg."
        faults.append(LineFault(number, sentence))
    if wrong:
        return None
    try:
        return _cleaned(number, values)
    except WrongInput as error:
        faults.append(LineFault(number, error.sentence))
    return None


def _cleaned(number: int, values: dict[str, str]) -> FileLine:
    """Return a line as it is kept. Raises: WrongInput."""
    if not values["gemeente"].strip():
        raise WrongInput("De gemeente ontbreekt.")
    if not values["adres"].strip() and "@" in values["naam"]:
        raise WrongInput(NO_SEPARATOR)
    roles = []
    for role in _BETWEEN_ROLES.split(values["rollen"]):
        if role:
            roles.append(fold(role))
    team = ""
    if values["team"].strip():
        team = clean_name(values["team"])
    return FileLine(
        number=number,
        gemeente=clean_name(values["gemeente"]),
        team=team,
        name=clean_name(values["naam"]),
        address=clean_address(values["adres"]),
        roles=check_roles(roles or [Role.KLANTMANAGER]),
    )


def _doubles(lines: Sequence[FileLine]) -> Iterator[LineFault]:
    """Yield a fault for every line after the first with the same address."""
    first: dict[str, int] = {}
    for line in lines:
        before = first.setdefault(canonical_address(line.address), line.number)
        if before != line.number:
            sentence = f"Dit adres staat ook op regel {before}. Zet iemand er één keer in."
            yield LineFault(line.number, sentence)
