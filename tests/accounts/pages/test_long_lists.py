"""Pages with lists that grow for years, or with the size of a team, stay short."""

import re
from datetime import timedelta

import pytest
from sqlmodel import Session

from kopkrakers.accounts.models import Role
from kopkrakers.intervisie.session.store import REPORT
from tests.support.pages import Site
from tests.support.world import World, add_persons

MATES = 300
REPORTS = 45


@pytest.fixture
def large(site: Site, world: World) -> Site:
    """A team of hundreds that has held sessions for years."""
    with site.state.database.transaction() as session:
        mates = (f"Maat {number:03}" for number in range(MATES))
        add_persons(session, mates, world.zaanstad, world.team_noord, Role.KLANTMANAGER)
        hold_sessions(session, site, world.team_noord)
    return site


def hold_sessions(session: Session, site: Site, team_id: int) -> None:
    for number in range(REPORTS):
        report = {
            "id": f"{number:032x}",
            "team_id": team_id,
            "title": f"Verslag {number:02}",
            "held_on": site.state.today() - timedelta(days=REPORTS - number),
            "body": '{"agreements": []}',
        }
        session.connection().execute(REPORT.insert(), report)


def test_the_names_of_a_large_team_are_folded(large: Site, world: World) -> None:
    page = large.browser(world.gerda).get("/team").text
    folded = re.search(r"<details><summary>(\d+) collega’s</summary>(.*?)</details>", page, re.S)
    assert folded is not None and int(folded[1]) > MATES
    assert folded[2].count("Maat ") == MATES


def test_the_names_of_a_small_team_are_not(site: Site, world: World) -> None:
    page = site.browser(world.gerda).get("/team").text
    assert "Collega’s</h2>" in page and "collega’s</summary>" not in page


@pytest.mark.parametrize(
    ("asked", "said", "first"),
    [
        ("", "1 tot en met 10 van 45 verslagen", "Verslag 44"),
        ("2", "11 tot en met 20 van 45 verslagen", "Verslag 34"),
        ("5", "41 tot en met 45 van 45 verslagen", "Verslag 04"),
        ("99", "41 tot en met 45 van 45 verslagen", "Verslag 04"),
        ("twee", "1 tot en met 10 van 45 verslagen", "Verslag 44"),
    ],
)
def test_reports_of_years_stand_on_pages(
    large: Site, world: World, asked: str, said: str, first: str
) -> None:
    page = large.browser(world.gerda).get(f"/team/{world.team_noord}?verslagen={asked}").text
    assert said in page
    shown = re.findall(r"<strong>(Verslag \d\d)</strong>", page)
    assert shown[0] == first and len(shown) <= 10
    assert f'href="/team/{world.team_noord}?verslagen=' in page


def test_people_of_a_large_team_stand_on_pages(large: Site, world: World) -> None:
    beheer = large.browser(world.farid)
    where = f"/beheer/teams/{world.team_noord}"
    seen = []
    for number in range(1, 14):
        page = beheer.get(f"{where}?leden={number}").text
        names = re.findall(r"<strong>(Maat \d{3})</strong>", page)
        assert len(names) <= 25
        seen += names
    assert seen == [f"Maat {number:03}" for number in range(MATES)]
