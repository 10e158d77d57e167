"""The scherm never hides anything without a mark: texts of any length, four sizes, dark and light.

Chance writes the texts: up to their limits, of words short and long, with and without spaces.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kopkrakers.base.db import new_id
from kopkrakers.intervisie.session import planning, running, showing
from kopkrakers.intervisie.session.ballot import LONGEST_CELL, LONGEST_PART, LONGEST_REASON
from kopkrakers.intervisie.session.cases import (
    LONGEST_HARM,
    LONGEST_OPTION,
    LONGEST_QUESTION,
    LONGEST_TITLE,
    OwnCase,
    plain_case,
)
from kopkrakers.intervisie.session.group.hands import count_hands
from kopkrakers.intervisie.session.models import AGREEMENT_NUMBERS
from kopkrakers.intervisie.session.reporting import reports
from kopkrakers.intervisie.session.reporting.reports import LONGEST_AGREEMENT
from kopkrakers.intervisie.session.states import ReasonState, RoundState, Verdict
from kopkrakers.intervisie.session.store import (
    REASON,
    ROUND,
    SESSION_TALLY,
    find,
    script_of,
    touch,
)
from kopkrakers.intervisie.session.texts.boards import LONGEST_BOARD, boards_of, write_board
from kopkrakers.intervisie.session.texts.options import write_options
from kopkrakers.intervisie.werkvormen.reading import TABLE, Action
from tests.browser.intervisie.parts import SIZES, WHOLE
from tests.browser.parts.live_site import TODAY, LiveSite
from tests.browser.parts.page_checks import until_true
from tests.browser.parts.phone import Visit

SMALLEST = SIZES[0]
MOST_REASONS = 12
SETTLED = """() => document.fonts.ready.then(() => new Promise((done) => setTimeout(done, 120)))"""
WORDS = ("ik", "de wet", "samen", "verantwoordelijkheid", "bijstandsgerechtigde", "nee", "ééń")
UNBROKEN = "arbeidsongeschiktheidsverzekeringsmaatschappij"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("own_site", ["sqlite"], indirect=True),
]


@dataclass
class Author:
    """Writes texts by chance, often as long as they may be."""

    chance: Random

    def text(self, longest: int) -> str:
        length = longest if self.chance.random() < 0.6 else self.chance.randint(1, longest)
        words, written = [], 0
        while written < length:
            word = UNBROKEN if self.chance.random() < 0.1 else self.chance.choice(WORDS)
            words.append(word)
            written += len(word) + 1
        return " ".join(words)[:length].strip() or "x"

    def some(self, longest: int, fewest: int, most: int) -> list[str]:
        number = self.chance.randint(fewest, most)
        return [f"{place} {self.text(longest - 2)}" for place in range(number)]


@dataclass
class Room:
    """A session that a test walks through without a begeleider's browser."""

    site: LiveSite
    author: Author
    code: str = ""

    def do(self, what: Any, **how: Any) -> Any:
        with self.site.site(TODAY).state.database.transaction() as session:
            who = {"code": self.code, "user_id": self.site.world.gerda.id}
            return what(session, **who, **how)

    def open(self, werkvorm: str, **more: Any) -> None:
        state, me = self.site.site(TODAY).state, self.site.world.gerda.id
        options = tuple(self.author.some(LONGEST_OPTION, 2, 4))
        title, question = self.author.text(LONGEST_TITLE), self.author.text(LONGEST_QUESTION)
        case, team = OwnCase(title, question, options), self.site.world.team_noord
        plan = planning.SessionPlan(team, werkvorm, case, **more)
        today = self.site.clock().date()
        with state.database.transaction() as session:
            self.code = planning.plan_session(session, state.library, plan, user_id=me, today=today)
        self.do(planning.open_lobby, now=self.site.clock())

    def agree(self) -> None:
        for number in AGREEMENT_NUMBERS:
            text = self.author.text(LONGEST_AGREEMENT)
            self.do(reports.set_agreement, number=number, text=text)

    def fill(self, werkvorm: str) -> None:
        """Boards, options with their harm, agreements, reasons, the table, and figures."""
        library = self.site.site(TODAY).state.library
        if werkvorm == "dilemmamethode":
            texts = self.author.some(LONGEST_OPTION, 2, 4)
            options = [(text, self.author.text(LONGEST_HARM)) for text in texts]
            self.do(write_options, library=library, options=options)
        with self.site.site(TODAY).state.database.reading() as session:
            live_session = find(session, self.code)
            steps = [board.step for board in boards_of(session, live_session)]
        for step in steps:
            self.do(write_board, step=step, text=self.author.text(LONGEST_BOARD))
        self.agree()
        self.write_reasons()
        self.write_table()
        self.reveal()

    def write_reasons(self) -> None:
        with self.site.site(TODAY).state.database.transaction() as session:
            live_session = find(session, self.code)
            stems = script_of(live_session).stems
            for _ in range(self.author.chance.randint(1, MOST_REASONS)):
                parts = [f"{stem} {self.author.text(LONGEST_PART)}" for stem in stems]
                text = "\n".join(parts) or self.author.text(LONGEST_REASON)
                row = {"id": new_id(), "session_id": live_session.id, "round": 1, "text": text}
                session.execute(REASON.insert().values(**row, state=ReasonState.SHOWN))
            touch(session, live_session)

    def write_table(self) -> None:
        """Rows of the table, if the werkvorm has one."""
        with self.site.site(TODAY).state.database.transaction() as session:
            live_session = find(session, self.code)
            columns = script_of(live_session).columns
            for _ in range(self.author.chance.randint(1, MOST_REASONS) if columns else 0):
                cells = [self.author.text(LONGEST_CELL) for _ in columns]
                row = {"id": new_id(), "session_id": live_session.id, "round": TABLE}
                shown = {"text": "\n".join(cells), "state": ReasonState.SHOWN}
                session.execute(REASON.insert().values(**row, **shown))
            touch(session, live_session)

    def reveal(self) -> None:
        """Both votes, with totals as the counter writes them."""
        with self.site.site(TODAY).state.database.transaction() as session:
            live_session = find(session, self.code)
            revealed = {"state": RoundState.REVEALED, "verdict": Verdict.COUNTED}
            votes = (ROUND.c.session_id == live_session.id, ROUND.c.number.in_((1, 2)))
            session.execute(ROUND.update().where(*votes).values(**revealed))
            for code in plain_case(live_session).option_codes:
                for number in (1, 2):
                    total = {"session_id": live_session.id, "round": number, "option": code}
                    n = self.author.chance.randint(2, 300)
                    session.execute(SESSION_TALLY.insert().values(**total, n=n))
            touch(session, live_session)


@pytest.fixture
def room(own_site: LiveSite, request: pytest.FixtureRequest) -> Iterator[Room]:
    yield Room(own_site, Author(Random(request.param)))


def faults_on(page: Page, what: str) -> list[str]:
    """Return the texts that cannot be read, in each size, on each page; in the smallest in the
    light too, for light and dark differ in colours alone.
    """
    found = []
    for size in SIZES:
        page.set_viewport_size(size)
        until_true(page, "(width) => innerWidth === width", size["width"])
        page.evaluate(SETTLED)
        found += [f"{what}, {size['width']}: {fault}" for fault in faults_of_leaves(page)]
        if size == SMALLEST:
            page.keyboard.press("l")
            page.evaluate(SETTLED)
            found += [f"{what}, light: {fault}" for fault in faults_of_leaves(page)]
            page.keyboard.press("l")
    return found


def faults_of_leaves(page: Page) -> list[str]:
    found = []
    for _ in range(leaves_of(page)):
        found += page.evaluate(WHOLE)
        page.keyboard.press("PageDown")
    return found


def leaves_of(page: Page) -> int:
    """On how many pages the step stands, as the scherm says below."""
    mark = page.locator(".ki-blader")
    words = mark.inner_text().split() if mark.is_visible() else ["1"]
    return next(int(word) for word in reversed(words) if word.isdigit())


def walk(room: Room, page: Page, werkvorm: str) -> list[str]:
    """Look at the lobby and every step."""
    page.goto(f"/intervisie/{room.code}/scherm")
    found = faults_on(page, f"{werkvorm} lobby")
    room.do(running.start)
    room.fill(werkvorm)
    with room.site.site(TODAY).state.database.reading() as session:
        steps = script_of(find(session, room.code)).stappen
    for place, step in enumerate(steps):
        if place:
            room.do(running.move_step, from_step=place - 1, to_step=place)
        page.goto(f"/intervisie/{room.code}/scherm")
        expect(page.locator("[data-live]")).to_be_visible()
        found += faults_on(page, f"{werkvorm} {place + 1} {step.actie}")
    room.do(showing.show, library=room.site.site(TODAY).state.library, key="verhaal")
    page.goto(f"/intervisie/{room.code}/scherm")
    return found + faults_on(page, f"{werkvorm} story")


@pytest.mark.parametrize("room", [1, 2], indirect=True)
@pytest.mark.parametrize("werkvorm", ["kraak-45", "dilemmamethode"])
def test_nothing_is_hidden_whatever_is_written(room: Room, visit: Visit, werkvorm: str) -> None:
    room.open("kraak-45")
    room.do(running.start)
    room.agree()
    room.do(running.end, now=room.site.clock())
    room.open(werkvorm)
    page = visit(room.site.world.gerda, site=room.site, viewport=SIZES[0])
    found = walk(room, page, werkvorm)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("room", [3], indirect=True)
def test_nor_in_a_session_without_phones(room: Room, visit: Visit) -> None:
    room.open("kraak-45", without_phones=True)
    page = visit(room.site.world.gerda, site=room.site, viewport=SIZES[0])
    room.do(running.start)
    for number in (1, 2):
        for option in ("a", "b", "x"):
            room.do(count_hands, number=number, option=option, hands=999)
    found, before = [], 0
    with room.site.site(TODAY).state.database.reading() as session:
        steps = script_of(find(session, room.code)).stappen
    for place, step in enumerate(steps):
        if step.actie in (Action.VOTE, Action.REVEAL, Action.REVOTE, Action.SHIFT):
            room.do(running.move_step, from_step=before, to_step=place)
            before = place
            page.goto(f"/intervisie/{room.code}/scherm")
            found += faults_on(page, f"hands {place + 1}")
    assert not found, "\n".join(found)
