"""What `/onderzoek` shows: a choice of release, table, themes and dilemmas, and the tables that follow from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from kopkrakers.base.errors import NotYours
from kopkrakers.privacy import columns
from kopkrakers.privacy.columns import NOT_APART, TableSpec
from kopkrakers.privacy.release import bounds
from kopkrakers.privacy.rules import K_ATTRIBUTE, ROUNDING
from kopkrakers.research.pages import views
from kopkrakers.research.pages.views import Known
from kopkrakers.research.release import releases
from kopkrakers.research.release.describe import SHIFT_COMES, Summary
from kopkrakers.research.release.releases import Release

SHOWN = tuple(
    spec for spec in columns.TABLES if spec not in (columns.DILEMMAS, columns.OPTION_TEXTS)
)
"""The tables that the page shows; the card's own are in the dataset."""
PER_PAGE = 10
"""Dilemmas on one page, at most."""
ANSWERS = "counted"
"""The measure of `response` that counts answers, where the others count people."""
NOT_YET = "Hier is nog niets geteld"


@dataclass(frozen=True)
class Wanted:
    """What was asked for, still unchecked."""

    release: int | None = None
    table: str = columns.CHOICE.id
    themes: tuple[str, ...] = ()
    dilemmas: tuple[str, ...] = ()
    page: int = 1


@dataclass(frozen=True)
class Cell:
    """A cell in words, for a bar of at most 100 wide in the colour of an option; None where no number stands."""

    text: str
    width: int | None
    letter: str


@dataclass(frozen=True)
class Line:
    """A row: the werkwijze, its cells and, where it is known, its exact total."""

    letter: str
    label: str
    cells: tuple[Cell, ...]
    total: int | None


@dataclass(frozen=True)
class Block:
    """One table on the page: of one edition of one dilemma."""

    title: str
    total: int | None
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    rare: bool = False
    """Whether some value was too rare to count apart."""
    of: str = ""
    """The edition that it is of, by its key."""


@dataclass(frozen=True)
class Empty:
    """What to say where no table stands."""

    title: str
    why: str


@dataclass(frozen=True)
class Page:
    """All that the template needs."""

    releases: Sequence[Release]
    release: Release | None
    table: TableSpec
    wanted: Wanted
    blocks: Sequence[Block] = ()
    themes: Sequence[str] = ()
    dilemmas: Sequence[Known] = ()
    summary: str = ""
    empty: Empty | None = None
    without: Sequence[Known] = ()
    """Asked for, and not in this table."""
    pages: int = 1
    link: Mapping[str, Any] = field(default_factory=dict)


def research_page(session: Session, wanted: Wanted) -> Page:
    """The page for what was asked.

    Raises: NotYours for an unknown release or table, WrongInput for an unknown theme or dilemma.
    """
    spec = views.spec_of(wanted.table)
    if spec not in SHOWN:
        raise NotYours(
            "Deze tabel gaat over de kaarten en staat in de dataset. Kies een andere tabel."
        )
    all_releases = releases.releases(session)
    if not all_releases:
        return Page((), None, spec, wanted)
    release = releases.release(session, wanted.release) if wanted.release else all_releases[0]
    known = views.known_dilemmas(release)
    chosen = views.chosen_dilemmas(release, wanted.themes, wanted.dilemmas)
    shown = [one for one in known if chosen is None or one.dilemma in chosen]
    blocks = _blocks(session, release, spec, shown)
    pages = max(-(-len(blocks) // PER_PAGE), 1)
    at = min(max(wanted.page, 1), pages)
    return Page(
        releases=all_releases,
        release=release,
        table=spec,
        wanted=wanted,
        blocks=blocks[(at - 1) * PER_PAGE : at * PER_PAGE],
        themes=views.themes_of(release),
        dilemmas=known,
        summary=_summary(release, spec),
        empty=None if blocks else _empty(spec, shown),
        without=_without(spec, shown, blocks),
        pages=pages,
        link=_link(release, wanted, at),
    )


def _link(release: Release, wanted: Wanted, at: int) -> dict[str, Any]:
    return {
        "uitgave": release.name.number,
        "tabel": wanted.table,
        "thema": list(wanted.themes),
        "dilemma": list(wanted.dilemmas),
        "pagina": at,
    }


def _empty(spec: TableSpec, shown: Sequence[Known]) -> Empty:
    if not shown:
        return Empty(
            "Niets gevonden", "Geen dilemma past bij wat je koos. Kies een ander thema of dilemma."
        )
    if spec is columns.SHIFT:
        return Empty(NOT_YET, SHIFT_COMES)
    if spec in columns.BY_ATTRIBUTE.values():
        why = f"Losse gegevens tellen we per {K_ATTRIBUTE}. Dat is niet gehaald, of de tabel zou te veel zeggen."
        return Empty(NOT_YET, why)
    return Empty(NOT_YET, "Kies een ander dilemma, of wacht op een volgende uitgave.")


def _without(spec: TableSpec, shown: Sequence[Known], blocks: Sequence[Block]) -> list[Known]:
    there = {block.of for block in blocks}
    return (
        [one for one in shown if one.key not in there] if blocks and "dilemma" in spec.names else []
    )


def _summary(release: Release, spec: TableSpec) -> str:
    summary = Summary(**release.about["tables"][spec.id])
    return f"De hele tabel heeft {summary.in_words}" if summary.rows else ""


def _blocks(
    session: Session, release: Release, spec: TableSpec, shown: Sequence[Known]
) -> list[Block]:
    if "dilemma" not in spec.names:
        return [_response(views.rows_of(session, release, spec, None))]
    names = sorted({one.dilemma for one in shown})
    labels = _labels(session, release, names)
    rows = {
        part[:2]: part[2]
        for part in releases.parts_of(session, release.name.number, spec.id, names)
    }
    return [
        _block(spec, one, rows[one.dilemma, one.edition], labels[one.dilemma, one.edition])
        for one in shown
        if (one.dilemma, one.edition) in rows
    ]


def _labels(
    session: Session, release: Release, names: Sequence[str]
) -> dict[tuple[str, int], dict[str, str]]:
    parts = releases.parts_of(session, release.name.number, columns.OPTION_TEXTS.id, names)
    return {part[:2]: {row[2]: row[3] for row in part[2]} for part in parts}


def _block(spec: TableSpec, one: Known, rows: list[list[Any]], labels: Mapping[str, str]) -> Block:
    side, across = _axes(spec)
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        named = dict(zip(spec.names, row, strict=True))
        found.setdefault(named[side], {})[named[across] if across else ""] = (
            named["n"],
            named.get("percent"),
        )
    heads = list({head: None for line in found.values() for head in line})
    largest = max((_size(n) for line in found.values() for n, _ in line.values()), default=0)
    lines = tuple(
        Line(
            letter=key if key in columns.OPTIONS else "",
            label=labels.get(key, key),
            cells=tuple(
                _cell(*line[head], largest=largest, letter=key if key in columns.OPTIONS else head)
                for head in heads
            ),
            total=_total(spec, one, key, line),
        )
        for key, line in found.items()
    )
    rare = any(n == NOT_APART for line in found.values() for n, _ in line.values())
    title = f"{one.title} · editie {one.edition}"
    return Block(
        title,
        one.total,
        tuple(_head(spec, across, head, labels) for head in heads),
        lines,
        rare,
        one.key,
    )


def _total(spec: TableSpec, one: Known, key: str, line: Mapping[str, Any]) -> int | None:
    """What a row adds up to, where that is exact: of a gemeente, or of an option of the land."""
    if spec is columns.CHOICE_BY_GEMEENTE:
        return sum(int(n) for n, _ in line.values())
    if spec in columns.BY_ATTRIBUTE.values():
        return next(n for code, n, _ in one.options if code == key)
    return None


def _axes(spec: TableSpec) -> tuple[str, str | None]:
    """The column whose values stand at the side, and the one whose values stand across."""
    if spec is columns.CHOICE:
        return "option", None
    return {"choice_by_gemeente": ("gemeente", "option"), "shift": ("before", "after")}.get(
        spec.id, ("option", spec.key[-1])
    )


def _head(spec: TableSpec, across: str | None, head: str, labels: Mapping[str, str]) -> str:
    if across is None:
        return "Antwoorden"
    values = next(column.values for column in spec.columns if column.id == across)
    if across in ("option", "after", "expected") and head in labels:
        return head.upper() if head != "x" else "Iets anders"
    return "Niet vermeld" if head == columns.SAID_NOTHING else values.get(head, head)


def _response(rows: list[list[Any]]) -> Block:
    """People beside people: answers are of another kind, and have no bar."""
    words = columns.RESPONSE.columns[0].values
    largest = max(_size(n) for measure, n, *_ in rows if measure != ANSWERS)
    cells = {
        measure: _cell(n, None, largest=0 if measure == ANSWERS else largest)
        for measure, n, *_ in rows
    }
    lines = tuple(
        Line("", words.get(measure, measure), (cell,), None) for measure, cell in cells.items()
    )
    return Block(columns.RESPONSE.title, None, ("Aantal",), lines)


def _size(n: int | str) -> int:
    if isinstance(n, int):
        return n
    return 0 if n == NOT_APART else sum(bounds(n)) // 2


def _cell(n: int | str, percent: int | None, *, largest: int, letter: str = "a") -> Cell:
    if n == NOT_APART:
        return Cell("niet apart geteld", None, letter)
    if isinstance(n, str) and n.startswith("<"):
        return Cell(f"minder dan {ROUNDING}", None, letter)
    if isinstance(n, str) and "-" in n:
        return Cell(f"tussen {n.replace('-', ' en ')}", None, letter)
    number = f"{int(n):,}".replace(",", ".")
    width = round(100 * _size(n) / largest) if largest else None
    return Cell(number if percent is None else f"{number} ({percent}%)", width, letter)
