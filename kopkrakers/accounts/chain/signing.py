"""Sign accounts and invitations, so that rows that somebody made or changed by SQL can be told.

An account holds when its own MAC and that of its last link in the chain (`changes`) do, and the
link names the MAC. The link stops a replay: whoever saved an account with a role that was taken
away since, and writes it back, has a MAC that the chain does not end with.
"""

from collections.abc import Collection, Iterable
from datetime import UTC
from typing import Any

from sqlalchemy import Select, String, bindparam, cast, func, literal_column, select
from sqlalchemy.engine import Row
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session

from kopkrakers.accounts.models import ACCOUNT_CHANGE, MEMBERSHIP, USER, USER_ROLE
from kopkrakers.base.db import in_parts
from kopkrakers.base.errors import NotAllowed
from kopkrakers.base.keys import Keys
from kopkrakers.base.macs import Fields, verify_mac

ALTERED = (
    "Dit account is buiten Kopkrakers om veranderd. Daarom kan er niemand mee verder. "
    "Vraag de beheerder van je gemeente om dit te melden bij wie de server beheert."
)


class _JoinedValues(FunctionElement[str]):
    """The values of a column in one text, in any order, with a comma between them.

    `func.aggregate_strings` is the same, but its text of SQL is made anew at every execution.
    """

    type = String()
    inherit_cache = True


@compiles(_JoinedValues)
def _on_postgres(element: Any, compiler: Any, **how: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **how)}, ',')"


@compiles(_JoinedValues, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **how)}, ',')"


# each with its length before it: two rows with "ab" and "c" differ from one with "ab,c"
_ROLE = cast(func.length(USER_ROLE.c.role), String) + literal_column("':'") + USER_ROLE.c.role
_ROLES = (
    select(_JoinedValues(_ROLE))
    .where(USER_ROLE.c.user_id == USER.c.id)
    .correlate(USER)
    .scalar_subquery()
)
_TEAMS = (
    select(_JoinedValues(cast(MEMBERSHIP.c.team_id, String)))
    .where(MEMBERSHIP.c.user_id == USER.c.id)
    .correlate(USER)
    .scalar_subquery()
)
_own = ACCOUNT_CHANGE.alias("own")
_LAST_LINK = (
    select(func.max(_own.c.number))
    .where(_own.c.user_id == USER.c.id)
    .correlate(USER)
    .scalar_subquery()
)
SIGNED = (
    *USER.c,
    _ROLES.label("roles"),
    _TEAMS.label("teams"),
    *[column.label(f"link_{column.name}") for column in ACCOUNT_CHANGE.c],
)
"""Columns of an account that `account_holds` reads, from `WITH_LINK`."""
WITH_LINK = USER.outerjoin(ACCOUNT_CHANGE, ACCOUNT_CHANGE.c.number == _LAST_LINK)
"""Every account with its last link."""
# one statement for account and last link: read apart, a change in between would look like a forgery
_ALL = select(*SIGNED).select_from(WITH_LINK)
_THESE = _ALL.where(USER.c.id.in_(bindparam("ids", expanding=True))).order_by(USER.c.id)


def all_accounts() -> Select[Any]:
    """Return the statement for every account, by id, with what `account_holds` reads."""
    return _ALL.order_by(USER.c.id)


def accounts(session: Session, user_ids: Iterable[int]) -> list[Row[Any]]:
    """Return these accounts as they are now, by id."""
    # what was changed by objects is not in the database yet, and must be covered too
    session.flush()
    rows: list[Row[Any]] = []
    for part in in_parts(sorted(user_ids)):
        rows += session.connection().execute(_THESE, {"ids": part})
    return rows


def account_holds(keys: Keys, account: Row[Any]) -> bool:
    """Whether an account is as the product last changed it."""
    if account.mac is None or account.link_mac is None or account.link_state != account.mac:
        return False
    fields = link_fields(
        account.link_number,
        account.link_what,
        account.id,
        account.link_state,
        account.link_previous,
    )
    return verify_mac(keys, account.mac, *account_fields(account)) and verify_mac(
        keys, account.link_mac, *fields
    )


def check_account(keys: Keys, account: Row[Any]) -> None:
    """Make sure that an account is as the product last changed it.

    Raises: NotAllowed.
    """
    if not account_holds(keys, account):
        raise NotAllowed(ALTERED)


def account_fields(account: Row[Any]) -> Fields:
    """Return what the MAC of an account covers."""
    # an account from before its first day was kept has none, and keeps the MAC that it had
    since = ""
    if account.since is not None:
        since = account.since.isoformat()
    return (
        "account",
        account.id,
        account.gemeente_id,
        account.address_hmac,
        account.email or "",
        account.name or "",
        account.password_hash or "",
        account.generation,
        account.status,
        int(account.address_proved),
        since,
        _in_order(account.roles),
        _in_order(account.teams),
    )


def link_fields(
    number: int, what: str, user_id: int | None, state: bytes, previous: bytes
) -> Fields:
    """Return what the MAC of a link covers."""
    whose: int | str = ""
    if user_id is not None:
        whose = user_id
    return ("account change", number, what, whose, state, previous)


def invitation_fields(invitation: Any) -> Fields:
    """Return what the MAC of an open invitation covers."""
    team_id = ""
    if invitation.team_id is not None:
        team_id = invitation.team_id
    return (
        "invitation",
        invitation.token_hash,
        invitation.kind,
        invitation.gemeente_id,
        team_id,
        invitation.email or "",
        invitation.name or "",
        invitation.roles,
        # in UTC, for one database gives a moment back in another zone than the other
        invitation.expires_at.astimezone(UTC).isoformat(),
        int(invitation.mailed),
    )


def invitation_holds(keys: Keys, invitation: Any) -> bool:
    """Whether the product made this open invitation."""
    mac = invitation.mac
    return mac is not None and verify_mac(keys, mac, *invitation_fields(invitation))


def roles_of(account: Row[Any]) -> frozenset[str]:
    """Return the values of the roles of an account."""
    roles = set()
    for listed in (account.roles or "").split(","):
        if listed:
            roles.add(listed.partition(":")[2])
    return frozenset(roles)


def holding(session: Session, keys: Keys, user_ids: Collection[int]) -> list[Row[Any]]:
    """Return those of these accounts that hold."""
    return [row for row in accounts(session, user_ids) if account_holds(keys, row)]


def _in_order(listed: str | None) -> str:
    """Return a list that the database gathered in any order, in one order."""
    return ",".join(sorted((listed or "").split(",")))
