"""Count the rounds of live sessions: open a session's box and write what may be shown of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, insert, select, update
from sqlmodel import Session

from kopkrakers.ballots.boxes import ENVELOPE, BoxAddress
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.base.db import new_id
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.daily import turns_not_counted
from kopkrakers.counter.opening import Bundle, OpenedVote, TotalRows, shuffled
from kopkrakers.counter.sessions.boxes import read_box
from kopkrakers.counter.sessions.quick import NOBODY_THERE
from kopkrakers.intervisie.session.ballot import option_of, reason_of, rows_of
from kopkrakers.intervisie.session.cases import plain_case
from kopkrakers.intervisie.session.group.heads import open_door
from kopkrakers.intervisie.session.group.repeats import repeat_of, subject_of
from kopkrakers.intervisie.session.states import ReasonState, RoundState, SessionState, Verdict
from kopkrakers.intervisie.session.store import (
    LIVE_SESSION,
    ONGOING,
    PARTICIPANT,
    REASON,
    ROUND,
    SESSION_TALLY,
    SessionRow,
    any_round_in,
    in_state,
    move_round,
    rounds_of,
    session_box,
    touch,
)
from kopkrakers.intervisie.session.verdicts import (
    first_verdict,
    is_still,
    second_verdict,
    table_verdict,
)
from kopkrakers.intervisie.werkvormen.reading import (
    STELLINGEN,
    TABLE,
    is_chapter,
    is_stelling,
    vote_before,
)
from kopkrakers.privacy.bundles import tally

_BY_ID = select(LIVE_SESSION).where(LIVE_SESSION.c.id == bindparam("id"))
_IS_CLOSING = and_(
    ROUND.c.session_id == LIVE_SESSION.c.id,
    ROUND.c.state == RoundState.CLOSING,
    LIVE_SESSION.c.state == SessionState.RUNNING,
)
# a row for each session that people are in, with the round that closes, where one does
_CLOSING = (
    select(LIVE_SESSION.c.id.label("session_id"), ROUND.c.number)
    .select_from(LIVE_SESSION.outerjoin(ROUND, _IS_CLOSING))
    .where(in_state(*ONGOING))
)


@dataclass(frozen=True)
class SessionRule:
    """The rule of a live session's box, which is never counted in bundles.

    `count_closed_rounds` reads the box; `sessions.ends` destroys it. `known`: the options of the
    session opened last, which stay as they are once somebody voted.
    """

    threshold: int = 0
    known: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def valid(self, session: Session, address: BoxAddress, codes: str) -> bool:
        """Whether this is an option of the session, with or without a reason."""
        if address.subject not in self.known:
            # of one session at a time, for a counter runs for months
            self.known.clear()
            live_session = session.execute(_BY_ID, {"id": address.subject}).first()
            options: tuple[str, ...] = ()
            if live_session is not None:
                options = plain_case(live_session).option_codes
            self.known[address.subject] = options
        return option_of(codes) in self.known[address.subject]

    def still_in(self, session: Session, address: BoxAddress, voters: Sequence[str]) -> set[str]:
        """Return the participants of the session who have a vote.

        Of stellingen all: their marks lead to nobody. The MAC tells that a phone put them in, and
        an envelope that was counted is of a round that is never counted again.
        """
        live_session = session.execute(_BY_ID, {"id": address.subject}).first()
        if live_session is not None and live_session.werkvorm == STELLINGEN:
            return set(voters)
        statement = select(PARTICIPANT.c.id).where(
            PARTICIPANT.c.session_id == address.subject, PARTICIPANT.c.watches.is_(False)
        )
        return set(session.execute(statement).scalars()) & set(voters)

    def bundle(self, session: Session, address: BoxAddress, votes: Sequence[str]) -> Bundle | None:
        """Return None: this box gives no bundles."""
        return None

    def rows(self, address: BoxAddress, bundle: Bundle) -> TotalRows:
        """Return no rows: there is no bundle."""
        return TotalRows(SESSION_TALLY, [])

    def not_counted(self, session: Session, address: BoxAddress, voters: Sequence[str]) -> None:
        """Record daily turns as not counted whose envelope someone moved into this box."""
        turns_not_counted(session, address, voters)


@dataclass(frozen=True)
class RoundVotes:
    """The opened votes of one round: ballots by participant, and which of them are begeleiders."""

    ballots: Mapping[str, str]
    begeleiders: frozenset[str]

    def all_counts(self, options: tuple[str, ...]) -> dict[str, int]:
        """Return the votes per option, every option in order."""
        return tally(options, list(map(option_of, self.ballots.values())))

    def counts(self, options: tuple[str, ...]) -> dict[str, int]:
        """Return the votes per option of all but the begeleiders.

        Theirs do not help a group reach its threshold.
        """
        return tally(options, self.choices().values())

    def choices(self) -> dict[str, str]:
        """Return the option of every participant who is no begeleider."""
        chosen = {}
        for voter, ballot in self.ballots.items():
            if voter not in self.begeleiders:
                chosen[voter] = option_of(ballot)
        return chosen


def count_closed_rounds(counter: Counter, now: datetime) -> int:
    """Count every round that a begeleider closed. Return their number.

    `NOBODY_THERE` while there is no session that people can be in, not even a lobby.
    """
    # without a session around it: this is asked three times a second
    with counter.database.reader.connect() as connection:
        ongoing = connection.execute(_CLOSING).all()
    if not ongoing:
        return NOBODY_THERE
    closing = [round_ for round_ in ongoing if round_.number is not None]
    for round_ in closing:
        with counter.database.transaction() as session:
            count_round(counter, session, round_.session_id, round_.number, now)
        counter.note_count()
    return len(closing)


def count_round(
    counter: Counter, session: Session, session_id: str, number: int, now: datetime
) -> None:
    """Count one round, once. Write its verdict, its reasons, and its totals or none.

    The box stays: its envelopes are opened again for a later round and for the shift.
    """
    live_session = session.execute(_BY_ID, {"id": session_id}).first()
    if live_session is None or not touch(session, live_session):
        return
    # counted meanwhile, by a counter beside this one
    if not move_round(session, session_id, number, RoundState.CLOSED):
        return
    opened = read_box(counter, session, session_box(session_id))
    votes = votes_of_round(session, session_id, opened, number)
    if number == TABLE:
        _write_table(session, session_id, votes)
        return
    if is_stelling(number):
        _count_stelling(session, live_session, number, votes, amsterdam_day(now))
    else:
        first_votes = votes_of_round(session, session_id, opened, 1)
        _count_vote(session, live_session, number, votes, first_votes, amsterdam_day(now))
    # in the transaction of the count, so that the number goes back when that fails
    counter.number_count(session)


def _count_vote(
    session: Session,
    live_session: SessionRow,
    number: int,
    votes: RoundVotes,
    first_votes: RoundVotes,
    today: date,
) -> None:
    """Write the verdict on one of the two votes, or after a chapter; and its totals or none."""
    if _is_repeat(session, live_session, 1, today):
        verdict = Verdict.AGAIN
    else:
        verdict = _verdict(session, live_session, number, votes=votes, first_votes=first_votes)
    this_round = (ROUND.c.session_id == live_session.id, ROUND.c.number == number)
    session.execute(update(ROUND).where(*this_round).values(verdict=verdict))
    counts = votes.all_counts(plain_case(live_session).option_codes)
    if is_chapter(number):
        _forget_chapter_before(session, live_session.id, number)
    is_like_before = _is_like_one_before(session, live_session, votes, counts)
    if verdict == Verdict.COUNTED and not is_like_before:
        _write_totals(session, live_session.id, number, counts)
    # whatever the verdict: a reason stands by itself, without the option that it was given with
    reasons = []
    for ballot in votes.ballots.values():
        reason = reason_of(ballot)
        if reason:
            reasons.append(reason)
    _write_texts(session, live_session.id, number, reasons)


# D-73, D-117
def _is_like_one_before(
    session: Session, live_session: SessionRow, votes: RoundVotes, counts: Mapping[str, int]
) -> bool:
    """Whether one person at most makes the difference with any totals written before.

    Each set is held against all: somebody who moves and moves back would show in the first and
    the last.
    """
    written: dict[int, dict[str, int]] = {}
    totals = select(SESSION_TALLY).where(SESSION_TALLY.c.session_id == live_session.id)
    for row in session.execute(totals):
        written.setdefault(row.round, {})[row.option] = row.n
    known = len(votes.begeleiders & votes.ballots.keys()) + _unseen_begeleiders(live_session)
    return any(is_still(before, counts, known=known) for before in written.values())


def _forget_chapter_before(session: Session, session_id: str, number: int) -> None:
    """Delete the envelopes of the chapter before, which nothing opens again.

    Those of the first vote stay, and of the last: who copies the box finds no row of all votes.
    """
    before = vote_before(number)
    if is_chapter(before):
        envelopes = (ENVELOPE.c.subject == session_id, ENVELOPE.c.edition == before)
        session.execute(delete(ENVELOPE).where(*envelopes))


def _count_stelling(
    session: Session, live_session: SessionRow, number: int, votes: RoundVotes, today: date
) -> None:
    """Write the verdict on a stelling and its totals or none; its envelopes go at once.

    Nothing opens them again, so those of two stellingen never lie beside each other for long.
    """
    counts = votes.all_counts(plain_case(live_session).option_codes)
    if _is_repeat(session, live_session, number, today):
        verdict = Verdict.AGAIN
    else:
        known = select(func.count()).where(
            PARTICIPANT.c.session_id == live_session.id,
            PARTICIPANT.c.begeleider,
            PARTICIPANT.c.watches.is_(False),
        )
        begeleiders = session.execute(known).scalar_one() + _unseen_begeleiders(live_session)
        verdict = first_verdict(counts, unseen=begeleiders)
    this_round = (ROUND.c.session_id == live_session.id, ROUND.c.number == number)
    session.execute(update(ROUND).where(*this_round).values(verdict=verdict))
    if verdict == Verdict.COUNTED:
        _write_totals(session, live_session.id, number, counts)
    envelopes = (ENVELOPE.c.subject == live_session.id, ENVELOPE.c.edition == number)
    session.execute(delete(ENVELOPE).where(*envelopes))
    # a slow count may end while the next stelling is open: then the roster stays locked
    if not any_round_in(rounds_of(session, live_session.id).values(), RoundState.OPEN):
        open_door(session, live_session.id)


def _is_repeat(session: Session, live_session: SessionRow, number: int, today: date) -> bool:
    """Whether the team saw totals on the subject of a vote within the week before, elsewhere.

    Then none are written, so that there is nothing to lay beside the others.
    """
    is_revealed = rounds_of(session, live_session.id)[number].state == RoundState.REVEALED
    if is_revealed or live_session.rehearsal:
        return False
    subject = subject_of(live_session, number)
    return repeat_of(session, live_session, subject, today) is not None


def _verdict(
    session: Session,
    live_session: SessionRow,
    number: int,
    *,
    votes: RoundVotes,
    first_votes: RoundVotes,
) -> Verdict:
    """Return the verdict on one of the two votes, or after a chapter, by what was chosen."""
    counts = votes.counts(plain_case(live_session).option_codes)
    unseen = _unseen_begeleiders(live_session)
    if number == 1:
        return first_verdict(counts, unseen=unseen)
    # a chapter is held against the one before it, the last vote against the first
    before = vote_before(number) if is_chapter(number) else 1
    return second_verdict(
        counts,
        first=Verdict(rounds_of(session, live_session.id)[before].verdict),
        same_people=first_votes.ballots.keys() == votes.ballots.keys(),
        unseen=unseen,
    )


def _unseen_begeleiders(live_session: SessionRow) -> int:
    """Return how many votes may be begeleiders', on phones that nobody knows as theirs.

    It was asked whether one of them votes so, not who: then each who led may have.
    """
    if not live_session.begeleider_votes:
        return 0
    who_led = {live_session.begeleider_id, live_session.second_id, live_session.former_id}
    return len(who_led - {None})


def votes_of_round(
    session: Session, session_id: str, opened: Sequence[OpenedVote], number: int
) -> RoundVotes:
    """Return the votes of one round out of all that was in a session's box."""
    ballots = {}
    for row, codes in opened:
        if row.subject == session_id and row.edition == number:
            ballots[row.voter] = codes
    begeleiders = select(PARTICIPANT.c.id).where(
        PARTICIPANT.c.session_id == session_id, PARTICIPANT.c.begeleider
    )
    return RoundVotes(ballots, frozenset(session.execute(begeleiders).scalars()))


def _write_totals(
    session: Session, session_id: str, number: int, counts: Mapping[str, int]
) -> None:
    """Write the totals of all options in one statement, zeros included."""
    rows = []
    for option, n in counts.items():
        rows.append({"session_id": session_id, "round": number, "option": option, "n": n})
    session.execute(insert(SESSION_TALLY), rows)


def _write_table(session: Session, session_id: str, votes: RoundVotes) -> None:
    """Write the rows of the table, each by itself; or none when one person wrote them all.

    Of a begeleider's phone rows count as any other's, but they are no second writer.
    """
    writers = set()
    for voter, ballot in votes.ballots.items():
        if rows_of(ballot):
            writers.add(voter)
    verdict = table_verdict(len(writers - votes.begeleiders))
    this_round = (ROUND.c.session_id == session_id, ROUND.c.number == TABLE)
    session.execute(update(ROUND).where(*this_round).values(verdict=verdict))
    if verdict != Verdict.COUNTED:
        return
    texts = []
    for ballot in votes.ballots.values():
        for cells in rows_of(ballot):
            texts.append("\n".join(cells))
    _write_texts(session, session_id, TABLE, texts)


# D-86
def _write_texts(session: Session, session_id: str, number: int, texts: Sequence[str]) -> None:
    """Write texts under random ids and in a random order: nothing ties them to an option or phone.

    All at once, so that neither a time nor a place in a file tells which came together.
    """
    rows: list[dict[str, Any]] = []
    for text in texts:
        row = {
            "id": new_id(),
            "session_id": session_id,
            "round": number,
            "text": text,
            "state": ReasonState.WAITING,
        }
        rows.append(row)
    if rows:
        session.execute(insert(REASON), shuffled(rows))
