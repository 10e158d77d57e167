"""The question of the two chairs to each other, once both may be shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from kopkrakers.answers.figures import Result
from kopkrakers.answers.kraakvraag import WerkwijzeName, most_chosen


@dataclass(frozen=True)
class Between:
    """The choices of two chairs in words, and a question to bring to each other."""

    title: str
    told: str
    question: str


def between_chairs(
    werkwijzen: Sequence[WerkwijzeName], result: Result, *, leads: bool
) -> Between | None:
    """Return what to bring to the other chair; None until both may be shown.

    `leads`: who reads it sits in the chair of leidinggevenden.
    """
    if result.national is None or result.leaders is None:
        return None
    names = {werkwijze.code: werkwijze for werkwijze in werkwijzen}
    ours, theirs, them = result.national, result.leaders, "een leidinggevende"
    if leads:
        ours, theirs, them = theirs, ours, "een klantmanager"
    mine, other = most_chosen(ours), most_chosen(theirs)
    if mine is None or other is None:
        return Between(
            "Wie kijkt vanaf de andere stoel?",
            "Niet vanuit allebei de stoelen steekt één keuze erbovenuit.",
            f"Vraag {them}: waar twijfel jij over, en wat zou je van mij willen horen?",
        )
    if mine == other:
        return Between(
            "Twee stoelen, dezelfde keuze",
            f"Vanuit allebei de stoelen wordt het vaakst {names[mine]} gekozen.",
            f"Vraag {them}: waarom kies jij dit? En is dat ook mijn reden?",
        )
    return Between(
        "Twee stoelen, een andere keuze",
        f"Vanuit onze stoel wordt het vaakst {names[mine]} gekozen, vanuit die van hen "
        f"{names[other]}.",
        f"Vraag {them}: wat zie jij daar, dat ik hier niet zie? En vertel wat jij hier ziet.",
    )
