"""The pseudonyms of turns: one for each person and edition, and nothing without the secret."""

from sqlalchemy import select

from kopkrakers.answers.pseudonyms import Voter, turn_pseudonym
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import PARTICIPATION, Vote
from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.base.keys import Keys
from tests.support.polling import SLUG, TURN_KEYS, Polling


def test_each_person_edition_dilemma_and_key_has_another() -> None:
    pseudonyms = {
        turn_pseudonym(key, user_id, dilemma, edition)
        for key in (b"een", b"twee")
        for user_id in (1, 11, 111)
        for dilemma in ("a", "a-1", "1")
        for edition in (1, 11)
    }
    assert len(pseudonyms) == 2 * 3 * 3 * 2
    assert all(len(pseudonym) == 32 for pseudonym in pseudonyms)


def test_the_first_pseudonym_is_by_the_current_key() -> None:
    voter = Voter(7, Keys(b"nieuw", (b"oud", b"ouder")))
    assert voter.all_on("a", 1)[0] == voter.on("a", 1) == turn_pseudonym(b"nieuw", 7, "a", 1)
    assert len(set(voter.all_on("a", 1))) == 3


def test_a_vote_that_lands_in_a_line_of_a_log_says_nothing() -> None:
    vote = Vote(Voter(70_707, TURN_KEYS), 1, "een-dilemma", 1, Answer("b", "w"))
    for text in (repr(vote), str(vote), f"{vote}", f"{[vote]}", "%s" % vote):  # noqa: UP031 - a log
        assert "70707" not in text and "Answer" not in text and "'b'" not in text


def test_who_holds_the_database_but_not_the_secret_names_nobody(polling: Polling) -> None:
    """Someone with a copy tries every person with every key that stands in the database itself."""
    people = polling.cast_all("aaaaabbbcc")
    with polling.database.reading() as session:
        turns = session.execute(select(PARTICIPATION)).all()
        envelopes = session.execute(select(ENVELOPE)).all()
    seen = {row.pseudonym for row in turns} | {row.voter for row in envelopes}
    guesses = [b"", SLUG.encode(), *(row.mac for row in envelopes)]
    named = {turn_pseudonym(key, one, SLUG, 1) for key in guesses for one in polling.people}
    assert not seen & named
    # with the secret each of them is found, so that the counter can tell who is who
    assert seen == {turn_pseudonym(TURN_KEYS.current, one, SLUG, 1) for one in people}
