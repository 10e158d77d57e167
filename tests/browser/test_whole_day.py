"""A klantmanager's day on a phone, from the invitation to signing out everywhere,
on both databases.
"""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from kopkrakers.accounts.service import visitor_by_email
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers.service import Turn
from kopkrakers.privacy.rules import K_POOL
from tests.browser.day.unfolding import option
from tests.browser.parts.live_site import EARLIER, TODAY, LiveSite
from tests.browser.parts.phone import Visit
from tests.browser.parts.walking import (
    PASSWORD,
    choose,
    choose_password,
    kept,
    opened,
    press,
    put_in_box,
    sign_in,
    take_back,
    unfold,
    wait_until_kept,
)
from tests.support.world import ROW_KEYS

TITLES = {TODAY: "Eén plek, twee mensen", EARLIER: "Samen thuis"}


@pytest.mark.parametrize("own_site", ["sqlite", "postgresql"], indirect=True)
def test_a_whole_day_on_a_phone(own_site: LiveSite, visit: Visit) -> None:
    phone, laptop = visit(site=own_site), visit(site=own_site)
    # with fewer accounts nothing national is counted (D-131)
    for _ in range(K_POOL):
        own_site.person(team="")
    come_in_by_invitation(phone, own_site)
    iris = visitor_of(own_site, "iris@voorbeeld.nl")
    answer_todays_dilemma(phone)
    tell_experience(phone)
    put_on_agenda(phone)
    think_again(phone)
    assert own_site.turn(iris, TODAY) is Turn.TAKEN_BACK
    answer_one_from_the_archive(phone)
    own_site.colleagues_answer(EARLIER, "aaaabbbcx" + "aaaabbbccx")
    own_site.count()
    assert own_site.turn(iris, EARLIER) is Turn.COUNTED
    choose_again(phone)
    see_the_count(phone)
    meet_the_agenda(phone)
    sign_in(laptop, "iris@voorbeeld.nl")
    sign_out_everywhere(phone, laptop)


def visitor_of(site: LiveSite, address: str) -> Visitor:
    with site.database.reading() as session:
        return visitor_by_email(session, address, ROW_KEYS)


def come_in_by_invitation(phone: Page, site: LiveSite) -> None:
    phone.goto(site.invitation("Iris"))
    expect(phone.get_by_role("heading", name="Welkom bij Kopkrakers")).to_be_visible()
    choose_password(phone)
    expect(phone.get_by_text("Je account is klaar.")).to_be_visible()
    expect(phone.get_by_role("heading", level=1)).to_have_text(TITLES[TODAY])


def answer_todays_dilemma(phone: Page) -> None:
    expect(phone.get_by_role("group", name="Wat gaf de doorslag?")).to_be_hidden()
    choose(phone, "Ik doe het anders")
    phone.get_by_role("radio", name="Redelijk").check()
    guess = phone.get_by_role("group", name="Wat kiezen de meesten, denk je?")
    guess.get_by_role("radio", name=re.compile("^A ")).check()
    expect(phone.get_by_text("Jij kiest: B Ik doe het anders")).to_be_visible()
    put_in_box(phone)
    expect(phone).to_have_url(re.compile(f"/dilemma/{TODAY}/1/uitslag$"))
    expect(phone).to_have_title(f"In de bus: {TITLES[TODAY]} · Kopkrakers")
    expect(phone.locator("#melding")).to_contain_text("Je antwoord zit in de bus.")
    expect(phone.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()
    expect(phone.get_by_text("Betrokkenheid gaf bij jou de doorslag.")).to_be_visible()
    expect(
        phone.get_by_text(re.compile(r"Je antwoord zit in de bus\..*gaat de bus open\.")).first
    ).to_be_visible()
    expect(phone.get_by_role("heading", name="Wat spreekt voor en tegen?")).to_be_visible()


def tell_experience(phone: Page) -> None:
    unfold(phone, "Hoe lang doe je dit werk?")
    phone.get_by_role("button", name="3 tot en met 5 jaar").click()
    expect(phone.get_by_text("Dank je.")).to_be_focused()
    assert opened(phone, "kk.ervaring") == "1"


def put_on_agenda(phone: Page) -> None:
    phone.get_by_role("button", name="Zet op onze agenda").click()
    expect(phone.get_by_text("Niemand ziet dat jij het was.")).to_be_visible()


def think_again(phone: Page) -> None:
    wait_until_kept(phone, f"kk.keuze.{TODAY}.1")
    take_back(phone)
    expect(phone).to_have_title(f"Teruggenomen: {TITLES[TODAY]} · Kopkrakers")
    expect(phone.locator("#melding")).to_contain_text("Je hebt je antwoord teruggenomen.")
    assert f"kk.keuze.{TODAY}.1" not in kept(phone)


def answer_one_from_the_archive(phone: Page) -> None:
    phone.get_by_role("link", name="Archief").click()
    phone.get_by_label("Zoek op woorden").fill("samen thuis")
    expect(phone.locator("#archief-lijst").get_by_text("1 dilemma gevonden")).to_be_visible()
    expect(phone).to_have_url(re.compile("zoek=samen"))  # the list is in its place
    phone.get_by_role("link", name=TITLES[EARLIER]).click()
    expect(phone).to_have_url(re.compile(EARLIER))
    choose(phone, "Ik doe het samen met hem", doorslag="Wet")
    put_in_box(phone)
    expect(phone.get_by_role("heading", name="Hoe lang doe je dit werk?")).to_be_hidden()


def choose_again(phone: Page) -> None:
    phone.get_by_role("link", name="Vandaag").last.click()
    # one line about a dilemma, and none that leads to figures before the second choice
    expect(phone.get_by_text("Nieuw geteld")).to_have_count(0)
    expect(phone.get_by_text(f"Vrijdag: {TITLES[EARLIER]}.")).to_have_count(0)
    phone.get_by_role("link", name=f"Lees het en kies opnieuw bij {TITLES[EARLIER]}").click()
    option(phone, "Ik doe het zo").check()
    press(phone, "Doe mijn keuze in de bus")
    expect(phone).to_have_title(f"In de bus: het vervolg van {TITLES[EARLIER]} · Kopkrakers")


def see_the_count(phone: Page) -> None:
    phone.get_by_role("link", name="Vandaag").last.click()
    expect(phone.get_by_text(f"Vrijdag: {TITLES[EARLIER]}.")).to_be_visible()
    phone.get_by_role("link", name=f"Bekijk de uitslag van {TITLES[EARLIER]}").click()
    expect(phone.get_by_text("Jij koos: Ik doe het samen met hem")).to_be_visible()
    expect(
        phone.get_by_text("Geteld: 20 antwoorden. Jouw antwoord telt mee.").first
    ).to_be_visible()
    expect(
        phone.get_by_role("row", name=re.compile("Ik doe het samen met hem jij.* 20%")).first
    ).to_be_visible()
    assert json.loads(kept(phone)[f"kk.keuze.{EARLIER}.1"])["gezien"]


def meet_the_agenda(phone: Page) -> None:
    phone.get_by_role("link", name="Team", exact=True).click()
    expect(phone.locator("#agenda").get_by_role("link", name=TITLES[TODAY])).to_be_visible()
    expect(phone.get_by_text("collega’s willen erover praten")).to_be_hidden()


def sign_out_everywhere(phone: Page, laptop: Page) -> None:
    phone.get_by_role("link", name="Account").click()
    phone.get_by_role("button", name="Log overal uit").click()
    expect(phone.get_by_text("Je bent overal uitgelogd.")).to_be_visible()
    assert kept(phone) == {}
    laptop.goto("/archief")
    expect(laptop.get_by_text("Je bent hier uitgelogd.")).to_be_visible()
    assert PASSWORD not in laptop.content()
