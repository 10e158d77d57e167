"""Reminders in a real browser: the mail without a script, the message with one, and its worker."""

import json
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserType, CDPSession, Page, expect

from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.page_checks import until_true
from tests.browser.parts.phone import Visit

PAGE = "/account/herinneringen"
TITLE = "Eén plek, twee mensen"
SHOWN = """async () => {
  const registration = await navigator.serviceWorker.ready;
  const shown = await registration.getNotifications();
  return shown.map(({ title, body, tag }) => ({ title, body, tag }));
}"""


def test_the_mail_and_its_time_work_without_a_script(live: LiveSite, visit: Visit) -> None:
    phone = visit(live.person(), script=False)
    phone.goto(PAGE)
    expect(phone.get_by_text("Meldingen hebben JavaScript nodig")).to_be_visible()
    expect(phone.get_by_role("button", name="Zet aan op dit toestel")).to_be_hidden()
    phone.get_by_label("Wanneer?").select_option(label="Elke vrijdag: wat er deze week was")
    phone.locator("#tijd").select_option(label="8.30 uur")
    phone.get_by_role("button", name="Bewaar").click()
    expect(phone.get_by_text("Je krijgt de mail elke vrijdag, om 8.30 uur")).to_be_visible()


def test_a_browser_that_lets_no_message_through_is_told(live: LiveSite, visit: Visit) -> None:
    phone = visit(live.person(), worker=True)
    phone.goto(PAGE)
    expect(phone.get_by_text("Meldingen hebben JavaScript nodig")).to_be_hidden()
    phone.get_by_role("button", name="Zet aan op dit toestel").click()
    expect(phone.get_by_text("laat geen meldingen van Kopkrakers toe")).to_be_visible()


@pytest.fixture
def lasting(
    live: LiveSite,
    tmp_path: Path,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
) -> Iterator[Page]:
    """A page of the whole browser, with data that it keeps: no other Chromium knows messages."""
    whole = shutil.which("chromium")
    if whole is None:
        pytest.skip("only Chromium's headless shell is installed, which shows no messages")
    context = browser_type.launch_persistent_context(
        tmp_path, base_url=live.url, **browser_type_launch_args | {"executable_path": whole}
    )
    name, value = live.cookie(live.person())
    context.add_cookies([{"name": name, "value": value, "url": live.url}])
    context.grant_permissions(["notifications"], origin=live.url)
    yield context.new_page()
    context.close()


def test_a_push_service_that_is_away_is_told(lasting: Page) -> None:
    """This machine reaches no push service, as behind the firewall of a gemeente."""
    phone = lasting
    phone.goto(PAGE)
    phone.get_by_role("button", name="Zet aan op dit toestel").click()
    expect(phone.get_by_text("Je browser kan de dienst voor meldingen nu niet")).to_be_visible()


def deliver(cdp: CDPSession, origin: str, registration: str, text: str) -> None:
    """Let the browser hand the worker a message, as it does with one that it opened."""
    cdp.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": registration, "data": text},
    )


def registration_of(cdp: CDPSession, phone: Page) -> str:
    """Return the id of the registration of the worker."""
    known: list[str] = []

    def hear(event: Any) -> None:
        known.extend(found["registrationId"] for found in event["registrations"])

    cdp.on("ServiceWorker.workerRegistrationUpdated", hear)
    cdp.send("ServiceWorker.enable")
    # one that takes over pages already may still be starting, and then misses a message
    until_true(phone, "() => navigator.serviceWorker.controller?.state === 'activated'")
    for _ in range(100):
        if known:
            return known[0]
        phone.wait_for_timeout(50)
    pytest.fail("no worker registered")


def test_the_worker_shows_the_title_and_one_at_a_time(live: LiveSite, lasting: Page) -> None:
    phone, cdp = lasting, lasting.context.new_cdp_session(lasting)
    phone.goto("/")
    registration = registration_of(cdp, phone)
    dilemma, stelling = "Het dilemma van vandaag", "De stelling van vandaag"
    for text, heading, body in (
        ("geen bericht van ons", dilemma, "Het staat voor je klaar."),
        ("null", dilemma, "Het staat voor je klaar."),
        (json.dumps({"titel": TITLE}), dilemma, TITLE),
        (json.dumps({"kop": stelling, "titel": TITLE}), stelling, TITLE),
    ):
        hand_over = partial(deliver, cdp, live.url, registration, text)
        deliver_until_shown(phone, hand_over, heading, body)


def deliver_until_shown(
    phone: Page, hand_over: Callable[[], None], heading: str, body: str
) -> None:
    """Deliver until this message alone is shown: a busy browser drops one without a word."""
    expected = [{"title": heading, "body": body, "tag": "dilemma"}]
    for tried in range(400):
        if tried % 100 == 0:
            hand_over()
        shown = phone.evaluate(SHOWN)
        if shown == expected:
            return
        phone.wait_for_timeout(50)
    assert shown == expected
