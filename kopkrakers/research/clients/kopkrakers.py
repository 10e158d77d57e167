"""Reads a release of Kopkrakers: types, levels, labels, and bounds that stay honest.

One file, Python 3.9 or later, no other package. Lay it beside your script:

    import kopkrakers

    release = kopkrakers.open_release("kopkrakers-uitgave-1.zip")
    release.citation                                     # how to refer to it
    choice = release.table("choice")
    choice.where(dilemma="een-plek").by("option")        # {"a": Bounds(low=55, high=55), …}
    reasons = release.table("choice_by_consideration")
    reasons.by("consideration")                          # summed over dilemmas, as bounds
    kopkrakers.share(reasons.by("consideration"), "w")   # Bounds(low=0.31, high=0.52)
    reasons.labels("consideration")                      # {"w": "Wet", …}
    release.table("options", like=choice)                # the werkwijzen of the same dilemmas

A cell of a protected table is a number or a text such as `<5`. Never compute with the text: use
`between(row)`, or `by(column)`. What the codebook says cannot be concluded raises `CannotConclude`
with the reason in Dutch.
"""

from __future__ import annotations

import csv
import io
import json
import urllib.request
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Bounds", "CannotConclude", "Dataset", "Table", "between", "fetch", "open_release"]

NOT_SAID = "niet"
"""The code of who said nothing, or could not be counted apart."""
ROUNDED_BY = 5
"""People by which a rounded national number can be off: the rest is rounded to ten, at most."""
OF_OPTIONS = ("option", "before", "after", "expected")
"""Columns with the letter of a werkwijze, which means something else on every card."""

DIFFERENT_OPTIONS = (
    "Werkwijze A van het ene dilemma heeft niets met A van het andere te maken. "
    "Kies één dilemma met where(dilemma=…), of tel op naar wat ze leunen: tabel options."
)
NO_RESPONSE = (
    "Hoeveel mensen één dilemma zagen, weten we niet. Een respons per dilemma is er niet; "
    "de tabel response zegt het voor alles samen."
)
GEMEENTEN = (
    "Gemeenten van verschillende grootte kun je zo niet vergelijken: groepen die het bijna eens "
    "zijn, tellen minder vaak mee, en kleine gemeenten lijken daardoor meer verdeeld. "
    "Zie de tabel in codebook.md."
)
NO_JOIN = (
    "Losse gegevens zijn los geteld: van niemand is bekend wat bij elkaar hoort. Twee tabellen "
    "zoals doorslag en ervaring kun je niet samenvoegen."
)
NO_NUMBER = (
    "Hier staat geen aantal: een gemeente of het land heeft bijna alles bij één werkwijze (top), "
    "of alleen aandelen in tienen. Reken met percent, of laat dit dilemma weg."
)
TYPES: Mapping[str, Callable[[str], Any]] = {
    "string": str,
    "integer": int,
    "boolean": lambda text: text == "true",
    "date": date.fromisoformat,
}


class CannotConclude(ValueError):
    """A question that the figures cannot answer, with the reason in Dutch."""


class Bounds(NamedTuple):
    """The smallest and the largest number that fits what is told."""

    low: float
    high: float

    def plus(self, other: Bounds) -> Bounds:
        """Return the bounds of the sum."""
        return Bounds(self.low + other.low, self.high + other.high)


class Table(list[dict[str, Any]]):
    """The rows of a table, each a dictionary with values of the right type; None is missing."""

    def __init__(self, rows: Iterable[dict[str, Any]], name: str, fields: Sequence[Any]) -> None:
        super().__init__(rows)
        self.name = name
        self.fields = fields

    def where(self, **wanted: Any) -> Table:
        """Return the rows in which each of these columns has this value, or one of these."""
        for column in wanted:
            self._field(column)
        rows = []
        for row in self:
            if all(_suits(row[column], value) for column, value in wanted.items()):
                rows.append(row)
        return Table(rows, self.name, self.fields)

    def labels(self, column: str) -> dict[str, str]:
        """Return the words of each code of a column."""
        return {one["value"]: one["label"] for one in self._field(column).get("categories", ())}

    def levels(self, column: str) -> list[str]:
        """Return the codes of a column in order, from little to much.

        Raises: ValueError for a column whose codes have no order.
        """
        field = self._field(column)
        if not field.get("categoriesOrdered"):
            raise ValueError(f"{column} heeft geen volgorde.")
        return [one["value"] for one in field["categories"]]

    def meaning(self, column: str) -> str:
        """Return what a column means, how it is protected and, where there is one, the question."""
        field = self._field(column)
        parts = [field["description"], field.get("protection", ""), field.get("question", "")]
        return " ".join(part for part in parts if part)

    def by(self, column: str, *, anyway: bool = False) -> dict[Any, Bounds]:
        """Return for each value of a column the bounds of its sum over all rows.

        `anyway`: also where the codebook says that such sums cannot be held beside each other.
        Raises: CannotConclude.
        """
        self._field(column)
        if not anyway:
            self._check(column)
        sums: dict[Any, Bounds] = {}
        for row in self:
            sums[row[column]] = sums.get(row[column], Bounds(0, 0)).plus(between(row))
        return sums

    def who_gave(self, column: str, value: str) -> Bounds:
        """Return the bounds of the people who gave a value.

        Those of `by` bound who was counted under it. Who could not be counted apart stands with
        those who said nothing, and may have given it as well: this adds them to the upper bound.
        """
        sums = self.by(column)
        hidden = sums.get(NOT_SAID, Bounds(0, 0)).high
        counted = sums.get(value, Bounds(0, 0))
        return Bounds(counted.low, counted.high + hidden)

    def _check(self, column: str) -> None:
        dilemmas = {(row.get("dilemma"), row.get("edition")) for row in self}
        if column in OF_OPTIONS and len(dilemmas) > 1:
            raise CannotConclude(DIFFERENT_OPTIONS)
        if column == "gemeente":
            raise CannotConclude(GEMEENTEN)

    def _field(self, column: str) -> Mapping[str, Any]:
        for field in self.fields:
            if field["name"] == column:
                return dict(field)
        if self.name == "response" and column in ("dilemma", "edition", "theme"):
            raise CannotConclude(NO_RESPONSE)
        names = ", ".join(field["name"] for field in self.fields)
        raise ValueError(f"{self.name} heeft geen kolom {column}. Wel: {names}.")


class Dataset:
    """A release: its tables, who made it and how to refer to it."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.about: dict[str, Any] = json.loads(archive.read("datapackage.json"))
        self._resources = {one["name"]: one for one in self.about["resources"]}

    @property
    def tables(self) -> list[str]:
        """Return the names of its tables."""
        return list(self._resources)

    @property
    def is_invented(self) -> bool:
        """Whether all of it is made up, as in a demo."""
        return bool(self.about.get("invented"))

    @property
    def citation(self) -> str:
        """Return how to refer to it, in one line."""
        publisher = self.about["contributors"][0]["title"]
        return f"{publisher}. {self.about['title']} [dataset]. {self.about['id']}"

    def table(self, name: str, *, like: Table | None = None) -> Table:
        """Return a table. `like`: only the dilemmas and editions of that one.

        Raises: ValueError for a name that is no table; CannotConclude to hold the answers to two
        questions beside each other as if they were given together.
        """
        if name not in self._resources:
            raise ValueError(f"Er is geen tabel {name}. Wel: {', '.join(self.tables)}.")
        resource = self._resources[name]
        fields = resource["schema"]["fields"]
        text = self._archive.read(resource["path"]).decode("utf-8")
        rows = csv.DictReader(io.StringIO(text, newline=""))
        table = Table((_typed(row, fields) for row in rows), name, fields)
        if like is None:
            return table
        if _is_loose(name) and _is_loose(like.name):
            raise CannotConclude(NO_JOIN)
        places = {(row["dilemma"], row["edition"]) for row in like}
        kept = [row for row in table if (row["dilemma"], row["edition"]) in places]
        return Table(kept, name, fields)

    def text(self, path: str) -> str:
        """Return a text of the dataset, such as `codebook.md` or `cards/een-plek.1.md`."""
        return self._archive.read(path).decode("utf-8")


def open_release(path: str | Path) -> Dataset:
    """Return the release in a zip."""
    return Dataset(zipfile.ZipFile(path))


def fetch(address: str, key: str, folder: str | Path = ".", release: str = "latest") -> Path:
    """Fetch a dataset from a server, and return where it lies.

    `address`: of the server, as `https://kopkrakers.example`. `key`: one for the whole dataset.
    Raises: urllib.error.HTTPError when it is refused.
    """
    asked = urllib.request.Request(
        f"{address.rstrip('/')}/api/v1/releases/{release}/dataset",
        headers={"Authorization": f"Bearer {key}"},
    )
    with urllib.request.urlopen(asked) as answer:
        name = answer.headers.get_filename() or "kopkrakers.zip"
        # what a server calls a file never leads out of the folder
        path = Path(folder) / Path(name).name
        path.write_bytes(answer.read())
    return path


def between(row: Mapping[str, Any]) -> Bounds:
    """Return the smallest and the largest number of people that a row can stand for.

    A cell that was not counted apart stands for nobody: they are under `niet`.
    Raises: CannotConclude where no number is told.
    """
    if "n_low" in row:
        return Bounds(row["n_low"] or 0, row["n_high"] or 0)
    n = row.get("n")
    if n is None:
        raise CannotConclude(NO_NUMBER)
    if row.get("rounded"):
        return Bounds(max(0, n - ROUNDED_BY), n + ROUNDED_BY)
    return Bounds(n, n)


def share(sums: Mapping[Any, Bounds], value: Any) -> Bounds:
    """Return the bounds of the share that one value has of the sums of `by`, 0 to 1.

    The share is smallest where its own number is and all others are as large as they can be.
    """
    own = sums[value]
    others = Bounds(0, 0)
    for other, its_own in sums.items():
        if other != value:
            others = others.plus(its_own)
    return Bounds(_part(own.low, others.high), _part(own.high, others.low))


def _part(own: float, others: float) -> float:
    if own + others == 0:
        return 0.0
    return own / (own + others)


def _suits(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, (list, tuple, set, frozenset)):
        return value in wanted
    return bool(value == wanted)


def _is_loose(name: str) -> bool:
    """Whether a table is of loose attributes, which were counted each for itself."""
    return name.startswith("choice_by_") and name != "choice_by_gemeente"


def _typed(row: Mapping[str, str], fields: Sequence[Any]) -> dict[str, Any]:
    return dict(_cells(row, fields))


def _cells(row: Mapping[str, str], fields: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    for field in fields:
        text = row[field["name"]]
        if text == "":
            yield field["name"], None
            continue
        # an apostrophe keeps a spreadsheet from taking the text for a formula
        if field["type"] == "string" and text[:1] == "'" and text[1:2] in tuple("=+-@\t\r\n"):
            text = text[1:]
        yield field["name"], TYPES[field["type"]](text)
