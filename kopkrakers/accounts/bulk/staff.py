"""Block the accounts of a gemeente whose address a list of its staff does not name.

A blocked account cannot sign in, its sessions end, and it counts for no pool. Its rows stay, so
that a mistake in a list can be undone in Beheer.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update
from sqlmodel import Session

from kopkrakers.accounts.chain.changes import changing
from kopkrakers.accounts.models import USER, USER_ROLE, Change, Role, Status
from kopkrakers.accounts.trail.chain import TrailEntry, write
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.dutch import day_with_year
from kopkrakers.base.errors import WrongInput
from kopkrakers.base.keys import Keys
from kopkrakers.base.typed import canonical_address, clean_address

OLDEST = timedelta(days=3)
"""An older list misses who came since, and would block them."""
MOST, AT_LEAST = 10, 3
"""Of every hundred accounts, and of any gemeente, so many may leave at once without a question."""
_FIRST_LINE = re.compile(r"bijgewerkt:? *(\d{4}-\d{2}-\d{2})", re.IGNORECASE)
NO_DAY = "De eerste regel moet zeggen van wanneer de lijst is: bijgewerkt 2026-11-28"
TOO_OLD = "Deze lijst is van {day}. Hij mag hoogstens drie dagen oud zijn: maak een nieuwe."
NO_ADDRESS = "Regel {line} is geen mailadres. Zet op elke regel één adres. Er is niets veranderd."
NO_BEHEERDER = "Op deze lijst staat geen enkele beheerder. Er is niets veranderd."
TOO_MANY = (
    "Van de {all} accounts staan er {leaving} niet op de lijst. Dat is veel: is de lijst heel? "
    "Er is niets veranderd. Klopt het, geef dan --all erbij."
)


@dataclass(frozen=True)
class LeavingAccounts:
    """The accounts that are not on a list, and the number without an address to look for."""

    ids: list[int]
    active: int
    without_address: int


def read_staff(text: str, today: date) -> set[str]:
    """Return the addresses on a list, in the form in which addresses are compared.

    Raises: WrongInput when it is of another day or a line is no address.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    found = None
    if lines:
        found = _FIRST_LINE.fullmatch(lines[0].strip())
    if found is None:
        raise WrongInput(NO_DAY)
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        raise WrongInput(NO_DAY) from None
    # of tomorrow: the clock of another machine; further ahead it would never be too old
    if not today - OLDEST <= day <= today + timedelta(days=1):
        raise WrongInput(TOO_OLD.format(day=day_with_year(day)))
    staff = set()
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        try:
            staff.add(canonical_address(clean_address(line)))
        except WrongInput:
            raise WrongInput(NO_ADDRESS.format(line=number)) from None
    return staff


def leaving(session: Session, gemeente_id: int, staff: Iterable[str]) -> LeavingAccounts:
    """Return which active accounts of a gemeente a list does not name.

    Raises: WrongInput when no beheerder would be left.
    """
    known = set(staff)
    here = select(USER.c.id, USER.c.email).where(
        USER.c.gemeente_id == gemeente_id, USER.c.status == Status.ACTIVE
    )
    ids, active, without = [], set(), 0
    for user_id, email in session.execute(here):
        active.add(user_id)
        if email is None:
            without += 1
        elif canonical_address(email) not in known:
            ids.append(user_id)
    of_role = select(USER_ROLE.c.user_id).where(USER_ROLE.c.role == Role.BEHEERDER)
    beheerders = active & set(session.execute(of_role).scalars())
    if beheerders <= set(ids):
        raise WrongInput(NO_BEHEERDER)
    return LeavingAccounts(sorted(ids), len(active), without)


# D-110
def block_leaving(
    session: Session,
    gemeente_id: int,
    found: LeavingAccounts,
    *,
    keys: Keys,
    today: date,
    everyone: bool,
) -> None:
    """Block who is not on the list, all or none, and write each down in the trail.

    Raises: WrongInput when they are many, unless `everyone`; NotAllowed for an altered account.
    """
    allowed = max(AT_LEAST, found.active * MOST // 100)
    if len(found.ids) > allowed and not everyone:
        raise WrongInput(TOO_MANY.format(all=found.active, leaving=len(found.ids)))
    values = {"status": Status.BLOCKED, "generation": USER.c.generation + 1}
    for user_id in found.ids:
        with changing(session, keys, user_id, Change.STATUS):
            session.execute(update(USER).where(USER.c.id == user_id).values(values))
    for user_id in found.ids:
        entry = TrailEntry(Deed.BLOCKED, gemeente_id, person_id=user_id)
        write(session, keys, entry, today)
