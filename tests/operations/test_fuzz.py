"""Odd headers and odd forms on every route: a page with its headers, and no fault of ours."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from kopkrakers.base.config import asset_folder
from kopkrakers.web.limits import Limits
from tests.support.mailbox import with_mail
from tests.support.pages import Site
from tests.support.world import World

SECONDS = 60
"""Time of the processor for one of these tests, at most; what was not asked by then is said."""
ENDS = re.compile("uitloggen|verwijder|vertrek|weg|stop|sluit|blokkeer")
"""Addresses that take someone or something away: asked last."""
HEADERS = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy")
READ = (
    "HTTP_REFERER",
    "HTTP_HOST",
    "HTTP_COOKIE",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_AUTHORIZATION",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_MATCH",
    "HTTP_IF_RANGE",
    "HTTP_RANGE",
    "HTTP_ORIGIN",
    "HTTP_HX_REQUEST",
    "HTTP_HX_CURRENT_URL",
    "HTTP_X_CSRFTOKEN",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_USER_AGENT",
    "CONTENT_TYPE",
    "CONTENT_LENGTH",
    "QUERY_STRING",
    "REMOTE_ADDR",
)
"""What our code, Flask or Werkzeug looks at, as WSGI names it."""
RUBBISH = (
    "",
    " ",
    "\x00",
    "\x80\xff",
    "http://[::1",
    "http://localhost//elders.example/x",
    "a:b:c",
    "[::1",
    "localhost:99999999",
    "xn--\x80.nl",
    "-1",
    "9" * 23,
    "bytes=9-1,-,,5",
    "Basic ====",
    "Bearer \x00",
    "q=;q=,*/*;q=x",
    '"' * 50,
    "Mon, 99 Foo 0000 99:99:99 GMT",
    "multipart/form-data",
    "multipart/form-data; boundary=" + "x" * 300,
    "application/x-www-form-urlencoded; charset=\x00",
    "kopkrakers=.eJ; kopkrakers=\x00; =;",
    "%zz%00%ff=&&&=%",
    "x" * 9000,
)
ODD = (
    "",
    "\x00",
    "\udc80",
    "-1",
    "9" * 23,
    "٣",
    "x" * 600,
    "\u202eabc\u0301\u200d",
    "1",
    "a@b",
    "2026-13-45",
    "<script>",
)
PLACES: dict[str, tuple[Any, ...]] = {
    "IntegerConverter": (1, 0, 9 * 10**20),
    "TextConverter": ("x", "\x00", "0" * 200, "🙂"),
    "PathTextConverter": ("x", "../x"),
}
"""What stands in the places of an address."""


@pytest.fixture
def open_to_faults(site: Site) -> Site:
    """The product as it runs outside tests: faults become pages; forms need no token.

    It has a mail server, that is away: without one many forms are not there.
    """
    state = site.state
    site.app.extensions["kopkrakers"] = replace(state, settings=with_mail(state.settings, port=9))
    site.app.testing = False
    site.app.config["WTF_CSRF_ENABLED"] = False
    return site


def addresses(app: Flask, rule: Rule, slug: str) -> Iterator[str]:
    """A few addresses of one rule: with what exists, and with what cannot."""
    odd = {
        name: PLACES.get(type(converter).__name__, ("x",))
        for name, converter in rule._converters.items()
    }
    real = {
        name: slug if name in ("slug", "dilemma") else values[0] for name, values in odd.items()
    }
    choices = [real] + [
        real | {name: value} for name, values in odd.items() for value in values[1:]
    ]
    adapter = app.url_map.bind("localhost")
    for values in choices:
        yield adapter.build(rule.endpoint, values, method=next(iter(rule.methods or {"GET"})))


def fields() -> list[str]:
    """Every name of a field in a form, from templates and forms alike."""
    names: set[str] = set()
    for path in asset_folder("templates").rglob("*.html"):
        names |= set(re.findall(r'name="(\w+)"', path.read_text()))
    for path in Path(__file__).parents[2].joinpath("kopkrakers").rglob("*.py"):
        text = path.read_text()
        names |= set(re.findall(r"^    (\w+) = \w+Field\(", text, re.MULTILINE))
        names |= set(re.findall(r"form\.(?:get|getlist)\(\"(\w+)\"", text))
    return sorted(names)


def wrong_with(asked: str, answer: TestResponse) -> list[str]:
    """Return the faults of an answer; 503 is right where someone is told to wait."""
    missing = [name for name in HEADERS if name not in answer.headers]
    faults = [f"{asked}: without {', '.join(missing)}"] if missing else []
    if answer.status_code >= 500 and answer.status_code != 503:
        faults.append(f"{asked}: {answer.status_code}")
    return faults


def test_no_header_makes_a_fault(open_to_faults: Site, world: World) -> None:
    wrong: list[str] = []
    nobody = open_to_faults.app.test_client(use_cookies=False)
    anna = open_to_faults.browser(world.anna)
    pages = [
        (nobody, "POST", "/inloggen"),
        (nobody, "GET", "/bestaat-niet"),
        (anna, "GET", f"/dilemma/{open_to_faults.slug}"),
        (nobody, "GET", "/api/v1/releases"),
        (nobody, "GET", "/static/css/kern.css"),
    ]
    turn = cycle(pages)
    until = process_time() + SECONDS
    for name in READ:
        for value in RUBBISH:
            for client, method, path in islice(turn, 2):
                open_to_faults.app.extensions["kopkrakers_limits"] = Limits()
                answer = client.open(path, method=method, environ_overrides={name: value})
                wrong += wrong_with(f"{method} {path} with {name} {value[:40]!r}", answer)
        next(turn)
        assert process_time() < until, f"too slow: not everything after {name} was asked"
    assert wrong == []


def test_no_form_makes_a_fault(open_to_faults: Site, world: World) -> None:
    app, names = open_to_faults.app, fields()
    people = [world.anna, world.gerda, world.farid, world.dewi]
    browsers = [app.test_client(use_cookies=False), *map(open_to_faults.browser, people)]
    turn, odd = cycle(browsers), cycle(ODD)
    until = process_time() + SECONDS
    wrong: list[str] = []
    posts = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    for rule in sorted(posts, key=lambda rule: (bool(ENDS.search(rule.rule)), rule.rule)):
        for nth, path in enumerate(addresses(app, rule, open_to_faults.slug)):
            for client in islice(turn, 1 if nth else len(browsers)):
                app.extensions["kopkrakers_limits"] = Limits()
                data = {name: list(islice(odd, 1 + len(name) % 2)) for name in names}
                body = "&".join(f"{n}={quoted(v)}" for n, values in data.items() for v in values)
                form = "application/x-www-form-urlencoded"
                answer = client.post(path, data=body.encode(), content_type=form)
                assert answer.status_code != 413, "the form was too long to be read at all"
                wrong += wrong_with(f"POST {rule.rule}", answer)
                next(odd)
        assert process_time() < until, f"too slow: not everything after {rule.rule} was asked"
    assert wrong == []


def quoted(text: str) -> str:
    """A text as a browser sends it, also one that is no text."""
    if text.isascii() and text.isalnum():
        return text
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))
