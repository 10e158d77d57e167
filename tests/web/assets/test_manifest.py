"""What a home screen needs: a manifest, and icons of the size and kind that it names."""

import struct

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.assets.icons import ICONS

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def manifest(app: Flask, client: FlaskClient) -> dict[str, list[dict[str, str]]]:
    answer = client.get(app.jinja_env.globals["asset"]("app.webmanifest"))  # type: ignore[operator]
    assert answer.mimetype == "application/manifest+json"
    found: dict[str, list[dict[str, str]]] = answer.get_json()
    return found


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(PNG)
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_its_icons_are_there_in_the_sizes_that_it_names(
    client: FlaskClient, manifest: dict[str, list[dict[str, str]]]
) -> None:
    for icon in manifest["icons"]:
        file = client.get(icon["src"])
        assert file.mimetype == icon["type"] and "immutable" in file.headers["Cache-Control"]
        width, height = size_of(file.data)
        assert f"{width}x{height}" == icon["sizes"]
    purposes = {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]}
    assert purposes == {
        (size, purpose) for size in ("192x192", "512x512") for purpose in ("any", "maskable")
    }


def test_its_shortcuts_lead_to_pages_of_ours(
    app: Flask, manifest: dict[str, list[dict[str, str]]]
) -> None:
    addresses = {rule.rule for rule in app.url_map.iter_rules()}
    assert [shortcut["name"] for shortcut in manifest["shortcuts"]] == ["Vandaag", "Team"]
    assert {shortcut["url"] for shortcut in manifest["shortcuts"]} <= addresses


def test_an_iphone_finds_its_icon_where_it_asks(client: FlaskClient) -> None:
    icon = client.get("/apple-touch-icon.png")
    assert icon.mimetype == "image/png"
    assert size_of(icon.data) == (180, 180)


def test_every_icon_was_drawn(client: FlaskClient) -> None:
    for icon in ICONS:
        drawn = client.get(f"/static/icons/{icon.name}.png")
        assert size_of(drawn.data) == (icon.pixels, icon.pixels)
