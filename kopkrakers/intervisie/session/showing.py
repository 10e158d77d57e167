"""Put something beside the step on the scherm, and decide who may vote and watch along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import Session

from kopkrakers.base.errors import WrongInput
from kopkrakers.catalogue.cards.card import Knowledge
from kopkrakers.catalogue.library import Library
from kopkrakers.intervisie.session.cases import Case, full_case
from kopkrakers.intervisie.session.states import ReasonState, SessionState
from kopkrakers.intervisie.session.store import (
    LIVE_SESSION,
    ONGOING,
    THE_STEP,
    in_state,
    led_by,
    must_touch,
    projected_by,
    script_of,
)
from kopkrakers.intervisie.session.texts.boards import Board, boards_of, pieces_of, written
from kopkrakers.intervisie.session.texts.reasons import let_through, reasons_of

STORY, CODE, TABLE_KEY = "verhaal", "code", "tabel"
NOT_RUNNING = "Dat kan alleen terwijl de sessie loopt."
LOCKED = "De eerste stemming is al geopend. Dit staat nu vast."


@dataclass(frozen=True)
class Exhibit:
    """Something that can be put on the scherm, by its key.

    A question has no `heading`; knowledge has an `item`, whose source goes along; `board`: what the
    group wrote; `is_reason`: one of the reasons, by itself and large.
    """

    key: str
    text: str = ""
    heading: str = ""
    item: Knowledge | None = None
    board: Board | None = None
    is_reason: bool = False

    @property
    def pieces(self) -> tuple[str, ...]:
        """Return the text in pieces that a page of the scherm can hold."""
        return tuple(pieces_of(self.text))


def questions_of(case: Case) -> tuple[Exhibit, ...]:
    """Return the questions that the card has for a conversation, or those after each stelling."""
    questions = [item.question for item in case.items]
    if case.card:
        questions = list(case.card.questions)
    return tuple(Exhibit(f"vraag-{n}", text) for n, text in enumerate(questions, start=1))


def knowledge_of(case: Case) -> tuple[Exhibit, ...]:
    """Return what research, the law and clients say about the case."""
    if case.card is None:
        return ()
    groups = (
        ("onderzoek", "Onderzoek", case.card.research),
        ("wet", "Wet en regels", case.card.law),
        ("client", "Cliënt", case.card.client),
    )
    exhibits = []
    for kind, heading, items in groups:
        for n, item in enumerate(items, start=1):
            exhibits.append(Exhibit(f"{kind}-{n}", item.text, heading, item))
    return tuple(exhibits)


def exhibit_of(
    case: Case,
    boards: Sequence[Board],
    columns: Sequence[str],
    reasons: Mapping[str, str],
    key: str | None,
) -> Exhibit | None:
    """Return what has this key in this session; None for nothing, or for what it does not have.

    `reasons`: by key, those that may be read.
    """
    if not key:
        return None
    exhibits = [Exhibit(STORY), Exhibit(CODE), *questions_of(case), *knowledge_of(case)]
    for board in written(boards):
        exhibits.append(Exhibit(board.key, board=board))
    if columns:
        exhibits.append(Exhibit(TABLE_KEY))
    for place, text in reasons.items():
        exhibits.append(Exhibit(place, text, "Een reden", is_reason=True))
    # the key comes from a form: what is not of this session is not found
    for exhibit in exhibits:
        if exhibit.key == key:
            return exhibit
    return None


def show(session: Session, library: Library, *, code: str, user_id: int, key: str) -> None:
    """Put something on the scherm until the next step, or with an empty key the step itself again.

    A reason that waited is let through by it; one that was put away has to be taken back first.
    Raises: TooLate when the session is not running; WrongInput for what the case does not have.
    """
    live_session = led_by(session, code, user_id)
    case, boards = full_case(session, library, live_session), boards_of(session, live_session)
    columns = script_of(live_session).columns
    running = in_state(SessionState.RUNNING)
    shown = {**THE_STEP, "on_screen": key or None}
    must_touch(session, live_session, NOT_RUNNING, running, **shown)
    # read once the session is locked: nobody puts the reason away in between
    reasons = reasons_of(session, live_session)
    at_hand = {}
    for one in reasons:
        if one.state != ReasonState.DROPPED:
            at_hand[one.key] = one.text
    if key and exhibit_of(case, boards, columns, at_hand, key) is None:
        raise WrongInput("Dat hoort niet bij deze sessie, of er staat nog niets op.")
    let_through(session, live_session, key)


def turn_leaf(session: Session, *, code: str, user_id: int, by: int) -> None:
    """Turn a page of what is too long for the scherm, on or back.

    Raises: TooLate when the session is not going on.
    """
    live_session = led_by(session, code, user_id)
    leaf = LIVE_SESSION.c.leaf + by
    must_touch(session, live_session, NOT_RUNNING, in_state(*ONGOING), leaf=leaf)


def count_leaves(session: Session, *, code: str, user_id: int, leaves: int, version: int) -> None:
    """Note on how many pages a scherm shows the step, if that is more than is known.

    `version`: of what that scherm shows; it tells again when something else is shown by now. No
    page but the regie shows it, so the version stays and no phone asks.
    """
    live_session = projected_by(session, code, user_id)
    change = update(LIVE_SESSION).where(
        LIVE_SESSION.c.id == live_session.id,
        LIVE_SESSION.c.version == version,
        LIVE_SESSION.c.leaves < leaves,
    )
    # without raising the version: hundreds of phones would ask for a page that did not change
    session.execute(change.values(leaves=leaves))


def admit_watchers(session: Session, *, code: str, user_id: int, welcome: bool) -> None:
    """Let those watch who come too late to vote, or not. Who watches already goes on.

    Raises: TooLate when the session is over.
    """
    live_session = led_by(session, code, user_id)
    must_touch(session, live_session, NOT_RUNNING, in_state(*ONGOING), watchable=welcome)


def begeleider_votes(session: Session, *, code: str, user_id: int, votes: bool) -> None:
    """Say whether a begeleider votes on a phone that nobody knows to be theirs.

    Their own vote does not help the group to its figures: `verdicts.first_verdict`.
    Raises: TooLate once the first vote was opened.
    """
    live_session = led_by(session, code, user_id)
    unlocked = LIVE_SESSION.c.roster_locked.is_(False)
    must_touch(session, live_session, LOCKED, in_state(*ONGOING), unlocked, begeleider_votes=votes)
