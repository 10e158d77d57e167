"""Two chairs on the pages: said at the account, met once a week, and shown beside each other."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from kopkrakers.ballots.boxes import BOX, ENVELOPE
from kopkrakers.catalogue.editions.editions import CHAIR_WEEK, DAY
from kopkrakers.pools.chairs import choose_chair
from kopkrakers.pools.models import CHAIR
from kopkrakers.tallies.models import Tally
from tests.support.pages import ANSWER, OF_OTHERS, WHY, Site, open_site, send, words
from tests.support.tally_guard import unhooked
from tests.support.world import World

SLUG = "een-plek"


@pytest.fixture
def chairs(cards_dir: Path, request: pytest.FixtureRequest) -> Site:
    """One card is told by a leidinggevende; gerda leads since long."""
    path = cards_dir / f"{SLUG}.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[klantmanager]", "[leidinggevende]"), encoding="utf-8")
    app: Flask = request.getfixturevalue("app")
    world: World = request.getfixturevalue("world")
    site = open_site(app)
    with site.state.database.reading() as session:
        of_day = session.execute(select(DAY.c.dilemma).order_by(DAY.c.day)).scalars().first()
    site = replace(site, slug=str(of_day))
    with site.state.database.transaction() as session:
        long_ago = site.state.today() - timedelta(days=30)
        choose_chair(session, site.state.row_keys, world.gerda.id, leads=True, today=long_ago)
    return site


def count(site: Site, **scopes: tuple[int, int, int, int]) -> None:
    with unhooked(WHY), site.state.database.transaction() as session:
        for scope, counts in scopes.items():
            for option, n in zip("abcx", counts, strict=True):
                session.add(Tally(dilemma=SLUG, edition=1, scope=scope, option=option, n=n))
    site.sign_figures()


def chosen(site: Site) -> list[tuple[int, date, bool]]:
    with site.state.database.reading() as session:
        return [tuple(row)[:3] for row in session.execute(select(CHAIR))]


def test_one_tick_at_the_account_and_one_to_take_it_back(chairs: Site, world: World) -> None:
    anna = chairs.browser(world.anna)
    assert "checked" not in anna.get("/account").text.split('name="leiding"')[1][:40]
    sent = send(anna, "/account/stoel", leiding="ja")
    assert sent.headers["Location"].endswith("/account#stoel")
    page = anna.get("/account").text
    assert "checked" in page.split('name="leiding"')[1][:40]
    assert "Vanaf maandag antwoord je vanuit die stoel" in page
    send(anna, "/account/stoel", leiding="ja")
    today = chairs.state.today()
    assert (world.anna.id, today, True) in chosen(chairs)
    send(anna, "/account/stoel")
    assert (world.anna.id, today, False) in chosen(chairs)


def test_who_does_not_vote_has_no_chair(chairs: Site, world: World) -> None:
    dewi = chairs.browser(world.dewi)
    assert 'name="leiding"' not in dewi.get("/account").text
    assert send(dewi, "/account/stoel", leiding="ja").status_code == 403
    assert len(chosen(chairs)) == 1


def test_who_leads_meets_the_card_of_the_week_beside_that_of_the_day(
    chairs: Site, world: World
) -> None:
    with chairs.state.database.reading() as session:
        assert SLUG in set(session.execute(select(CHAIR_WEEK.c.dilemma)).scalars())
    gerda, anna = chairs.browser(world.gerda), chairs.browser(world.anna)
    page = words(gerda.get("/"))
    assert "Deze week vanuit jouw stoel" in page
    assert "Deze week" not in words(anna.get("/")), "until their own card is answered"
    day = chairs.url("antwoord")
    assert send(anna, day, **ANSWER).status_code == 303
    assert "Deze week van leidinggevenden" in words(anna.get("/"))
    send(gerda, f"/dilemma/{SLUG}/1/antwoord", **ANSWER)
    assert "Je antwoordde al." in words(gerda.get("/"))


def test_each_answers_from_their_own_chair(chairs: Site, world: World) -> None:
    for visitor in (world.gerda, world.anna, world.bram):
        browser = chairs.browser(visitor)
        assert "Wat doe jij in die stoel?" in words(browser.get(f"/dilemma/{SLUG}"))
        assert send(browser, f"/dilemma/{SLUG}/1/antwoord", **ANSWER).status_code == 303
    with chairs.state.database.reading() as session:
        boxes = select(BOX.c.kind).join(ENVELOPE, ENVELOPE.c.box_id == BOX.c.id)
        kinds = sorted(session.execute(boxes).scalars())
    assert kinds == ["gemeente", "gemeente", "leiding"]


def test_figures_of_both_chairs_stand_beside_each_other(chairs: Site, world: World) -> None:
    count(chairs, NL=(10, 30, 5, 5), L=(15, 5, 4, 1))
    for visitor, own, other in (
        (world.anna, "Klantmanagers", "Leiding"),
        (world.gerda, "Leiding", "Klantmanagers"),
    ):
        browser = chairs.browser(visitor)
        before = words(browser.get(f"/dilemma/{SLUG}"))
        assert not [text for text in (*OF_OTHERS, "Twee stoelen") if text in before]
        send(browser, f"/dilemma/{SLUG}/1/antwoord", **ANSWER)
        page = words(browser.get(f"/dilemma/{SLUG}/1/uitslag"))
        assert "Geteld: 50 antwoorden" in page and "Geteld: 25 antwoorden" in page
        assert page.index(f"{own}, alle gemeenten.") < page.index(f"{other}, alle gemeenten.")
        assert page.count("Jouw antwoord is nog niet geteld.") == 1
        assert "Twee stoelen, een andere keuze" in page
    assert "Vraag een klantmanager" in page


def test_without_figures_a_leader_reads_what_is_asked_of_their_chair(
    chairs: Site, world: World
) -> None:
    gerda = chairs.browser(world.gerda)
    send(gerda, f"/dilemma/{SLUG}/1/antwoord", **ANSWER)
    page = words(gerda.get(f"/dilemma/{SLUG}/1/uitslag"))
    assert "Leidinggevenden tellen we apart: pas vanaf 20 antwoorden" in page
    assert "Twee stoelen" not in page


def test_one_chair_counted_shows_that_one_alone(chairs: Site, world: World) -> None:
    count(chairs, NL=(10, 30, 5, 5))
    gerda = chairs.browser(world.gerda)
    send(gerda, f"/dilemma/{SLUG}/1/antwoord", **ANSWER)
    page = words(gerda.get(f"/dilemma/{SLUG}/1/uitslag"))
    assert "Geteld: 50 antwoorden" in page
    assert "Jouw antwoord is nog niet geteld." not in page, "it is counted among others"
    assert "Twee stoelen" not in page


def test_a_card_of_the_day_has_one_chair(chairs: Site, world: World) -> None:
    gerda = chairs.browser(world.gerda)
    send(gerda, chairs.url("antwoord"), **ANSWER)
    page = words(gerda.get(chairs.url("uitslag")))
    assert "Leiding, " not in page
