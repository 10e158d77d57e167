"""Answers to a stelling are counted by the rules of dilemmas, and attacked as those are."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select

from kopkrakers.answers.figures import result_of
from kopkrakers.answers.rules import Attribute
from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.base.db import Database
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.models import Edition
from kopkrakers.privacy.release import ReleasedTop
from kopkrakers.tallies.models import ATTRIBUTE_TALLY, TALLY
from tests.support.attacks import loose_in, piles_of
from tests.support.databases.recording import recording
from tests.support.polling import KEYS, Polling, prepare

ANSWERS = ("a", "b", "c")


def cast_all(polling: Polling, options: str, *, others: bool = False, skip: int = 0) -> list[int]:
    """The first people give these answers, one each; gives who."""
    voters = (polling.others if others else polling.people)[skip : skip + len(options)]
    for user_id, option in zip(voters, options, strict=True):
        polling.cast(user_id, option, "-")
    return voters


def rows_of(database: Database, table: object) -> list[tuple[object, ...]]:
    with database.reading() as session:
        return [tuple(row) for row in session.connection().execute(select(table))]  # type: ignore[call-overload]


def test_ten_different_enough_people_are_counted_with_every_answer(polling: Polling) -> None:
    cast_all(polling, "aaaaabbbcc")
    polling.tick(2)
    assert polling.totals("NL") == {"a": 5, "b": 3, "c": 2}
    assert polling.totals(polling.gemeente) == {"a": 5, "b": 3, "c": 2}


@pytest.mark.parametrize("answers", ["aaaaaaaaaa", "aaaaaaaaab", "aaaaaaaabc", "cccccccccc"])
def test_nearly_one_mind_and_one_mind_leave_the_same(polling: Polling, answers: str) -> None:
    """Ten and none, nine and one: nothing in the database tells which; nor do nine people."""
    cast_all(polling, answers)
    polling.tick(3)
    assert rows_of(polling.database, TALLY) == []
    with polling.database.reading() as session:
        waiting = session.connection().execute(select(ENVELOPE)).all()
        shown = result_of(session, KEYS, polling.slug, 1, ANSWERS, str(polling.gemeente))
    assert {(row.lived, row.nights, row.tried, len(row.sealed)) for row in waiting} == {
        (True, 0, True, 64)
    }
    assert (shown.national, shown.local) == (None, None)


def test_every_answer_is_cast_by_the_same_statements_of_the_same_sizes(polling: Polling) -> None:
    heard = []
    cases = [*product(ANSWERS, "-0123")]
    # people whose id has two digits, so that only their answer could make a difference
    for user_id, (option, experience) in zip(polling.people[10:], cases, strict=False):
        with recording(polling.database) as said:
            polling.cast(user_id, option, "-", experience=experience)
        heard.append([one.sizes for one in said])
    assert len(heard) == 15
    assert all(one == heard[0] for one in heard)


def test_nothing_is_counted_that_was_not_asked(polling: Polling) -> None:
    for number, user_id in enumerate(polling.people[:20]):
        polling.cast(user_id, "abc"[number % 3], "-", experience="0123"[number % 4])
    polling.tick(2)
    assert loose_in(polling) == {Attribute.EXPERIENCE: 20}
    (pile,) = [codes for attribute, codes in piles_of(polling) if codes]
    assert {code[1] for code in pile} == set("0123")


def test_an_answer_with_more_than_was_asked_is_no_answer(polling: Polling) -> None:
    """A doorslag that a stelling does not ask would be a mark by which one envelope is known."""
    marked = polling.people[9]
    cast_all(polling, "aaaaabbbc")
    polling.cast(marked, "c", "w")
    polling.tick(3)
    assert polling.totals("NL") == {}
    cast_all(polling, "c", skip=10)
    polling.tick(3)
    assert polling.totals("NL") == {"a": 5, "b": 3, "c": 2}


@pytest.mark.parametrize("option", ["x", "d"])
def test_an_answer_of_a_dilemma_is_none_of_a_stelling(polling: Polling, option: str) -> None:
    cast_all(polling, "aaaaabbbc")
    polling.cast(polling.people[9], option, "-")
    polling.tick(3)
    assert polling.totals("NL") == {}


def test_a_share_above_eighty_percent_is_told_without_numbers(polling: Polling) -> None:
    cast_all(polling, "a" * 20 + "bbc")
    polling.tick(2)
    with polling.database.reading() as session:
        shown = result_of(session, KEYS, polling.slug, 1, ANSWERS, str(polling.gemeente))
    assert isinstance(shown.local, ReleasedTop) and shown.local.option == "a"


def test_a_newcomer_never_decides_alone_that_a_group_becomes_countable(polling: Polling) -> None:
    voters = cast_all(polling, "aaaaaaaaab")
    polling.tick(2)
    polling.take_back(voters[0])
    cast_all(polling, "b", skip=10)
    polling.tick(3)
    assert polling.totals("NL") == {}


def test_a_repeated_stelling_shows_no_difference_of_one_person(
    polling: Polling, database: Database
) -> None:
    """All answer again but one, who is known by the difference where both totals are told."""
    voters = cast_all(polling, "a" * 12 + "b" * 9 + "c" * 4)
    polling.tick(2)
    polling.close()
    with database.transaction() as session:
        first = session.get(Edition, (polling.slug, 1))
        assert first is not None
        values = {name: getattr(first, name) for name in ("card_edition", "digest", "source")}
        opens = polling.today + timedelta(days=1)
        again = Edition(
            dilemma=polling.slug,
            number=2,
            opens_on=opens,
            closes_on=opens + timedelta(weeks=26),
            **values,
        )
        session.add(again)
    polling.now += timedelta(days=1)
    polling.edition = 2
    prepare(polling)
    for user_id, option in zip(voters[1:], "a" * 11 + "b" * 9 + "c" * 4, strict=True):
        polling.cast(user_id, option, "-")
    polling.tick(2)
    assert sum(polling.totals("NL").values()) == 24
    assert polling.totals(polling.gemeente) == {}
    with database.reading() as session:
        shown = result_of(session, KEYS, polling.slug, 2, ANSWERS, str(polling.gemeente))
    assert (shown.national, shown.local) == (None, None)


def test_no_two_stellingen_can_be_laid_beside_each_other(
    polling: Polling, database: Database, card: Card
) -> None:
    """Whoever has the database finds no name, number or order that two answers of one share."""
    voters = cast_all(polling, "aaaaabbbcc")
    first = {polling.pseudonym(user_id) for user_id in voters}
    other = "stelling-eerst-overleg"
    with database.transaction() as session:
        opened = session.get(Edition, (polling.slug, 1))
        assert opened is not None
        session.add(
            Edition(
                dilemma=other,
                number=1,
                card_edition=1,
                digest="e" * 64,
                source=opened.source,
                opens_on=opened.opens_on,
                closes_on=opened.closes_on,
            )
        )
    polling.slug = other
    prepare(polling)
    cast_all(polling, "ccbbbaaaaa")
    second = {polling.pseudonym(user_id) for user_id in voters}
    assert not first & second
    with database.reading() as session:
        waiting = session.connection().execute(select(ENVELOPE)).all()
    assert {row.voter for row in waiting} == first | second
    assert len({row.box_id for row in waiting}) == 2
    polling.tick(2)
    assert rows_of(database, ENVELOPE) == []
    assert {row[0] for row in rows_of(database, TALLY)} == {card.slug, other}
    assert rows_of(database, ATTRIBUTE_TALLY) == []
