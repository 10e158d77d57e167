"""The result on a phone: its length, that nothing moves in it, what is folded and what is told."""

from playwright.sync_api import Page, Request, expect

from tests.browser.day.shifts import COUNT_SHIFTS, SHIFT, late
from tests.browser.parts.live_site import EARLIER, TODAY, LiveSite
from tests.browser.parts.phone import Visit
from tests.browser.parts.walking import answer, unfold, wait_until_kept, werkwijze


def test_nothing_moves_when_the_device_shows_its_own_choice(live: LiveSite, visit: Visit) -> None:
    """The script comes late, so that the page was drawn without what the device knows."""
    person = live.person()
    phone = visit(person)
    phone.goto(f"/dilemma/{EARLIER}")
    answer_here(phone)
    wait_until_kept(phone, f"kk.keuze.{EARLIER}.1")
    phone.add_init_script(COUNT_SHIFTS)
    phone.route("**/kopkrakers.*.js", late)
    phone.goto(f"/dilemma/{EARLIER}/1/uitslag", wait_until="load")
    expect(phone.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()
    expect(phone.locator('[data-werkwijze="b"]')).to_have_attribute("open", "")
    phone.wait_for_timeout(300)
    assert phone.evaluate("shift") <= SHIFT


def answer_here(page: Page) -> None:
    for question, code in (("optie", "b"), ("doorslag", "b"), ("verwacht", "b")):
        page.locator(f"[name={question}][value={code}]").check()
    page.get_by_role("button", name="Doe mijn keuze in de bus").click()
    expect(page.locator("[data-uitslag]")).to_be_visible()


def test_only_the_own_arguments_stand_open_and_looking_further_sends_nothing(
    live: LiveSite, visit: Visit
) -> None:
    """What is unfolded, and the own werkwijze that unfolds itself, would tell the choice."""
    page = visit(live.person())
    answer(page, TODAY, "Ik doe het anders")
    expect(page.locator("[data-werkwijze][open]")).to_have_count(1)
    expect(
        page.locator('[data-werkwijze="b"]').get_by_role("heading", name="Ervoor")
    ).to_be_visible()
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))
    for row in ("Ik doe het zo", "Lees het dilemma terug", "Onderzoek", "Cliënt", "Neem terug"):
        unfold(page, row)
    unfold(page, "Ik doe het anders")
    page.wait_for_timeout(300)
    assert sent == []


def test_what_was_unfolded_stays_when_the_page_goes_on(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    answer(page, TODAY, "Ik doe het anders")
    unfold(page, "Ik doe het anders")
    page.get_by_role("button", name="Zet op onze agenda").click()
    expect(page.get_by_text("Niemand ziet dat jij het was.")).to_be_visible()
    expect(page.locator("[data-werkwijze][open]")).to_have_count(0)


def test_own_words_come_back_in_the_result_and_nowhere_else(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto(f"/dilemma/{TODAY}")
    werkwijze(page, "Ik zou iets anders doen").check()
    page.get_by_label("Wat zou je doen?").fill("Eerst bellen.")
    page.get_by_role("radio", name="Betrokkenheid").check()
    page.get_by_role("button", name="Doe mijn keuze in de bus").click()
    expect(page.get_by_text("Eerst bellen.")).to_be_visible()
    expect(page.locator("[data-werkwijze][open]")).to_have_count(0)


def test_what_is_shared_is_what_stands_there(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.add_init_script("navigator.share = (what) => { window.shared = what }")
    answer(page, EARLIER, "Ik doe het anders")
    page.get_by_role("button", name="Deel").click()
    told = page.locator("[data-deel-vraag]").inner_text()
    shared = page.evaluate("shared.text")
    assert f"‘{shared}’" in told and told.startswith("Deze vraag deel je:")
