"""Casting an answer, taking it back, and using a turn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, exists, select, update
from sqlmodel import Session

from kopkrakers.answers.models import Participation
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.rules import Answer
from kopkrakers.ballots.boxes import (
    ENVELOPE,
    GEMEENTE,
    LEADING,
    NATIONAL,
    BoxAddress,
    put_in_box,
    take_out,
)
from kopkrakers.base.db import Rows, in_parts, insert_once, table
from kopkrakers.base.errors import TooLate
from kopkrakers.base.keys import Keys
from kopkrakers.catalogue.editions.editions import (
    COLUMNS,
    EDITION,
    OF_CARD,
    TAKES_ANSWERS,
    PublishedEdition,
)
from kopkrakers.pools.chairs import led_at_opening
from kopkrakers.pools.models import POOL_ASSIGNMENT
from kopkrakers.pools.service import (
    ASSIGNED,
    ASSIGNED_COLUMNS,
    assigned_pool,
    counts_chairs_apart,
)
from kopkrakers.tallies.models import LEADERS, NL

PARTICIPATION = table(Participation)


CLOSED = "Dit dilemma is gesloten. Je antwoord is niet meer te tellen, maar oefenen kan nog wel."
ALREADY_ANSWERED = "Je hebt dit dilemma al beantwoord. Je eerste antwoord blijft staan."


class Turn(StrEnum):
    """The states of a person's turn on an edition; never what they chose."""

    NONE = "none"
    IN_BOX = "in_box"
    COUNTED = "counted"
    TAKEN_BACK = "taken_back"
    SEEN = "seen"
    NOT_COUNTED = "not_counted"


ANSWERED = (Turn.IN_BOX, Turn.COUNTED, Turn.NOT_COUNTED)
"""The turns of those who answered, and did not take it back."""


WAITING = exists().where(
    ENVELOPE.c.voter == PARTICIPATION.c.pseudonym,
    ENVELOPE.c.subject == PARTICIPATION.c.dilemma,
    ENVELOPE.c.edition == PARTICIPATION.c.edition,
)
_TURNS = select(
    PARTICIPATION.c.dilemma,
    PARTICIPATION.c.edition,
    PARTICIPATION.c.state,
    WAITING.label("waiting"),
)
_TURN = _TURNS.where(PARTICIPATION.c.pseudonym == bindparam("pseudonym"))
_TURNS_OF = _TURNS.where(PARTICIPATION.c.pseudonym.in_(bindparam("pseudonyms", expanding=True)))
# both in one statement, for every page of an edition asks them
_EDITION_AND_TURN = (
    select(*COLUMNS, PARTICIPATION.c.state, WAITING.label("waiting"))
    .select_from(
        EDITION.outerjoin(PARTICIPATION, PARTICIPATION.c.pseudonym == bindparam("pseudonym"))
    )
    .where(
        EDITION.c.dilemma == bindparam("dilemma"),
        EDITION.c.number == bindparam("edition"),
        OF_CARD,
    )
)
_EDITIONS_WITH_TURNS = select(EDITION.c.dilemma, EDITION.c.number).where(
    EDITION.c.settled.is_(False)
)
_OPEN_EDITION = (
    select(*ASSIGNED_COLUMNS)
    .select_from(EDITION.outerjoin(POOL_ASSIGNMENT, ASSIGNED))
    .where(
        EDITION.c.dilemma == bindparam("dilemma"),
        EDITION.c.number == bindparam("edition"),
        *TAKES_ANSWERS,
    )
)


KINDS = {NL: NATIONAL, LEADERS: LEADING}
"""The kinds of the boxes of pools that are not a gemeente or regio."""


def box_of_pool(pool: str, dilemma: str, edition: int) -> BoxAddress:
    """Return the address of the box in which the answers of a pool wait."""
    kind = KINDS.get(pool, GEMEENTE)
    return BoxAddress(kind, dilemma, edition, pool)


# no repr: it holds both who and what, and a line of a log may be made of any object
@dataclass(frozen=True, repr=False)
class Vote:
    """An answer as it is handed in: by whom, and on which edition."""

    voter: Voter
    gemeente_id: int
    dilemma: str
    edition: int
    answer: Answer


def cast_answer(session: Rows, vote: Vote, *, today: date, mac_keys: Keys) -> None:
    """Use the person's turn and put their sealed answer in the box: two rows in one transaction.

    The statements are the same whatever was chosen; the keys of both tables refuse a double.
    Raises: TooLate when the edition is closed or the turn is used; NotNow when there is no box.
    """
    voter, dilemma, edition = vote.voter, vote.dilemma, vote.edition
    parameters = {
        "dilemma": dilemma,
        "edition": edition,
        "gemeente": vote.gemeente_id,
        "today": today,
    }
    # whether it is open is asked in here and not by the page: it may have stood open over midnight
    opened: Any = session.connection().execute(_OPEN_EDITION, parameters).first()
    if opened is None:
        raise TooLate(CLOSED)
    # the turn first: of two tabs at once one finds it used, and puts nothing in a box
    if not _use_turn(session, voter, dilemma, edition, Turn.IN_BOX):
        raise TooLate(ALREADY_ANSWERED)
    pool = assigned_pool(mac_keys, opened, today)
    if counts_chairs_apart(mac_keys, opened) and led_at_opening(
        session, mac_keys, voter.user_id, opened.opens_on
    ):
        pool = LEADERS
    address = box_of_pool(pool, dilemma, edition)
    pseudonym = voter.on(dilemma, edition)
    if not put_in_box(session, address, voter=pseudonym, codes=vote.answer.codes, keys=mac_keys):
        raise TooLate(ALREADY_ANSWERED)


def take_back(session: Session, *, voter: Voter, dilemma: str, edition: int) -> None:
    """Destroy the person's envelope unopened. The turn stays used.

    Raises: TooLate when it was counted already, or was never in the box.
    """
    pseudonyms = voter.all_on(dilemma, edition)
    # the envelope first: the counter may open it at this very moment, and one of the two finds it
    waited = take_out(session, pseudonyms)
    if not waited:
        raise TooLate("Je antwoord is al geteld. Terugnemen kan niet meer.")
    _set_taken_back(session, waited)


def take_back_everything(session: Session, voter: Voter) -> None:
    """Destroy every waiting envelope of someone whose account is removed; their turns stay used."""
    pseudonyms: list[str] = []
    for edition in session.execute(_EDITIONS_WITH_TURNS):
        pseudonyms += voter.all_on(edition.dilemma, edition.number)
    _set_taken_back(session, take_out(session, pseudonyms))


def use_turn_by_looking(session: Session, *, voter: Voter, dilemma: str, edition: int) -> None:
    """Use the turn (`seen`) of a person who is about to see figures without having answered.

    Nothing changes when the turn was used already.
    """
    _use_turn(session, voter, dilemma, edition, Turn.SEEN)


def turn_of(session: Rows, voter: Voter, dilemma: str, edition: int) -> Turn:
    """Return the state of this person's turn on this edition."""
    # one statement, but for a rotation of the secret; cheaper than asking for many at once
    for pseudonym in voter.all_on(dilemma, edition):
        row = session.connection().execute(_TURN, {"pseudonym": pseudonym}).first()
        if row is not None:
            return turn_from(row.state, row.waiting)
    return Turn.NONE


def edition_and_turn(
    session: Rows, voter: Voter, dilemma: str, number: int
) -> tuple[PublishedEdition, Turn] | None:
    """Return an edition of a dilemma by its number, and the state of this person's turn on it."""
    parameters = {
        "dilemma": dilemma,
        "edition": number,
        "pseudonym": voter.on(dilemma, number),
    }
    row = session.connection().execute(_EDITION_AND_TURN, parameters).first()
    if row is None:
        return None
    edition = PublishedEdition(*tuple(row)[: len(COLUMNS)])
    if row.state is not None:
        return edition, turn_from(row.state, row.waiting)
    turn = Turn.NONE
    if voter.keys.previous:
        # it may stand under a former key yet
        turn = turn_of(session, voter, dilemma, number)
    return edition, turn


def turns_of(
    session: Rows, voter: Voter, editions: Iterable[tuple[str, int]]
) -> Mapping[tuple[str, int], Turn]:
    """Return the states of this person's turns on these editions, where one is used."""
    pseudonyms: list[str] = []
    for dilemma, number in editions:
        pseudonyms += voter.all_on(dilemma, number)
    turns = {}
    for part in in_parts(pseudonyms):
        for row in session.connection().execute(_TURNS_OF, {"pseudonyms": part}):
            turns[row.dilemma, row.edition] = turn_from(row.state, row.waiting)
    return turns


def turn_from(state: str, waiting: bool) -> Turn:
    """Return the turn behind a row: counted is `in_box` without an envelope that still waits."""
    if state == Turn.IN_BOX and not waiting:
        return Turn.COUNTED
    return Turn(state)


def _use_turn(session: Rows, voter: Voter, dilemma: str, edition: int, state: Turn) -> bool:
    """Use a turn. Return whether it was unused."""
    # a turn under a former key is as used as one under the current key
    if voter.keys.previous and turn_of(session, voter, dilemma, edition) is not Turn.NONE:
        return False
    row = {"pseudonym": voter.on(dilemma, edition), "dilemma": dilemma, "edition": edition}
    return insert_once(session, PARTICIPATION, row | {"state": state})


def _set_taken_back(session: Session, pseudonyms: Sequence[str]) -> None:
    for part in in_parts(pseudonyms):
        statement = update(PARTICIPATION).where(PARTICIPATION.c.pseudonym.in_(part))
        session.connection().execute(statement.values(state=Turn.TAKEN_BACK))
