"""Nobody without the passphrase learns anything of a diary: not the server, not whoever looks into
the device or signs in there next.
"""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserType, Page, Request, expect

from kopkrakers.answers.service import Turn
from tests.browser.diary.files import copied, put_back
from tests.browser.parts.diary import (
    PHRASE,
    answer_and_keep,
    begin,
    keep,
    open_diary,
    opened_pieces,
    stored,
    to_keep,
    wipe,
)
from tests.browser.parts.live_site import EARLIER, TODAY, LiveSite
from tests.browser.parts.page_checks import until_true
from tests.browser.parts.phone import PATIENCE, Visit
from tests.browser.parts.walking import answer, press, unfold
from tests.support.world import browser_of

MARK = "kaasschaafmolen"
SECRETS = (MARK, "kaasschaaf", PHRASE, PHRASE.split()[0], "hagelslag")
TRY_KEY = """async ([kept, key]) => {
  try {
    return await kkZegel.opened(kept, key);
  } catch {
    return null;
  }
}"""
FILL = """async ([number, mark]) => {
  const book = await kkDagboek.ownBook();
  for (let week = 0; week < number; week += 1) {
    await kkDagboek.keep(book, {
      plaats: `dilemma-${week}.1`, dag: "2026-01-05", titel: `Dilemma ${week}`, thema: "Werk",
      verhaal: mark, opties: { a: "Zo", b: "Anders" }, optie: "b", doorslag: "w", zeker: "3",
      verwacht: "a", woorden: "", waarom: `${mark} ${week}`, trefwoorden: "",
    });
  }
}"""


def listening(page: Page) -> list[Request]:
    """Every request of this browser from now on."""
    sent: list[Request] = []
    page.context.on("request", lambda request: sent.append(request))
    return sent


def told_by(request: Request) -> str:
    """Everything of a request that the server could read."""
    return json.dumps([request.url, request.all_headers(), request.post_data or ""])


def live_with_a_diary(page: Page, folder: Path) -> None:
    """Answer, keep, read, change, look at everything, copy, put back, and wipe."""
    answer_and_keep(page, reason=f"Omdat {MARK}.")
    open_diary(page)
    unfold(page, "Verander of wis")
    page.get_by_label("Trefwoorden").fill("hagelslag")
    page.get_by_role("button", name="Bewaar", exact=True).click()
    expect(page.locator("article [data-gezegd]").first).to_have_text("Bewaard.")
    page.get_by_label("Zoek in je dagboek").fill(MARK)
    for tab in ("Kompas", "Verslag"):
        page.get_by_role("tab", name=tab).click()
    path = copied(page, folder)
    put_back(page, path)
    expect(page.get_by_text("Teruggezet: 0")).to_be_visible()
    wipe(page)


def test_the_server_never_receives_anything_of_a_diary(
    live: LiveSite, visit: Visit, tmp_path: Path
) -> None:
    page = visit(live.person())
    sent = listening(page)
    live_with_a_diary(page, tmp_path)
    posted = [request.url for request in sent if request.method != "GET"]
    assert posted == [f"{live.url}/dilemma/{TODAY}/1/antwoord"]
    told = [told_by(request) for request in sent]
    assert [secret for secret in SECRETS if secret in "".join(told)] == []
    after = told[posted_at(sent) + 1 :]
    assert [text for text in after if "optie=" in text or "doorslag" in text] == []


def posted_at(sent: list[Request]) -> int:
    return next(place for place, request in enumerate(sent) if request.method == "POST")


def test_what_is_asked_of_the_server_is_the_same_for_every_choice(
    live: LiveSite, visit: Visit
) -> None:
    asked = set()
    for option in ("Ik doe het zo", "Ik zou iets anders doen"):
        page = visit(live.person())
        answer(page, TODAY, option)
        sent = listening(page)
        to_keep(page)
        begin(page)
        keep(page, MARK if option.endswith("zo") else "")
        open_diary(page)
        assert len(opened_pieces(page)) == 1
        asked.add(tuple(request.url for request in sent))
    assert len(asked) == 1


def test_a_year_of_pieces_opens_and_sends_nothing(
    live: LiveSite, visit: Visit, tmp_path: Path
) -> None:
    page = visit(live.person())
    page.goto("/dagboek")
    begin(page)
    assert opened_pieces(page) == []
    sent = listening(page)
    page.evaluate(FILL, [250, MARK])
    assert sent == []
    open_diary(page)
    assert len(opened_pieces(page)) == 250
    page.get_by_label("Zoek in je dagboek").fill(f"{MARK} 249")
    for tab in ("Kompas", "Verslag"):
        page.get_by_role("tab", name=tab).click()
    assert copied(page, tmp_path).stat().st_size > 0
    assert not any(MARK in told_by(request) for request in sent)
    assert {request.method for request in sent} == {"GET"}


def test_what_lies_on_the_device_is_read_by_nobody_without_the_passphrase(
    live: LiveSite, visit: Visit
) -> None:
    """Not even by the beheerder, who can make the key that stands on every page of the person."""
    page = visit(live.person())
    answer_and_keep(page, reason=MARK)
    kept = stored(page)
    text = json.dumps([kept, page.context.storage_state(indexed_db=True)])
    for secret in (*SECRETS, "waarom", "titel", f"{TODAY}.1\\", "Eén plek"):
        assert secret not in text.replace(f"kk.keuze.{TODAY}.1", "")
    [book], [piece] = kept["boeken"], kept["stukken"]
    assert set(book) == {"id", "van", "openbaar", "zout", "rondes", "slot"}
    assert set(piece) == {"id", "boek", "met", "iv", "sealed"}
    own_key = page.locator("body").get_attribute("data-zegel")
    for key in (own_key, book["zout"] * 2, book["van"], piece["id"] * 2):
        for lock in (book["slot"], piece):
            assert page.evaluate(TRY_KEY, [lock, key]) is None


def test_lengths_tell_nothing(live: LiveSite, visit: Visit) -> None:
    lengths, fields = set(), set()
    for option, reason in (
        ("Ik doe het zo", ""),
        ("Ik zou iets anders doen", "é" * 1000),
        ("Ik doe het anders", '"\\\n' * 300),
    ):
        page = visit(live.person())
        answer_and_keep(page, option, reason)
        kept = stored(page)
        lengths.add(len(json.dumps(kept["stukken"])))
        fields.add(len(json.dumps(kept["boeken"])))
    assert len(lengths) == len(fields) == 1


def test_a_draft_that_waits_in_the_tab_tells_nothing(live: LiveSite, visit: Visit) -> None:
    lengths = set()
    for reason in ("kort", MARK + "ë" * 900):
        page = visit(live.person())
        answer_and_keep(page)
        page.goto(page.url)
        page.get_by_label("Waarom koos je dit?").fill(reason)
        until_true(page, "() => Object.keys(sessionStorage).length > 0")
        text: str = page.evaluate("JSON.stringify(sessionStorage)")
        assert reason not in text
        lengths.add(len(text))
    assert len(lengths) == 1


def test_the_profile_on_the_disk_holds_nothing_readable(
    live: LiveSite,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    tmp_path: Path,
) -> None:
    """The files of the browser, searched as whoever copies the device would."""
    profile = tmp_path / "profile"
    launched = browser_type.launch_persistent_context(
        profile, base_url=live.url, locale="nl-NL", **browser_type_launch_args
    )
    launched.set_default_timeout(PATIENCE)
    name, value = live.cookie(live.person())
    launched.add_cookies([{"name": name, "value": value, "url": live.url}])
    page = launched.new_page()
    answer_and_keep(page, reason=MARK)
    open_diary(page)
    assert len(opened_pieces(page)) == 1
    expect(page.get_by_role("article")).to_contain_text(MARK)
    launched.close()
    found = [
        path.relative_to(profile)
        for path in profile.rglob("*")
        if path.is_file() and holds(path.read_bytes())
    ]
    assert found == []
    written = [path for path in profile.rglob("*") if "IndexedDB" in str(path) and path.is_file()]
    assert written


def holds(content: bytes) -> bool:
    """Whether a secret stands in a file, in either way that browsers write text."""
    forms = [secret.encode(code) for secret in SECRETS[:3] for code in ("utf-8", "utf-16-le")]
    return any(form in content for form in forms)


def signed_in_as(page: Page, live: LiveSite, who: Any) -> None:
    """Let somebody else sign in on this device."""
    page.context.clear_cookies()
    name, value = live.cookie(who)
    page.context.add_cookies([{"name": name, "value": value, "url": live.url}])


def test_another_account_on_the_same_device_meets_no_diary_and_leaves_it_whole(
    live: LiveSite, visit: Visit
) -> None:
    owner, other = live.person(), live.person()
    page = visit(owner)
    answer_and_keep(page, reason=MARK)
    signed_in_as(page, live, other)
    page.goto("/dagboek")
    expect(page.get_by_role("heading", name="Begin een dagboek")).to_be_visible()
    expect(page.get_by_role("button", name="Open mijn dagboek")).to_be_hidden()
    begin(page, "heel andere woorden hier")
    assert opened_pieces(page) == []
    wipe(page)
    assert len(stored(page)["boeken"]) == len(stored(page)["stukken"]) == 1
    signed_in_as(page, live, owner)
    open_diary(page)
    expect(page.get_by_role("article")).to_contain_text(MARK)


def test_signing_out_leaves_it_closed_and_a_new_account_finds_it_by_the_passphrase(
    live: LiveSite, visit: Visit
) -> None:
    page = visit(live.person())
    answer_and_keep(page, reason=MARK)
    page.goto("/account")
    press(page, "Log uit")
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    assert len(stored(page)["stukken"]) == 1
    signed_in_as(page, live, live.person())
    page.goto("/dagboek")
    unfold(page, "Had je hier al een dagboek?")
    form = page.locator("[data-doe=eerder]")
    form.get_by_label("De wachtzin van dat dagboek").fill("een zin die niet past")
    press(form, "Zoek mijn dagboek")
    expect(form.locator("[data-gezegd]")).to_contain_text("Deze wachtzin past niet.")
    form.get_by_label("De wachtzin van dat dagboek").fill(PHRASE)
    press(form, "Zoek mijn dagboek")
    expect(page.get_by_role("article")).to_contain_text(MARK)
    open_diary(page)
    assert len(opened_pieces(page)) == 1


def test_the_diary_closes_with_its_page_and_by_itself(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    answer_and_keep(page)
    page.clock.install()
    open_diary(page)
    assert len(opened_pieces(page)) == 1
    page.clock.run_for(16 * 60 * 1000)
    expect(page.get_by_role("button", name="Open mijn dagboek")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(0)


def test_keeping_says_nothing_to_the_server_about_the_turn(live: LiveSite, visit: Visit) -> None:
    person = live.person()
    page = visit(person)
    answer_and_keep(page)
    assert live.turn(person, TODAY) is Turn.IN_BOX
    assert browser_of(live.app, person).get(f"/dilemma/{EARLIER}/1/dagboek").status_code == 302
