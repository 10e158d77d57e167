"""The same dilemma twice within a week by one team: the difference of totals is not to be had."""

from datetime import timedelta

import pytest

from kopkrakers.intervisie.session.cases import OwnCase
from kopkrakers.intervisie.session.group.repeats import APART
from kopkrakers.intervisie.session.states import RoundState, Verdict
from kopkrakers.intervisie.session.store import CRACKED, ROUND, SESSION_TALLY
from tests.support.pages import words
from tests.support.sessions.pages import SessionPages
from tests.support.sessions.scene import OWN

WHY = "Jullie team kraakte dit dilemma minder dan een week geleden ook."
COUNTS = ("1 van 5", "40%", "33%", "50%", "Jullie, ", "2 van 5", "2 van 6", "3 van 6")


def crack(pages: SessionPages, options: str, second: str = "", *, reveal: bool = True) -> None:
    """A session with phones of its own: the first vote revealed, and the second if there is one."""
    pages.scene.open()
    pages.phones.clear()
    pages.come_in(len(options))
    pages.hold(options)
    if not reveal:
        return
    pages.reveal_first()
    if second:
        pages.hold(second, 2)
        pages.scene.go_to(7)
        pages.lead("stemming/onthul", stemming=2)


def pages_and_report(pages: SessionPages) -> dict[str, str]:
    """Return the texts of regie, scherm, phone, report and Markdown; the session is over then."""
    said = {"regie": pages.regie(), "scherm": pages.scherm(), "phone": pages.phone()}
    pages.end()
    report = f"/verslag/{pages.scene.regie().now.report_id}"
    said["report"] = words(pages.gerda.get(report))
    said["markdown"] = pages.gerda.get(f"{report}.md").text
    return said


@pytest.mark.parametrize(
    ("first", "again"),
    [("aabbc", "aabbb"), ("aabbc", "aabbcc"), ("aabbcc", "aabbc"), ("aaabb", "aaabb")],
    ids=["one changed", "one joined", "one stayed away", "all the same"],
)
@pytest.mark.parametrize("days", [0, 1, 6])
def test_the_second_session_within_a_week_has_no_figures_anywhere(
    pages: SessionPages, first: str, again: str, days: int
) -> None:
    """The attack: lay the totals of two sessions beside each other."""
    crack(pages, first)
    pages.end()
    pages.scene.clock.moment += timedelta(days=days)
    crack(pages, again, again[::-1])
    assert pages.scene.count(SESSION_TALLY) == 0, "what is not written cannot be read"
    for where, said in pages_and_report(pages).items():
        assert WHY in said, where
        assert not any(count in said for count in COUNTS), where


def test_what_is_said_is_the_same_whatever_was_chosen(pages: SessionPages) -> None:
    """The attack: also that few voted, or that all chose alike, tells of the difference."""
    crack(pages, "aabbc")
    pages.end()
    said = set()
    for options in ("aabbc", "aaaaa", "aaaab", "abc"):
        crack(pages, options)
        vote = pages.scene.regie().now.round(1)
        assert vote is not None
        said.add((vote.verdict, vote.totals, vote.sentence))
        pages.end()
    assert len(said) == 1 and {verdict for verdict, *_ in said} == {Verdict.AGAIN}


def test_two_sessions_counted_before_either_is_revealed(pages: SessionPages) -> None:
    """The attack: have both counted first. The second to be revealed loses its totals by it."""
    crack(pages, "aabbc", reveal=False)
    earlier = pages.code, list(pages.phones)
    crack(pages, "aabbb")
    assert "2 van 5" in pages.scherm()
    pages.scene.code, pages.phones = earlier[0], earlier[1]
    pages.hold("aabbb", 2)
    pages.reveal_first()
    pages.scene.go_to(7)
    pages.lead("stemming/onthul", stemming=2)
    tallies = {row.session_id for row in pages.scene.rows(SESSION_TALLY)}
    assert pages.scene.id not in tallies and len(tallies) == 1
    for where, text in pages_and_report(pages).items():
        assert WHY in text, where


def test_the_second_vote_of_the_first_session_is_no_repeat(pages: SessionPages) -> None:
    crack(pages, "aaabbc", "aabbbb")
    assert "Voor en na het gesprek, 6 stemmen" in pages.regie()


def test_a_week_later_there_are_figures_again_and_nothing_is_kept(pages: SessionPages) -> None:
    crack(pages, "aabbc")
    pages.end()
    pages.scene.clock.moment += APART
    pages.scene.quick()
    assert pages.scene.count(CRACKED) == 0
    crack(pages, "aabbb")
    assert "2 van 5" in pages.scherm() and WHY not in pages.scherm()


def test_what_is_remembered_is_team_dilemma_and_day_once_at_the_reveal(pages: SessionPages) -> None:
    crack(pages, "aabbc", reveal=False)
    assert pages.scene.count(CRACKED) == 0
    pages.reveal_first()
    (row,) = pages.scene.rows(CRACKED)
    expected = (pages.world.team_noord, pages.scene.slug, pages.scene.today)
    assert tuple(row) == expected
    pages.end()
    crack(pages, "aabbb")
    assert [tuple(one) for one in pages.scene.rows(CRACKED)] == [expected]


def test_a_rehearsal_warns_as_well_and_shows_what_it_pretends(pages: SessionPages) -> None:
    crack(pages, "aabbc")
    pages.end()
    pages.scene.open(rehearsal=True)
    assert "In deze oefening staan wel cijfers, van verzonnen deelnemers." in pages.regie()
    pages.to_vote()
    pages.close()
    pages.reveal_first()
    assert WHY not in pages.scherm() and "van 6" in pages.scherm()


COPIES = {
    "title": lambda card: OwnCase(card.title.upper(), "Wat doe je?", ("Zo", "Anders")),
    "werkwijzen": lambda card: OwnCase(
        "Iets anders", "Wat doe je?", (card.options[0].label, card.options[1].label + " ")
    ),
}


@pytest.mark.parametrize("copied", COPIES)
def test_an_eigen_casus_with_the_words_of_a_dilemma_is_warned_about(
    pages: SessionPages, copied: str
) -> None:
    card = pages.scene.library.card(pages.scene.slug)
    assert card is not None
    # in these tests several cards have the same werkwijzen
    title = card.title if copied == "title" else ""
    warning = f"Deze casus lijkt op het dilemma ‘{title}"
    pages.scene.open(COPIES[copied](card))
    assert warning in pages.regie()
    assert warning not in pages.scherm()
    pages.come_in(2)
    pages.hold("ab")
    assert warning not in pages.regie(), "it is too late to choose another"


def test_an_eigen_casus_of_their_own_is_not_warned_about(pages: SessionPages) -> None:
    pages.scene.open(OWN)
    assert "lijkt op het dilemma" not in pages.regie()


@pytest.mark.parametrize("kind", ["few", "own", "rehearsal"])
def test_what_told_nothing_of_a_dilemma_does_not_count(pages: SessionPages, kind: str) -> None:
    if kind == "few":
        crack(pages, "abc")
    elif kind == "own":
        pages.scene.open(OWN)
        pages.come_in(5)
        pages.hold("aabba")
    else:
        pages.scene.open(rehearsal=True)
        pages.to_vote()
        pages.close()
        pages.reveal_first()
    assert pages.scene.count(CRACKED) == 0
    pages.end()
    crack(pages, "aabbc")
    assert "2 van 5" in pages.scherm()


def test_the_regie_is_warned_when_it_is_planned_and_until_the_vote(pages: SessionPages) -> None:
    crack(pages, "aabbc")
    assert "kraakte dit dilemma op" not in pages.regie(), "this session did so itself"
    pages.end()
    pages.scene.plan(planned_for=pages.scene.today + timedelta(days=1))
    assert "Jullie team kraakte dit dilemma op" in pages.regie()
    pages.scene.plan(planned_for=pages.scene.today + APART)
    assert "Jullie team kraakte dit dilemma op" not in pages.regie()
    pages.scene.open()
    pages.phones.clear()
    pages.come_in(5)
    assert "Jullie team kraakte dit dilemma op" in pages.regie()
    pages.to_vote()
    assert "komen er geen cijfers van jullie" in pages.regie()
    for place, option in enumerate("aabbc"):
        pages.vote(place, option)
    pages.close()
    assert pages.state_of() == RoundState.CLOSED
    assert "Jullie team kraakte dit dilemma op" not in pages.regie()


def test_another_team_may_crack_the_same_dilemma(pages: SessionPages) -> None:
    with pages.scene.database.transaction() as session:
        row = {"team_id": pages.world.team_almere, "dilemma": pages.scene.slug}
        session.execute(CRACKED.insert().values(**row, cracked_on=pages.scene.today))
    crack(pages, "aabbc")
    assert "2 van 5" in pages.scherm()
    verdicts = {row.verdict for row in pages.scene.rows(ROUND)}
    assert Verdict.AGAIN not in verdicts
