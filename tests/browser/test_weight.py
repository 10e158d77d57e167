"""What a first visit weighs, as it goes over the line: the card has to arrive on a slow train too."""

from collections import Counter
from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.live import Live

FIRST_VISIT = 30 * 1024
"""Bytes before fonts."""
WITH_FONTS = 100 * 1024


def weigh(page: Page, url: str) -> Counter[str]:
    """The compressed bytes of everything that opening a page fetches, by kind; without headers."""
    line = page.context.new_cdp_session(page)
    begun: dict[str, tuple[str, int]] = {}
    weights: Counter[str] = Counter()

    def headers_came(told: dict[str, Any]) -> None:
        begun[told["requestId"]] = (told["type"], int(told["response"]["encodedDataLength"]))

    def all_came(told: dict[str, Any]) -> None:
        kind, headers = begun[told["requestId"]]
        weights[kind] += int(told["encodedDataLength"]) - headers

    line.on("Network.responseReceived", headers_came)
    line.on("Network.loadingFinished", all_came)
    line.send("Network.enable")
    page.goto(url, wait_until="networkidle")
    return weights


def test_a_first_visit_is_light(live: Live, visit: Visit) -> None:
    weights = weigh(visit(live.person()), "/")
    before_fonts = sum(weight for kind, weight in weights.items() if kind != "Font")
    assert before_fonts <= FIRST_VISIT, weights
    assert sum(weights.values()) <= WITH_FONTS, weights
