"""`python -m tests.benchmarks.session`:
a begeleider, a beamer and 300 phones from one address, on both databases.
"""

import argparse
import asyncio
import random
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from kopkrakers.intervisie.werkvormen.reading import FIRST_STELLING, STELLINGEN, werkvormen
from tests.benchmarks.__main__ import BASE as BENCH
from tests.benchmarks.__main__ import databases, row, served, show
from tests.benchmarks.load import press
from tests.benchmarks.session.client import Browser
from tests.benchmarks.session.count import Tally, spread
from tests.benchmarks.session.people import Lead, Phone, until
from tests.benchmarks.session.stage import PORT, Stage, build, serving

CONSOLE = Console(width=120)
SLOWEST = 60
"""Seconds that anything in the session may take before the benchmark gives up on it."""
BREATH = 3
"""Seconds that the session is quiet before something is shown."""
REVEAL_GOAL = 2.5
OPENING = "opening, until the phone can vote"
REVEALING = "reveal, until the phone shows it"
ENDING = "end, until the phone shows it"
PARTS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


@dataclass
class Crowd:
    """Everybody, and what was measured. `waits`: per moment, how long each phone waited for it."""

    stage: Stage
    phones: list[Phone]
    lead: Lead
    tally: Tally
    over: asyncio.Event
    progress: Progress
    task: TaskID
    waits: dict[str, list[float]] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    closing: list[float] = field(default_factory=list)
    lost: int = 0
    whole: float = 0.0

    def say(self, what: str) -> None:
        """Tell what is going on."""
        self.progress.update(self.task, description=what)

    def here(self, page: str) -> int:
        """Show and return the number of phones that have shown a page."""
        there = sum(page in phone.shown for phone in self.phones)
        self.progress.update(self.task, completed=there)
        return there

    async def all_show(self, page: str, pressed: float, name: str) -> None:
        """Wait for every phone, and keep how long each waited since the button was pressed."""
        self.say(name)
        await until(lambda: self.here(page) == len(self.phones), within=SLOWEST)
        found = [phone.shown[page] - pressed for phone in self.phones if page in phone.shown]
        self.waits.setdefault(name, []).extend(found)
        self.missing[name] = self.missing.get(name, 0) + len(self.phones) - len(found)

    async def to(self, step: int, *, at: int) -> None:
        """Walk on to a step."""
        for van in range(at, step):
            await self.lead.press("stap", van=van, naar=van + 1)


async def session(stage: Stage, phones: int, joining: float, progress: Progress) -> Crowd:
    """A whole Kraak 45 in a crowd."""
    tally, over = Tally(), asyncio.Event()
    led = {"kopkrakers": stage.cookie}
    lead = Lead(Browser(PORT, tally, dict(led)), stage.code)
    # what stellingen and every dilemma both have
    people = [Phone(Browser(PORT, tally), stage.code, random.choice("ab")) for _ in range(phones)]
    for phone in people[:2]:
        phone.counts = True
    task = progress.add_task("joining", total=phones)
    crowd = Crowd(stage, people, lead, tally, over, progress, task)
    async with asyncio.TaskGroup() as group:
        for which in ("regie", "scherm"):
            group.create_task(lead.watch(which, Browser(PORT, tally, dict(led)), over))
        for phone in people:
            group.create_task(phone.live(random.random() * joining, over))
        await (workshop if stage.werkvorm == STELLINGEN else lead_through)(crowd)
        over.set()
    return crowd


async def lead_through(crowd: Crowd) -> None:
    """What the begeleider does, from lobby to end."""
    crowd.say("coming in")
    await until(lambda: crowd.here("lobby") == len(crowd.phones), within=SLOWEST)
    await asyncio.sleep(BREATH)
    await until(crowd.stage.is_agreed, within=SLOWEST)
    await crowd.lead.press("begin")
    script = werkvormen()[crowd.stage.werkvorm]
    first, second = script.votes_at(1) or 0, script.votes_at(2) or 0
    revealed, shifted = script.reveals_at(1), script.reveals_at(2)
    await crowd.to(first, at=0)
    await vote(crowd, 1)
    await crowd.to(revealed, at=first)
    await reveal(crowd, 1, "reveal")
    await crowd.to(second, at=revealed)
    await vote(crowd, 2)
    await crowd.to(shifted, at=second)
    await reveal(crowd, 2, "shift")
    await crowd.to(len(script.stappen) - 1, at=shifted)
    await crowd.all_show("end", await crowd.lead.press("einde"), ENDING)


async def workshop(crowd: Crowd) -> None:
    """Stellingen, one after another: opened, voted on, closed and revealed."""
    crowd.say("coming in")
    await until(lambda: crowd.here("lobby") == len(crowd.phones), within=SLOWEST)
    await until(crowd.stage.is_agreed, within=SLOWEST)
    await crowd.lead.press("begin")
    script, at = crowd.stage.script(), 0
    began = monotonic()
    for place, number in enumerate(script.rounds, start=1):
        step = script.votes_at(number) or 0
        await crowd.to(step, at=at)
        at = step
        await vote(crowd, number)
        pressed = await crowd.lead.press("stemming/onthul", stemming=number)
        await crowd.all_show(f"stelling {place}", pressed, REVEALING)
    crowd.whole = monotonic() - began
    await crowd.to(len(script.stappen) - 1, at=at)
    await crowd.all_show("end", await crowd.lead.press("einde"), ENDING)


async def vote(crowd: Crowd, number: int) -> None:
    """One vote: all choose, the begeleider closes, the counter counts."""
    first = {"meestemmen": "nee"} if number in (1, FIRST_STELLING) else {}
    pressed = await crowd.lead.press("stemming/open", stemming=number, **first)
    await crowd.all_show(f"vote {number}", pressed, OPENING)
    crowd.say("voting")
    await until(lambda: all(number in phone.voted for phone in crowd.phones), within=SLOWEST)
    pressed = await crowd.lead.press("stemming/sluit", stemming=number)
    await until(lambda: crowd.stage.is_closed(number), within=SLOWEST)
    crowd.closing.append(monotonic() - pressed)
    crowd.lost += len(crowd.phones) - crowd.stage.counted(number)


async def reveal(crowd: Crowd, number: int, page: str) -> None:
    """Show what was chosen, once every phone is quiet."""
    await asyncio.sleep(BREATH)
    pressed = await crowd.lead.press("stemming/onthul", stemming=number)
    await crowd.all_show(page, pressed, REVEALING)


def polls(stage: Stage, folder: Path, seconds: int, server: int) -> tuple[str, str, str]:
    """A phone's question to which nothing is new ÷ a route of the bare framework that says hello,
    by turns.
    """
    ratios = []
    for _turn in range(3):
        hello = press(BENCH + "/hello", ["\t"], folder, server=server, seconds=seconds)
        unchanged = f"{BENCH}/m/{stage.code}/nu?seen={stage.version()}"
        nothing = press(unchanged, ["\t"], folder, server=server, seconds=seconds)
        ratios.append(nothing.rate / hello.rate)
    goal = "≥ 0.5" if stage.database.is_sqlite else "≥ 0.3"
    return row("poll, nothing new ÷ hello", ratios, goal)


def rows(crowd: Crowd) -> list[tuple[str, str, str]]:
    """Return each measure beside its goal."""
    goals = {REVEALING: f"p99 ≤ {REVEAL_GOAL} s"}
    found = [
        (f"{name}: p50 / p99 / max", spread(waits), goals.get(name, ""))
        for name, waits in crowd.waits.items()
    ]
    closing = " and ".join(f"{seconds:.2f} s" for seconds in crowd.closing)
    asked = sum(len(taken) for taken in crowd.tally.seconds.values())
    if crowd.whole:
        found.append(("all stellingen, with thinking", f"{crowd.whole:.0f} s", "≤ 600 s"))
    return [
        *found,
        ("closing, until the votes are counted", closing, "≤ 1 s"),
        ("phones that never showed something", str(sum(crowd.missing.values())), "0"),
        ("votes lost or doubled", str(crowd.lost), "0"),
        (
            f"refused of {asked:,} answers",
            ", ".join(map(str, crowd.tally.refused.items())) or "0",
            "0",
        ),
        *(
            (f"  {name} ({len(taken)})", spread(taken), "")
            for name, taken in sorted(crowd.tally.seconds.items())
        ),
    ]


def main() -> None:
    """Measure on both databases and print a table for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phones", type=int, default=300)
    parser.add_argument("--joining", type=float, default=40, help="seconds in which all come in")
    parser.add_argument(
        "--seconds",
        type=int,
        default=4,
        help="per measurement of a question that finds nothing; 0 leaves it out, and needs no wrk",
    )
    twice = [slug for slug, form in werkvormen().items() if form.votes_at(2) is not None]
    parser.add_argument("--werkvorm", choices=twice, default=twice[0], help="one with two votes")
    parser.add_argument(
        "--stellingen", action="store_true", help="six stellingen in place of a dilemma"
    )
    parser.add_argument("--database", choices=["SQLite", "PostgreSQL"], help="only this one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(
        prefix="kopkrakers-session-", ignore_cleanup_errors=True
    ) as folder:
        Path(folder).chmod(0o755)
        for kind, fresh in databases(Path(folder)):
            if options.database in (None, kind):
                here = Path(folder) / kind
                here.mkdir()
                report(kind, here, fresh("session"), options)


def report(kind: str, folder: Path, database_url: str, options: argparse.Namespace) -> None:
    """One session on one database."""
    werkvorm = STELLINGEN if options.stellingen else options.werkvorm
    with CONSOLE.status(f"{kind}: filling the database"):
        stage = build(folder, database_url, werkvorm)
    (folder / "bench.json").write_text('{"styles": 1, "lines": 1}')
    found = []
    if options.seconds:
        with served(stage.environ) as server:
            found = [polls(stage, folder, options.seconds, server)]
    with serving(stage), Progress(*PARTS, console=CONSOLE) as progress:
        crowd = asyncio.run(session(stage, options.phones, options.joining, progress))
    stage.database.dispose()
    show(
        f"{kind}, {werkvorm}, {options.phones} phones, two processes of 4 threads",
        [*rows(crowd), *found],
    )


if __name__ == "__main__":
    main()
