"""The question worth taking to the team: which pattern the counted answers show, and its words.

Two patterns lean on the person's own answer, which the server does not know at that moment. So the page
carries a variant for every case, in order of priority, and the browser shows the first that fits. The last
variant fits everyone: the pattern of the group, or the card's own question while too few are counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kopkrakers.privacy.labels import SOMETHING_ELSE
from kopkrakers.privacy.release import ReleasedDistribution, ReleasedTable
from kopkrakers.privacy.rules import PATTERN_MINIMUM, ROUNDING

DIVIDED_UP_TO = 55
"""Percent: while no werkwijze is above it, colleagues are divided."""
GEMEENTE_DIFFERS_FROM = 20
"""Percent points between gemeente and land, from which the same favourite still counts as a difference."""
ONE_REASON_ABOVE = 60
"""Percent: one doorslag above it is shared by nearly all who chose the same."""
REASONS = {"w": "de wet", "r": "rendement", "b": "betrokkenheid"}


class Pattern(StrEnum):
    """What the counted answers show, in order of priority."""

    EXPECTED_OTHERWISE = "anders dan je dacht"
    CHOSE_OTHERWISE = "jij kiest anders dan de meesten"
    GEMEENTE_DIFFERS = "gemeente wijkt af van het land"
    DIVIDED = "verdeeld"
    OTHER_REASONS = "zelfde keuze, andere redenen"
    UNITED = "eensgezind"
    OWN_QUESTION = "vraag van de kaart"


@dataclass(frozen=True)
class Named:
    """A werkwijze of the card, as the texts name it."""

    code: str
    label: str

    @property
    def letter(self) -> str:
        """The letter in the disc."""
        return self.code.upper()

    def __str__(self) -> str:
        return f"{self.letter} (‘{self.label}’)"


@dataclass(frozen=True)
class Figures:
    """Everything counted that a kraakvraag may lean on. `considerations` is the land's doorslag per option."""

    land: ReleasedDistribution | None
    gemeente: ReleasedDistribution | None
    considerations: ReleasedTable | None
    gemeente_name: str


@dataclass(frozen=True)
class Variant:
    """One kraakvraag, for whoever chose one of `options` and expected one of `expected`; None is anyone."""

    pattern: Pattern
    title: str
    question: str
    options: tuple[str, ...] | None = None
    expected: tuple[str, ...] | None = None

    @property
    def is_group(self) -> bool:
        """Whether it fits everyone, so that it can stand without a script."""
        return self.options is None and self.expected is None


def kraakvragen(
    werkwijzen: Sequence[Named], question: str, figures: Figures
) -> tuple[Variant, ...]:
    """Every variant of one page in order of priority; the last, and only the last, fits everyone.

    `werkwijzen` are those of the card, without "iets anders"; `question` is the card's own first question.
    """
    land = figures.land
    if land is None or land.total < PATTERN_MINIMUM:
        return (_own_question(question),)
    by_code = {werkwijze.code: werkwijze for werkwijze in werkwijzen}
    most = most_chosen(land)
    personal = () if most is None else _personal(by_code, by_code[most])
    return (*personal, _of_the_group(by_code, land, figures))


def most_chosen(figures: ReleasedDistribution) -> str | None:
    """What "de meesten" chose: None when werkwijzen tie, or when "iets anders" was chosen as often."""
    most = figures.majority
    if most is None or figures.share(most) <= figures.share(SOMETHING_ELSE):
        return None
    return most


def _personal(by_code: Mapping[str, Named], most: Named) -> tuple[Variant, ...]:
    others = tuple(code for code in by_code if code != most.code)
    return (
        Variant(
            Pattern.EXPECTED_OTHERWISE,
            "Je staat minder alleen dan je dacht",
            f"Meer collega’s kiezen {most} dan jij verwachtte. Waarom dacht je dat zij hier anders over denken? "
            "En is jullie reden ook dezelfde?",
            options=(most.code,),
            expected=others,
        ),
        Variant(
            Pattern.EXPECTED_OTHERWISE,
            f"Collega’s kiezen vaker {most.letter} dan jij verwachtte",
            f"Zij kiezen het vaakst ‘{most.label}’. Wat zouden zij zien dat jij nu minder laat meewegen? "
            "En wat zie jij, dat zij misschien missen?",
            options=(*others, SOMETHING_ELSE),
            expected=others,
        ),
        Variant(
            Pattern.CHOSE_OTHERWISE,
            "Jij kiest anders dan de meesten",
            f"Collega’s kiezen het vaakst {most}. Wat weegt bij jou zwaarder dan bij hen? "
            "En wat zou je moeten horen om van gedachten te veranderen?",
            options=others,
        ),
        Variant(
            Pattern.CHOSE_OTHERWISE,
            "Jij zoekt een andere weg",
            f"Collega’s kiezen het vaakst {most}. Wat ontbreekt er volgens jou op deze kaart? "
            "En wie heb je nodig om jouw weg te kunnen gaan?",
            options=(SOMETHING_ELSE,),
        ),
    )


def _of_the_group(
    by_code: Mapping[str, Named], land: ReleasedDistribution, figures: Figures
) -> Variant:
    if differs := _gemeente_differs(by_code, land, figures):
        return differs
    above = [code for code in by_code if _above(land, code, DIVIDED_UP_TO)]
    if not above:
        return Variant(
            Pattern.DIVIDED,
            "Collega’s zijn verdeeld",
            "Geen werkwijze steekt er echt bovenuit. Wat maakt dat vakmensen hier verschillend kiezen? "
            "En mag dat verschil er zijn, of heeft een inwoner recht op één lijn?",
        )
    favourite = by_code[above[0]]
    if reasons := _two_reasons(favourite.code, figures.considerations):
        return Variant(
            Pattern.OTHER_REASONS,
            "Zelfde keuze, andere redenen",
            f"De meesten kiezen {favourite}. Bij de een gaf {reasons[0]} de doorslag, bij de ander {reasons[1]}. "
            "Maakt dat uit voor hoe je het de inwoner uitlegt? En wat doe je als jouw reden wegvalt?",
        )
    other_side = min(
        (code for code in by_code if code != favourite.code),
        key=lambda code: (land.share(code), code),
    )
    return Variant(
        Pattern.UNITED,
        "Verdedig de andere kant",
        f"De meesten kiezen {favourite}. Zoek samen de sterkste redenen voor {by_code[other_side]}. "
        "Wat moet er in het verhaal anders zijn, voordat jullie dat zouden doen?",
    )


def _gemeente_differs(
    by_code: Mapping[str, Named], land: ReleasedDistribution, figures: Figures
) -> Variant | None:
    here, name = figures.gemeente, figures.gemeente_name
    if here is None or here.total < PATTERN_MINIMUM:
        return None
    ours, theirs = most_chosen(here), most_chosen(land)
    if ours and theirs and ours != theirs:
        what = f"In {name} kiezen collega’s het vaakst {by_code[ours]}, in alle gemeenten samen {by_code[theirs]}."
    else:
        apart = max(by_code, key=lambda code: abs(here.share(code) - land.share(code)))
        if not _far_apart(here, land, apart):
            return None
        how = "vaker" if here.share(apart) > land.share(apart) else "minder vaak"
        what = f"In {name} kiezen collega’s duidelijk {how} {by_code[apart]} dan in alle gemeenten samen."
    return Variant(
        Pattern.GEMEENTE_DIFFERS,
        f"{name} kiest anders dan het land",
        f"{what} Komt dat door jullie beleid, jullie inwoners of jullie gewoonte? "
        "En wat zou een collega van elders jullie vragen?",
    )


def _above(figures: ReleasedDistribution, option: str, percent: int) -> bool:
    return 100 * _n(figures, option) > percent * figures.total


def _far_apart(here: ReleasedDistribution, land: ReleasedDistribution, option: str) -> bool:
    difference = abs(_n(here, option) * land.total - _n(land, option) * here.total)
    return 100 * difference >= GEMEENTE_DIFFERS_FROM * here.total * land.total


def _n(figures: ReleasedDistribution, option: str) -> int:
    return next(row.n for row in figures.rows if row.option == option)


def _two_reasons(option: str, table: ReleasedTable | None) -> tuple[str, str] | None:
    """The two doorslagen named most by who chose `option`, unless one of them is nearly everyone's."""
    if table is None:
        return None
    about = {
        reason: _about(table.cells[reason][option]) for reason in REASONS if reason in table.cells
    }
    ordered = sorted(about, key=lambda reason: -about[reason])
    together = sum(about.values())
    if len(ordered) < 2 or together < PATTERN_MINIMUM:
        return None
    if 100 * about[ordered[0]] > ONE_REASON_ABOVE * together:
        return None
    return REASONS[ordered[0]], REASONS[ordered[1]]


def _about(cell: str) -> int:
    """The number behind a protected cell, near enough to compare: `<5` counts as half of five."""
    return ROUNDING // 2 if cell.startswith("<") else int(cell)


def _own_question(question: str) -> Variant:
    return Variant(
        Pattern.OWN_QUESTION,
        question,
        "Leg deze vraag voor aan een collega. Luister eerst, en vraag dan door.",
    )
