"""The next working day: who answered reads what happened, chooses again, and sees all parts."""

import pytest

from kopkrakers.answers.pages.unfolding.views import NO_FIGURE
from tests.answers.pages.unfolding.days import FIRST, PAGE, SECOND, SLUG, Unfolded
from tests.support.pages import give, send, words
from tests.support.world import World

NEWS = "Het vervolg van ‘Samen thuis’"


def test_vandaag_tells_of_a_new_fact_the_next_working_day_to_who_answered(
    unfolded: Unfolded, world: World
) -> None:
    anna, bram = unfolded.site.browser(world.anna), unfolded.site.browser(world.bram)
    given = give(unfolded.site, anna)
    assert "Morgen komt er een nieuw feit bij." in words(anna.get(given.headers["Location"]))
    assert NEWS not in words(anna.get("/"))
    unfolded.next_day()
    assert NEWS in words(anna.get("/"))
    assert NEWS not in words(bram.get("/"))


def test_a_chapter_is_not_there_before_its_day(unfolded: Unfolded, world: World) -> None:
    anna = unfolded.site.browser(world.anna)
    give(unfolded.site, anna)
    assert anna.get(PAGE).status_code == 404
    assert unfolded.choose(anna).status_code == 404


def test_who_answered_chooses_again_and_sees_the_parts(unfolded: Unfolded, world: World) -> None:
    anna = unfolded.site.browser(world.anna)
    give(unfolded.site, anna)
    unfolded.next_day()
    asked = words(anna.get(PAGE))
    assert FIRST in asked
    assert "Wat doe je nu je dit weet?" in asked
    assert SECOND not in asked
    answered = unfolded.choose(anna)
    assert (answered.status_code, answered.headers["Location"]) == (303, PAGE)
    after = words(anna.get(PAGE))
    assert "In de bus: het vervolg van Samen thuis" in after
    assert NO_FIGURE in after
    assert "Morgen komt er nog iets bij." in after
    assert NEWS not in words(anna.get("/"))


def test_the_second_chapter_comes_after_the_first_and_only_then(
    unfolded: Unfolded, world: World
) -> None:
    anna = unfolded.site.browser(world.anna)
    give(unfolded.site, anna)
    unfolded.next_day()
    unfolded.next_day()
    # both are open now; the first comes first
    assert SECOND not in words(anna.get(PAGE))
    assert unfolded.choose(anna, 2).status_code == 409
    unfolded.choose(anna)
    asked = words(anna.get(PAGE))
    assert SECOND in asked
    # what was told before can be read again
    assert FIRST in asked
    unfolded.choose(anna, 2, optie="x")
    assert "komt er nog iets bij" not in words(anna.get(PAGE))


def test_all_parts_stand_beside_each_other_in_a_table_and_in_words(
    unfolded: Unfolded, world: World
) -> None:
    anna = unfolded.site.browser(world.anna)
    give(unfolded.site, anna)
    unfolded.next_day()
    unfolded.choose(anna)
    unfolded.add_figures(0, 63, 27, 8, 2)
    unfolded.add_figures(1, 22, 66, 11, 1)
    page = words(anna.get(PAGE))
    assert "Eerst: het vaakst A, ‘Ik doe het zo’ (60%)." in page
    # a chapter is told in tens, and then all are: nothing seems to grow by rounding
    assert "1. De huisarts: het vaakst B, ‘Ik doe het anders’ (70%)." in page
    assert "Aandeel per werkwijze, na elk deel" in page
    assert "A Ik doe het zo 60% 20%" in page
    assert "afgerond op tienen" in page
    assert "63" not in page
    assert "66" not in page
    assert "Een verschil komt dus niet alleen door het feit." in page


def test_no_figure_stands_there_while_something_is_asked(unfolded: Unfolded, world: World) -> None:
    anna = unfolded.site.browser(world.anna)
    give(unfolded.site, anna)
    unfolded.next_day()
    unfolded.add_figures(0, 600, 280, 120, 0)
    unfolded.add_figures(1, 200, 660, 140, 0)
    page = words(anna.get(PAGE))
    assert "%" not in page
    assert "Wat kozen collega’s" not in page
    # nor in the line of yesterday: whoever chooses again is not told first what others chose
    assert "Gisteren" not in words(anna.get("/"))


def test_who_did_not_answer_is_led_to_the_card_and_told_nothing(
    unfolded: Unfolded, world: World
) -> None:
    bram = unfolded.site.browser(world.bram)
    unfolded.next_day()
    unfolded.add_figures(1, 200, 660, 140, 0)
    for answer in (bram.get(PAGE), unfolded.choose(bram), send(bram, f"{PAGE}/1/terugnemen")):
        assert answer.headers["Location"] == f"/dilemma/{SLUG}"
        assert FIRST not in answer.get_data(as_text=True)


def test_who_took_the_first_answer_back_reads_along_and_does_not_choose(
    unfolded: Unfolded, world: World
) -> None:
    anna = unfolded.site.browser(world.anna)
    give(unfolded.site, anna)
    send(anna, unfolded.site.url("terugnemen"))
    unfolded.next_day()
    page = words(anna.get(PAGE))
    assert FIRST in page
    assert "Doe mijn keuze in de bus" not in page
    assert unfolded.choose(anna).status_code == 409
    assert NEWS not in words(anna.get("/"))


def test_a_choice_can_be_taken_back_and_then_the_story_goes_on_without_it(
    unfolded: Unfolded, world: World
) -> None:
    anna = unfolded.site.browser(world.anna)
    give(unfolded.site, anna)
    unfolded.next_day()
    unfolded.choose(anna)
    back = send(anna, f"{PAGE}/1/terugnemen")
    assert (back.status_code, back.headers["Location"]) == (303, PAGE)
    assert "Je hebt je antwoord teruggenomen." in words(anna.get(PAGE))
    assert send(anna, f"{PAGE}/1/terugnemen").status_code == 409
    unfolded.next_day()
    assert unfolded.choose(anna, 2).status_code == 409
    # what was told may be read
    assert SECOND in words(anna.get(PAGE))


@pytest.mark.parametrize("option", ["", "z", "aa"])
def test_without_a_choice_the_page_comes_back(
    unfolded: Unfolded, world: World, option: str
) -> None:
    anna = unfolded.site.browser(world.anna)
    give(unfolded.site, anna)
    unfolded.next_day()
    again = unfolded.choose(anna, optie=option)
    assert again.status_code == 422
    assert "Kies eerst een werkwijze." in words(again)
    assert FIRST in words(again)


def test_a_stale_form_keeps_the_choice(unfolded: Unfolded, world: World) -> None:
    anna = unfolded.site.browser(world.anna)
    give(unfolded.site, anna)
    unfolded.next_day()
    again = unfolded.choose(anna, csrf_token="oud")
    assert again.status_code == 422
    assert "Kijk je keuze nog even na" in words(again)
    assert 'value="b" required checked' in again.get_data(as_text=True)
    assert "no-store" in again.headers["Cache-Control"]


def test_twice_is_too_late(unfolded: Unfolded, world: World) -> None:
    anna = unfolded.site.browser(world.anna)
    give(unfolded.site, anna)
    unfolded.next_day()
    unfolded.choose(anna)
    assert unfolded.choose(anna, optie="c").status_code == 409


def test_the_number_of_a_chapter_opens_no_page_of_a_card(unfolded: Unfolded, world: World) -> None:
    anna = unfolded.site.browser(world.anna)
    give(unfolded.site, anna)
    unfolded.next_day()
    for what in ("", "/uitslag", "/dagboek", "/te-laat", "/vervolg"):
        assert anna.get(f"/dilemma/{SLUG}/2{what}").status_code == 404
    assert send(anna, f"/dilemma/{SLUG}/2/antwoord", optie="a", doorslag="w").status_code == 404
    assert send(anna, f"/dilemma/{SLUG}/2/terugnemen").status_code == 404


def test_who_reads_along_without_a_vote_is_told_so(unfolded: Unfolded, world: World) -> None:
    unfolded.next_day()
    dewi = unfolded.site.browser(world.dewi)
    assert unfolded.choose(dewi).status_code == 403
    assert dewi.get(PAGE).headers["Location"] == f"/dilemma/{SLUG}"


def test_once_the_card_closed_everybody_reads_how_it_went_on(
    unfolded: Unfolded, world: World
) -> None:
    unfolded.add_figures(0, 60, 28, 12, 0)
    unfolded.add_figures(1, 20, 66, 14, 0)
    unfolded.clock.move(weeks=27)
    bram = unfolded.site.browser(world.bram)
    page = words(bram.get(PAGE))
    assert FIRST in page
    assert SECOND in page
    assert "(70%)" in page
    assert "Doe mijn keuze in de bus" not in page


def test_the_page_after_a_choice_is_the_same_whatever_was_chosen(
    unfolded: Unfolded, world: World
) -> None:
    anna, bram = unfolded.site.browser(world.anna), unfolded.site.browser(world.bram)
    for browser in (anna, bram):
        give(unfolded.site, browser)
    unfolded.next_day()
    sizes, replies = set(), set()
    for browser, option in ((anna, "a"), (bram, "x")):
        reply = unfolded.choose(browser, optie=option)
        replies.add((reply.status_code, len(reply.data), "Set-Cookie" in reply.headers))
        sizes.add(len(browser.get(PAGE).data))
    assert len(replies) == 1
    assert len(sizes) == 1


def test_the_archive_says_that_there_is_more_once_it_was_told(
    unfolded: Unfolded, world: World
) -> None:
    anna = unfolded.site.browser(world.anna)
    assert "met een vervolg" not in words(anna.get("/archief"))
    unfolded.next_day()
    shelf = words(anna.get("/archief"))
    assert shelf.count("met een vervolg") == 1
