"""Another begeleider of the team takes the regie over, at any time; who led can take it back."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlmodel import Session

from kopkrakers.accounts.models import USER
from kopkrakers.accounts.service import own_team, teams_of
from kopkrakers.base.errors import NotYours, TooLate
from kopkrakers.base.keys import Keys
from kopkrakers.intervisie.session.cases import has_daily_figures, plain_case
from kopkrakers.intervisie.session.figures import guests_of, use_turns
from kopkrakers.intervisie.session.states import RoundState
from kopkrakers.intervisie.session.store import (
    LIVE_SESSION,
    NOT_OVER,
    OVER,
    SessionRow,
    any_round_in,
    find,
    in_state,
    must_touch,
    rounds_of,
    script_of,
)

OTHER_LEADS = "Iemand anders nam de regie net al over. Kijk wie er nu begeleidt."


@dataclass(frozen=True)
class TakingOver:
    """The facts to show a begeleider before they take a session over.

    `leader_id`: who leads it as the page shows it. `asks_for_vote`: the first vote may hold theirs.
    `uses_turn`: the result was revealed, and the regie shows the figures of the day.
    """

    code: str
    title: str
    leader: str
    leader_id: int
    asks_for_vote: bool
    uses_turn: bool


def question_of(session: Session, *, code: str, user_id: int) -> TakingOver | None:
    """Return what to ask before a session is taken over; None for whoever leads it already.

    Raises: NotYours for a session of another team, or a rehearsal; TooLate once it is over.
    """
    live_session = _to_take_over(session, code, user_id)
    if live_session.state not in NOT_OVER:
        raise TooLate(OVER)
    if leads(live_session, user_id):
        return None
    return TakingOver(
        code=live_session.code,
        title=plain_case(live_session).title,
        leader=name_of(session, live_session.begeleider_id),
        leader_id=live_session.begeleider_id,
        asks_for_vote=may_have_voted(live_session),
        uses_turn=has_daily_figures(live_session) and _is_revealed(session, live_session),
    )


def take_over(
    session: Session,
    *,
    code: str,
    user_id: int,
    leader_id: int,
    votes_along: bool,
    turn_keys: Keys,
) -> None:
    """Lead a session in place of its begeleider; a second time changes nothing.

    `leader_id`: who led it when it was asked; of two who take it over at once, one does.
    `votes_along`: they vote, or voted, on a phone in this session.
    Raises: as `question_of`, and TooLate when somebody else leads it by now.
    """
    live_session = _to_take_over(session, code, user_id)
    if leads(live_session, user_id):
        return
    as_asked = LIVE_SESSION.c.begeleider_id == leader_id
    sentence = OTHER_LEADS
    if live_session.state not in NOT_OVER:
        sentence = OVER
    # the one who led may take it back, so it is kept who that was
    values = {"begeleider_id": user_id, "former_id": leader_id}
    must_touch(session, live_session, sentence, in_state(*NOT_OVER), as_asked, **values)
    # read again: the row as it was locked
    live_session = find(session, code)
    votes = votes_of(session, live_session, user_id, votes_along=votes_along)
    change = update(LIVE_SESSION).where(LIVE_SESSION.c.id == live_session.id)
    session.execute(change.values(begeleider_votes=votes))
    # the regie shows figures after a reveal, so seeing it then uses up the turn
    if _is_revealed(session, live_session):
        use_turns(session, live_session, [user_id], turn_keys)


def leads(live_session: SessionRow, user_id: int) -> bool:
    """Whether this person is a begeleider of the session now."""
    return user_id in (live_session.begeleider_id, live_session.second_id)


def name_of(session: Session, user_id: int) -> str:
    """Return somebody's name as it is told to colleagues."""
    name = session.execute(select(USER.c.name).where(USER.c.id == user_id)).scalar()
    return name or "Een collega"


def leader_of(session: Session, code: str) -> str:
    """Return the name of whoever leads a session."""
    return name_of(session, find(session, code).begeleider_id)


def _to_take_over(session: Session, code: str, user_id: int) -> SessionRow:
    live_session = find(session, code)
    own_team(teams_of(session, user_id), live_session.team_id)
    # who rehearses may make mistakes without colleagues looking in
    if live_session.rehearsal and not leads(live_session, user_id):
        raise NotYours("Dit is een oefening van een collega. Die neem je niet over.")
    return live_session


# D-98
def votes_of(
    session: Session, live_session: SessionRow, user_id: int, *, votes_along: bool
) -> bool | None:
    """Return whether a begeleider votes unseen, now that one more person leads.

    `votes_along`: what that person answered.

    Once it is so it stays so. Before the first vote it is asked of the new one too.
    """
    if live_session.begeleider_votes or live_session.rehearsal:
        return bool(live_session.begeleider_votes)
    if not live_session.roster_locked:
        return None
    # who joined signed in has a phone in the session, whatever they answer now
    if votes_along or user_id in guests_of(session, live_session):
        return True
    answer: bool | None = live_session.begeleider_votes
    return answer


def may_have_voted(live_session: SessionRow) -> bool:
    """Whether a phone that nobody knows to be theirs may hold the vote of whoever comes to lead."""
    has_vote = script_of(live_session).has_vote
    return bool(has_vote and live_session.roster_locked and not live_session.begeleider_votes)


def _is_revealed(session: Session, live_session: SessionRow) -> bool:
    rounds = rounds_of(session, live_session.id).values()
    return any_round_in(rounds, RoundState.REVEALED)
