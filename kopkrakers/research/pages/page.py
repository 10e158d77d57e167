"""The page `/onderzoek`: a choice of release, table, themes and dilemmas, and their tables."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from sqlmodel import Session

from kopkrakers.base.errors import NotYours
from kopkrakers.base.typed import by_name, contains_words, fold
from kopkrakers.privacy import card_columns, columns
from kopkrakers.privacy.pooled_columns import POOLED_SHIFT, SHIFT_MOVED, SHIFT_TOTALS, VALUE_TOTALS
from kopkrakers.privacy.rules import K_ATTRIBUTE
from kopkrakers.privacy.specs import TableSpec
from kopkrakers.research import selection
from kopkrakers.research.identity import ReleaseName
from kopkrakers.research.pages.blocks import Block, axes_of, block_of, pooled_block, response_block
from kopkrakers.research.release import releases
from kopkrakers.research.release.describe import SHIFT_COMES, Summary
from kopkrakers.research.release.releases import Release
from kopkrakers.research.selection import ReleasedDilemma

IN_DATASET = (
    card_columns.DILEMMAS,
    card_columns.OPTION_TEXTS,
    card_columns.GEMEENTEN,
    columns.CHANGES,
    VALUE_TOTALS,
)
SHOWN = tuple(spec for spec in columns.TABLES if spec not in IN_DATASET)
"""The tables that the page shows; sums of values stand under theirs, the rest is in the dataset."""
OF_SHIFT = (columns.SHIFT, SHIFT_MOVED, SHIFT_TOTALS, POOLED_SHIFT)
PER_PAGE = 10
"""Dilemmas on one page, at most."""
NOT_YET = "Hier is nog niets geteld"
TITLE, THEME, DIVISION = "titel", "thema", "verdeeld"
ORDERS = {TITLE: "Titel", THEME: "Thema", DIVISION: "Het meest verdeeld eerst"}
"""The orders in which dilemmas can stand."""


@dataclass(frozen=True)
class ResearchQuery:
    """A question to the page, still unchecked."""

    release: int | None = None
    table: str = columns.CHOICE.id
    themes: tuple[str, ...] = ()
    dilemmas: tuple[str, ...] = ()
    page: int = 1
    words: str = ""
    order: str = TITLE


@dataclass(frozen=True)
class Empty:
    """The words in the place of tables, where there is none."""

    title: str
    why: str


@dataclass(frozen=True)
class Page:
    """All that the template needs. `without`: the dilemmas asked for that this table lacks."""

    releases: Sequence[ReleaseName]
    release: Release | None
    table: TableSpec
    query: ResearchQuery
    blocks: Sequence[Block] = ()
    themes: Sequence[str] = ()
    dilemmas: Sequence[ReleasedDilemma] = ()
    summary: str = ""
    empty: Empty | None = None
    without: Sequence[ReleasedDilemma] = ()
    pages: int = 1
    link: Mapping[str, Any] = field(default_factory=dict)


def research_page(session: Session, query: ResearchQuery) -> Page:
    """Return the page for a query.

    Raises: NotYours for an unknown release or table, WrongInput for an unknown theme or dilemma.
    """
    spec = selection.spec_of(query.table)
    if spec not in SHOWN:
        raise NotYours("Deze tabel staat in de dataset. Kies hier een andere tabel.")
    names = releases.release_names(session)
    if not names:
        return Page((), None, spec, query)
    release = releases.release(session, query.release or names[0].number)
    dilemmas = selection.dilemmas_in(release)
    chosen = selection.chosen_dilemmas(release, query.themes, query.dilemmas)
    shown = _shown(dilemmas, chosen, query)
    blocks = _blocks(session, release, spec, shown)
    pages = max(ceil(len(blocks) / PER_PAGE), 1)
    # a page that a shorter choice does not have: the last one, and no refusal
    page = min(max(query.page, 1), pages)
    return Page(
        releases=names,
        release=release,
        table=spec,
        query=query,
        blocks=blocks[(page - 1) * PER_PAGE : page * PER_PAGE],
        themes=selection.themes_of(release),
        dilemmas=dilemmas,
        summary=_summary(release, spec),
        empty=_empty(spec, shown, blocks),
        without=_without(spec, shown, blocks),
        pages=pages,
        link=_link(release, query, page),
    )


def _shown(
    dilemmas: Sequence[ReleasedDilemma], chosen: set[str] | None, query: ResearchQuery
) -> list[ReleasedDilemma]:
    """Return the dilemmas that were chosen and whose title holds the words, in the order asked."""
    shown = []
    for one in dilemmas:
        is_chosen = chosen is None or one.dilemma in chosen
        if is_chosen and contains_words(fold(one.title), query.words):
            shown.append(one)
    # they stand by title, and sorting is stable
    if query.order == THEME:
        return by_name(shown, lambda one: one.theme)
    if query.order == DIVISION:
        # what nobody counted yet is divided in no way
        return sorted(shown, key=lambda one: (not one.options, one.largest))
    return shown


def _link(release: Release, query: ResearchQuery, page: int) -> dict[str, Any]:
    return {
        "uitgave": release.name.number,
        "tabel": query.table,
        "thema": list(query.themes),
        "dilemma": list(query.dilemmas),
        "zoek": query.words,
        "volgorde": query.order,
        "pagina": page,
    }


def _empty(
    spec: TableSpec, shown: Sequence[ReleasedDilemma], blocks: Sequence[Block]
) -> Empty | None:
    """Return why there is no table; None where there is one."""
    if blocks:
        return None
    if not shown:
        return Empty(
            "Niets gevonden", "Geen dilemma past bij wat je koos. Kies een ander thema of dilemma."
        )
    if spec in OF_SHIFT:
        return Empty(NOT_YET, SHIFT_COMES)
    if spec in columns.BY_ATTRIBUTE.values():
        why = (
            f"Losse gegevens tellen we vanaf {K_ATTRIBUTE} tegelijk. "
            "Dat is niet gehaald, of de tabel zou te veel zeggen."
        )
        return Empty(NOT_YET, why)
    return Empty(NOT_YET, "Kies een ander dilemma, of wacht op een volgende uitgave.")


def _without(
    spec: TableSpec, shown: Sequence[ReleasedDilemma], blocks: Sequence[Block]
) -> list[ReleasedDilemma]:
    # without any block the page says so as a whole, and names none apart
    if not blocks or "dilemma" not in spec.names:
        return []
    in_table = {block.key for block in blocks}
    return [one for one in shown if one.key not in in_table]


def _summary(release: Release, spec: TableSpec) -> str:
    # releases of before have fewer tables
    about = release.about["tables"].get(spec.id)
    summary = Summary(**about) if about else None
    if summary and summary.rows:
        return f"De hele tabel heeft {summary.in_words}"
    return ""


def _blocks(
    session: Session, release: Release, spec: TableSpec, shown: Sequence[ReleasedDilemma]
) -> list[Block]:
    if spec is columns.RESPONSE:
        return [response_block(selection.chosen_rows(session, release, spec, None))]
    if "dilemma" not in spec.names:
        pooled = selection.chosen_rows(session, release, spec, None)
        return [pooled_block(spec, pooled)] if pooled else []
    # read all at once: a query for each dilemma of a year would make the page wait
    slugs = {one.dilemma for one in shown}
    labels = selection.option_texts(session, release, slugs)
    rows = {}
    for part in releases.parts_of(session, release.name.number, spec.id, slugs):
        rows[part.dilemma, part.edition] = part.rows
    sums = _sums_by_value(session, release, spec, slugs)
    blocks = []
    for one in shown:
        edition = one.dilemma, one.edition
        if edition in rows:
            of_edition = sums.get(edition, {})
            blocks.append(block_of(spec, one, rows[edition], labels[edition], of_edition))
    return blocks


def _sums_by_value(
    session: Session, release: Release, spec: TableSpec, slugs: Collection[str]
) -> dict[tuple[str, int], dict[str, str]]:
    """Return the sum of every value of an attribute by edition; none of other tables."""
    sums: dict[tuple[str, int], dict[str, str]] = {}
    if spec not in columns.BY_ATTRIBUTE.values():
        return sums
    _, of_value = axes_of(spec)
    for part in releases.parts_of(session, release.name.number, VALUE_TOTALS.id, slugs):
        for _, _, attribute, value, text, *_ in part.rows:
            if attribute == of_value:
                sums.setdefault((part.dilemma, part.edition), {})[value] = text
    return sums
