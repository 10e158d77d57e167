"""Headers that keep others out, and bytes that betray nothing."""

import gzip
import re
from base64 import b64encode
from hashlib import sha256

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.web import access
from kopkrakers.web.assets.compress import PageCompressor
from tests.support.world import World, browser_of

SQUEEZED = {"Accept-Encoding": "gzip"}


@pytest.fixture
def over_tls(settings: Settings) -> Flask:
    return create_app(settings.model_copy(update={"base_url": "https://kopkrakers.example"}))


def policy(client: FlaskClient) -> dict[str, str]:
    header = client.get("/privacy").headers["Content-Security-Policy"]
    return {rule.split()[0]: " ".join(rule.split()[1:]) for rule in header.split("; ")}


def test_nothing_may_come_from_elsewhere(client: FlaskClient) -> None:
    rules = policy(client)
    assert (
        rules.pop("default-src")
        == rules.pop("base-uri")
        == rules.pop("frame-ancestors")
        == "'none'"
    )
    styles = rules.pop("style-src").split()
    assert set(rules.values()) == {"'self'"}
    assert styles[0] == "'self'"
    assert len(styles) == 2
    assert "unsafe" not in str(styles)


def test_the_inlined_css_has_the_hash_of_the_policy(client: FlaskClient) -> None:
    css = re.search(r"<style>(.*?)</style>", client.get("/privacy").text, re.DOTALL)
    assert css is not None
    digest = b64encode(sha256(css[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in policy(client)["style-src"]


@pytest.mark.parametrize("address", ["/privacy", "/nergens", "/gezond", "/static/icon.svg"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert (
        headers["Cross-Origin-Opener-Policy"]
        == headers["Cross-Origin-Resource-Policy"]
        == "same-origin"
    )
    assert "Content-Security-Policy" in headers


def test_hsts_only_over_tls(client: FlaskClient, over_tls: Flask) -> None:
    assert "Strict-Transport-Security" not in client.get("/gezond").headers
    assert "max-age=" in over_tls.test_client().get("/gezond").headers["Strict-Transport-Security"]


def test_the_session_cookie_is_bound_to_this_host_over_tls(over_tls: Flask) -> None:
    page = over_tls.test_client().get("/inloggen", base_url="https://kopkrakers.example")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-kopkrakers=")
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in cookie
    assert "Domain" not in cookie


def test_pages_are_not_kept(app: Flask, world: World) -> None:
    assert browser_of(app, world.anna).get("/privacy").headers["Cache-Control"] == "no-store"


def test_a_page_that_echoes_nothing_is_compressed(client: FlaskClient) -> None:
    plain, squeezed = client.get("/privacy"), client.get("/privacy", headers=SQUEEZED)
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in squeezed.headers["Vary"]
    assert gzip.decompress(squeezed.data) == plain.data
    assert len(squeezed.data) < len(plain.data) / 3


def test_an_address_with_a_query_is_not_compressed(client: FlaskClient) -> None:
    page = client.get("/privacy?zoek=schulden", headers=SQUEEZED)
    assert "Content-Encoding" not in page.headers
    assert "no-transform" in page.headers["Cache-Control"]


def test_the_answer_to_a_post_is_not_compressed(faulty: Flask) -> None:
    faulty.config["WTF_CSRF_ENABLED"] = False
    page = faulty.test_client().post("/post", data={"optie": "a"}, headers=SQUEEZED)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store, no-transform"
    assert "Content-Encoding" not in page.headers


@given(before=st.binary(), piece=st.binary(min_size=1), after=st.binary(), found=st.booleans())
def test_joined_blocks_unpack_to_the_page(
    before: bytes, piece: bytes, after: bytes, found: bool
) -> None:
    page = before + (piece if found else b"") + after
    assert gzip.decompress(PageCompressor(piece).compress(page)) == page


@pytest.mark.parametrize(("hops", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.7")])
def test_addresses_are_believed_from_trusted_proxies_only(
    settings: Settings, hops: int, seen: str
) -> None:
    app = create_app(settings.model_copy(update={"trusted_hops": hops}))
    app.add_url_rule("/wie", "who", access.public(lambda: request.remote_addr or ""))
    page = app.test_client().get("/wie", headers={"X-Forwarded-For": "203.0.113.7"})
    assert page.text == seen
