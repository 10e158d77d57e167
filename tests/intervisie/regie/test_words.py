"""The words of a session never promise or contradict what stands beside them."""

import pytest

from kopkrakers.intervisie.session.store import WAY_BACK
from kopkrakers.intervisie.werkvormen.reading import Action, werkvormen
from tests.support.pages import words
from tests.support.sessions.pages import SessionPages


def reveal(pages: SessionPages, options: str) -> None:
    pages.come_in(len(options))
    pages.hold(options)
    pages.reveal_first()


@pytest.mark.parametrize("werkvorm", sorted(werkvormen()))
def test_no_step_sends_people_to_figures_that_may_not_be_there(werkvorm: str) -> None:
    for step in werkvormen()[werkvorm].stappen:
        if step.actie in (Action.REVEAL, Action.SHIFT):
            assert "cijfers" not in step.doe, step.titel


def test_nothing_says_that_they_see_what_they_chose_where_they_do_not(pages: SessionPages) -> None:
    reveal(pages, "abc")
    for page in (pages.phone(), pages.regie(), pages.scherm()):
        assert "minder dan 5 mensen" in page
        assert "Wat jullie kozen" not in page and "Dit kozen jullie." not in page
    assert "De uitslag is er, zonder cijfers van jullie." in pages.phone()


def test_with_figures_the_words_are_those_of_figures(pages: SessionPages) -> None:
    reveal(pages, "aabbc")
    assert "Dit kozen jullie." in pages.phone() and "Wat jullie kozen" in pages.phone()


def test_the_scherm_has_a_question_where_there_are_no_figures(pages: SessionPages) -> None:
    reveal(pages, "aaaab")
    assert "Jullie zitten bijna op één lijn." in pages.scherm()
    assert "Wie verdedigt de andere kant?" in pages.scherm()
    assert "Vraag:" not in pages.scherm()


def test_every_sentence_before_the_group_begins_with_a_capital(pages: SessionPages) -> None:
    reveal(pages, "abc")
    assert "Wie wil vertellen wat de doorslag gaf? Niemand hoeft." in pages.scherm()


def test_the_file_says_of_which_vote_there_are_no_figures(pages: SessionPages) -> None:
    reveal(pages, "aabbc")
    pages.hold("aaaab", 2)
    pages.scene.go_to(7)
    pages.lead("stemming/onthul", stemming=2)
    pages.end()
    markdown = pages.gerda.get(f"/verslag/{pages.scene.regie().now.report_id}.md").text
    assert "De tweede keer: Jullie zitten bijna op één lijn." in markdown


def test_a_phone_says_that_a_reason_may_be_kept_before_it_is_written(pages: SessionPages) -> None:
    """A reason that the begeleider puts in the report is not destroyed: nothing may say it is."""
    door = words(pages.app.test_client().get(pages.at()))
    assert "Je reden ook, als de begeleider hem niet in het verslag zet." in door
    pages.come_in(6)
    pages.to_vote(1)
    assert "De groep kan hem lezen en hij kan in het verslag komen" in pages.phone()


def test_what_stays_in_the_report_is_not_called_destroyed(pages: SessionPages) -> None:
    reveal(pages, "aabbc")
    pages.lead("einde", zeker="ja")
    ended = (pages.phone(), pages.regie(), pages.scherm())
    pages.scene.clock.moment += WAY_BACK
    pages.scene.quick()
    for page in (*ended, pages.phone(), pages.regie(), pages.scherm()):
        assert "Alleen wat in het verslag staat, blijft." in page
        assert "redenen" not in page and "Je reden" not in page


def test_after_the_second_vote_no_page_says_that_it_shows_what_they_chose(
    pages: SessionPages,
) -> None:
    reveal(pages, "aabbc")
    pages.hold("aaaab", 2)
    pages.scene.go_to(7)
    pages.lead("stemming/onthul", stemming=2)
    assert "Dit kozen jullie." not in pages.phone()
    assert "Jullie keuze voor en na het gesprek." in pages.phone()
    # the figures of the first vote stand above it
    assert "De tweede keer: Jullie zitten bijna op één lijn." in pages.regie()


def test_of_three_ways_on_one_alone_begins_with_no(pages: SessionPages) -> None:
    pages.come_in(6)
    pages.scene.go_to_vote(1)
    asked = words(pages.lead("stemming/open", stemming=1))
    assert "Nee, ik stem niet mee" in asked and "Ga terug" in asked
    assert "Nee, ga terug" not in asked
