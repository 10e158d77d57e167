"""Reads what a release is made of from one consistent view of the database, by edition."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import starmap
from typing import Any

from sqlalchemy import Select, bindparam, distinct, func, select
from sqlmodel import Session

from kopkrakers.accounts.models import (
    GEMEENTE,
    INVITATION,
    USER,
    USER_ROLE,
    VOTING_ROLES,
    InvitationKind,
    Status,
)
from kopkrakers.accounts.personas import DEMO_DOMAIN
from kopkrakers.answers.service import PARTICIPATION, Turn
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.keys import Keys
from kopkrakers.base.processes.progress import Progress
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.editions import (
    COLUMNS,
    EDITION,
    OF_CARD,
    PublishedEdition,
    card_in_list,
)
from kopkrakers.catalogue.library import Library
from kopkrakers.pools.models import REGIO
from kopkrakers.pools.reading import regio_title
from kopkrakers.pools.rules import regio_pool
from kopkrakers.privacy.labels import SOMETHING_ELSE, SOMETHING_ELSE_LABEL
from kopkrakers.privacy.release import (
    ReleasedDistribution,
    ReleasedNational,
    release_national,
)
from kopkrakers.research.codes import codes_of
from kopkrakers.research.models import GemeenteCode
from kopkrakers.tallies.models import ATTRIBUTE_TALLY, LEADERS, NL, SHIFT_TALLY, TALLY
from kopkrakers.tallies.reading import OptionCounts, comes_back, read_scopes, read_shift
from kopkrakers.tallies.signing import (
    Counts,
    EditionTotals,
    Part,
    is_anything_signed,
    with_macs,
)

CHANGED = (
    "De totalen van {dilemma}, editie {edition}, zijn buiten kopkrakers om veranderd. Er is geen "
    "uitgave gemaakt. Zie `kopkrakers check`."
)
NOT_SIGNED_YET = (
    "De totalen zijn van een eerdere versie en nog niet ondertekend. Er is geen uitgave gemaakt. "
    "Laat eerst de teller een keer kijken: kopkrakers count"
)


_EDITIONS = select(*COLUMNS).where(EDITION.c.opens_on <= bindparam("today"), OF_CARD)
_CHAPTERS = select(*COLUMNS).where(~OF_CARD)
_ATTRIBUTES = select(
    ATTRIBUTE_TALLY.c.attribute,
    ATTRIBUTE_TALLY.c.value,
    ATTRIBUTE_TALLY.c.option,
    ATTRIBUTE_TALLY.c.n,
).where(
    ATTRIBUTE_TALLY.c.dilemma == bindparam("dilemma"),
    ATTRIBUTE_TALLY.c.edition == bindparam("edition"),
)
_ACCOUNTS = (
    select(func.count(distinct(USER.c.id)))
    .join(USER_ROLE, USER_ROLE.c.user_id == USER.c.id)
    .where(USER.c.status == Status.ACTIVE, USER_ROLE.c.role.in_(sorted(VOTING_ROLES)))
)
_INVITED = select(func.count()).where(
    INVITATION.c.ended.is_(None), INVITATION.c.kind == InvitationKind.PERSONAL
)
_INVENTED = (
    select(USER.c.id).where(USER.c.email.endswith("@" + DEMO_DOMAIN, autoescape=True)).limit(1)
)
_GIVEN = select(func.count()).where(PARTICIPATION.c.state == Turn.IN_BOX)


_GEMEENTEN = select(GEMEENTE.c.id, GEMEENTE.c.name)
_REGIOS = select(REGIO.c.id, REGIO.c.name)


@dataclass(frozen=True)
class CountedEdition:
    """An edition with its card and its totals.

    `comes_back`: whether the dilemma was counted before, by its MAC or by totals of an earlier one.
    `leaders`: the totals of leidinggevenden, which no table has. `last_chapter`: the last chapter
    of its card, an edition by itself, once it was told.
    """

    edition: PublishedEdition
    card: Card
    scopes: OptionCounts
    comes_back: bool
    attributes: Mapping[str, OptionCounts]
    shift: OptionCounts
    leaders: Mapping[str, int]
    last_chapter: "CountedEdition | None" = None

    @cached_property
    def national(self) -> ReleasedNational | None:
        """Return the national totals as they may leave; None when nothing was counted."""
        codes = self.card.option_codes
        return release_national(NL, codes, self.scopes, comes_back=self.comes_back)

    @property
    def labels(self) -> dict[str, str]:
        """Return the words of every option by its code."""
        labels = {option.code: option.label for option in self.card.options}
        if not self.card.is_stelling:
            labels[SOMETHING_ELSE] = SOMETHING_ELSE_LABEL
        return labels

    @property
    def is_exact(self) -> bool:
        """Whether the national totals leave as they are."""
        return isinstance(self.national, ReleasedDistribution) and not self.national.rounded

    @property
    def answers(self) -> int | None:
        """Return the number of answers that were counted; None where it may not be told."""
        if not any(self.scopes.get(NL, {}).values()):
            return 0
        if isinstance(self.national, ReleasedDistribution):
            return self.national.total
        return None


@dataclass(frozen=True)
class CountedState:
    """All that a release is made of, as it was at one moment.

    Raw totals, which leave by `privacy.release` only. `gemeenten`: names of gemeenten and regio's,
    by the scope of their totals; `codes`: what CBS calls them. `invented`: of a demo or a
    simulation.
    """

    editions: tuple[CountedEdition, ...]
    gemeenten: Mapping[str, str]
    codes: Mapping[str, GemeenteCode]
    accounts: int
    invited: int
    given: int
    invented: bool


def read_state(
    session: Session, library: Library, keys: Keys, today: date, progress: Progress
) -> CountedState:
    """Return all that was counted. `session` is a snapshot; `keys` verify the totals.

    The order never depends on how the database collates text.
    Raises: ConfigurationError when totals were changed outside the product, or not signed yet.
    """
    rows = session.execute(_EDITIONS, {"today": today})
    editions = list(starmap(PublishedEdition, rows))
    editions.sort(key=lambda edition: (edition.dilemma, edition.number))
    last_chapters = _last_chapters(session)
    every = []
    for done, (edition, card) in enumerate(_with_cards(editions, library), start=1):
        params = {"dilemma": edition.dilemma, "edition": edition.number}
        scopes = read_scopes(session, edition.dilemma, edition.number)
        leaders = scopes.pop(LEADERS, {})
        repeated = comes_back(session, edition.dilemma, edition.number)
        attributes: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
        for attribute, value, option, n in _plain_rows(session, _ATTRIBUTES, params):
            attributes[attribute][value][option] = n
        shift = read_shift(session, edition.dilemma, edition.number)
        counted = CountedEdition(edition, card, scopes, repeated, attributes, shift, leaders)
        signed_so = _verified(session, keys, counted).says_comes_back(keys)
        last = last_chapters.get((edition.dilemma, edition.number))
        if last is not None and last.opens_on <= today:
            counted = replace(counted, last_chapter=_chapter(session, keys, last, card))
        every.append(replace(counted, comes_back=signed_so or counted.comes_back))
        progress(done, len(editions))
    accounts = session.execute(_ACCOUNTS).scalar_one()
    to_be_joined = session.execute(_INVITED).scalar_one()
    return CountedState(
        editions=tuple(every),
        gemeenten=_names(session),
        codes=codes_of(session),
        accounts=accounts,
        invited=accounts + to_be_joined,
        given=session.execute(_GIVEN).scalar_one(),
        invented=session.execute(_INVENTED).first() is not None,
    )


def _last_chapters(session: Session) -> dict[tuple[str, int], PublishedEdition]:
    """Return the last chapter of every card that has them, told or not, by the card's edition.

    One still to be told is the last as well: else a later release would tell of another.
    """
    last: dict[tuple[str, int], PublishedEdition] = {}
    for row in session.execute(_CHAPTERS):
        chapter = PublishedEdition(*tuple(row))
        place = chapter.dilemma, chapter.number - chapter.chapter
        if place not in last or chapter.chapter > last[place].chapter:
            last[place] = chapter
    return last


def _chapter(session: Session, keys: Keys, edition: PublishedEdition, card: Card) -> CountedEdition:
    """Return a chapter with its totals, which always leave as those of a card that comes back."""
    scopes = read_scopes(session, edition.dilemma, edition.number)
    counted = CountedEdition(edition, card, scopes, True, {}, {}, {})
    _verified(session, keys, counted)
    return counted


def _names(session: Session) -> dict[str, str]:
    """Return the names of gemeenten and regio's, by the scope of their totals."""
    names = {}
    for row in session.execute(_GEMEENTEN):
        names[str(row.id)] = str(row.name)
    for row in session.execute(_REGIOS):
        names[regio_pool(row.id)] = regio_title(row.name)
    return names


def _with_cards(
    editions: Sequence[PublishedEdition], library: Library
) -> Iterator[tuple[PublishedEdition, Card]]:
    """Yield editions with the card as it was counted, without those of withdrawn dilemmas."""
    for edition in editions:
        card = card_in_list(library, edition)
        if card is not None:
            yield edition, card


def _verified(session: Session, keys: Keys, counted: CountedEdition) -> EditionTotals:
    dilemma, number = counted.edition.dilemma, counted.edition.number
    counts: dict[Part, Counts] = {}
    scopes = dict(counted.scopes)
    # no table has them, but their MAC stands among those of the edition, and must hold too
    if counted.leaders:
        scopes[LEADERS] = counted.leaders
    for scope, options in scopes.items():
        counts[TALLY.name, scope] = {(option,): n for option, n in options.items()}
    for attribute, values in counted.attributes.items():
        counts[ATTRIBUTE_TALLY.name, attribute] = _flat(values)
    if counted.shift:
        counts[SHIFT_TALLY.name, ""] = _flat(counted.shift)
    totals = with_macs(session, dilemma, number, counts)
    if totals.faults(keys, at_least=0):
        if not is_anything_signed(session):
            raise ConfigurationError(NOT_SIGNED_YET)
        raise ConfigurationError(CHANGED.format(dilemma=dilemma, edition=number))
    return totals


def _flat(table: OptionCounts) -> Counts:
    flat: dict[tuple[str, ...], int] = {}
    for row, cells in table.items():
        for column, n in cells.items():
            flat[row, column] = n
    return flat


def _plain_rows(
    session: Session, statement: Select[Any], params: Mapping[str, Any]
) -> Sequence[Any]:
    """Return rows as the driver gives them; rows that know their columns cost twice as much."""
    with session.connection().execute(statement, params) as result:
        assert result.cursor is not None
        return result.cursor.fetchall()
