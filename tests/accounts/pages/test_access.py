"""Every page and button of accounts, tried by everyone."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.signing_in import csrf_of
from tests.support.world import World, browser_of

OWN = [
    "/account",
    "/account/handelingen",
    "/account/wachtwoord",
    "/account/verwijderen",
    "/account/tweede-stap",
    "/nieuw",
]
BEHEER = [
    "/beheer",
    "/beheer/handelingen",
    "/beheer/tweede-stap",
    "/beheer/uitnodigen",
    "/beheer/teams/1",
    "/beheer/mensen/1",
    "/beheer/mensen/1/verwijderen",
]
BEHEER_POSTS = [
    "/beheer/tweede-stap",
    "/beheer/mensen",
    "/beheer/teams",
    "/beheer/teams/1",
    "/beheer/teams/1/ritme",
    "/beheer/teams/1/link",
    "/beheer/teams/1/link/intrekken",
    "/beheer/uitnodigen",
    "/beheer/uitnodigen/lijst",
    "/beheer/uitnodigen/lijst/versturen",
    "/beheer/uitnodigen/nog-een-keer",
    "/beheer/uitnodigen/stoppen",
    "/beheer/uitnodigingen/1/intrekken",
    *(
        f"/beheer/mensen/1/{what}"
        for what in (
            "teams",
            "rollen",
            "stilzetten",
            "aanzetten",
            "nieuw-wachtwoord",
            "tweede-stap-weg",
        )
    ),
    "/beheer/mensen/1/verwijderen",
]
OWN_POSTS = [
    "/account/overal-uitloggen",
    "/account/toestel-uitloggen",
    "/account/pauze",
    "/account/pauze/stop",
    "/account/tweede-stap",
    "/account/tweede-stap/klopt",
    "/account/tweede-stap/codes",
    "/account/tweede-stap/weg",
]
RHYTHM = "/team/1/ritme"
"""The one button here that is the begeleider's."""
PERSONAS = ["anna", "bram", "gerda", "chris", "dewi", "farid"]


def test_a_stranger_is_sent_to_sign_in(client: FlaskClient) -> None:
    for path in OWN + BEHEER:
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (302, f"/inloggen?volgende={path}")


@pytest.mark.parametrize("persona", PERSONAS)
def test_beheer_is_for_the_beheerder_and_the_account_for_everyone(
    app: Flask, world: World, persona: str
) -> None:
    browser = browser_of(app, getattr(world, persona))
    answers = {path: browser.get(path) for path in OWN + BEHEER}
    assert {path: answer.status_code for path, answer in answers.items()} == {
        path: 200 if path in OWN or persona == "farid" else 403 for path in OWN + BEHEER
    }
    assert all("no-store" in answer.headers["Cache-Control"] for answer in answers.values())


@pytest.mark.parametrize("persona", ["anna", "gerda", "chris", "dewi"])
def test_no_button_of_beheer_works_for_anyone_else(app: Flask, world: World, persona: str) -> None:
    browser = browser_of(app, getattr(world, persona))
    token = csrf_of(browser.get("/account"))
    assert {
        browser.post(path, data={"csrf_token": token}).status_code for path in BEHEER_POSTS
    } == {403}


@pytest.mark.parametrize("persona", ["anna", "chris", "dewi", "farid"])
def test_the_rhythm_of_a_team_is_for_its_begeleider(app: Flask, world: World, persona: str) -> None:
    browser = browser_of(app, getattr(world, persona))
    sent = {"csrf_token": csrf_of(browser.get("/account")), "ritme": "weekly"}
    assert browser.post(f"/team/{world.team_noord}/ritme", data=sent).status_code == 403


def test_no_button_works_for_a_stranger(app: Flask, world: World) -> None:
    stranger = app.test_client()
    token = csrf_of(stranger.get("/inloggen"))
    for path in [*BEHEER_POSTS, *OWN_POSTS, RHYTHM]:
        answer = stranger.post(path, data={"csrf_token": token})
        assert answer.status_code == 302 and answer.location.startswith("/inloggen")


def test_no_button_works_without_its_form_token(app: Flask, world: World) -> None:
    farid = browser_of(app, world.farid)
    buttons = [*BEHEER_POSTS, *OWN_POSTS, RHYTHM, "/uitloggen", "/account/verwijderen"]
    assert {farid.post(path).status_code for path in buttons} == {403}


def test_every_route_of_accounts_is_tried_here_or_open_to_all(app: Flask) -> None:
    rules = {
        rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("accounts.")
    }
    number = "<int(max=2147483647):{}>"
    tried = {
        path.replace("team/1", "team/" + number.format("team_id"))
        .replace("teams/1", "teams/" + number.format("team_id"))
        .replace("mensen/1", "mensen/" + number.format("user_id"))
        .replace("uitnodigingen/1", "uitnodigingen/" + number.format("invitation_id"))
        for path in [*OWN, *BEHEER, *BEHEER_POSTS, *OWN_POSTS, RHYTHM]
    }
    open_to_all = {"/inloggen", "/inloggen/demo", "/uitloggen", "/wachtwoord-vergeten"}
    at = "/inloggen/bij/<slug>"
    by_provider = {at, f"{at}/werkaccount", f"{at}/terug", f"{at}/uitgelogd"}
    open_to_all |= by_provider | {"/inloggen/werkaccount", "/inloggen/tweede-stap"}
    assert rules == tried | open_to_all | {"/uitnodiging/<token>", "/t/<token>"}
