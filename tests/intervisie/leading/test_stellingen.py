"""Stellingen by pages: planning a set, what phones and regie may do, hands, and the report."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from kopkrakers.intervisie.session.states import RoundState
from kopkrakers.intervisie.werkvormen.reading import FIRST_STELLING
from tests.support.pages import send, words
from tests.support.sessions.pages import NOT_ALONG, SessionPages, post
from tests.support.sessions.scene import SessionScene
from tests.support.world import World, browser_of

ONE, TWO = FIRST_STELLING, FIRST_STELLING + 1
SET = {"soort": "stellingen", "set": "een-paar-uur-werk"}
CODES = ["altijd-winst", "brieven-tellen"]
FIRST = "Een paar uur werk is altijd winst, ook als er geld mee verrekend wordt."


@pytest.fixture
def group(app: Flask, scene: SessionScene, world: World) -> SessionPages:
    """A lobby with two stellingen of a set."""
    pages = SessionPages(app, scene, world, browser_of(app, world.gerda))
    start(pages)
    return pages


def plan(pages: SessionPages, **fields: Any) -> TestResponse:
    wanted = SET | {"stelling": CODES, "doe": "start"} | fields
    return send(pages.gerda, f"/team/{pages.world.team_noord}/intervisie", **wanted)


def start(pages: SessionPages, **fields: Any) -> None:
    answer = plan(pages, **fields)
    assert answer.status_code == 303
    pages.scene.code = answer.location.split("/")[-2]
    pages.scene.quick()


def ask(pages: SessionPages, number: int, options: str) -> None:
    """One stelling by pages, from its opening to its figures."""
    pages.hold(options, number)
    pages.lead("stemming/onthul", stemming=number)


def test_a_set_is_chosen_with_some_of_its_stellingen(group: SessionPages) -> None:
    now = group.scene.regie().now
    assert [item.code for item in now.case.items] == CODES
    assert now.werkvorm_name == "Stellingen"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({"set": ""}, "Kies eerst een set stellingen."), ({"stelling": []}, "Kies minstens 2")],
)
def test_a_plan_that_is_refused_keeps_what_was_chosen(
    group: SessionPages, fields: dict[str, Any], sentence: str
) -> None:
    answer = plan(group, datum="2026-12-01", doe="plan", **fields)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'value="2026-12-01"' in answer.text


def test_stellingen_that_were_left_out_stay_left_out(group: SessionPages) -> None:
    answer = plan(group, stelling=["altijd-winst"])
    assert 'value="altijd-winst" checked' in answer.text
    assert 'value="vast-bedrag" checked' not in answer.text
    # of the sets that were not chosen all are ready to be
    assert 'value="ruimte-genoeg" checked' in answer.text


def test_a_phone_has_three_tiles_and_no_field_to_write_in(group: SessionPages) -> None:
    group.come_in(5)
    group.scene.go_to_vote(ONE)
    assert FIRST in group.phone()
    group.lead("stemming/open", stemming=ONE, **NOT_ALONG)
    page = group.phones[0].get(group.at()).text
    assert page.count('type="radio"') == 3
    assert "<textarea" not in page
    answer = post(group.phones[0], group.at(), "/stem", stemming=str(ONE))
    assert (answer.status_code, "Kies eerst een antwoord." in words(answer)) == (422, True)
    answer = post(group.phones[0], group.at(), "/stem", stemming=str(ONE), optie="x")
    assert answer.status_code == 422


@pytest.mark.parametrize("number", [0, 3, 10, 19, TWO])
def test_a_vote_for_another_round_counts_nowhere(group: SessionPages, number: int) -> None:
    group.come_in(5)
    group.scene.go_to_vote(ONE)
    group.lead("stemming/open", stemming=ONE, **NOT_ALONG)
    answer = post(group.phones[0], group.at(), "/stem", stemming=str(number), optie="a")
    assert answer.status_code in (409, 422)
    assert "open · 0 van 5 binnen" in group.regie()


@pytest.mark.parametrize("what", ["open", "terug", "sluit", "onthul"])
def test_a_button_for_a_round_that_is_not_there_does_nothing(
    group: SessionPages, what: str
) -> None:
    group.scene.go_to_vote(ONE)
    before = group.scene.regie().now
    for number in (1, 2, 3, TWO, FIRST_STELLING + 2):
        answer = group.lead(f"stemming/{what}", stemming=number, **NOT_ALONG)
        assert answer.status_code == 409, number
    after = group.scene.regie().now
    assert [round_.state for round_ in after.rounds] == [round_.state for round_ in before.rounds]


def test_figures_are_people_below_ten_and_per_cents_from_ten(group: SessionPages) -> None:
    group.come_in(9)
    ask(group, ONE, "aaaabbbcc")
    for page in (group.scherm(), group.phone(), group.regie()):
        assert "Eens 4 van 9" in page
        assert "%" not in page
    group.come_in()
    ask(group, TWO, "aaaaabbbcc")
    for page in (group.scherm(), group.phone(), group.regie()):
        assert "Eens 50%" in page
        assert "Hangt ervan af 20%" in page
        assert "4 van 9" not in page


def test_nobody_reads_a_figure_before_the_reveal(group: SessionPages) -> None:
    group.come_in(6)
    group.scene.go_to_vote(ONE)
    group.lead("stemming/open", stemming=ONE, **NOT_ALONG)
    for place, option in enumerate("aaabbc"):
        group.vote(place, option, stemming=ONE)
    group.close(ONE)
    for page in (group.scherm(), group.phone(), group.regie()):
        assert "Eens 3" not in page
    assert "dicht, en geteld" in group.regie()


def test_the_regie_has_the_explanation_and_the_question(group: SessionPages) -> None:
    group.come_in(5)
    group.scene.go_to_vote(ONE)
    page = group.regie()
    assert "Wie het voor het geld doet, kan schrikken van de verrekening." in page
    assert "Voor wie van jullie cliënten is het geen winst?" in page
    assert "Voor wie van jullie cliënten" not in group.scherm()
    assert group.lead("toon", wat="vraag-1").status_code == 303
    assert "Voor wie van jullie cliënten" in group.scherm()


def test_a_repeated_stelling_is_said_beforehand(group: SessionPages) -> None:
    group.come_in(5)
    ask(group, ONE, "aaabb")
    group.end()
    start(group)
    group.phones.clear()
    group.come_in(5)
    group.scene.go_to_vote(ONE)
    assert "ook over deze stelling" in group.regie()
    group.scene.go_to_vote(TWO)
    assert "ook over deze stelling" not in group.regie()
    ask(group, ONE, "aabbb")
    assert "minder dan een week geleden ook over deze stelling" in group.scherm()


def test_ending_asks_about_a_stelling_that_nobody_saw_the_result_of(group: SessionPages) -> None:
    group.come_in(5)
    group.hold("aaabb", ONE)
    assert group.state_of(ONE) == RoundState.CLOSED
    assert "nog niet onthuld" in words(group.lead("einde"))


def test_the_report_has_each_stelling_by_itself(group: SessionPages) -> None:
    group.come_in(6)
    ask(group, ONE, "aaabbc")
    ask(group, TWO, "aaaaab")
    group.end()
    report = group.scene.regie().now.report_id
    page = words(group.gerda.get(f"/verslag/{report}"))
    assert "Verslag: Een paar uur werk" in page
    assert f"{FIRST} Eens Oneens Eens 3 van 6 Oneens 2 van 6 Hangt ervan af 1 van 6" in page
    assert "Jullie zitten bijna op één lijn." in page
    markdown = group.gerda.get(f"/verslag/{report}.md").text
    assert (
        f"**{FIRST}**\n\n- Eens: 3 van 6\n- Oneens: 2 van 6\n- Hangt ervan af: 1 van 6" in markdown
    )
    assert "aantal sollicitatiebrieven" in markdown
    # it is not that of an eigen casus, which has no name of its own
    url = f"/verslag/{report}"
    assert "Hoe heet dit verslag?" not in words(group.gerda.get(url))
    assert send(group.gerda, f"{url}/afspraken", naam="Anders", was_naam="").status_code == 422
    assert "Verslag: Een paar uur werk" in words(group.gerda.get(url))


def test_a_stelling_that_was_not_revealed_is_in_no_report(group: SessionPages) -> None:
    group.come_in(5)
    ask(group, ONE, "aaabb")
    group.hold("aaaaa", TWO)
    group.end()
    report = group.scene.regie().now.report_id
    page = words(group.gerda.get(f"/verslag/{report}"))
    assert FIRST in page
    assert "sollicitatiebrieven" not in page


def test_hands_are_counted_and_reported_by_the_same_rules(group: SessionPages) -> None:
    start(group, zonder_telefoons="ja")
    group.scene.go_to_vote(ONE)
    assert "Steek dan je hand op" in group.scherm()
    group.lead("afspraken", handen_11_a=4, handen_11_b=2, handen_11_c=1)
    assert "Eens 4 van 7" in group.scherm()
    group.scene.go_to_vote(TWO)
    group.lead("afspraken", handen_12_a=6)
    assert "Eens 6 van 6" in group.scherm()
    group.end()
    report = words(group.gerda.get(f"/verslag/{group.scene.regie().now.report_id}"))
    assert "Eens 4 van 7" in report
    assert "6 van 6" not in report
    assert "Jullie zitten bijna op één lijn." in report


def test_the_sheet_of_stellingen_can_be_read_and_is_in_no_list(group: SessionPages) -> None:
    assert "Zo werkt het" in words(group.gerda.get("/werkvormen/stellingen"))
    assert 'name="werkvorm" value="stellingen"' not in group.gerda.get("/team/1/intervisie").text
