"""What `/onderzoek` shows: a choice of release, table, themes and dilemmas, and the tables that follow from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from kopkrakers.errors import NotYours
from kopkrakers.privacy import columns
from kopkrakers.privacy.columns import NOT_APART, TableSpec
from kopkrakers.privacy.release import bounds
from kopkrakers.privacy.rules import K_ATTRIBUTE, ROUNDING
from kopkrakers.research import releases, views
from kopkrakers.research.describe import SHIFT_COMES, Summary
from kopkrakers.research.releases import Release
from kopkrakers.research.views import Known

SHOWN = tuple(spec for spec in columns.TABLES if spec not in (columns.DILEMMAS, columns.OPTION_TEXTS))
"""The tables that the page shows; the card's own are in the dataset."""
PER_PAGE = 10
"""Dilemmas on one page, at most."""


@dataclass(frozen=True)
class Wanted:
    """What was asked for, still unchecked."""

    release: int | None = None
    table: str = columns.CHOICE.id
    themes: tuple[str, ...] = ()
    dilemma: str = ""
    page: int = 1


@dataclass(frozen=True)
class Cell:
    """A protected cell in words, for a bar of at most 100 wide."""

    text: str
    width: int


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
    why_empty: str = ""
    pages: int = 1
    link: Mapping[str, Any] = field(default_factory=dict)


def research_page(session: Session, wanted: Wanted) -> Page:
    """The page for what was asked.

    Raises: NotYours for an unknown release or table, WrongInput for an unknown theme or dilemma.
    """
    spec = views.spec_of(wanted.table)
    if spec not in SHOWN:
        raise NotYours("Deze tabel gaat over de kaarten en staat in de dataset. Kies een andere tabel.")
    all_releases = releases.releases(session)
    if not all_releases:
        return Page((), None, spec, wanted)
    release = releases.release(session, wanted.release) if wanted.release else all_releases[0]
    known = views.known_dilemmas(release)
    chosen = views.chosen_dilemmas(release, wanted.themes, [wanted.dilemma] if wanted.dilemma else [])
    shown = [one for one in known if chosen is None or one.dilemma in chosen]
    pages = max(-(-len(shown) // PER_PAGE), 1)
    at = min(max(wanted.page, 1), pages)
    return Page(
        releases=all_releases,
        release=release,
        table=spec,
        wanted=wanted,
        blocks=_blocks(session, release, spec, shown[(at - 1) * PER_PAGE : at * PER_PAGE]),
        themes=views.themes_of(release),
        dilemmas=known,
        summary=_summary(release, spec),
        why_empty=_why_empty(spec),
        pages=pages,
        link=_link(release, wanted, at),
    )


def _link(release: Release, wanted: Wanted, at: int) -> dict[str, Any]:
    return {
        "uitgave": release.name.number,
        "tabel": wanted.table,
        "thema": list(wanted.themes),
        "dilemma": wanted.dilemma or None,
        "pagina": at,
    }


def _why_empty(spec: TableSpec) -> str:
    """What to say where a table has no rows."""
    if spec is columns.SHIFT:
        return SHIFT_COMES
    if spec in columns.BY_ATTRIBUTE.values():
        return f"Losse gegevens tellen we per {K_ATTRIBUTE}. Dat is niet gehaald, of de tabel zou te veel zeggen."
    return "Kies een ander dilemma, of wacht op een volgende uitgave."


def _summary(release: Release, spec: TableSpec) -> str:
    summary = Summary(**release.about["tables"][spec.id])
    return SHIFT_COMES if spec is columns.SHIFT and not summary.rows else summary.in_words


def _blocks(session: Session, release: Release, spec: TableSpec, shown: Sequence[Known]) -> list[Block]:
    if "dilemma" not in spec.names:
        return [_response(views.rows_of(session, release, spec, None))]
    names = sorted({one.dilemma for one in shown})
    labels = _labels(session, release, names)
    rows = {part[:2]: part[2] for part in releases.parts_of(session, release.name.number, spec.id, names)}
    return [
        _block(spec, one, rows[one.dilemma, one.edition], labels[one.dilemma, one.edition])
        for one in shown
        if (one.dilemma, one.edition) in rows
    ]


def _labels(session: Session, release: Release, names: Sequence[str]) -> dict[tuple[str, int], dict[str, str]]:
    parts = releases.parts_of(session, release.name.number, columns.OPTION_TEXTS.id, names)
    return {part[:2]: {row[2]: row[3] for row in part[2]} for part in parts}


def _block(spec: TableSpec, one: Known, rows: list[list[Any]], labels: Mapping[str, str]) -> Block:
    exact = {code: n for code, n, _ in one.options}
    side, across = _axes(spec)
    cells: dict[str, dict[str, Any]] = {}
    for row in rows:
        named = dict(zip(spec.names, row, strict=True))
        cells.setdefault(named[side], {})[named[across] if across else ""] = named["n"]
    heads = {head: None for line in cells.values() for head in line}
    largest = max((_size(n) for line in cells.values() for n in line.values()), default=0)
    lines = tuple(
        Line(
            letter=key if key in columns.OPTIONS else "",
            label=labels.get(key, key),
            cells=tuple(_cell(line[head], largest) for head in heads),
            total=exact.get(key) if across and spec.rounded and side == "option" else None,
        )
        for key, line in cells.items()
    )
    title = f"{one.title} · editie {one.edition}"
    return Block(title, one.total, tuple(_head(spec, across, head, labels) for head in heads), lines)


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
    words = columns.RESPONSE.columns[0].values
    largest = max(_size(row[1]) for row in rows)
    lines = tuple(Line("", words[row[0]], (_cell(row[1], largest),), None) for row in rows)
    return Block(columns.RESPONSE.title, None, ("Aantal",), lines)


def _size(n: int | str) -> int:
    if isinstance(n, int):
        return n
    return 0 if n == NOT_APART else sum(bounds(n)) // 2


def _cell(n: int | str, largest: int) -> Cell:
    width = round(100 * _size(n) / largest) if largest else 0
    if n == NOT_APART:
        return Cell("niet apart geteld", 0)
    if isinstance(n, str) and n.startswith("<"):
        return Cell(f"minder dan {ROUNDING}", width)
    if isinstance(n, str) and "-" in n:
        return Cell(f"tussen {n.replace('-', ' en ')}", width)
    return Cell(f"{int(n):,}".replace(",", "."), width)
