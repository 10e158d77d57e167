"""Two begeleiders, two devices: sharing a running session, acting at once, going on elsewhere."""

from typing import Any

import pytest

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers.service import Turn, turn_of
from kopkrakers.base.errors import NotYours
from kopkrakers.intervisie.session import planning, running
from tests.support.pages import send
from tests.support.sessions.pages import SessionPages, words
from tests.support.sessions.scene import at_once
from tests.support.world import add_person, browser_of


@pytest.fixture
def els(pages: SessionPages) -> Visitor:
    """Another begeleider of the team."""
    with pages.scene.database.transaction() as session:
        return add_person(
            session, "Els", pages.world.zaanstad, pages.world.team_noord, Role.BEGELEIDER
        )


def regie_of(pages: SessionPages, who: Visitor) -> str:
    return words(browser_of(pages.app, who).get(f"/intervisie/{pages.code}/regie"))


def turn(pages: SessionPages, who: Visitor) -> Turn:
    with pages.scene.database.reading() as session:
        return turn_of(session, pages.scene.voter(who.id), pages.scene.slug, 1)


def test_a_second_begeleider_comes_in_while_a_vote_is_open_and_closes_it(
    pages: SessionPages, els: Visitor
) -> None:
    pages.come_in(2)
    pages.to_vote()
    assert "Deze sessie bestaat niet" in regie_of(pages, els)
    assert pages.lead("tweede", tweede=els.id, meestemmen="nee").status_code == 303
    assert "Begeleiding: Els en Gerda." in pages.regie()
    other = browser_of(pages.app, els)
    assert (
        send(
            other, f"/intervisie/{pages.code}/regie/stemming/sluit", stemming="1", zeker="ja"
        ).status_code
        == 303
    )
    late = pages.lead("stemming/sluit", stemming=1, zeker="ja")
    assert late.status_code == 409 and "al dicht" in words(late)


def test_the_second_goes_again_and_chooses_no_other(pages: SessionPages, els: Visitor) -> None:
    pages.lead("tweede", tweede=els.id)
    assert "Kies een tweede begeleider" not in regie_of(pages, els)
    other = browser_of(pages.app, els)
    refused = send(other, f"/intervisie/{pages.code}/regie/tweede", tweede="")
    assert refused.status_code == 404
    assert pages.lead("tweede", tweede="").status_code == 303
    assert other.get(f"/intervisie/{pages.code}/regie/nu?seen=0").status_code == 404


@pytest.mark.parametrize("chosen", ["anna", "chris", "gerda", "nobody"])
def test_only_another_begeleider_of_the_team_can_be_chosen(
    pages: SessionPages, chosen: str
) -> None:
    id_ = 999999 if chosen == "nobody" else getattr(pages.world, chosen).id
    answer = pages.lead("tweede", tweede=id_)
    assert answer.status_code == 422 and "Kies een begeleider uit je team" in words(answer)


def test_who_comes_in_after_the_reveal_sees_figures_and_has_used_the_turn(
    pages: SessionPages, els: Visitor
) -> None:
    pages.come_in(5)
    pages.hold("aabbc")
    pages.lead("tweede", tweede=els.id, meestemmen="nee")
    assert turn(pages, els) == Turn.NONE
    pages.lead("tweede", tweede="")
    pages.scene.reveal()
    assert turn(pages, els) == Turn.NONE
    pages.lead("tweede", tweede=els.id, meestemmen="nee")
    assert turn(pages, els) == Turn.SEEN


@pytest.mark.parametrize(("answer", "shown"), [("nee", True), ("ja", False)])
def test_a_second_who_voted_already_does_not_make_five(
    pages: SessionPages, els: Visitor, answer: str, *, shown: bool
) -> None:
    """The attack: four colleagues, and one of five phones is of whoever now begins to lead."""
    pages.come_in(5)
    pages.to_vote()
    for place, option in enumerate("aabbc"):
        pages.vote(place, option)
    asked = pages.lead("tweede", tweede=els.id)
    assert asked.status_code == 409 and "Stemde Els in deze sessie mee" in words(asked)
    assert f'name="tweede" value="{els.id}"' in asked.text and els.name in words(asked)
    assert "Begeleiding: Els" not in pages.regie(), "nothing is done yet"
    assert pages.lead("tweede", tweede=els.id, meestemmen=answer).status_code == 303
    assert pages.lead("tweede", tweede=els.id).status_code == 303, "asked once"
    pages.close()
    pages.scene.reveal()
    assert ("2 van 5" in pages.scherm()) == shown


def test_the_question_tells_no_name_of_somebody_elses_team(pages: SessionPages) -> None:
    pages.come_in(2)
    pages.to_vote()
    for person in (pages.world.chris, pages.world.anna):
        answer = pages.lead("tweede", tweede=person.id)
        assert answer.status_code == 422
        assert "Stemde" not in words(answer)


def test_before_the_first_vote_a_new_second_is_part_of_its_question(
    pages: SessionPages, els: Visitor
) -> None:
    pages.lead("meestemmen", meestemmen="nee")
    assert pages.lead("tweede", tweede=els.id).status_code == 303
    pages.come_in(5)
    pages.scene.go_to_vote(1)
    asked = pages.lead("stemming/open", stemming=1)
    assert asked.status_code == 409 and "op een telefoon" in words(asked)


def test_nobody_is_shared_with_once_it_is_over(pages: SessionPages, els: Visitor) -> None:
    pages.lead("begin")
    pages.lead("einde")
    assert pages.lead("tweede", tweede=els.id).status_code == 409


def test_sharing_and_ending_at_once_leave_no_half_session(
    pages: SessionPages, els: Visitor
) -> None:
    who: dict[str, Any] = {"code": pages.code, "user_id": pages.world.gerda.id}
    pages.lead("begin")
    done = at_once(
        pages.scene,
        lambda session: planning.set_second(
            session, **who, second_id=els.id, votes_along=False, turn_keys=pages.scene.turn_keys
        ),
        lambda session: running.end(session, **who, now=pages.scene.now),
    )
    assert done in (["done", "done"], ["TooLate", "done"])
    pages.scene.quick()
    with pytest.raises(NotYours):
        pages.scene.regie(pages.world.bram.id)


def test_a_closed_laptop_is_taken_up_on_another_device(pages: SessionPages) -> None:
    pages.come_in(5)
    pages.to_vote()
    elsewhere = browser_of(pages.app, pages.world.gerda)
    team = elsewhere.get("/team")
    assert f'href="/intervisie/{pages.code}/regie"' in team.text and "nu bezig" in words(team)
    assert "Sluit de stemming" in words(elsewhere.get(f"/intervisie/{pages.code}/regie"))
    assert pages.vote(0).status_code == 303
    closed = send(
        elsewhere, f"/intervisie/{pages.code}/regie/stemming/sluit", stemming="1", zeker="ja"
    )
    pages.scene.quick()
    assert closed.status_code == 303 and "dicht · 1 stem" in pages.regie()


@pytest.mark.parametrize(
    ("options", "words_"),
    [("aabbcc", "minder dan 5 mensen"), ("aaabbcc", "3 van 7"), ("aaaabbb", "bijna op één lijn")],
)
def test_two_begeleiders_who_vote_unseen_leave_five_others(
    pages: SessionPages, els: Visitor, options: str, words_: str
) -> None:
    """The attack: both subtract their own vote, and lay what is left together."""
    pages.come_in(len(options))
    pages.lead("meestemmen", meestemmen="ja")
    pages.scene.lead(
        planning.set_second, second_id=els.id, votes_along=True, turn_keys=pages.scene.turn_keys
    )
    pages.hold(options, along="ja")
    pages.reveal_first()
    for page in (pages.scherm(), pages.regie(), pages.phone()):
        assert words_ in page
