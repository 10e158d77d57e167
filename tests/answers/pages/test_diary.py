"""The pages of the diary: the same for every choice, and after the own answer alone."""

import re

import pytest
from flask import Flask

from kopkrakers.accounts.models import Role
from tests.support.pages import OPTIONS, Site, give, statements
from tests.support.world import World, add_person, browser_of

AT_MOST_FOR_A_PAGE = 8
PERSONAS = ["anna", "gerda", "chris", "dewi", "farid"]
FORM = re.compile(r'<form[^>]*method="dialog".*?</form>', re.DOTALL)
KEY = re.compile(r'\sdata-zegels?="[^"]+"')


@pytest.mark.parametrize("persona", PERSONAS)
def test_everybody_has_a_diary_of_their_own(app: Flask, world: World, persona: str) -> None:
    answer = browser_of(app, getattr(world, persona)).get("/dagboek")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_stranger_is_sent_to_sign_in(app: Flask, site: Site) -> None:
    for path in ("/dagboek", site.url("dagboek")):
        answer = app.test_client().get(path)
        assert (answer.status_code, answer.location) == (302, f"/inloggen?volgende={path}")


def test_a_dilemma_is_kept_after_the_own_answer_alone(site: Site, world: World) -> None:
    anna, path = site.browser(world.anna), site.url("dagboek")
    assert anna.get(path).location == f"/dilemma/{site.slug}"
    give(site, anna)
    assert anna.get(path).status_code == 200
    assert anna.get("/dilemma/bestaat-niet/1/dagboek").status_code == 404
    assert anna.get(site.url("dagboek", 9)).status_code == 404


def test_the_pages_are_the_same_whatever_was_chosen(site: Site, world: World) -> None:
    pages = set()
    for option in OPTIONS:
        with site.state.database.transaction() as session:
            team, role = world.team_noord, Role.KLANTMANAGER
            person = add_person(session, f"Kiest{option}", world.zaanstad, team, role)
        browser = site.browser(person)
        give(site, browser, optie=option)
        pages.add(
            tuple(
                KEY.sub("", browser.get(path).get_data(as_text=True))
                for path in (site.url("dagboek"), "/dagboek")
            )
        )
    assert len(pages) == 1


def test_no_field_has_a_name_by_which_a_browser_could_send_it(site: Site, world: World) -> None:
    anna = site.browser(world.anna)
    give(site, anna)
    for path in (site.url("dagboek"), "/dagboek"):
        forms = FORM.findall(anna.get(path).get_data(as_text=True))
        assert forms
        assert [form for form in forms if re.search(r"\s(name|action)=", form)] == []


@pytest.mark.parametrize("path", ["/dagboek", "/dilemma/{slug}/1/dagboek"])
def test_nothing_can_be_sent_there(site: Site, world: World, path: str) -> None:
    anna = site.browser(world.anna)
    give(site, anna)
    assert anna.post(path.format(slug=site.slug), data={"waarom": "zomaar"}).status_code == 405


def test_what_most_people_chose_stands_there_for_who_answered_alone(
    site: Site, world: World
) -> None:
    site.add_figures()
    outcome = f'<li data-uitkomst="{site.slug}.1">a</li>'
    anna, gerda = site.browser(world.anna), site.browser(world.gerda)
    give(site, anna)
    assert outcome in anna.get("/dagboek").get_data(as_text=True)
    assert "data-uitkomst" not in gerda.get("/dagboek").get_data(as_text=True)


def test_the_pages_ask_as_little_of_the_database_as_others(site: Site, world: World) -> None:
    anna = site.browser(world.anna)
    give(site, anna)
    for path in ("/dagboek", site.url("dagboek")):
        with statements() as asked:
            anna.get(path)
        assert len(asked) <= AT_MOST_FOR_A_PAGE
