"""Totals of chapters beside those of their card: what can be read of one person, and what not.

The attackers here read the whole database, know everybody's choice but one, and know that nobody
changed theirs: a new fact may well move nobody.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from kopkrakers.answers.figures import distributions_of
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.service import PARTICIPATION, Turn, take_back, turn_of
from kopkrakers.ballots.boxes import BOX, ENVELOPE, refusals
from kopkrakers.base.errors import NotAllowed, TooLate, WrongInput
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.counter.counting import count_box, mark_lived
from kopkrakers.counter.loose import ATTRIBUTE_ENVELOPE
from kopkrakers.privacy.rules import K_NATIONAL
from kopkrakers.tallies.models import NL, TALLY
from kopkrakers.tallies.reading import read_verified_scopes
from tests.counter.chapters.choosing import add_chapters, choose, choose_all, undo
from tests.support.attacks import Attacker
from tests.support.polling import KEYS, OPTIONS, SLUG, TURN_KEYS, Polling

BEFORE = "aaaaaaaaaaaabbbbbbccc"
"""One more person than the country needs."""
MOVED = "bbbbbbbbbbbbbbbbbaccc"
"""Eleven of them chose otherwise."""


def totals(polling: Polling, chapter: int, scope: str | int = NL) -> dict[str, int]:
    rows = select(TALLY).where(
        TALLY.c.edition == polling.edition + chapter, TALLY.c.scope == str(scope)
    )
    with polling.database.reading() as session:
        return {row.option: row.n for row in session.execute(rows)}


def turn(polling: Polling, user_id: int, chapter: int = 1) -> Turn:
    with polling.database.reading() as session:
        voter = Voter(user_id, TURN_KEYS)
        return turn_of(session, voter, SLUG, polling.edition + chapter)


def answered(polling: Polling, how_many_chapters: int = 1) -> list[int]:
    """People of one gemeente who answered the card and were counted."""
    people = polling.cast_all(BEFORE)
    polling.tick(2)
    assert sum(polling.totals(NL).values()) == len(BEFORE)
    add_chapters(polling, how_many_chapters)
    return people


def without_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kopkrakers.counter.counting.keep_people_apart", lambda *_: True)


def gone(before: dict[str, int], after: dict[str, int]) -> list[str]:
    """Return the choice of the one who is gone, as somebody reads it who subtracts."""
    return [option for option in OPTIONS if before[option] - after.get(option, 0) == 1]


def test_a_chapter_is_counted_for_the_country_alone_and_asks_nothing_else(
    polling: Polling,
) -> None:
    people = answered(polling)
    piled = polling.database
    with piled.reading() as session:
        loose_before = session.execute(select(ATTRIBUTE_ENVELOPE.c.id)).all()
    choose_all(polling, people, MOVED)
    polling.tick(2)
    assert totals(polling, 1) == {"a": 1, "b": 17, "c": 3, "x": 0}
    assert totals(polling, 1, polling.gemeente) == {}
    assert turn(polling, people[0]) is Turn.COUNTED
    with piled.reading() as session:
        kinds = session.execute(select(BOX.c.kind).where(BOX.c.edition == 2)).scalars().all()
        assert list(kinds) == ["land"]
        assert len(session.execute(select(ATTRIBUTE_ENVELOPE.c.id)).all()) == len(loose_before)


def test_of_one_who_is_gone_while_nobody_moved_nothing_is_written(polling: Polling) -> None:
    people = answered(polling)
    choose_all(polling, people[:-1], BEFORE[:-1])
    polling.tick(3)
    assert totals(polling, 1) == {}
    # it waits as what is too much alike does
    assert turn(polling, people[0]) is Turn.IN_BOX


def test_where_totals_are_not_held_against_each_other_it_reads_the_one_who_is_gone(
    polling: Polling, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_the_rule(monkeypatch)
    people = answered(polling)
    choose_all(polling, people[:-1], BEFORE[:-1])
    polling.tick(2)
    assert gone(totals(polling, 0), totals(polling, 1)) == [BEFORE[-1]]


def test_of_one_who_joins_only_in_the_second_chapter_nothing_is_written(polling: Polling) -> None:
    people = answered(polling, 2)
    # the last one answered the first chapter, took that back, and stays in the second
    choose_all(polling, people, MOVED)
    choose(polling, people[-1], "c", 2)
    undo(polling, people[-1])
    polling.tick(2)
    assert sum(totals(polling, 1).values()) == len(people) - 1
    choose_all(polling, people[:-1], MOVED[:-1], 2)
    polling.tick(3)
    assert totals(polling, 2) == {}


def test_where_nothing_is_held_the_one_who_joined_is_read(
    polling: Polling, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_the_rule(monkeypatch)
    people = answered(polling, 2)
    choose_all(polling, people, MOVED)
    choose(polling, people[-1], "c", 2)
    undo(polling, people[-1])
    polling.tick(2)
    choose_all(polling, people[:-1], MOVED[:-1], 2)
    polling.tick(2)
    assert gone(totals(polling, 2), totals(polling, 1)) == ["c"]


def test_the_second_chapter_is_held_against_the_card_as_well(polling: Polling) -> None:
    """Somebody who moves and moves back would show between the first and the third."""
    people = answered(polling, 2)
    choose_all(polling, people, MOVED)
    polling.tick(2)
    assert totals(polling, 1) != {}
    choose_all(polling, people[:-1], BEFORE[:-1], 2)
    polling.tick(3)
    assert totals(polling, 2) == {}


def test_a_card_that_is_counted_after_its_chapter_is_held_against_it(polling: Polling) -> None:
    """The last one answered the card alone; the chapter was counted first."""
    people = polling.cast_all(BEFORE)
    add_chapters(polling)
    choose_all(polling, people[:-1], BEFORE[:-1])
    mark_lived(polling.counter)
    with polling.database.reading() as session:
        boxes = session.execute(select(BOX.c.id).where(BOX.c.edition == 2)).scalars().all()
    polling.now += timedelta(minutes=15)
    assert [count_box(polling.counter, box, polling.now, at_least=0) for box in boxes] == [True]
    polling.tick(2)
    assert totals(polling, 1) != {}
    assert totals(polling, 0) == {}


def test_a_chapter_that_is_counted_before_its_card_is_coarse_from_the_first(
    polling: Polling,
) -> None:
    people = polling.cast_all("a" * len(BEFORE))
    add_chapters(polling)
    choose_all(polling, people, MOVED)
    polling.tick(2)
    assert totals(polling, 0) == {}
    assert totals(polling, 1) != {}
    with polling.database.reading() as session:
        assert read_verified_scopes(session, KEYS, SLUG, 2).comes_back
        shown = distributions_of(session, KEYS, SLUG, 2, OPTIONS, None)
    # fewer than a dilemma that comes back needs: nothing is told
    assert shown.national is None
    assert not shown.doubtful


def test_who_makes_a_chapter_look_like_none_reads_no_more(
    polling: Polling, attacker: Attacker
) -> None:
    people = answered(polling)
    choose_all(polling, people[:-1], BEFORE[:-1])
    attacker.change(EDITION, EDITION.c.chapter == 1, chapter=0)
    polling.tick(3)
    assert totals(polling, 1) == {}


def test_a_gemeente_that_is_alone_in_a_chapter_is_not_read_beside_the_country(
    polling: Polling,
) -> None:
    """Both gemeenten answered; of one all but one answer the chapter, and nobody moved."""
    people = polling.cast_all(BEFORE)
    polling.cast_all("a" * 15 + "b" * 8 + "c" * 7, others=True)
    polling.tick(2)
    assert totals(polling, 0, polling.gemeente) != {}
    add_chapters(polling)
    choose_all(polling, people[:-1], BEFORE[:-1])
    polling.tick(3)
    assert totals(polling, 1) == {}


SAME_WORDS = {
    "all of one mind": "a" * len(BEFORE),
    "all but one": "a" * (len(BEFORE) - 1) + "b",
    "nobody moved": BEFORE,
    "one moved": BEFORE[:-1] + "b",
    "one moved the other way": "b" + BEFORE[1:],
}


@pytest.mark.parametrize("options", SAME_WORDS.values(), ids=list(SAME_WORDS))
def test_one_who_differs_leaves_the_same_as_nobody(polling: Polling, options: str) -> None:
    """Five to none and four to one read the same, and so does one who changed their mind."""
    people = answered(polling)
    choose_all(polling, people, options)
    polling.tick(3)
    assert totals(polling, 1) == {}
    with polling.database.reading() as session:
        rows = session.execute(select(ENVELOPE).where(ENVELOPE.c.edition == 2)).all()
        shown = distributions_of(session, KEYS, SLUG, 2, OPTIONS, None)
    columns = {(row.lived, row.nights, row.tried, len(row.sealed)) for row in rows}
    assert len(rows) == len(BEFORE)
    assert len(columns) == 1
    assert shown.national is None


def test_what_is_held_is_counted_once_enough_others_came(polling: Polling) -> None:
    people = answered(polling)
    others = polling.cast_all("a" * 12 + "b" * 8 + "c" * 3, others=True)
    polling.tick(2)
    choose_all(polling, people[:-1], BEFORE[:-1])
    polling.tick(2)
    assert totals(polling, 1) == {}
    assert len(others) >= K_NATIONAL
    choose_all(polling, others, "b" * 16 + "c" * 7)
    polling.tick(2)
    assert sum(totals(polling, 1).values()) == len(people) - 1 + len(others)


def test_nobody_can_tell_which_turns_are_of_one_person(polling: Polling) -> None:
    people = answered(polling, 2)
    choose_all(polling, people, MOVED)
    choose_all(polling, people, BEFORE, 2)
    with polling.database.reading() as session:
        turns = session.execute(select(PARTICIPATION.c.pseudonym)).scalars().all()
        waiting = session.execute(select(ENVELOPE.c.voter)).scalars().all()
    assert len(turns) == len(set(turns)) == 3 * len(people)
    assert len(waiting) == len(set(waiting)) == 2 * len(people)


def forged(polling: Polling, user_id: int) -> None:
    """A choice after a chapter with something beside it, as a made-up form would send."""
    replace(polling, edition=polling.edition + 1).cast(user_id)


def test_a_choice_with_something_beside_it_is_no_choice(polling: Polling) -> None:
    people = answered(polling)
    forged(polling, people[0])
    choose_all(polling, people[1:], MOVED[1:])
    polling.tick(2)
    with polling.database.reading() as session:
        assert refusals(session) == 1
    assert turn(polling, people[0]) is Turn.NOT_COUNTED
    assert sum(totals(polling, 1).values()) == len(people) - 1


def did_not_answer(polling: Polling) -> None:
    choose(polling, polling.people[-1], "a")


def took_it_back(polling: Polling) -> None:
    late = polling.people[-1]
    polling.cast(late)
    polling.take_back(late)
    choose(polling, late, "a")


def skipped_the_first(polling: Polling) -> None:
    choose(polling, polling.people[0], "a", 2)


@pytest.mark.parametrize("attempt", [did_not_answer, took_it_back, skipped_the_first])
def test_a_chapter_is_for_who_answered_the_part_before_it(
    polling: Polling, attempt: Callable[[Polling], None]
) -> None:
    answered(polling, 2)
    with pytest.raises(NotAllowed):
        attempt(polling)


def test_once_is_enough_and_an_unknown_option_is_none(polling: Polling) -> None:
    people = answered(polling)
    choose(polling, people[0], "a")
    with pytest.raises(TooLate):
        choose(polling, people[0], "b")
    with pytest.raises(WrongInput):
        choose(polling, people[1], "z")
    with polling.database.transaction() as session:
        voter = Voter(people[0], TURN_KEYS)
        take_back(session, voter=voter, dilemma=SLUG, edition=2)
    assert turn(polling, people[0]) is Turn.TAKEN_BACK
