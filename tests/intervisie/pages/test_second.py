"""Two begeleiders, two devices: sharing a session while it runs, acting at once, and taking it up elsewhere."""

from functools import partial

import pytest

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers.service import Turn, turn_of
from kopkrakers.base.errors import NotYours
from kopkrakers.intervisie.session import planning, running
from tests.intervisie.session.test_room import at_once
from tests.support.live_pages import Hall, words
from tests.support.live_room import reading
from tests.support.pages import send
from tests.support.world import add_person, browser_of


@pytest.fixture
def els(hall: Hall) -> Visitor:
    """Another begeleider of the team."""
    with hall.room.database.transaction() as session:
        return add_person(
            session, "Els", hall.world.zaanstad, hall.world.team_noord, Role.BEGELEIDER
        )


def regie_of(hall: Hall, who: Visitor) -> str:
    return words(browser_of(hall.app, who).get(f"/intervisie/{hall.code}/regie"))


def turn(hall: Hall, who: Visitor) -> Turn:
    return reading(hall.room, partial(turn_of, user_id=who.id, dilemma=hall.room.slug, edition=1))


def test_a_second_begeleider_comes_in_while_a_vote_is_open_and_closes_it(
    hall: Hall, els: Visitor
) -> None:
    hall.come_in(2)
    hall.to_vote()
    assert "Deze sessie bestaat niet" in regie_of(hall, els)
    assert hall.lead("tweede", tweede=els.id).status_code == 303
    assert "De stemming is open" not in hall.regie() and "Els en Gerda" in hall.regie()
    other = browser_of(hall.app, els)
    assert (
        send(other, f"/intervisie/{hall.code}/regie/stemming/sluit", stemming="1").status_code
        == 303
    )
    late = hall.lead("stemming/sluit", stemming=1)
    assert late.status_code == 409 and "al dicht" in words(late)


def test_the_second_goes_again_and_chooses_no_other(hall: Hall, els: Visitor) -> None:
    hall.lead("tweede", tweede=els.id)
    assert "Kies een tweede begeleider" not in regie_of(hall, els)
    other = browser_of(hall.app, els)
    refused = send(other, f"/intervisie/{hall.code}/regie/tweede", tweede="")
    assert refused.status_code == 404
    assert hall.lead("tweede", tweede="").status_code == 303
    assert other.get(f"/intervisie/{hall.code}/regie/nu?seen=0").status_code == 404


@pytest.mark.parametrize("chosen", ["anna", "chris", "gerda", "nobody"])
def test_only_another_begeleider_of_the_team_can_be_chosen(hall: Hall, chosen: str) -> None:
    id_ = 999999 if chosen == "nobody" else getattr(hall.world, chosen).id
    answer = hall.lead("tweede", tweede=id_)
    assert answer.status_code == 422 and "Kies een begeleider uit je team" in words(answer)


def test_who_comes_in_after_the_reveal_sees_figures_and_has_used_the_turn(
    hall: Hall, els: Visitor
) -> None:
    hall.come_in(5)
    hall.hold("aabbc")
    hall.lead("tweede", tweede=els.id)
    assert turn(hall, els) == Turn.NONE
    hall.lead("tweede", tweede="")
    hall.room.reveal()
    assert turn(hall, els) == Turn.NONE
    hall.lead("tweede", tweede=els.id)
    assert turn(hall, els) == Turn.SEEN


def test_nobody_is_shared_with_once_it_is_over(hall: Hall, els: Visitor) -> None:
    hall.lead("begin")
    hall.lead("einde")
    assert hall.lead("tweede", tweede=els.id).status_code == 409


def test_sharing_and_ending_at_once_leave_no_half_session(hall: Hall, els: Visitor) -> None:
    who = {"code": hall.code, "user_id": hall.world.gerda.id}
    hall.lead("begin")
    done = at_once(
        hall.room,
        lambda session: planning.set_second(session, **who, second_id=els.id),
        lambda session: running.end(session, **who, now=hall.room.now),
    )
    assert done in (["done", "done"], ["TooLate", "done"])
    hall.room.quick()
    with pytest.raises(NotYours):
        hall.room.regie(hall.world.bram.id)


def test_a_closed_laptop_is_taken_up_on_another_device(hall: Hall) -> None:
    hall.come_in(5)
    hall.to_vote()
    elsewhere = browser_of(hall.app, hall.world.gerda)
    team = elsewhere.get("/team")
    assert f'href="/intervisie/{hall.code}/regie"' in team.text and "nu bezig" in words(team)
    assert "Sluit de stemming" in words(elsewhere.get(f"/intervisie/{hall.code}/regie"))
    assert hall.vote(0).status_code == 303
    closed = send(elsewhere, f"/intervisie/{hall.code}/regie/stemming/sluit", stemming="1")
    hall.room.quick()
    assert closed.status_code == 303 and "dicht · 1 stem" in hall.regie()
