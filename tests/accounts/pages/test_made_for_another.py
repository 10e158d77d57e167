"""A form says for whom it was made; a refusal says which cause holds."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kopkrakers.accounts.visitor import Visitor
from kopkrakers.base.db import Database
from kopkrakers.web.csrf import NO_COOKIE
from tests.support.pages import ANSWER, open_site, token_of, words
from tests.support.signing_in import PASSWORD, csrf_of, sign_in, user
from tests.support.world import World, browser_of

NOW_AS = "Je bent nu ingelogd als"


def sign_in_next(browser: FlaskClient, app: Flask, visitor: Visitor) -> None:
    """Let the next person sign in on the same browser."""
    theirs = browser_of(app, visitor)
    with theirs.session_transaction() as session:
        kept = dict(session)
    with browser.session_transaction() as session:
        session.clear()
        session.update(kept)


@pytest.mark.parametrize("htmx", [False, True])
def test_the_card_of_the_one_before_is_not_sent_for_the_next(
    app: Flask, world: World, htmx: bool
) -> None:
    site = open_site(app)
    browser = site.browser(world.anna)
    old = token_of(browser)
    sign_in_next(browser, app, world.bram)
    headers = {"HX-Request": "true"} if htmx else {}
    sent = {"csrf_token": old} | ANSWER
    answer = browser.post(site.url("antwoord"), data=sent, headers=headers)
    assert answer.status_code == 403
    assert f"{NOW_AS} {world.bram.name}" in words(answer) and 'type="radio"' not in answer.text
    assert browser.post(site.url("antwoord"), data=sent, headers=headers).status_code == 403
    fresh = {"csrf_token": token_of(browser)} | ANSWER
    assert browser.post(site.url("antwoord"), data=fresh).status_code == 303


def test_a_button_of_the_one_before_names_who_is_signed_in(
    app: Flask, world: World, database: Database
) -> None:
    browser = browser_of(app, world.anna)
    old = token_of(browser)
    sign_in_next(browser, app, world.bram)
    answer = browser.post("/account/overal-uitloggen", data={"csrf_token": old})
    assert answer.status_code == 403 and f"{NOW_AS} {world.bram.name}" in words(answer)
    assert user(database, world.bram.id).generation == 0


def test_a_form_of_the_same_person_only_stood_open_too_long(app: Flask, world: World) -> None:
    site = open_site(app)
    browser = site.browser(world.anna)
    old = token_of(browser)
    sign_in_next(browser, app, world.anna)
    answer = browser.post(site.url("antwoord"), data={"csrf_token": old} | ANSWER)
    assert answer.status_code == 422 and "Deze pagina stond lang open." in words(answer)


def test_a_page_carries_no_sign_of_others(app: Flask, world: World) -> None:
    with browser_of(app, world.anna).session_transaction() as session:
        annas = session["csrf_token"].partition(".")[0]
    with browser_of(app, world.bram).session_transaction() as session:
        brams = session["csrf_token"].partition(".")[0]
    assert annas != brams and len(annas) == len(brams) == 16
    assert str(world.anna.id) != annas


def test_who_signed_in_in_another_tab_goes_on_and_nothing_is_erased(
    client: FlaskClient, with_passwords: World
) -> None:
    old = csrf_of(client.get("/inloggen"))
    sign_in(client)
    fields = {"csrf_token": old, "adres": "anna@voorbeeld.nl", "wachtwoord": PASSWORD}
    answer = client.post("/inloggen", data=fields | {"volgende": "/account"})
    assert answer.status_code == 303 and answer.location == "/account"
    page = client.get("/account")
    assert "Je was al ingelogd als" in words(page) and "Je bent hier uitgelogd" not in words(page)


def test_a_form_made_for_nobody_is_not_sent_for_who_signed_in_meanwhile(
    client: FlaskClient, with_passwords: World
) -> None:
    old = csrf_of(client.get("/inloggen"))
    sign_in(client)
    answer = client.post("/account/overal-uitloggen", data={"csrf_token": old})
    assert answer.status_code == 403 and NOW_AS in words(answer)


@pytest.mark.parametrize("path", ["/inloggen", "/uitloggen"])
def test_a_browser_without_cookies_is_told_so(app: Flask, world: World, path: str) -> None:
    browser = app.test_client(use_cookies=False)
    token = csrf_of(browser.get("/inloggen"))
    answer = browser.post(path, data={"csrf_token": token, "adres": "a@b.nl", "wachtwoord": "x"})
    assert NO_COOKIE in words(answer) and "te lang open" not in words(answer)
