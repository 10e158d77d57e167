"""Using a link: inspect it, redeem it once, and begin, join a team or choose a new password."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from kopkrakers.accounts import invitations, service
from kopkrakers.accounts.chain.changes import begin_change, changing, record_change
from kopkrakers.accounts.chain.signing import invitation_holds
from kopkrakers.accounts.models import (
    GEMEENTE,
    INVITATION,
    TEAM,
    USER,
    Change,
    Invitation,
    InvitationEnd,
    InvitationKind,
    Status,
    User,
)
from kopkrakers.accounts.places import check_place
from kopkrakers.accounts.rules import (
    NOT_THIS_WAY,
    AddressKeys,
    LinkStep,
    address_pseudonyms,
    step_for,
    token_hash,
)
from kopkrakers.accounts.service import id_of
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.base.db import changed
from kopkrakers.base.errors import NotAllowed, NotYours, TooLate, WayOn
from kopkrakers.base.keys import Keys
from kopkrakers.base.typed import fold

UNKNOWN = (
    "Deze link kennen we niet. Kijk of je het hele adres hebt, of vraag de beheerder om een nieuwe."
)
ENDED = {
    InvitationEnd.USED: (
        "Deze link is al gebruikt. Heb jij dat gedaan? Log dan in. "
        "Anders: vraag de beheerder om een nieuwe."
    ),
    InvitationEnd.REPLACED: (
        "Deze link is vervangen door een nieuwere. "
        "Gebruik de link in de nieuwste mail, of op het nieuwste papier."
    ),
    InvitationEnd.WITHDRAWN: (
        "Deze link is ingetrokken. Vraag de beheerder van je gemeente om een nieuwe."
    ),
}
EXPIRED = {
    InvitationKind.PERSONAL: "Deze link is verlopen. Vraag de beheerder om een nieuwe.",
    InvitationKind.ADDRESS: (
        "Deze link is verlopen. Open de teamlink opnieuw: dan mailen we je een nieuwe."
    ),
    InvitationKind.RESET: "Deze link is verlopen. Vraag een nieuw wachtwoord aan.",
}
FORGED = (
    "Deze uitnodiging is buiten Kopkrakers om gemaakt of veranderd. Ze werkt niet. "
    "Vraag de beheerder om een nieuwe."
)
TAKEN = (
    "Met dit adres is al een account, of het is net gemaakt. Is het van jou? Log dan in. Werkte je "
    "eerst bij een andere gemeente? Log in, verwijder dat account bij Account, en open deze link "
    "opnieuw. Lukt inloggen niet? Vraag de beheerder van je gemeente van toen."
)
FASTER = "Je account is net al gemaakt. Log in."


@dataclass(frozen=True)
class Offer:
    """An open invitation, and the step it leads to.

    `user_id` is the account that its address has; None when there is none, and for a printed
    invitation, which anybody may hold. `mailed`: the link proves the address.
    """

    step: LinkStep
    kind: str
    gemeente_id: int
    gemeente: str
    team_id: int | None
    team: str | None
    email: str
    name: str
    roles: tuple[str, ...]
    user_id: int | None
    mailed: bool


@dataclass(frozen=True)
class Place:
    """The roles and the team with which somebody begins."""

    roles: tuple[str, ...]
    team_id: int | None


@dataclass(frozen=True)
class LinkContext:
    """The settings of the installation on which the step of a link depends.

    `row_keys` sign the account that a link makes.
    """

    keys: AddressKeys
    row_keys: Keys
    sends_mail: bool


def inspect(session: Session, token: str, *, now: datetime, context: LinkContext) -> Offer:
    """Return what a link offers, without using it: mail programs open links before people do.

    Raises: NotYours when unknown, TooLate when used, expired or leading nowhere, NotAllowed when
    blocked, or when somebody made or altered the invitation outside the product.
    """
    invitation = session.execute(
        select(INVITATION, GEMEENTE.c.name.label("gemeente"), TEAM.c.name.label("team"))
        .join(GEMEENTE, GEMEENTE.c.id == INVITATION.c.gemeente_id)
        .outerjoin(TEAM, TEAM.c.id == INVITATION.c.team_id)
        .where(INVITATION.c.token_hash == token_hash(token))
    ).first()
    if invitation is None:
        raise NotYours(UNKNOWN)
    if invitation.ended is not None or invitation.expires_at <= now:
        raise TooLate(_why_over(invitation), *_ways_on(invitation, context))
    if not invitation_holds(context.row_keys, invitation):
        raise NotAllowed(FORGED)
    return _offer(session, invitation, context)


def _why_over(invitation: Row[Any]) -> str:
    """Return why a link does not work any more: how it ended, else that it is too old."""
    if invitation.ended is None:
        return EXPIRED[InvitationKind(invitation.kind)]
    return ENDED[InvitationEnd(invitation.ended)]


def _ways_on(invitation: Row[Any], context: LinkContext) -> tuple[WayOn, ...]:
    is_reset = invitation.kind == InvitationKind.RESET
    if is_reset and context.sends_mail:
        return (WayOn.SIGN_IN, WayOn.NEW_PASSWORD)
    # what was withdrawn or never used made no account
    has_account = is_reset or invitation.ended == InvitationEnd.USED
    if has_account:
        return (WayOn.SIGN_IN,)
    return ()


def _offer(session: Session, invitation: Row[Any], context: LinkContext) -> Offer:
    email = invitation.email or ""
    account = service.account_by_address(session, email, context.keys)
    step = step_for(
        invitation.kind,
        status=account.status if account else None,
        mailed=invitation.mailed,
        sends_mail=context.sends_mail,
        same_gemeente=account is not None and account.gemeente_id == invitation.gemeente_id,
        to_team=invitation.team_id is not None,
    )
    # of a printed invitation nothing may show that depends on an account: D-180
    is_told = invitation.mailed or invitation.kind == InvitationKind.RESET
    if not is_told:
        account = None
    return Offer(
        step=step,
        kind=invitation.kind,
        gemeente_id=invitation.gemeente_id,
        gemeente=invitation.gemeente,
        team_id=invitation.team_id,
        team=invitation.team,
        email=email,
        name=(account.name if account else None) or invitation.name or "",
        roles=tuple(filter(None, invitation.roles.split(","))),
        user_id=account.id if account else None,
        mailed=invitation.mailed,
    )


def redeem(
    session: Session, token: str, step: LinkStep, *, now: datetime, context: LinkContext
) -> Offer:
    """Use a link for a step; of two people who try at once, one succeeds.

    Raises: as `inspect`; TooLate too when the link now leads to another step.
    """
    # read in here again: what it offers may have changed since the page was made
    offer = inspect(session, token, now=now, context=context)
    ended = service.end_links(
        session,
        InvitationEnd.USED,
        INVITATION.c.token_hash == token_hash(token),
        INVITATION.c.expires_at > now,
    )
    if ended != 1:
        raise TooLate(ENDED[InvitationEnd.USED], WayOn.SIGN_IN)
    if offer.step is not step:
        raise TooLate(NOT_THIS_WAY)
    return offer


def mail_for_printed(session: Session, printed: str, *, now: datetime, row_keys: Keys) -> str:
    """Make the invitation to mail to whoever holds a printed one, and return its token.

    The printed one works on until the mail has left: see `printed_was_mailed`.
    """
    row = session.execute(
        select(INVITATION).where(INVITATION.c.token_hash == token_hash(printed))
    ).one()
    # of two who send the form of one page, the last gets the link that works
    service.end_links(
        session,
        InvitationEnd.REPLACED,
        service.same_address(INVITATION.c.email, row.email),
        INVITATION.c.gemeente_id == row.gemeente_id,
        invitations.IS_OPEN_PERSONAL,
        INVITATION.c.mailed.is_(True),
    )
    invitation = Invitation(
        token_hash="",
        kind=row.kind,
        gemeente_id=row.gemeente_id,
        team_id=row.team_id,
        email=row.email,
        name=row.name,
        roles=row.roles,
        expires_at=now + invitations.LASTS[InvitationKind.PERSONAL],
        mailed=True,
        unsent=True,
    )
    return invitations.keep_beside(session, invitation, row_keys)


def printed_was_mailed(session: Session, printed: str, mailed: str) -> None:
    """Write down that the mail left that follows a printed invitation, which then stops."""
    service.end_links(
        session, InvitationEnd.REPLACED, INVITATION.c.token_hash == token_hash(printed)
    )
    invitations.mail_left(session, mailed)


def take_back_mailed(session: Session, mailed: str) -> None:
    """End the invitation whose mail did not leave, so that the printed one is the only one."""
    service.end_links(
        session, InvitationEnd.WITHDRAWN, INVITATION.c.token_hash == token_hash(mailed)
    )


def begin_account(
    session: Session,
    token: str,
    *,
    name: str,
    password_hash: str,
    now: datetime,
    context: LinkContext,
) -> Visitor:
    """Use a link to make an account, or to give it back to its earlier owner.

    Raises: as `redeem`; TooLate when the address has an account, in the same words wherever it is
    and whether it is blocked or not.
    """
    offer = redeem(session, token, LinkStep.BEGIN, now=now, context=context)
    account = service.account_by_address(session, offer.email, context.keys)
    if account is not None and account.status != Status.REMOVED:
        raise TooLate(TAKEN, WayOn.SIGN_IN)
    values = {
        "gemeente_id": offer.gemeente_id,
        "email": offer.email,
        "name": name,
        "password_hash": password_hash,
        "status": Status.ACTIVE,
        # the mail went to that address, so whoever has the link reads its mailbox
        "address_proved": offer.mailed,
        "since": amsterdam_day(now),
        "address_hmac": address_pseudonyms(offer.email, context.keys)[0],
    }
    place = Place(offer.roles, offer.team_id)
    former = None if account is None else int(account.id)
    user_id = make_account(session, former, values, place, context.row_keys)
    return service.visitor_of(session, user_id, context.row_keys)


def make_account(
    session: Session, former: int | None, values: dict[str, Any], place: Place, row_keys: Keys
) -> int:
    """Make an account, or give a removed one back to its earlier owner. Return its id.

    Raises: TooLate when the same address just got one, or when no place is left.
    """
    begin_change(session)
    check_place(session, values["gemeente_id"])
    if former is not None:
        with changing(session, row_keys, former, Change.MADE):
            _give_back(session, former, values)
            _put(session, former, place)
        return former
    user = User.model_validate(values)
    session.add(user)
    try:
        session.flush()
    # the same link in two tabs: the address is unique, so one of them makes the account
    except IntegrityError:
        raise TooLate(FASTER, WayOn.SIGN_IN) from None
    user_id = id_of(user)
    _put(session, user_id, place)
    record_change(session, row_keys, [user_id], Change.MADE)
    return user_id


def _put(session: Session, user_id: int, place: Place) -> None:
    service.give_roles(session, user_id, place.roles)
    if place.team_id is not None:
        service.put_in_team(session, user_id, place.team_id)


def _give_back(session: Session, user_id: int, values: dict[str, Any]) -> None:
    statement = update(USER).where(USER.c.id == user_id, USER.c.status == Status.REMOVED)
    values = values | {
        "sort_name": fold(values["name"]),
        "generation": USER.c.generation + 1,
    }
    if changed(session.execute(statement.values(values))) != 1:
        raise TooLate(FASTER, WayOn.SIGN_IN)


def join_team(session: Session, token: str, *, now: datetime, context: LinkContext) -> str:
    """Use a link to add the owner of an account to a team, and return the team's name.

    Raises: as `redeem`.
    """
    offer = redeem(session, token, LinkStep.JOIN_TEAM, now=now, context=context)
    if offer.user_id is None or offer.team_id is None:
        raise TooLate(NOT_THIS_WAY)
    with changing(session, context.row_keys, offer.user_id, Change.TEAMS):
        service.put_in_team(session, offer.user_id, offer.team_id)
    return offer.team or ""


def choose_password(
    session: Session, token: str, password_hash: str, *, now: datetime, context: LinkContext
) -> Visitor:
    """Use a link to give an account a new password; every session and other such link ends.

    Raises: as `redeem`; TooLate when the account is no longer active.
    """
    offer = redeem(session, token, LinkStep.CHOOSE_PASSWORD, now=now, context=context)
    service.end_links(
        session,
        InvitationEnd.REPLACED,
        service.same_address(INVITATION.c.email, offer.email),
        INVITATION.c.kind == InvitationKind.RESET,
    )
    statement = update(USER).where(USER.c.id == offer.user_id, USER.c.status == Status.ACTIVE)
    values: dict[str, Any] = {"password_hash": password_hash, "generation": USER.c.generation + 1}
    if offer.mailed:
        values["address_proved"] = True
    if offer.user_id is None:
        raise TooLate(NOT_THIS_WAY)
    # who used a link of a mail showed that the mailbox is theirs
    change = Change.PASSWORD
    if offer.mailed:
        change = Change.PROVED
    with changing(session, context.row_keys, offer.user_id, change):
        if changed(session.execute(statement.values(values))) != 1:
            raise TooLate(NOT_THIS_WAY)
    return service.visitor_of(session, offer.user_id, context.row_keys)
