"""Every list of names stands in the order in which people look, and every search finds them."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from kopkrakers.accounts import invitations, people, service, teams
from kopkrakers.accounts.models import USER, Role
from kopkrakers.base.db import Database
from kopkrakers.base.typed import by_name
from kopkrakers.intervisie.session.planning import other_begeleiders
from tests.support.clock import StoppedClock
from tests.support.world import ROW_KEYS, World, add_person, add_persons, add_team, browser_of

NAMES = [
    "Zoë",
    "anna de Wit",
    "van den Broek",
    "Özgür",
    "Łukasz Yılmaz",
    "’t Hart",
    "Søren O’Brien",
]
SORTED = [
    "anna de Wit",
    "Łukasz Yılmaz",
    "Özgür",
    "Søren O’Brien",
    "’t Hart",
    "van den Broek",
    "Zoë",
]


@pytest.fixture
def team(database: Database, world: World) -> int:
    """A team of Zaanstad in which everyone has a name that bytes put in the wrong place."""
    with database.transaction() as session:
        team_id = add_team(session, world.zaanstad, "’t Noorden")
        for name in NAMES:
            add_person(session, name, world.zaanstad, team_id, Role.BEGELEIDER)
    return team_id


def test_people_stand_by_name(database: Database, world: World, team: int) -> None:
    with database.reading() as session:
        names = [line.name for line in people.people(session, world.zaanstad)]
    assert [name for name in names if name in NAMES] == SORTED
    assert names == by_name(names, str) and "Anna" in names


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("yilmaz", "Łukasz Yılmaz"),
        ("lukasz", "Łukasz Yılmaz"),
        ("soren", "Søren O’Brien"),
        ("o'brien", "Søren O’Brien"),
        ("'t hart", "’t Hart"),
        ("VAN DEN BROEK", "van den Broek"),
    ],
)
def test_people_are_found_as_a_keyboard_has_them(
    database: Database, world: World, team: int, words: str, name: str
) -> None:
    with database.reading() as session:
        found = people.find_people(session, world.zaanstad, words, 1)
    assert [line.name for line in found.items] == [name]


def test_pages_of_people_follow_each_other_by_name(database: Database, world: World) -> None:
    with database.transaction() as session:
        names = (f"{NAMES[number % len(NAMES)]} {number}" for number in range(60))
        add_persons(session, names, world.zaanstad, None, Role.KLANTMANAGER)
    with database.reading() as session:
        everyone = [line.name for line in people.people(session, world.zaanstad)]
        pages = [people.find_people(session, world.zaanstad, "", number) for number in (1, 2, 3)]
        last = people.find_people(session, world.zaanstad, "", 99)
    shown = [line.name for page in pages for line in page.items]
    assert shown == everyone == by_name(everyone, str)
    assert last == pages[-1] and last.total == len(everyone)


@pytest.mark.parametrize(
    ("words", "how_many"),
    [
        ("o'brien@voorbeeld.nl", 1),
        ("OBRIEN @voorbeeld", 1),
        ("hal_f", 1),
        ("hal%f", 0),
        ("noorden soren", 1),
        ("noorden anna-wit", 1),
        ("zuiden soren", 0),
        ("soren " * 500, 1),
        ("x" * 60_000, 0),
    ],
)
def test_a_search_looks_at_names_addresses_and_teams(
    database: Database, world: World, team: int, words: str, how_many: int
) -> None:
    by_name_of = {"Søren O’Brien": "O'Brien@voorbeeld.nl", "Zoë": "hal_f@voorbeeld.nl"}
    with database.transaction() as session:
        for name, address in by_name_of.items():
            session.execute(update(USER).where(USER.c.name == name).values(email=address))
    with database.reading() as session:
        found = people.find_people(session, world.zaanstad, words, 1)
    assert found.total == how_many


def test_nothing_of_a_name_is_left_of_who_was_removed(database: Database, world: World) -> None:
    with database.transaction() as session:
        anna = world.anna.id
        people.remove(session, world.zaanstad, anna, by=world.gerda.id, steps=(), keys=ROW_KEYS)
    with database.reading() as session:
        kept = session.execute(select(USER.c.name, USER.c.sort_name).where(USER.c.id == anna)).one()
    assert tuple(kept) == (None, "")


def test_teammates_and_second_begeleiders_stand_by_name(
    database: Database, world: World, team: int
) -> None:
    with database.reading() as session:
        zoe = people.find_people(session, world.zaanstad, "zoe", 1).items[0]
        assert service.teams_of(session, zoe.id)[0].members == tuple(SORTED)
        offered = other_begeleiders(session, user_id=zoe.id, team_id=team)
    assert [name for _, name in offered] == SORTED[:-1]


def test_teams_stand_by_name(database: Database, world: World, team: int) -> None:
    with database.transaction() as session:
        for name in ("Özgün", "apart", "Ærø", "team Zuid-Oost"):
            add_team(session, world.zaanstad, name)
    with database.reading() as session:
        names = [line.name for line in teams.teams(session, world.zaanstad)]
    expected = ["Ærø", "apart", "Özgün", "’t Noorden", "Team Noord", "Team Zuid", "team Zuid-Oost"]
    assert names == expected


def test_open_invitations_stand_by_name(
    database: Database, world: World, clock: StoppedClock
) -> None:
    with database.transaction() as session:
        for number, name in enumerate(NAMES):
            roles = frozenset({Role.KLANTMANAGER})
            invitee = invitations.Invitee(name, f"gast{number}@voorbeeld.nl", roles, None, True)
            invitations.invite(
                session, world.zaanstad, invitee, now=clock(), keys=(b"m" * 40,), row_keys=ROW_KEYS
            )
        waiting = invitations.open_invitations(session, world.zaanstad, clock())
    assert [invitation.name for invitation in waiting] == SORTED


def test_vandaag_offers_teams_by_name(
    app: Flask, database: Database, world: World, team: int
) -> None:
    with database.transaction() as session:
        out = add_team(session, world.zaanstad, "Uit")
        people.set_teams(
            session, world.zaanstad, world.gerda.id, (world.team_noord, team, out), ROW_KEYS
        )
    page = browser_of(app, world.gerda).get("/team").text
    assert page.index("’t Noorden") < page.index("Team Noord") < page.index("Uit")
