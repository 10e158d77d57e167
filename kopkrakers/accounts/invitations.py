"""Making links that let someone in: personal, by a team link's mail, or for a new password."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlmodel import Session, col

from kopkrakers.accounts import service, teams
from kopkrakers.accounts.models import Invitation, Kind, Role, Status, Team, User
from kopkrakers.accounts.rules import AddressKeys, new_token, token_hash
from kopkrakers.accounts.service import id_of
from kopkrakers.base.db import changed
from kopkrakers.base.errors import NotYours, TooLate, WrongInput
from kopkrakers.base.typed import by_name, canonical_address

LASTS = {
    Kind.PERSONAL: timedelta(days=14),
    Kind.ADDRESS: timedelta(hours=24),
    Kind.RESET: timedelta(hours=24),
}
"""How long a link works."""
TAG_IS_NOTHING = (
    "Wat in een adres na de + staat, telt voor ons niet mee. "
    "Is dit iemand anders? Gebruik dan een ander adres."
)
KEPT_FOR = timedelta(days=30)
"""How long an expired link can still tell that it has expired."""


@dataclass(frozen=True)
class OpenInvitation:
    """A personal invitation that nobody used yet."""

    id: int
    name: str
    email: str
    team: str | None
    expires_at: datetime


@dataclass(frozen=True)
class Guest:
    """Whom to invite. `roles` are checked already; `mailed`: the link goes to the address and nowhere else."""

    name: str
    address: str
    roles: frozenset[Role]
    team_id: int | None
    mailed: bool


def invite(
    session: Session, gemeente_id: int, guest: Guest, *, now: datetime, keys: AddressKeys
) -> str:
    """A personal invitation; its token, shown or mailed this once. One that waited for this address stops.

    Raises: WrongInput when the address has an account here; NotYours for a team elsewhere.
    """
    known = service.user_by_address(session, guest.address, keys)
    if known is not None and known.gemeente_id == gemeente_id and known.status != Status.REMOVED:
        raise WrongInput(_has_account(known, guest.address), "adres")
    if guest.team_id is not None:
        teams.team(session, gemeente_id, guest.team_id)
    invitation = Invitation(
        token_hash="",
        kind=Kind.PERSONAL,
        gemeente_id=gemeente_id,
        team_id=guest.team_id,
        email=guest.address,
        name=guest.name,
        roles=",".join(sorted(guest.roles)),
        expires_at=now + LASTS[Kind.PERSONAL],
        mailed=guest.mailed,
    )
    return make(session, invitation, now=now)


def _has_account(known: User, address: str) -> str:
    if (known.email or "").lower() == address.lower():
        return f"{known.name} heeft al een account. Zoek de naam op in de lijst."
    return f"{known.name} heeft al een account, met {known.email}. {TAG_IS_NOTHING}"


def waiting_for(
    session: Session, gemeente_id: int, address: str, now: datetime
) -> OpenInvitation | None:
    """Return the open personal invitation that a new one for this address replaces."""
    for waiting in open_invitations(session, gemeente_id, now):
        if canonical_address(waiting.email) == canonical_address(address):
            return waiting
    return None


def replaced_sentence(waiting: OpenInvitation | None, address: str) -> str:
    """Return what to tell about the invitation that was replaced; empty when there was none."""
    if waiting is None:
        return ""
    sentence = f"De eerdere uitnodiging voor {waiting.name} ({waiting.email}) werkt niet meer."
    same = waiting.email.lower() == address.lower()
    return sentence if same else f"{sentence} {TAG_IS_NOTHING}"


def replace_password(
    session: Session, gemeente_id: int, user_id: int, *, now: datetime, mailed: bool
) -> str:
    """A replacing invitation for who cannot sign in any more; its token. The old password works until it is used.

    Raises: NotYours; TooLate for a blocked account.
    """
    found = session.get(User, user_id)
    if found is None or found.gemeente_id != gemeente_id or found.status == Status.REMOVED:
        raise NotYours
    if found.status == Status.BLOCKED:
        raise TooLate("Dit account staat stil. Zet het eerst weer aan.")
    return make(session, reset_for(found, now=now, mailed=mailed), now=now)


def knock(session: Session, at: teams.Door, address: str, *, now: datetime) -> str:
    """A token to mail to an address that came by a team link; who can read it has proved the address."""
    return make(
        session,
        Invitation(
            token_hash="",
            kind=Kind.ADDRESS,
            gemeente_id=at.gemeente_id,
            team_id=at.team_id,
            email=address,
            roles=Role.KLANTMANAGER,
            expires_at=now + LASTS[Kind.ADDRESS],
            mailed=True,
        ),
        now=now,
    )


def reset_by_mail(
    session: Session, address: str, *, now: datetime, keys: AddressKeys
) -> tuple[str, str] | None:
    """Return a token for a new password and the address to mail it to; None for nobody active.

    The mail goes to the address of the account, not to what was typed: see `service.mailbox_of`.
    """
    person = service.user_by_address(session, address, keys)
    if person is None or person.status != Status.ACTIVE:
        return None
    return make(session, reset_for(person, now=now, mailed=True), now=now), person.email or address


def reset_for(person: User, *, now: datetime, mailed: bool) -> Invitation:
    """The invitation that replaces someone's password; by hand it may take as long as any invitation."""
    return Invitation(
        token_hash="",
        kind=Kind.RESET,
        gemeente_id=person.gemeente_id,
        email=person.email,
        name=person.name,
        expires_at=now + LASTS[Kind.RESET if mailed else Kind.PERSONAL],
        mailed=mailed,
    )


def open_invitations(session: Session, gemeente_id: int, now: datetime) -> list[OpenInvitation]:
    """Personal invitations that still wait, by name."""
    rows = session.execute(
        select(Invitation, col(Team.name))
        .outerjoin(Team, col(Team.id) == Invitation.team_id)
        .where(
            col(Invitation.gemeente_id) == gemeente_id,
            col(Invitation.kind) == Kind.PERSONAL,
            col(Invitation.used).is_(False),
            col(Invitation.expires_at) > now,
        )
        .order_by(col(Invitation.id))
    ).all()
    waiting = [
        OpenInvitation(id_of(i), i.name or "", i.email or "", name, i.expires_at)
        for i, name in rows
    ]
    return by_name(waiting, lambda invitation: invitation.name)


def withdraw_invitation(session: Session, gemeente_id: int, invitation_id: int) -> None:
    """Make an open invitation of this gemeente worthless.

    Raises: NotYours for any other.
    """
    own = (
        delete(Invitation)
        .where(col(Invitation.id) == invitation_id, col(Invitation.gemeente_id) == gemeente_id)
        .where(col(Invitation.kind) == Kind.PERSONAL, col(Invitation.used).is_(False))
    )
    if changed(session.execute(own)) != 1:
        raise NotYours


def make(session: Session, invitation: Invitation, *, now: datetime) -> str:
    """Keep a new invitation, in the place of an open one of its kind for the same address; its token."""
    session.execute(delete(Invitation).where(col(Invitation.expires_at) < now - KEPT_FOR))
    session.execute(
        delete(Invitation).where(
            service.same_address(Invitation.email, invitation.email or ""),
            col(Invitation.gemeente_id) == invitation.gemeente_id,
            col(Invitation.kind) == invitation.kind,
            col(Invitation.used).is_(False),
        )
    )
    token = new_token()
    invitation.token_hash = token_hash(token)
    session.add(invitation)
    session.flush()
    return token
