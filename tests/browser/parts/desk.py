"""The pages of the desk and of sending in, in every state, by name."""

import re
from itertools import count

from playwright.sync_api import Page, expect

from kopkrakers.accounts.models import Role
from tests.browser.parts.live_site import EARLIER
from tests.browser.parts.states import KLANTMANAGER, Stage, State, seen_by, sent
from tests.desk.editing import TEXT

WRONG = f"/dilemma/{EARLIER}/klopt-niet"
NUMBERS = count(1)
"""Of the cards that are begun here."""


def write_case(page: Page, what: str) -> None:
    """Fill in the form, with this as what happened."""
    page.get_by_label("Wat gebeurde er?").fill(what)
    page.get_by_label("Wat kon je doen?").fill("Wachten. Bellen.")
    page.get_by_label("Wat maakte het lastig?").fill("De tijd.")
    page.get_by_label("Thema").select_option(index=1)
    page.get_by_role("button", name="Stuur het in").click()


def marked(stage: Stage) -> Page:
    page = stage.open("/inzenden", KLANTMANAGER)
    write_case(page, "Mevrouw de Vries woont in de Dorpsstraat 12, en haar BSN is 111222333.")
    expect(page.get_by_text("Is hier iemand te herkennen")).to_be_visible()
    return page


def thanked(stage: Stage) -> Page:
    page = stage.open("/inzenden", KLANTMANAGER)
    write_case(page, "Een man slaapt steeds ergens anders.")
    expect(page.get_by_text("Je verhaal is binnen")).to_be_visible()
    return page


def write_report(page: Page, what: str) -> None:
    """Fill in what is wrong on a card."""
    page.get_by_label("Wat klopt er niet?").fill(what)
    page.get_by_role("button", name="Stuur naar de redactie").click()


def report_marked(stage: Stage) -> Page:
    page = stage.open(WRONG, KLANTMANAGER)
    write_report(page, "Mevrouw de Vries woont daar niet.")
    expect(page.get_by_text("Is hier iemand te herkennen")).to_be_visible()
    return page


def report_page(stage: Stage) -> Page:
    """The page of a report as a redacteur sees it."""
    page = stage.open(WRONG, KLANTMANAGER)
    write_report(page, "Lid 1 is nu lid 2.")
    expect(page.get_by_text("Dank je. De redactie leest het.")).to_be_visible()
    page.context.close()
    page = stage.open("/redactie", Role.REDACTEUR)
    page.get_by_text("Lid 1 is nu lid 2.").first.click()
    expect(page.get_by_role("button", name="Klaar")).to_be_visible()
    return page


def followed(stage: Stage) -> Page:
    page = thanked(stage)
    code = page.locator(".kk-lead strong").inner_text()
    page.get_by_role("link", name="Volg je verhaal").click()
    page.get_by_label("Je code").fill(code)
    page.get_by_role("button", name="Kijk hoe het staat").click()
    expect(page.get_by_text("Je verhaal is ontvangen")).to_be_visible()
    return page


def case_page(stage: Stage) -> Page:
    """The page of a case as a redacteur sees it."""
    thanked(stage).context.close()
    page = stage.open("/redactie", Role.REDACTEUR)
    # above the cases stand reports on cards, if anybody sent one
    page.locator(".kk-list a[href*='/ingezonden/']").first.click()
    expect(page.get_by_role("heading", name="Ingezonden verhaal")).to_be_visible()
    return page


def taken(stage: Stage) -> Page:
    page = case_page(stage)
    # one of an earlier state may be somebody's already
    page.get_by_role("button", name=re.compile("Ik pak dit op|Neem het over")).click()
    expect(page.get_by_role("heading", name="Antwoord de inzender")).to_be_visible()
    return page


def declined_without_reason(stage: Stage) -> Page:
    page = taken(stage)
    page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true })")
    page.get_by_role("button", name="Plaats het niet").click()
    expect(page.get_by_role("link", name="Schrijf waarom. De inzender leest het.")).to_be_visible()
    return page


def editor(stage: Stage) -> Page:
    """A card that is being made, with what the check says of it."""
    page = stage.open("/redactie/kaarten", Role.REDACTEUR)
    page.get_by_label("Begin een nieuwe kaart").fill(f"kaart-{next(NUMBERS)}")
    page.get_by_role("button", name="Begin de kaart").click()
    expect(page.locator("#titel")).to_be_visible()
    return page


def editor_as_text(stage: Stage) -> Page:
    """The same as one text."""
    page = editor(stage)
    page.get_by_role("link", name="Verander de hele tekst in één veld").click()
    expect(page.get_by_label("De kaart", exact=True)).to_be_visible()
    return page


def editor_with_a_card(stage: Stage) -> Page:
    """A card without a fault that waits for a second reader."""
    page = editor_as_text(stage)
    page.get_by_label("De kaart", exact=True).fill(TEXT)
    # the script shows the card without saving
    expect(page.locator("#nagekeken .kk-story")).to_be_visible()
    page.get_by_role("button", name="Bewaar", exact=True).click()
    page.get_by_role("button", name="Vraag een tweede lezer").click()
    expect(page.get_by_text("wacht op een tweede lezer").first).to_be_visible()
    return page


def editor_with_everything_open(stage: Stage) -> Page:
    """The fields of a whole card, each section unfolded, with a remark and a fault."""
    page = editor_with_a_card(stage)
    page.get_by_label("Wat wil je zeggen?").fill("Klopt dit jaartal?")
    page.get_by_label("Waarover?").select_option("kennis-wet-1")
    page.get_by_role("button", name="Zet erbij").click()
    expect(page.get_by_text("Klopt dit jaartal?").first).to_be_visible()
    page.locator("#titel").fill("x" * 50)
    expect(page.locator("#bij-titel p")).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    return page


def waiting_list(stage: Stage) -> Page:
    """The desk with a card that waits for a second reader."""
    editor_with_a_card(stage).context.close()
    page = stage.open("/redactie", Role.REDACTEUR)
    expect(page.get_by_role("heading", name="Wacht op een tweede lezer")).to_be_visible()
    return page


def differences(stage: Stage) -> Page:
    page = editor_with_a_card(stage)
    page.get_by_role("link", name="Versie 2").click()
    expect(page.get_by_role("heading", name="Versie 2")).to_be_visible()
    return page


def calendar_day(stage: Stage) -> Page:
    page = stage.open("/redactie/kalender", Role.REDACTEUR)
    page.locator(".kk-list a").first.click()
    expect(page.get_by_label("Welke kaart?")).to_be_visible()
    return page


DESK: dict[str, State] = {
    "send in": seen_by("/inzenden", KLANTMANAGER),
    "send in, nothing written": sent(
        seen_by("/inzenden", KLANTMANAGER), "Stuur het in", until="Schrijf op wat er gebeurde"
    ),
    "send in, marked": marked,
    "sent": thanked,
    "follow": seen_by("/inzenden/volgen"),
    "follow, unknown code": sent(
        seen_by("/inzenden/volgen"),
        "Kijk hoe het staat",
        until="Deze code kennen we niet",
        code="AAAA",
    ),
    "followed": followed,
    "desk": seen_by("/redactie", Role.REDACTEUR),
    "a case": case_page,
    "a case, taken": taken,
    "a case, declined without a reason": declined_without_reason,
    "cards of the desk": seen_by("/redactie/kaarten", Role.REDACTEUR),
    "a card without a name": sent(
        seen_by("/redactie/kaarten", Role.REDACTEUR), "Begin de kaart", until="Geef de kaart een"
    ),
    "editor": editor,
    "editor as text": editor_as_text,
    "editor with a card": editor_with_a_card,
    "editor with everything open": editor_with_everything_open,
    "waiting for a second reader": waiting_list,
    "differences": differences,
    "calendar": seen_by("/redactie/kalender", Role.REDACTEUR),
    "a day of the calendar": calendar_day,
    "wrong on a card, marked": report_marked,
    "a report": report_page,
    "who did what": seen_by("/redactie/handelingen", Role.REDACTEUR),
}
