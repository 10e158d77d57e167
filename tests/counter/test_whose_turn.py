"""Turns are asked for the voters of one box alone, whatever is written in their place."""

import pytest

from kopkrakers.answers.service import box_of_pool
from kopkrakers.base import db
from kopkrakers.counter import daily as counting
from tests.support.polling import SLUG, Polling

MADE_UP = (
    "",
    "0",
    "-1",
    "007",
    "²",
    "1e3",
    " 1",
    "x" * 40,
    str(2**31 - 1),
    str(2**31),
    "9" * 40,
    "1'; DROP TABLE tally; --",
)


def still_in(polling: Polling, *voters: str) -> set[str]:
    rule = counting.daily_rules(counting.EditionOptions(lambda _edition: ()))["gemeente"]
    with polling.database.reading() as session:
        return rule.still_in(session, box_of_pool(str(polling.gemeente), SLUG, 1), voters)


def test_only_who_is_asked_for_and_has_a_turn(polling: Polling) -> None:
    first, second, _ = (polling.pseudonym(voter) for voter in polling.cast_all("abc"))
    nobody = polling.pseudonym(polling.people[-1])
    assert still_in(polling, first, second, nobody) == {first, second}
    assert still_in(polling) == set()


def test_made_up_voters_have_no_turn_and_harm_nobodys(polling: Polling) -> None:
    """Someone who writes to the database puts anything there."""
    person = polling.cast_all("a")[0]
    voter = polling.pseudonym(person)
    assert still_in(polling, *MADE_UP, str(person), voter.upper() + " ", voter) == {voter}


def test_who_took_back_has_no_turn_in_the_box(polling: Polling) -> None:
    voter = polling.cast_all("a")[0]
    polling.take_back(voter)
    assert still_in(polling, polling.pseudonym(voter)) == set()


def test_a_box_of_any_size_is_asked_for_in_parts(
    polling: Polling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "IN_ONE_STATEMENT", 3)
    voters = {polling.pseudonym(voter) for voter in polling.cast_all("abcabca")}
    assert still_in(polling, *voters) == voters
