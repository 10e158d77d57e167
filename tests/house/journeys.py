"""How much of the code runs in the journeys of docs/architecture.md.

`python -m tests.house.journeys` walks them in one process, on SQLite with the cards of the tests,
and prints what ran of ours: the breadth that whoever follows a journey through the code meets.
"""

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.counter.sessions.rounds import count_closed_rounds
from tests.house.source import ROOT
from tests.support.clock import EVERY_QUARTER, StoppedClock
from tests.support.databases import making
from tests.support.pages import Fields, Site, give, open_site, send
from tests.support.sessions.pages import SessionPages, make_session_pages
from tests.support.sessions.scene import make_scene
from tests.support.world import World, browser_of, make_world

CODE = str(ROOT / "kopkrakers")
TEMPLATES = str(ROOT / "templates")
WARM = "/uitleg"
"""A page that asks nothing: after it the browser and the shell of pages are known."""
VOTES = "aab"


@dataclass
class Trace:
    """The calls of our own functions while it is on, in this thread, and their deepest chain.

    A file counts when a function of it ran, a template when it was drawn and not remembered. What
    Python makes of a comprehension, and the lines of a module or class, are no functions.
    """

    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    templates: set[str] = field(default_factory=set)
    deepest: int = 0
    _depth: int = 0

    def __enter__(self) -> "Trace":
        sys.setprofile(self._see)
        return self

    def __exit__(self, *_error: object) -> None:
        sys.setprofile(None)

    @property
    def files(self) -> set[str]:
        """Return the files of which a function ran."""
        return {file for file, _name in self.calls}

    def add(self, other: "Trace") -> None:
        """Add what ran in the next step of a journey."""
        self.calls += other.calls
        self.templates |= other.templates
        self.deepest = max(self.deepest, other.deepest)

    def _see(self, frame: FrameType, event: str, _value: object) -> None:
        code = frame.f_code
        if code.co_filename.startswith(TEMPLATES):
            self.templates.add(code.co_filename)
        if event not in ("call", "return") or not _is_ours(code):
            return
        if event == "return":
            self._depth -= 1
            return
        self._depth += 1
        self.deepest = max(self.deepest, self._depth)
        self.calls[code.co_filename, code.co_qualname] += 1


def _is_ours(code: CodeType) -> bool:
    return code.co_filename.startswith(CODE) and not code.co_name.startswith("<")


def traced(step: Callable[[], TestResponse | int]) -> Trace:
    """Return what ran of ours in a step. A page that refuses is no step of a journey."""
    with Trace() as trace:
        answer = step()
    assert isinstance(answer, int) or answer.status_code < 400, answer.text
    return trace


def _together(*steps: Trace) -> Trace:
    together = Trace()
    for step in steps:
        together.add(step)
    return together


def day_journey(site: Site, world: World) -> dict[str, Trace]:
    """Return what ran when somebody opened the card of today, answered and saw the result."""
    site.add_figures(str(world.zaanstad))
    plain, at_once = _warm(site.app, world, "anna"), _warm(site.app, world, "bram")
    # somebody went before: what is drawn once for everyone is remembered, as for all but the first
    first = _warm(site.app, world, "gerda")
    first.get("/")
    give(site, first)
    first.get(site.url("uitslag"))
    ran = {
        "GET Vandaag": traced(lambda: plain.get("/")),
        "POST antwoord": traced(lambda: give(site, plain)),
        "POST antwoord, by htmx": traced(lambda: give(site, at_once, htmx=True)),
        "GET uitslag": traced(lambda: plain.get(site.url("uitslag"))),
    }
    together = _together(ran["POST antwoord"], ran["GET uitslag"])
    return ran | {"answer and result together": together}


def _warm(app: Flask, world: World, name: str) -> FlaskClient:
    browser = browser_of(app, getattr(world, name))
    browser.get(WARM)
    return browser


def session_journey(pages: SessionPages) -> dict[str, Trace]:
    """Return what ran when a group voted, and its begeleider closed the vote and showed it."""
    pages.come_in(len(VOTES))
    pages.lead("begin")
    pages.to_vote()
    for place, option in enumerate(VOTES[1:], start=1):
        pages.vote(place, option, "reden")
    pages.regie()
    counter, now = pages.scene.counter, pages.scene.clock()
    phone = pages.phones[0]
    vote: Fields = {"optie": VOTES[0], "reden": "reden", "stemming": "1"}
    ran = {
        "phone POST stem": traced(lambda: send(phone, pages.at("/stem"), **vote)),
        "regie POST sluit": traced(lambda: pages.lead("stemming/sluit", stemming=1, zeker="ja")),
        "counter, closed rounds": traced(lambda: count_closed_rounds(counter, now)),
    }
    pages.scene.go_to(4)
    ran["regie POST onthul"] = traced(lambda: pages.lead("stemming/onthul", stemming=1))
    ran["phone GET nu"] = traced(lambda: phone.get(pages.at("/nu?seen=0")))
    regie = f"/intervisie/{pages.code}/regie"
    ran["regie GET"] = traced(lambda: pages.gerda.get(regie))
    return ran | {"vote, close, count, reveal, see, together": _together(*ran.values())}


def walk(folder: Path) -> dict[str, Trace]:
    """Return what ran in every journey, in a product of its own in an empty folder."""
    address = making.copy_sqlite(making.sqlite_template(folder), folder)
    keys = folder / "sleutels"
    keys.mkdir(mode=0o700)
    shutil.copytree(ROOT / "tests" / "cards", folder / "dilemmas")
    settings = Settings(
        database_url=address,
        secret="s" * 40,  # type: ignore[arg-type]
        key_dir=keys,
        operator="andere-partij",  # type: ignore[arg-type]
        cards_dir=folder / "dilemmas",
        moments=EVERY_QUARTER,
        log_level="warning",
    )
    clock = StoppedClock()
    app = create_app(settings, clock=clock)
    app.testing = True
    database = app.extensions["kopkrakers"].database
    with database.transaction() as session:
        world = make_world(session)
    ran = day_journey(open_site(app), world)
    scene = make_scene(settings, database, world, clock)
    ran |= session_journey(make_session_pages(app, scene, world))
    database.dispose()
    return ran


def main() -> None:
    """Print a row for each step of the journeys."""
    with tempfile.TemporaryDirectory(prefix="kopkrakers-journeys-") as folder:
        ran = walk(Path(folder))
    print("| | Python files | templates | functions | calls | deepest chain |")
    print("|---|---|---|---|---|---|")
    for name, trace in ran.items():
        figures = (len(trace.files), len(trace.templates), len(trace.calls), trace.calls.total())
        print(f"| {name} | " + " | ".join(map(str, figures)) + f" | {trace.deepest} |")


if __name__ == "__main__":
    main()
