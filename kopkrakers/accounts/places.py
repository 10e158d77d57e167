"""How many accounts a gemeente may have, for a supplier who serves many; without a number any."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session

from kopkrakers.accounts.models import GEMEENTE, INVITATION, USER, InvitationKind, Status
from kopkrakers.base.errors import TooLate, WrongInput

FULL = (
    "Alle plaatsen zijn bezet: {gemeente} heeft er {most}, met {accounts} accounts en {waiting} "
    "open uitnodigingen. Trek een uitnodiging in, verwijder een account, of vraag om meer plaatsen "
    "bij wie de server beheert."
)
NO_PLACE = (
    "Bij {gemeente} zijn alle plaatsen bezet. Vraag de beheerder van je gemeente om een plaats. "
    "Probeer het daarna nog een keer."
)


@dataclass(frozen=True)
class Places:
    """The places of a gemeente that has a number of them. `waiting`: open invitations."""

    gemeente: str
    most: int
    accounts: int
    waiting: int


def places_of(session: Session, gemeente_id: int, now: datetime | None = None) -> Places | None:
    """Return how many places are taken; None where there may be any number of accounts.

    `now`: of invitations, which are not looked up without it.
    """
    gemeente = select(GEMEENTE.c.name, GEMEENTE.c.places).where(GEMEENTE.c.id == gemeente_id)
    row = session.execute(gemeente).one()
    if row.places is None:
        return None
    active = select(func.count()).where(
        USER.c.gemeente_id == gemeente_id, USER.c.status == Status.ACTIVE
    )
    accounts, waiting = int(session.execute(active).scalar_one()), 0
    if now is not None:
        still_open = select(func.count()).where(
            INVITATION.c.gemeente_id == gemeente_id,
            INVITATION.c.kind == InvitationKind.PERSONAL,
            INVITATION.c.ended.is_(None),
            INVITATION.c.expires_at > now,
        )
        waiting = int(session.execute(still_open).scalar_one())
    return Places(row.name, row.places, accounts, waiting)


def check_invited(session: Session, gemeente_id: int, now: datetime, more: int = 0) -> None:
    """Make sure that there is a place for everybody who was invited. Call this after inviting.

    `more`: people who are to be invited yet.
    Raises: WrongInput.
    """
    places = places_of(session, gemeente_id, now)
    if places is not None and places.accounts + places.waiting + more > places.most:
        sentence = FULL.format(
            gemeente=places.gemeente,
            most=places.most,
            accounts=places.accounts,
            waiting=places.waiting + more - 1,
        )
        raise WrongInput(sentence, "adres")


def check_place(session: Session, gemeente_id: int) -> None:
    """Make sure that there is a place for one account more.

    Call this where no other account can come meanwhile: see `begin_change`.
    Raises: TooLate.
    """
    places = places_of(session, gemeente_id)
    if places is not None and places.accounts >= places.most:
        raise TooLate(NO_PLACE.format(gemeente=places.gemeente))
