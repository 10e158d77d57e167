"""A token on every POST; a form that holds a choice may ask again."""

import re

from flask import Flask
from flask.testing import FlaskClient

from kopkrakers.web.errors import OPEN_TOO_LONG
from tests.support.clock import StoppedClock
from tests.support.pages import address_of
from tests.support.world import World, browser_of


def token_from(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/inloggen").text)
    assert found is not None
    return found[1]


def test_a_post_without_a_token_changes_nothing_and_says_how_to_go_on(anyone: FlaskClient) -> None:
    anyone.get("/inloggen")
    page = anyone.post("/post", data={"optie": "a"})
    assert page.status_code == 403
    assert OPEN_TOO_LONG in page.text


def test_a_token_of_another_session_does_not_count(anyone: FlaskClient, faulty: Flask) -> None:
    theirs = token_from(faulty.test_client())
    assert anyone.post("/post", data={"csrf_token": theirs}).status_code == 403


def test_a_token_lives_as_long_as_its_session(anyone: FlaskClient, clock: StoppedClock) -> None:
    token = token_from(anyone)
    clock.move(days=30)
    assert anyone.post("/post", data={"csrf_token": token, "optie": "a"}).text == "gekregen a"


def test_a_form_that_asks_again_checks_the_token_itself(anyone: FlaskClient) -> None:
    assert anyone.post("/formulier").text == "eigen controle"


def test_no_post_route_takes_anything_without_a_token(app: Flask, world: World) -> None:
    app.testing = False
    farid = browser_of(app, world.farid)
    posts = [rule for rule in app.url_map.iter_rules() if rule.methods and "POST" in rule.methods]
    for rule in posts:
        page = farid.post(address_of(rule.rule), data={"naam": "x"})
        # whoever is signed in goes on, and nothing sent is read
        if rule.rule in ("/inloggen", "/inloggen/werkaccount"):
            assert page.location == "/"
            continue
        assert page.status_code >= 400, f"{rule.rule} took a POST without a token"
        assert page.status_code < 500, f"{rule.rule} failed"
