"""An open edition, a counter with real keys, and a way to let many people answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select as sql_select
from sqlmodel import Session, select

from kopkrakers.accounts.models import GEMEENTE
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import Turn, Vote, cast_answer, take_back, turn_of
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Keys, Use, derive
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.models import Edition
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.counting import look_into_boxes, mark_lived
from kopkrakers.counter.daily import (
    EditionOptions,
    daily_rules,
    settle_closed_editions,
    wanted_boxes,
)
from kopkrakers.counter.keys import KeyFolder
from kopkrakers.counter.moving import night
from kopkrakers.pools.service import assign_pools, choose_pools, open_editions, write_version
from kopkrakers.tallies.models import Tally
from tests.support.clock import EVERY_QUARTER
from tests.support.databases.again import written_once
from tests.support.world import ROW_KEYS, SECRET, add_gemeente, add_people

OPTIONS = ("a", "b", "c", "x")
SLUG = "een-plek"
KEYS = ROW_KEYS
TURN_KEYS = Keys(derive(SECRET, Use.TURNS))


@dataclass
class Polling:
    """One edition of one dilemma, people to answer it, and a counter.

    `now` moves only when told.
    """

    database: Database
    counter: Counter
    gemeente: int
    other_gemeente: int
    people: list[int]
    others: list[int]
    now: datetime = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    edition: int = 1
    slug: str = SLUG

    @property
    def today(self) -> date:
        return self.now.date()

    def cast(self, user_id: int, option: str = "a", consideration: str = "w", **more: str) -> None:
        with self.database.transaction() as session:
            cast_answer(
                session,
                Vote(
                    voter=Voter(user_id, TURN_KEYS),
                    gemeente_id=self.other_gemeente if user_id in self.others else self.gemeente,
                    dilemma=self.slug,
                    edition=self.edition,
                    answer=Answer(option, consideration, **more),
                ),
                today=self.today,
                mac_keys=KEYS,
            )

    def cast_all(self, options: str, *, others: bool = False, skip: int = 0) -> list[int]:
        """The first people choose these options, one each; gives who."""
        voters = (self.others if others else self.people)[skip : skip + len(options)]
        for user_id, option in zip(voters, options, strict=True):
            self.cast(user_id, option)
        return voters

    def pseudonym(self, user_id: int) -> str:
        return Voter(user_id, TURN_KEYS).on(self.slug, self.edition)

    def take_back(self, user_id: int) -> None:
        with self.database.transaction() as session:
            take_back(
                session, voter=Voter(user_id, TURN_KEYS), dilemma=self.slug, edition=self.edition
            )

    def tick(self, times: int = 1) -> None:
        for _ in range(times):
            self.now += timedelta(minutes=15)
            look_into_boxes(self.counter, self.now, at_least=0)

    def nights(self, times: int) -> None:
        for _ in range(times):
            night(self.counter, self.now)
            self.tick()

    def freeze(self) -> None:
        """As by a new wording or a restore: the edition takes no answers any more."""
        with self.database.transaction() as session:
            edition = session.get(Edition, (self.slug, self.edition))
            assert edition is not None
            edition.frozen = True

    def close(self) -> None:
        self.freeze()
        mark_lived(self.counter)
        settle_closed_editions(self.counter, self.today, self.now)

    def totals(self, scope: str | int) -> dict[str, int]:
        with self.database.reading() as session:
            rows = session.exec(
                select(Tally).where(Tally.scope == str(scope), Tally.edition == self.edition)
            )
            return {row.option: row.n for row in rows}

    def turn(self, user_id: int) -> Turn:
        with self.database.reading() as session:
            return turn_of(session, Voter(user_id, TURN_KEYS), self.slug, self.edition)


def make_polling(
    database: Database,
    key_dir: Path,
    people: int = 40,
    others: int | None = None,
    *,
    card: Card | None = None,
) -> Polling:
    """Without a `card` it is the dilemma of `SLUG`."""
    slug = SLUG
    options: tuple[str, ...] = OPTIONS
    if card is None:
        source = (Path(__file__).parents[1] / "cards" / f"{SLUG}.md").read_text()
    else:
        slug, options, source = card.slug, card.option_codes, card.source
    with database.transaction() as session:
        first, second = add_gemeente(session, "Zaanstad"), add_gemeente(session, "Almere")
        voters = add_people(session, first, people)
        elsewhere = add_people(session, second, people if others is None else others)
        session.add(
            Edition(
                dilemma=slug,
                number=1,
                card_edition=1,
                digest="d" * 64,
                source=source,
                opens_on=date(2026, 11, 23),
                closes_on=date(2027, 5, 24),
            )
        )
    counter = _counter(database, key_dir, options)
    counter.check_instance()
    polling = Polling(database, counter, first, second, voters, elsewhere, slug=slug)
    prepare(polling)
    return polling


def usual_polling(database: Database, key_dir: Path) -> Polling:
    """As `make_polling` when nothing else is asked, but written once in each process."""

    def make() -> tuple[int, int, list[int], list[int]]:
        polling = make_polling(database, key_dir)
        return polling.gemeente, polling.other_gemeente, polling.people, polling.others

    made = written_once(make, database, "polling", key_dir=key_dir)
    return Polling(database, _counter(database, key_dir, OPTIONS), *made)


def _counter(database: Database, key_dir: Path, options: tuple[str, ...]) -> Counter:
    rules = daily_rules(EditionOptions(lambda _edition: options))
    return Counter(database, KeyFolder(key_dir), KEYS, TURN_KEYS, rules, EVERY_QUARTER)


def prepare(polling: Polling) -> None:
    """Choose the pools of the edition, and make its boxes, as a tick does."""
    with polling.database.transaction() as session:
        assign_pools(session, KEYS, polling.today, counted=())
        wanted = wanted_boxes(session, KEYS, polling.today)
    polling.counter.make_boxes(wanted, polling.now)


def give_pools(
    session: Session, keys: Keys, today: date, pools: Mapping[int, str] | None = None
) -> None:
    """Let every open edition of a card have these pools, by gemeente; else each one of its own.

    Tests of pages know a handful of people by name, in gemeenten that are too small for that.
    """
    if pools is None:
        ids = session.execute(sql_select(GEMEENTE.c.id)).scalars()
        pools = {gemeente_id: str(gemeente_id) for gemeente_id in ids}
    version = write_version(session, keys, pools)
    for edition in open_editions(session, today):
        # a chapter is national, whatever the pools of its card are (D-136)
        if not edition.chapter:
            choose_pools(session, keys, edition.dilemma, edition.number, version)
