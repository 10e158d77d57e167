"""The result of an edition, read for its page: the figures of both chairs and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from kopkrakers.answers.chairs import between_chairs
from kopkrakers.answers.figures import REMEMBERED, Result, result_of
from kopkrakers.answers.kraakvraag import CountedFigures, Variant, werkwijzen_of
from kopkrakers.answers.pages.outcome import (
    NO_FIGURE_OF_LEADERS,
    AgendaTeam,
    ConsiderationRow,
    ExpectationNote,
    ResultView,
    ScopeView,
)
from kopkrakers.answers.pages.outcome_parts import (
    consideration_rows,
    expectation_notes,
    labels_of,
    scope_view,
    variants_of,
)
from kopkrakers.answers.pages.reading import DayEdition, Person
from kopkrakers.answers.pages.views import Ending
from kopkrakers.answers.rules import Attribute
from kopkrakers.base.db import Rows
from kopkrakers.base.keys import Keys
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.pools.chairs import led_at_opening
from kopkrakers.pools.reading import EditionPool, edition_pool, is_pilot
from kopkrakers.tallies.models import LEADERS, NL

ALL = "Alle gemeenten"
KLANTMANAGERS = "Klantmanagers, alle gemeenten"
LEIDINGGEVENDEN = "Leiding, alle gemeenten"
"""Titles of figures; what stands behind the comma is told beside them.

Short, for three tabs have to stand in one row of a phone.
"""


@dataclass(frozen=True)
class _Seen:
    """A result from the chair of whoever reads it: that of their own chair, and the other one.

    `other` is None where there is one chair. `title`, `scope`: those of the own chair.
    """

    own: Result
    leads: bool
    title: str
    scope: str
    other: ScopeView | None


@dataclass(frozen=True)
class _Said:
    """What is said of figures: beside an expectation, of the doorslag, and in kraakvragen."""

    expected: tuple[ExpectationNote, ...]
    considerations: tuple[ConsiderationRow, ...]
    variants: tuple[Variant, ...]


def result_view(
    session: Rows,
    keys: Keys,
    person: Person,
    edition: DayEdition,
    teams: tuple[AgendaTeam, ...],
    opens: str,
    closing: Ending | None,
) -> ResultView:
    """Return the result of an edition. `opens`: when the bus is opened next, as a sentence.

    `keys` verify the totals. The caller has asked `may_see_result`, or just used the own turn.
    """
    card = edition.card
    labels = labels_of(card)
    pool, result = _pool_and_result(session, keys, person, edition)
    seen = _from_chair(session, keys, person, edition, result, labels)
    said = _said_of(card, seen.own, _name_of(pool))
    return ResultView(
        card=card,
        edition=edition.number,
        is_open=edition.is_open,
        part_not_counted=edition.published.part_not_counted,
        turn=edition.turn,
        national=_national_view(seen, labels, is_open=edition.is_open),
        local=None if seen.leads else _local_view(pool, seen.own, labels, edition.today),
        was_local=pool is None and not seen.leads and str(person.gemeente_id) in result.scopes,
        is_pilot=pool is None and not result.has_national and is_pilot(session, keys),
        expected=said.expected,
        considerations=said.considerations,
        reasons_are_doubtful=Attribute.CONSIDERATION in result.doubtful,
        variants=said.variants,
        opens=opens,
        unchecked_since=card.recheck_on if card.is_due(edition.today) else None,
        has_team=bool(teams),
        teams=teams if len(teams) > 1 else (),
        ending=closing,
        other_chair=seen.other,
        between=between_chairs(werkwijzen_of(card), result, leads=seen.leads),
    )


def _from_chair(
    session: Rows,
    keys: Keys,
    person: Person,
    edition: DayEdition,
    result: Result,
    labels: Mapping[str, str],
) -> _Seen:
    published = edition.published
    if not published.two_chairs:
        return _Seen(result, False, ALL, NL, None)
    if not led_at_opening(session, keys, person.voter.user_id, published.opens_on):
        view = scope_view(
            LEIDINGGEVENDEN, result.leaders, labels, is_doubtful=LEADERS in result.doubtful
        )
        return _Seen(result, False, KLANTMANAGERS, NL, replace(view, is_own=False))
    view = scope_view(KLANTMANAGERS, result.national, labels, is_doubtful=NL in result.doubtful)
    return _Seen(_of_leaders(result), True, LEIDINGGEVENDEN, LEADERS, replace(view, is_own=False))


def _name_of(pool: EditionPool | None) -> str | None:
    """Return what the own gemeente or regio is called in a sentence; None where it has no pool."""
    if pool is None:
        return None
    return pool.pool.name


@lru_cache(maxsize=REMEMBERED)
def _said_of(card: Card, own: Result, local_name: str | None) -> _Said:
    """Return what is said of figures; worked out once for everyone who reads the same ones."""
    figures = CountedFigures(own.national, own.local, own.considerations, local_name)
    return _Said(
        expected=expectation_notes(card, own),
        considerations=consideration_rows(labels_of(card), own.considerations),
        variants=variants_of(card, figures),
    )


@lru_cache(maxsize=REMEMBERED)
def _of_leaders(result: Result) -> Result:
    """Return a result as who leads reads it as their own."""
    return replace(result, national=result.leaders, local=None, considerations=None)


def _pool_and_result(
    session: Rows, keys: Keys, person: Person, edition: DayEdition
) -> tuple[EditionPool | None, Result]:
    dilemma, number = edition.dilemma, edition.number
    pool = edition_pool(session, gemeente_id=person.gemeente_id, dilemma=dilemma, edition=number)
    scope = None
    if pool is not None:
        scope = pool.pool.scope
    return pool, result_of(session, keys, dilemma, number, edition.card.option_codes, scope)


def _national_view(seen: _Seen, labels: Mapping[str, str], *, is_open: bool) -> ScopeView:
    is_doubtful = seen.scope in seen.own.doubtful
    view = scope_view(seen.title, seen.own.national, labels, is_doubtful=is_doubtful)
    if seen.leads and is_open:
        return replace(view, no_figure=NO_FIGURE_OF_LEADERS)
    return view


def _local_view(
    pool: EditionPool | None, result: Result, labels: Mapping[str, str], today: date
) -> ScopeView | None:
    """Return the figures of the own pool; None where it has none and gets none any more."""
    if pool is None:
        return None
    is_doubtful = pool.pool.scope in result.doubtful
    if result.local is None and not is_doubtful and not pool.takes_answers(today):
        return None
    return scope_view(pool.pool.title, result.local, labels, is_doubtful=is_doubtful)
