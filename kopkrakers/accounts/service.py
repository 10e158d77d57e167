"""Accounts: prove a password, change it, sign out everywhere, be removed."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, and_, delete, func, or_, select, update
from sqlmodel import Session

from kopkrakers.accounts import passwords
from kopkrakers.accounts.chain.changes import changing
from kopkrakers.accounts.chain.signing import check_account
from kopkrakers.accounts.models import (
    INVITATION,
    MEMBERSHIP,
    PAUSE,
    RECOVERY_CODE,
    SECOND_STEP,
    TEAM,
    USER,
    USER_ROLE,
    WORK_ACCOUNT,
    Change,
    InvitationEnd,
    Rhythm,
    Role,
    Status,
    UserRole,
)
from kopkrakers.accounts.rules import AddressKeys, address_pseudonyms
from kopkrakers.accounts.visitor import Visitor, visitor_from, visitors
from kopkrakers.base.db import changed, insert_once
from kopkrakers.base.errors import NotAllowed, NotYours, TooLate, WrongInput
from kopkrakers.base.keys import Keys
from kopkrakers.base.typed import by_name, canonical_address

RemovalStep = Callable[[Session, int], None]
"""Removes what another feature keeps of a person, by id, in the transaction of the removal."""

_NEXT_GENERATION = USER.c.generation + 1
_IS_ACTIVE = USER.c.status == Status.ACTIVE


MOST_NAMES = 30
"""Names of a team that stand on its page unfolded."""


@dataclass(frozen=True)
class OwnTeam:
    """A team as its members see it: who is in it, and how often it gets a dilemma."""

    id: int
    name: str
    rhythm: Rhythm
    members: tuple[str, ...]

    @property
    def is_large(self) -> bool:
        """Whether its names fill a phone, so that they are folded."""
        return len(self.members) > MOST_NAMES


@dataclass(frozen=True)
class OwnAccount:
    """The facts that are kept of a person, for their own eyes."""

    email: str
    has_password: bool
    teams: tuple[OwnTeam, ...]


def check_credentials(
    session: Session, *, address: str, password: str, keys: AddressKeys, row_keys: Keys
) -> Visitor:
    """Return the person with this address and password.

    An unknown address takes as much work as a known one.
    Raises: WrongInput, the same for a wrong address and a wrong password; NotAllowed for a blocked
    or altered account.
    """
    account = account_by_address(session, address, keys)
    if account:
        password_hash = account.password_hash
    else:
        password_hash = None
    if not passwords.matches(password, password_hash) or account is None:
        raise WrongInput(
            "Je werkadres of je wachtwoord klopt niet. Kijk of je ze goed hebt getypt.",
            "wachtwoord",
        )
    if account.status == Status.BLOCKED:
        raise NotAllowed(
            "Je account staat stil. Vraag de beheerder van je gemeente wat er aan de hand is."
        )
    return visitor_of(session, account.id, row_keys)


def account_by_address(session: Session, address: str, keys: AddressKeys) -> Row[Any] | None:
    """Return the one account, active or not, that this address ever had.

    By the address too, so that keys may change.
    """
    has_pseudonym = USER.c.address_hmac.in_(address_pseudonyms(address, keys))
    has_address = same_address(USER.c.email, address)
    statement = select(USER).where(or_(has_pseudonym, has_address)).order_by(USER.c.id)
    return session.execute(statement).first()


def same_address(column: Any, address: str) -> ColumnElement[bool]:
    """Return the condition that a column holds this address, in any spelling and with any tag."""
    canonical = canonical_address(address)
    local, _, domain = canonical.partition("@")
    kept = func.lower(column)
    with_tag = and_(
        kept.startswith(f"{local}+", autoescape=True), kept.endswith(f"@{domain}", autoescape=True)
    )
    return or_(kept == canonical, with_tag)


def end_links(session: Session, how: InvitationEnd, *which: ColumnElement[bool]) -> int:
    """End the links that meet the conditions and still work, and return how many those were.

    Each keeps how it ended, to tell its holder, and nothing of whom it was for.
    """
    statement = update(INVITATION).where(INVITATION.c.ended.is_(None), *which)
    ended = statement.values(ended=how, email=None, name=None)
    return changed(session.execute(ended))


# D-47
def mailbox_of(session: Session, address: str, keys: AddressKeys) -> str:
    """Return where mail for an address goes: to the account that has it, as its owner wrote it.

    Somebody else may own the same address with another tag, and must not get the account's links.
    """
    account = account_by_address(session, address, keys)
    return (account.email if account else None) or address


def visitor_by_email(session: Session, email: str, row_keys: Keys) -> Visitor:
    """Return the active person with this e-mail address, for the personas of the demo.

    Raises: NotYours when there is none.
    """
    statement = select(USER.c.id).where(USER.c.email == email, _IS_ACTIVE)
    user_id = session.execute(statement).scalar()
    if user_id is None:
        raise NotYours
    return visitor_of(session, user_id, row_keys)


def visitor_of(session: Session, user_id: int, row_keys: Keys) -> Visitor:
    """Return the person as a browser session keeps them.

    Raises: NotYours when there is no active account with this id; NotAllowed when somebody altered
    it: a role, a password or a gemeente that the product did not give is worth nothing.
    """
    session.flush()
    statement = visitors().where(USER.c.id == user_id, _IS_ACTIVE)
    account = session.execute(statement).first()
    if account is None:
        raise NotYours
    check_account(row_keys, account)
    return visitor_from(account)


def own_account(session: Session, user_id: int) -> OwnAccount:
    """Return what is kept of a person, for their own account page."""
    statement = select(USER.c.email, USER.c.password_hash).where(USER.c.id == user_id)
    account = session.execute(statement).one()
    return OwnAccount(
        email=account.email or "",
        has_password=account.password_hash is not None,
        teams=tuple(teams_of(session, user_id)),
    )


def teams_of(session: Session, user_id: int) -> list[OwnTeam]:
    """Return the teams of a person with everyone in them, by name; members see each other."""
    own = select(MEMBERSHIP.c.team_id).where(MEMBERSHIP.c.user_id == user_id)
    statement = (
        select(TEAM.c.id, TEAM.c.name, TEAM.c.rhythm, USER.c.name.label("member"))
        .join(MEMBERSHIP, MEMBERSHIP.c.team_id == TEAM.c.id)
        .join(USER, USER.c.id == MEMBERSHIP.c.user_id)
        .where(TEAM.c.id.in_(own), _IS_ACTIVE)
        .order_by(TEAM.c.id, USER.c.id)
    )
    members: dict[tuple[int, str, Rhythm], list[str]] = {}
    for row in session.execute(statement):
        team = (row.id, row.name, Rhythm(row.rhythm))
        members.setdefault(team, []).append(row.member or "")
    teams = []
    for team, names in members.items():
        teams.append(OwnTeam(*team, tuple(by_name(names, str))))
    return by_name(teams, lambda team: team.name)


def own_team(teams: Sequence[OwnTeam], team_id: int) -> OwnTeam:
    """Return one of this person's teams.

    Raises: NotYours for any other team, also one that does not exist.
    """
    for team in teams:
        if team.id == team_id:
            return team
    raise NotYours("Dit team bestaat niet, of je hoort er niet bij.")


def prove_password(session: Session, user_id: int, password: str, field: str = "huidig") -> str:
    """Return the kept hash, once its owner has shown to know the password.

    Raises: WrongInput.
    """
    statement = select(USER.c.password_hash).where(USER.c.id == user_id)
    kept = session.execute(statement).scalar()
    if kept is None or not passwords.matches(password, kept):
        raise WrongInput("Dit is niet je huidige wachtwoord. Typ het nog een keer.", field)
    return str(kept)


def change_password(
    session: Session, user_id: int, *, kept: str, new_hash: str, row_keys: Keys
) -> Visitor:
    """Replace the kept password by a new one; every session of before ends.

    Raises: TooLate when it was changed meanwhile; NotAllowed for an altered account.
    """
    # the hash that was proved: what another tab changed in between is not undone
    is_unchanged = and_(USER.c.id == user_id, _IS_ACTIVE, USER.c.password_hash == kept)
    statement = update(USER).where(is_unchanged)
    values = {"password_hash": new_hash, "generation": _NEXT_GENERATION}
    with changing(session, row_keys, user_id, Change.PASSWORD):
        if changed(session.execute(statement.values(values))) != 1:
            raise TooLate("Je wachtwoord is net al veranderd. Log opnieuw in.")
    return visitor_of(session, user_id, row_keys)


def is_only_beheerder(session: Session, user_id: int, gemeente_id: int) -> bool:
    """Whether a gemeente would have no beheerder left without this person."""
    statement = (
        select(USER.c.id)
        .join(USER_ROLE, USER_ROLE.c.user_id == USER.c.id)
        .where(USER_ROLE.c.role == Role.BEHEERDER, USER.c.gemeente_id == gemeente_id, _IS_ACTIVE)
    )
    return list(session.execute(statement).scalars()) == [user_id]


def beheerders_of(session: Session, gemeente_ids: Collection[int]) -> list[tuple[int, str]]:
    """Return the gemeente and the work address of every beheerder of these gemeenten."""
    statement = (
        select(USER.c.gemeente_id, USER.c.email)
        .join(USER_ROLE, USER_ROLE.c.user_id == USER.c.id)
        .where(
            USER_ROLE.c.role == Role.BEHEERDER,
            USER.c.gemeente_id.in_(gemeente_ids),
            USER.c.email.is_not(None),
            _IS_ACTIVE,
        )
        .order_by(USER.c.id)
    )
    return list(session.execute(statement).all())


def sign_out_everywhere(session: Session, user_id: int, row_keys: Keys) -> None:
    """End every session of this person, on every device.

    Raises: NotAllowed for an altered account.
    """
    with changing(session, row_keys, user_id, Change.SIGNED_OUT):
        raise_generation(session, user_id)


def raise_generation(session: Session, user_id: int) -> None:
    """Refuse every session of before. Call this while the account is `changing`."""
    statement = update(USER).where(USER.c.id == user_id)
    session.execute(statement.values(generation=_NEXT_GENERATION))


# D-9
def remove_person(
    session: Session, user_id: int, steps: Iterable[RemovalStep], row_keys: Keys
) -> None:
    """Remove a person: name, address, password, roles, teams, and by `steps` all of other features.

    The row and the pseudonym of the address stay, so that used turns stay used when the person
    comes back.
    Raises: NotAllowed for an altered account.
    """
    for step in steps:
        step(session, user_id)
    was = session.execute(
        select(USER.c.email, USER.c.gemeente_id).where(USER.c.id == user_id)
    ).one()
    # one that still waits would keep the address, and bring them back by it; that of another
    # gemeente stays, or its beheerder would see that the address had an account: D-180
    if was.email is not None:
        session.execute(
            delete(INVITATION).where(
                same_address(INVITATION.c.email, was.email),
                INVITATION.c.gemeente_id == was.gemeente_id,
            )
        )
    with changing(session, row_keys, user_id, Change.REMOVED):
        _anonymise(session, user_id)


def _anonymise(session: Session, user_id: int) -> None:
    session.execute(delete(MEMBERSHIP).where(MEMBERSHIP.c.user_id == user_id))
    session.execute(delete(USER_ROLE).where(USER_ROLE.c.user_id == user_id))
    session.execute(delete(PAUSE).where(PAUSE.c.user_id == user_id))
    session.execute(delete(SECOND_STEP).where(SECOND_STEP.c.user_id == user_id))
    session.execute(delete(RECOVERY_CODE).where(RECOVERY_CODE.c.user_id == user_id))
    session.execute(delete(WORK_ACCOUNT).where(WORK_ACCOUNT.c.user_id == user_id))
    statement = update(USER).where(USER.c.id == user_id)
    session.execute(
        statement.values(
            status=Status.REMOVED,
            email=None,
            name=None,
            sort_name="",
            password_hash=None,
            address_proved=False,
            since=None,
            generation=_NEXT_GENERATION,
        )
    )


def give_roles(session: Session, user_id: int, roles: Iterable[str]) -> None:
    """Give a person exactly these roles. Call this while the account is `changing`, or is new."""
    session.execute(delete(USER_ROLE).where(USER_ROLE.c.user_id == user_id))
    session.add_all(UserRole(user_id=user_id, role=role) for role in sorted(roles))
    session.flush()


def put_in_team(session: Session, user_id: int, team_id: int) -> None:
    """Make a person a member of a team; nothing happens when they are one already.

    Call this while the account is `changing`, or is new.
    """
    insert_once(session, MEMBERSHIP, {"user_id": user_id, "team_id": team_id})


def id_of(row: Any) -> int:
    """Return the id of a row that is in the database."""
    return cast(int, row.id)
