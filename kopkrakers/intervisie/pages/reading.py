"""Read a session as regie, scherm and phone see it at this moment."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.accounts.rules import token_hash
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.service import Turn, turn_of
from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.base.keys import Keys
from kopkrakers.catalogue.library import Library
from kopkrakers.intervisie.pages.memory import PageMemory
from kopkrakers.intervisie.pages.moves import controls_of, moves_now
from kopkrakers.intervisie.pages.on_phone import phone_page, phone_sentence
from kopkrakers.intervisie.pages.shown.lines import AgreementLine, ReasonLine
from kopkrakers.intervisie.pages.shown.rounds import RoundNow, StepNow, TableNow
from kopkrakers.intervisie.pages.shown.views import (
    PhonePage,
    PhoneView,
    RegieView,
    ScreenView,
    SessionNow,
)
from kopkrakers.intervisie.session.ballot import doubt_of, warning_of
from kopkrakers.intervisie.session.cases import full_case, has_daily_figures
from kopkrakers.intervisie.session.figures import names_in_team, session_figures, team_name
from kopkrakers.intervisie.session.group.hands import hands_of
from kopkrakers.intervisie.session.group.heads import head_count
from kopkrakers.intervisie.session.group.repeats import Repeat, look_alike, repeat_of, subject_of
from kopkrakers.intervisie.session.group.retrospect import look_back_of
from kopkrakers.intervisie.session.group.totals import session_totals, words_of
from kopkrakers.intervisie.session.marks import voter_of
from kopkrakers.intervisie.session.planning import leads_of, other_begeleiders
from kopkrakers.intervisie.session.reporting.reports import agreements_of
from kopkrakers.intervisie.session.showing import exhibit_of
from kopkrakers.intervisie.session.states import RoundState, SessionState, Verdict
from kopkrakers.intervisie.session.store import (
    NOT_OVER,
    PARTICIPANT,
    SessionRow,
    box_is_ready,
    find,
    led_by,
    projected_by,
    regie_version,
    rounds_of,
    script_of,
    votes_in,
    watches_of,
)
from kopkrakers.intervisie.session.texts.boards import Board, boards_of
from kopkrakers.intervisie.session.texts.options import may_write_options
from kopkrakers.intervisie.session.texts.reasons import WrittenReason, reasons_of
from kopkrakers.intervisie.session.verdicts import STILL_WAY_ON, WAYS_ON
from kopkrakers.intervisie.werkvormen.reading import TABLE

_PARTICIPANT = select(PARTICIPANT.c.id, PARTICIPANT.c.watches, PARTICIPANT.c.heads_agreed).where(
    PARTICIPANT.c.session_id == bindparam("session_id"),
    PARTICIPANT.c.token_hash == bindparam("token_hash"),
)
_VOTED = select(ENVELOPE.c.edition).where(
    ENVELOPE.c.voter == bindparam("voter"), ENVELOPE.c.subject == bindparam("session_id")
)


def regie(
    session: Session,
    library: Library,
    memory: PageMemory,
    *,
    code: str,
    begeleider: Voter,
    row_keys: Keys,
    today: date,
) -> RegieView:
    """Return the begeleider's page. Raises: NotYours for someone who does not lead this session."""
    # before anything else: what comes in while the rest is read is then shown at the next question
    version = regie_version(session, code) or ""
    live_session = led_by(session, code, begeleider.user_id)
    seen_by_all = read_session(session, library, memory, live_session, row_keys)
    now = _with_votes_in(session, live_session, seen_by_all)
    moves, box_ready = moves_now(now), box_is_ready(session, live_session.id)
    reasons, rows = _lines_to_judge(session, live_session)
    return RegieView(
        now=now,
        version=version,
        moves=moves,
        controls=controls_of(now, moves, box_ready=box_ready),
        all_reasons=reasons,
        box_ready=box_ready,
        uses_turn=_uses_turn(session, live_session, begeleider),
        leads=leads_of(session, live_session),
        second_id=live_session.second_id,
        candidates=_candidates(session, live_session, begeleider.user_id),
        planned_for=live_session.planned_for,
        steps=now.script.stappen,
        boards=_boards_to_mind(session, live_session, now),
        may_write_options=may_write_options(live_session),
        rows=rows,
        leaves=live_session.leaves,
        repeat=_repeat_to_come(session, live_session, now, today),
        look_alike=look_alike(library, now.case) if _has_vote_to_come(now) else None,
    )


def screen(
    session: Session,
    library: Library,
    memory: PageMemory,
    *,
    code: str,
    user_id: int,
    row_keys: Keys,
) -> ScreenView:
    """Return the beamer's page, for whoever leads or led the session.

    Raises: NotYours for anyone else.
    """
    live_session = projected_by(session, code, user_id)
    now = read_session(session, library, memory, live_session, row_keys)
    return ScreenView(now, live_session.leaves)


def phone(
    session: Session,
    library: Library,
    memory: PageMemory,
    *,
    code: str,
    token: str | None,
    visitor: Voter | None,
    row_keys: Keys,
) -> PhoneView:
    """Return a phone's page. One that did not come in sees nothing but how to do so.

    `visitor`: who is signed in on it.
    Raises: NotYours for an unknown code.
    """
    live_session = find(session, code)
    participant = _participant(session, live_session, token)
    came_in = participant is not None
    watches = participant is not None and bool(participant.watches)
    now = read_session(session, library, memory, live_session, row_keys)
    voted = _voted(session, live_session, participant, token, now.step)
    page = phone_page(now, came_in=came_in, watches=watches, voted=voted)
    if page == PhonePage.JOIN:
        now = _for_strangers(now)
    uses_turn = visitor is not None and _uses_turn(session, live_session, visitor)
    vote = None
    if now.step is not None:
        vote = now.round(now.step.script.opens or 0)
    return PhoneView(
        now=now,
        page=page,
        sentence=phone_sentence(now, page, watches=watches),
        round=vote,
        watches=watches,
        uses_turn=uses_turn,
        voted=voted,
        polls=not now.is_over,
        agreed=participant is not None and (participant.heads_agreed or 0) >= now.heads,
    )


def read_session(
    session: Session,
    library: Library,
    memory: PageMemory,
    live_session: SessionRow,
    row_keys: Keys,
) -> SessionNow:
    """Return what all pages of a session may show now. `row_keys` verify the daily totals.

    Three hundred phones ask for it at once when something happens: a version is read once.
    """
    key = (live_session.id, live_session.version)
    now = memory.sessions.get(key)
    if now is None:
        now = _read_session(session, library, live_session, row_keys)
        memory.sessions.put(key, now)
    return now


def _read_session(
    session: Session, library: Library, live_session: SessionRow, row_keys: Keys
) -> SessionNow:
    """Read it from the database: of votes no more than their state until a reveal, nor figures."""
    case = full_case(session, library, live_session)
    rounds = _rounds_now(session, live_session, case.option_codes)
    lines = _lines(one for one in reasons_of(session, live_session) if one.is_on_screen)
    large = {line.key: line.text for line in lines}
    is_revealed = any(round_.is_revealed for round_ in rounds)
    boards, script = boards_of(session, live_session), script_of(live_session)
    return SessionNow(
        code=live_session.code,
        state=SessionState(live_session.state),
        version=live_session.version,
        rehearsal=live_session.rehearsal,
        werkvorm=live_session.werkvorm,
        script=script,
        team=team_name(session, live_session.team_id),
        case=case,
        count=head_count(session, live_session),
        watchers=watches_of(session, live_session.id),
        roster_locked=live_session.roster_locked,
        step=_step_now(live_session),
        rounds=tuple(round_ for round_ in rounds if round_.number != TABLE),
        figures=session_figures(session, row_keys, live_session, case) if is_revealed else None,
        reasons=_of_votes(lines),
        agreements=_agreement_lines(session, live_session),
        look_back=look_back_of(live_session),
        look_back_on=live_session.look_back_on,
        timer_ends_at=live_session.timer_ends_at,
        report_id=live_session.report_id,
        cleared=live_session.cleared,
        leaf=live_session.leaf,
        watchable=live_session.watchable,
        hands=hands_of(live_session) if live_session.without_phones else None,
        begeleider_votes=live_session.begeleider_votes,
        exhibit=exhibit_of(case, boards, script.columns, large, live_session.on_screen),
        boards=boards,
        table=_table_now(live_session, rounds, lines),
    )


def _agreement_lines(session: Session, live_session: SessionRow) -> tuple[AgreementLine, ...]:
    agreements = agreements_of(session, live_session)
    return tuple(AgreementLine(row.number, row.text) for row in agreements)


def _step_now(live_session: SessionRow) -> StepNow | None:
    if live_session.state != SessionState.RUNNING:
        return None
    steps = script_of(live_session).stappen
    return StepNow(live_session.step, len(steps), steps[live_session.step])


def _table_now(
    live_session: SessionRow, rounds: Sequence[RoundNow], lines: tuple[ReasonLine, ...]
) -> TableNow | None:
    """Return the table of the werkvorm, if it has one, with the rows that were let through."""
    columns = script_of(live_session).columns
    for round_ in rounds:
        if round_.number == TABLE:
            return TableNow(columns, round_, _of_table(lines))
    return None


def _of_votes(lines: tuple[ReasonLine, ...]) -> tuple[ReasonLine, ...]:
    return tuple(line for line in lines if line.round != TABLE)


def _of_table(lines: tuple[ReasonLine, ...]) -> tuple[ReasonLine, ...]:
    return tuple(line for line in lines if line.round == TABLE)


def _rounds_now(
    session: Session, live_session: SessionRow, codes: tuple[str, ...]
) -> list[RoundNow]:
    rounds = []
    for row in rounds_of(session, live_session.id).values():
        state, verdict = RoundState(row.state), Verdict.NONE
        # before the reveal even the verdict tells something: that most chose the same
        if state == RoundState.REVEALED or row.number == TABLE:
            verdict = Verdict(row.verdict)
        totals = session_totals(session, live_session.id, row, codes)
        round_ = RoundNow(
            number=row.number,
            state=state,
            verdict=verdict,
            totals=totals,
            sentence=words_of(row, totals),
            way_on=WAYS_ON.get(verdict, STILL_WAY_ON),
        )
        rounds.append(round_)
    return rounds


def _lines(reasons: Iterable[WrittenReason]) -> tuple[ReasonLine, ...]:
    return tuple(ReasonLine(one.id, one.text, one.state, one.round, one.key) for one in reasons)


def _lines_to_judge(
    session: Session, live_session: SessionRow
) -> tuple[tuple[ReasonLine, ...], tuple[ReasonLine, ...]]:
    """Return all reasons, and all rows of the table; with a warning where one may name somebody."""
    names = names_in_team(session, live_session.team_id)
    reasons = _lines(reasons_of(session, live_session))
    lines = tuple(replace(line, warning=warning_of(line.text, names)) for line in reasons)
    return _of_votes(lines), _of_table(lines)


def _for_strangers(now: SessionNow) -> SessionNow:
    """Return what whoever types a code sees: the subject, and nothing that the group made of it."""
    if now.hands is not None:
        # {} and not None: that there are no phones is what they have to know
        now = replace(now, hands={})
    now = replace(now, rounds=(), figures=None, reasons=(), agreements=())
    return replace(now, boards=(), table=None, look_back=None)


def _with_votes_in(session: Session, live_session: SessionRow, now: SessionNow) -> SessionNow:
    """Return what the regie sees as well: how many envelopes wait for each vote."""
    cast = votes_in(session, live_session.id)
    rounds = [replace(round_, votes_in=cast.get(round_.number, 0)) for round_ in now.rounds]
    now = replace(now, rounds=tuple(rounds))
    if now.table is None:
        return now
    round_ = replace(now.table.round, votes_in=cast.get(TABLE, 0))
    return replace(now, table=replace(now.table, round=round_))


def _boards_to_mind(
    session: Session, live_session: SessionRow, now: SessionNow
) -> tuple[Board, ...]:
    """Return the boards, each with a warning where it may name somebody."""
    names = names_in_team(session, live_session.team_id)
    return tuple(replace(board, warning=doubt_of(board.text, names)) for board in now.boards)


def _participant(
    session: Session, live_session: SessionRow, token: str | None
) -> Row[Any, Any, Any] | None:
    if token is None:
        return None
    params = {"session_id": live_session.id, "token_hash": token_hash(token)}
    # here and below on the connection itself: of a phone's page it spares a sixth, 300 at a time
    return session.connection().execute(_PARTICIPANT, params).first()


def _voted(
    session: Session,
    live_session: SessionRow,
    participant: Row[Any, Any, Any] | None,
    token: str | None,
    step: StepNow | None,
) -> frozenset[int]:
    """Return in which votes a participant's envelope waits; of stellingen in that of this step."""
    if participant is None or token is None:
        return frozenset()
    here = step.script.opens if step else None
    params = {"voter": voter_of(participant.id, token, here or 0), "session_id": live_session.id}
    return frozenset(session.connection().execute(_VOTED, params).scalars())


def _candidates(
    session: Session, live_session: SessionRow, user_id: int
) -> tuple[tuple[int, str], ...]:
    if user_id != live_session.begeleider_id:
        return ()
    return other_begeleiders(session, user_id=user_id, team_id=live_session.team_id)


def _repeat_to_come(
    session: Session, live_session: SessionRow, now: SessionNow, today: date
) -> Repeat | None:
    """Return that there will be no figures, until the vote; of a plan on its own day.

    Of stellingen in the step of each.
    """
    if now.case.items:
        here = None
        if now.step:
            here = now.step.vote
        vote = now.round(here or 0)
        if vote is None or not (vote.is_draft or vote.is_open):
            return None
        return repeat_of(session, live_session, subject_of(live_session, vote.number), today)
    if not _has_vote_to_come(now):
        return None
    day = today
    if now.state == SessionState.PLANNED:
        day = max(today, live_session.planned_for or today)
    return repeat_of(session, live_session, live_session.dilemma, day)


def _has_vote_to_come(now: SessionNow) -> bool:
    """Whether the first vote is still to be closed."""
    if now.state == SessionState.PLANNED:
        return now.script.votes_at(1) is not None
    first = now.round(1)
    return first is not None and (first.is_draft or first.is_open) and now.lets_in


def _uses_turn(session: Session, live_session: SessionRow, voter: Voter) -> bool:
    """Whether a reveal of this session would use up the person's own turn."""
    is_over = live_session.state not in NOT_OVER
    shows_none = live_session.rehearsal or live_session.without_phones or is_over
    if shows_none or not has_daily_figures(live_session):
        return False
    turn = turn_of(session, voter, live_session.dilemma, live_session.edition)
    return turn == Turn.NONE
