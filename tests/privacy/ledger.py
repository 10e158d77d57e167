"""A second bookkeeping beside the product's:
what must be so, from who chose what and what the database shows.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from typing import Any

from sqlalchemy import select

from kopkrakers.answers.models import Participation
from kopkrakers.ballots.boxes import BOX, ENVELOPE
from kopkrakers.base.db import table
from kopkrakers.tallies.models import AttributeTally, Tally
from tests.support.attacks import loose_in
from tests.support.polling import Polling

OPTIONS = "abcx"
K = {"gemeente": 10, "land": 20}
"""The promise, written again on purpose: a change of the product's numbers must not change this."""
TALLY: Any = table(Tally)
ATTRIBUTE_TALLY: Any = table(AttributeTally)
TURN: Any = table(Participation)
Vector = dict[str, int]
Place = tuple[str, str]
"""Kind and pool of a box."""


def sum_of_all(vectors: Mapping[str, Vector]) -> int:
    return sum(number for counts in vectors.values() for number in counts.values())


def safe(counts: Vector, k: int) -> bool:
    """The promise in its own words: k people, three or more not with the largest option."""
    people = sum(counts.values())
    return people >= k and people - max(counts.values(), default=0) >= 3


def minus(left: Vector, right: Vector) -> Vector:
    return {option: left.get(option, 0) - right.get(option, 0) for option in OPTIONS}


@dataclass
class Sight:
    """The database as someone who has it sees it at one moment."""

    turns: dict[int, str]
    places: dict[int, Place]
    lived: set[int]
    tried: set[int]
    totals: dict[str, Vector]
    attributes: dict[str, dict[str, Vector]]
    loose: dict[str, int]


def sight_of(polling: Polling) -> Sight:
    everyone = [*polling.people, *polling.others]
    people = {polling.pseudonym(person): person for person in everyone}
    with polling.database.reading() as session:
        ask = session.connection().execute
        envelopes = ask(
            select(ENVELOPE, BOX.c.kind, BOX.c.pool).join(BOX, BOX.c.id == ENVELOPE.c.box_id)
        ).all()
        turns = {people[row.pseudonym]: row.state for row in ask(select(TURN))}
        totals: dict[str, Vector] = defaultdict(dict)
        for row in ask(select(TALLY)):
            totals[row.scope][row.option] = row.n
        attributes: dict[str, dict[str, Vector]] = defaultdict(lambda: defaultdict(dict))
        for row in ask(select(ATTRIBUTE_TALLY)):
            attributes[row.attribute][row.value][row.option] = row.n
    return Sight(
        turns=turns,
        places={people[row.voter]: (row.kind, row.pool) for row in envelopes},
        lived={people[row.voter] for row in envelopes if row.lived},
        tried={people[row.voter] for row in envelopes if row.tried},
        totals=totals,
        attributes=attributes,
        loose=loose_in(polling),
    )


@dataclass
class Ledger:
    """The choice of each person and its fate, held against every sight of the database."""

    chosen: dict[int, str] = field(default_factory=dict)
    taken_back: set[int] = field(default_factory=set)
    counted: dict[int, Place] = field(default_factory=dict)
    sights: list[Sight] = field(default_factory=list)

    def counts(self, people: set[int]) -> Vector:
        choices = [self.chosen[person] for person in people]
        return {option: choices.count(option) for option in OPTIONS}

    def note(self, now: Sight) -> None:
        """Hold what is seen now against all that was seen before."""
        before = self.sights[-1] if self.sights else None
        if before is not None:
            gone = set(before.places) - set(now.places) - self.taken_back
            for place in {before.places[person] for person in gone}:
                self._bundle(
                    place, {person for person in gone if before.places[person] == place}, before
                )
            self._tried(before, now)
        self._nobody_lost(now)
        self._totals(now)
        self._attributes(before, now)
        self.sights.append(now)

    def _bundle(self, place: Place, people: set[int], before: Sight) -> None:
        k = K[place[0]]
        counts = self.counts(people)
        assert safe(counts, k), (place, counts)
        for pair in combinations_with_replacement(OPTIONS, 2):
            rest = minus(counts, Counter(pair))
            if min(rest.values()) >= 0:
                assert max(rest.values()) < sum(rest.values()), "two see a unanimous rest"
        assert people <= before.lived, "someone had no quarter to take back"
        assert len(people - before.tried) >= k, "fewer than k newcomers decided"
        assert not people & set(self.counted), "counted twice"
        self.counted |= dict.fromkeys(people, place)

    def _tried(self, before: Sight, now: Sight) -> None:
        """Tried are exactly those who were tried before,
        or waited ripe in a box with k that were not.
        """
        for place in set(now.places.values()):
            here = {person for person, where in now.places.items() if where == place}
            stayed = {person for person in here if before.places.get(person) == place}
            fresh = now.tried & here - before.tried
            assert not fresh or len(stayed & before.lived - before.tried) >= K[place[0]]
            assert before.tried & stayed <= now.tried

    def _nobody_lost(self, now: Sight) -> None:
        waiting = set(now.places)
        assert waiting | self.taken_back | set(self.counted) == set(self.chosen)
        assert not waiting & (self.taken_back | set(self.counted))
        for person in self.chosen:
            assert now.turns[person] == ("taken_back" if person in self.taken_back else "in_box")
        expected: dict[str, set[int]] = defaultdict(set)
        for person, (_kind, pool) in self.counted.items():
            expected["NL"].add(person)
            expected[pool].add(person)
        for scope in expected.keys() | now.totals.keys():
            assert now.totals[scope] == self.counts(expected[scope]), scope

    def _totals(self, now: Sight) -> None:
        for earlier in self.sights:
            for scope, counts in now.totals.items():
                grown = minus(counts, earlier.totals.get(scope, {}))
                assert not any(grown.values()) or safe(grown, K["gemeente"]), (scope, grown)
        national = now.totals.get("NL", {})
        for scope, counts in now.totals.items():
            national = minus(national, counts) if scope != "NL" else national
        assert not any(national.values()) or safe(national, K["land"]), national

    def _attributes(self, before: Sight | None, now: Sight) -> None:
        """Per attribute: whole bundles, safe per value;
        with what still waits it is everyone that was counted.
        """
        for attribute, values in now.attributes.items():
            earlier = before.attributes.get(attribute, {}) if before else {}
            grown = {
                value: minus(counts, earlier.get(value, {})) for value, counts in values.items()
            }
            grown = {value: counts for value, counts in grown.items() if any(counts.values())}
            assert all(safe(counts, 10) for counts in grown.values()), grown
            assert not grown or sum_of_all(grown) >= 50
            if attribute not in now.loose:
                together: Vector = dict.fromkeys(OPTIONS, 0)
                for counts in values.values():
                    together = {option: together[option] + counts[option] for option in OPTIONS}
                assert together == now.totals["NL"]
        for attribute in set(now.attributes) | set(now.loose):
            shown = sum_of_all(now.attributes.get(attribute, {}))
            assert shown + now.loose.get(attribute, 0) == len(self.counted)
