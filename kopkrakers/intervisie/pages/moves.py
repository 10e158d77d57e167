"""The moves and buttons that the regie has now, and the page that a phone gets. No database."""

from collections.abc import Collection, Sequence

from kopkrakers.intervisie.pages.buttons import Button, ButtonKind, Controls
from kopkrakers.intervisie.pages.shown.rounds import RoundNow, StepNow, TableNow
from kopkrakers.intervisie.pages.views import Move, PhonePage, RegieView, SessionNow
from kopkrakers.intervisie.session.running import NO_PHONES, NO_WATCHERS
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

ON_PHONE = {
    PhonePage.JOIN: "Doe mee met je telefoon. Je hebt geen account nodig.",
    PhonePage.LOBBY: "Je bent binnen. Wacht op de begeleider.",
    PhonePage.STEP: "Kijk op het scherm. Je telefoon heb je nu niet nodig.",
    PhonePage.TABLE: "Schrijf mee in de tabel. Iedereen doet dat voor zichzelf.",
    PhonePage.WROTE: "Het zit in de bus. Wacht tot iedereen klaar is.",
    PhonePage.VOTE: "De stemming is open. Kies zelf, zonder te overleggen.",
    PhonePage.VOTED: "Je stem is binnen. Wacht tot iedereen klaar is.",
    PhonePage.CLOSED: "De stemming is dicht. De cijfers komen later.",
    PhonePage.RESULT: "Dit kozen jullie.",
    PhonePage.ENDED: "De sessie is afgelopen. Je stem en je reden worden gewist.",
    PhonePage.CANCELLED: "Deze sessie gaat niet door.",
}
"""The sentence on each page of a phone: the same whatever was chosen."""
READ_REASONS = "Lees de redenen. Ze staan hieronder en op het scherm."
READ_TABLE = "Lees de tabel. Hij staat hieronder en op het scherm."
READ_AGREEMENTS = "Lees wat jullie vorige keer afspraken. Het staat hieronder en op het scherm."
READ_KNOWLEDGE = "Lees wat onderzoek, wet en cliënt erbij zeggen."
WAIT = "De stemming gaat zo open. Wacht op de begeleider."
NEXT_TIME = "Er wordt net gestemd. Vanaf de volgende stelling doe je mee."
WAIT_TO_WRITE = "Zo schrijf je mee op je telefoon. Wacht op de begeleider."
TALK = "Praat met elkaar. Je telefoon heb je nu niet nodig."
WATCHING = "De stemming is open. Jij kwam later binnen en kijkt mee."
LATE = "De stemming is al begonnen. Je kunt nog meekijken."
NO_FIGURES_HERE = "De uitslag is er, zonder cijfers van jullie."
NOT_YET = "De sessie is nog niet open. Blijf hier, of kom straks terug."

WIPED = "De sessie is afgelopen. Je stem en je reden zijn gewist."
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
    return next(((place, words) for is_here, place, words in places if is_here), None)


def phone_page(
    now: SessionNow, *, came_in: bool, watches: bool, voted: Collection[int]
) -> PhonePage:
    """Return the page that a phone gets."""
    if now.state == SessionState.CANCELLED:
        return PhonePage.CANCELLED
    if now.state == SessionState.ENDED:
        return PhonePage.ENDED
    if not came_in and now.state != SessionState.PLANNED:
        return PhonePage.JOIN
    if now.step is None:
        return PhonePage.LOBBY
    if now.table_here and now.table_here.round.is_open and not watches:
        return PhonePage.WROTE if TABLE in voted else PhonePage.TABLE
    vote = now.round(now.step.script.opens or 0)
    if vote is not None and not vote.is_draft:
        return _page_of_vote(vote, watches=watches, voted=voted)
    shown = now.round(now.step.script.reveals or 0)
    if shown is not None and shown.is_revealed:
        return PhonePage.RESULT
    return PhonePage.STEP


def phone_sentence(now: SessionNow, page: PhonePage, *, watches: bool) -> str:
    """Return what a phone says is going on."""
    if now.without_phones and page in (PhonePage.JOIN, PhonePage.LOBBY):
        return NO_PHONES
    if now.state == SessionState.PLANNED:
        return NOT_YET
    if page == PhonePage.JOIN and now.roster_locked and not now.case.items:
        return LATE if now.watchable else NO_WATCHERS
    if page == PhonePage.ENDED and now.cleared:
        return WIPED
    if page == PhonePage.RESULT and not _has_totals(now):
        return NO_FIGURES_HERE
    if page == PhonePage.STEP and now.step is not None:
        return _sentence_of_step(now, now.step, watches=watches)
    return ON_PHONE[page]


def _has_totals(now: SessionNow) -> bool:
    """Whether the result shown in this step has totals: that of its stelling, or of the first."""
    if not now.case.items:
        return now.first_has_totals
    vote = vote_here(now)
    return vote is not None and vote.totals is not None


def _sentence_of_step(now: SessionNow, step: StepNow, *, watches: bool) -> str:
    """Return where to look: at the phone itself when it holds something to read."""
    if step.is_vote:
        watching = NEXT_TIME if now.case.items else WATCHING
        return watching if watches and now.open_round else WAIT
    if now.table_here:
        return _sentence_of_table(now.table_here)
    if now.reasons and step.action == Action.ARGUMENTS:
        return READ_REASONS
    if now.look_back and step.looks_back:
        return READ_AGREEMENTS
    if now.case.card and step.action == Action.KNOWLEDGE:
        return READ_KNOWLEDGE
    return TALK if step.action == Action.TALK else ON_PHONE[PhonePage.STEP]


def _sentence_of_table(table: TableNow) -> str:
    """Return where to look in the step in which phones fill a table."""
    if table.round.is_draft:
        return WAIT_TO_WRITE
    return READ_TABLE if table.rows else ON_PHONE[PhonePage.STEP]


def _moves_of_round(now: SessionNow, step: StepNow, round_: RoundNow) -> set[Move]:
    """Return the move that a vote allows now, if it does: it is opened, closed or revealed."""
    if round_.is_draft and _may_open(now, step, round_):
        return _about(OPENS, round_)
    if round_.is_open:
        undone = _about(WITHDRAWS, round_) if round_.votes_in == 0 else set()
        return _about(CLOSES, round_) | undone
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
    return {move for move, number in moves.items() if number == kind}


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
    is_last = step.number == step.of
    return Move.END if is_last and not now.is_counting else None


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
    label = "Rond af" if now.rehearsal else "Rond af en maak het verslag"
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
        late = LATER_ITEMS if is_stelling(number) else ONLY_WATCH
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
        verb = "Sla deze stap over" if step.script.overslaan else "Ga verder zonder dit"
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


def _page_of_vote(vote: RoundNow, *, watches: bool, voted: Collection[int]) -> PhonePage:
    if vote.is_revealed:
        return PhonePage.RESULT
    if not vote.is_open:
        return PhonePage.CLOSED
    if watches:
        return PhonePage.STEP
    return PhonePage.VOTED if vote.number in voted else PhonePage.VOTE
