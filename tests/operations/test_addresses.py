"""An address with a control character in one of its texts leads nowhere, whatever the route."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from kopkrakers.web.paths import PathTextConverter, TextConverter
from tests.support.world import World, browser_of

CONTROL = ("een\0plek", "\0", "een\nplek", "een\x7fplek", "een\x85plek")


def texts_of(rule: Rule) -> set[str]:
    """The names of the texts in the addresses of a route."""
    return {
        name
        for name, converter in rule._converters.items()
        if isinstance(converter, TextConverter | PathTextConverter)
    }


def test_every_text_in_an_address_is_read_in_one_way(app: Flask) -> None:
    other = {
        f"{rule.rule}: {name}"
        for rule in app.url_map.iter_rules()
        for name in set(rule._converters) - texts_of(rule)
        if type(rule._converters[name]).__name__ != "IntegerConverter"
    }
    assert other == set()


@pytest.mark.parametrize("text", CONTROL)
def test_no_route_takes_a_control_character(app: Flask, world: World, text: str) -> None:
    app.testing = False
    app.config["WTF_CSRF_ENABLED"] = False
    browsers = [browser_of(app, visitor) for visitor in (world.gerda, world.farid, world.dewi)]
    adapter = app.url_map.bind("localhost")
    asked = 0
    for rule in app.url_map.iter_rules():
        if not texts_of(rule):
            continue
        values = {name: text if name in texts_of(rule) else 1 for name in rule._converters}
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            path = adapter.build(rule.endpoint, values, method=method)
            statuses = {browser.open(path, method=method).status_code for browser in browsers}
            assert statuses == {404}, f"{method} {rule.rule}"
            asked += 1
    assert asked > 50


def test_other_text_in_an_address_is_read_as_it_was_sent(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    for text in ("een-plek", "ééń 😀", "\u200b", "\u2028"):
        assert adapter.match(f"/dilemma/{text}") == ("answers.dilemma", {"slug": text})
        assert adapter.match(f"/static/css/{text}") == ("static", {"name": f"css/{text}"})
