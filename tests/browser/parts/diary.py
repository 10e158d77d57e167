"""The steps that tests take in the diary, in the words of whoever takes them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from kopkrakers.accounts.models import Role
from tests.browser.parts.live_site import TODAY
from tests.browser.parts.states import Stage, State
from tests.browser.parts.walking import answer, press, unfold

PHRASE = "mosterd paraplu dijk kano"
REASON = "Zij heeft dit nu nodig."
LOOK = """async () => {
  const asked = indexedDB.open("kk-dagboek");
  const opened = await new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result) });
  if (!opened.objectStoreNames.length) return { boeken: [], stukken: [] };
  const all = (name) => new Promise((resolve) => {
    const found = opened.transaction(name).objectStore(name).getAll();
    found.onsuccess = () => resolve(found.result);
  });
  const both = { boeken: await all("boeken"), stukken: await all("stukken") };
  opened.close();
  return both;
}"""


def stored(page: Page) -> dict[str, list[dict[str, Any]]]:
    """Return the database of this browser, as whoever looks into the device reads it."""
    rows: dict[str, list[dict[str, Any]]] = page.evaluate(LOOK)
    return rows


def expect_told(page: Page, words: str) -> None:
    """Wait until these words are told beside what was pressed, and are read first."""
    told = page.locator("[data-gezegd]:visible")
    expect(told).to_contain_text(words)
    expect(told).to_be_focused()


def fill_in_to_begin(page: Page, first: str, again: str, *, knows: bool) -> None:
    """Fill in a passphrase twice, and whether one knows what forgetting it means."""
    form = page.locator("[data-dagboek=begin]")
    form.get_by_label("Kies een wachtzin").fill(first)
    form.get_by_label("Typ de wachtzin nog eens").fill(again)
    form.get_by_role("checkbox").set_checked(knows)


def begin(page: Page, phrase: str = PHRASE) -> None:
    """Fill in the form to begin a diary, and send it."""
    fill_in_to_begin(page, phrase, phrase, knows=True)
    press(page, "Begin mijn dagboek")


def to_keep(page: Page, slug: str = TODAY) -> None:
    """Go from the result of a dilemma to the page to keep it."""
    page.get_by_role("link", name="Bewaar in je dagboek").click()
    page.wait_for_url(f"**/dilemma/{slug}/1/dagboek")


def keep(page: Page, reason: str = REASON) -> None:
    """Write why, and keep it."""
    page.get_by_label("Waarom koos je dit?").fill(reason)
    press(page, "Bewaar in mijn dagboek")
    expect(page.get_by_role("heading", name="Het staat in je dagboek")).to_be_visible()


def answer_and_keep(page: Page, option: str = "Ik doe het anders", reason: str = REASON) -> None:
    """Answer the dilemma of the day, and keep it in a diary that begins with it."""
    answer(page, TODAY, option)
    to_keep(page)
    begin(page)
    keep(page, reason)


def open_diary(page: Page, phrase: str = PHRASE) -> None:
    """Open the diary with its passphrase."""
    page.goto("/dagboek")
    page.get_by_label("Je wachtzin").fill(phrase)
    press(page, "Open mijn dagboek")


def opened_pieces(page: Page) -> list[str]:
    """The titles of the pieces that the open diary shows."""
    expect(page.get_by_role("button", name="Doe mijn dagboek dicht")).to_be_visible()
    return page.locator("article h3:visible").all_inner_texts()


def wipe(page: Page) -> None:
    """Wipe the diary, and confirm it."""
    unfold(page, "Wis mijn dagboek, of begin opnieuw")
    page.get_by_label("Ja, alles mag weg").check()
    press(page, "Wis mijn dagboek")
    expect(page.get_by_role("heading", name="Je dagboek is gewist")).to_be_visible()


# The states in which one can meet its pages


def to_begin(stage: Stage) -> Page:
    """With a passphrase that is too short."""
    page = stage.open("/dagboek", Role.KLANTMANAGER)
    unfold(page, "Zet een kopie terug")
    unfold(page, "Had je hier al een dagboek?")
    fill_in_to_begin(page, "kort", "kort", knows=True)
    press(page, "Begin mijn dagboek")
    expect_told(page, "minstens 12 tekens")
    return page


def about_to_keep(stage: Stage) -> Page:
    """A diary has begun, and the device no longer knows what was chosen."""
    page = stage.open("/", Role.KLANTMANAGER)
    answer_and_keep(page)
    page.evaluate("localStorage.clear()")
    page.goto(page.url)
    unfold(page, "Lees het dilemma terug")
    press(page, "Bewaar in mijn dagboek")
    expect(page.locator("[data-gezegd]:visible")).to_have_text("Vul eerst in wat je koos.")
    return page


def kept(stage: Stage) -> Page:
    page = stage.open("/", Role.KLANTMANAGER)
    answer_and_keep(page)
    return page


def closed(stage: Stage) -> Page:
    """After a passphrase that does not fit, about to be wiped."""
    page = kept(stage)
    open_diary(page, "een andere zin dan die")
    expect_told(page, "Deze wachtzin past niet.")
    unfold(page, "Wis mijn dagboek, of begin opnieuw")
    return page


def opened_at(tab: str) -> State:
    """The open diary, with this part of it in front and all that folds unfolded."""

    def open_it(stage: Stage) -> Page:
        page = kept(stage)
        open_diary(page)
        assert len(opened_pieces(page)) == 1
        page.get_by_role("tab", name=tab).click()
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        for box in page.locator("[data-onderdeel=verslag-vinkjes] input:visible").all():
            box.check()
        return page

    return open_it


def again(stage: Stage) -> Page:
    """Eight weeks later, before choosing anew."""
    page = kept(stage)
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(weeks=9))
    open_diary(page)
    expect(page.get_by_role("heading", name="Wat kies je nu?")).to_be_visible()
    return page


def then_and_now(stage: Stage) -> Page:
    page = again(stage)
    page.get_by_label("Wat zou je nu kiezen?").select_option(index=1)
    page.get_by_label("Waarom?").fill("Nu zie ik het anders.")
    press(page, "Laat zien wat ik toen koos")
    expect(page.get_by_role("heading", name="Toen en nu")).to_be_visible()
    return page


def wiped(stage: Stage) -> Page:
    page = kept(stage)
    page.goto("/dagboek")
    wipe(page)
    return page


DIARY: dict[str, State] = {
    "to begin": to_begin,
    "about to keep": about_to_keep,
    "kept": kept,
    "closed": closed,
    **{tab: opened_at(tab) for tab in ("Stukken", "Kompas", "Verslag", "Kopie")},
    "again": again,
    "then and now": then_and_now,
    "wiped": wiped,
}
