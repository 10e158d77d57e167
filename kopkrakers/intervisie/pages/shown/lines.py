"""Reasons and werkafspraken as the pages of a session show them, a line each."""

from collections.abc import Mapping
from dataclasses import dataclass

from kopkrakers.intervisie.pages.buttons import ButtonKind
from kopkrakers.intervisie.session.models import AGREEMENT_NUMBERS
from kopkrakers.intervisie.session.states import ReasonState
from kopkrakers.intervisie.werkvormen.reading import TABLE


@dataclass(frozen=True)
class Judgement:
    """A button under a reason: the state it gives, its words and its look.

    `ticked`: whether a tick stands before its words; None for a button without a tick.
    """

    to: ReasonState
    label: str
    kind: ButtonKind = ButtonKind.SECONDARY
    ticked: bool | None = None


TO_SCREEN = Judgement(ReasonState.SHOWN, "Zet op het scherm")
PUT_AWAY = Judgement(ReasonState.DROPPED, "Leg weg", ButtonKind.SUBTLE)
TO_REPORT = Judgement(ReasonState.KEPT, "In het verslag", ticked=False)
OFF_SCREEN = Judgement(ReasonState.WAITING, "Haal van het scherm", ButtonKind.SUBTLE)
NOT_IN_REPORT = Judgement(ReasonState.SHOWN, "In het verslag", ticked=True)
BACK = Judgement(ReasonState.WAITING, "Haal terug", ButtonKind.SUBTLE)
JUDGEMENTS = {
    ReasonState.WAITING: (TO_SCREEN, TO_REPORT, PUT_AWAY),
    ReasonState.SHOWN: (OFF_SCREEN, TO_REPORT),
    ReasonState.KEPT: (OFF_SCREEN, NOT_IN_REPORT),
    ReasonState.DROPPED: (BACK,),
}
"""The buttons in each state. What is in the report is on the scherm: the group read it."""
BADGES = {
    ReasonState.SHOWN: "op het scherm",
    ReasonState.KEPT: "op het scherm en in het verslag",
}


@dataclass(frozen=True)
class ReasonLine:
    """A reason, without whose it is or which option it was for.

    `key`: by which it is shown large, if it can be. `warning`: what to look at before it is shown;
    for the regie alone.
    """

    id: str
    text: str
    state: ReasonState
    round: int
    key: str = ""
    warning: str = ""

    @property
    def is_row(self) -> bool:
        """Whether this is a row of the table."""
        return self.round == TABLE

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the cells of a row of the table."""
        return tuple(self.text.split("\n"))

    @property
    def badge(self) -> str:
        """Return where the reason can be read; nothing for one that only the regie has."""
        return BADGES.get(self.state, "")

    @property
    def can_be_large(self) -> bool:
        """Whether it can stand on the scherm by itself."""
        return bool(self.key) and self.state != ReasonState.DROPPED

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
