"""The page that browsers keep for when there is no network: the card, and nothing of a person."""

from flask.testing import FlaskClient

from tests.support.pages import Site, give
from tests.support.world import World

ADDRESS = "/zonder-verbinding"
LOCKS = "/zonder-verbinding/slot"


def test_it_is_the_same_for_everyone_whatever_they_did(site: Site, world: World) -> None:
    anna = site.browser(world.anna)
    before = anna.get(ADDRESS).data
    give(site, anna)
    everyone = (anna, site.browser(world.gerda), site.browser(world.chris))
    assert {browser.get(ADDRESS).data for browser in everyone} == {before}


def test_it_holds_the_card_without_a_name_a_token_or_a_key(site: Site, world: World) -> None:
    page = site.browser(world.anna).get(ADDRESS)
    assert "Ik doe het anders" in page.text
    for word in (world.anna.name, "csrf_token", "data-zegel", "Hoofdmenu"):
        assert word not in page.text
    assert "Set-Cookie" not in page.headers


def test_what_waits_to_be_said_stays_for_a_page_of_the_person(site: Site, world: World) -> None:
    anna = site.browser(world.anna)
    with anna.session_transaction() as session:
        session["_flashes"] = [("ok", "Dit is voor Anna.")]
    assert "Dit is voor Anna." not in anna.get(ADDRESS).text
    assert "Dit is voor Anna." in anna.get("/").text


def test_what_the_browser_has_is_not_sent_again(site: Site, world: World) -> None:
    anna = site.browser(world.anna)
    tag = anna.get(ADDRESS).headers["ETag"]
    for encoding in ("identity", "gzip"):
        again = anna.get(ADDRESS, headers={"If-None-Match": tag, "Accept-Encoding": encoding})
        assert (again.status_code, again.data) == (304, b"")


def test_nobody_gets_no_card(client: FlaskClient, site: Site) -> None:
    assert client.get(ADDRESS).location == f"/inloggen?volgende={ADDRESS}"


def test_the_locks_are_the_same_after_an_answer_and_another_persons_differ(
    site: Site, world: World
) -> None:
    anna = site.browser(world.anna)
    before = anna.get(LOCKS)
    give(site, anna)
    assert anna.get(LOCKS).data == before.data
    assert before.json and set(before.json) == {"voor", "dag", "antwoord", "keuze"}
    others = site.browser(world.gerda).get(LOCKS).json
    assert others and not {others["antwoord"], others["keuze"]} & set(before.json.values())


def test_who_does_not_vote_gets_no_locks(site: Site, world: World, client: FlaskClient) -> None:
    assert site.browser(world.farid).get(LOCKS).status_code == 204
    assert client.get(LOCKS).status_code == 302
