"""Looks after a drill: each acknowledged answer once, in a box or in the totals."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from kopkrakers.answers.models import Participation
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.app import create_app
from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.base.db import table
from kopkrakers.counter.build import make_counter
from kopkrakers.tallies.models import NL, TALLY
from kopkrakers.web.state import AppState
from tests.benchmarks.stage import Stage
from tests.drills.answering import Answering, option_of
from tests.drills.hurried import count_once

PARTICIPATION = table(Participation)


@dataclass(frozen=True)
class Found:
    """Answers that were counted since the start, and each thing that must not be."""

    counted: int
    faults: list[str]


@dataclass(frozen=True)
class Kept:
    """The turns, waiting envelopes and totals that a database holds of one edition."""

    turns: list[str]
    waiting: list[bytes]
    totals: Counter[str]


@contextmanager
def opened(env: dict[str, str]) -> Iterator[Flask]:
    """An application by these settings."""
    os.environ.update(env)
    app = create_app()
    yield app
    app.extensions["kopkrakers"].database.dispose()


def totals_of(env: dict[str, str], stage: Stage) -> Counter[str]:
    """Return how many people chose each option, as far as that was counted."""
    with opened(env) as app:
        return read(app, stage).totals


def read(app: Flask, stage: Stage) -> Kept:
    """Return what is kept of today's edition."""
    _, _, slug, edition, _ = stage.answer.split("/")
    turn, box, tally = PARTICIPATION.c, ENVELOPE.c, TALLY.c
    turns = select(turn.pseudonym).where(
        turn.dilemma == slug, turn.edition == int(edition), turn.state == "in_box"
    )
    waiting = select(box.voter).where(box.subject == slug, box.edition == int(edition))
    totals = select(tally.option, tally.n).where(
        tally.dilemma == slug, tally.edition == int(edition), tally.scope == NL
    )
    kept: AppState = app.extensions["kopkrakers"]
    with kept.database.reading() as session:
        return Kept(
            turns=list(session.execute(turns).scalars()),
            waiting=list(session.execute(waiting).scalars()),
            totals=Counter({row.option: row.n for row in session.execute(totals)}),
        )


def outcome_of(env: dict[str, str], answering: Answering, before: Counter[str]) -> Found:
    """Count what still waits, and hold what is there against what people were told.

    `before`: the totals when nobody had answered yet.
    """
    with opened(env) as app:
        state: AppState = app.extensions["kopkrakers"]
        counter = make_counter(state.settings, state.database, state.library)
        # an answer is counted at the second look that it lives through
        for _ in range(2):
            count_once(counter, state.library)
        kept = read(app, answering.stage)
        turn_of = pseudonyms(app, answering.stage)
    turns = set(kept.turns)
    chosen = Counter(option_of(person) for person, turn in turn_of.items() if turn in turns)
    counted = kept.totals - before
    lost = [person for person in answering.acknowledged if turn_of[person] not in turns]
    found = {
        "acknowledged answers lost": len(lost),
        "acknowledged twice": len(answering.acknowledged) - len(set(answering.acknowledged)),
        "envelopes twice": len(kept.waiting) - len(set(kept.waiting)),
        "turns in neither a box nor the totals": (
            len(turns) - len(kept.waiting) - kept.totals.total()
        ),
        "counted for an option that fewer people chose": (counted - chosen).total(),
        "people signed out": answering.replies["signed out"],
    }
    return Found(counted.total(), [f"{number} {what}" for what, number in found.items() if number])


def pseudonyms(app: Flask, stage: Stage) -> dict[int, str]:
    """Return of each person with a ticket under which pseudonym a turn of theirs is kept."""
    _, _, slug, edition, _ = stage.answer.split("/")
    state: AppState = app.extensions["kopkrakers"]
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    found = {}
    for number, (cookie, _) in enumerate(stage.tickets):
        person = signer.loads(cookie.split("=", 1)[1], 10**9)["person"]
        found[number] = Voter(person, state.turn_keys).on(slug, int(edition))
    return found
