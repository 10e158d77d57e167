"""Choose the pools of an edition when it opens, and say to which an answer goes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import (
    Row,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlmodel import Session

from kopkrakers.accounts.models import GEMEENTE
from kopkrakers.base.keys import Keys
from kopkrakers.base.macs import of_former_key, sign, verify_mac
from kopkrakers.catalogue.editions.editions import EDITION, TAKES_ANSWERS
from kopkrakers.pools import rules
from kopkrakers.pools.models import POOL_ASSIGNMENT
from kopkrakers.pools.rules import ALL_NATIONAL
from kopkrakers.pools.sizes import believed_sizes, membership_fields, membership_holds
from kopkrakers.tallies.models import NL, TALLY

EDITION_COLUMNS = (
    EDITION.c.dilemma,
    EDITION.c.number,
    EDITION.c.opens_on,
    EDITION.c.two_chairs,
    EDITION.c.pools,
    EDITION.c.pools_digest,
    EDITION.c.pools_mac,
    EDITION.c.chapter,
)
"""The columns of an edition that `edition_holds` reads."""
_OPEN_EDITIONS = select(*EDITION_COLUMNS).where(*TAKES_ANSWERS)
_CHOSEN = select(*EDITION_COLUMNS).where(EDITION.c.pools.is_not(None))
_WITHOUT_POOLS = _OPEN_EDITIONS.where(EDITION.c.pools.is_(None))
# An earlier edition may have been answered, also when nothing of it was counted: it was broken off
# by a restored backup or a new wording, or its last envelopes still wait.
_ENDED_EARLY = select(EDITION.c.number).where(
    EDITION.c.dilemma == bindparam("dilemma"),
    EDITION.c.number < bindparam("number"),
    or_(EDITION.c.frozen, EDITION.c.settled.is_(False)),
)
_HAS_TOTALS = select(TALLY.c.edition).where(
    TALLY.c.dilemma == bindparam("dilemma"), TALLY.c.edition < bindparam("number")
)
# parameters may not have the names of the columns: SQLAlchemy keeps those for new values
_CHOOSE = (
    update(EDITION)
    .where(EDITION.c.dilemma == bindparam("slug"), EDITION.c.number == bindparam("edition"))
    .values(
        pools=bindparam("version"), pools_digest=bindparam("digest_"), pools_mac=bindparam("signed")
    )
)
_SIGNED_WITH_POOLS = select(EDITION.c.two_chairs, EDITION.c.chapter).where(
    EDITION.c.dilemma == bindparam("dilemma"), EDITION.c.number == bindparam("number")
)
_IN_REGIO = select(GEMEENTE.c.id, GEMEENTE.c.regio_id, GEMEENTE.c.regio_mac).where(
    GEMEENTE.c.regio_id.is_not(None)
)
_SIGN_GEMEENTE = (
    update(GEMEENTE)
    .where(GEMEENTE.c.id == bindparam("gemeente"))
    .values(regio_mac=bindparam("signed"))
)
_SIGN_ASSIGNMENT = (
    update(POOL_ASSIGNMENT)
    .where(
        POOL_ASSIGNMENT.c.version == bindparam("of_version"),
        POOL_ASSIGNMENT.c.gemeente_id == bindparam("gemeente"),
    )
    .values(mac=bindparam("signed"))
)
_NEWEST = select(func.max(POOL_ASSIGNMENT.c.version))
_LAST_CHOSEN = select(func.max(EDITION.c.pools))
_VERSION = (
    select(POOL_ASSIGNMENT)
    .where(POOL_ASSIGNMENT.c.version == bindparam("version"))
    .order_by(POOL_ASSIGNMENT.c.gemeente_id)
)
ASSIGNED = and_(
    POOL_ASSIGNMENT.c.version == EDITION.c.pools,
    POOL_ASSIGNMENT.c.gemeente_id == bindparam("gemeente"),
)
"""Joins an edition to the pool of one gemeente in it."""
ASSIGNED_COLUMNS = (
    *EDITION_COLUMNS,
    POOL_ASSIGNMENT.c.version,
    POOL_ASSIGNMENT.c.gemeente_id,
    POOL_ASSIGNMENT.c.pool,
    POOL_ASSIGNMENT.c.mac,
)
"""Columns of an edition joined by `ASSIGNED` that `assigned_pool` reads."""


class _Chosen(NamedTuple):
    """What is signed of the pools of an edition, in the columns of its row."""

    dilemma: str
    number: int
    pools: int
    pools_digest: bytes | None
    two_chairs: bool
    chapter: int


@dataclass(frozen=True)
class Versions:
    """The versions of the pools that were asked for, each read once."""

    keys: Keys
    known: dict[int, Mapping[int, str]] = field(default_factory=dict)

    def today(self, session: Session, edition: Row[Any], today: date) -> Mapping[int, str]:
        """Return the pool of each gemeente whose answers of today to an edition go to one."""
        if not rules.takes_local_answers(edition.opens_on, today):
            return {}
        # a version by SQL could put one victim in a pool with the attacker's accounts (D-55)
        if not edition_holds(self.keys, edition):
            return {}
        version = edition.pools
        if version not in self.known:
            self.known[version] = pools_in(session, self.keys, version)
        pools = self.known[version]
        if is_whole(edition, pools):
            return pools
        return {}


def open_editions(session: Session, today: date) -> list[Row[Any]]:
    """Return the editions that take answers today, with the version of their pools."""
    return list(session.execute(_OPEN_EDITIONS, {"today": today}))


# D-55
def assign_pools(
    session: Session, keys: Keys, today: date, *, counted: Collection[tuple[str, int]]
) -> int:
    """Choose the pools of open editions that have none yet, for as long as they are open.

    `counted`: the editions, as dilemma and number, that the counter ever counted. It knows by
    itself: totals that somebody deleted from the database were counted all the same.

    All is national of an edition that is older than two weeks, of a chapter, and of a dilemma that
    was counted, or broken off, before. Two totals of the same gemeente on the same dilemma could
    differ by one person who did not answer again.
    Return the number of editions. Call this under the counter's lock.
    """
    editions = session.execute(_WITHOUT_POOLS, {"today": today}).all()
    if not editions:
        return 0
    version = _version_of(session, keys, rules.pools_of(believed_sizes(session, keys)))
    for edition in editions:
        is_old = not rules.takes_local_answers(edition.opens_on, today)
        chosen = version
        if (
            edition.chapter
            or is_old
            or _comes_back(session, edition.dilemma, edition.number, counted)
        ):
            chosen = ALL_NATIONAL
        choose_pools(session, keys, edition.dilemma, edition.number, chosen)
    return len(editions)


def make_national(session: Session, keys: Keys, today: date) -> None:
    """Let every edition that is open now be national only."""
    for edition in open_editions(session, today):
        choose_pools(session, keys, edition.dilemma, edition.number, ALL_NATIONAL)


# D-76
def choose_pools(session: Session, keys: Keys, dilemma: str, number: int, version: int) -> None:
    """Let an edition have the pools of a version, as they are now."""
    digest = _digest_of(pools_in(session, keys, version))
    place = {"dilemma": dilemma, "number": number}
    edition = session.execute(_SIGNED_WITH_POOLS, place).one()
    chosen = _Chosen(dilemma, number, version, digest, edition.two_chairs, edition.chapter)
    _write_choice(session, keys, chosen)


def _write_choice(session: Session, keys: Keys, edition: "_Chosen | Row[Any]") -> None:
    parameters = {
        "slug": edition.dilemma,
        "edition": edition.number,
        "version": edition.pools,
        "digest_": edition.pools_digest,
        "signed": sign(keys, *_edition_fields(edition)),
    }
    session.connection().execute(_CHOOSE, parameters)


def write_version(session: Session, keys: Keys, pools: Mapping[int, str]) -> int:
    """Write a new version of the pools, by gemeente. Return its number.

    It is above any that an edition names: a version whose rows somebody deleted never comes back
    with others.
    """
    # safe under the counter's lock only: another counter would take the same number
    known = [session.execute(statement).scalar() for statement in (_NEWEST, _LAST_CHOSEN)]
    version = max(number or ALL_NATIONAL for number in known) + 1
    rows = []
    for gemeente_id, pool in sorted(pools.items()):
        mac = sign(keys, *_assignment_fields(version, gemeente_id, pool))
        rows.append({"version": version, "gemeente_id": gemeente_id, "pool": pool, "mac": mac})
    session.connection().execute(insert(POOL_ASSIGNMENT), rows)
    return version


def pools_in(session: Session, keys: Keys, version: int) -> dict[int, str]:
    """Return the pool of each gemeente in a version, of the rows that pass their MAC."""
    rows = session.execute(_VERSION, {"version": version})
    pools = {}
    for row in rows:
        if assignment_holds(keys, row):
            pools[row.gemeente_id] = row.pool
    return pools


def assigned_pool(keys: Keys, row: Row[Any], today: date) -> str:
    """Return the pool of an answer given today, from the `ASSIGNED_COLUMNS` of an edition.

    It is the national one where a row is missing or fails its MAC: someone who can write to the
    database must not put a victim in a pool of their own.
    """
    if row.pool is None or not edition_holds(keys, row) or not assignment_holds(keys, row):
        return NL
    return rules.pool_today(str(row.pool), row.opens_on, today)


def regios_of_former_key(session: Session, keys: Keys) -> list[Row[Any]]:
    """Return the gemeenten whose place in a regio holds by a former key, not by the current one."""
    return of_former_key(keys, session.execute(_IN_REGIO), membership_holds)


def sign_regios_anew(session: Session, keys: Keys, found: Sequence[Row[Any]]) -> None:
    """Sign the place of gemeenten in a regio, which was verified, by the current key."""
    for row in found:
        signed = sign(keys, *membership_fields(row.id, row.regio_id))
        session.execute(_SIGN_GEMEENTE, {"gemeente": row.id, "signed": signed})


def assignments_of_former_key(session: Session, keys: Keys) -> list[Row[Any]]:
    """Return the pools of gemeenten that hold by a former key, not by the current one."""
    return of_former_key(keys, session.execute(select(POOL_ASSIGNMENT)), assignment_holds)


def sign_assignments_anew(session: Session, keys: Keys, found: Sequence[Row[Any]]) -> None:
    """Sign the pools of gemeenten, which were verified, by the current key."""
    for row in found:
        signed = sign(keys, *_assignment_fields(row.version, row.gemeente_id, row.pool))
        place = {"of_version": row.version, "gemeente": row.gemeente_id}
        session.execute(_SIGN_ASSIGNMENT, place | {"signed": signed})


def editions_of_former_key(session: Session, keys: Keys) -> list[Row[Any]]:
    """Return the editions whose pools hold by a former key, not by the current one."""
    return of_former_key(keys, session.execute(_CHOSEN), edition_holds)


def sign_editions_anew(session: Session, keys: Keys, found: Sequence[Row[Any]]) -> None:
    """Sign the pools of editions, which were verified, by the current key."""
    for row in found:
        _write_choice(session, keys, row)


def _version_of(session: Session, keys: Keys, pools: Mapping[int, str]) -> int:
    """Return the version that holds exactly these pools: the newest, or a new one."""
    if not pools:
        return ALL_NATIONAL
    newest = session.execute(_NEWEST).scalar()
    # the pools hardly ever change from one edition to the next: no rows for each day
    if newest is not None and pools_in(session, keys, newest) == pools:
        return int(newest)
    return write_version(session, keys, pools)


def is_answered_before(session: Session, dilemma: str, number: int) -> bool:
    """Whether an earlier edition of a dilemma still takes or holds answers, or was broken off."""
    parameters = {"dilemma": dilemma, "number": number}
    return session.execute(_ENDED_EARLY.limit(1), parameters).first() is not None


# D-84
def _comes_back(
    session: Session, dilemma: str, number: int, counted: Collection[tuple[str, int]]
) -> bool:
    """Whether people may have answered an earlier edition of this dilemma."""
    # this number too: an edition is counted only once it has pools, so it was used before
    if any(slug == dilemma and edition <= number for slug, edition in counted):
        return True
    if is_answered_before(session, dilemma, number):
        return True
    parameters = {"dilemma": dilemma, "number": number}
    return session.execute(_HAS_TOTALS.limit(1), parameters).first() is not None


def edition_holds(keys: Keys, edition: Row[Any]) -> bool:
    """Whether an edition names the version of pools, and the chairs, that the counter chose.

    And whether it is of the card, or of the chapter, that it was of then.
    """
    if edition.pools is None or edition.pools_mac is None:
        return False
    return verify_mac(keys, edition.pools_mac, *_edition_fields(edition))


def counts_chairs_apart(keys: Keys, edition: Row[Any]) -> bool:
    """Whether leidinggevenden are counted apart in an edition, as the counter chose it."""
    return bool(edition.two_chairs) and edition_holds(keys, edition)


def is_whole(edition: Row[Any], pools: Mapping[int, str]) -> bool:
    """Whether these are all pools of the version by which an edition opened."""
    return edition.pools_digest is None or edition.pools_digest == _digest_of(pools)


def assignment_holds(keys: Keys, row: Row[Any]) -> bool:
    """Whether the pool of a gemeente is as the counter wrote it."""
    return verify_mac(keys, row.mac, *_assignment_fields(row.version, row.gemeente_id, row.pool))


def _assignment_fields(version: int, gemeente_id: int, pool: str) -> tuple[str | int, ...]:
    return ("pool assignment", version, gemeente_id, pool)


def _edition_fields(edition: "_Chosen | Row[Any]") -> tuple[str | int | bytes, ...]:
    kind = "pools of edition"
    if edition.two_chairs:
        kind = "pools and chairs of edition"
    fields: tuple[str | int | bytes, ...] = (
        kind,
        edition.dilemma,
        edition.number,
        edition.pools,
    )
    # an edition of a card is signed as it was before there were chapters
    if edition.chapter:
        fields = (*fields, "chapter", edition.chapter)
    if edition.pools_digest is None:
        return fields
    return (*fields, edition.pools_digest)


def _digest_of(pools: Mapping[int, str]) -> bytes:
    """Return what stands for all pools of a version: 32 bytes."""
    written = " ".join(f"{gemeente_id}:{pools[gemeente_id]}" for gemeente_id in sorted(pools))
    return sha256(written.encode()).digest()
