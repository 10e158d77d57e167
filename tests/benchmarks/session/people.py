"""The people in the crowd: phones that poll as static/js/intervisie.js does,
and the begeleider with a beamer.
"""

import asyncio
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from tests.benchmarks.session.client import Answer, Browser

SOONEST, SPREAD = 1.5, 0.5
"""Seconds between two questions, as in static/js/intervisie.js."""
THINKING = 20.0
"""Seconds that choosing takes at most, once a phone shows the vote."""
SEEN = re.compile(r'data-gezien="([^"]*)"')
HEADS = re.compile(r'/klopt">.*?name="aantal" value="(\d+)"', re.DOTALL)
WORDS = re.compile(r'name="(woord_\d)"')
VOTE = re.compile(r'data-vorm="stem-(\d+)"')
STELLING = re.compile(r"stelling (\d) van .*Wat jullie vinden", re.DOTALL)
MARKS = {
    "lobby": "ki-status--lobby",
    "reveal": "Wat jullie kozen",
    "shift": "Voor en na het gesprek",
    "end": "ki-status--ended",
}
"""By which words a phone is known to show something."""


@dataclass
class Phone:
    """A phone without an account. `shown`: when it first showed what is in `MARKS`.

    `counts`: somebody here says that the number of phones is right.
    """

    browser: Browser
    code: str
    option: str
    shown: dict[str, float] = field(default_factory=dict)
    voted: set[int] = field(default_factory=set)
    now: Answer = field(default_factory=lambda: Answer(0, {}, ""))
    seen: str = ""
    counts: bool = False

    async def live(self, comes_after: float, over: asyncio.Event) -> None:
        """Come in, then do what the pages ask until the session is over."""
        await asyncio.sleep(comes_after)
        page = await self.browser.first_visit(f"/m/{self.code}")
        self.take(await self.browser.post(f"/m/{self.code}/doe-mee", page))
        while not over.is_set() and "end" not in self.shown:
            await asyncio.sleep(SOONEST + random.random() * SPREAD)
            answer = await self.browser.get(f"/m/{self.code}/nu?seen={self.seen}")
            if answer.status == 200:
                self.take(answer)
            if self.counts and (heads := HEADS.search(self.now.text)):
                to = f"/m/{self.code}/klopt"
                self.take(await self.browser.post(to, self.now, aantal=heads[1]))
            if vote := VOTE.search(self.now.text):
                await self.vote(vote[1])
        await self.browser.close()

    def take(self, answer: Answer) -> None:
        """Show what came, and remember since when."""
        if answer.status != 200:
            return
        self.now, self.seen = answer, (SEEN.findall(answer.text) or [""])[0]
        for name, words in MARKS.items():
            if words in answer.text:
                self.shown.setdefault(name, monotonic())
        if vote := VOTE.search(answer.text):
            self.shown.setdefault(f"vote {vote[1]}", monotonic())
        if stelling := STELLING.search(answer.text):
            self.shown.setdefault(f"stelling {stelling[1]}", monotonic())

    async def vote(self, number: str) -> None:
        """Think, then choose: the page stays as it is until the answer is there."""
        await asyncio.sleep(random.random() * THINKING)
        fields = {"stemming": number, "optie": self.option}
        if number == "1":
            # one sentence, or the end of each that the page begins
            names = WORDS.findall(self.now.text) or ["reden"]
            fields |= dict.fromkeys(names, "ik begin bij wat deze mens zelf wil")
        self.take(await self.browser.post(f"/m/{self.code}/stem", self.now, **fields))
        if "ki-status--voted" in self.now.text:
            self.voted.add(int(number))


@dataclass
class Lead:
    """The begeleider: the regie in one browser, the scherm in another, both asking what is new."""

    browser: Browser
    code: str
    page: Answer = field(default_factory=lambda: Answer(0, {}, ""))

    async def press(self, what: str, **fields: int | str) -> float:
        """A button of the regie; gives when it was pressed."""
        if self.page.status != 200:
            self.page = await self.browser.get(f"/intervisie/{self.code}/regie")
        began = monotonic()
        sent = {name: str(value) for name, value in fields.items()}
        self.page = await self.browser.post(
            f"/intervisie/{self.code}/regie/{what}", self.page, **sent
        )
        assert self.page.status == 200, f"{what}: {self.page.status}"
        return began

    async def watch(self, which: str, browser: Browser, over: asyncio.Event) -> None:
        """Keep regie or scherm open."""
        page = await browser.first_visit(f"/intervisie/{self.code}/{which}")
        while not over.is_set():
            await asyncio.sleep(SOONEST + random.random() * SPREAD)
            seen = (SEEN.findall(page.text) or [""])[0]
            answer = await browser.get(f"/intervisie/{self.code}/{which}/nu?seen={seen}")
            page = answer if answer.status == 200 else page


async def until(true: Callable[[], bool], *, within: float) -> bool:
    """Wait until something is true; whether it became so in time."""
    end = monotonic() + within
    while not true():
        if monotonic() > end:
            return False
        await asyncio.sleep(0.02)
    return True
