"""Reads what the mirror shows to one person, from the newest release alone."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.visible import Place, visible_editions
from kopkrakers.base.memory import Memory
from kopkrakers.catalogue.editions.editions import card_in_list, numbered_edition
from kopkrakers.catalogue.library import Library
from kopkrakers.pools.reading import pool_names
from kopkrakers.privacy import card_columns, columns
from kopkrakers.privacy.column_parts import LEANS
from kopkrakers.privacy.pooled_columns import VALUE_TOTALS
from kopkrakers.privacy.rules import K_GEMEENTE, K_NATIONAL
from kopkrakers.privacy.specs import TableSpec
from kopkrakers.research.mirror.comparing import (
    Contrast,
    Expectation,
    ThemeLine,
    ToldEdition,
    contrasts,
    expectations,
    most_and_least,
    themes,
)
from kopkrakers.research.mirror.figures import told_figures
from kopkrakers.research.release import releases
from kopkrakers.research.release.releases import Release
from kopkrakers.research.selection import ReleasedDilemma, dilemmas_in

KEPT_SECONDS = 3600.0
KEPT = 60
"""Tables, as far as they are about a pool, that are remembered: a release never changes."""
Rows = Mapping[Place, Sequence[Sequence[Any]]]
_ROWS: Memory[Hashable, Rows] = Memory(seconds=KEPT_SECONDS, most=KEPT)


@dataclass(frozen=True)
class Reader:
    """The person who looks, and whether they want dilemmas that are closed only."""

    voter: Voter
    gemeente_id: int
    closed_only: bool


@dataclass(frozen=True)
class Mirror:
    """All that the page shows. `pools`: whose figures stand beside those of the country.

    `dilemmas`: how many of this release this reader may see; `open_ones`: of those, how many take
    answers still. `questions`: of a dilemma to take to a meeting, by slug.
    """

    release: Release
    pools: Sequence[str]
    dilemmas: int
    open_ones: int
    compared: int
    themes: Sequence[ThemeLine]
    most: Sequence[Contrast]
    least: Sequence[Contrast]
    expectations: Sequence[Expectation]
    questions: Mapping[str, str]

    @property
    def unexpected(self) -> int:
        """Return of how many dilemmas most people surely expected something else than came."""
        unexpected = 0
        for one in self.expectations:
            if one.expected and not one.was_expected:
                unexpected += 1
        return unexpected


# D-143
def mirror_of(session: Session, library: Library, reader: Reader, today: date) -> Mirror | None:
    """Return the mirror for one person; None while there is no release."""
    number = releases.latest_number(session)
    if number is None:
        return None
    release = releases.release(session, number)
    shown = _shown(session, library, release, reader, today)
    names = pool_names(session, reader.gemeente_id)
    told = _told(session, release, shown, names)
    compared = [one for one in told if one.here is not None]
    # a dict keeps their order, and each once
    pools: dict[str, None] = {}
    for one in compared:
        pools[names[one.dilemma, one.edition]] = None
    most, least = most_and_least(contrasts(told))
    expected = expectations(told)
    return Mirror(
        release=release,
        pools=tuple(pools),
        dilemmas=len(told),
        open_ones=sum(one.is_open for one in told),
        compared=len(compared),
        themes=themes(told),
        most=most,
        least=least,
        expectations=expected,
        questions=_questions(session, library, [one.told for one in (*most, *least)]),
    )


def _shown(
    session: Session, library: Library, release: Release, reader: Reader, today: date
) -> list[tuple[ReleasedDilemma, bool]]:
    """Return the dilemmas that this reader may see, the last edition of each, and if it is open."""
    visible = visible_editions(session, reader.voter, today)
    last: dict[str, tuple[ReleasedDilemma, bool]] = {}
    # by title, and of one dilemma by edition: a later one takes the place of an earlier
    for one in dilemmas_in(release):
        is_open = visible.get((one.dilemma, one.edition))
        is_hidden = is_open is None or library.is_withdrawn(one.dilemma)
        if is_hidden or (is_open and reader.closed_only):
            continue
        last[one.dilemma] = one, bool(is_open)
    return list(last.values())


def _told(
    session: Session,
    release: Release,
    shown: Sequence[tuple[ReleasedDilemma, bool]],
    names: Mapping[Place, str],
) -> list[ToldEdition]:
    country = _rows(session, release, columns.CHOICE)
    here = _own_rows(session, release, frozenset(names.values()))
    options = _rows(session, release, card_columns.OPTION_TEXTS)
    expected = _rows(session, release, columns.BY_ATTRIBUTE["expected"])
    sums = _rows(session, release, VALUE_TOTALS)
    told = []
    for one, is_open in shown:
        place = one.dilemma, one.edition
        national = told_figures(columns.CHOICE, country.get(place, ()), K_NATIONAL)
        if national is None:
            continue
        own = [row for row in here.get(place, ()) if row[2] == names.get(place)]
        told.append(
            ToldEdition(
                dilemma=one.dilemma,
                edition=one.edition,
                title=one.title,
                theme=one.theme,
                is_open=is_open,
                country=national,
                here=told_figures(columns.CHOICE_BY_GEMEENTE, own, K_GEMEENTE),
                words={str(row[2]): str(row[3]) for row in options.get(place, ())},
                leans=_leans(options.get(place, ())),
                expected=_expected(expected.get(place, ()), sums.get(place, ())),
            )
        )
    return told


def _rows(session: Session, release: Release, spec: TableSpec) -> Rows:
    """Return the rows of a table by edition."""

    def read() -> Rows:
        parts = releases.parts_of(session, release.name.number, spec.id)
        return {(part.dilemma, part.edition): part.rows for part in parts}

    return _remembered((release.sha256, spec.id), read)


def _own_rows(session: Session, release: Release, names: frozenset[str]) -> Rows:
    """Return the rows of these pools by edition."""
    number = release.name.number
    return _remembered(
        (release.sha256, names), lambda: releases.rows_of_pool(session, number, names)
    )


def _remembered(key: Hashable, read: Callable[[], Rows]) -> Rows:
    found = _ROWS.get(key)
    if found is None:
        found = read()
        _ROWS.put(key, found)
    return found


def _leans(rows: Sequence[Sequence[Any]]) -> Mapping[str, frozenset[str]]:
    """Return the options that lean on each ground; empty where a card says it of none."""
    leaning: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        values = dict(zip(card_columns.OPTION_TEXTS.names, row, strict=True))
        for ground in LEANS:
            if values[f"leans_{ground}"]:
                leaning[ground].add(values["option"])
    return {ground: frozenset(options) for ground, options in leaning.items()}


def _expected(
    rows: Sequence[Sequence[Any]], sums: Sequence[Sequence[Any]]
) -> Mapping[str, tuple[int, int]]:
    """Return the fewest and the most people that named each option, whatever they chose.

    `rows`: of the table of expectations. `sums`: of that of sums, which are rounded once and so
    leave less between the two; releases of before have none.
    """
    named: dict[str, tuple[int, int]] = {}
    for row in sums:
        values = dict(zip(VALUE_TOTALS.names, row, strict=True))
        if values["attribute"] == "expected":
            # a value that was not counted apart stands with those who said nothing
            named[values["value"]] = values["n_low"] or 0, values["n_high"] or 0
    if named:
        return named
    for row in rows:
        values = dict(zip(columns.BY_ATTRIBUTE["expected"].names, row, strict=True))
        low, high = named.get(values["expected"], (0, 0))
        named[values["expected"]] = low + (values["n_low"] or 0), high + (values["n_high"] or 0)
    return named


def _questions(
    session: Session, library: Library, told: Sequence[ToldEdition]
) -> Mapping[str, str]:
    questions = {}
    for one in told:
        edition = numbered_edition(session, one.dilemma, one.edition)
        assert edition is not None
        card = card_in_list(library, edition)
        if card is not None and card.questions:
            questions[one.dilemma] = card.questions[0]
    return questions
