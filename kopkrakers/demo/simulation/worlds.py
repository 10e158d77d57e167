"""Invented worlds whose truth is known, lived through by the real path."""

from collections import Counter as Counted
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import select

from kopkrakers.answers.rules import Answer, Attribute
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.db import Database
from kopkrakers.base.processes.progress import Progress
from kopkrakers.catalogue.editions.editions import PublishedEdition
from kopkrakers.catalogue.editions.working_days import is_working_day
from kopkrakers.demo.choices import SKIPS
from kopkrakers.demo.people import Colleague, make_people
from kopkrakers.demo.settings import demo_settings
from kopkrakers.demo.simulation.living import Plan, PlannedAnswer, answer_time, live_day
from kopkrakers.demo.stage import Stage
from kopkrakers.migrations.run import migrate
from kopkrakers.pools.regios import add_regio
from kopkrakers.pools.rules import pools_of, regio_of
from kopkrakers.pools.sizes import sizes
from kopkrakers.privacy.bundles import NOT_SAID
from kopkrakers.privacy.labels import EXPERIENCES
from kopkrakers.privacy.rules import LATE_DAYS
from kopkrakers.tallies.models import ATTRIBUTE_TALLY, NL, TALLY

FIRST_DAY = date(2026, 3, 2)
"""A Monday with few holidays after it, so that every run has the same calendar."""
TEAM = 20
REGIO_TEAMS, REGIO_TEAM = 5, 6
"""The gemeenten in a regio, and the people in each."""
NATIONAL, REGIO = "land", "regio"
AFTERWARDS = LATE_DAYS + 5
"""Days to live on after the last edition, until loose attributes were counted that had to wait."""
CHOICES_AFTERWARDS = 18
"""The same until every choice was counted or went to the national box."""
MEMORY_DISK = Path("/dev/shm")  # noqa: S108 - a random name is added
"""The folder of a world, if this computer has it: nothing of it has to outlive a failure."""
Truth = tuple[int, ...]
"""Opinions over the options in truth, in percents, the largest first."""
Edition = tuple[str, int]


@dataclass(frozen=True)
class World:
    """Gemeenten with so many people each, regio's of small ones, and so many dilemmas.

    `regios`: regio's of `REGIO_TEAMS` gemeenten with one team each. `truths` come in turn.
    `reasons`: how the answers to a question beside the choice divide in truth, in turn too.
    `afterwards`: how many days it lives on after the last dilemma opened.
    """

    sizes: tuple[int, ...]
    truths: tuple[Truth, ...]
    dilemmas: int
    reasons: tuple[Truth, ...]
    regios: int = 0
    afterwards: int = AFTERWARDS


@dataclass
class ScopeAnswers:
    """The answers in one scope on one edition. `pool`: what kind of scope it is.

    `option`: the one that most choose in truth. `chose_it`: how many people here did.
    """

    pool: str
    people: int
    option: str
    opens_on: date
    times: list[datetime] = field(default_factory=list)
    chose_it: int = 0
    first_seen: datetime | None = None
    counts: dict[str, int] = field(default_factory=dict)


@dataclass
class Outcome:
    """A world at its end: per truth what each scope has, per truth of reasons what was given."""

    scopes: dict[Truth, list[ScopeAnswers]]
    reasons: dict[Truth, list["Reasons"]]


@dataclass
class Reasons:
    """Answers to a question beside the choice: all that were given, and those that were counted."""

    given: Counted[str] = field(default_factory=Counted)
    counted: Counted[str] = field(default_factory=Counted)


@dataclass
class Diary:
    """Plans the answers of a world and notes what becomes of them."""

    stage: Stage
    world: World
    chance: Random
    people: Sequence[Colleague]
    pools: Mapping[int, str]
    sizes: Mapping[str, int]
    truths: dict[Edition, tuple[Truth, Truth]] = field(default_factory=dict)
    given: dict[tuple[Edition, str], ScopeAnswers] = field(default_factory=dict)
    reasons: dict[Edition, Reasons] = field(default_factory=dict)

    def plan(self, edition: PublishedEdition) -> Iterable[PlannedAnswer]:
        """Let everybody answer this edition, each at a time of their own."""
        place = len(self.truths)
        truth = self.world.truths[place % len(self.world.truths)]
        reasons = self.world.reasons[place % len(self.world.reasons)]
        self.truths[_key(edition)] = (truth, reasons)
        self.reasons[_key(edition)] = Reasons()
        options = self.stage.card(edition).option_codes[: len(truth)]
        planned = []
        for colleague in self.people:
            at = answer_time(self.chance, edition.opens_on)
            option = self.chance.choices(options, truth)[0]
            reason = self.chance.choices(list(EXPERIENCES)[: len(reasons)], reasons)[0]
            if self.chance.random() < SKIPS:
                reason = NOT_SAID
            answer = Answer(option, self.chance.choice("wrb"), experience=reason)
            planned.append(PlannedAnswer(at, edition, colleague, answer))
            self._note(planned[-1], options[0])
        return planned

    def seen(self, now: datetime) -> None:
        """Note which figures are there now, and since when."""
        with self.stage.database.reading() as session:
            rows = session.execute(select(TALLY)).all()
        for row in rows:
            given = self.given.get(((row.dilemma, row.edition), row.scope))
            if given is not None:
                given.counts[row.option] = row.n
                given.first_seen = given.first_seen or now

    def outcome(self) -> Outcome:
        """Return what there is in the end."""
        scopes: dict[Truth, list[ScopeAnswers]] = {}
        for (edition, _), given in self.given.items():
            scopes.setdefault(self.truths[edition][0], []).append(given)
        return Outcome(scopes, self._reasons())

    def _note(self, planned: PlannedAnswer, option: str) -> None:
        edition = planned.edition
        for scope in (self.pools[planned.colleague.gemeente_id], NL):
            people = self.sizes[scope]
            new = ScopeAnswers(_pool_name(scope, people), people, option, edition.opens_on)
            given = self.given.setdefault((_key(edition), scope), new)
            given.times.append(planned.at)
            given.chose_it += planned.answer.option == option
        self.reasons[_key(edition)].given[planned.answer.experience] += 1

    def _reasons(self) -> dict[Truth, list[Reasons]]:
        of_reasons = ATTRIBUTE_TALLY.c.attribute == Attribute.EXPERIENCE
        with self.stage.database.reading() as session:
            for row in session.execute(select(ATTRIBUTE_TALLY).where(of_reasons)):
                self.reasons[(row.dilemma, row.edition)].counted[row.value] += row.n
        found: dict[Truth, list[Reasons]] = {}
        for edition, (_, truth) in self.truths.items():
            found.setdefault(truth, []).append(self.reasons[edition])
        return found


def live_through(world: World, seed: int, progress: Progress) -> Outcome:
    """Live through a world: a dilemma every working day, and the days after the last one."""
    with _stage(world) as stage:
        chance = Random(seed)
        people = stage.everyone()
        with stage.database.reading() as session:
            pools = pools_of(sizes(session, stage.counter.keys))
        in_pools = Counted(pools[one.gemeente_id] for one in people)
        diary = Diary(stage, world, chance, people, pools, in_pools | {NL: len(people)})
        days = _days(world)
        waiting: list[PlannedAnswer] = []
        opened = 0
        for done, day in enumerate(days):
            progress(done, len(days))
            opens = opened < world.dilemmas
            plan: Plan = _nobody
            if opens:
                plan = diary.plan
            live_day(stage, day, waiting, plan=plan, after_look=diary.seen)
            opened += is_working_day(day)
        progress(len(days), len(days))
        return diary.outcome()


def _pool_name(scope: str, people: int) -> str:
    if scope == NL:
        return NATIONAL
    if regio_of(scope) is None:
        return str(people)
    return REGIO


def _nobody(_: PublishedEdition) -> Iterable[PlannedAnswer]:
    return ()


def _days(world: World) -> list[date]:
    """Return every day from the first to the last that matters, weekends too."""
    days, opened, day = [], 0, FIRST_DAY
    while opened < world.dilemmas:
        days.append(day)
        opened += is_working_day(day)
        day += timedelta(days=1)
    for more in range(world.afterwards):
        days.append(day + timedelta(days=more))
    return days


@contextmanager
def _stage(world: World) -> Iterator[Stage]:
    """Yield an empty instance with the people of a world, gone afterwards."""
    if MEMORY_DISK.is_dir():
        place = MEMORY_DISK
    else:
        place = None
    with TemporaryDirectory(dir=place) as folder:
        settings = demo_settings(Path(folder), host="127.0.0.1", port=8000)
        with Database(settings.database_url) as database:
            migrate(database)
            with database.transaction() as session:
                make_people(session, settings, _places(world), personas=())
                for number in range(world.regios):
                    names = [_in_regio(number, place) for place in range(REGIO_TEAMS)]
                    add_regio(session, mac_keys(settings), f"Regio {number + 1}", names)
        stage = Stage.of(settings)
        # a truth is about werkwijzen; the same world without stellingen can be measured again
        stage.library.stellingen = {}
        with stage.database:
            yield stage


def _places(world: World) -> Mapping[str, Mapping[str, int]]:
    places = {}
    for number, people in enumerate(world.sizes, start=1):
        full, rest = divmod(people, TEAM)
        sizes = [TEAM] * full + [rest] * bool(rest)
        teams = {f"Team {place}": size for place, size in enumerate(sizes, start=1)}
        places[f"Gemeente {number}"] = teams
    for regio in range(world.regios):
        for place in range(REGIO_TEAMS):
            places[_in_regio(regio, place)] = {"Team 1": REGIO_TEAM}
    return places


def _in_regio(regio: int, place: int) -> str:
    return f"Plaats {regio + 1}-{place + 1}"


def _key(edition: PublishedEdition) -> Edition:
    return edition.dilemma, edition.number
