"""Reads what a release is made of from one consistent view of the database, by edition."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
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
from kopkrakers.base.errors import NotYours
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.editions import (
    COLUMNS,
    EDITION,
    PublishedEdition,
    card_of_edition,
)
from kopkrakers.catalogue.library import Library
from kopkrakers.pools.models import REGIO
from kopkrakers.pools.rules import regio_pool
from kopkrakers.privacy.release import (
    ReleasedDistribution,
    ReleasedNational,
    release_national,
)
from kopkrakers.tallies.models import ATTRIBUTE_TALLY, NL
from kopkrakers.tallies.reading import comes_back, read_scopes, read_shift

Counts = Mapping[str, Mapping[str, int]]
"""Totals per group (a scope, or a value) and option."""
Progress = Callable[[int, int], None]
"""Called with how much is done, and of how much."""


_EDITIONS = select(*COLUMNS).where(EDITION.c.opens_on <= bindparam("today"))
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

    `comes_back`: whether an earlier edition of the dilemma has totals.
    """

    edition: PublishedEdition
    card: Card
    scopes: Counts
    comes_back: bool
    attributes: Mapping[str, Counts]
    shift: Counts

    @cached_property
    def national(self) -> ReleasedNational | None:
        """Return the national totals as they may leave; None when nothing was counted."""
        codes = self.card.option_codes
        return release_national(NL, codes, self.scopes, comes_back=self.comes_back)

    @property
    def is_exact(self) -> bool:
        """Whether the national totals leave as they are."""
        return isinstance(self.national, ReleasedDistribution) and not self.national.rounded

    @property
    def answers(self) -> int | None:
        """Return the number of answers that were counted; None where it may not be told."""
        if self.national is None:
            return 0
        return self.national.total if isinstance(self.national, ReleasedDistribution) else None


@dataclass(frozen=True)
class CountedState:
    """All that a release is made of, as it was at one moment.

    Raw totals, which leave by `privacy.release` only. `gemeenten`: names of gemeenten and regio's,
    by the scope of their totals. `invented`: of a demo or a simulation.
    """

    editions: tuple[CountedEdition, ...]
    gemeenten: Mapping[str, str]
    accounts: int
    invited: int
    given: int
    invented: bool


def read_state(session: Session, library: Library, today: date, progress: Progress) -> CountedState:
    """Return all that was counted. `session` is a snapshot.

    The order never depends on how the database collates text.
    """
    rows = session.execute(_EDITIONS, {"today": today})
    editions = [PublishedEdition(*tuple(row)) for row in rows]
    editions.sort(key=lambda edition: (edition.dilemma, edition.number))
    counted = []
    for done, (edition, card) in enumerate(_with_cards(editions, library), start=1):
        counted.append(_counted(session, edition, card))
        progress(done, len(editions))
    names = {str(row.id): str(row.name) for row in session.execute(_GEMEENTEN)}
    names |= {regio_pool(row.id): f"Regio {row.name}" for row in session.execute(_REGIOS)}
    accounts = session.execute(_ACCOUNTS).scalar_one()
    return CountedState(
        editions=tuple(counted),
        gemeenten=names,
        accounts=accounts,
        invited=accounts + session.execute(_INVITED).scalar_one(),
        given=session.execute(_GIVEN).scalar_one(),
        invented=session.execute(_INVENTED).first() is not None,
    )


def _with_cards(
    editions: Sequence[PublishedEdition], library: Library
) -> Iterator[tuple[PublishedEdition, Card]]:
    """Yield editions with the card as it was counted, without those of withdrawn dilemmas."""
    for edition in editions:
        try:
            card = card_of_edition(library, edition)
        except NotYours:
            continue
        if not card.withdrawn:
            yield edition, card


def _counted(session: Session, edition: PublishedEdition, card: Card) -> CountedEdition:
    params = {"dilemma": edition.dilemma, "edition": edition.number}
    scopes = read_scopes(session, edition.dilemma, edition.number)
    repeated = comes_back(session, edition.dilemma, edition.number)
    attributes: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for attribute, value, option, n in _plain_rows(session, _ATTRIBUTES, params):
        attributes[attribute][value][option] = n
    shift = read_shift(session, edition.dilemma, edition.number)
    return CountedEdition(edition, card, scopes, repeated, attributes, shift)


def _plain_rows(
    session: Session, statement: Select[Any], params: Mapping[str, Any]
) -> Sequence[Any]:
    """Return rows as the driver gives them; rows that know their columns cost twice as much."""
    with session.connection().execute(statement, params) as result:
        assert result.cursor is not None
        return result.cursor.fetchall()
