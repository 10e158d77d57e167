"""What a slow phone shows, and when:
largest paint, blocking and shifting, beside a page drawn by React.
"""

import os
import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

TURNS = 5
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_638_400 / 8,
    "uploadThroughput": 750_000 / 8,
}
"""Lighthouse's "slow 4G": 1.6 Mbit/s down, 0.75 up, a round trip of 150 ms (bytes per second,
milliseconds).
"""
SLOWER = 4
"""How many times slower than this machine the phone's processor is."""
SETTLED = 2500
"""Milliseconds before a visit until the browser is at rest,
and after it in which a page may still move.
"""
WATCH = """
window.seen = { lcp: 0, cls: 0, tbt: 0 };
const watch = (type, take) => new PerformanceObserver(list => list.getEntries().forEach(take))
  .observe({ type, buffered: true });
watch("largest-contentful-paint", entry => { seen.lcp = entry.startTime });
watch("layout-shift", entry => { if (!entry.hadRecentInput) seen.cls += entry.value });
watch("longtask", entry => { seen.tbt += Math.max(0, entry.duration - 50) });
"""


def paint(
    base: str, card: str, result: str, reader: str, answerer: str
) -> list[tuple[str, str, str]]:
    """Rows of the table: a cold visit to the card and to the result, medians of some turns."""
    found: dict[str, list[dict[str, float]]] = {"card": [], "result": [], "react": []}
    with chromium() as browser:
        for _turn in range(TURNS):
            found["react"].append(paints_of(browser, f"{base}/react", reader))
            found["card"].append(paints_of(browser, base + card, reader))
            found["result"].append(paints_of(browser, base + result, answerer))

    def middle(page: str, what: str) -> float:
        return statistics.median(seen[what] for seen in found[page])

    def worst(page: str, what: str) -> float:
        return max(seen[what] for seen in found[page])

    ratio = middle("card", "lcp") / middle("react", "lcp")
    rows = [
        ("card, largest paint ÷ that of the smallest page of React", f"{ratio:.2f}", "≤ 0.45"),
        ("that page of React, largest paint", f"{middle('react', 'lcp') / 1000:.2f} s", ""),
    ]
    for page in ("card", "result"):
        rows.append((f"{page}, largest paint", f"{middle(page, 'lcp') / 1000:.2f} s", "≤ 1.5 s"))
        rows.append((f"{page}, blocking time", f"{middle(page, 'tbt'):.0f} ms", "0"))
        rows.append((f"{page}, layout shift (worst)", f"{worst(page, 'cls'):.4f}", "≤ 0.01"))
    return rows


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of the tests."""
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=shutil.which("chromium"), args=as_root)


def paints_of(browser: Browser, url: str, cookie: str) -> dict[str, float]:
    """One cold visit: milliseconds to the largest paint and of blocking, and the sum of shifts."""
    name, _, value = cookie.partition("=")
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="nl-NL")
    context.add_cookies([{"name": name, "value": value, "url": url}])
    context.add_init_script(WATCH)
    page = context.new_page()
    page.wait_for_timeout(SETTLED)  # a new window is busy with itself first
    slow_down(page)
    page.goto(url, wait_until="load", timeout=60_000)
    page.wait_for_timeout(SETTLED)
    seen: dict[str, Any] = page.evaluate("seen")
    context.close()
    return seen


def slow_down(page: Page) -> None:
    """Make this page's network and processor those of a slow phone."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_4G)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
