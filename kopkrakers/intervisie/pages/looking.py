"""What regie, scherm, phone and team page see of a session at this moment. Reads only; writes nothing."""

from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.accounts.rules import token_hash
from kopkrakers.accounts.service import own_team, teams_of
from kopkrakers.answers.service import Turn, turn_of
from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.catalogue.library import Library
from kopkrakers.intervisie.pages.memory import PageMemory
from kopkrakers.intervisie.pages.moves import moves_now, phone_page, phone_sentence
from kopkrakers.intervisie.pages.views import (
    AgreementLine,
    PhonePage,
    PhoneView,
    ReasonLine,
    RegieView,
    RoundNow,
    ScreenView,
    SessionLine,
    SessionNow,
    StepNow,
    TeamSessions,
)
from kopkrakers.intervisie.session.cases import full_case, plain_case
from kopkrakers.intervisie.session.figures import session_figures, team_name
from kopkrakers.intervisie.session.planning import leads_of, seconds
from kopkrakers.intervisie.session.reports import (
    agreements_of,
    last_agreements,
    reports_of,
    session_totals,
    words_of,
)
from kopkrakers.intervisie.session.states import ReasonState, RoundState, SessionState, Verdict
from kopkrakers.intervisie.session.store import (
    LIVE_SESSION,
    PARTICIPANT,
    REASON,
    SessionRow,
    box_is_ready,
    find,
    led_by,
    regie_mark,
    rounds_of,
)
from kopkrakers.intervisie.session.verdicts import WAYS_ON
from kopkrakers.intervisie.werkvormen.reading import VOTES, werkvormen

_HEADS = select(func.count()).where(
    PARTICIPANT.c.session_id == bindparam("session_id"), PARTICIPANT.c.watches.is_(False)
)
_REASONS = (
    select(REASON.c.id, REASON.c.text, REASON.c.state, REASON.c.round)
    .where(REASON.c.session_id == bindparam("session_id"))
    .order_by(REASON.c.round, REASON.c.id)
)
_VOTES_IN = (
    select(ENVELOPE.c.edition, func.count().label("n"))
    .where(ENVELOPE.c.subject == bindparam("session_id"))
    .group_by(ENVELOPE.c.edition)
)
_WHO = select(PARTICIPANT.c.id, PARTICIPANT.c.watches).where(
    PARTICIPANT.c.session_id == bindparam("session_id"),
    PARTICIPANT.c.token_hash == bindparam("token_hash"),
)
_VOTED = select(ENVELOPE.c.edition).where(
    ENVELOPE.c.voter == bindparam("voter"), ENVELOPE.c.subject == bindparam("session_id")
)
_OF_TEAM = (
    select(LIVE_SESSION)
    .where(
        LIVE_SESSION.c.team_id == bindparam("team_id"),
        LIVE_SESSION.c.state.in_(("planned", "lobby", "running")),
    )
    .order_by(LIVE_SESSION.c.planned_for, LIVE_SESSION.c.code)
)
ON_SCREEN = (ReasonState.SHOWN, ReasonState.KEPT)


def regie(
    session: Session, library: Library, memory: PageMemory, *, code: str, user_id: int
) -> RegieView:
    """The begeleider's page. Its mark is read first: what comes in meanwhile is then shown at the next question.

    Raises: NotYours for who does not lead this session.
    """
    seen = regie_mark(session, code) or ""
    live_session = led_by(session, code, user_id)
    now = read_session(session, library, memory, live_session)
    votes = {
        row.edition: row.n
        for row in session.connection().execute(_VOTES_IN, {"session_id": live_session.id})
    }
    rounds = tuple(replace(round_, votes_in=votes.get(round_.number, 0)) for round_ in now.rounds)
    ready = box_is_ready(session, live_session.id)
    return RegieView(
        now=replace(now, rounds=rounds),
        seen=seen,
        moves=moves_now(now),
        reasons=_reasons(session, live_session, *ReasonState),
        box_ready=ready,
        uses_turn=_uses_turn(session, live_session, user_id),
        leads=leads_of(session, live_session),
        second_id=live_session.second_id,
        seconds=seconds(session, user_id=user_id, team_id=live_session.team_id)
        if user_id == live_session.begeleider_id
        else (),
        planned_for=live_session.planned_for,
        look_back=last_agreements(session, live_session.team_id),
        steps=werkvormen()[live_session.werkvorm].stappen,
    )


def screen(
    session: Session, library: Library, memory: PageMemory, *, code: str, user_id: int
) -> ScreenView:
    """The beamer, opened by a begeleider of the session.

    Raises: NotYours for anyone else.
    """
    live_session = led_by(session, code, user_id)
    return ScreenView(
        read_session(session, library, memory, live_session),
        last_agreements(session, live_session.team_id),
    )


def phone(
    session: Session,
    library: Library,
    memory: PageMemory,
    *,
    code: str,
    token: str | None,
    user_id: int | None,
) -> PhoneView:
    """A phone. One that did not join (or is not known any more) sees nothing of the room but how to come in.

    Raises: NotYours for an unknown code.
    """
    live_session = find(session, code)
    who = _who(session, live_session, token)
    voted = _voted(session, live_session, who)
    now = read_session(session, library, memory, live_session)
    watches = who is not None and bool(who.watches)
    page = phone_page(now, came_in=who is not None, watches=watches, voted=voted)
    if page == PhonePage.JOIN:
        now = replace(now, rounds=(), figures=None, reasons=(), agreements=())
    number = VOTES.get(now.step.action) if now.step else None
    return PhoneView(
        now=now,
        page=page,
        sentence=phone_sentence(now, page, watches=watches),
        round=now.round(number) if number else None,
        watches=watches,
        uses_turn=user_id is not None and _uses_turn(session, live_session, user_id),
        voted=voted,
        polls=page not in (PhonePage.ENDED, PhonePage.CANCELLED),
    )


def team_sessions(session: Session, *, user_id: int, team_id: int) -> TeamSessions:
    """Planned and running sessions of one of this person's teams, its reports, and what it agreed last.

    Raises: NotYours for a team of others.
    """
    team = own_team(teams_of(session, user_id), team_id)
    lines = tuple(
        SessionLine(
            code=live_session.code,
            title=plain_case(live_session).title,
            werkvorm_name=werkvormen()[live_session.werkvorm].naam,
            state=SessionState(live_session.state),
            planned_for=live_session.planned_for,
            rehearsal=live_session.rehearsal,
            leads=user_id in (live_session.begeleider_id, live_session.second_id),
        )
        for live_session in session.connection().execute(_OF_TEAM, {"team_id": team.id})
    )
    seen = tuple(line for line in lines if line.leads or not line.rehearsal)
    return TeamSessions(seen, reports_of(session, team.id), last_agreements(session, team.id))


def read_session(
    session: Session, library: Library, memory: PageMemory, live_session: SessionRow
) -> SessionNow:
    """What all pages of a session may show now: of a vote nothing but its state before it is revealed.

    Three hundred phones ask for it at once when something happens: one version is read once, and kept a moment.
    """
    key = (live_session.id, live_session.version)
    now = memory.sessions.get(key)
    if now is None:
        now = _read_session(session, library, live_session)
        memory.sessions.put(key, now)
    return now


def _read_session(session: Session, library: Library, live_session: SessionRow) -> SessionNow:
    case = full_case(session, library, live_session)
    rounds = rounds_of(session, live_session.id)
    revealed = any(round_.state == RoundState.REVEALED for round_ in rounds.values())
    form = werkvormen()[live_session.werkvorm]
    running = live_session.state == SessionState.RUNNING
    return SessionNow(
        code=live_session.code,
        state=SessionState(live_session.state),
        version=live_session.version,
        rehearsal=live_session.rehearsal,
        werkvorm=live_session.werkvorm,
        werkvorm_name=form.naam,
        team=team_name(session, live_session.team_id),
        case=case,
        heads=session.connection().execute(_HEADS, {"session_id": live_session.id}).scalar_one(),
        roster_locked=live_session.roster_locked,
        step=StepNow(live_session.step, len(form.stappen), form.stappen[live_session.step])
        if running
        else None,
        rounds=tuple(
            _round_now(session, live_session, round_, case.option_codes)
            for round_ in rounds.values()
        ),
        figures=session_figures(session, live_session, case) if revealed else None,
        reasons=_reasons(session, live_session, *ON_SCREEN),
        agreements=tuple(
            AgreementLine(row.number, row.text) for row in agreements_of(session, live_session)
        ),
        look_back_on=live_session.look_back_on,
        timer_ends_at=live_session.timer_ends_at,
        report_id=live_session.report_id,
    )


def _round_now(
    session: Session,
    live_session: SessionRow,
    round_: Row[tuple[object, ...]],
    codes: tuple[str, ...],
) -> RoundNow:
    state = RoundState(round_.state)
    verdict = Verdict(round_.verdict) if state == RoundState.REVEALED else Verdict.NONE
    return RoundNow(
        number=round_.number,
        state=state,
        verdict=verdict,
        totals=session_totals(session, live_session.id, round_, codes),
        sentence=words_of(round_),
        way_on=WAYS_ON.get(verdict),
    )


def _reasons(
    session: Session, live_session: SessionRow, *states: ReasonState
) -> tuple[ReasonLine, ...]:
    rows = session.connection().execute(_REASONS, {"session_id": live_session.id})
    lines = (ReasonLine(row.id, row.text, ReasonState(row.state), row.round) for row in rows)
    return tuple(line for line in lines if line.state in states)


def _who(session: Session, live_session: SessionRow, token: str | None) -> Row[Any, Any] | None:
    if token is None:
        return None
    which = {"session_id": live_session.id, "token_hash": token_hash(token)}
    return session.connection().execute(_WHO, which).first()


def _voted(session: Session, live_session: SessionRow, who: Row[Any, Any] | None) -> frozenset[int]:
    if who is None:
        return frozenset()
    which = {"voter": who.id, "session_id": live_session.id}
    return frozenset(session.connection().execute(_VOTED, which).scalars())


def _uses_turn(session: Session, live_session: SessionRow, user_id: int) -> bool:
    if (
        live_session.dilemma is None
        or live_session.rehearsal
        or live_session.state in (SessionState.ENDED, SessionState.CANCELLED)
    ):
        return False
    return turn_of(session, user_id, live_session.dilemma, live_session.edition) == Turn.NONE
