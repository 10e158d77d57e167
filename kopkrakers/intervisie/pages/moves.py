"""The moves and buttons that the regie has now. No database."""

from collections.abc import Collection, Sequence

from kopkrakers.intervisie.pages.buttons import Button, ButtonKind, Controls
from kopkrakers.intervisie.pages.shown.rounds import RoundNow, StepNow
from kopkrakers.intervisie.pages.shown.views import Move, RegieView, SessionNow
from kopkrakers.intervisie.session.states import SessionState
from kopkrakers.intervisie.session.verdicts import price_of_closing
from kopkrakers.intervisie.werkvormen.reading import (
    FIRST_CHAPTER,
    FIRST_STELLING,
    TABLE,
    Action,
    WerkvormStep,
    is_chapter,
    is_stelling,
    vote_before,
)

AGREEMENTS_FORM = "afspraken-vorm"
"""The form with boards and werkafspraken, whose fields go along with a step and with the end."""

COUNTING = "De stemmen worden geteld. Dat duurt een tel."
STILL_COUNTING = "De stemmen worden nog geteld. Praat gerust verder, de redenen komen vanzelf."
NO_BOX_YET = "De stembus wordt klaargezet. Dat duurt een paar tellen."
ALL_WROTE = "Iedereen is klaar."
COUNT_FIRST = (
    "Vraag: klopt het aantal? {count.agreed} van {count.needed} telefoons zeiden ja. Daarna kun je "
    "openen."
)
ONLY_WATCH = "Wie na het openen binnenkomt, kan alleen meekijken."
LATER_ITEMS = "Wie na het openen binnenkomt, doet mee vanaf de volgende stelling."
ALL_VOTED = "Iedereen stemde."
NOT_UNDONE = "Iedereen ziet de cijfers dan meteen."
WAY_BACK_STAYS = "Wat je bij de afspraken typte, gaat mee. Vijf minuten kun je nog terug."
FIGURES_STAY_CLOSED = "De cijfers blijven dicht, ook voor jou, tot je ze onthult."

_BEFORE = {
    SessionState.PLANNED: frozenset({Move.OPEN_LOBBY, Move.CANCEL}),
    SessionState.LOBBY: frozenset({Move.START, Move.CANCEL}),
}
OPENS = {
    Move.OPEN_1: 1,
    Move.OPEN_2: 2,
    Move.OPEN_TABLE: TABLE,
    Move.OPEN_STELLING: FIRST_STELLING,
    Move.OPEN_CHAPTER: FIRST_CHAPTER,
}
WITHDRAWS = {
    Move.WITHDRAW_1: 1,
    Move.WITHDRAW_2: 2,
    Move.WITHDRAW_TABLE: TABLE,
    Move.WITHDRAW_STELLING: FIRST_STELLING,
    Move.WITHDRAW_CHAPTER: FIRST_CHAPTER,
}
CLOSES = {
    Move.CLOSE_1: 1,
    Move.CLOSE_2: 2,
    Move.CLOSE_TABLE: TABLE,
    Move.CLOSE_STELLING: FIRST_STELLING,
    Move.CLOSE_CHAPTER: FIRST_CHAPTER,
}
SHOWS = {Move.REVEAL_1: 1, Move.REVEAL_2: 2, Move.REVEAL_STELLING: FIRST_STELLING}
"""The vote that a move is about; of stellingen and chapters the first stands for the step's own."""
# an open vote comes first: while it is open, nothing else can happen
_LEADING_ON = (*CLOSES, *OPENS, *SHOWS, Move.NEXT)
"""The first of these that is allowed has the large button."""


def moves_now(now: SessionNow) -> frozenset[Move]:
    """Return what the begeleider may do now; the services refuse the rest."""
    step = now.step
    if step is None:
        return _BEFORE.get(now.state, frozenset())
    moves = {Move.END}
    for round_ in now.all_rounds:
        moves |= _moves_of_round(now, step, round_)
    # who walks on past an open vote would talk about it while others still vote
    if now.open_round:
        return frozenset(moves)
    if step.index > 0:
        moves.add(Move.PREVIOUS)
    if step.number < step.of:
        moves.add(Move.NEXT)
    return frozenset(moves)


def vote_here(now: SessionNow) -> RoundNow | None:
    """Return the vote that belongs to this step: cast here, or revealed here."""
    if now.step is None:
        return None
    return now.round(now.step.vote or 0)


def controls_of(now: SessionNow, moves: frozenset[Move], *, box_ready: bool) -> Controls:
    """Return the buttons of the running step, the one that leads on first."""
    step = now.step
    if step is None:
        return Controls()
    steps = now.script.stappen
    large = _large_move(now, moves, step)
    others = _other_buttons(moves - {large}, step, steps)
    if large in OPENS and not box_ready:
        return Controls(others=others, wait=NO_BOX_YET)
    # who comes in after the table can still vote, so it waits for nobody
    if large in (Move.OPEN_1, Move.OPEN_STELLING) and now.asks_for_heads:
        return Controls(others=others, wait=COUNT_FIRST.format(count=now.count))
    if large is None:
        return Controls(wait=COUNTING, others=others)
    button = _large_button(large, now, step, steps)
    if now.is_counting:
        vote = vote_here(now)
        if vote is not None and vote.is_closing:
            return Controls(wait=COUNTING, later=button, others=others)
        return Controls(button, others, wait=STILL_COUNTING)
    return Controls(button, others, ends=large == Move.END)


def work_of(view: RegieView) -> tuple[str, str] | None:
    """Return where on the regie the begeleider works in this step, and the words of a link there.

    None where the buttons are all there is.
    """
    now, step = view.now, view.now.step
    if step is None:
        return None
    places = (
        (view.looks_back_here, "terugblik", "Naar de afspraken van vorige keer"),
        (now.table_here and view.rows, "tabel", "Naar de rijen"),
        (step.action == Action.ARGUMENTS and view.reasons, "redenen", "Naar de redenen"),
        (view.board, "bord", "Naar het bord"),
        (step.writes_agreements, "afspraken", "Naar de werkafspraken"),
    )
    for is_here, place, words in places:
        if is_here:
            return place, words
    return None


def _moves_of_round(now: SessionNow, step: StepNow, round_: RoundNow) -> set[Move]:
    """Return the move that a vote allows now, if it does: it is opened, closed or revealed."""
    if round_.is_draft and _may_open(now, step, round_):
        return _about(OPENS, round_)
    if round_.is_open:
        moves = _about(CLOSES, round_)
        if round_.votes_in == 0:
            # who voted cannot vote again, so from the first vote on it can only be closed
            moves |= _about(WITHDRAWS, round_)
        return moves
    if round_.is_closed and _may_reveal(now, step, round_):
        return _about(SHOWS, round_)
    return set()


def _about(moves: dict[Move, int], round_: RoundNow) -> set[Move]:
    """Return the one of these moves that is about a vote."""
    kind = round_.number
    if is_stelling(kind):
        kind = FIRST_STELLING
    elif is_chapter(kind):
        kind = FIRST_CHAPTER
    of_kind = set()
    for move, number in moves.items():
        if number == kind:
            of_kind.add(move)
    return of_kind


def _number(kind: int, step: StepNow) -> int:
    """Return the vote that a move is about in this step."""
    if is_stelling(kind) or is_chapter(kind):
        return step.vote or kind
    return kind


def _may_open(now: SessionNow, step: StepNow, round_: RoundNow) -> bool:
    """Whether this is the vote's own step; the second also waits until the first was counted.

    After a chapter it waits for the vote before, and comes no more once figures were shown.
    """
    if round_.number == TABLE:
        return bool(step.script.tabel)
    if step.script.opens != round_.number:
        return False
    if is_chapter(round_.number):
        before = now.round(vote_before(round_.number))
        return before is not None and before.is_closed
    first = now.round(1)
    return not round_.is_second or (first is not None and (first.is_closed or first.is_revealed))


def _may_reveal(now: SessionNow, step: StepNow, round_: RoundNow) -> bool:
    """Whether the arguments were heard; the second also waits until the first was revealed.

    A stelling is revealed in its own step; the votes after chapters come with the first.
    """
    if is_stelling(round_.number):
        return step.script.reveals == round_.number
    if round_.number == TABLE or is_chapter(round_.number):
        return False
    if any(is_chapter(one.number) and one.is_closing for one in now.rounds):
        return False
    if step.index < now.script.reveals_at(round_.number):
        return False
    return not round_.is_second or now.first_is_revealed


def _large_move(now: SessionNow, moves: frozenset[Move], step: StepNow) -> Move | None:
    """Return the move that leads on. A reveal does so only in a step that is made for it.

    The end leads on from the last step alone, and never while votes are being counted.
    """
    for move in _LEADING_ON:
        comes_late = move in SHOWS and step.script.reveals is None
        if move in moves and not comes_late:
            return move
    if step.number == step.of and not now.is_counting:
        return Move.END
    return None


def _large_button(
    move: Move, now: SessionNow, step: StepNow, steps: Sequence[WerkvormStep]
) -> Button:
    if move in OPENS:
        return _open_button(_number(OPENS[move], step), now)
    if move in CLOSES:
        return _close_button(_number(CLOSES[move], step), now)
    if move in SHOWS:
        fields = {"stemming": _number(SHOWS[move], step)}
        label = "Onthul de cijfers"
        return Button(label, "regie.reveal_round", fields, note=NOT_UNDONE, stays=True)
    vote, note = vote_here(now), ""
    if step.is_vote and vote is not None and vote.is_closed:
        note = FIGURES_STAY_CLOSED
    if move == Move.NEXT:
        label = f"Volgende stap: {steps[step.number].titel}"
        return _step_button(label, step.index + 1, note=note)
    label = "Rond af en maak het verslag"
    if now.rehearsal:
        # a rehearsal leaves no report
        label = "Rond af"
    return Button(
        label, "regie.end", {}, note=note or WAY_BACK_STAYS, form=AGREEMENTS_FORM, stays=True
    )


def _step_button(
    label: str, to: int, kind: ButtonKind = ButtonKind.PRIMARY, *, note: str = ""
) -> Button:
    """Return a button to another step. The form that it sends says from which."""
    return Button(label, "regie.move", {"naar": to}, kind, note=note, form=AGREEMENTS_FORM)


def _open_button(number: int, now: SessionNow) -> Button:
    warning = ""
    if number == TABLE:
        return Button("Laat iedereen schrijven", "regie.open_round", {"stemming": number})
    if not now.roster_locked:
        if is_stelling(number):
            late = LATER_ITEMS
        else:
            late = ONLY_WATCH
        warning = f"Klopt het aantal van {now.heads}? {late}"
    return Button("Open de stemming", "regie.open_round", {"stemming": number}, warning=warning)


def _close_button(number: int, now: SessionNow) -> Button:
    votes = {round_.number: round_.votes_in or 0 for round_ in now.all_rounds}
    price = price_of_closing(number, votes=votes, heads=now.heads, numbers=votes)
    fields = {"stemming": number}
    label, all_in = "Sluit de stemming", ALL_VOTED
    if number == TABLE:
        label, all_in = "Haal de tabel op", ALL_WROTE
    return Button(label, "regie.close_round", fields, note=price or all_in, stays=True)


def _other_buttons(
    moves: Collection[Move], step: StepNow, steps: Sequence[WerkvormStep]
) -> tuple[Button, ...]:
    """Return the ways around the button that leads on."""
    buttons = []
    for move, number in WITHDRAWS.items():
        if move in moves:
            label, fields = "Toch nog even dicht", {"stemming": _number(number, step)}
            buttons.append(Button(label, "regie.withdraw_round", fields, ButtonKind.SECONDARY))
    if Move.NEXT in moves:
        verb = "Ga verder zonder dit"
        if step.script.overslaan:
            verb = "Sla deze stap over"
        label = f"{verb}, naar: {steps[step.number].titel}"
        buttons.append(_step_button(label, step.index + 1, ButtonKind.SECONDARY))
    for move, number in SHOWS.items():
        if move in moves and not is_stelling(number):
            label, fields = f"Onthul alsnog stemming {number}", {"stemming": number}
            buttons.append(Button(label, "regie.reveal_round", fields, ButtonKind.SECONDARY))
    if Move.PREVIOUS in moves:
        label = f"Terug naar: {steps[step.index - 1].titel}"
        buttons.append(_step_button(label, step.index - 1, ButtonKind.SUBTLE))
    return tuple(buttons)
