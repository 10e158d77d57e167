"""An attacker with every row and statement, all rosters and the attributes' private keys is not
better off.

The attacker knows who voted and in which order, and lines those people up with what a count left
behind: the loose attributes, opened, in the order they lie on disk or were written. If order says
nothing, the hits are those of a random line-up, whose chances are known exactly: fewer than naming
the favourite gives. More hits than one random line-up in ten million would give is a leak.
"""

from dataclasses import dataclass, field
from itertools import combinations
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from kopkrakers.answers.rules import Attribute
from kopkrakers.ballots.boxes import BOX
from kopkrakers.base.db import Database
from kopkrakers.counter.loose import ATTRIBUTE_ENVELOPE
from tests.privacy.line_ups import chance_of_at_least, chances, hits
from tests.support.attacks import unseal
from tests.support.databases.recording import recording
from tests.support.polling import Polling, make_polling

BUNDLES, SIZE = 10, 10
GROUP = "aaaabbbccx"
ONE_IN_TEN_MILLION = 1e-7
DISK_ORDER = {
    "postgresql": "SELECT id FROM attribute_envelope ORDER BY ctid",
    "sqlite": "SELECT id FROM attribute_envelope",
}


@dataclass
class Seen:
    """What the attacker holds: per bundle the choices of the people, in two orders,
    beside what was found.
    """

    truth: list[dict[str, list[str]]] = field(default_factory=list)
    found: list[dict[str, list[str]]] = field(default_factory=list)

    def hits(self, order: str, place: str) -> int:
        pairs = zip(self.truth, self.found, strict=True)
        return sum(hits(truth[order], found[place]) for truth, found in pairs)

    def agreements(self, place: str, other: str) -> int:
        return sum(hits(found[place], found[other]) for found in self.found)


def is_chance(n: int) -> bool:
    """Whether so many hits can be those of random line-ups of all bundles."""
    return chance_of_at_least(n, [tuple(GROUP)] * BUNDLES) > ONE_IN_TEN_MILLION


def opened(polling: Polling) -> dict[str, tuple[str, str]]:
    """The attacker opens every loose attribute: by id, the attribute and its codes."""
    with polling.database.reading() as session:
        boxes = {box.id: box for box in session.connection().execute(BOX.select())}
        rows = session.connection().execute(ATTRIBUTE_ENVELOPE.select()).all()
    private = polling.counter.folder.private
    return {
        row.id: (boxes[row.box_id].pool, unseal(private(row.box_id) or b"", row.sealed))
        for row in rows
    }


def one_bundle(
    polling: Polling, voters: list[int], random: Random
) -> tuple[dict[str, Any], dict[str, Any]]:
    chosen = dict(zip(voters, random.sample(GROUP, SIZE), strict=True))
    voting_order = random.sample(voters, SIZE)
    for voter in voting_order:
        polling.cast(voter, chosen[voter], random.choice("wrb"), certainty=random.choice("123"))
    polling.tick()
    with recording(polling.database) as said:
        polling.tick()
    written = [
        row["id"]
        for one in said
        for row in one.rows
        if one.about("attribute_envelope") and "sealed" in row
    ]
    known = opened(polling)
    # each was written twice; the key of the first time is gone
    written = [id_ for id_ in written if id_ in known]
    with polling.database.transaction() as session:
        lying = (
            session.connection()
            .execute(text(DISK_ORDER[session.connection().dialect.name]))
            .scalars()
            .all()
        )
        session.connection().execute(ATTRIBUTE_ENVELOPE.delete())
    found = {}
    for place, ids in (("disk", lying), ("statement", written)):
        for attribute in Attribute:
            of_attribute = [id_ for id_ in ids if known[id_][0] == attribute]
            found[f"{place} {attribute}"] = [known[id_][1][0] for id_ in of_attribute]
    orders = {"vote": voting_order, "key": sorted(voters, key=str)}
    truth = {name: list(map(chosen.__getitem__, order)) for name, order in orders.items()}
    return truth, found | {
        f"{place} from the back": options[::-1] for place, options in found.items()
    }


@pytest.fixture
def seen(database: Database, key_dir: Any) -> Seen:
    polling, random, seen = (
        make_polling(database, key_dir, people=BUNDLES * SIZE),
        Random(2026),
        Seen(),
    )
    people = random.sample(polling.people, BUNDLES * SIZE)
    for start in range(0, len(people), SIZE):
        truth, found = one_bundle(polling, people[start : start + SIZE], random)
        seen.truth.append(truth)
        seen.found.append(found)
    return seen


def test_no_order_links_a_choice_to_a_person_or_joins_two_attributes_of_one(seen: Seen) -> None:
    places = list(seen.found[0])
    assert len(places) == 2 * 2 * len(Attribute)
    for order in ("vote", "key"):
        for place in places:
            assert is_chance(seen.hits(order, place)), (order, place)
    for place, other in combinations(places, 2):
        if place.split()[1] != other.split()[1]:
            assert is_chance(seen.agreements(place, other)), (place, other)


def test_a_leaking_order_would_be_seen() -> None:
    favourite = BUNDLES * GROUP.count("a")
    assert is_chance(favourite)
    assert not is_chance(60)


def test_the_chances_of_a_line_up_are_exact() -> None:
    assert chances(("a", "b")) == (0.5, 0.0, 0.5)
    assert chances(("a", "a", "b")) == pytest.approx((0, 2 / 3, 0, 1 / 3))
    assert sum(chances(tuple("aaaabbbccx"))) == pytest.approx(1)
    assert chance_of_at_least(2, [("a", "b"), ("a", "b")]) == pytest.approx(0.75)


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
    polling.tick(2)
    known = opened(polling)
    assert len(known) == 20 * len(Attribute)
    values = {
        "consideration": set("wrb"),
        "certainty": {"3"},
        "expected": {"b"},
        "experience": {"2"},
    }
    for attribute, codes in known.values():
        assert len(codes) == 2
        assert codes[0] in "abcx"
        assert codes[1] in values[attribute]
    assert len({id_ for id_ in known if len(id_) == 32}) == len(known)
