"""Reasons and werkafspraken as the pages of a session show them, a line each."""

from collections.abc import Mapping
from dataclasses import dataclass

from kopkrakers.intervisie.pages.buttons import ButtonKind
from kopkrakers.intervisie.session.models import AGREEMENT_NUMBERS
from kopkrakers.intervisie.session.states import ReasonState


@dataclass(frozen=True)
class Judgement:
    """A button under a reason: the state it gives, its words and its look."""

    to: ReasonState
    label: str
    kind: ButtonKind = ButtonKind.SECONDARY


TO_SCREEN = Judgement(ReasonState.SHOWN, "Zet op het scherm")
PUT_AWAY = Judgement(ReasonState.DROPPED, "Leg weg", ButtonKind.SUBTLE)
TO_REPORT = Judgement(ReasonState.KEPT, "Bewaar ook in het verslag")
OFF_SCREEN = Judgement(ReasonState.WAITING, "Haal van het scherm", ButtonKind.SUBTLE)
NOT_IN_REPORT = Judgement(ReasonState.SHOWN, "Niet in het verslag", ButtonKind.SUBTLE)
BACK = Judgement(ReasonState.WAITING, "Haal terug", ButtonKind.SUBTLE)
JUDGEMENTS = {
    ReasonState.WAITING: (TO_SCREEN, PUT_AWAY),
    ReasonState.SHOWN: (TO_REPORT, OFF_SCREEN),
    ReasonState.KEPT: (NOT_IN_REPORT, OFF_SCREEN),
    ReasonState.DROPPED: (BACK,),
}
BADGES = {
    ReasonState.SHOWN: "op het scherm",
    ReasonState.KEPT: "op het scherm en in het verslag",
}


@dataclass(frozen=True)
class ReasonLine:
    """A reason, without whose it is or which option it was for.

    `warning`: what to look at before it is shown; for the regie alone.
    """

    id: str
    text: str
    state: ReasonState
    round: int
    warning: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the cells of a row of the table."""
        return tuple(self.text.split("\n"))

    @property
    def badge(self) -> str:
        """Return where the reason can be read; nothing for one that only the regie has."""
        return BADGES.get(self.state, "")

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """Return the buttons under it."""
        return JUDGEMENTS[self.state]


@dataclass(frozen=True)
class AgreementLine:
    """A werkafspraak."""

    number: int
    text: str


def fields_of(texts: Mapping[int, str]) -> tuple[AgreementLine, ...]:
    """Return a line for each field of a form with werkafspraken, from the texts by number."""
    return tuple(AgreementLine(number, texts.get(number, "")) for number in AGREEMENT_NUMBERS)
