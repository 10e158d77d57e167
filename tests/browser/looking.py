"""What a page must be wherever it is met: without axe violations, within its screen, light and dark."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EVERYTHING = {
    "runOnly": {"type": "tag", "values": WCAG_22_AA},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
"""What another colour scheme can change."""
RUN = """options => axe.run(document, options).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`)))"""
NARROW = {"width": 320, "height": 640}
ZOOMED = {"width": 320, "height": 256}
"""1280 by 1024 at 400 %."""
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
"""WCAG 1.4.12: nothing is lost when a reader spaces the text like this."""
SPILLS = """() => {
  const spilt = [];
  const name = (element) => `${element.tagName.toLowerCase()}.${element.className} “${element.textContent.trim().slice(0, 30)}”`;
  if (document.scrollingElement.scrollWidth > innerWidth) spilt.push(`page ${document.scrollingElement.scrollWidth}`);
  for (const element of document.querySelectorAll("body *")) {
    if (element.closest(".kk-aloud, svg, .kk-scroll, .utrecht-skip-link, input, textarea, select, [hidden]")) continue;
    const box = element.getBoundingClientRect();
    if (!box.width) continue;
    if (box.right > innerWidth + 1 || box.left < -1) spilt.push(`outside: ${name(element)}`);
    else if (getComputedStyle(element).overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1)
      spilt.push(`cut off: ${name(element)}`);
  }
  return spilt.slice(0, 4);
}"""
OUTLINE = """() => [
  document.title.endsWith(" · Kopkrakers") ? "" : `title: ${document.title}`,
  document.querySelectorAll("h1").length === 1 ? "" : `h1: ${document.querySelectorAll("h1").length}`,
  ...[...document.querySelectorAll("[id]")].map((element) => element.id)
    .filter((id, place, all) => all.indexOf(id) !== place).map((id) => `twice: #${id}`),
].filter(Boolean)"""


def faults_of(page: Page) -> list[str]:
    """Everything that is wrong with a page as it stands now. Leaves it narrow and dark."""
    page.evaluate(Axe().axe_script)
    found = [f"light: {fault}" for fault in page.evaluate(RUN, EVERYTHING)]
    found += page.evaluate(OUTLINE)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {fault}" for fault in page.evaluate(RUN, COLOURS)]
    found += [f"360: {fault}" for fault in page.evaluate(SPILLS)]
    for name, size in (("320", NARROW), ("400 %", ZOOMED)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found += [f"{name}: {fault}" for fault in page.evaluate(SPILLS)]
    page.evaluate(SPACED)
    return found + [f"spaced: {fault}" for fault in page.evaluate(SPILLS)]
