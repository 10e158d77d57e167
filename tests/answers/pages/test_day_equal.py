"""Whatever is chosen, the answer has the same bytes and the same few statements."""

import gzip
import re

import pytest

from kopkrakers.catalogue.editions.models import Edition
from tests.answers.equal_pages import AT_MOST_FOR_A_PAGE, CHOICES, seen, voters
from tests.support.clock import StoppedClock
from tests.support.pages import (
    ANSWER,
    OPTIONS,
    Site,
    give,
    send,
    statements,
    token_of,
    words,
)
from tests.support.tally_guard import unhooked
from tests.support.world import World

AT_MOST_FOR_AN_ANSWER = 12
CHOICES += [{"zeker": "-", "verwacht": "-"}, {"zeker": "3", "verwacht": "c", "ervaring": "3"}]


def test_the_answer_is_the_same_for_every_choice(site: Site, world: World) -> None:
    site.add_figures(str(world.zaanstad))
    # who sees figures first reads all of them, whatever that choice was
    first = site.browser(world.gerda)
    give(site, first)
    first.get(site.url("uitslag"))
    for htmx in (False, True):
        answers, asked = [], []
        for visitor, choice in zip(voters(site, world, f"Collega{htmx}"), CHOICES, strict=True):
            browser = site.browser(visitor)
            with statements() as sent:
                answers.append(seen(give(site, browser, htmx=htmx, **choice)))
            asked.append([statement.split("(")[0] for statement in sent])
        assert all(answer == answers[0] for answer in answers)
        assert all(statement == asked[0] for statement in asked)


def test_a_packed_answer_is_as_long_for_every_choice(site: Site, world: World) -> None:
    """What goes over the wire is shorter than the page, and no choice makes it longer."""
    site.add_figures(str(world.zaanstad))
    lengths, left, own = set(), set(), set()
    for visitor, choice in zip(voters(site, world), CHOICES, strict=True):
        browser = site.browser(visitor)
        fields = ANSWER | choice | {"csrf_token": token_of(browser)}
        headers = {"HX-Request": "true", "Accept-Encoding": "gzip"}
        answer = browser.post(site.url("antwoord"), data=fields, headers=headers)
        assert answer.headers["Content-Encoding"] == "gzip"
        html = gzip.decompress(answer.data).decode()
        assert len(answer.data) < len(html) / 2
        lengths.add(len(answer.data))
        # it is drawn once for all of them: each gets their own seals and token in it, no one else's
        seals = site.state.edition_keys(visitor.id, f"{site.slug}.1")
        assert seals in html
        own |= {seals, *re.findall(r'name="csrf_token" value="([^"]+)"', html)}
        left.add(re.sub(r'(value|data-zegels)="[^"]+"', "", html))
    assert len(lengths) == len(left) == 1
    assert len(own) == 2 * len(CHOICES)


def test_every_page_afterwards_is_the_same_for_every_choice(site: Site, world: World) -> None:
    site.add_figures(str(world.zaanstad))
    pages: dict[str, list[tuple[object, ...]]] = {}
    for visitor, choice in zip(voters(site, world), CHOICES, strict=True):
        browser = site.browser(visitor)
        give(site, browser, **choice)
        for url in (site.url("uitslag"), "/", "/archief", "/team", f"/dilemma/{site.slug}"):
            pages.setdefault(url, []).append(seen(browser.get(url)))
        pages.setdefault("weer", []).append(seen(give(site, browser)))
        pages.setdefault("terug", []).append(seen(send(browser, site.url("terugnemen"), htmx=True)))
    for url, versions in pages.items():
        assert all(version == versions[0] for version in versions), url


def test_what_is_sent_is_as_long_for_every_choice(site: Site, world: World) -> None:
    assert len({len("".join((ANSWER | choice).values())) for choice in CHOICES}) == 1
    page = site.browser(world.anna).get("/").get_data(as_text=True)
    values = re.findall(r'<input type="radio" name="\w+" value="([^"]*)"', page)
    assert values and {len(value) for value in values} == {1}


def test_what_is_skipped_is_sent_as_well(site: Site, world: World) -> None:
    """So that a request is not shorter for whoever skips a question."""
    page = site.browser(world.anna).get("/").get_data(as_text=True)
    checked = re.findall(r'<input type="radio" name="(\w+)" value="-" checked', page)
    assert checked == ["zeker", "verwacht"]
    assert 'name="ervaring" value="-"' in page


def test_a_form_that_comes_back_is_as_long_for_every_choice(site: Site, world: World) -> None:
    browser = site.browser(world.anna)
    lengths = {
        len(browser.post(site.url("antwoord"), data=ANSWER | {"optie": option}).get_data())
        - len(token_of(browser))
        for option in OPTIONS
    }
    assert len(lengths) == 1


def test_an_answer_asks_the_database_little(site: Site, world: World, clock: StoppedClock) -> None:
    for htmx, visitor in ((False, world.anna), (True, world.bram)):
        browser = site.browser(visitor)
        clock.move(minutes=1)
        with statements() as sent:
            give(site, browser, htmx=htmx)
        assert len(sent) <= AT_MOST_FOR_AN_ANSWER, sent


def test_every_page_asks_the_database_little(site: Site, world: World, clock: StoppedClock) -> None:
    site.add_figures(str(world.zaanstad))
    browser, newcomer = site.browser(world.anna), site.browser(world.bram)
    give(site, browser)
    for url in (
        "/",
        f"/dilemma/{site.slug}",
        site.url("uitslag"),
        "/archief",
        "/archief/lijst?zoek=sam",
        "/team",
    ):
        for who in (browser, newcomer):
            clock.move(minutes=1)
            with statements() as sent:
                who.get(url)
            assert len(sent) <= AT_MOST_FOR_A_PAGE, (url, sent)


def test_a_closed_result_asks_the_database_little(
    site: Site, world: World, clock: StoppedClock
) -> None:
    with site.state.database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE edition SET frozen = true")
    browser = site.browser(world.anna)
    for url in (site.url("uitslag"), f"/dilemma/{site.slug}", f"/dilemma/{site.slug}/1"):
        clock.move(minutes=1)
        with statements() as sent:
            assert browser.get(url).status_code == 200
        assert len(sent) <= AT_MOST_FOR_A_PAGE, (url, sent)


def open_second_edition(site: Site) -> None:
    """Close the edition of today, which was counted, and open a second one of the same dilemma."""
    with site.state.database.transaction() as session:
        first = session.get_one(Edition, (site.slug, 1))
        second = Edition(**first.model_dump() | {"number": 2, "pools": None})
        first.frozen = first.settled = True
        session.add(second)
    site.tick()


@pytest.mark.parametrize("counted", [True, False])
def test_a_second_edition_asks_the_database_as_little(
    site: Site, world: World, clock: StoppedClock, counted: bool
) -> None:
    site.add_figures(str(world.zaanstad))
    site.add_reasons(w=(60, 30, 20, 10), r=(40, 40, 30, 20))
    open_second_edition(site)
    if counted:
        with unhooked("the second edition is counted too"), site.state.database.transaction() as db:
            for of, rest in (
                ("tally", "scope, option, n"),
                ("attribute_tally", "attribute, value, option, n"),
            ):
                db.connection().exec_driver_sql(
                    f"INSERT INTO {of} (dilemma, edition, {rest}) "
                    f"SELECT dilemma, 2, {rest} FROM {of}"
                )
        site.sign_figures()
    browser = site.browser(world.anna)
    with statements() as sent:
        send(browser, site.url("antwoord", 2), **ANSWER)
    assert len(sent) <= AT_MOST_FOR_AN_ANSWER, sent
    clock.move(minutes=1)
    with statements() as sent:
        assert browser.get(site.url("uitslag", 2)).status_code == 200
    assert len(sent) <= AT_MOST_FOR_A_PAGE, sent


def test_what_is_rendered_once_follows_the_card_the_figures_and_the_person(
    site: Site, world: World
) -> None:
    site.add_figures(str(world.zaanstad), counts=(40, 20, 10, 7))
    anna, chris = site.browser(world.anna), site.browser(world.chris)
    give(site, anna)
    give(site, chris)
    first = words(anna.get(site.url("uitslag")))
    path = site.state.settings.cards_dir / f"{site.slug}.md"
    path.write_text(path.read_text().replace("Het werkt snel.", "Het werkt meteen."))
    site.state.library._reread_at = 0.0
    assert "Het werkt snel." in first
    assert "Het werkt meteen." in words(anna.get(site.url("uitslag")))
    page = chris.get(site.url("uitslag")).get_data(as_text=True)
    assert "Zaanstad" not in page and f'name="team" value="{world.team_almere}"' in page
