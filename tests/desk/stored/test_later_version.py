"""A card that a later version of the program finds faulty: the counter and every page go on."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import Vote, cast_answer
from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.catalogue.stellingen.daily import kept_options
from kopkrakers.catalogue.stored.models import CARD_VERSION
from kopkrakers.operations.leaving.exporting import everything_of
from kopkrakers.tallies.models import NL, TALLY
from tests.desk.editing import Redacteur, press, save, token_of
from tests.support.clock import StoppedClock
from tests.support.pages import Site, open_site
from tests.support.voters import voter_of
from tests.support.world import ROW_KEYS, World, add_people, browser_of

CHOICES = "aaaaabbbccx"
LATER = "nieuw_veld: een veld van later\n"
"""What this version of the program knows nothing of, and refuses."""


@pytest.fixture
def site(app: Flask, world: World, esra: Redacteur, settings: Settings) -> Site:
    """Today's dilemma, a card of the desk, with answers that wait."""
    with app.extensions["kopkrakers"].database.transaction() as session:
        people = add_people(session, world.zaanstad, len(CHOICES))
    site = open_site(app)
    esra.browser.post(f"/redactie/kaarten/{site.slug}/overnemen", data=token_of(esra.browser))
    with site.state.database.transaction() as session:
        for user_id, option in zip(people, CHOICES, strict=True):
            cast_answer(
                session,
                Vote(
                    voter=voter_of(settings, user_id),
                    gemeente_id=world.zaanstad,
                    dilemma=site.slug,
                    edition=1,
                    answer=Answer(option, "w"),
                ),
                today=site.state.today(),
                mac_keys=ROW_KEYS,
            )
    return site


@pytest.fixture
def later(site: Site, settings: Settings, clock: StoppedClock) -> Iterator[Site]:
    """The site as it starts again, after an update that finds this card and its edition faulty."""
    _spoil(site.state.database, site.slug)
    # one that was begun at the desk has no file to fall back on
    (settings.cards_dir / f"{site.slug}.md").unlink()
    app = create_app(settings, clock=clock)
    app.testing = True
    yield replace(site, app=app)
    app.extensions["kopkrakers"].database.dispose()


def _spoil(database: Database, slug: str) -> None:
    with database.transaction() as session:
        for table, named in ((CARD_VERSION, CARD_VERSION.c.slug), (EDITION, EDITION.c.dilemma)):
            of_slug = named == slug
            source = session.execute(select(table.c.source).where(of_slug)).scalars().first()
            assert source is not None
            spoiled = source.replace("---\n", f"---\n{LATER}", 1)
            session.execute(update(table).where(of_slug).values(source=spoiled))


def totals(site: Site) -> dict[str, int]:
    which = select(TALLY.c.option, TALLY.c.n).where(TALLY.c.scope == NL)
    with site.state.database.reading() as session:
        return {row.option: row.n for row in session.execute(which)}


def statuses(app: Flask, browser: FlaskClient) -> dict[str, int]:
    """The hundreds of the status of every page that has no part of its own in its address."""
    found = {}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments:
            found[rule.rule] = browser.get(rule.rule).status_code // 100
    return found


def test_the_counter_counts_what_waits_and_goes_on(later: Site, clock: StoppedClock) -> None:
    for _ in range(3):
        clock.move(minutes=15)
        later.tick()
    assert totals(later) == {option: CHOICES.count(option) for option in "abcx"}


def test_what_waits_for_a_card_that_was_withdrawn_is_counted(
    site: Site, esra: Redacteur, clock: StoppedClock
) -> None:
    address = f"/redactie/kaarten/{site.slug}/intrekken"
    reason = f"De wet klopt niet meer. {'Lees dit. ' * 90}Tot hier."
    why = token_of(esra.browser) | {"tekst": reason}
    assert esra.browser.post(address, data=why).status_code == 303
    assert reason in esra.browser.get(f"/redactie/kaarten/{site.slug}").text
    trail = " ".join(esra.browser.get("/redactie/handelingen").text.split())
    assert "trok een kaart in" in trail and "nam een kaart over uit een bestand" in trail
    site.state.library._reread_at = 0
    assert site.state.library.is_withdrawn(site.slug)
    for _ in range(3):
        clock.move(minutes=15)
        site.tick()
    assert totals(site) == {option: CHOICES.count(option) for option in "abcx"}


@pytest.mark.parametrize("who", ["anna", "gerda", "esra"])
def test_every_page_answers_as_before(
    site: Site,
    later: Site,
    world: World,
    esra: Redacteur,
    who: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    visitor = {"anna": world.anna, "gerda": world.gerda, "esra": esra.who}[who]
    before = statuses(site.app, browser_of(site.app, visitor))
    assert before["/"] == before["/archief"] == before["/abc"] == 2
    capfd.readouterr()
    assert statuses(later.app, browser_of(later.app, visitor)) == before
    log = capfd.readouterr()
    # once, and not at every page
    assert (log.out + log.err).count("kept_wording_unreadable") == 1


def test_its_own_page_says_why_it_is_away(later: Site, world: World, esra: Redacteur) -> None:
    anna = later.browser(world.anna)
    for address in (f"/dilemma/{later.slug}", later.url("uitslag")):
        page = anna.get(address)
        assert page.status_code == 404
        assert "in de kaart zit een fout. De redactie weet het." in page.text
    desk = later.browser(esra.who)
    assert f"{later.slug}.md" in desk.get("/redactie").text
    assert "nieuw_veld" in desk.get(f"/redactie/kaarten/{later.slug}").text


def test_once_the_redactie_mended_it_everybody_sees_it_again(
    later: Site, world: World, esra: Redacteur, guus: Redacteur
) -> None:
    writer, reader = later.browser(esra.who), later.browser(guus.who)
    with later.state.database.reading() as session:
        source = session.execute(select(CARD_VERSION.c.source)).scalar_one()
    save(writer, source.replace(LATER, ""), version=1, slug=later.slug)
    press(writer, "vraag", 2, slug=later.slug)
    assert press(reader, "publiceer", 2, slug=later.slug).status_code == 303
    later.state.library._reread_at = 0
    assert later.browser(world.anna).get(f"/dilemma/{later.slug}").status_code == 200


def test_a_gemeente_that_leaves_takes_its_figures_along(later: Site, world: World) -> None:
    with later.state.database.transaction() as session:
        session.execute(text("UPDATE edition SET settled = true"))
    with later.state.database.reading() as session:
        assert everything_of(session, world.zaanstad, ROW_KEYS, later.state.now())


@pytest.mark.parametrize(
    ("source", "options"),
    [
        (f"---\n{LATER}werkwijzen: [1, 2]\n---\n", ("a", "b", "x")),
        (f"---\n{LATER}werkwijzen: [1, 2, 3, 4]\n---\n", ("a", "b", "c", "d", "x")),
        # nothing to be seen: a vote on what cannot be counted would be lost
        ("---\nwerkwijzen: 'twee'\n---\n", ("a", "b", "c", "d", "x")),
        ("kapot", ("a", "b", "c", "d", "x")),
    ],
)
def test_the_options_of_a_faulty_card_are_still_known(source: str, options: Sequence[str]) -> None:
    assert kept_options("een-plek", source) == options


def test_a_stelling_has_its_answers_whatever_became_of_its_set() -> None:
    assert kept_options("stelling-weg", "kapot") == ("a", "b", "c")
