"""The people of the demo: three large gemeenten and a regio of three small ones, with their teams.

Some 130 people, and the personas of the sign-in page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from kopkrakers.accounts.chain.changes import record_change
from kopkrakers.accounts.models import Change, Gemeente, Membership, Role, Team, User, UserRole
from kopkrakers.accounts.personas import DEMO_DOMAIN, PERSONAS, Persona
from kopkrakers.accounts.rules import address_keys, address_pseudonym
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.config import Settings
from kopkrakers.pools.regios import add_regio

TEAMS = {
    "Zaanstad": {"Team Noord": 18, "Team Zuid": 18, "Team Jongeren": 16},
    "Almere": {"Team Poort": 17, "Team Haven": 16},
    "Groningen": {"Team Centrum": 15, "Team Oost": 15},
    "Wormerland": {"Team Werk": 5},
    "Oostzaan": {"Team Sociaal": 6},
    "Landsmeer": {"Team Inkomen": 6},
}
"""People per team, besides the personas."""
REGIOS = {"Zaanstreek": ("Wormerland", "Oostzaan", "Landsmeer")}
"""Gemeenten too small for figures of their own, together."""
NAMES = (Path(__file__).parent / "names.txt").read_text(encoding="utf-8").split()
INITIALS = "BKMVD"


@dataclass(frozen=True)
class Colleague:
    """Someone who votes in the demo, on most days if invented.

    `played`: by a visitor, so a persona, or an account that a visitor made.
    """

    user_id: int
    gemeente_id: int
    gemeente: str
    played: bool


def make_people(
    session: Session,
    settings: Settings,
    places: Mapping[str, Mapping[str, int]],
    personas: Sequence[Persona] = PERSONAS,
) -> None:
    """Fill an empty database with so many people per gemeente and team, and with the personas."""
    gemeenten = {name: Gemeente(name=name) for name in places}
    session.add_all(gemeenten.values())
    session.flush()
    gemeente_ids = {name: _id(gemeente.id) for name, gemeente in gemeenten.items()}
    teams = {}
    seats: list[Persona] = []
    for gemeente, sizes in places.items():
        for team, size in sizes.items():
            teams[gemeente, team] = Team(gemeente_id=gemeente_ids[gemeente], name=team)
            for _ in range(size):
                name = name_at(len(seats))
                seats.append(Persona(name, Role.KLANTMANAGER, gemeente, team, ""))
    session.add_all(teams.values())
    session.flush()
    ids = []
    for person in (*personas, *seats):
        team_id = None
        if person.team:
            team_id = _id(teams[person.gemeente, person.team].id)
        ids.append(_add(session, settings, person, gemeente_ids[person.gemeente], team_id))
    record_change(session, mac_keys(settings), ids, Change.MADE)
    for regio, members in REGIOS.items():
        if set(members) <= gemeenten.keys():
            add_regio(session, mac_keys(settings), regio, members)


def name_at(place: int) -> str:
    """A name that nobody else has; with a number where names and initials run out."""
    rounds = place // len(NAMES)
    name = f"{NAMES[place % len(NAMES)]} {INITIALS[(place + rounds) % len(INITIALS)]}."
    if rounds < len(INITIALS):
        return name
    return f"{name} {rounds // len(INITIALS) + 1}"


def _add(
    session: Session, settings: Settings, person: Persona, gemeente_id: int, team_id: int | None
) -> int:
    email = f"{person.key.replace('. ', '.').replace(' ', '.').rstrip('.')}@{DEMO_DOMAIN}"
    user = User(
        gemeente_id=gemeente_id,
        address_hmac=address_pseudonym(email, address_keys(settings)[0]),
        email=email,
        name=person.name,
        address_proved=True,
    )
    session.add(user)
    session.flush()
    session.add(UserRole(user_id=_id(user.id), role=person.role))
    if team_id is not None:
        session.add(Membership(user_id=_id(user.id), team_id=team_id))
    return _id(user.id)


def _id(given: int | None) -> int:
    assert given is not None
    return given
