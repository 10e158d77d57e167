"""Every route carries one access mark, and the marks hold."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kopkrakers.web import access
from tests.support.pages import address_of
from tests.support.world import World, browser_of

PUBLIC_ADDRESSES = {
    "/.well-known/security.txt",
    "/agenda/<token>.ics",
    "/apple-touch-icon.png",
    "/gezond",
    "/herinneringen/uit/<token>",
    "/inzenden/volgen",
    "/klaar",
    "/m",
    "/m/<code>",
    "/m/<code>/doe-mee",
    "/m/<code>/klopt",
    "/m/<code>/nu",
    "/m/<code>/stem",
    "/m/<code>/tabel",
    "/m/<code>/weg",
    "/onderzoek/over",
    "/onderzoek/uitgaven/<int(min=1, max=2147483647):number>",
    "/onderzoek/uitgaven/<int(min=1, max=2147483647):number>/schema.jsonld",
    "/privacy",
    "/static/<path:name>",
    "/toegankelijkheid",
    "/uitleg",
    "/verslag/<report_id>",
    "/verslag/<report_id>.ics",
    "/verslag/<report_id>.md",
    "/werker.js",
    "/werkvormen",
    "/werkvormen/<slug>",
    "/zo-tellen-we",
}
"""Open to anyone, besides signing in and links: explanations, a session's phone, a report."""


def test_every_route_carries_a_mark(app: Flask) -> None:
    bare = [name for name, view in app.view_functions.items() if not hasattr(view, access.MARK)]
    assert bare == [], (
        "write @access.public, @access.signed_in or @access.role(…) under the route decorator"
    )


def test_the_start_fails_when_a_route_has_none(app: Flask) -> None:
    app.add_url_rule("/vergeten", "forgotten", lambda: "")
    with pytest.raises(RuntimeError, match="no access mark on forgotten: put @access"):
        access.require_marks(app)


def test_public_routes_are_known(app: Flask) -> None:
    found = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], access.MARK) == access.PUBLIC
        and not rule.endpoint.startswith(("accounts.", "api."))  # the API asks for a key of its own
    }
    assert found == PUBLIC_ADDRESSES


def test_nobody_is_sent_to_sign_in_from_every_other_page(
    app: Flask, client: FlaskClient, world: World
) -> None:
    for rule in app.url_map.iter_rules():
        if getattr(app.view_functions[rule.endpoint], access.MARK) == access.PUBLIC:
            continue
        if "GET" in (rule.methods or ()):
            page = client.get(address_of(rule.rule))
            assert page.status_code == 302, rule.rule
            assert page.location.startswith("/inloggen"), rule.rule


# every page, as each kind of person
@pytest.mark.slow
def test_no_page_fails_for_anyone(app: Flask, world: World) -> None:
    app.testing = False
    for visitor in (world.anna, world.gerda, world.chris, world.dewi, world.farid):
        client = browser_of(app, visitor)
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.rule != "/klaar":
                status = client.get(address_of(rule.rule)).status_code
                assert status < 500, f"{rule.rule} for {visitor.name}"


def test_a_role_opens_only_its_own_pages(app: Flask, world: World) -> None:
    for rule in app.url_map.iter_rules():
        mark = getattr(app.view_functions[rule.endpoint], access.MARK)
        if isinstance(mark, frozenset) and "GET" in (rule.methods or ()) and "beheerder" in mark:
            assert browser_of(app, world.anna).get(address_of(rule.rule)).status_code in (
                403,
                404,
            ), rule.rule


def test_head_and_options_are_held_against_the_mark_too(client: FlaskClient) -> None:
    assert client.head("/archief").status_code == 302
    assert client.head("/privacy").status_code == 200
    assert client.options("/privacy").status_code == 200
