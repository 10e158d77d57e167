"""The pool of a gemeente for the next dilemma, for its people."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session

from kopkrakers.accounts.models import GEMEENTE, USER, Status
from kopkrakers.base.keys import Keys
from kopkrakers.base.paging import ListPage, nearest_page
from kopkrakers.base.typed import by_name
from kopkrakers.pools.chairs import count_leaders
from kopkrakers.pools.models import REGIO
from kopkrakers.pools.reading import Pool
from kopkrakers.pools.rules import pools_of, regio_of
from kopkrakers.pools.sizes import CAN_VOTE, VOTERS, believed_sizes_near, believed_up_to
from kopkrakers.privacy.rules import K_GEMEENTE, K_NATIONAL, K_POOL

COLLEAGUES_ON_A_PAGE = 100


@dataclass(frozen=True)
class PoolStanding:
    """The pool of a gemeente by the accounts of this moment; a dilemma that opens now gets it.

    `pool`: None where only all gemeenten together are counted. `regio`: the name of the one that
    the gemeente is in, also where it is counted in none. `accounts` and `newcomers` (who came in
    this month) are those of the pool, or of all gemeenten. `leaders`: those on this server
    who chose that chair. `is_pilot`: so few can vote that no figures of a day can
    come; `is_small`: all together are too few for one bundle.
    """

    gemeente: str
    own_accounts: int
    pool: Pool | None
    regio: str | None
    accounts: int
    newcomers: int
    leaders: int
    is_pilot: bool
    is_small: bool


def standing_of(session: Session, keys: Keys, gemeente_id: int, today: date) -> PoolStanding:
    """Return the standing of a gemeente."""
    known = believed_sizes_near(session, keys, gemeente_id, today.replace(day=1))
    pools = pools_of(known)
    scope = pools.get(gemeente_id)
    together = []
    own_accounts = accounts = newcomers = 0
    regio_id = None
    for one in known:
        if one.gemeente_id == gemeente_id:
            own_accounts, regio_id = one.accounts, one.regio_id
        # without a pool answers go to the national box, where all gemeenten are counted together
        if scope is None or pools.get(one.gemeente_id) == scope:
            together.append(one.gemeente_id)
            accounts += one.accounts
            newcomers += one.newcomers
    names = dict(session.execute(select(GEMEENTE.c.id, GEMEENTE.c.name)).all())
    pool = None
    if scope is not None:
        gemeenten = by_name([names[id_] for id_ in together], str)
        pool = Pool(scope, _name_of(session, regio_of(scope)), tuple(gemeenten))
    # with a pool it was verified that they are enough; without one their number is only shown
    if pool:
        enough = accounts
    else:
        enough = believed_up_to(session, keys, K_POOL)
    return PoolStanding(
        gemeente=names[gemeente_id],
        own_accounts=own_accounts,
        pool=pool,
        regio=_name_of(session, regio_id),
        accounts=accounts,
        newcomers=newcomers,
        leaders=count_leaders(session),
        # with K_POOL accounts spread over gemeenten the national box can still be counted
        is_pilot=pool is None and enough < K_POOL,
        is_small=enough < (K_NATIONAL if pool is None else K_GEMEENTE),
    )


def _name_of(session: Session, regio_id: int | None) -> str | None:
    if regio_id is None:
        return None
    named = select(REGIO.c.name).where(REGIO.c.id == regio_id)
    return str(session.execute(named).scalar_one())


def colleagues(session: Session, gemeente_id: int, number: int) -> ListPage[str]:
    """Return a page of the names of all in a gemeente who can vote, by name.

    Of a number without a page: the nearest one there is.
    """
    # unverified: a name that somebody put in the database is one that everybody must see
    here = (CAN_VOTE, USER.c.gemeente_id == gemeente_id)
    every = (
        USER.c.gemeente_id == gemeente_id,
        USER.c.status == Status.ACTIVE,
        USER.c.id.in_(VOTERS),
    )
    total = session.execute(select(func.count()).select_from(USER).where(*every)).scalar_one()
    number = nearest_page(number, total, COLLEAGUES_ON_A_PAGE)
    on_page = (
        select(USER.c.name)
        .where(*here)
        .order_by(USER.c.sort_name, USER.c.id)
        .limit(COLLEAGUES_ON_A_PAGE)
        .offset((number - 1) * COLLEAGUES_ON_A_PAGE)
    )
    names = [name or "" for name in session.execute(on_page).scalars()]
    return ListPage(tuple(names), number, total, COLLEAGUES_ON_A_PAGE)
