"""What several tests of sessions look for on scherm, regie and phones, and at which sizes."""

from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.parts.screens import (
    BEAMER,
    SessionScreens,
    seen,
)

QUESTION = "Noem ik de auto in mijn verslag?"
OPTIONS = {
    "Werkwijze A": "Ik noem de auto in het verslag",
    "Nadeel van A": "Ze raakt haar werk kwijt",
    "Werkwijze B": "Ik zwijg over de auto",
    "Nadeel van B": "Ik ben niet eerlijk tegen de gemeente",
}

LARGE = ".ki-balk .utrecht-button--primary-action"

WHOLE = """() => {
  const seen = (element) => element.getClientRects().length > 0;
  const mark = document.querySelector(".ki-blader:not([hidden])");
  const found = [];
  for (const box of document.querySelectorAll(".ki-paneel, .ki-doen, .ki-vlak, .ki-scherm")) {
    const over = box.scrollHeight - box.clientHeight;
    if (over > 1) found.push(`${box.className}: ${over} px too high`);
  }
  const lists = "[data-blader]:not(.kk-aloud [data-blader]) > *";
  const items = [...document.querySelectorAll(lists)];
  if (items.some((item) => !seen(item)) && !mark) found.push("something is away without a mark");
  const page = document.scrollingElement;
  const isLarger = page.scrollHeight > innerHeight || page.scrollWidth > innerWidth;
  if (isLarger) found.push("the page scrolls");
  for (const text of document.querySelectorAll(".ki-helling text")) {
    const box = text.getBoundingClientRect();
    const around = text.closest("svg").getBoundingClientRect();
    const isCut = box.left < around.left - 1 || box.right > around.right + 1;
    if (isCut) found.push("a cut word in the picture");
  }
  return found;
}"""
SIZES: tuple[ViewportSize, ...] = (
    {"width": 1024, "height": 768},
    {"width": 1280, "height": 720},
    {"width": 1920, "height": 1080},
    {"width": 3840, "height": 2160},
)

LETTERS = """(element) => parseFloat(getComputedStyle(element).fontSize)"""


def without_script(screens: SessionScreens) -> Page:
    phone = screens.visit(site=screens.live, script=False)
    phone.goto(f"/m/{screens.code}")
    phone.get_by_role("button", name="Doe mee").click()
    return phone


def does_not_fit(scherm: Page) -> list[str]:
    found = []
    for size in SIZES:
        scherm.set_viewport_size(size)
        scherm.wait_for_timeout(150)
        found += [f"{size['width']}: {fault}" for fault in scherm.evaluate(WHOLE)]
    scherm.set_viewport_size(BEAMER)
    return found


def write_in_table(phone: Page, *cells: str) -> None:
    for label, cell in zip(("Partij", "Waarde", "Norm"), cells, strict=True):
        phone.get_by_label(label).first.fill(cell)
    phone.get_by_role("button", name="Doe dit in de bus").click()
    expect(seen(phone).get_by_text("Je bent klaar.")).to_be_visible()
