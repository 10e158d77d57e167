"""Pages with lists that only ever grow stay as large, and every item can be reached."""

import json
import re
from dataclasses import dataclass
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update
from sqlmodel import Session

from kopkrakers.accounts.models import Role
from kopkrakers.catalogue.stored.models import CARD_VERSION
from kopkrakers.research.pages.terms import accept
from kopkrakers.research.release.releases import RELEASE
from tests.benchmarks.size.filling import (
    Size,
    add_desk,
    add_inbox,
    add_releases,
    add_sessions,
    add_trail,
    publish,
)
from tests.support.pages import Site, forget_what_was_shown, statements
from tests.support.tally_guard import unhooked
from tests.support.world import World, add_person, add_team

TEAMS, DEEDS, REPORTS, SENT, VERSIONS, RELEASES, OVERVIEW = 30, 120, 150, 24, 14, 15, 130
"""Numbers of things that fill more than one page; a tenth as many sessions as reports, and half of
what was sent in is done with.
"""
NOW_AND_THEN = re.compile(r"browser_session|\(card_version.slug, card_version.number\) IN")
"""In statements by which a process looks up anew who asks, and the cards of the desk."""


@dataclass(frozen=True)
class Grown:
    """A site with much of everything. `card`: one of the desk with as many versions as rows."""

    site: Site
    world: World
    card: str
    leader_id: int
    leader: FlaskClient
    onderzoeker: FlaskClient

    def get(self, path: str) -> str:
        """Return a page, by whoever may open it."""
        browser = self.onderzoeker if path.startswith("/onderzoek") else self.leader
        answer = browser.get(path.format(team=self.world.team_noord, card=self.card))
        assert answer.status_code == 200
        return answer.text


@pytest.fixture
def grown(site: Site, world: World) -> Grown:
    """A team that met for years, a desk that got much, and a release for each month."""
    kept = site.state
    roles = (Role.KLANTMANAGER, Role.BEHEERDER, Role.BEGELEIDER, Role.REDACTEUR)
    with kept.database.transaction() as session:
        leader = add_person(session, "Lies", world.zaanstad, world.team_noord, *roles)
        publish(session, kept)
        accept(session, world.dewi.id)
        card = add_desk(session, kept, VERSIONS, leader.id)
        for number in range(TEAMS - 2):
            add_team(session, world.zaanstad, f"Team {number}")
    found = Grown(site, world, card, leader.id, site.browser(leader), site.browser(world.dewi))
    grow(found)
    return found


@pytest.fixture
def released(grown: Grown) -> Grown:
    """The same, with a release for each month."""
    kept = grown.site.state
    size = Size(accounts=0, answers=0, cards=0, mates=0, rows=RELEASES - 1)
    with unhooked("pages show totals, whoever counted them"):
        add_releases(kept, size, kept.today())
    with kept.database.transaction() as session:
        lengthen_overview(session)
    return grown


def grow(grown: Grown) -> None:
    """Let so much more happen."""
    kept, world = grown.site.state, grown.world
    with kept.database.transaction() as session:
        add_trail(session, kept, DEEDS, world.zaanstad, grown.leader_id)
        add_sessions(session, kept, REPORTS, world.team_noord, grown.leader_id)
        add_inbox(session, kept, SENT)


def lengthen_overview(session: Session) -> None:
    """Let the newest release tell of more dilemmas than there are cards here."""
    newest = select(func.max(RELEASE.c.number)).scalar_subquery()
    row = session.execute(select(RELEASE).where(RELEASE.c.number == newest)).one()
    about = json.loads(row.tables)
    counted = next(one for one in about["overview"] if one["options"])
    about["overview"] = [counted | {"dilemma": f"kaart-{n}"} for n in range(OVERVIEW)]
    longer = update(RELEASE).where(RELEASE.c.number == row.number)
    session.execute(longer.values(tables=json.dumps(about)))


def cost_of(grown: Grown, path: str) -> tuple[int, int, int]:
    """Return the elements of a page, its statements, and its length in hundreds of characters."""
    forget_what_was_shown()
    with statements() as made:
        text = grown.get(path)
    own = [statement for statement in made if not NOW_AND_THEN.search(statement)]
    return len(re.findall(r"<[a-z]", text)), len(own), len(text) // 100


@pytest.mark.parametrize(
    "path",
    [
        "/redactie",
        "/redactie/handelingen",
        "/beheer/handelingen",
        "/account/handelingen",
        "/team/{team}",
    ],
)
def test_twice_as_much_costs_a_page_no_element_and_no_statement(grown: Grown, path: str) -> None:
    before = cost_of(grown, path)
    grow(grown)
    after = cost_of(grown, path)
    assert after[:2] == before[:2]
    assert after[2] <= before[2] + 5


def test_more_versions_cost_the_page_of_a_card_no_element_and_no_statement(grown: Grown) -> None:
    path = "/redactie/kaarten/{card}"
    before = cost_of(grown, path)
    with grown.site.state.database.transaction() as session:
        few = (CARD_VERSION.c.slug == grown.card, CARD_VERSION.c.number.between(2, 4))
        session.execute(delete(CARD_VERSION).where(*few))
    assert cost_of(grown, path)[:2] == before[:2]


def test_more_releases_cost_the_page_about_them_no_element(released: Grown) -> None:
    before = cost_of(released, "/onderzoek/over")
    with released.site.state.database.transaction() as session:
        session.execute(delete(RELEASE).where(RELEASE.c.number.between(2, 3)))
    assert cost_of(released, "/onderzoek/over")[:2] == before[:2]


@pytest.mark.parametrize(
    ("path", "label", "item", "total"),
    [
        ("/redactie", "Bladeren door meldingen", r'/meldingen/([0-9a-f]{32})"', SENT // 2),
        ("/redactie/handelingen", "Bladeren door handelingen", r"kaart-(\d+)", DEEDS // 2),
        ("/beheer/handelingen", "Bladeren door handelingen", r"kaart-(\d+)", DEEDS // 2),
        ("/account/handelingen", "Bladeren door handelingen", r"kaart-(\d+)", DEEDS),
        ("/beheer", "Bladeren door teams", r'/beheer/teams/(\d+)"', TEAMS),
        ("/team/{team}", "Bladeren door sessies", r'/intervisie/(\w+)/regie"', REPORTS // 10),
        ("/team/{team}", "Bladeren door verslagen", r"<strong>Verslag (\d+)<", REPORTS),
        ("/redactie/kaarten/{card}", "Bladeren door versies", r'/versies/(\d+)"', VERSIONS),
    ],
)
def test_every_item_is_met_once_by_turning_pages(
    grown: Grown, path: str, label: str, item: str, total: int
) -> None:
    met = met_on_the_way(grown, path, label, item)
    assert len(met) == total and len(set(met)) == total


@pytest.mark.parametrize(
    ("path", "label", "item", "total"),
    [
        ("/onderzoek/over", "Bladeren door uitgaven", r'/uitgaven/(\d+)"', RELEASES),
        ("/onderzoek/overzicht", "Bladeren door dilemma’s", r"dilemma=kaart-(\d+)", OVERVIEW),
    ],
)
def test_every_release_and_dilemma_is_met_once_by_turning_pages(
    released: Grown, path: str, label: str, item: str, total: int
) -> None:
    met = met_on_the_way(released, path, label, item)
    assert len(met) == total and len(set(met)) == total


@pytest.mark.parametrize("which", ["ingezonden", "afgehandeld"])
def test_every_story_is_met_once_with_those_of_its_kind(grown: Grown, which: str) -> None:
    # both kinds stand on the page: what is turned changes, the other begins each time
    label = f"Bladeren door verhalen: {which}"
    met = met_on_the_way(grown, "/redactie", label, r'/ingezonden/(\w+)"')
    assert len(set(met)) == SENT // 2 + 10


def met_on_the_way(grown: Grown, path: str, label: str, item: str) -> list[str]:
    """Return all that stands on the pages that "Volgende" leads to, one after the other."""
    met: list[str] = []
    there: str | None = path
    while there is not None:
        text = grown.get(there)
        met += re.findall(item, text)
        there = next_in(text, label)
    return met


def next_in(text: str, label: str) -> str | None:
    """Return the address of the next page, by the links with this label; None on the last."""
    links = re.search(rf'<nav [^>]*aria-label="{label}">(.*?)</nav>', unescape(text), re.DOTALL)
    assert links is not None
    found = re.search(r'href="([^"#]+)[^"]*">Volgende<', links[1])
    return found[1] if found else None
