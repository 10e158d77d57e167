"""Static files: kept for ever under a name that changes with them, and never with a cookie."""

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kopkrakers.base.config import asset_folder
from kopkrakers.web.assets.css import compact
from kopkrakers.web.assets.files import FOR_EVER, INLINED

FONT = "fonts/figtree-400-700.woff2"


@pytest.fixture
def hashed(app: Flask) -> str:
    address: str = app.jinja_env.globals["asset"]("css/extra.css")  # type: ignore[operator]
    return address


def test_a_hashed_file_may_be_kept_for_ever(client: FlaskClient, hashed: str) -> None:
    file = client.get(hashed)
    assert file.headers["Cache-Control"] == FOR_EVER
    assert file.mimetype == "text/css"
    assert file.data == client.get("/static/css/extra.css").data


def test_a_text_file_is_packed_and_a_font_is_not(client: FlaskClient, hashed: str) -> None:
    plain, packed = client.get(hashed), client.get(hashed, headers={"Accept-Encoding": "br, gzip"})
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    font = client.get(f"/static/{FONT}", headers={"Accept-Encoding": "gzip"})
    assert font.mimetype == "font/woff2"
    assert "Content-Encoding" not in font.headers


def test_what_the_browser_has_is_not_sent_again(client: FlaskClient, hashed: str) -> None:
    tag = client.get(hashed).headers["ETag"]
    again = client.get(hashed, headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.data == b""


def test_a_file_carries_no_cookie_and_does_not_vary_by_it(client: FlaskClient, hashed: str) -> None:
    client.get("/inloggen")
    file = client.get(hashed)
    assert "Set-Cookie" not in file.headers
    assert "Cookie" not in file.headers.get("Vary", "")


@pytest.mark.parametrize(
    "name", ["css/extra.000000000000.css", "../config.py", "%2e%2e/config.py", "", "css/"]
)
def test_nothing_else_can_be_fetched(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code in (404, 308)


def test_a_page_names_only_hashed_files(client: FlaskClient) -> None:
    page = client.get("/privacy").text
    for name in (FONT, "css/extra.css", "js/kopkrakers.js", "icon.svg"):
        assert f"/static/{name}" not in page
    assert f"/static/{FONT.removesuffix('.woff2')}." in page


def test_the_inlined_css_is_all_there(client: FlaskClient) -> None:
    page = client.get("/privacy").text
    for name in INLINED:
        last_rules = compact((asset_folder("static") / name).read_text())[-40:]
        assert last_rules in page


def test_a_script_is_sent_with_the_one_it_needs_before_it(client: FlaskClient) -> None:
    together = client.get("/static/js/kopkrakers.js").text
    assert together.startswith(client.get("/static/js/samen.js").text)
    assert "js/samen." not in client.get("/privacy").text
