"""Parts of a page that move after they were drawn."""

import time

from playwright.sync_api import Route

SHIFT = 0.01
"""The largest sum of layout shifts, as browsers count them."""

COUNT_SHIFTS = """
window.shift = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => { shift += entry.value }))
  .observe({ type: "layout-shift", buffered: true });
"""


def late(route: Route) -> None:
    """Let a file arrive after the page was drawn."""
    time.sleep(0.7)
    route.continue_()
