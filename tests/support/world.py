"""A small world: two gemeenten, three teams and the personas every test knows by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from kopkrakers.accounts.chain.changes import record_change
from kopkrakers.accounts.models import Change, Gemeente, Membership, Role, Team, User, UserRole
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.base.keys import Keys, Use, derive

SECRET = b"s" * 40
"""The secret of the installation of every test."""
ROW_KEYS = Keys(derive(SECRET, Use.ROWS))


@dataclass(frozen=True)
class World:
    """The personas, ready to sign in. anna, bram and gerda share a team in Zaanstad;
    chris is in Almere.
    """

    anna: Visitor
    bram: Visitor
    gerda: Visitor
    chris: Visitor
    dewi: Visitor
    farid: Visitor
    zaanstad: int
    almere: int
    team_noord: int
    team_almere: int


def add_gemeente(session: Session, name: str) -> int:
    return _add(session, [Gemeente(name=name)])[0]


def add_team(session: Session, gemeente_id: int, name: str) -> int:
    return _add(session, [Team(gemeente_id=gemeente_id, name=name)])[0]


def add_person(
    session: Session, name: str, gemeente_id: int, team_id: int | None, *roles: Role
) -> Visitor:
    return add_persons(session, [name], gemeente_id, team_id, *roles)[0]


def add_persons(
    session: Session, names: Iterable[str], gemeente_id: int, team_id: int | None, *roles: Role
) -> list[Visitor]:
    """People who are alike but for their names, in few statements however many they are."""
    gemeente = session.get(Gemeente, gemeente_id)
    assert gemeente is not None
    return _add_persons(
        session, [Person(name, gemeente_id, gemeente.name, team_id, roles) for name in names]
    )


@dataclass(frozen=True)
class Person:
    """Somebody who is to have an account."""

    name: str
    gemeente_id: int
    gemeente: str
    team_id: int | None
    roles: tuple[Role, ...]


def make_world(session: Session) -> World:
    """Fill an empty database, kind by kind:
    a statement for each person apart is half of a short test.
    """
    zaanstad, almere = _add(session, [Gemeente(name="Zaanstad"), Gemeente(name="Almere")])
    teams = ((zaanstad, "Team Noord"), (almere, "Team Poort"), (zaanstad, "Team Zuid"))
    noord, poort, _zuid = _add(
        session, [Team(gemeente_id=gemeente, name=name) for gemeente, name in teams]
    )
    people = [
        Person("Anna", zaanstad, "Zaanstad", noord, (Role.KLANTMANAGER,)),
        Person("Bram", zaanstad, "Zaanstad", noord, (Role.KLANTMANAGER,)),
        Person("Gerda", zaanstad, "Zaanstad", noord, (Role.BEGELEIDER,)),
        Person("Chris", almere, "Almere", poort, (Role.KLANTMANAGER,)),
        Person("Dewi", zaanstad, "Zaanstad", None, (Role.ONDERZOEKER,)),
        Person("Farid", zaanstad, "Zaanstad", None, (Role.BEHEERDER,)),
    ]
    anna, bram, gerda, chris, dewi, farid = _add_persons(session, people)
    return World(
        anna, bram, gerda, chris, dewi, farid, zaanstad, almere, team_noord=noord, team_almere=poort
    )


def _add_persons(session: Session, people: Sequence[Person]) -> list[Visitor]:
    ids = _add(session, [_user(person) for person in people])
    for person, id_ in zip(people, ids, strict=True):
        session.add_all(UserRole(user_id=id_, role=role) for role in person.roles)
        if person.team_id is not None:
            session.add(Membership(user_id=id_, team_id=person.team_id))
    record_change(session, ROW_KEYS, ids, Change.MADE)
    return [_visitor(person, id_) for person, id_ in zip(people, ids, strict=True)]


def _user(person: Person) -> User:
    email = f"{person.name.lower()}@voorbeeld.nl"
    hidden = sha256(email.encode()).hexdigest()
    return User(
        gemeente_id=person.gemeente_id,
        address_hmac=hidden,
        email=email,
        name=person.name,
        address_proved=True,
    )


def _visitor(person: Person, id_: int) -> Visitor:
    return Visitor(
        id=id_,
        gemeente_id=person.gemeente_id,
        gemeente=person.gemeente,
        name=person.name,
        roles=frozenset(person.roles),
        generation=0,
    )


def _add(session: Session, rows: Sequence[Gemeente | Team | User]) -> list[int]:
    """Add rows of one kind; gives their ids, in their order."""
    session.add_all(rows)
    session.flush()
    return [row.id or 0 for row in rows]


def browser_of(app: Flask, visitor: Visitor) -> FlaskClient:
    """A browser on which this person is signed in, without walking through the sign-in page."""
    from kopkrakers.accounts.pages.browser.session import begin_session

    client = app.test_client()
    with app.test_request_context():
        begin_session(visitor)
        from flask import session

        kept = dict(session)
    with client.session_transaction() as transaction:
        transaction.update(kept)
        transaction.permanent = True
    return client


def add_people(session: Session, gemeente_id: int, how_many: int) -> list[int]:
    """Nameless klantmanagers of a gemeente; gives their ids."""
    ids = _add(
        session,
        [
            User(
                gemeente_id=gemeente_id, address_hmac=f"{gemeente_id}-{number}", address_proved=True
            )
            for number in range(how_many)
        ],
    )
    session.add_all(UserRole(user_id=id_, role=Role.KLANTMANAGER) for id_ in ids)
    record_change(session, ROW_KEYS, ids, Change.MADE)
    return ids
