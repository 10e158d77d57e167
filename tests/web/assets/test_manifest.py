"""What a home screen needs: a manifest, and icons of the size and kind that it names."""

import struct

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.assets.icons import ICONS

SMALL = 90_000
"""Bytes of a screenshot; only who installs it fetches them."""
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


def size_of_jpeg(jpeg: bytes) -> tuple[int, int]:
    """Width and height, from the first frame of the file."""
    place = 2
    while jpeg[place + 1] not in (0xC0, 0xC2):
        place += 2 + int.from_bytes(jpeg[place + 2 : place + 4], "big")
    height, width = struct.unpack(">HH", jpeg[place + 5 : place + 9])
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


def test_its_screenshots_are_small_and_of_the_size_that_it_names(
    client: FlaskClient, manifest: dict[str, list[dict[str, str]]]
) -> None:
    """A phone shows them where somebody installs it: at most 2.3 times as long as wide, alike."""
    for shown in manifest["screenshots"]:
        file = client.get(shown["src"])
        assert file.mimetype == shown["type"] and "immutable" in file.headers["Cache-Control"]
        width, height = size_of_jpeg(file.data)
        assert f"{width}x{height}" == shown["sizes"]
        assert max(width, height) <= 2.3 * min(width, height)
        assert len(file.data) <= SMALL and shown["label"]
    kinds = [shown["form_factor"] for shown in manifest["screenshots"]]
    assert kinds == ["narrow", "narrow", "wide"]


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
