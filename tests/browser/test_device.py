"""What the device keeps of the own choice, and for how long;
the server's pages are the same for every choice.
"""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, StorageState, expect

from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers.models import Participation
from kopkrakers.answers.pseudonyms import Voter
from tests.browser.parts.live_site import EARLIER, TODAY, LiveSite
from tests.browser.parts.page_checks import until_true
from tests.browser.parts.phone import Visit
from tests.browser.parts.walking import (
    answer,
    choose,
    choose_password,
    kept,
    opened,
    press,
    put_in_box,
    seal_on_device,
    take_back,
    unfold,
    wait_until_kept,
    werkwijze,
)

WORDS = "Eerst zelf langsgaan."
KEPT_TODAY, KEPT_EARLIER = f"kk.keuze.{TODAY}.1", f"kk.keuze.{EARLIER}.1"


def days_ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).date().isoformat()


def remember(page: Page, key: str, **changes: str) -> None:
    """Put a choice on the device, as an answer of a few days ago would have."""
    choice = {
        "optie": "b",
        "doorslag": "b",
        "zeker": "-",
        "verwacht": "a",
        "dag": days_ago(2),
    } | changes
    seal_on_device(page, key, choice, dag=choice["dag"])


def counted(live: LiveSite, visitor: Visitor) -> Visitor:
    """Let this person's answer of Friday be counted."""
    with live.database.transaction() as session:
        pseudonym = Voter(visitor.id, live.site(EARLIER).state.turn_keys).on(EARLIER, 1)
        session.add(Participation(pseudonym=pseudonym, dilemma=EARLIER, edition=1, state="in_box"))
    return visitor


def test_the_choice_is_kept_only_once_the_answer_was_accepted(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto("/")
    choose(page, "Ik zou iets anders doen")
    page.get_by_label("Wat zou je doen?").fill(WORDS)
    assert kept(page) == {}
    put_in_box(page)
    stored = opened(page, KEPT_TODAY)
    today = datetime.now(UTC).date().isoformat()
    assert stored == {
        "optie": "x",
        "doorslag": "b",
        "zeker": "-",
        "verwacht": "-",
        "dag": today,
        "woorden": WORDS,
    }


def test_what_the_device_keeps_tells_its_reader_nothing(live: LiveSite, visit: Visit) -> None:
    lengths = set()
    for option in ("Ik doe het zo", "Ik zou iets anders doen"):
        page = visit(live.person())
        answer(page, TODAY, option)
        wait_until_kept(page, KEPT_TODAY)
        stored = json.loads(kept(page)[KEPT_TODAY])
        assert set(stored) == {"dag", "iv", "sealed"}
        lengths.add(len(stored["sealed"]))
    assert len(lengths) == 1


def test_words_of_ones_own_are_kept_at_the_length_of_any_choice(
    live: LiveSite, visit: Visit
) -> None:
    """An accent is two bytes and an emoji four; only "iets anders" has words to put them in."""
    lengths = set()
    for words in (None, "Eén café, twee coördinatoren — naïef?", "🙂" * 500):
        page = visit(live.person())
        page.goto("/")
        choose(page, "Ik doe het zo" if words is None else "Ik zou iets anders doen")
        if words is not None:
            page.get_by_label("Wat zou je doen?").fill(words)
        put_in_box(page)
        wait_until_kept(page, KEPT_TODAY)
        lengths.add(len(json.loads(kept(page)[KEPT_TODAY])["sealed"]))
    assert len(lengths) == 1


def test_the_next_person_on_the_same_device_reads_nothing_of_it(
    live: LiveSite, visit: Visit
) -> None:
    """The session of the first ended without signing out, so nothing erased the device."""
    page = visit(live.person())
    answer(page, EARLIER, "Ik zou iets anders doen")
    wait_until_kept(page, KEPT_EARLIER)
    unfold(page, "Hoe lang doe je dit werk?")
    press(page, "6 tot en met 10 jaar")
    wait_until_kept(page, "kk.ervaring")
    page.context.clear_cookies()
    page.goto(live.invitation("Noor"))
    choose_password(page)
    expect(page.get_by_text("Je account is klaar.")).to_be_visible()
    until_true(page, "() => Object.keys(localStorage).length === 0")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    answer(page, EARLIER, "Ik doe het zo")
    expect(page.get_by_text("Jij koos: Ik zou iets anders doen")).to_be_hidden()
    assert any("ervaring=-" in body for body in sent)


def test_a_choice_kept_unsealed_by_an_older_page_is_nobodys(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto("/account")
    old = {"optie": "b", "doorslag": "b", "zeker": "-", "verwacht": "-", "dag": days_ago(1)}
    page.evaluate("([k, v]) => localStorage.setItem(k, v)", [KEPT_TODAY, json.dumps(old)])
    page.goto("/archief")
    until_true(page, "() => Object.keys(localStorage).length === 0")


def test_an_answer_whose_reply_was_lost_is_recognised(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto(f"/dilemma/{TODAY}")
    choose(page, "Ik doe het anders")

    def lose_the_reply(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/antwoord", lose_the_reply)
    press(page, "Doe mijn keuze in de bus")
    expect(page.get_by_text("Dit lukte niet.")).to_be_visible()
    page.unroute("**/antwoord")
    press(page, "Doe mijn keuze in de bus")
    expect(page.get_by_role("heading", name="Je antwoord was al binnen")).to_be_visible()
    expect(page.get_by_role("heading", name="Dit kan niet meer")).to_be_hidden()
    page.get_by_role("link", name="Bekijk de uitslag").click()
    expect(page.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()


def test_another_choice_at_the_second_try_is_told_that_the_first_counts(
    live: LiveSite, visit: Visit
) -> None:
    page = visit(live.person())
    page.goto(f"/dilemma/{TODAY}")
    choose(page, "Ik doe het anders")
    page.route("**/antwoord", lambda route: (route.fetch(), route.abort())[1])
    press(page, "Doe mijn keuze in de bus")
    expect(page.get_by_text("Dit lukte niet.")).to_be_visible()
    page.unroute("**/antwoord")
    choose(page, "Ik doe het zo")
    press(page, "Doe mijn keuze in de bus")
    expect(page.get_by_role("heading", name="Dit kan niet meer")).to_be_visible()
    expect(page.get_by_role("heading", name="Je antwoord was al binnen")).to_be_hidden()


def test_own_words_are_never_sent(live: LiveSite, visit: Visit) -> None:
    page, bodies = visit(live.person()), []
    page.on("request", lambda request: bodies.append(request.post_data or ""))
    page.goto("/")
    choose(page, "Ik zou iets anders doen")
    page.get_by_label("Wat zou je doen?").fill(WORDS)
    put_in_box(page)
    expect(page.locator("[data-woorden]")).to_have_text(WORDS)
    assert any("optie=x" in body for body in bodies)
    assert not any("langsgaan" in body for body in bodies)


def test_the_switch_leaves_nothing_on_the_device(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto("/")
    choose(page, "Ik doe het anders")
    page.get_by_role("checkbox", name="Bewaar dit niet op mijn toestel").check()
    put_in_box(page)
    expect(page.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()
    assert kept(page) == {}
    page.reload()
    expect(page.get_by_text("Je antwoord zit in de bus.").first).to_be_visible()
    expect(page.get_by_text("Jij koos: Ik doe het anders")).to_be_hidden()


def test_a_refused_answer_leaves_nothing_on_the_device(live: LiveSite, visit: Visit) -> None:
    person = live.person()
    first, second = visit(person), visit(person)
    second.goto("/")
    choose(second, "Ik doe het zo")
    answer(first, TODAY)
    press(second, "Doe mijn keuze in de bus")
    expect(second.get_by_role("heading", name="Dit kan niet meer")).to_be_visible()
    assert kept(second) == {}


@pytest.mark.parametrize(
    ("days", "is_kept"), [(13, True), (15, False), (0, True), (-3, False), (-365, False)]
)
def test_a_choice_lives_fourteen_days_at_most_also_when_the_clock_was_ahead(
    live: LiveSite, visit: Visit, days: int, is_kept: bool
) -> None:
    page = visit(live.person())
    page.goto("/privacy")
    remember(page, KEPT_TODAY, dag=days_ago(days))
    page.goto("/archief")
    assert (KEPT_TODAY in kept(page)) is is_kept


def test_the_choice_stays_the_day_its_counted_result_was_seen_and_is_gone_the_next(
    live: LiveSite, visit: Visit
) -> None:
    page = visit(counted(live, live.person()))
    page.goto("/privacy")
    remember(page, KEPT_EARLIER)
    page.goto("/")
    expect(page.get_by_text("Het vervolg van ‘Samen thuis’")).to_be_visible()
    # one line about a dilemma, and none that leads to figures before the second choice
    expect(page.get_by_text("Nieuw geteld")).to_have_count(0)
    page.goto(f"/dilemma/{EARLIER}/1/uitslag")
    expect(page.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()
    page.goto(f"/dilemma/{EARLIER}/1/uitslag")
    expect(page.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=1))
    page.goto("/privacy")
    until_true(page, "(key) => localStorage.getItem(key) === null", KEPT_EARLIER)
    page.goto(f"/dilemma/{EARLIER}/1/uitslag")
    expect(page.get_by_text("Jij koos: Ik doe het anders")).to_be_hidden()


RELOCK = """async ([key, keys]) => {
  const { iv, sealed } = JSON.parse(localStorage.getItem(key));
  const fromHex = (text) => Uint8Array.from(text.match(/../g), (byte) => parseInt(byte, 16));
  const open = async (by, box) => {
    const raw = fromHex(by);
    const imported = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
    const how = { name: "AES-GCM", iv: fromHex(box.iv) };
    const text = await crypto.subtle.decrypt(how, imported, fromHex(box.sealed));
    return JSON.parse(new TextDecoder().decode(text));
  };
  const within = await open(document.body.dataset.zegel, { iv, sealed });
  const tries = keys.map((by) => open(by, within).then(() => true, () => false));
  return Promise.all(tries);
}"""


def test_what_stays_on_the_disk_opens_with_no_key_of_another_time_edition_or_person(
    live: LiveSite, visit: Visit
) -> None:
    """Even the person's own lock is open here: what is left is the lock of the edition."""
    visitor = live.person()
    page = visit(visitor)
    answer(page, TODAY)
    wait_until_kept(page, KEPT_TODAY)
    state = live.site(TODAY).state
    later = replace(state, clock=lambda: state.now() + timedelta(days=30))
    edition = f"{TODAY}.1"
    others = [
        state.edition_keys(visitor.id, f"{EARLIER}.1"),
        state.edition_keys(visitor.id, f"{TODAY}.2"),
        state.edition_keys(visitor.id + 1, edition),
        later.edition_keys(visitor.id, edition),
        state.device_key(visitor.id),
    ]
    keys = [state.edition_keys(visitor.id, edition), *others]
    opens = page.evaluate(RELOCK, [KEPT_TODAY, " ".join(keys).split()])
    assert opens == [True] + [False] * (len(opens) - 1)


def test_a_choice_of_two_fortnights_ago_is_erased_on_the_page_of_its_edition(
    live: LiveSite, visit: Visit
) -> None:
    page = visit(counted(live, live.person()))
    page.goto("/privacy")
    remember(page, KEPT_EARLIER)
    page.route("**/uitslag", with_other_keys)
    page.goto(f"/dilemma/{EARLIER}/1/uitslag")
    until_true(page, "(key) => localStorage.getItem(key) === null", KEPT_EARLIER)
    expect(page.get_by_text("Jij koos: Ik doe het anders")).to_be_hidden()


def with_other_keys(route: Route) -> None:
    """Answer with the page as it is when the keys of the choice are no longer given."""
    reply = route.fetch()
    body = re.sub(r'data-zegels="[^"]+"', f'data-zegels="{"0" * 64} {"1" * 64}"', reply.text())
    route.fulfill(response=reply, body=body)


def test_taking_back_erases_the_choice(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    answer(page, TODAY)
    wait_until_kept(page, KEPT_TODAY)
    take_back(page)
    assert KEPT_TODAY not in kept(page)


def test_signing_out_erases_everything(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto("/account")
    remember(page, KEPT_TODAY)
    press(page, "Log uit")
    expect(page.get_by_text("Je bent uitgelogd.")).to_be_visible()
    assert kept(page) == {}


def test_experience_is_asked_once_and_goes_along_from_then_on(live: LiveSite, visit: Visit) -> None:
    page, sent = visit(live.person()), []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    answer(page, TODAY)
    unfold(page, "Hoe lang doe je dit werk?")
    press(page, "6 tot en met 10 jaar")
    expect(page.get_by_text("Dank je.")).to_be_visible()
    answer(page, EARLIER)
    expect(page.get_by_role("heading", name="Hoe lang doe je dit werk?")).to_be_hidden()
    bands = [found[1] for body in sent if (found := re.search(r"ervaring=([^&]*)", body))]
    assert bands == ["-", "2"]


def test_the_page_is_the_same_for_every_choice_and_the_browser_alone_shows_ones_own(
    live: LiveSite, visit: Visit
) -> None:
    pages = {}
    for option in ("Ik doe het zo", "Ik zou iets anders doen"):
        page = visit(live.person())
        answer(page, EARLIER, option)
        expect(page.get_by_text(f"Jij koos: {option}")).to_be_visible()
        pages[option] = without_tokens(page.request.get(f"/dilemma/{EARLIER}/1/uitslag").text())
        browser = page.context.browser
        assert browser is not None
        elsewhere = browser.new_context(storage_state=without_storage(page))
        other = elsewhere.new_page()
        other.goto(page.url)
        expect(other.get_by_text("Je antwoord zit in de bus.").first).to_be_visible()
        expect(other.locator(".kk-you:visible")).to_have_count(0)
        elsewhere.close()
    assert len(set(pages.values())) == 1


def without_tokens(html: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"|data-zegels?="[^"]+"', "", html)


def without_storage(page: Page) -> StorageState:
    """The cookies of a page, and nothing that its browser keeps."""
    state = page.context.storage_state()
    return {"cookies": state["cookies"], "origins": []}


def test_what_depends_on_the_choice_is_chosen_by_the_browser(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto(f"/dilemma/{EARLIER}")
    werkwijze(page, "Ik doe het anders").check()
    page.get_by_role("radio", name="Wet", exact=True).check()
    guess = page.get_by_role("group", name="Wat kiezen de meesten, denk je?")
    guess.get_by_role("radio", name=re.compile("^B ")).check()
    put_in_box(page)
    # other tests of this site may have counted its gemeente: then it says whose choice that is
    said = re.compile(r"Jij verwachtte B\. (Het vaakst gekozen|Landelijk het vaakst): A\.")
    expect(page.get_by_text(said)).to_be_visible()
    expect(page.locator("[data-kraak]:visible")).to_have_count(1)
    expect(
        page.get_by_role("heading", name="Collega’s kiezen vaker A dan jij verwachtte")
    ).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Ik doe het anders jij"))).to_be_visible()


def test_experience_is_changed_under_account_and_goes_with_the_next_answer(
    live: LiveSite, visit: Visit
) -> None:
    page = visit(live.person())
    page.goto("/account/ervaring")
    bands = page.locator("[data-ervaring-nu] button")
    expect(bands.nth(1)).to_be_visible()
    bands.nth(1).click()
    expect(page.get_by_text("Bewaard op dit toestel.")).to_be_visible()
    wait_until_kept(page, "kk.ervaring")
    page.reload()
    expect(bands.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[aria-pressed=true]")).to_have_count(1)
    page.goto("/")
    expect(page.locator("input[name=ervaring]")).to_have_value("1")
