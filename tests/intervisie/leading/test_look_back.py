"""Looking back on the pages: one tap says it, scherm and phones show it, the report keeps it."""

import re

import pytest

from kopkrakers.intervisie.session import running
from kopkrakers.intervisie.session.reporting import reports
from tests.support.pages import send, words
from tests.support.sessions.pages import SessionPages, post
from tests.support.sessions.scene import OWN
from tests.support.world import browser_of

PRESSED = re.compile(r'value="(\w*)" aria-pressed="true"')
AGREED = ("We bellen eerst.", "<b>Nooit</b> alleen per brief.")


@pytest.fixture
def back(pages: SessionPages) -> SessionPages:
    """A session that began with looking back, with one phone."""
    pages.scene.open(OWN)
    pages.scene.lead(running.start)
    for number, text in enumerate(AGREED, start=1):
        pages.scene.lead(reports.set_agreement, number=number, text=text)
    pages.scene.end()
    pages.scene.open()
    pages.come_in(1)
    pages.lead("begin")
    return pages


def test_one_tap_says_it_and_everybody_sees_it(back: SessionPages) -> None:
    assert back.scherm().count("nog open") == 2
    assert back.lead("terugblik", afspraak=1, uitkomst="deels").status_code == 303
    for page in (back.scherm(), back.phone()):
        assert "We bellen eerst. deels" in page and page.count("nog open") == 1
    form = back.gerda.get(f"/intervisie/{back.code}/regie").text.split('name="afspraak"')
    assert PRESSED.findall(form[1]) == ["deels"] and PRESSED.findall(form[2]) == [""]


def test_a_phone_is_not_told_that_there_is_nothing_to_read(back: SessionPages) -> None:
    assert "Lees wat jullie vorige keer afspraken." in back.phone()
    assert "heb je nu niet nodig" not in back.phone()


def test_what_was_agreed_is_shown_as_it_was_typed(back: SessionPages) -> None:
    page = back.gerda.get(f"/intervisie/{back.code}/scherm").text
    assert "&lt;b&gt;Nooit&lt;/b&gt; alleen per brief." in page


def test_it_can_be_changed_and_opened_again(back: SessionPages) -> None:
    for outcome in ("gedaan", "niet", ""):
        assert back.lead("terugblik", afspraak=2, uitkomst=outcome).status_code == 303
    assert back.scherm().count("nog open") == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"afspraak": 1, "uitkomst": "bijna"},
        {"afspraak": 3, "uitkomst": "gedaan"},
        {"afspraak": "x", "uitkomst": "gedaan"},
        {},
    ],
)
def test_strange_input_says_so_and_changes_nothing(
    back: SessionPages, fields: dict[str, str]
) -> None:
    refused = back.lead("terugblik", **fields)
    assert refused.status_code == 422
    assert back.scherm().count("nog open") == 2


def test_another_step_begins_with_what_it_always_did(back: SessionPages) -> None:
    assert "Stap 1 van 10" in back.scherm()
    back.next()
    assert "Stap 2 van 10" in back.scherm() and "Vorige keer" not in back.scherm()


def test_report_and_markdown_keep_it(back: SessionPages) -> None:
    back.lead("terugblik", afspraak=1, uitkomst="gedaan")
    report_id = back.scene.end()
    page = words(back.gerda.get(f"/verslag/{report_id}"))
    assert "Waar jullie op terugkeken" in page and "We bellen eerst. gedaan" in page
    text = back.gerda.get(f"/verslag/{report_id}.md").text
    assert "1. We bellen eerst. **gedaan**" in text
    assert "2. \\<b\\>Nooit\\</b\\> alleen per brief. **nog open**" in text


def test_only_who_leads_can_say_it(back: SessionPages) -> None:
    address = f"/intervisie/{back.code}/regie/terugblik"
    for who in (back.world.anna, back.world.chris):
        client = browser_of(back.app, who)
        assert send(client, address, afspraak="1", uitkomst="gedaan").status_code == 403
    post(back.app.test_client(), back.at(), "/terugblik", afspraak="1")
    assert back.scherm().count("nog open") == 2


def test_planning_says_what_it_takes(back: SessionPages) -> None:
    page = words(back.gerda.get(f"/team/{back.world.team_noord}/intervisie"))
    assert "begint met terugkijken: 5 minuten erbij" in page and "We bellen eerst." in page
