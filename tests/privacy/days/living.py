"""Many days in one gemeente with the real counter, and what a colleague notes of them.

A dilemma a day. People have a day off in the week and go on leave, which colleagues know; on other
days most of them answer, some a day later. Somebody comes, leaves or changes teams; a backup is put
back. How often somebody chooses otherwise differs much from one person to another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
from sqlalchemy import insert, select

from kopkrakers.accounts.chain.changes import changing
from kopkrakers.accounts.models import MEMBERSHIP, USER, Change, Role
from kopkrakers.accounts.service import remove_person
from kopkrakers.answers.figures import result_of
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import Vote, cast_answer, take_back_everything
from kopkrakers.ballots.boxes import BOX, ENVELOPE, GEMEENTE, NATIONAL, BoxAddress
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.counter.counting import look_into_boxes, mark_lived
from kopkrakers.counter.daily import settle_edition
from kopkrakers.counter.moving import night
from kopkrakers.counter.totals import sign_restored_totals
from kopkrakers.pools.service import choose_pools, write_version
from kopkrakers.privacy.release import ReleasedDistribution
from kopkrakers.tallies.models import NL, TALLY
from tests.support.polling import KEYS, OPTIONS, SLUG, TURN_KEYS, Polling
from tests.support.world import add_person, add_team

OTHERS_EACH = 4
"""On one day in so many the other gemeente answers too."""
OPEN_DAYS = 5
"""Days that a dilemma takes answers here: long enough to be moved to the national box."""
ANSWERS, LATER = 0.85, 0.2
"""The chance that somebody who is at work answers, and that they do so a day later."""
OTHERWISE = 0.4
"""The part that chooses otherwise than most do, in the middle of the group."""
SPREAD = 1.5
"""How much people differ in that: the standard deviation of its log-odds."""
SECOND = 0.7
"""Of those who choose otherwise, the part that takes the second option."""


@dataclass
class Noted:
    """The facts of one dilemma: who could be there, who answered what, and every total seen.

    `there`: known to colleagues. `chosen`: the truth. `counted_here`: whose answer is in the totals
    of the gemeente, as a database with rosters would tell. `totals`: of each scope after each look.
    `told`: what the result page told in the end; None where it told no exact figure.
    """

    there: set[int]
    chosen: dict[int, str] = field(default_factory=dict)
    counted_here: set[int] = field(default_factory=set)
    totals: list[dict[str, dict[str, int]]] = field(default_factory=list)
    told: dict[str, int] | None = None

    def bundles(self, scope: str) -> Iterator[dict[str, int]]:
        """Yield the votes of each look for a scope; NL without the gemeenten is a scope too."""
        before: dict[str, int] = dict.fromkeys(OPTIONS, 0)
        for seen in self.totals:
            now = seen.get(scope, before)
            yield {option: now[option] - before[option] for option in OPTIONS}
            before = now


@dataclass
class LongRun:
    """The people of a gemeente, their habits, and what was noted, in the order of the days."""

    polling: Polling
    chance: np.random.Generator
    habits: dict[int, float] = field(default_factory=dict)
    noted: dict[str, Noted] = field(default_factory=dict)
    _late: dict[str, list[int]] = field(default_factory=dict)
    _version: int = 0

    @classmethod
    def begin(cls, polling: Polling, seed: int) -> "LongRun":
        """Everybody of this polling gets a habit, and their gemeenten are pools of their own."""
        run = cls(polling, np.random.default_rng(seed))
        run.meet([*polling.people, *polling.others])
        pools = {one: str(one) for one in (polling.gemeente, polling.other_gemeente)}
        with polling.database.transaction() as session:
            run._version = write_version(session, KEYS, pools)
        return run

    def meet(self, people: Sequence[int]) -> None:
        """These people are there from now on."""
        middle = np.log(OTHERWISE / (1 - OTHERWISE))
        for person in people:
            odds = middle + SPREAD * self.chance.standard_normal()
            self.habits[person] = float(1 / (1 + np.exp(-odds)))

    def live(self, days: int) -> None:
        """Live through so many days: a dilemma opens on each, and one closes."""
        for _ in range(days):
            number = len(self.noted)
            self._open(f"dag-{number:03}", number)
            self._answer_late()
            self._look_in_the_evening()
            night(self.polling.counter, self.polling.now)
            if number >= OPEN_DAYS:
                self._close(f"dag-{number - OPEN_DAYS:03}")
            self.polling.now += timedelta(days=1)

    def come(self) -> None:
        """Somebody comes, by a mailed invitation."""
        with self.polling.database.transaction() as session:
            team = add_team(session, self.polling.gemeente, f"Team {len(self.noted)}")
            name = f"Nieuw {len(self.noted)}"
            new = add_person(session, name, self.polling.gemeente, team, Role.KLANTMANAGER).id
            with changing(session, KEYS, new, Change.TEAMS):
                values = {"since": self.polling.today, "address_proved": True}
                session.execute(USER.update().where(USER.c.id == new).values(**values))
        self.meet([new])
        self.polling.people.append(new)

    def leave(self) -> None:
        """The account of the first who is there is removed."""
        gone = self.polling.people.pop(0)

        def take_back(session: object, user_id: int) -> None:
            take_back_everything(session, Voter(user_id, TURN_KEYS))  # type: ignore[arg-type]

        with self.polling.database.transaction() as session:
            remove_person(session, gone, [take_back], KEYS)

    def change_teams(self) -> None:
        """The first who is there goes to another team of the gemeente."""
        with self.polling.database.transaction() as session:
            team = add_team(session, self.polling.gemeente, f"Team {len(self.noted)}")
            with changing(session, KEYS, self.polling.people[0], Change.TEAMS):
                row = {"user_id": self.polling.people[0], "team_id": team}
                session.execute(insert(MEMBERSHIP).values(**row))

    def restore(self) -> None:
        """Freeze the rows that are open, and give all totals a new number, as after a backup."""
        sign_restored_totals(self.polling.counter, as_they_are=False)
        for number in range(max(0, len(self.noted) - OPEN_DAYS), len(self.noted)):
            self._close(f"dag-{number:03}")
        self._late.clear()

    def tell(self) -> None:
        """Note of every dilemma what the result page tells a colleague in the end."""
        scope = str(self.polling.gemeente)
        with self.polling.database.reading() as session:
            for slug, noted in self.noted.items():
                local = result_of(session, KEYS, slug, 1, OPTIONS, scope).local
                if isinstance(local, ReleasedDistribution):
                    noted.told = dict(zip(OPTIONS, local.counts, strict=True))

    def _open(self, slug: str, number: int) -> None:
        polling = self.polling
        with polling.database.transaction() as session:
            first = select(EDITION).where(EDITION.c.dilemma == SLUG)
            row = dict(session.execute(first).mappings().one())
            closes_on = polling.today + timedelta(weeks=26)
            opens = {"dilemma": slug, "opens_on": polling.today, "closes_on": closes_on}
            session.execute(insert(EDITION), row | opens)
            choose_pools(session, KEYS, slug, 1, self._version)
            for kind, pool in (
                (NATIONAL, NL),
                (GEMEENTE, str(polling.gemeente)),
                (GEMEENTE, str(polling.other_gemeente)),
            ):
                polling.counter.make_box(session, BoxAddress(kind, slug, 1, pool), polling.now)
        everyone = self._everyone() if number % OTHERS_EACH == 0 else self.polling.people
        there = {person for person in everyone if self._is_at_work(person, number)}
        self.noted[slug] = Noted(there)
        answering = [person for person in sorted(there) if self.chance.random() < ANSWERS]
        self._late[slug] = [person for person in answering if self.chance.random() < LATER]
        self._cast(slug, [person for person in answering if person not in self._late[slug]])

    def _everyone(self) -> list[int]:
        return [*self.polling.people, *self.polling.others]

    def _is_at_work(self, person: int, number: int) -> bool:
        """A day off in each week of five days, and three weeks away in every hundred days."""
        away = (number + 37 * person) % 100 < 15
        return number % 5 != person % 5 and not away

    def _cast(self, slug: str, people: Sequence[int]) -> None:
        with self.polling.database.transaction() as session:
            for person in self.chance.permutation(people):
                option = self._choice(int(person))
                self.noted[slug].chosen[int(person)] = option
                is_other = int(person) in self.polling.others
                cast_answer(
                    session,
                    Vote(
                        voter=Voter(int(person), TURN_KEYS),
                        gemeente_id=(
                            self.polling.other_gemeente if is_other else self.polling.gemeente
                        ),
                        dilemma=slug,
                        edition=1,
                        answer=Answer(option, "w"),
                    ),
                    today=self.polling.today,
                    mac_keys=KEYS,
                )

    def _choice(self, person: int) -> str:
        if self.chance.random() >= self.habits[person]:
            return "a"
        return "b" if self.chance.random() < SECOND else "c"

    def _answer_late(self) -> None:
        for slug in list(self.noted)[-2:-1]:
            still = set(self._everyone())
            self._cast(slug, [person for person in self._late.pop(slug, []) if person in still])

    def _look_in_the_evening(self) -> None:
        waiting = self._waiting_here()
        mark_lived(self.polling.counter)
        look_into_boxes(self.polling.counter, self.polling.now, at_least=0)
        still = self._waiting_here()
        for slug, voters in waiting.items():
            noted = self.noted[slug]
            for person in noted.chosen:
                if Voter(person, TURN_KEYS).on(slug, 1) in voters - still.get(slug, set()):
                    noted.counted_here.add(person)
        self._note()

    def _waiting_here(self) -> dict[str, set[str]]:
        """The pseudonyms in the box of this gemeente, of every dilemma."""
        here = select(ENVELOPE.c.subject, ENVELOPE.c.voter).join(BOX, BOX.c.id == ENVELOPE.c.box_id)
        found: dict[str, set[str]] = {}
        with self.polling.database.reading() as session:
            for row in session.execute(here.where(BOX.c.pool == str(self.polling.gemeente))):
                found.setdefault(row.subject, set()).add(row.voter)
        return found

    def _note(self) -> None:
        recent = list(self.noted)[-OPEN_DAYS - 1 :]
        seen: dict[str, dict[str, dict[str, int]]] = {slug: {} for slug in recent}
        with self.polling.database.reading() as session:
            for row in session.execute(select(TALLY).where(TALLY.c.dilemma.in_(recent))):
                seen[row.dilemma].setdefault(row.scope, {})[row.option] = row.n
        gemeenten = (str(self.polling.gemeente), str(self.polling.other_gemeente))
        for slug, scopes in seen.items():
            rest = dict(scopes.get(NL, dict.fromkeys(OPTIONS, 0)))
            for scope in gemeenten:
                for option, n in scopes.get(scope, {}).items():
                    rest[option] -= n
            self.noted[slug].totals.append(scopes | {"rest": rest})

    def _close(self, slug: str) -> None:
        settle_edition(self.polling.counter, slug, 1, self.polling.now)
        self._note()
