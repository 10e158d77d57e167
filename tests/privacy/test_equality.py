"""Whatever is chosen and however full the box is, the database hears the same:
statements, order and sizes.
"""

from itertools import product

from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.counter.loose import ATTRIBUTE_ENVELOPE
from tests.support.attacks import Attacker
from tests.support.databases.recording import recording
from tests.support.polling import OPTIONS, Polling

TWO_DIGITS = slice(10, None)
"""People whose id has two digits, so that only their choice could make a difference."""
Sizes = list[tuple[object, ...]]


def heard_while_casting(
    polling: Polling, user_id: int, option: str, consideration: str, **more: str
) -> Sizes:
    with recording(polling.database) as said:
        polling.cast(user_id, option, consideration, **more)
    return [one.sizes for one in said]


def heard_while_counting(polling: Polling, options: str, *, others: bool, skip: int = 10) -> Sizes:
    """The counter remembers an edition's card once it opened an envelope:
    compare later counts than the first.
    """
    polling.cast_all(options, others=others, skip=skip)
    polling.tick()
    with recording(polling.database) as said:
        polling.tick()
    return [one.sizes for one in said]


def test_every_answer_is_cast_by_the_same_statements_of_the_same_sizes(attacker: Attacker) -> None:
    polling = attacker.polling
    answers = [{"option": o, "consideration": c} for o, c in product(OPTIONS, "wrb")]
    answers += [{"option": "a", "consideration": "w", "certainty": c} for c in "123"]
    answers += [{"option": "a", "consideration": "w", "expected": e} for e in "abc"]
    answers += [{"option": "a", "consideration": "w", "experience": e} for e in "0123"]
    people = polling.others[TWO_DIGITS]
    heard = [
        heard_while_casting(polling, who, **what)
        for who, what in zip(people, answers, strict=False)
    ]
    assert len(heard) == len(answers) == 22
    assert all(one == heard[0] for one in heard)
    assert {len(row.sealed) for row in attacker.rows(ENVELOPE)} == {64}


def test_a_box_of_any_fullness_hears_the_same(polling: Polling) -> None:
    people = polling.people[TWO_DIGITS][:26]
    heard = [
        heard_while_casting(polling, who, "abcx"[n % 4], "wrb"[n % 3])
        for n, who in enumerate(people)
    ]
    assert len(heard) == 26
    assert all(one == heard[0] for one in heard)


def test_an_answer_takes_few_statements(polling: Polling) -> None:
    assert len(heard_while_casting(polling, polling.people[0], "a", "w")) <= 5


def test_taking_back_says_nothing_of_what_was_chosen(polling: Polling) -> None:
    heard = []
    for option, who in zip(OPTIONS, polling.people[TWO_DIGITS], strict=False):
        polling.cast(who, option)
        with recording(polling.database) as said:
            polling.take_back(who)
        heard.append([one.sizes for one in said])
    assert all(one == heard[0] for one in heard)


def test_a_count_says_no_more_than_how_many_there_were(polling: Polling) -> None:
    heard_while_counting(polling, "abcabcabca", others=False, skip=30)
    heard = []
    for options, others in (("aaaaabbbcc", False), ("xxxbbbxxxx", True)):
        # what waits is written anew: let there be as much at both
        with polling.database.transaction() as session:
            session.execute(ATTRIBUTE_ENVELOPE.delete())
        heard.append(heard_while_counting(polling, options, others=others))
    one, other = heard
    assert sum(polling.totals("NL").values()) == 30
    assert one == other


def test_a_group_too_much_alike_says_not_which_option(polling: Polling) -> None:
    heard_while_counting(polling, "abcabcabca", others=False, skip=30)
    one = heard_while_counting(polling, "aaaaaaaaaa", others=False)
    for who in polling.people[TWO_DIGITS][:10]:
        polling.take_back(who)
    other = heard_while_counting(polling, "xxxxxxxxxb", others=True)
    assert sum(polling.totals("NL").values()) == 10
    assert one == other
