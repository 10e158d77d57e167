"""Every card of the product, as its writer previews it: on a narrow phone and under axe."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from kopkrakers.base.config import asset_folder
from kopkrakers.catalogue.pages.preview import preview_app
from tests.browser.parts.live_site import serving
from tests.browser.parts.page_checks import SIZES, faults_of, run_check
from tests.browser.parts.phone import Visit

CARDS = sorted(asset_folder("dilemmas").glob("*.md"))


@pytest.fixture
def preview() -> Iterator[tuple[Flask, str]]:
    app = preview_app(CARDS[0].parent, CARDS[0].stem)
    with serving(app) as url:
        yield app, url


def show(preview: tuple[Flask, str], card: Path) -> str:
    """Let the preview be of this card; gives its address."""
    app, url = preview
    app.extensions["kopkrakers_preview"] = card
    return url


def test_every_card_fits_a_narrow_phone(preview: tuple[Flask, str], visit: Visit) -> None:
    page = visit(url=preview[1], viewport=SIZES["320"])
    faults = []
    for card in CARDS:
        page.goto(show(preview, card))
        faults += [f"{card.stem}: {fault}" for fault in run_check(page, "spills")]
    assert not faults, "\n".join(faults)


def test_a_preview_can_be_used_by_everyone(preview: tuple[Flask, str], visit: Visit) -> None:
    page = visit(url=preview[1])
    page.goto(show(preview, CARDS[-1]))
    assert faults_of(page) == []
