"""Headers that keep others out, and bytes that betray nothing."""

import gzip
import re
from base64 import b64encode
from hashlib import sha256

import pytest
from flask import Flask, render_template, request
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.web import access
from kopkrakers.web.assets.compress import PackedPiece, pack_page, put_in_page
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


def test_a_page_that_may_echo_packs_its_stylesheet_alone(client: FlaskClient) -> None:
    plain = client.get("/privacy?zoek=schulden")
    page = client.get("/privacy?zoek=schulden", headers=SQUEEZED)
    assert page.headers["Cache-Control"] == "no-store, no-transform"
    assert gzip.decompress(page.data) == plain.data
    css = re.search(rb"<style>(.*?)</style>", plain.data, re.DOTALL)
    assert css is not None
    whole = client.get("/privacy", headers=SQUEEZED).data
    assert len(whole) < len(page.data) < len(plain.data) - len(css[1]) / 2
    assert b"Niemand" in page.data and b"Niemand" not in whole


@pytest.mark.parametrize("guess", ["niemand ziet wat jij koos", "qxj vkw zbq pfh mwg ydt c"])
def test_the_length_of_an_echo_says_nothing_of_what_it_repeats(
    settings: Settings, guess: str
) -> None:
    """Who makes a reader send a guess and sees lengths pass by learns whether it is on the page."""
    app = create_app(settings)
    secret = "<p>Niemand ziet wat jij koos.</p>" * 4

    def page() -> str:
        return render_template("errors/page.html", sentence=secret + request.args["zoek"])

    app.add_url_rule("/echo", "echo", access.public(page))
    packed = app.test_client().get(f"/echo?zoek={guess}", headers=SQUEEZED)
    plain = app.test_client().get(f"/echo?zoek={guess}")
    assert packed.headers["Content-Encoding"] == "gzip"
    other = app.test_client().get("/echo?zoek=" + "x" * len(guess), headers=SQUEEZED)
    assert len(packed.data) == len(other.data) < len(plain.data)


def test_the_answer_to_a_post_is_not_compressed(faulty: Flask) -> None:
    faulty.config["WTF_CSRF_ENABLED"] = False
    page = faulty.test_client().post("/post", data={"optie": "a"}, headers=SQUEEZED)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store, no-transform"
    assert "Content-Encoding" not in page.headers


@given(
    parts=st.lists(st.tuples(st.binary(max_size=90), st.binary(min_size=1)), max_size=4),
    end=st.binary(),
    echoes=st.booleans(),
    missing=st.binary(min_size=1),
)
def test_joined_blocks_unpack_to_the_page(
    parts: list[tuple[bytes, bytes]], end: bytes, echoes: bool, missing: bytes
) -> None:
    page = b"".join(before + piece for before, piece in parts) + end
    pieces = [PackedPiece(piece) for _, piece in parts] + [PackedPiece(missing)]
    packed = pack_page(page, pieces, echoes=echoes)
    if packed is None:
        assert echoes and not parts
    else:
        assert gzip.decompress(packed) == page


# around the windows of zlib, of which each is as large as what it packs
@pytest.mark.parametrize("length", [0, 1, 249, 250, 251, 3834, 16121, 16122, 16123, 32768, 90000])
def test_a_page_of_any_length_unpacks(length: int) -> None:
    page = (b"Wie kiest, ziet na de telling wat collega's kozen. " * 2000)[:length]
    packed = pack_page(page, [], echoes=False)
    assert packed is not None
    assert gzip.decompress(packed) == page


@pytest.mark.parametrize(("repeats", "apart"), [(100, False), (2000, True)])
def test_a_large_part_is_sent_as_it_was_packed_once(
    settings: Settings, repeats: int, apart: bool
) -> None:
    app = create_app(settings)
    piece = PackedPiece(b"<p>Wat kozen collega's?</p>" * repeats)

    def page() -> str:
        put_in_page(piece)
        return f"<style></style><p>vooraf</p>{piece.plain.decode()}<p>achteraf</p>"

    app.add_url_rule("/deel", "part", access.public(page))
    packed = app.test_client().get("/deel", headers=SQUEEZED).data
    assert (piece.packed in packed) is apart
    assert gzip.decompress(packed) == app.test_client().get("/deel").data


@pytest.mark.parametrize(("hops", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.7")])
def test_addresses_are_believed_from_trusted_proxies_only(
    settings: Settings, hops: int, seen: str
) -> None:
    app = create_app(settings.model_copy(update={"trusted_hops": hops}))
    app.add_url_rule("/wie", "who", access.public(lambda: request.remote_addr or ""))
    page = app.test_client().get("/wie", headers={"X-Forwarded-For": "203.0.113.7"})
    assert page.text == seen
