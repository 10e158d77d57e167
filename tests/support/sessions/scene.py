"""A live session for tests: a begeleider, phones,
and the counter that does its quick jobs when told.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import Session

from kopkrakers.accounts.rules import new_token
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.errors import KopkrakersError
from kopkrakers.base.keys import Keys, Use, keys_for
from kopkrakers.catalogue.library import Library
from kopkrakers.counter.build import QUICK_JOBS, make_counter
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.loop import tick
from kopkrakers.intervisie.pages import reading as session_reading
from kopkrakers.intervisie.pages.memory import PageMemory, new_memory
from kopkrakers.intervisie.pages.shown.views import PhoneView, RegieView
from kopkrakers.intervisie.session import planning, rounds, running
from kopkrakers.intervisie.session.cases import Dilemma, OwnCase
from kopkrakers.intervisie.session.group.heads import head_count
from kopkrakers.intervisie.session.states import SessionState
from kopkrakers.intervisie.session.store import (
    CRACKED,
    PARTICIPANT,
    WAY_BACK,
    SessionRow,
    find,
    script_of,
    touch,
)
from tests.support.cards import open_editions
from tests.support.clock import StoppedClock
from tests.support.databases.again import told_by, written_once
from tests.support.world import World

OWN = OwnCase("De scooter", "Wat doe je met de scooter?", ("Melden", "Eerst bellen"))
STEPS = {1: 1, 2: 6}
"""The steps of the default werkvorm in which a vote opens."""


@dataclass
class SessionScene:
    """A session of Team Noord, led by gerda. `phones`: tokens of those who joined."""

    settings: Settings
    database: Database
    world: World
    clock: StoppedClock
    library: Library
    counter: Counter
    slug: str
    code: str = ""
    phones: list[str] = field(default_factory=list)
    memory: PageMemory = field(default_factory=new_memory)

    @property
    def now(self) -> datetime:
        return self.clock()

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def keys(self) -> Any:
        return mac_keys(self.settings)

    @property
    def turn_keys(self) -> Keys:
        return keys_for(Use.TURNS, self.settings)

    def voter(self, user_id: int) -> Voter:
        return Voter(user_id, self.turn_keys)

    def act(self, what: Any, **how: Any) -> Any:
        """One transaction of somebody."""
        with self.database.transaction() as session:
            return what(session, **how)

    def lead(self, what: Any, *, by: int | None = None, **how: Any) -> Any:
        """One transaction of the begeleider, in this session."""
        return self.act(what, code=self.code, user_id=by or self.world.gerda.id, **how)

    def quick(self) -> None:
        """The counter's quick jobs, once."""
        for job in QUICK_JOBS:
            job(self.counter, self.now)

    def tick(self) -> None:
        """A quarter of an hour later the counter looks into every box."""
        self.clock.move(minutes=15)
        tick(self.counter, self.library, self.now)

    def plan(self, subject: Any = None, *, werkvorm: str = "kraak-45", **more: Any) -> str:
        what = subject or Dilemma(self.slug)
        plan = planning.SessionPlan(self.world.team_noord, werkvorm, what, **more)
        me = self.world.gerda.id
        with self.database.transaction() as session:
            self.code = planning.plan_session(
                session, self.library, plan, user_id=me, today=self.today
            )
        return self.code

    def open(self, subject: Any = None, **more: Any) -> "SessionScene":
        """A lobby whose box the counter has made."""
        self.phones = []
        self.plan(subject, **more)
        self.lead(planning.open_lobby, now=self.now)
        self.quick()
        return self

    def join(self, how_many: int = 1, *, user_id: int | None = None) -> list[str]:
        tokens = [new_token() for _ in range(how_many)]
        for token in tokens:
            self.act(
                running.join,
                code=self.code,
                token=token,
                user_id=user_id,
                turn_keys=self.turn_keys,
            )
        self.phones += tokens
        return tokens

    def go_to(self, step: int) -> None:
        """Walk to a step, one at a time."""
        if self.row.state != SessionState.RUNNING:
            self.lead(running.start)
        while (at := self.step) != step:
            self.lead(running.move_step, from_step=at, to_step=at + (1 if step > at else -1))

    @property
    def row(self) -> SessionRow:
        with self.database.reading() as session:
            return find(session, self.code)

    @property
    def step(self) -> int:
        row = self.row
        assert row.state == SessionState.RUNNING
        return int(row.step)

    def go_to_vote(self, number: int) -> None:
        place = script_of(self.row).votes_at(number)
        assert place is not None
        self.go_to(place)

    def agree_on_heads(self) -> None:
        """As many phones as it takes say that their number is right, by the database."""
        with self.database.transaction() as session:
            row = find(session, self.code)
            count = head_count(session, row)
            if count.is_agreed:
                return
            others = (PARTICIPANT.c.session_id == row.id, PARTICIPANT.c.begeleider.is_(False))
            change = update(PARTICIPANT).where(*others, PARTICIPANT.c.watches.is_(False))
            session.execute(change.values(heads_agreed=count.heads))
            touch(session, row)

    def open_round(self, number: int = 1) -> None:
        self.go_to_vote(number)
        self.agree_on_heads()
        self.lead(rounds.open_round, number=number, mac_keys=self.keys)

    def vote(
        self,
        token: str,
        option: str = "a",
        reason: str = "",
        number: int = 1,
        *,
        mark: str = "",
    ) -> None:
        vote = rounds.PhoneVote(number, option, [reason], mark)
        self.act(rounds.cast_vote, code=self.code, token=token, vote=vote, mac_keys=self.keys)

    def close(self, number: int = 1) -> None:
        self.lead(rounds.close_round, number=number)
        self.quick()

    def hold(self, options: str, number: int = 1) -> None:
        """A whole vote: each phone chooses its option; then it is closed and counted."""
        self.open_round(number)
        for token, option in zip(self.phones, options, strict=False):
            self.vote(token, option, f"reden {option}", number)
        self.close(number)

    def be_another_team(self) -> None:
        """Forget what the team cracked: the next session is as one of another team."""
        with self.database.transaction() as session:
            session.execute(CRACKED.delete())

    def reveal(self, number: int = 1) -> None:
        place = script_of(self.row).reveals_at(number)
        self.go_to(max(self.step, place))
        self.lead(rounds.reveal_round, number=number, turn_keys=self.turn_keys, today=self.today)

    def end(self) -> str | None:
        report_id: str | None = self.lead(running.end, now=self.now)
        self.clock.moment += WAY_BACK
        self.quick()
        return report_id

    def regie(self, user_id: int | None = None) -> RegieView:
        with self.database.reading() as session:
            return session_reading.regie(
                session,
                self.library,
                self.memory,
                code=self.code,
                begeleider=self.voter(user_id or self.world.gerda.id),
                row_keys=self.keys,
                today=self.today,
            )

    def phone(self, token: str | None, user_id: int | None = None) -> PhoneView:
        with self.database.reading() as session:
            return session_reading.phone(
                session,
                self.library,
                self.memory,
                code=self.code,
                token=token,
                visitor=None if user_id is None else self.voter(user_id),
                row_keys=self.keys,
            )

    def totals(self, number: int = 1) -> dict[str, int] | None:
        round_ = self.regie().now.round(number)
        assert round_ is not None
        return {row.option: row.n for row in round_.totals.rows} if round_.totals else None

    def count(self, table: Any, *where: Any) -> int:
        with self.database.reading() as session:
            return int(
                session.connection()
                .execute(select(func.count()).select_from(table).where(*where))
                .scalar_one()
            )

    def rows(self, table: Any, *where: Any) -> list[Any]:
        with self.database.reading() as session:
            return list(session.connection().execute(select(table).where(*where)))

    @property
    def id(self) -> str:
        return str(self.row.id)


def make_scene(
    settings: Settings, database: Database, world: World, clock: StoppedClock
) -> SessionScene:
    """Today's dilemma is open, its boxes stand ready, and no session is planned yet."""
    library = Library(settings.cards_dir)
    written_once(
        lambda: tick(make_counter(settings, database, library), library, clock()),
        database,
        "scene",
        clock(),
        told_by(settings),
        key_dir=settings.key_dir,
    )
    counter = make_counter(settings, database, library)
    with database.reading() as session:
        slug = open_editions(session, clock().date())[0].dilemma
    return SessionScene(settings, database, world, clock, library, counter, slug)


def reading(scene: SessionScene, what: Any, **how: Any) -> Any:
    with scene.database.reading() as session:
        return what(session, **how)


__all__ = ["OWN", "Session", "SessionScene", "make_scene", "reading"]


def at_once(scene: SessionScene, *doing: Any) -> list[str]:
    """Each in a transaction and thread of its own; gives what became of them."""

    def one(what: Any) -> str:
        try:
            with scene.database.transaction() as session:
                what(session)
        except KopkrakersError as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(len(doing)) as pool:
        return sorted(pool.map(one, doing))
