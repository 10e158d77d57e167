"""A small world: two gemeenten, three teams and the personas every test knows by name."""

from dataclasses import dataclass
from hashlib import sha256

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from kopkrakers.accounts.models import Gemeente, Membership, Role, Team, User, UserRole
from kopkrakers.accounts.session import Visitor


@dataclass(frozen=True)
class World:
    """The personas, ready to sign in. anna, bram and gerda share a team in Zaanstad; chris is in Almere."""

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
    gemeente = Gemeente(name=name)
    session.add(gemeente)
    session.flush()
    assert gemeente.id is not None
    return gemeente.id


def add_team(session: Session, gemeente_id: int, name: str) -> int:
    team = Team(gemeente_id=gemeente_id, name=name)
    session.add(team)
    session.flush()
    assert team.id is not None
    return team.id


def add_person(session: Session, name: str, gemeente_id: int, team_id: int | None, *roles: Role) -> Visitor:
    email = f"{name.lower()}@voorbeeld.nl"
    user = User(
        gemeente_id=gemeente_id,
        address_hmac=sha256(email.encode()).hexdigest(),
        email=email,
        name=name,
        address_proved=True,
    )
    session.add(user)
    session.flush()
    assert user.id is not None
    session.add_all(UserRole(user_id=user.id, role=role) for role in roles)
    if team_id is not None:
        session.add(Membership(user_id=user.id, team_id=team_id))
    gemeente = session.get(Gemeente, gemeente_id)
    assert gemeente is not None
    return Visitor(
        id=user.id,
        gemeente_id=gemeente_id,
        gemeente=gemeente.name,
        name=name,
        roles=frozenset(roles),
        generation=0,
    )


def make_world(session: Session) -> World:
    """Fill an empty database."""
    zaanstad, almere = add_gemeente(session, "Zaanstad"), add_gemeente(session, "Almere")
    noord, poort = add_team(session, zaanstad, "Team Noord"), add_team(session, almere, "Team Poort")
    add_team(session, zaanstad, "Team Zuid")
    return World(
        anna=add_person(session, "Anna", zaanstad, noord, Role.KLANTMANAGER),
        bram=add_person(session, "Bram", zaanstad, noord, Role.KLANTMANAGER),
        gerda=add_person(session, "Gerda", zaanstad, noord, Role.BEGELEIDER),
        chris=add_person(session, "Chris", almere, poort, Role.KLANTMANAGER),
        dewi=add_person(session, "Dewi", zaanstad, None, Role.ONDERZOEKER),
        farid=add_person(session, "Farid", zaanstad, None, Role.BEHEERDER),
        zaanstad=zaanstad,
        almere=almere,
        team_noord=noord,
        team_almere=poort,
    )


def browser_of(app: Flask, visitor: Visitor) -> FlaskClient:
    """A browser on which this person is signed in, without walking through the sign-in page."""
    from kopkrakers.accounts.session import begin_session

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
    people = [
        User(gemeente_id=gemeente_id, address_hmac=f"{gemeente_id}-{number}", address_proved=True)
        for number in range(how_many)
    ]
    session.add_all(people)
    session.flush()
    session.add_all(UserRole(user_id=user.id or 0, role=Role.KLANTMANAGER) for user in people)
    return [user.id or 0 for user in people]
