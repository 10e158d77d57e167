"""A case that unfolds by pages: planning it, what regie, scherm and phones show, and the report."""

import re
from pathlib import Path

import pytest
from flask import Flask

from kopkrakers.intervisie.session.states import RoundState
from tests.support.pages import Fields, send, words
from tests.support.sessions.chapters import ONE, TWO, UNFOLDING, unfold_cards
from tests.support.sessions.pages import NOT_ALONG, SessionPages, post
from tests.support.sessions.scene import SessionScene
from tests.support.world import World, browser_of

FACT, QUESTION = "Ze belt. Sam slaapt al weken niet.", "Wat doe je nu je dit weet?"
STILL = "De stand bleef bijna gelijk aan een eerdere."


@pytest.fixture
def unfolding(cards_dir: Path) -> None:
    unfold_cards(cards_dir)


@pytest.fixture
def group(unfolding: None, app: Flask, scene: SessionScene, world: World) -> SessionPages:
    """A lobby with a card of two chapters."""
    pages = SessionPages(app, scene, world, browser_of(app, world.gerda))
    fields: Fields = {"dilemma": scene.slug, "werkvorm": UNFOLDING, "doe": "start"}
    answer = send(pages.gerda, f"/team/{world.team_noord}/intervisie", **fields)
    assert answer.status_code == 303
    scene.code = answer.location.split("/")[-2]
    scene.quick()
    return pages


def walk(pages: SessionPages, *votes: str) -> None:
    """Hold the first vote and those after the chapters; nothing is revealed."""
    pages.come_in(len(votes[0]))
    for number, options in zip((1, ONE, TWO), votes, strict=False):
        pages.hold(options, number)


def reveal(pages: SessionPages) -> None:
    pages.scene.go_to(5)
    assert pages.lead("stemming/onthul", stemming=1).status_code == 303


def test_a_dilemma_without_chapters_is_refused_with_a_reason(
    app: Flask, scene: SessionScene, world: World
) -> None:
    gerda = browser_of(app, world.gerda)
    address = f"/team/{world.team_noord}/intervisie"
    fields: Fields = {"dilemma": scene.slug, "werkvorm": UNFOLDING, "doe": "start"}
    answer = send(gerda, address, **fields)
    assert (answer.status_code, "heeft geen vervolg" in words(answer)) == (422, True)


def test_a_dilemma_that_unfolds_is_known_in_the_list(group: SessionPages) -> None:
    page = words(group.gerda.get(f"/team/{group.world.team_noord}/intervisie"))
    assert "· met vervolg" in page
    assert "Kraak met vervolg" in page


def test_before_its_step_a_fact_is_on_the_regie_alone(group: SessionPages) -> None:
    group.come_in(5)
    group.scene.go_to_vote(1)
    assert FACT in group.regie()
    for page in (group.scherm(), group.phone()):
        assert FACT not in page and "De huisarts" not in page


def test_a_fact_is_told_on_all_pages_and_voted_on_without_a_reason(group: SessionPages) -> None:
    walk(group, "aaabbc")
    group.scene.go_to_vote(ONE)
    for page in (group.regie(), group.scherm(), group.phone()):
        assert FACT in page and QUESTION in page
    group.lead("stemming/open", stemming=ONE)
    page = group.phones[0].get(group.at()).text
    assert 'type="radio"' in page and "<textarea" not in page
    assert re.search(r'type="radio"[^>]* checked', page) is None, "nothing of the former choice"
    answer = post(group.phones[0], group.at(), "/stem", stemming=str(ONE))
    assert (answer.status_code, "Kies eerst een werkwijze." in words(answer)) == (422, True)
    group.vote(0, "b", stemming=ONE)
    assert "niemand ziet of je van keuze veranderde" in group.phone()
    assert "open · 1 van 6 binnen" in group.regie()


def test_pages_of_phones_that_chose_otherwise_are_equally_long(group: SessionPages) -> None:
    walk(group, "aabbcx")
    group.scene.go_to_vote(ONE)
    group.lead("stemming/open", stemming=ONE)
    fragments = [phone.get(group.at("/nu")).data for phone in group.phones]
    assert len({len(one) for one in fragments}) == 1


def test_nobody_reads_a_figure_before_all_are_revealed(group: SessionPages) -> None:
    walk(group, "aaabbc", "abbbcc", "bbbbaa")
    for step in range(group.scene.step, 6):
        group.scene.go_to(step)
        for page in (group.regie(), group.scherm(), group.phone()):
            assert "De stand bij elke stemming" not in page
    reveal(group)
    for page in (group.regie(), group.scherm(), group.phone()):
        assert "De stand bij elke stemming, 6 stemmen" in page
        assert "Eerst 1. De huisarts 2. De buurvrouw" in page
        assert "Ik doe het zo 3 1 2" in page
        assert "Ik doe het anders 2 3 4" in page


def test_one_who_moved_reads_the_same_as_nobody_on_every_page(group: SessionPages) -> None:
    walk(group, "aaabbc", "aabbbc", "aaabbc")
    reveal(group)
    for page in (group.regie(), group.scherm(), group.phone()):
        assert page.count(STILL) == 2
        assert "Ik doe het zo 3" in page


@pytest.mark.parametrize("what", ["open", "sluit", "terug", "onthul"])
@pytest.mark.parametrize("number", [2, 3, 11, TWO, TWO + 1])
def test_a_button_for_another_vote_does_nothing(
    group: SessionPages, what: str, number: int
) -> None:
    walk(group, "aaabb")
    group.scene.go_to_vote(ONE)
    before = group.scene.regie().now
    answer = group.lead(f"stemming/{what}", stemming=number, **NOT_ALONG)
    assert answer.status_code == 409
    after = group.scene.regie().now
    assert [one.state for one in after.rounds] == [one.state for one in before.rounds]


def test_closing_early_names_its_price(group: SessionPages) -> None:
    walk(group, "aaabbc")
    group.scene.go_to_vote(ONE)
    group.lead("stemming/open", stemming=ONE)
    for place in range(5):
        group.vote(place, "b", stemming=ONE)
    price = "1 van 6 is nog niet klaar. Sluit je nu, dan komen er vanaf dit feit geen cijfers."
    assert price in group.regie()
    assert price in words(group.lead("stemming/sluit", stemming=ONE))
    assert group.state_of(ONE) == RoundState.OPEN


def test_a_slip_can_be_taken_back(group: SessionPages) -> None:
    walk(group, "aaabbc")
    group.scene.go_to_vote(ONE)
    group.lead("stemming/open", stemming=ONE)
    assert "Toch nog even dicht" in group.regie()
    group.lead("stemming/terug", stemming=ONE)
    assert group.state_of(ONE) == RoundState.DRAFT
    group.lead("stemming/open", stemming=ONE)
    assert group.state_of(ONE) == RoundState.OPEN


def test_facts_that_are_left_out_leave_the_usual_result(group: SessionPages) -> None:
    walk(group, "aaabbc")
    reveal(group)
    assert "De stand bij elke stemming" not in group.scherm()
    assert "3 van 6" in group.scherm()


def test_the_report_has_each_fact_with_its_figures(group: SessionPages) -> None:
    walk(group, "aaabbc", "abbbcc", "abbbbc")
    reveal(group)
    group.end()
    report = group.scene.regie().now.report_id
    page = words(group.gerda.get(f"/verslag/{report}"))
    assert f"De huisarts. {FACT}" in page
    assert "Ik doe het zo 3 1" in page
    assert f"2. De buurvrouw: {STILL}" in page
    markdown = group.gerda.get(f"/verslag/{report}.md").text
    assert "**De huisarts.** Ze belt. Sam slaapt al weken niet." in markdown
    assert "| Werkwijze | Eerst | 1. De huisarts |" in markdown
    assert "| A Ik doe het zo | 3 | 1 |" in markdown
    assert f"2. De buurvrouw: {STILL}" in markdown


def test_a_session_that_was_not_revealed_reports_no_fact(group: SessionPages) -> None:
    walk(group, "aaabbc", "abbbcc")
    assert "nog niet onthuld" in words(group.lead("einde"))
    group.end()
    report = group.scene.regie().now.report_id
    page = words(group.gerda.get(f"/verslag/{report}"))
    assert "De huisarts" not in page and "De stand bij" not in page
