"""Proposals for a regio: it is made, or grows, once a beheerder of every gemeente in it agreed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlmodel import Session

from kopkrakers.accounts.models import GEMEENTE
from kopkrakers.base.db import new_id
from kopkrakers.base.errors import NotYours, TooLate, WrongInput
from kopkrakers.base.keys import Keys
from kopkrakers.base.macs import Fields, sign, verify_mac
from kopkrakers.base.typed import by_name, clean_text
from kopkrakers.pools import regios
from kopkrakers.pools.models import REGIO_CONSENT
from kopkrakers.pools.regios import MovedGemeente, RegioLine

LASTS_DAYS = 60
"""Days after which a proposal is over that not everybody agreed with."""
AT_A_TIME = 3
"""Proposals of one gemeente that may wait: each stands before the beheerders of others."""
FIELD = "gemeenten"
"""The form field in which gemeenten are named."""
_PARTIES = select(REGIO_CONSENT, GEMEENTE.c.name.label("gemeente")).join(
    GEMEENTE, GEMEENTE.c.id == REGIO_CONSENT.c.gemeente_id
)


@dataclass(frozen=True)
class Party:
    """A gemeente in a proposal, and whether a beheerder of it agreed."""

    id: int
    name: str
    agreed: bool


@dataclass(frozen=True)
class Proposal:
    """A regio as it is proposed. `regio_id`: the one that is to grow; None for a new one."""

    id: str
    name: str
    regio_id: int | None
    asked_by: int
    day: date
    parties: tuple[Party, ...]

    @property
    def gemeente_ids(self) -> list[int]:
        """Return the ids of the gemeenten in it, in their order."""
        return [party.id for party in self.parties]

    def party(self, gemeente_id: int) -> Party:
        """Return a gemeente that is in it."""
        return next(party for party in self.parties if party.id == gemeente_id)

    @property
    def asker(self) -> str:
        """Return the name of the gemeente that asked."""
        return self.party(self.asked_by).name

    @property
    def everybody_agreed(self) -> bool:
        """Whether no gemeente has to agree any more."""
        return all(party.agreed for party in self.parties)


@dataclass(frozen=True)
class AgreedProposal:
    """A proposal that a gemeente agreed with.

    `regio`: as it is now, with who `moved` to it; None while others have to agree.
    """

    proposal: Proposal
    regio: RegioLine | None = None
    moved: tuple[MovedGemeente, ...] = ()


# D-130
def propose(
    session: Session, keys: Keys, gemeente_id: int, name: str, typed: str, today: date
) -> Proposal:
    """Propose a regio of the own gemeente with others, or others for the regio that it is in.

    `name`: of a new regio; not read where there is one. `typed`: other gemeenten, one a line.
    Raises: WrongInput.
    """
    session.execute(delete(REGIO_CONSENT).where(REGIO_CONSENT.c.day <= _too_old(today)))
    line = regios.regio_of_gemeente(session, keys, gemeente_id)
    if line is None:
        name = _free_name(session, name)
        members = {gemeente_id}
    else:
        name = line.name
        members = line.gemeente_ids
    others = _others(session, gemeente_id, typed)
    _refuse_members(others, members, name)
    mine = (
        select(REGIO_CONSENT.c.proposal).distinct().where(REGIO_CONSENT.c.asked_by == gemeente_id)
    )
    if len(session.execute(mine).all()) >= AT_A_TIME:
        raise WrongInput(
            f"Er staan al {AT_A_TIME} voorstellen van jullie open. Trek er eerst een in."
        )
    proposal_id = new_id()
    words = {
        "proposal": proposal_id,
        "name": name,
        "regio_id": line.id if line else None,
        "asked_by": gemeente_id,
        "day": today,
    }
    everybody = sorted(members.union(dict(others)))
    session.execute(insert(REGIO_CONSENT), [words | {"gemeente_id": id_} for id_ in everybody])
    _sign(session, keys, _rows_of(session, proposal_id), gemeente_id)
    return proposal_for(session, keys, gemeente_id, proposal_id, today)


def proposals_for(session: Session, keys: Keys, gemeente_id: int, today: date) -> list[Proposal]:
    """Return the proposals with a gemeente in it, by name."""
    hers = select(REGIO_CONSENT.c.proposal).where(
        REGIO_CONSENT.c.gemeente_id == gemeente_id, REGIO_CONSENT.c.day > _too_old(today)
    )
    proposals = []
    for proposal_id in session.execute(hers).scalars().all():
        proposals.append(_read(keys, _rows_of(session, proposal_id)))
    return by_name(proposals, lambda proposal: proposal.name)


def proposal_for(
    session: Session, keys: Keys, gemeente_id: int, proposal_id: str, today: date
) -> Proposal:
    """Return a proposal with this gemeente in it.

    Raises: NotYours when there is none, or no more.
    """
    rows = _rows_of(session, proposal_id)
    if not any(row.gemeente_id == gemeente_id and row.day > _too_old(today) for row in rows):
        raise NotYours("Dit voorstel is er niet, of niet meer.")
    return _read(keys, rows)


def agree(
    session: Session, keys: Keys, gemeente_id: int, proposal_id: str, today: date
) -> AgreedProposal:
    """Agree with a proposal for a gemeente. Who is the last makes the regio.

    Raises: NotYours; TooLate when the proposal does not fit any more to what there is.
    """
    # two who are the last at once would each see the other still missing
    in_turn = select(REGIO_CONSENT.c.gemeente_id).where(REGIO_CONSENT.c.proposal == proposal_id)
    session.execute(in_turn.order_by(REGIO_CONSENT.c.gemeente_id).with_for_update()).all()
    proposal_for(session, keys, gemeente_id, proposal_id, today)
    _sign(session, keys, _rows_of(session, proposal_id), gemeente_id)
    proposal = proposal_for(session, keys, gemeente_id, proposal_id, today)
    if not proposal.everybody_agreed:
        return AgreedProposal(proposal)
    moved = _carry_out(session, keys, proposal)
    _delete(session, proposal_id)
    return AgreedProposal(
        proposal, regios.regio_of_gemeente(session, keys, gemeente_id), tuple(moved)
    )


def end_proposal(
    session: Session, keys: Keys, gemeente_id: int, proposal_id: str, today: date
) -> Proposal:
    """End a proposal: one gemeente does not want it. Return it as it was.

    Raises: NotYours.
    """
    proposal = proposal_for(session, keys, gemeente_id, proposal_id, today)
    _delete(session, proposal_id)
    return proposal


def forget_proposals_with(session: Session, gemeente_id: int) -> None:
    """End every proposal with a gemeente in it, which leaves."""
    hers = select(REGIO_CONSENT.c.proposal).where(REGIO_CONSENT.c.gemeente_id == gemeente_id)
    for proposal_id in session.execute(hers).scalars().all():
        _delete(session, proposal_id)


def _carry_out(session: Session, keys: Keys, proposal: Proposal) -> list[MovedGemeente]:
    """Make or enlarge the regio with which everybody agreed."""
    if proposal.regio_id is None:
        if regios.is_taken(session, proposal.name):
            raise TooLate(
                f"Er is intussen al een regio {proposal.name}. Stel een andere naam voor."
            )
        return regios.make_regio(session, keys, proposal.name, proposal.gemeente_ids)
    line = _as_agreed(session, keys, proposal, proposal.regio_id)
    joined = []
    for gemeente_id in proposal.gemeente_ids:
        if gemeente_id not in line.gemeente_ids:
            joined.append(regios.put_in_regio(session, keys, gemeente_id, line.id))
    return joined


def _as_agreed(session: Session, keys: Keys, proposal: Proposal, regio_id: int) -> RegioLine:
    """Return the regio that grows. Raises: TooLate when somebody is in it who did not agree."""
    for line in regios.regios(session, keys):
        if line.id == regio_id and line.gemeente_ids.issubset(proposal.gemeente_ids):
            return line
    raise TooLate("In deze regio zitten intussen andere gemeenten. Stel het opnieuw voor.")


def _free_name(session: Session, typed: str) -> str:
    name = regios.clean_regio_name(typed)
    if regios.is_taken(session, name):
        raise WrongInput(f"Er is al een regio {name}. Kies een andere naam.", "naam")
    return name


def _others(session: Session, gemeente_id: int, typed: str) -> list[tuple[int, str]]:
    """Return the gemeenten that were typed, without the own one."""
    others = []
    names = []
    for line in filter(str.strip, clean_text(typed).splitlines()):
        other_id, name = _named(session, line.strip())
        if other_id != gemeente_id:
            others.append((other_id, name))
            names.append(name)
    if not others:
        raise WrongInput("Noem minstens één andere gemeente.", FIELD)
    regios.refuse_doubles(names, FIELD)
    return others


def _named(session: Session, typed: str) -> tuple[int, str]:
    row = regios.gemeente_named(session, typed)
    if row is None:
        raise WrongInput(
            f"Er is hier geen gemeente {typed}. Kijk of de naam klopt, of vraag wie de server "
            "beheert.",
            FIELD,
        )
    return row


def _refuse_members(others: Sequence[tuple[int, str]], members: set[int], regio: str) -> None:
    for id_, name in others:
        if id_ in members:
            raise WrongInput(f"{name} zit al in regio {regio}.", FIELD)


def _rows_of(session: Session, proposal_id: str) -> Sequence[Row[Any]]:
    return session.execute(_PARTIES.where(REGIO_CONSENT.c.proposal == proposal_id)).all()


def _read(keys: Keys, rows: Sequence[Row[Any]]) -> Proposal:
    parties = []
    for row in rows:
        agreed = row.agreed is not None and verify_mac(
            keys, row.agreed, *_fields(rows, row.gemeente_id)
        )
        parties.append(Party(row.gemeente_id, row.gemeente, agreed))
    first = rows[0]
    return Proposal(
        id=first.proposal,
        name=first.name,
        regio_id=first.regio_id,
        asked_by=first.asked_by,
        day=first.day,
        parties=tuple(by_name(parties, lambda party: party.name)),
    )


def _sign(session: Session, keys: Keys, rows: Sequence[Row[Any]], gemeente_id: int) -> None:
    hers = (
        REGIO_CONSENT.c.proposal == rows[0].proposal,
        REGIO_CONSENT.c.gemeente_id == gemeente_id,
    )
    signed = sign(keys, *_fields(rows, gemeente_id))
    session.execute(update(REGIO_CONSENT).where(*hers).values(agreed=signed))


def _fields(rows: Sequence[Row[Any]], gemeente_id: int) -> Fields:
    """Return what the MAC of one gemeente's agreement covers: every row of the proposal.

    A gemeente that SQL adds, renames or takes away makes all agreements void.
    """
    fields: list[str | int] = ["regio consent", gemeente_id]
    for row in sorted(rows, key=lambda row: row.gemeente_id):
        regio = "new" if row.regio_id is None else row.regio_id
        fields += [row.proposal, row.gemeente_id, row.name, regio, row.asked_by, str(row.day)]
    return tuple(fields)


def _delete(session: Session, proposal_id: str) -> None:
    session.execute(delete(REGIO_CONSENT).where(REGIO_CONSENT.c.proposal == proposal_id))


def _too_old(today: date) -> date:
    return today - timedelta(days=LASTS_DAYS)
