"""Which buttons the regie has and which page a phone gets. No database."""

from collections.abc import Collection

from kopkrakers.intervisie.pages.views import Move, PhonePage, RoundNow, SessionNow
from kopkrakers.intervisie.session.states import RoundState, SessionState
from kopkrakers.intervisie.werkvormen.reading import REVEALS, VOTES, Action, werkvormen

ON_PHONE = {
    PhonePage.JOIN: "Doe mee met je telefoon. Je hebt geen account nodig.",
    PhonePage.LOBBY: "Je bent binnen. Wacht op de begeleider.",
    PhonePage.STEP: "Kijk op het scherm. Je telefoon heb je nu niet nodig.",
    PhonePage.VOTE: "De stemming is open. Kies zelf, zonder te overleggen.",
    PhonePage.VOTED: "Je stem is binnen. Wacht tot iedereen klaar is.",
    PhonePage.CLOSED: "De stemming is dicht. De cijfers komen later.",
    PhonePage.RESULT: "Dit kozen jullie.",
    PhonePage.ENDED: "De sessie is afgelopen. Je stem en je reden zijn gewist.",
    PhonePage.CANCELLED: "Deze sessie gaat niet door.",
}
"""What is going on, per page."""
WAIT = "De stemming gaat zo open. Wacht op de begeleider."
WATCHING = "De stemming is open. Jij kwam later binnen en kijkt mee."
LATE = "De stemming is al begonnen. Je kunt nog meekijken."
NOT_YET = "De sessie is nog niet open. Blijf hier, of kom straks terug."
_BEFORE = {
    SessionState.PLANNED: frozenset({Move.OPEN_LOBBY, Move.CANCEL}),
    SessionState.LOBBY: frozenset({Move.START, Move.CANCEL}),
}
_OPEN = {1: Move.OPEN_1, 2: Move.OPEN_2}
_CLOSE = {1: Move.CLOSE_1, 2: Move.CLOSE_2}
_REVEAL = {1: Move.REVEAL_1, 2: Move.REVEAL_2}


def moves_now(now: SessionNow) -> frozenset[Move]:
    """What the begeleider may do now; the service refuses the rest."""
    if now.step is None:
        return _BEFORE.get(now.state, frozenset())
    moves = {Move.END}
    for round_ in now.rounds:
        moves |= _moves_of(now, round_)
    if not any(round_.state in (RoundState.OPEN, RoundState.CLOSING) for round_ in now.rounds):
        moves |= {Move.PREVIOUS} if now.step.index else set()
        moves |= {Move.NEXT} if now.step.number < now.step.of else set()
    return frozenset(moves)


def _moves_of(now: SessionNow, round_: RoundNow) -> set[Move]:
    assert now.step is not None
    first = now.round(1)
    if round_.state == RoundState.DRAFT and VOTES.get(now.step.action) == round_.number:
        counted = first is not None and first.state in (RoundState.CLOSED, RoundState.REVEALED)
        return {_OPEN[round_.number]} if round_.number == 1 or counted else set()
    if round_.state == RoundState.OPEN:
        return {_CLOSE[round_.number]}
    if round_.state == RoundState.CLOSED and now.step.index >= werkvormen()[
        now.werkvorm
    ].reveals_at(round_.number):
        shown = round_.number == 1 or (first is not None and first.state == RoundState.REVEALED)
        return {_REVEAL[round_.number]} if shown else set()
    return set()


def phone_page(
    now: SessionNow, *, came_in: bool, watches: bool, voted: Collection[int]
) -> PhonePage:
    """Which small template a phone gets."""
    if now.state == SessionState.CANCELLED:
        return PhonePage.CANCELLED
    if now.state == SessionState.ENDED:
        return PhonePage.ENDED
    if now.step is None:
        return PhonePage.LOBBY if came_in or now.state == SessionState.PLANNED else PhonePage.JOIN
    if not came_in:
        return PhonePage.JOIN
    vote = now.round(VOTES.get(now.step.action, 0))
    if vote is not None and vote.state != RoundState.DRAFT:
        return _page_of_vote(vote, watches=watches, voted=voted)
    shown = now.round(REVEALS.get(now.step.action, 0))
    return (
        PhonePage.RESULT
        if shown is not None and shown.state == RoundState.REVEALED
        else PhonePage.STEP
    )


def _page_of_vote(vote: RoundNow, *, watches: bool, voted: Collection[int]) -> PhonePage:
    if vote.state == RoundState.REVEALED:
        return PhonePage.RESULT
    if vote.state != RoundState.OPEN:
        return PhonePage.CLOSED
    if watches:
        return PhonePage.STEP
    return PhonePage.VOTED if vote.number in voted else PhonePage.VOTE


def phone_sentence(now: SessionNow, page: PhonePage, *, watches: bool) -> str:
    """What a phone says is going on."""
    if now.state == SessionState.PLANNED:
        return NOT_YET
    if page == PhonePage.JOIN and now.roster_locked:
        return LATE
    if (
        page == PhonePage.STEP
        and now.step is not None
        and now.step.action in (Action.VOTE, Action.REVOTE)
    ):
        return WATCHING if watches and now.open_round else WAIT
    return ON_PHONE[page]
