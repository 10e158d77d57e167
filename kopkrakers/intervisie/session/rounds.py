"""Votes: opened, cast blind, closed and revealed; and the round of the table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.accounts.rules import token_hash
from kopkrakers.ballots.boxes import put_in_box
from kopkrakers.base.errors import NotNow, TooLate, WrongInput
from kopkrakers.base.keys import Keys
from kopkrakers.intervisie.session.ballot import ballot_of, padded_of
from kopkrakers.intervisie.session.cases import plain_case
from kopkrakers.intervisie.session.figures import guests_of, use_turns
from kopkrakers.intervisie.session.group.heads import (
    admit_late_comers,
    head_count,
    open_door,
)
from kopkrakers.intervisie.session.group.repeats import (
    note_cracked,
    subject_of,
    withhold_totals,
)
from kopkrakers.intervisie.session.marks import voter_of
from kopkrakers.intervisie.session.rehearsal import pretenders_vote
from kopkrakers.intervisie.session.states import RoundState, SessionState, Verdict
from kopkrakers.intervisie.session.store import (
    LIVE_SESSION,
    PARTICIPANT,
    ROUND,
    THE_STEP,
    SessionRow,
    any_round_in,
    box_is_ready,
    find,
    in_state,
    led_by,
    move_round,
    must_touch,
    rounds_of,
    script_of,
    session_box,
    votes_in,
)
from kopkrakers.intervisie.werkvormen.reading import (
    TABLE,
    has_own_roster,
    is_chapter,
    is_stelling,
    vote_before,
)

NOT_HERE = "Dat kan in deze stap niet (meer). Je ziet nu waar jullie zijn."
COUNT_FIRST = "Vraag eerst of het aantal klopt. Op twee telefoons moet iemand dat zeggen."
NO_BOX = "De stembus staat nog niet klaar. Wacht een paar tellen en probeer het opnieuw."
NOT_OPEN = "Deze stemming is niet (meer) open."
SOMEONE_VOTED = "Er is net gestemd. De stemming blijft open; je kunt haar wel sluiten."
CHAPTER_BEFORE = "De stemming hiervoor is nog niet geteld. Wacht even, of ga een stap terug."
ALREADY_REVEALED = "De cijfers zijn al onthuld. Een nieuw feit kan er nu niet meer bij."
NOT_TO_REVEAL = "Deze uitslag is al onthuld, of nog niet geteld."
UNKNOWN_PHONE = "We kennen deze telefoon niet meer. Je stem is niet verstuurd."
ONLY_WATCHES = "Stemmen kan met deze telefoon niet meer. Meekijken kan wel."
OTHER_OPTIONS = "De werkwijzen zijn net veranderd. Je stem is niet verstuurd. Kies opnieuw."
NOTHING_TO_CHOOSE = "Schrijf eerst twee, drie of vier werkwijzen op. Dat kan op deze pagina."
NO_OPTION = "Kies eerst een werkwijze."
NEXT_TIME = "Deze stemming liep al toen je binnenkwam. Vanaf de volgende stelling doe je mee."
COME_IN_AGAIN = "Doe opnieuw mee: stemmen kan dan nog."

_BALLOT_PAPER = (
    select(PARTICIPANT.c.id, LIVE_SESSION.c.id.label("session_id"))
    .join(LIVE_SESSION, LIVE_SESSION.c.id == PARTICIPANT.c.session_id)
    .join(ROUND, ROUND.c.session_id == LIVE_SESSION.c.id)
    .where(
        LIVE_SESSION.c.code == bindparam("code"),
        LIVE_SESSION.c.state == SessionState.RUNNING,
        LIVE_SESSION.c.wording == bindparam("wording"),
        ROUND.c.number == bindparam("number"),
        ROUND.c.state == RoundState.OPEN,
        PARTICIPANT.c.token_hash == bindparam("token_hash"),
        PARTICIPANT.c.watches.is_(False),
    )
    .with_for_update(read=True, of=ROUND)
)
"""Held until the vote is in its box: closing waits for it."""


def open_round(session: Session, *, code: str, user_id: int, number: int, mac_keys: Keys) -> None:
    """Open a round in its own step. A vote locks the roster; in a rehearsal all vote at once.

    Raises: TooLate in another step, when it was opened before, or for the first one while nobody
    said that the number of phones is right; NotNow while there is no box.
    """
    live_session = led_by(session, code, user_id)
    opens_at = script_of(live_session).votes_at(number)
    here = (in_state(SessionState.RUNNING), LIVE_SESSION.c.step == opens_at)
    # who comes after the table can still vote
    locked = {} if number == TABLE else {"roster_locked": True}
    must_touch(session, live_session, NOT_HERE, *here, **locked, **THE_STEP)
    if is_stelling(number):
        admit_late_comers(session, live_session.id)
    # asked once the session is locked: nobody comes in after the number was said to be right
    if has_own_roster(number) and not head_count(session, live_session).is_agreed:
        raise TooLate(COUNT_FIRST)
    # the two votes are shown beside each other, so a second alone would say nothing
    if number == 2 and not _first_is_counted(session, live_session):
        raise TooLate("Er was nog geen eerste stemming. Ga terug, of sla deze stap over.")
    if is_chapter(number):
        _check_chapter(session, live_session, number)
    if number != TABLE and not plain_case(live_session).can_be_voted_on:
        raise TooLate(NOTHING_TO_CHOOSE)
    if not box_is_ready(session, live_session.id):
        raise NotNow(NO_BOX)
    _must_move(session, live_session, number, RoundState.OPEN, "Deze stemming is al geopend.")
    if live_session.rehearsal:
        pretenders_vote(session, live_session, number, mac_keys)


def withdraw_round(session: Session, *, code: str, user_id: int, number: int) -> None:
    """Take the opening of a vote back while nobody voted.

    With the first vote, and that on a stelling, the door opens again.
    Raises: TooLate when it is not open, or when someone voted.
    """
    live_session = led_by(session, code, user_id)
    must_touch(session, live_session, NOT_HERE, in_state(SessionState.RUNNING))
    _must_move(session, live_session, number, RoundState.DRAFT, NOT_OPEN)
    # asked once the vote is locked: a phone that was voting is in its box by now, or refused
    if votes_in(session, live_session.id).get(number):
        raise TooLate(SOMEONE_VOTED)
    if has_own_roster(number):
        open_door(session, live_session.id)


def close_round(session: Session, *, code: str, user_id: int, number: int) -> None:
    """Close a vote: from here on no ballot goes in, and the counter counts it.

    Raises: TooLate when it is not open (any more).
    """
    live_session = led_by(session, code, user_id)
    must_touch(session, live_session, NOT_HERE, in_state(SessionState.RUNNING))
    _must_move(session, live_session, number, RoundState.CLOSING, "Deze stemming is al dicht.")


def reveal_round(
    session: Session, *, code: str, user_id: int, number: int, turn_keys: Keys, today: date
) -> None:
    """Show the result of a vote, from its own step on: arguments come before numbers.

    With the first come those after the chapters of a card, all at once.

    Uses up the daily turn of both begeleiders and of the signed-in people who joined. Where the
    team saw a result on the same subject within the week before, it has no totals.
    Raises: TooLate before its time, before it is counted, or when it was revealed already.
    """
    if number == TABLE or is_chapter(number):
        raise TooLate(NOT_TO_REVEAL)
    live_session = led_by(session, code, user_id)
    reveals_at = script_of(live_session).reveals_at(number)
    here = LIVE_SESSION.c.step >= reveals_at
    if is_stelling(number):
        here = LIVE_SESSION.c.step == reveals_at
    from_here = (in_state(SessionState.RUNNING), here)
    must_touch(session, live_session, NOT_HERE, *from_here, **THE_STEP)
    rounds = rounds_of(session, live_session.id)
    first = rounds.get(1)
    if number == 2 and (first is None or first.state != RoundState.REVEALED):
        raise TooLate("Onthul eerst wat jullie de eerste keer kozen.")
    _must_move(session, live_session, number, RoundState.REVEALED, NOT_TO_REVEAL)
    chapters = [other for other in rounds if is_chapter(other)]
    _reveal_chapters(session, live_session, [rounds[chapter] for chapter in chapters])
    if _is_repeat(session, live_session, rounds, number, today):
        these = [1, 2, *chapters]
        if is_stelling(number):
            these = [number]
        withhold_totals(session, live_session.id, these)
    # from now on regie and scherm show the figures to begeleiders, and phones to the guests
    viewers = guests_of(session, live_session)
    for leader in (live_session.begeleider_id, live_session.second_id, live_session.former_id):
        if leader is not None:
            viewers.append(leader)
    use_turns(session, live_session, viewers, turn_keys)


@dataclass(frozen=True)
class PhoneVote:
    """A vote as a phone sends it, with the number of the round that it showed.

    `mark`: of the options that it showed; `reason`: as in `ballot_of`.
    """

    number: int
    option: str
    reason: Sequence[str]
    mark: str


def cast_vote(session: Session, *, code: str, token: str, vote: PhoneVote, mac_keys: Keys) -> None:
    """Seal a phone's vote and put it in the session's box.

    The statements are the same whatever was chosen.
    Raises: WrongInput for no option or a long reason; NotYours for an unknown code; TooLate when
    the phone is unknown or only watches, the vote is not open or was cast already; NotNow when
    there is no box.
    """
    live_session = find(session, code)
    case = plain_case(live_session)
    if vote.mark != case.mark:
        raise TooLate(OTHER_OPTIONS)
    if vote.option not in case.option_codes:
        raise WrongInput("Kies eerst een antwoord." if case.items else NO_OPTION, "optie")
    stems = script_of(live_session).stems
    # nothing that somebody writes is known again from one vote in the next
    bare = is_stelling(vote.number) or is_chapter(vote.number)
    ballot = vote.option if bare else ballot_of(vote.option, vote.reason, stems)
    is_in = put_ballot(
        session,
        live_session,
        ballot,
        token=token,
        number=vote.number,
        padded=padded_of(stems),
        mac_keys=mac_keys,
    )
    if not is_in:
        raise TooLate("Je stem was al binnen. De eerste telt.")


def put_ballot(
    session: Session,
    live_session: SessionRow,
    ballot: str,
    *,
    token: str,
    number: int,
    padded: int,
    mac_keys: Keys,
) -> bool:
    """Put a phone's ballot in the session's box. Return False when it was in already.

    Raises: as `cast_vote`.
    """
    # the phone, its right to vote and the open vote in one statement, and held from here on
    params = {
        "code": live_session.code,
        "number": number,
        "token_hash": token_hash(token),
        "wording": live_session.wording,
    }
    paper = session.connection().execute(_BALLOT_PAPER, params).first()
    if paper is None:
        raise _refusal(session, live_session, token, number)
    return put_in_box(
        session,
        session_box(live_session.id),
        voter=voter_of(paper.id, token, number),
        codes=ballot,
        keys=mac_keys,
        edition=number,
        padded=padded,
    )


def _must_move(
    session: Session, live_session: SessionRow, number: int, to: RoundState, sentence: str
) -> None:
    if not move_round(session, live_session.id, number, to):
        raise TooLate(sentence)


def _first_is_counted(session: Session, live_session: SessionRow) -> bool:
    first = rounds_of(session, live_session.id).get(1)
    return first is not None and first.state in (RoundState.CLOSED, RoundState.REVEALED)


def _check_chapter(session: Session, live_session: SessionRow, number: int) -> None:
    """Refuse a chapter out of order, or once figures were shown: those are a fact of their own."""
    rounds = rounds_of(session, live_session.id)
    if rounds[vote_before(number)].state not in (RoundState.CLOSED, RoundState.REVEALED):
        raise TooLate(CHAPTER_BEFORE)
    if rounds[1].state == RoundState.REVEALED:
        raise TooLate(ALREADY_REVEALED)


def _reveal_chapters(
    session: Session, live_session: SessionRow, chapters: Sequence[Row[Any]]
) -> None:
    """Reveal the votes after chapters together with the first; those that were skipped stay away.

    Raises: TooLate while one of them is being counted.
    """
    if any_round_in(chapters, RoundState.CLOSING):
        raise TooLate(NOT_TO_REVEAL)
    for chapter in chapters:
        move_round(session, live_session.id, chapter.number, RoundState.REVEALED)


def _is_repeat(
    session: Session,
    live_session: SessionRow,
    rounds: Mapping[int, Row[Any]],
    number: int,
    today: date,
) -> bool:
    """Whether another session showed this team its totals, or could have, since this was counted.

    The first vote is noted, and each stelling; the second vote goes with the first. Of fewer than
    five nothing was told.
    """
    if number == 2:
        return bool(rounds[1].verdict == Verdict.AGAIN)
    verdict = Verdict(rounds[number].verdict)
    if verdict == Verdict.AGAIN:
        return True
    subject = subject_of(live_session, number)
    return verdict != Verdict.FEW and not note_cracked(session, live_session, subject, today)


def _refusal(session: Session, live_session: SessionRow, token: str, number: int) -> Exception:
    """Return why a phone has no ballot paper."""
    this_phone = (
        PARTICIPANT.c.session_id == live_session.id,
        PARTICIPANT.c.token_hash == token_hash(token),
    )
    participant = session.execute(select(PARTICIPANT.c.watches).where(*this_phone)).first()
    if participant is None:
        way = COME_IN_AGAIN
        if live_session.roster_locked:
            way = ONLY_WATCHES
        return TooLate(f"{UNKNOWN_PHONE} {way}")
    if participant.watches and is_stelling(number):
        return TooLate(NEXT_TIME)
    if participant.watches:
        return TooLate("Je kwam na de start binnen. Je kijkt mee, maar stemt niet.")
    round_ = rounds_of(session, live_session.id).get(number)
    if find(session, live_session.code).wording != live_session.wording:
        return TooLate(OTHER_OPTIONS)
    if round_ is None or round_.state == RoundState.DRAFT:
        return TooLate("De stemming is nog niet open. Wacht op de begeleider.")
    if number == TABLE:
        return TooLate("De tabel is dicht. Wat je schreef, is niet verstuurd.")
    return TooLate("De stemming is dicht. Deze stem telt niet meer mee.")
