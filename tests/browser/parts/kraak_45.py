"""Steps of a Kraak 45 on all its screens, whoever leads and however many phones there are."""

from playwright.sync_api import expect

from tests.browser.parts.screens import SessionScreens


def one_reason_on_the_scherm(screens: SessionScreens) -> None:
    """Nobody reads a reason until one is let through; then everybody reads that one."""
    screens.press("Volgende stap: Argumenten")
    screens.all_see("Stap 3 van 9")
    for page in screens.everyone():
        assert "Reden nummer" not in page.content()
    item = screens.regie.get_by_role("listitem").filter(has_text="Reden nummer 3.")
    item.get_by_role("button", name="Zet op het scherm").click()
    screens.all_see("Reden nummer 3.")
    for page in screens.everyone():
        assert page.content().count("Reden nummer") == 1


def talk(screens: SessionScreens) -> None:
    """The step in which people talk."""
    screens.press("Volgende stap: Praat")
    screens.all_see("Stap 4 van 9")


def reveal(screens: SessionScreens, told: str) -> None:
    """The figures, which nobody saw before. `told`: one of them, such as "2 van 5"."""
    screens.press("Volgende stap: Onthul")
    screens.all_see("Stap 5 van 9")
    screens.nobody_sees(told)
    screens.nobody_sees("%")
    screens.press("Onthul de cijfers")
    for page in screens.everyone():
        expect(page.get_by_role("cell", name=told).first).to_be_visible()
    screens.press("Volgende stap: Samen")
    screens.all_see("Stap 6 van 9")


def second_vote(screens: SessionScreens, options: str) -> None:
    """The second vote, in which nothing of the first stands on a phone."""
    screens.press("Volgende stap: Kies opnieuw")
    screens.press("Open de stemming")
    screens.all_see("De stemming is open")
    for phone in screens.phones:
        assert "in de bus." not in phone.locator(".ki-klaar").all_inner_texts()
        expect(phone.locator("input:checked")).to_have_count(0)
    screens.vote(options)
    screens.press("Sluit de stemming")
    screens.all_see("De stemming is dicht.")


def shift(screens: SessionScreens, of_b: str) -> None:
    """Return the sentence on the shift. `of_b`: votes for b, before and after."""
    screens.press("Volgende stap: Wat verschoof")
    screens.all_see("Stap 8 van 9")
    screens.press("Onthul de cijfers")
    screens.all_see("Voor en na het gesprek")
    for page in screens.everyone():
        expect(page.locator(".ki-helling")).to_be_visible()
        expect(page.locator(".ki-schuif tr").filter(has_text="B")).to_contain_text(of_b)
