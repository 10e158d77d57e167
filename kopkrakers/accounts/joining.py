"""Using a link: look what it offers, take it once, and begin, join or choose a new password."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from kopkrakers.accounts import service
from kopkrakers.accounts.models import Gemeente, Invitation, Kind, Status, Team, User
from kopkrakers.accounts.rules import (
    NOT_THIS_WAY,
    AddressKeys,
    Step,
    address_marks,
    step_for,
    token_hash,
)
from kopkrakers.accounts.service import change, id_of
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.base.errors import NotYours, TooLate

UNKNOWN = (
    "Deze link kennen we niet. Kijk of je het hele adres hebt, of vraag de beheerder om een nieuwe."
)
USED = "Deze link is al gebruikt. Heb jij dat gedaan? Log dan in. Anders: vraag de beheerder om een nieuwe."
EXPIRED = "Deze link is verlopen. Vraag om een nieuwe, of vraag zelf een nieuw wachtwoord aan."


@dataclass(frozen=True)
class Offer:
    """An open invitation, and the step it leads to. `user_id` is the account that its address has, if any."""

    step: Step
    kind: str
    gemeente_id: int
    gemeente: str
    team_id: int | None
    team: str | None
    email: str
    name: str
    roles: tuple[str, ...]
    user_id: int | None


@dataclass(frozen=True)
class Doors:
    """What deciding on a link needs to know of the installation."""

    keys: AddressKeys
    sends_mail: bool


def look(session: Session, token: str, *, now: datetime, doors: Doors) -> Offer:
    """What a link offers, without using it: mail programs open links before people do.

    Raises: NotYours when unknown, TooLate when used, expired or leading nowhere, NotAllowed when blocked.
    """
    found = session.execute(
        select(Invitation, col(Gemeente.name), col(Team.name))
        .join(Gemeente, col(Gemeente.id) == Invitation.gemeente_id)
        .outerjoin(Team, col(Team.id) == Invitation.team_id)
        .where(col(Invitation.token_hash) == token_hash(token))
    ).first()
    if found is None:
        raise NotYours(UNKNOWN)
    invitation, gemeente, team = found
    if invitation.used:
        raise TooLate(USED)
    if invitation.expires_at <= now:
        raise TooLate(EXPIRED)
    return _offer(session, invitation, gemeente, team, doors)


def _offer(
    session: Session, invitation: Invitation, gemeente: str, team: str | None, doors: Doors
) -> Offer:
    email = invitation.email or ""
    person = service.user_by_address(session, email, doors.keys)
    step = step_for(
        invitation.kind,
        status=person.status if person else None,
        sure_of_bearer=invitation.mailed or not doors.sends_mail,
        same_gemeente=person is not None and person.gemeente_id == invitation.gemeente_id,
        to_team=invitation.team_id is not None,
    )
    return Offer(
        step=step,
        kind=invitation.kind,
        gemeente_id=invitation.gemeente_id,
        gemeente=gemeente,
        team_id=invitation.team_id,
        team=team,
        email=(person.email if person else None) or email,
        name=(person.name if person else None) or invitation.name or "",
        roles=tuple(filter(None, invitation.roles.split(","))),
        user_id=id_of(person) if person else None,
    )


def take(session: Session, token: str, step: Step, *, now: datetime, doors: Doors) -> Offer:
    """Use a link for a step; of two who try at once, one succeeds.

    Raises: as `look`; TooLate too when the link now leads to another step.
    """
    offer = look(session, token, now=now, doors=doors)
    used = change(
        session,
        update(Invitation)
        .where(
            col(Invitation.token_hash) == token_hash(token),
            col(Invitation.used).is_(False),
            col(Invitation.expires_at) > now,
        )
        .values(used=True, email=None, name=None),
    )
    if used != 1:
        raise TooLate(USED)
    if offer.step is not step:
        raise TooLate(NOT_THIS_WAY)
    return offer


def begin_account(
    session: Session, token: str, *, name: str, password_hash: str, now: datetime, doors: Doors
) -> Visitor:
    """Use a link to make an account, or to give it back to who had it before.

    Raises: as `take`; TooLate when another invitation of the same address was faster.
    """
    offer = take(session, token, Step.BEGIN, now=now, doors=doors)
    fresh = {
        "gemeente_id": offer.gemeente_id,
        "email": offer.email,
        "name": name,
        "password_hash": password_hash,
        "status": Status.ACTIVE,
        "address_proved": True,
        "address_hmac": address_marks(offer.email, doors.keys)[0],
    }
    user_id = (
        _return_to(session, offer.user_id, fresh) if offer.user_id else _new_user(session, fresh)
    )
    service.give_roles(session, user_id, offer.roles)
    if offer.team_id is not None:
        service.put_in_team(session, user_id, offer.team_id)
    return service.visitor_of(session, user_id)


def _new_user(session: Session, fresh: dict[str, Any]) -> int:
    user = User.model_validate(fresh)
    session.add(user)
    try:
        session.flush()
    except IntegrityError:
        raise TooLate("Je account is net al gemaakt. Log in.") from None
    return id_of(user)


def _return_to(session: Session, user_id: int, fresh: dict[str, Any]) -> int:
    gone = update(User).where(col(User.id) == user_id, col(User.status) == Status.REMOVED)
    if change(session, gone.values(**fresh, generation=User.generation + 1)) != 1:
        raise TooLate("Je account is net al gemaakt. Log in.")
    return user_id


def join_team(session: Session, token: str, *, now: datetime, doors: Doors) -> str:
    """Use a link to let who already has an account into a team; the team's name.

    Raises: as `take`.
    """
    offer = take(session, token, Step.JOIN_TEAM, now=now, doors=doors)
    if offer.user_id is None or offer.team_id is None:
        raise TooLate(NOT_THIS_WAY)
    service.put_in_team(session, offer.user_id, offer.team_id)
    return offer.team or ""


def choose_password(
    session: Session, token: str, password_hash: str, *, now: datetime, doors: Doors
) -> Visitor:
    """Use a link to give an account a new password; every session and every other such link ends.

    Raises: as `take`; TooLate when the account is no longer active.
    """
    offer = take(session, token, Step.CHOOSE_PASSWORD, now=now, doors=doors)
    others = delete(Invitation).where(
        service.same_address(Invitation.email, offer.email),
        col(Invitation.kind) == Kind.RESET,
    )
    session.execute(others)
    active = update(User).where(col(User.id) == offer.user_id, col(User.status) == Status.ACTIVE)
    values = {
        "password_hash": password_hash,
        "address_proved": True,
        "generation": User.generation + 1,
    }
    if offer.user_id is None or change(session, active.values(**values)) != 1:
        raise TooLate(NOT_THIS_WAY)
    return service.visitor_of(session, offer.user_id)
