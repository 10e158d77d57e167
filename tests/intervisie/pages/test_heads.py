"""Two people in the room say that the number of phones is right before the first vote opens."""

from flask.testing import FlaskClient

from kopkrakers.intervisie.session.group import heads
from kopkrakers.intervisie.session.states import RoundState
from tests.support.pages import send, words
from tests.support.sessions.pages import SessionPages, post
from tests.support.world import browser_of

YES = "Ja, dat klopt"


def opens(pages: SessionPages) -> bool:
    """Whether the begeleider gets the first vote open, by the request itself."""
    url = f"/intervisie/{pages.code}/regie/stemming/open"
    answer = send(pages.gerda, url, stemming="1", meestemmen="nee")
    assert answer.status_code in (303, 409)
    return pages.state_of() == RoundState.OPEN


def say_yes(pages: SessionPages, phone: FlaskClient, heads: int) -> int:
    return post(phone, pages.at(), "/klopt", aantal=str(heads)).status_code


def test_the_first_vote_waits_until_two_phones_said_that_the_number_is_right(
    pages: SessionPages,
) -> None:
    pages.come_in(5)
    pages.scene.go_to_vote(1)
    assert YES in pages.phone(3) and "0 van 2 telefoons zeiden ja" in pages.regie()
    assert pages.scene.regie().controls.large is None
    assert not opens(pages)
    assert say_yes(pages, pages.phones[0], 5) == 303
    assert say_yes(pages, pages.phones[0], 5) == 303, "a second tap of one phone counts once"
    assert "Nog iemand moet dat zeggen" in pages.phone(0) and not opens(pages)
    assert say_yes(pages, pages.phones[1], 5) == 303
    assert "Het aantal klopt." in pages.scherm() and YES not in pages.phone(3)
    assert opens(pages)


def test_whoever_brings_more_phones_afterwards_is_asked_about_anew(pages: SessionPages) -> None:
    """The begeleider's private windows: the number that was said to be right is not theirs."""
    pages.come_in(5)
    pages.scene.go_to_vote(1)
    for phone in pages.phones[:2]:
        say_yes(pages, phone, 5)
    pages.come_in(3)
    assert not opens(pages) and "0 van 2" in pages.regie()
    assert say_yes(pages, pages.phones[0], 5) == 409, "the number that was seen is not this one"
    for phone in pages.phones[:2]:
        assert say_yes(pages, phone, 8) == 303
    assert opens(pages)


def test_the_number_stays_right_when_somebody_leaves(pages: SessionPages) -> None:
    pages.come_in(6)
    pages.scene.go_to_vote(1)
    for phone in pages.phones[:2]:
        say_yes(pages, phone, 6)
    post(pages.phones[5], pages.at(), "/weg")
    assert opens(pages)


def test_a_begeleider_has_no_say(pages: SessionPages) -> None:
    pages.come_in(4)
    own = browser_of(pages.app, pages.world.gerda)
    pages.come_in(client=own)
    pages.scene.go_to_vote(1)
    say_yes(pages, own, 5)
    say_yes(pages, pages.phones[0], 5)
    assert not opens(pages)


def test_one_phone_or_none_can_still_vote(pages: SessionPages) -> None:
    pages.come_in(1)
    pages.scene.go_to_vote(1)
    assert not opens(pages)
    say_yes(pages, pages.phones[0], 1)
    assert opens(pages)


def test_nobody_is_asked_in_a_rehearsal_or_without_a_vote(pages: SessionPages) -> None:
    pages.scene.open(rehearsal=True)
    pages.come_in()
    assert YES not in pages.phone()
    pages.scene.go_to_vote(1)
    assert opens(pages)
    pages.scene.open(werkvorm="effect-eerst")
    pages.phones.clear()
    pages.come_in()
    assert YES not in pages.phone()


def test_late_strange_and_unknown_phones_have_no_say(pages: SessionPages) -> None:
    pages.come_in(2)
    pages.scene.go_to_vote(1)
    for wrong in ("x", "-1", "", "9" * 30):
        answer = post(pages.phones[0], pages.at(), "/klopt", aantal=wrong)
        assert answer.status_code == 422, wrong
    stranger = pages.app.test_client()
    assert say_yes(pages, stranger, 2) == 409
    pages.to_vote()
    late = post(pages.phones[0], pages.at(), "/klopt", aantal="2")
    assert late.status_code == 409 and heads.NOT_NOW in words(late)


def test_what_is_said_of_the_number_says_nothing_of_a_vote(pages: SessionPages) -> None:
    """What a page and the database hold is the same whatever the two who said so choose."""
    pages.come_in(5)
    pages.to_vote()
    before = [pages.phones[place].get(pages.at("/nu?seen=0")).text for place in (2, 3)]
    pages.vote(0, "a")
    pages.vote(1, "b")
    after = [pages.phones[place].get(pages.at("/nu?seen=0")).text for place in (2, 3)]
    assert [len(text) for text in before] == [len(text) for text in after]
    pages.end()
    assert "telefoons zeiden" not in pages.regie()
