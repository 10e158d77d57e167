"""Find the account that somebody comes to with a work account; make it at the first sign-in."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from hmac import digest
from typing import Any

from sqlalchemy import Row, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from kopkrakers.accounts import service
from kopkrakers.accounts.chain.changes import changing
from kopkrakers.accounts.chain.signing import accounts, invitation_holds, roles_of
from kopkrakers.accounts.joining import Place, make_account
from kopkrakers.accounts.models import (
    INVITATION,
    USER,
    WORK_ACCOUNT,
    Change,
    InvitationEnd,
    InvitationKind,
    Role,
    Status,
    WorkAccount,
)
from kopkrakers.accounts.rules import BLOCKED, AddressKeys, address_pseudonyms, check_roles
from kopkrakers.accounts.second_step.keeping import forget_second_step
from kopkrakers.accounts.sso.claims import ASK_BEHEERDER, WorkPerson
from kopkrakers.accounts.sso.providers import Provider
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.base.errors import NotAllowed, TooLate, WrongInput
from kopkrakers.base.keys import Keys
from kopkrakers.base.macs import sign, verify_mac
from kopkrakers.base.typed import canonical_address

OTHER_GEMEENTE = (
    "Met dit werkadres is al een account bij een andere gemeente. Een adres hoort bij één account. "
    f"{ASK_BEHEERDER}"
)
OTHER_WORK_ACCOUNT = (
    "Het account met dit werkadres hoort bij een ander werkaccount. Dat gebeurt als een adres van "
    f"eigenaar wisselt. {ASK_BEHEERDER} Die kan het oude account verwijderen."
)


@dataclass(frozen=True)
class ArrivalKeys:
    """`subjects` make pseudonyms of who somebody is at a provider, `rows` sign accounts."""

    subjects: Keys
    addresses: AddressKeys
    rows: Keys


def subject_pseudonym(key: bytes, provider: Provider, subject: str) -> str:
    """Return what is kept of who somebody is at a provider; the same person differs by gemeente."""
    # the length first: an issuer may end in what a subject begins with
    whose = f"{provider.gemeente_id}\0{len(provider.issuer)}\0{provider.issuer}\0{subject}"
    return digest(key, f"kopkrakers work account\0{whose}".encode(), sha256).hex()


def owner_of(session: Session, provider: Provider, subject: str, keys: ArrivalKeys) -> int | None:
    """Return whose account belongs to this subject; None when nobody came with it yet."""
    pseudonyms = []
    for key in keys.subjects.all:
        pseudonyms.append(subject_pseudonym(key, provider, subject))
    rows = session.execute(select(WORK_ACCOUNT).where(WORK_ACCOUNT.c.subject.in_(pseudonyms)))
    for row in rows:
        if _holds(keys.rows, row):
            return int(row.user_id)
    return None


# D-93
def arrive(
    session: Session, provider: Provider, person: WorkPerson, *, now: datetime, keys: ArrivalKeys
) -> tuple[Visitor, bool]:
    """Return the person that came with a work account, and whether their account is new.

    Raises: NotAllowed for a blocked or altered account, and for an address that is somebody
    else's; TooLate when the same address just got an account.
    """
    user_id = owner_of(session, provider, person.subject, keys)
    is_new = False
    if user_id is None:
        user_id, is_new = _first_time(session, provider, person, now=now, keys=keys)
        _link(session, provider, person.subject, user_id, keys)
    else:
        _come_back(session, provider, user_id, person, keys)
    _follow_roles(session, provider, user_id, person.roles, keys.rows)
    return service.visitor_of(session, user_id, keys.rows), is_new


def _first_time(
    session: Session, provider: Provider, person: WorkPerson, *, now: datetime, keys: ArrivalKeys
) -> tuple[int, bool]:
    account = service.account_by_address(session, person.address, keys.addresses)
    if account is None or account.status == Status.REMOVED:
        if account is None:
            former = None
        else:
            former = int(account.id)
        return _new_account(session, provider, person, former, now=now, keys=keys), True
    _check_is_here(provider, account)
    if _is_linked(session, account.id, keys.rows):
        raise NotAllowed(OTHER_WORK_ACCOUNT)
    _keep_address(session, account, person.address, keys.rows)
    return account.id, False


def _new_account(
    session: Session,
    provider: Provider,
    person: WorkPerson,
    former: int | None,
    *,
    now: datetime,
    keys: ArrivalKeys,
) -> int:
    invited = _invited(session, provider, person.address, now, keys.rows)
    values = {
        "gemeente_id": provider.gemeente_id,
        "email": person.address,
        "name": (invited.name if invited else None) or person.name,
        "password_hash": None,
        "status": Status.ACTIVE,
        "address_proved": True,
        "since": amsterdam_day(now),
        "address_hmac": address_pseudonyms(person.address, keys.addresses)[0],
    }
    place = Place((Role.KLANTMANAGER.value,), None)
    if invited is not None:
        place = Place(tuple(filter(None, invited.roles.split(","))), invited.team_id)
        used = INVITATION.c.id == invited.id
        if service.end_links(session, InvitationEnd.USED, used) != 1:
            raise TooLate("Je uitnodiging is net veranderd. Log nog een keer in.")
    return make_account(session, former, values, place, keys.rows)


def _invited(
    session: Session, provider: Provider, address: str, now: datetime, row_keys: Keys
) -> Row[Any] | None:
    """Return the open invitation by which a beheerder already said what somebody does here."""
    waiting = select(INVITATION).where(
        INVITATION.c.gemeente_id == provider.gemeente_id,
        INVITATION.c.kind == InvitationKind.PERSONAL,
        INVITATION.c.ended.is_(None),
        INVITATION.c.expires_at > now,
        service.same_address(INVITATION.c.email, address),
    )
    rows = session.execute(waiting.order_by(INVITATION.c.id.desc()))
    return next((row for row in rows if invitation_holds(row_keys, row)), None)


def _come_back(
    session: Session, provider: Provider, user_id: int, person: WorkPerson, keys: ArrivalKeys
) -> None:
    account = session.execute(select(USER).where(USER.c.id == user_id)).one()
    _check_is_here(provider, account)
    if canonical_address(account.email or "") == canonical_address(person.address):
        return
    other = service.account_by_address(session, person.address, keys.addresses)
    # else the address goes to whoever else has it here, until the beheerder sorted that out
    if other is None or other.id == user_id:
        _keep_address(session, account, person.address, keys.rows)


def _check_is_here(provider: Provider, account: Row[Any]) -> None:
    if account.gemeente_id != provider.gemeente_id:
        raise NotAllowed(OTHER_GEMEENTE)
    if account.status != Status.ACTIVE:
        raise NotAllowed(BLOCKED)


def _keep_address(session: Session, account: Row[Any], address: str, row_keys: Keys) -> None:
    """Keep the address that the provider proved.

    The pseudonym stays that of the first address, so that nobody votes again by the old one.
    """
    is_same = canonical_address(account.email or "") == canonical_address(address)
    if is_same and account.address_proved:
        return
    address_now = address
    if is_same:
        # as they typed it once: capitals alone make no other address
        address_now = account.email
    values: dict[str, Any] = {"email": address_now}
    values["address_proved"] = True
    if not account.address_proved:
        # whoever opened it never showed that the address is theirs: it may have been a colleague
        # who waits for the owner, with a password for what is the owner's from now on
        values |= {"password_hash": None, "generation": USER.c.generation + 1}
        forget_second_step(session, account.id)
    statement = update(USER).where(USER.c.id == account.id)
    with changing(session, row_keys, account.id, Change.PROVED):
        session.execute(statement.values(values))


def _follow_roles(
    session: Session, provider: Provider, user_id: int, held: frozenset[Role], row_keys: Keys
) -> None:
    """Give and take the roles that the operator mapped to a claim, and leave all others."""
    mapped = {role for _, role in provider.roles}
    (account,) = accounts(session, [user_id])
    before = frozenset(map(Role, roles_of(account)))
    # an onderzoeker may not vote: what the operator gave stays as it is
    if not mapped or Role.ONDERZOEKER in before:
        return
    is_last = Role.BEHEERDER in before and service.is_only_beheerder(
        session, user_id, provider.gemeente_id
    )
    if is_last:
        kept = {Role.BEHEERDER}
    else:
        kept = set()
    # somebody without any role could do nothing here, and not see why
    after = (before - mapped) | held | kept or {Role.KLANTMANAGER}
    if after == before:
        return
    try:
        # a claim cannot give what may not go together: then all stays as it was
        check_roles(after)
    except WrongInput:
        return
    with changing(session, row_keys, user_id, Change.ROLES):
        service.give_roles(session, user_id, after)
        service.raise_generation(session, user_id)


def _is_linked(session: Session, user_id: int, row_keys: Keys) -> bool:
    rows = session.execute(select(WORK_ACCOUNT).where(WORK_ACCOUNT.c.user_id == user_id))
    return any(_holds(row_keys, row) for row in rows)


def _link(
    session: Session, provider: Provider, subject: str, user_id: int, keys: ArrivalKeys
) -> None:
    pseudonym = subject_pseudonym(keys.subjects.current, provider, subject)
    # only rows that do not hold can stand in the way: of a former secret, or moved by somebody
    in_the_way = or_(WORK_ACCOUNT.c.user_id == user_id, WORK_ACCOUNT.c.subject == pseudonym)
    session.execute(delete(WORK_ACCOUNT).where(in_the_way))
    row = WorkAccount(subject=pseudonym, user_id=user_id)
    row.mac = sign(keys.rows, *_fields(row))
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        raise TooLate("Je logde net ook ergens anders in. Log nog een keer in.") from None


def _holds(row_keys: Keys, row: Any) -> bool:
    return row.mac is not None and verify_mac(row_keys, row.mac, *_fields(row))


def _fields(row: Any) -> tuple[str, str, int]:
    return ("work account", row.subject, row.user_id)
