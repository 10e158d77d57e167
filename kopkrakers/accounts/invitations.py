"""Making links that let someone in: personal, by a mail of a team link, or for a new password."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, delete, func, select, update
from sqlmodel import Session

from kopkrakers.accounts import service, teams
from kopkrakers.accounts.chain.changes import ToBeSigned, record_invitations
from kopkrakers.accounts.models import (
    GEMEENTE,
    INVITATION,
    TEAM,
    USER,
    Invitation,
    InvitationEnd,
    InvitationKind,
    Role,
    Status,
)
from kopkrakers.accounts.places import check_invited
from kopkrakers.accounts.rules import AddressKeys, new_token, token_hash
from kopkrakers.base.errors import NotYours, TooLate, WrongInput
from kopkrakers.base.keys import Keys
from kopkrakers.base.paging import ListPage, rows_page
from kopkrakers.base.typed import by_name, differs_in_capitals_alone
from kopkrakers.privacy.rules import HANDED_INVITATIONS

LASTS = {
    InvitationKind.PERSONAL: timedelta(days=14),
    InvitationKind.ADDRESS: timedelta(hours=24),
    InvitationKind.RESET: timedelta(hours=24),
}
"""The time that a link works, by its kind."""
TAG_IS_NOTHING = (
    "Wat in een adres na de + staat, telt voor ons niet mee. "
    "Is dit iemand anders? Gebruik dan een ander adres."
)
TOO_MANY_HANDED = (
    f"Er staan al {HANDED_INVITATIONS} uitnodigingen open die niet gemaild zijn. Meer tegelijk kan "
    "niet: zo kan niemand in één keer accounts verzinnen. Wacht tot er een gebruikt is, of trek er "
    "een in bij Beheer."
)
PAGE = 20
"""Open invitations on a page."""
RESEARCH = frozenset({Role.ONDERZOEKER})
ONLY_RESEARCH = (
    "In een organisatie zijn alleen onderzoekers. Wie stemt of beheert, hoort bij een gemeente."
)
KEPT_FOR = timedelta(days=30)
"""The time that a link can still say why it does not work, after the day on which it expires."""
IS_OPEN_PERSONAL = (INVITATION.c.kind == InvitationKind.PERSONAL) & INVITATION.c.ended.is_(None)
"""The condition that a personal invitation was not used, replaced or withdrawn."""


@dataclass(frozen=True)
class OpenInvitation:
    """A personal invitation that nobody used yet."""

    id: int
    name: str
    email: str
    team: str | None
    expires_at: datetime
    unsent: bool
    refused: bool
    awaits_courier: bool
    has_left: bool


@dataclass(frozen=True)
class Invitee:
    """The person to invite.

    `roles` are checked already; `mailed`: the link goes to the address and nowhere else.
    """

    name: str
    address: str
    roles: frozenset[Role]
    team_id: int | None
    mailed: bool


# D-25
def invite(
    session: Session,
    gemeente_id: int,
    invitee: Invitee,
    *,
    now: datetime,
    keys: AddressKeys,
    row_keys: Keys,
) -> str:
    """Make a personal invitation and return its token, shown or mailed this once.

    An open one for the same address stops.
    Raises: WrongInput when the address has an account here, when too many links are open that
    were not mailed, when no place is left, or for a role that an organisation has not; NotYours
    for a team elsewhere.
    """
    if invitee.roles != RESEARCH and is_organisation(session, gemeente_id):
        raise WrongInput(ONLY_RESEARCH, "rollen")
    account = service.account_by_address(session, invitee.address, keys)
    is_here = account is not None and account.gemeente_id == gemeente_id
    if account is not None and is_here and account.status != Status.REMOVED:
        raise WrongInput(_has_account(account, invitee.address), "adres")
    if invitee.team_id is not None:
        teams.team(session, gemeente_id, invitee.team_id)
    invitation = Invitation(
        # `give_links` sets it, with the token
        token_hash="",
        kind=InvitationKind.PERSONAL,
        gemeente_id=gemeente_id,
        team_id=invitee.team_id,
        email=invitee.address,
        name=invitee.name,
        roles=",".join(sorted(invitee.roles)),
        expires_at=now + LASTS[InvitationKind.PERSONAL],
        mailed=invitee.mailed,
        unsent=invitee.mailed,
    )
    token = make(session, invitation, now=now, row_keys=row_keys)
    _check_number(session, gemeente_id, now, mailed=invitee.mailed)
    return token


# D-156
def is_organisation(session: Session, gemeente_id: int) -> bool:
    """Whether it is no municipality, but an organisation of researchers."""
    asked = select(GEMEENTE.c.is_organisation).where(GEMEENTE.c.id == gemeente_id)
    return bool(session.execute(asked).scalar_one())


def _check_number(session: Session, gemeente_id: int, now: datetime, *, mailed: bool) -> None:
    """Make sure that not too many people are invited.

    Asked once the new one is there: of two people who invite at once, one sees the other's.
    """
    check_invited(session, gemeente_id, now)
    if not mailed:
        _check_handed(session, gemeente_id, now)


def _check_handed(session: Session, gemeente_id: int, now: datetime) -> None:
    """Make sure that not too many links are open that anybody may have."""
    handed = select(func.count()).where(
        INVITATION.c.gemeente_id == gemeente_id,
        IS_OPEN_PERSONAL,
        INVITATION.c.mailed.is_(False),
        INVITATION.c.expires_at > now,
    )
    if int(session.execute(handed).scalar_one()) > HANDED_INVITATIONS:
        raise WrongInput(TOO_MANY_HANDED, "adres")


def _has_account(account: Row[Any], address: str) -> str:
    if differs_in_capitals_alone(account.email or "", address):
        return f"{account.name} heeft al een account. Zoek de naam op in de lijst."
    return f"{account.name} heeft al een account, met {account.email}. {TAG_IS_NOTHING}"


def waiting_for(
    session: Session, gemeente_id: int, address: str, now: datetime
) -> OpenInvitation | None:
    """Return the open personal invitation that a new one for this address replaces."""
    is_for = service.same_address(INVITATION.c.email, address)
    row = session.execute(_still_open(gemeente_id, now).where(is_for)).first()
    if row is None:
        return None
    return _open_invitation(row)


def replaced_sentence(waiting: OpenInvitation | None, address: str) -> str:
    """Return what to say of the invitation that was replaced; empty when there was none."""
    if waiting is None:
        return ""
    sentence = f"De eerdere uitnodiging voor {waiting.name} ({waiting.email}) werkt niet meer."
    same = differs_in_capitals_alone(waiting.email, address)
    if same:
        return sentence
    return f"{sentence} {TAG_IS_NOTHING}"


def replace_password(
    session: Session, gemeente_id: int, user_id: int, *, now: datetime, mailed: bool, row_keys: Keys
) -> str:
    """Make an invitation to choose a new password, and return its token.

    The old password works until it is used.
    Raises: NotYours; TooLate for a blocked account.
    """
    account = session.execute(select(USER).where(USER.c.id == user_id)).first()
    if account is None or account.gemeente_id != gemeente_id or account.status == Status.REMOVED:
        raise NotYours
    if account.status == Status.BLOCKED:
        raise TooLate("Dit account staat stil. Zet het eerst weer aan.")
    reset = reset_for(account, now=now, mailed=mailed)
    return make(session, reset, now=now, row_keys=row_keys)


def invite_by_team_link(
    session: Session, team: teams.LinkedTeam, address: str, *, now: datetime, row_keys: Keys
) -> str:
    """Make an invitation for an address that came by a team link, and return its token to mail.

    Whoever can read the mail has proved the address.
    """
    invitation = Invitation(
        token_hash="",
        kind=InvitationKind.ADDRESS,
        gemeente_id=team.gemeente_id,
        team_id=team.team_id,
        email=address,
        roles=Role.KLANTMANAGER,
        expires_at=now + LASTS[InvitationKind.ADDRESS],
        mailed=True,
    )
    return make(session, invitation, now=now, row_keys=row_keys)


def reset_by_mail(
    session: Session, address: str, *, now: datetime, keys: AddressKeys, row_keys: Keys
) -> tuple[str, str] | None:
    """Return a token for a new password and the address to mail it to; None for nobody active.

    The mail goes to the address of the account, not to what was typed: see `service.mailbox_of`.
    """
    account = service.account_by_address(session, address, keys)
    if account is None or account.status != Status.ACTIVE:
        return None
    reset = reset_for(account, now=now, mailed=True)
    token = make(session, reset, now=now, row_keys=row_keys)
    return token, account.email or address


def reset_for(account: Row[Any], *, now: datetime, mailed: bool) -> Invitation:
    """Return the invitation that replaces the password of an account.

    One that is handed over works as long as any personal invitation.
    """
    # handed over by a beheerder it may take days to arrive, so it lasts as an invitation does
    kind = InvitationKind.PERSONAL
    if mailed:
        kind = InvitationKind.RESET
    return Invitation(
        token_hash="",
        kind=InvitationKind.RESET,
        gemeente_id=account.gemeente_id,
        email=account.email,
        name=account.name,
        expires_at=now + LASTS[kind],
        mailed=mailed,
    )


def open_invitations(session: Session, gemeente_id: int, now: datetime) -> list[OpenInvitation]:
    """Return the personal invitations that still wait, by name."""
    waiting = list(map(_open_invitation, session.execute(_still_open(gemeente_id, now))))
    return by_name(waiting, lambda invitation: invitation.name)


# D-162
def invitations_page(
    session: Session, gemeente_id: int, now: datetime, number: int
) -> ListPage[OpenInvitation]:
    """Return a page of the personal invitations that still wait, the newest first.

    Before those stand the ones whose mail perhaps never left. Of a number without a page: the
    nearest there is.
    """
    waiting = _still_open(gemeente_id, now)
    in_order = waiting.order_by(INVITATION.c.unsent.desc(), INVITATION.c.id.desc())
    return rows_page(session, in_order, number, PAGE).each(_open_invitation)


def open_invitation(
    session: Session, gemeente_id: int, invitation_id: int | None, now: datetime
) -> OpenInvitation | None:
    """Return an invitation of this gemeente by its id, if it still waits."""
    asked = _still_open(gemeente_id, now).where(INVITATION.c.id == invitation_id)
    row = session.execute(asked).first()
    if row is None:
        return None
    return _open_invitation(row)


def _still_open(gemeente_id: int, now: datetime) -> Select[Any]:
    return (
        select(INVITATION, TEAM.c.name.label("team"))
        .outerjoin(TEAM, TEAM.c.id == INVITATION.c.team_id)
        .where(
            INVITATION.c.gemeente_id == gemeente_id,
            IS_OPEN_PERSONAL,
            INVITATION.c.expires_at > now,
        )
    )


def _open_invitation(row: Row[Any]) -> OpenInvitation:
    name, address = row.name or "", row.email or ""
    return OpenInvitation(
        id=row.id,
        name=name,
        email=address,
        team=row.team,
        expires_at=row.expires_at,
        unsent=row.unsent,
        refused=row.refused,
        awaits_courier=row.awaits_courier,
        has_left=row.mailed and not (row.unsent or row.refused or row.awaits_courier),
    )


def mail_left(session: Session, token: str) -> None:
    """Write down that the mail server took the mail with this link."""
    taken = update(INVITATION).where(INVITATION.c.token_hash == token_hash(token))
    session.execute(taken.values(unsent=False))


def mail_refused(session: Session, token: str) -> None:
    """Write down that the mail server will never take the mail with this link for its address."""
    refused = update(INVITATION).where(
        INVITATION.c.token_hash == token_hash(token), IS_OPEN_PERSONAL
    )
    session.execute(refused.values(refused=True))


def id_of_link(session: Session, token: str) -> int:
    """Return the id of the invitation with this link."""
    of_link = select(INVITATION.c.id).where(INVITATION.c.token_hash == token_hash(token))
    return int(session.execute(of_link).scalar_one())


def withdraw_invitation(
    session: Session, gemeente_id: int, invitation_id: int, now: datetime
) -> OpenInvitation:
    """End an open invitation of this gemeente, and return what it was.

    Raises: NotYours for any other.
    """
    waiting = open_invitation(session, gemeente_id, invitation_id, now)
    this = (INVITATION.c.id == invitation_id, INVITATION.c.gemeente_id == gemeente_id)
    withdrawn = service.end_links(session, InvitationEnd.WITHDRAWN, *this, IS_OPEN_PERSONAL)
    if waiting is None or withdrawn != 1:
        raise NotYours
    return waiting


def make(session: Session, invitation: Invitation, *, now: datetime, row_keys: Keys) -> str:
    """Keep a new invitation and return its token.

    It replaces an open one of its kind for the same address.
    """
    clear_expired(session, now)
    service.end_links(
        session,
        InvitationEnd.REPLACED,
        service.same_address(INVITATION.c.email, invitation.email or ""),
        INVITATION.c.gemeente_id == invitation.gemeente_id,
        INVITATION.c.kind == invitation.kind,
    )
    return keep_beside(session, invitation, row_keys)


def keep_beside(session: Session, invitation: Invitation, row_keys: Keys) -> str:
    """Keep a new invitation beside those that are open, and return its token."""
    (token,) = give_links(session, [invitation], row_keys)
    session.add(invitation)
    session.flush()
    return token


def clear_expired(session: Session, now: datetime) -> None:
    """Delete links that say nothing to anybody any more.

    Done whenever one is made, so that no job of the night has to know of links.
    """
    session.execute(delete(INVITATION).where(INVITATION.c.expires_at < now - KEPT_FOR))


def give_links(session: Session, made: Sequence[ToBeSigned], row_keys: Keys) -> list[str]:
    """Give each a link, of which it has the hash, and sign it. Return their tokens, in order."""
    tokens = [new_token() for _ in made]
    for invitation, token in zip(made, tokens, strict=True):
        invitation.token_hash = token_hash(token)
    # the MAC covers the hash of the token, so it comes after that and before the row
    record_invitations(session, row_keys, made)
    return tokens
