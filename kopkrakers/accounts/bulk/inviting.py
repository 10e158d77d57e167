"""Invite everyone in a file at once: all of them, or nobody and every fault by its line."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session

from kopkrakers.accounts import invitations
from kopkrakers.accounts.bulk.reading import FaultyLines, FileLine, LineFault
from kopkrakers.accounts.models import (
    GEMEENTE,
    INVITATION,
    TEAM,
    USER,
    Invitation,
    InvitationKind,
    Status,
    Team,
)
from kopkrakers.accounts.places import check_invited
from kopkrakers.accounts.rules import AddressKeys, address_pseudonyms, check_domain_in_list
from kopkrakers.accounts.service import id_of
from kopkrakers.accounts.trail.chain import TrailEntry, write
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.base.dutch import people_in_words
from kopkrakers.base.errors import WrongInput
from kopkrakers.base.keys import Keys
from kopkrakers.base.typed import canonical_address, fold

_GEMEENTEN = (
    select(GEMEENTE.c.id, GEMEENTE.c.name)
    .where(GEMEENTE.c.left_on.is_(None), GEMEENTE.c.is_organisation.is_(False))
    .order_by(GEMEENTE.c.id)
)
_TEAMS = select(TEAM.c.id, TEAM.c.gemeente_id, TEAM.c.name).order_by(TEAM.c.id)
_ACCOUNTS = select(USER.c.email, USER.c.address_hmac, USER.c.gemeente_id, USER.c.status)
_WAITING = select(
    INVITATION.c.id, INVITATION.c.gemeente_id, INVITATION.c.email, INVITATION.c.unsent
).where(INVITATION.c.kind == InvitationKind.PERSONAL, INVITATION.c.ended.is_(None))
TeamPlace = tuple[int, str]
"""A gemeente's id, and the name of a team in the form in which names are compared."""


@dataclass(frozen=True)
class Invited:
    """A person with a link that works once, to be mailed to them."""

    line: FileLine
    gemeente: str
    token: str


@dataclass(frozen=True)
class Beheerder:
    """Somebody who invites from a page: into the own gemeente alone, and told of no other."""

    id: int
    gemeente_id: int


@dataclass(frozen=True)
class Imported:
    """The outcome of an import. `known`: people who had an account; `waiting`: an invitation."""

    invited: tuple[Invited, ...]
    known: int
    waiting: int
    new_teams: int


@dataclass
class _Plan:
    """The work that an import has to do, and what is in its way.

    `tells`: whether it says that an address has an account in another gemeente.
    """

    tells: bool = True
    new: list[tuple[FileLine, int]] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)
    known: int = 0
    waiting: int = 0
    faults: list[LineFault] = field(default_factory=list)


@dataclass(frozen=True)
class Present:
    """Names, accounts by pseudonym and address, and open invitations in the database."""

    gemeenten: dict[str, tuple[int, str]]
    accounts: dict[str, Row[Any]]
    waiting: dict[tuple[int, str], Row[Any]]

    def account(self, address: str, keys: AddressKeys) -> Row[Any] | None:
        """Return the account that has, or ever had, this address."""
        for form in (*address_pseudonyms(address, keys), canonical_address(address)):
            if form in self.accounts:
                return self.accounts[form]
        return None


@dataclass(frozen=True)
class Inviting:
    """The terms on which people of a file are invited.

    `keys`: by which accounts are found; `domains`: of addresses that may be invited, empty for
    all; `again`: whoever has an open invitation gets another; `by_courier`: the links are left to
    the courier, who makes each when it is mailed.
    """

    keys: AddressKeys
    domains: Collection[str]
    again: bool = False
    by_courier: bool = False


def invite_all(
    session: Session,
    lines: Sequence[FileLine],
    inviting: Inviting,
    *,
    now: datetime,
    row_keys: Keys,
    by: Beheerder | None = None,
) -> Imported:
    """Make the teams and the invitations of a file; the links are to be mailed.

    Whoever has an account in that gemeente keeps it as it is. Whoever has an open invitation keeps
    that, or gets another with `again`, or where nobody knows that it was mailed. `by`: a beheerder;
    None is the operator, who serves all. A beheerder does not hear that an address has an account
    elsewhere: it is mailed, and its link tells its owner.
    Raises: FaultyLines; then nothing was made.
    """
    present = _present(session, now, by)
    plan = _Plan(tells=by is None)
    for line in lines:
        _consider(line, present, plan, inviting)
    if plan.faults:
        raise FaultyLines(plan.faults)
    teams, new_teams = _teams(session, plan.new)
    made = []
    for line, gemeente_id in plan.new:
        team_id = teams.get((gemeente_id, fold(line.team)))
        invitation = _invitation(line, gemeente_id, team_id, now)
        invitation.unsent = not inviting.by_courier
        invitation.awaits_courier = inviting.by_courier
        made.append(invitation)
    tokens = invitations.make_many(session, made, plan.replaced, now=now, row_keys=row_keys)
    _check_places(session, plan.new, now)
    _write_down(session, row_keys, plan.new, amsterdam_day(now), by)
    names = dict(present.gemeenten.values())
    invited = []
    for (line, gemeente_id), token in zip(plan.new, tokens, strict=True):
        invited.append(Invited(line, names[gemeente_id], token))
    return Imported(tuple(invited), plan.known, plan.waiting, new_teams)


def _check_places(session: Session, new: Sequence[tuple[FileLine, int]], now: datetime) -> None:
    """Raises: FaultyLines, with a fault for each gemeente that has too few places."""
    faults = []
    for gemeente_id in sorted({gemeente_id for _, gemeente_id in new}):
        try:
            check_invited(session, gemeente_id, now)
        except WrongInput as error:
            faults.append(LineFault(0, error.sentence))
    if faults:
        raise FaultyLines(faults)


def _write_down(
    session: Session,
    keys: Keys,
    new: Sequence[tuple[FileLine, int]],
    today: date,
    by: Beheerder | None,
) -> None:
    """Leave one action in the trail of each gemeente in which people were invited."""
    for gemeente_id, number in sorted(Counter(gemeente_id for _, gemeente_id in new).items()):
        detail = people_in_words(number)
        actor_id = None if by is None else by.id
        entry = TrailEntry(Deed.IMPORTED, gemeente_id, actor_id=actor_id, detail=detail)
        write(session, keys, entry, today)


def _present(session: Session, now: datetime, by: Beheerder | None) -> Present:
    gemeenten: dict[str, tuple[int, str]] = {}
    reached = _GEMEENTEN
    if by is not None:
        reached = reached.where(GEMEENTE.c.id == by.gemeente_id)
    for row in session.execute(reached):
        gemeenten.setdefault(fold(row.name), (row.id, row.name))
    accounts = {}
    for row in session.execute(_ACCOUNTS):
        accounts[row.address_hmac] = row
        # of an account that was removed the pseudonym alone is left
        if row.email is not None:
            accounts[canonical_address(row.email)] = row
    waiting = {}
    for row in session.execute(_WAITING.where(INVITATION.c.expires_at > now)):
        waiting[row.gemeente_id, canonical_address(row.email or "")] = row
    return Present(gemeenten, accounts, waiting)


def _consider(line: FileLine, present: Present, plan: _Plan, inviting: Inviting) -> None:
    """Put a line in the plan, under what is to be done with it."""
    gemeente = present.gemeenten.get(fold(line.gemeente))
    if gemeente is None:
        command = f"kopkrakers gemeente add {line.gemeente!r}"
        sentence = f"Er is geen gemeente {line.gemeente}. Voeg haar eerst toe: {command}"
        plan.faults.append(LineFault(line.number, sentence))
        return
    try:
        check_domain_in_list(line.address, inviting.domains)
    except WrongInput as error:
        plan.faults.append(LineFault(line.number, error.sentence))
        return
    account = present.account(line.address, inviting.keys)
    # whoever was removed and comes back is invited as anybody else
    is_gone = account is None or account.status == Status.REMOVED
    is_elsewhere = account is not None and not is_gone and account.gemeente_id != gemeente[0]
    waits = present.waiting.get((gemeente[0], canonical_address(line.address)))
    if is_elsewhere and plan.tells:
        sentence = "Dit adres heeft al een account bij een andere gemeente."
        plan.faults.append(LineFault(line.number, sentence))
    elif not is_gone and not is_elsewhere:
        plan.known += 1
    elif waits is not None and not inviting.again and not waits.unsent:
        plan.waiting += 1
    else:
        # also one with an account elsewhere, of which a beheerder may not hear
        plan.new.append((line, gemeente[0]))
        if waits is not None:
            plan.replaced.append(waits.id)


def _teams(
    session: Session, wanted: Sequence[tuple[FileLine, int]]
) -> tuple[dict[TeamPlace, int], int]:
    """Return the teams of all gemeenten, with those that were not there yet, and their number."""
    known: dict[TeamPlace, int] = {}
    for row in session.execute(_TEAMS):
        known.setdefault((row.gemeente_id, fold(row.name)), row.id)
    new: dict[TeamPlace, Team] = {}
    for line, gemeente_id in wanted:
        place = (gemeente_id, fold(line.team))
        if line.team and place not in known and place not in new:
            new[place] = Team(gemeente_id=gemeente_id, name=line.team)
    session.add_all(new.values())
    # only now do they have ids
    session.flush()
    for place, team in new.items():
        known[place] = id_of(team)
    return known, len(new)


def _invitation(line: FileLine, gemeente_id: int, team_id: int | None, now: datetime) -> Invitation:
    return Invitation(
        token_hash="",
        kind=InvitationKind.PERSONAL,
        gemeente_id=gemeente_id,
        team_id=team_id,
        email=line.address,
        name=line.name,
        roles=",".join(sorted(line.roles)),
        expires_at=now + invitations.LASTS[InvitationKind.PERSONAL],
        mailed=True,
    )
