"""Invite everyone in a file at once: all of them, or nobody and every fault by its line."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session

from kopkrakers.accounts import invitations
from kopkrakers.accounts.bulk.keeping import MailedInvitation, keep_all
from kopkrakers.accounts.bulk.reading import FaultyLines, FileLine, LineFault
from kopkrakers.accounts.chain.changes import begin_change
from kopkrakers.accounts.models import (
    GEMEENTE,
    INVITATION,
    TEAM,
    USER,
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
NOBODY_MORE: Mapping[int, int] = {}
TeamPlace = tuple[int, str]
"""A gemeente's id, and the name of a team in the form in which names are compared."""


@dataclass(frozen=True)
class InvitedPerson:
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
class Foreseen:
    """The outcome of an import, perhaps one that is not done yet.

    `people`: those who get an invitation; `known`: who had an account; `waiting`: an invitation.
    """

    people: tuple[FileLine, ...]
    known: int
    waiting: int
    new_teams: int


@dataclass(frozen=True)
class ImportOutcome(Foreseen):
    """The outcome of an import. `invited`: its people, each with their link."""

    invited: tuple[InvitedPerson, ...]


@dataclass
class _Plan:
    """The work that an import has to do, and what is in its way.

    `tells`: whether it says that an address has an account in another gemeente. `new` and
    `replaced` (ids of invitations) each with their gemeente.
    """

    tells: bool = True
    new: list[tuple[FileLine, int]] = field(default_factory=list)
    replaced: list[tuple[int, int]] = field(default_factory=list)
    known: int = 0
    waiting: int = 0
    faults: list[LineFault] = field(default_factory=list)

    def people(self) -> tuple[FileLine, ...]:
        """Return who gets an invitation."""
        return tuple(line for line, _ in self.new)


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
class InvitingTerms:
    """The terms on which people of a file are invited.

    `keys`: by which accounts are found; `domains`: of addresses that may be invited, empty for
    all; `again`: whoever has an open invitation gets another; `by_courier`: the links are left to
    the courier, who makes each when it is mailed.
    """

    keys: AddressKeys
    domains: Collection[str]
    again: bool = False
    by_courier: bool = False


def foresee(
    session: Session,
    lines: Sequence[FileLine],
    inviting: InvitingTerms,
    *,
    now: datetime,
    by: Beheerder | None = None,
) -> Foreseen:
    """Return what `invite_all` would do. It only reads, so it keeps nobody from writing.

    Raises: FaultyLines.
    """
    _, plan = _planned(session, lines, inviting, now, by)
    more = _by_gemeente(plan.new)
    more.subtract(_by_gemeente(plan.replaced))
    _check_places(session, plan.new, now, more)
    _, new_teams = _teams(session, plan.new)
    return Foreseen(plan.people(), plan.known, plan.waiting, len(new_teams))


def invite_all(
    session: Session,
    lines: Sequence[FileLine],
    inviting: InvitingTerms,
    *,
    now: datetime,
    row_keys: Keys,
    by: Beheerder | None = None,
) -> ImportOutcome:
    """Make the teams and the invitations of a file; the links are to be mailed.

    Whoever has an account in that gemeente keeps it as it is. Whoever has an open invitation keeps
    that, or gets another with `again`, or where nobody knows that it was mailed. `by`: a beheerder;
    None is the operator, who serves all. A beheerder does not hear that an address has an account
    elsewhere: it is mailed, and its link tells its owner.
    Raises: FaultyLines; then nothing was made.
    """
    # of two who send one list at once, the second sees what the first made
    begin_change(session)
    names, plan = _planned(session, lines, inviting, now, by)
    teams, new_teams = _teams(session, plan.new)
    session.add_all(new_teams.values())
    # only now do they have ids
    session.flush()
    for place, team in new_teams.items():
        teams[place] = id_of(team)
    made = []
    for line, gemeente_id in plan.new:
        team_id = teams.get((gemeente_id, fold(line.team)))
        made.append(_invitation(line, gemeente_id, team_id, now, by_courier=inviting.by_courier))
    replaced = [invitation_id for invitation_id, _ in plan.replaced]
    tokens = keep_all(session, made, replaced, now=now, row_keys=row_keys)
    _check_places(session, plan.new, now)
    _write_down(session, row_keys, plan.new, amsterdam_day(now), by)
    invited = []
    for (line, gemeente_id), token in zip(plan.new, tokens, strict=True):
        invited.append(InvitedPerson(line, names[gemeente_id], token))
    return ImportOutcome(
        plan.people(), plan.known, plan.waiting, len(new_teams), invited=tuple(invited)
    )


def _planned(
    session: Session,
    lines: Sequence[FileLine],
    inviting: InvitingTerms,
    now: datetime,
    by: Beheerder | None,
) -> tuple[dict[int, str], _Plan]:
    """Return the names of gemeenten, and what a file has to do. Raises: FaultyLines."""
    present = _present(session, now, by)
    plan = _Plan(tells=by is None)
    for line in lines:
        _consider(line, present, plan, inviting)
    if plan.faults:
        raise FaultyLines(plan.faults)
    return dict(present.gemeenten.values()), plan


def _by_gemeente(work: Iterable[tuple[object, int]]) -> Counter[int]:
    """Return how many of those in a plan each gemeente has."""
    return Counter(gemeente_id for _, gemeente_id in work)


def _check_places(
    session: Session,
    new: Sequence[tuple[FileLine, int]],
    now: datetime,
    more: Mapping[int, int] = NOBODY_MORE,
) -> None:
    """Raises: FaultyLines, with a fault for each gemeente that has too few places.

    `more`: by gemeente, invitations that are not kept yet.
    """
    faults = []
    for gemeente_id in sorted(_by_gemeente(new)):
        try:
            check_invited(session, gemeente_id, now, more.get(gemeente_id, 0))
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
    for gemeente_id, number in sorted(_by_gemeente(new).items()):
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


def _consider(line: FileLine, present: Present, plan: _Plan, inviting: InvitingTerms) -> None:
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
            plan.replaced.append((waits.id, gemeente[0]))


def _teams(
    session: Session, wanted: Sequence[tuple[FileLine, int]]
) -> tuple[dict[TeamPlace, int], dict[TeamPlace, Team]]:
    """Return the ids of the teams of all gemeenten, and those that are not there yet."""
    known: dict[TeamPlace, int] = {}
    for row in session.execute(_TEAMS):
        known.setdefault((row.gemeente_id, fold(row.name)), row.id)
    new: dict[TeamPlace, Team] = {}
    for line, gemeente_id in wanted:
        place = (gemeente_id, fold(line.team))
        if line.team and place not in known and place not in new:
            new[place] = Team(gemeente_id=gemeente_id, name=line.team)
    return known, new


def _invitation(
    line: FileLine, gemeente_id: int, team_id: int | None, now: datetime, *, by_courier: bool
) -> MailedInvitation:
    return MailedInvitation(
        gemeente_id=gemeente_id,
        team_id=team_id,
        email=line.address,
        name=line.name,
        roles=",".join(sorted(line.roles)),
        expires_at=now + invitations.LASTS[InvitationKind.PERSONAL],
        unsent=not by_courier,
        awaits_courier=by_courier,
    )
