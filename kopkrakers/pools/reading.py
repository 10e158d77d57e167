"""The pool in which somebody's answers are counted, for pages."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import String, and_, bindparam, cast, literal, select
from sqlmodel import Session

from kopkrakers.accounts.models import GEMEENTE
from kopkrakers.base.db import Rows
from kopkrakers.base.keys import Keys
from kopkrakers.base.typed import by_name
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.pools import rules
from kopkrakers.pools.models import POOL_ASSIGNMENT, REGIO
from kopkrakers.pools.sizes import believed_up_to
from kopkrakers.privacy.rules import K_POOL

# the row of the gemeente that asks, from which the others in the same pool are found
_mine = POOL_ASSIGNMENT.alias("mine")
_is_mine = and_(_mine.c.version == EDITION.c.pools, _mine.c.gemeente_id == bindparam("gemeente"))
_is_with_mine = and_(
    POOL_ASSIGNMENT.c.version == _mine.c.version, POOL_ASSIGNMENT.c.pool == _mine.c.pool
)
_IN_POOL = (
    select(EDITION.c.opens_on, _mine.c.pool, GEMEENTE.c.name, REGIO.c.name.label("regio"))
    .select_from(EDITION)
    .join(_mine, _is_mine)
    .join(POOL_ASSIGNMENT, _is_with_mine)
    .join(GEMEENTE, GEMEENTE.c.id == POOL_ASSIGNMENT.c.gemeente_id)
    # as `rules.regio_pool` writes the pool of a regio
    .outerjoin(REGIO, literal("R") + cast(REGIO.c.id, String) == _mine.c.pool)
    .where(EDITION.c.dilemma == bindparam("dilemma"), EDITION.c.number == bindparam("edition"))
)
_POOLS_OF = (
    select(EDITION.c.dilemma, EDITION.c.number, GEMEENTE.c.name, REGIO.c.name.label("regio"))
    .select_from(EDITION)
    .join(_mine, _is_mine)
    .join(GEMEENTE, GEMEENTE.c.id == _mine.c.gemeente_id)
    .outerjoin(REGIO, literal("R") + cast(REGIO.c.id, String) == _mine.c.pool)
)


@dataclass(frozen=True)
class Pool:
    """A gemeente or regio that is counted apart. `scope` is that of its totals."""

    scope: str
    regio: str | None
    gemeenten: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return the name in a sentence: "Zaanstad" or "regio Zaanstreek"."""
        if self.regio:
            return f"regio {self.regio}"
        return self.gemeenten[0]

    @property
    def title(self) -> str:
        """Return the name as a heading: "Zaanstad" or "Regio Zaanstreek, 5 gemeenten"."""
        if not self.regio:
            return self.gemeenten[0]
        return f"Regio {self.regio}, {len(self.gemeenten)} gemeenten"


@dataclass(frozen=True)
class EditionPool:
    """The pool of one gemeente in an edition that opened on a day."""

    pool: Pool
    opens_on: date

    def takes_answers(self, today: date) -> bool:
        """Whether answers of today still go there."""
        return rules.takes_local_answers(self.opens_on, today)


def edition_pool(
    session: Rows, *, gemeente_id: int, dilemma: str, edition: int
) -> EditionPool | None:
    """Return the pool of a gemeente in an edition; None when that is the national one.

    MACs are not asked: it says whose totals a page shows, and every total may be shown.
    """
    parameters = {"dilemma": dilemma, "edition": edition, "gemeente": gemeente_id}
    rows = session.connection().execute(_IN_POOL, parameters).all()
    if not rows:
        return None
    # not ordered by the database: each collates names in a way of its own
    names = by_name([row.name for row in rows], str)
    pool = Pool(rows[0].pool, rows[0].regio, tuple(names))
    return EditionPool(pool, rows[0].opens_on)


def is_pilot(session: Rows, keys: Keys) -> bool:
    """Whether so few accounts of this server can vote that nothing national is counted.

    A gemeente that is counted nationally only has no figures of a day then; one with a pool does.
    """
    return believed_up_to(session, keys, K_POOL) < K_POOL


def pool_names(session: Session, gemeente_id: int) -> dict[tuple[str, int], str]:
    """Return what a dataset calls the pool of a gemeente, by dilemma and edition.

    Editions in which it is counted nationally are left out.
    """
    names = {}
    for row in session.connection().execute(_POOLS_OF, {"gemeente": gemeente_id}):
        name = row.name
        if row.regio is not None:
            name = regio_title(row.regio)
        names[row.dilemma, row.number] = name
    return names


def regio_title(name: str) -> str:
    """Return what a dataset calls a regio."""
    return f"Regio {name}"
