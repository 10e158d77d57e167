"""`kopkrakers simulate`: a small year by the real path, and never among real people."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import ColumnElement, func, select

from kopkrakers.accounts.models import Gemeente, User
from kopkrakers.accounts.personas import DEMO_DOMAIN, PERSONAS
from kopkrakers.answers.service import PARTICIPATION
from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.base.db import Database, table
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.cli import main
from kopkrakers.demo.simulation.places import TEAM_SIZE, make_places
from kopkrakers.demo.year import NOT_EMPTY
from kopkrakers.tallies.models import NL, TALLY
from tests.support.world import World

USER = table(User)
GEMEENTE = table(Gemeente)
SMALL = ("--gemeenten", "3", "--people", "60", "--dilemmas", "4", "--part", "0.8")


def simulate(folder: Path, url: str, *args: str) -> Result:
    return CliRunner().invoke(
        main, ["simulate", "--data", str(folder), "--database", url, *SMALL, *args]
    )


def number(database: Database, what: ColumnElement[int]) -> int:
    with database.reading() as session:
        return int(session.connection().execute(select(what)).scalar() or 0)


@pytest.mark.slow
def test_a_year_is_lived_by_the_real_path(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    lived = simulate(tmp_path / "jaar", database_url)
    assert lived.exit_code == 0, lived.output
    cast = number(database, func.count(PARTICIPATION.c.pseudonym))
    waiting = number(database, func.count(ENVELOPE.c.voter))
    with database.reading() as session:
        national = select(func.sum(TALLY.c.n)).where(TALLY.c.scope == NL)
        counted = int(session.connection().execute(national).scalar_one())
    assert cast == pytest.approx(4 * 60 * 0.8, rel=0.3)
    assert waiting + counted == cast
    assert f"Antwoorden: {cast} gegeven, {counted} geteld." in lived.output
    assert number(database, func.count(EDITION.c.dilemma)) >= 4
    assert number(database, func.count(GEMEENTE.c.name)) == 3


@pytest.mark.slow
def test_everyone_in_it_is_marked_as_invented(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    assert simulate(tmp_path / "jaar", database_url, "--dilemmas", "1").exit_code == 0
    with database.reading() as session:
        addresses = session.connection().execute(select(USER.c.email)).scalars().all()
    assert len(addresses) == 60 + len(PERSONAS)
    assert all(address.endswith("@" + DEMO_DOMAIN) for address in addresses)


def test_real_people_are_never_joined_by_invented_ones(
    database: Database, database_url: str, world: World, tmp_path: Path
) -> None:
    before = number(database, func.count(USER.c.id))
    refused = simulate(tmp_path / "jaar", database_url)
    assert (refused.exit_code, refused.output.strip()) == (2, NOT_EMPTY)
    assert number(database, func.count(USER.c.id)) == before


@pytest.mark.parametrize(("gemeenten", "people"), [(2, 1), (3, 60), (342, 5000)])
def test_everybody_lives_somewhere(gemeenten: int, people: int) -> None:
    places = make_places(gemeenten, people)
    sizes = [size for teams in places.values() for size in teams.values()]
    assert (len(places), sum(sizes)) == (max(gemeenten, 3), people)
    assert max(sizes) <= TEAM_SIZE
    homes = {(persona.gemeente, persona.team) for persona in PERSONAS if persona.team}
    assert all(team in places[gemeente] for gemeente, team in homes)
