"""An attacker with every row and statement, all rosters and the attributes' private keys is not
better off.

What a count leaves behind are piles of loose attributes. A pile that holds the same for every order
of voting, every division of the choices over the people, and every way in which attributes went
together in one answer, tells nothing of any of these.
"""

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kopkrakers.answers.rules import Attribute
from kopkrakers.ballots import sealing
from kopkrakers.base.db import Database
from kopkrakers.counter.loose import ATTRIBUTE_ENVELOPE
from tests.support.attacks import piles_of
from tests.support.databases.recording import recording
from tests.support.polling import Polling, make_polling

HISTORIES, SIZE = 6, 10
OPTIONS = "aaaabbbccx"
CONSIDERATIONS = "wrrbwwrbwr"
CERTAINTIES = "1223312312"
Piles = list[tuple[str, list[str]]]


def shuffled_within(options: str, values: str, random: Random) -> list[str]:
    """Other people of the same option get these values: the same tables, other answers."""
    mixed = list(values)
    for option in set(options):
        places = [place for place, chosen in enumerate(options) if chosen == option]
        drawn = random.sample([values[place] for place in places], len(places))
        for place, value in zip(places, drawn, strict=True):
            mixed[place] = value
    return mixed


def one_history(polling: Polling, people: Sequence[int], random: Random) -> Piles:
    """Ten people answer and are counted; gives the piles, and takes them away."""
    considerations = shuffled_within(OPTIONS, CONSIDERATIONS, random)
    certainties = shuffled_within(OPTIONS, CERTAINTIES, random)
    answers = list(zip(OPTIONS, considerations, certainties, strict=True))
    for voter in random.sample(people, SIZE):
        option, consideration, certainty = answers.pop(random.randrange(len(answers)))
        polling.cast(voter, option, consideration, certainty=certainty)
    polling.tick(2)
    piles = piles_of(polling)
    with polling.database.transaction() as session:
        session.connection().execute(ATTRIBUTE_ENVELOPE.delete())
    return piles


def histories(database: Database, key_dir: Path) -> list[Piles]:
    random = Random(2026)
    polling = make_polling(database, key_dir, people=HISTORIES * SIZE)
    people = random.sample(polling.people, HISTORIES * SIZE)
    starts = range(0, len(people), SIZE)
    return [one_history(polling, people[start : start + SIZE], random) for start in starts]


def test_piles_tell_no_order_no_person_and_no_two_attributes_of_one(
    database: Database, key_dir: Path
) -> None:
    first, *others = histories(database, key_dir)
    assert [attribute for attribute, _ in first] == sorted(Attribute)
    assert all(len(codes) == SIZE for _, codes in first)
    assert all(piles == first for piles in others)


def test_an_order_that_is_kept_would_be_seen(
    database: Database, key_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "sorted", list, raising=False)
    first, *others = histories(database, key_dir)
    assert any(piles != first for piles in others)


def test_no_sealed_record_after_a_count_carries_two_attributes_or_a_name(polling: Polling) -> None:
    for number, voter in enumerate(polling.people[:20]):
        polling.cast(
            voter,
            "abcx"[number % 4],
            "wrb"[number % 3],
            certainty="3",
            expected="b",
            experience="2",
        )
    with recording(polling.database) as said:
        polling.tick(2)
    known = piles_of(polling)
    assert [len(codes) for _, codes in known] == [20] * len(Attribute)
    values: dict[str, Any] = {
        "consideration": set("wrb"),
        "certainty": {"3"},
        "expected": {"b"},
        "experience": {"2"},
    }
    for attribute, codes in known:
        assert {len(one) for one in codes} == {2}
        assert {one[0] for one in codes} == set("abcx")
        assert {one[1] for one in codes} == values[attribute]
    written = [one for one in said if one.about("attribute_envelope")]
    ids = [row["id"] for one in written for row in one.rows if "sealed" in row]
    # a pile per attribute at the count, and one when it is written anew
    assert len(set(ids)) == len(ids) == 2 * len(Attribute)
    assert {len(id_) for id_ in ids} == {32}
