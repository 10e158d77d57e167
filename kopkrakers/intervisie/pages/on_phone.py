"""The page that a phone gets, and the sentence on it. No database."""

from collections.abc import Collection

from kopkrakers.intervisie.pages.moves import vote_here
from kopkrakers.intervisie.pages.shown.rounds import RoundNow, StepNow, TableNow
from kopkrakers.intervisie.pages.shown.views import PhonePage, SessionNow
from kopkrakers.intervisie.session.running import NO_PHONES, NO_WATCHERS
from kopkrakers.intervisie.session.states import SessionState
from kopkrakers.intervisie.werkvormen.reading import (
    TABLE,
    Action,
)

STAYS = "Alleen wat in het verslag staat, blijft."
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
    PhonePage.ENDED: f"De sessie is afgelopen. De stemmen worden gewist. {STAYS}",
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
BEFORE_AND_AFTER = "Jullie keuze voor en na het gesprek."
NOT_YET = "De sessie is nog niet open. Blijf hier, of kom straks terug."
WIPED = f"De sessie is afgelopen. De stemmen zijn gewist. {STAYS}"


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
    # with stellingen nobody is late: who comes in waits for the next one
    if page == PhonePage.JOIN and now.roster_locked and not now.case.items:
        if now.watchable:
            return LATE
        return NO_WATCHERS
    if page == PhonePage.ENDED and now.cleared:
        return WIPED
    if page == PhonePage.RESULT:
        return _sentence_of_result(now)
    if page == PhonePage.STEP and now.step is not None:
        return _sentence_of_step(now, now.step, watches=watches)
    return ON_PHONE[page]


def _sentence_of_result(now: SessionNow) -> str:
    """Return what is shown: without totals of the group that may be less than they expect."""
    if not _has_totals(now):
        return NO_FIGURES_HERE
    if now.step and now.step.compares_votes:
        return BEFORE_AND_AFTER
    return ON_PHONE[PhonePage.RESULT]


def _has_totals(now: SessionNow) -> bool:
    """Whether the result shown in this step has totals: that of its stelling, or of the first."""
    if not now.case.items:
        return now.first_has_totals
    vote = vote_here(now)
    return vote is not None and vote.totals is not None


def _sentence_of_step(now: SessionNow, step: StepNow, *, watches: bool) -> str:
    """Return where to look: at the phone itself when it holds something to read."""
    if step.is_vote:
        if not (watches and now.open_round):
            return WAIT
        return NEXT_TIME if now.case.items else WATCHING
    if now.table_here:
        return _sentence_of_table(now.table_here)
    if now.reasons and step.action == Action.ARGUMENTS:
        return READ_REASONS
    if now.look_back and step.looks_back:
        return READ_AGREEMENTS
    if now.case.card and step.action == Action.KNOWLEDGE:
        return READ_KNOWLEDGE
    if step.action == Action.TALK:
        return TALK
    return ON_PHONE[PhonePage.STEP]


def _sentence_of_table(table: TableNow) -> str:
    """Return where to look in the step in which phones fill a table."""
    if table.round.is_draft:
        return WAIT_TO_WRITE
    if table.rows:
        return READ_TABLE
    return ON_PHONE[PhonePage.STEP]


def _page_of_vote(vote: RoundNow, *, watches: bool, voted: Collection[int]) -> PhonePage:
    if vote.is_revealed:
        return PhonePage.RESULT
    if not vote.is_open:
        return PhonePage.CLOSED
    if watches:
        return PhonePage.STEP
    if vote.number in voted:
        return PhonePage.VOTED
    return PhonePage.VOTE
