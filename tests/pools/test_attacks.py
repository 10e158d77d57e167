"""Whatever happens with regio's and chairs: no two totals differ by fewer people than a bundle."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import combinations
from random import Random

import pytest
from sqlalchemy import select

from kopkrakers.accounts.chain.changes import record_change
from kopkrakers.accounts.models import USER, Change
from kopkrakers.base.errors import WrongInput
from kopkrakers.catalogue.editions.models import Edition
from kopkrakers.counter.moving import night
from kopkrakers.counter.totals import recalled_numbers
from kopkrakers.pools import regios
from kopkrakers.pools.chairs import choose_chair
from kopkrakers.pools.service import assign_pools
from kopkrakers.tallies.models import TALLY
from tests.pools.voting import make_and_move, vote
from tests.privacy.ledger import Vector, minus, safe
from tests.support.polling import KEYS, Polling
from tests.support.world import add_gemeente

PLACES = ("Wormerland", "Oostzaan", "Landsmeer", "Purmerend", "Edam")
NAMES = ("Zaanstreek", "Waterland")
K = {"local": 10, "national": 20}
"""The promise, written again on purpose: a change of the product's numbers must not change this."""
Totals = dict[str, dict[str, Vector]]
"""Counts per option, by dilemma and scope."""


@dataclass
class Walk:
    """A history of regio's, joining, answering, looking and nights, drawn by chance."""

    polling: Polling
    chance: Random
    people: dict[int, list[int]] = field(default_factory=dict)
    answered: dict[str, set[int]] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    seen: list[Totals] = field(default_factory=list)

    def begin(self) -> None:
        with self.polling.database.transaction() as session:
            for name in PLACES:
                self.people[add_gemeente(session, name)] = []
        for gemeente in self.people:
            self.join(gemeente, self.chance.randint(3, 12))
        for _ in range(2):
            self.another_regio()
        self.other_chairs()
        self.a_day_later()

    def step(self) -> None:
        steps = (self.another_regio, self.somebody_joins, self.people_answer, self.people_answer)
        moments = (self.a_look, self.a_night, self.a_day_later, self.other_chairs)
        self.chance.choice((*steps, *moments))()
        self.note()

    def another_regio(self) -> None:
        """Put together, move, take out or remove; what the command refuses does not happen."""
        act = self.chance.choice(("add", "put", "take", "remove"))
        gemeente = self.chance.choice(list(self.people))
        try:
            with self.polling.database.transaction() as session:
                name = self.chance.choice(NAMES)
                if act == "add":
                    some = self.chance.sample(PLACES, self.chance.randint(2, 5))
                    regios.add_regio(session, KEYS, name, some)
                elif act == "put":
                    regio_id, _ = regios.find_regio(session, name)
                    regios.put_in_regio(session, KEYS, gemeente, regio_id)
                elif act == "take":
                    regios.take_out_of_regio(session, KEYS, gemeente)
                elif self.chance.random() < 0.3:
                    regios.remove_regio(session, KEYS, regios.find_regio(session, name)[0])
        except WrongInput:
            return

    def somebody_joins(self) -> None:
        self.join(self.chance.choice(list(self.people)), self.chance.randint(1, 9))

    def join(self, gemeente: int, how_many: int) -> None:
        with self.polling.database.transaction() as session:
            free = select(USER.c.id).where(USER.c.gemeente_id == self.polling.gemeente)
            ids = list(session.execute(free.order_by(USER.c.id.desc()).limit(how_many)).scalars())
            move = USER.update().where(USER.c.id.in_(ids)).values(gemeente_id=gemeente)
            session.execute(move)
            record_change(session, KEYS, ids, Change.MADE)
        self.people[gemeente] += ids

    def other_chairs(self) -> None:
        """Some sit down in another chair, for editions that open later."""
        everybody = [person for people in self.people.values() for person in people]
        with self.polling.database.transaction() as session:
            for person in everybody:
                leads = self.chance.random() < 0.6
                choose_chair(session, KEYS, person, leads=leads, today=self.polling.today)

    def a_day_later(self) -> None:
        """A new dilemma opens; sometimes two weeks are skipped."""
        self.polling.now += timedelta(days=self.chance.choice((1, 1, 1, 13)))
        slug = f"dilemma-{len(self.answered) + 1}"
        with self.polling.database.transaction() as session:
            session.add(
                Edition(
                    dilemma=slug,
                    number=1,
                    card_edition=1,
                    digest="d" * 64,
                    source="",
                    opens_on=self.polling.today,
                    closes_on=self.polling.today + timedelta(weeks=26),
                    two_chairs=self.chance.random() < 0.6,
                )
            )
            session.flush()
            counted = recalled_numbers(self.polling.counter.folder)
            assign_pools(session, KEYS, self.polling.today, counted=counted)
        self.answered[slug] = set()
        make_and_move(self.polling)

    def people_answer(self) -> None:
        slug = self.chance.choice(list(self.answered)[-3:])
        for gemeente, people in self.people.items():
            still = [one for one in people if one not in self.answered[slug]]
            some = still[: self.chance.randint(0, 20)]
            self.answered[slug].update(some)
            options = "".join(self.chance.choices("abcx", (6, 3, 2, 1), k=len(some)))
            vote(self.polling, gemeente, some, options, slug)

    def a_look(self) -> None:
        self.polling.tick(self.chance.randint(1, 2))

    def a_night(self) -> None:
        night(self.polling.counter, self.polling.now)

    def note(self) -> None:
        """Hold the totals of now against each other and against all that were seen before."""
        now: Totals = defaultdict(lambda: defaultdict(dict))
        with self.polling.database.reading() as session:
            for row in session.execute(select(TALLY)):
                now[row.dilemma][row.scope][row.option] = row.n
        for slug, scopes in now.items():
            national = scopes["NL"]
            # the chairs have nobody in common, so no sum or difference of theirs is of a few
            leaders = sum(scopes["L"].values())
            assert sum(national.values()) + leaders <= len(self.answered[slug])
            self._hold_apart(
                national, [counts for scope, counts in scopes.items() if scope not in ("NL", "L")]
            )
            for before in self.seen:
                for scope, counts in scopes.items():
                    k = K["national"] if scope == "L" else K["local"]
                    grown = minus(counts, before.get(slug, {}).get(scope, {}))
                    assert not any(grown.values()) or safe(grown, k), (slug, scope, grown)
        self.seen.append({slug: dict(scopes) for slug, scopes in now.items()})

    def _hold_apart(self, national: Vector, local: list[Vector]) -> None:
        """National less any of the local totals is nobody, or at least a whole bundle."""
        for how_many in range(len(local) + 1):
            for some in combinations(local, how_many):
                rest = national
                for counts in some:
                    rest = minus(rest, counts)
                k = K["national"] if how_many == len(local) else K["local"]
                assert not any(rest.values()) or safe(rest, k), rest


# seconds each; the first is walked in a quick run too
SEEDS = (1, *[pytest.param(seed, marks=pytest.mark.slow) for seed in (3, 4, 8)])


@pytest.mark.parametrize("seed", SEEDS)
def test_no_sequence_of_changes_lets_two_totals_differ_by_a_few(
    polling: Polling, seed: int
) -> None:
    walk = Walk(polling, Random(seed))
    walk.begin()
    for _ in range(70):
        walk.step()
    scopes = set()
    for totals in walk.seen[-1].values():
        scopes |= {scope[0] for scope, counts in totals.items() if any(counts.values())}
    assert scopes >= {"N", "R", "L"}, "a history without regio's and leaders attacks nothing"
