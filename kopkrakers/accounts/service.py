"""What can happen to an account: someone proves who they are, changes a password, signs out everywhere, leaves."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Update, and_, delete, func, or_, select, update
from sqlmodel import Session, col

from kopkrakers.accounts import passwords
from kopkrakers.accounts.models import (
    Gemeente,
    Invitation,
    Membership,
    Role,
    Status,
    Team,
    User,
    UserRole,
)
from kopkrakers.accounts.rules import AddressKeys, address_marks
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.base.db import changed, insert_once, table
from kopkrakers.base.errors import NotAllowed, NotYours, TooLate, WrongInput
from kopkrakers.base.typed import by_name, canonical_address

RemovalStep = Callable[[Session, int], None]
"""Removes what another feature keeps of a person, given their id; runs in the transaction of the removal."""


@dataclass(frozen=True)
class OwnTeam:
    """A team as its members see it: who is in it, and whether it keeps one dilemma all week."""

    id: int
    name: str
    weekly: bool
    members: tuple[str, ...]


@dataclass(frozen=True)
class OwnAccount:
    """What is kept of someone, for their own eyes."""

    email: str
    has_password: bool
    teams: tuple[OwnTeam, ...]


def check_credentials(
    session: Session, *, address: str, password: str, keys: AddressKeys
) -> Visitor:
    """Who this is. An unknown address takes as much work as a known one.

    Raises: WrongInput, the same for a wrong address and a wrong password; NotAllowed for a blocked account.
    """
    person = user_by_address(session, address, keys)
    if not passwords.matches(password, person.password_hash if person else None) or person is None:
        raise WrongInput(
            "Dit adres en dit wachtwoord horen niet bij elkaar. Kijk of je ze goed typte.",
            "wachtwoord",
        )
    if person.status == Status.BLOCKED:
        raise NotAllowed(
            "Je account staat stil. Vraag de beheerder van je gemeente wat er aan de hand is."
        )
    return visitor_of(session, id_of(person))


def user_by_address(session: Session, address: str, keys: AddressKeys) -> User | None:
    """Return the one account, active or not, that this address ever had.

    By the address too, so that keys may change.
    """
    known = or_(
        col(User.address_hmac).in_(address_marks(address, keys)), same_address(User.email, address)
    )
    return session.execute(select(User).where(known).order_by(col(User.id))).scalars().first()


def same_address(column: Any, address: str) -> ColumnElement[bool]:
    """Return the condition that a column holds this address, in any spelling and with any tag."""
    canonical = canonical_address(address)
    local, _, domain = canonical.partition("@")
    kept = func.lower(column)
    with_tag = and_(
        kept.startswith(f"{local}+", autoescape=True), kept.endswith(f"@{domain}", autoescape=True)
    )
    return or_(kept == canonical, with_tag)


def mailbox_of(session: Session, address: str, keys: AddressKeys) -> str:
    """Return where mail for an address goes: to the account that has it, as its owner wrote it.

    Somebody else may own the same address with another tag, and must not get the account's links.
    """
    person = user_by_address(session, address, keys)
    return (person.email if person else None) or address


def visitor_by_email(session: Session, email: str) -> Visitor:
    """The active person with this e-mail address, for the personas of the demo.

    Raises: NotYours when there is none.
    """
    known = select(User.id).where(col(User.email) == email, col(User.status) == Status.ACTIVE)  # type: ignore[call-overload]
    user_id = session.execute(known).scalar()
    if user_id is None:
        raise NotYours
    return visitor_of(session, user_id)


def visitor_of(session: Session, user_id: int) -> Visitor:
    """The person as a session keeps them.

    Raises: NotYours when there is no active account with this id.
    """
    found = session.execute(
        select(User, Gemeente)
        .join(Gemeente)
        .where(col(User.id) == user_id, col(User.status) == Status.ACTIVE)
    ).first()
    if found is None:
        raise NotYours
    user, gemeente = found
    return Visitor(
        id=user_id,
        gemeente_id=user.gemeente_id,
        gemeente=gemeente.name,
        name=user.name or "",
        roles=roles_of(session, user_id),
        generation=user.generation,
    )


def roles_of(session: Session, user_id: int) -> frozenset[str]:
    """The values of someone's roles."""
    return frozenset(
        session.execute(
            select(col(UserRole.role)).where(col(UserRole.user_id) == user_id)
        ).scalars()
    )


def own_account(session: Session, user_id: int) -> OwnAccount:
    """What is kept of a person, for their own account page."""
    kept = select(col(User.email), col(User.password_hash)).where(col(User.id) == user_id)
    email, password_hash = session.execute(kept).one()
    return OwnAccount(email or "", password_hash is not None, tuple(teams_of(session, user_id)))


def teams_of(session: Session, user_id: int) -> list[OwnTeam]:
    """The teams of a person with everyone in them, by name; members see each other."""
    mine = select(Membership.team_id).where(col(Membership.user_id) == user_id)  # type: ignore[call-overload]
    rows = session.execute(
        select(Team, col(User.name))
        .join(Membership, col(Membership.team_id) == Team.id)
        .join(User, col(User.id) == Membership.user_id)
        .where(col(Team.id).in_(mine), col(User.status) == Status.ACTIVE)
        .order_by(col(Team.id), col(User.id))
    ).all()
    members: dict[int, tuple[Team, list[str]]] = {}
    for team, name in rows:
        members.setdefault(team.id, (team, []))[1].append(name or "")
    teams = [
        OwnTeam(id_, team.name, team.weekly, tuple(by_name(names, str)))
        for id_, (team, names) in members.items()
    ]
    return by_name(teams, lambda team: team.name)


def prove_password(session: Session, user_id: int, password: str, field: str = "huidig") -> str:
    """The kept hash, once its owner has shown to know the password.

    Raises: WrongInput.
    """
    kept = session.execute(select(col(User.password_hash)).where(col(User.id) == user_id)).scalar()
    if kept is None or not passwords.matches(password, kept):
        raise WrongInput("Dit is niet je huidige wachtwoord. Typ het nog een keer.", field)
    return str(kept)


def change_password(session: Session, user_id: int, *, kept: str, new_hash: str) -> Visitor:
    """Put a new password in the place of the kept one; every session of before ends.

    Raises: TooLate when it was changed meanwhile.
    """
    changed = change(
        session,
        update(User)
        .where(
            col(User.id) == user_id,
            col(User.status) == Status.ACTIVE,
            col(User.password_hash) == kept,
        )
        .values(password_hash=new_hash, generation=User.generation + 1),
    )
    if changed != 1:
        raise TooLate("Je wachtwoord is net al veranderd. Log opnieuw in.")
    return visitor_of(session, user_id)


def is_only_beheerder(session: Session, user_id: int, gemeente_id: int) -> bool:
    """Whether a gemeente would have no beheerder left without this person."""
    active = select(col(User.id)).join(UserRole).where(col(UserRole.role) == Role.BEHEERDER)
    here = active.where(col(User.gemeente_id) == gemeente_id, col(User.status) == Status.ACTIVE)
    return list(session.execute(here).scalars()) == [user_id]


def sign_out_everywhere(session: Session, user_id: int) -> None:
    """End every session of this person, on every device."""
    change(
        session, update(User).where(col(User.id) == user_id).values(generation=User.generation + 1)
    )


def remove_person(session: Session, user_id: int, steps: Iterable[RemovalStep]) -> None:
    """Remove someone: name, address, password, roles and teams, and by `steps` what other features keep.

    The row and the mark of the address stay, so that used turns stay used when the person comes back.
    """
    for step in steps:
        step(session, user_id)
    address = session.execute(select(col(User.email)).where(col(User.id) == user_id)).scalar()
    if address is not None:
        session.execute(delete(Invitation).where(same_address(Invitation.email, address)))
    session.execute(delete(Membership).where(col(Membership.user_id) == user_id))
    session.execute(delete(UserRole).where(col(UserRole.user_id) == user_id))
    change(
        session,
        update(User)
        .where(col(User.id) == user_id)
        .values(
            status=Status.REMOVED,
            email=None,
            name=None,
            password_hash=None,
            address_proved=False,
            generation=User.generation + 1,
        ),
    )


def give_roles(session: Session, user_id: int, roles: Iterable[str]) -> None:
    """Let someone have exactly these roles."""
    session.execute(delete(UserRole).where(col(UserRole.user_id) == user_id))
    session.add_all(UserRole(user_id=user_id, role=role) for role in sorted(roles))
    session.flush()


def put_in_team(session: Session, user_id: int, team_id: int) -> None:
    """Make someone a member; nothing happens when they are one already."""
    insert_once(session, table(Membership), {"user_id": user_id, "team_id": team_id})


def change(session: Session, statement: Update) -> int:
    """Carry out an update; how many rows it changed."""
    return changed(session.execute(statement))


def id_of(row: Any) -> int:
    """The id of a row that is in the database."""
    return cast(int, row.id)


def own_team(teams: Sequence[OwnTeam], team_id: int) -> OwnTeam:
    """One of this person's teams.

    Raises: NotYours for any other team, also one that does not exist.
    """
    for team in teams:
        if team.id == team_id:
            return team
    raise NotYours("Dit team bestaat niet, of je hoort er niet bij.")
