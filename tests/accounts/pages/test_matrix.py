"""Role by route by method, made from the routes themselves, with a valid token in every form.

Whoever may not gets no further than the mark says; who may of another gemeente changes nothing;
and nothing ends in a fault of ours.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.migrations.tables import metadata
from kopkrakers.web import access
from kopkrakers.web.limits import Limits
from tests.support.pages import Site, address_of, token_of
from tests.support.world import World, add_person

METHODS = ("GET", "POST")
ALL_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "X")
OWN_ERRORS = {"/klaar", "/api/v1"}
"""Routes that answer 503 by design, and those that want a key and not a browser."""
ENDS_ONESELF = ("uitloggen", "account/verwijderen", "/inloggen", "/wachtwoord")
"""Buttons after which somebody is signed out, or another: they have tests of their own."""
NOT_COUNTED = {"browser_session", "beheer_action"}
"""Tables that change by being there: where one is signed in. The trail has its own test."""
TRIED = 60
"""Statuses that were seen, at least: fewer would mean that the walk found nothing."""


@pytest.fixture
def people(site: Site, world: World) -> dict[str, Visitor]:
    """Everybody of the world, and a beheerder and a begeleider of the other gemeente."""
    named = {
        name: getattr(world, name) for name in ("anna", "bram", "gerda", "chris", "dewi", "farid")
    }
    with site.state.database.transaction() as session:
        almere = (world.almere, world.team_almere)
        named["saskia"] = add_person(session, "Saskia", *almere, Role.BEHEERDER)
        named["tom"] = add_person(session, "Tom", *almere, Role.BEGELEIDER)
        named["redactie"] = add_person(session, "Rik", world.zaanstad, None, Role.REDACTEUR)
    return named


def walk(app: Flask) -> Iterator[tuple[str, str, Any, str]]:
    """Every route and method, with its mark and an address that fits it."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        mark = getattr(app.view_functions[rule.endpoint], access.MARK)
        for method in METHODS:
            if method in (rule.methods or ()):
                yield method, rule.rule, mark, address_of(rule.rule)


def ask(site: Site, browser: FlaskClient, method: str, path: str) -> TestResponse:
    """Ask once, with a token that is right where there is a form."""
    site.app.extensions["kopkrakers_limits"] = Limits()
    if method == "GET":
        return browser.get(path)
    return browser.post(path, data={"csrf_token": token_of(browser)})


def browser_with_token(site: Site, who: Visitor | None) -> FlaskClient:
    """A browser of somebody, or of nobody, that has opened a form."""
    browser = site.app.test_client() if who is None else site.browser(who)
    browser.get("/inloggen" if who is None else "/account")
    return browser


def wrong_with(answer: TestResponse, mark: Any, roles: frozenset[str] | None, rule: str) -> bool:
    """Whether somebody with these roles (None: nobody) got what the mark does not give."""
    status = answer.status_code
    if rule.startswith("/api/v1"):
        return status >= 500
    if status >= 500 and rule not in OWN_ERRORS:
        return True
    if mark == access.PUBLIC:
        return False
    if roles is None:
        return status != 302 or not (answer.location or "").startswith("/inloggen")
    if isinstance(mark, frozenset) and not mark & roles:
        return status != 403
    return status == 302 and (answer.location or "").startswith("/inloggen")


def test_every_route_lets_in_whom_it_says_by_every_method(
    site: Site, people: dict[str, Visitor]
) -> None:
    site.app.testing = False
    seen: dict[str, int] = {}
    wrong = []
    for name, who in [("nobody", None), *people.items()]:
        roles = None if who is None else frozenset(who.roles)
        browser = browser_with_token(site, who)
        for method, rule, mark, path in walk(site.app):
            if method == "POST" and rule.endswith(ENDS_ONESELF):
                continue
            answer = ask(site, browser, method, path)
            seen[f"{method} {rule}"] = answer.status_code
            if wrong_with(answer, mark, roles, rule):
                wrong.append(f"{name}: {method} {rule}: {answer.status_code}")
    assert len(seen) > TRIED
    assert wrong == []


def test_a_method_that_a_route_does_not_have_is_refused_to_everybody(
    site: Site, people: dict[str, Visitor]
) -> None:
    site.app.testing = False
    wrong = []
    for who in (None, people["farid"], people["dewi"]):
        browser = browser_with_token(site, who)
        headers = {"X-CSRFToken": token_of(browser)}
        for rule in sorted(site.app.url_map.iter_rules(), key=lambda rule: rule.rule):
            path = address_of(rule.rule)
            # of all routes that fit: a word may stand where another has an id
            known = set(site.app.url_map.bind("localhost").allowed_methods(path))
            for method in sorted(set(ALL_METHODS) - known):
                site.app.extensions["kopkrakers_limits"] = Limits()
                answer = browser.open(path, method=method, headers=headers)
                # before the method is looked at, forms without a token are refused
                if answer.status_code not in (400, 403, 405):
                    wrong.append(f"{method} {rule.rule}: {answer.status_code}")
    assert wrong == []


def contents(site: Site) -> dict[str, list[Any]]:
    """All that is in the database, but for what changes by being there."""
    kept = {}
    with site.state.database.reading() as session:
        for name, table in metadata.tables.items():
            if name not in NOT_COUNTED:
                kept[name] = sorted(map(repr, session.execute(select(table)).all()))
    return kept


@pytest.mark.parametrize("name", ["saskia", "tom", "chris"])
def test_nobody_of_another_gemeente_changes_anything_here(
    site: Site, world: World, people: dict[str, Visitor], name: str
) -> None:
    site.app.testing = False
    ours = {"team_id": world.team_noord, "user_id": world.anna.id}
    before = contents(site)
    browser = browser_with_token(site, people[name])
    for rule in sorted(site.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "POST" not in (rule.methods or ()) or not rule.arguments & ours.keys():
            continue
        adapter = site.app.url_map.bind("localhost")
        values = {part: ours.get(part, site.slug) for part in rule.arguments}
        path = adapter.build(rule.endpoint, values, method="POST")
        answer = ask(site, browser, "POST", path)
        assert answer.status_code in (403, 404, 409, 422), f"{rule.rule}: {answer.status_code}"
    assert contents(site) == before
