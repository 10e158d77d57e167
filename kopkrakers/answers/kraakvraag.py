"""The question worth taking to the team: the pattern in the counted answers, and its words.

Two patterns lean on the person's own answer, which the server does not know at that moment. So the
page carries a variant for every case, in order of priority, and the browser shows the first that
fits. The last variant fits everyone: the pattern of the group, or the card's own question while too
few are counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from kopkrakers.catalogue.cards.card import Card
from kopkrakers.privacy.labels import SOMETHING_ELSE
from kopkrakers.privacy.release import (
    ReleasedDistribution,
    ReleasedNational,
    ReleasedTable,
    ReleasedTop,
)
from kopkrakers.privacy.rules import PATTERN_MINIMUM, ROUNDING, TOP_SHARE

DIVIDED_UP_TO = 55
"""Percent: while no werkwijze is above it, colleagues are divided."""
GEMEENTE_DIFFERS_FROM = 20
"""Percent points between gemeente and national from which a shared favourite still differs."""
ONE_REASON_ABOVE = 60
"""Percent: one doorslag above it is shared by nearly all who chose the same."""
REASONS = {"w": "de wet", "r": "rendement", "b": "betrokkenheid"}


class Pattern(StrEnum):
    """The patterns that counted answers can show, in order of priority."""

    EXPECTED_OTHERWISE = "anders dan je dacht"
    CHOSE_OTHERWISE = "jij kiest anders dan de meesten"
    GEMEENTE_DIFFERS = "gemeente wijkt af van het land"
    DIVIDED = "verdeeld"
    OTHER_REASONS = "zelfde keuze, andere redenen"
    UNITED = "eensgezind"
    OWN_QUESTION = "vraag van de kaart"


@dataclass(frozen=True)
class WerkwijzeName:
    """The name of a werkwijze of the card, as the texts have it."""

    code: str
    label: str

    @property
    def letter(self) -> str:
        """Return the letter in the disc."""
        return self.code.upper()

    def __str__(self) -> str:
        return f"{self.letter} (‘{self.label}’)"


@dataclass(frozen=True)
class CountedFigures:
    """All counted figures that a kraakvraag may lean on.

    `considerations` is the national doorslag per option. `local` are those of the own gemeente or
    regio, called `local_name` in a sentence.
    """

    national: ReleasedNational | None
    local: ReleasedDistribution | ReleasedTop | None
    considerations: ReleasedTable | None
    local_name: str | None


@dataclass(frozen=True)
class Variant:
    """One kraakvraag, for those who chose one of `options` and expected one of `expected`.

    None is anyone.
    """

    pattern: Pattern
    title: str
    question: str
    options: tuple[str, ...] | None = None
    expected: tuple[str, ...] | None = None

    @property
    def is_group(self) -> bool:
        """Whether it fits everyone, so that it can stand without a script."""
        return self.options is None and self.expected is None


def werkwijzen_of(card: Card) -> list[WerkwijzeName]:
    """Return the names of the werkwijzen of a card, without "iets anders"."""
    return [WerkwijzeName(option.code, option.label) for option in card.options]


def kraakvragen(
    werkwijzen: Sequence[WerkwijzeName], question: str, figures: CountedFigures
) -> tuple[Variant, ...]:
    """Return every variant of one page in order of priority; only the last one fits everyone.

    `werkwijzen` are those of the card, without "iets anders"; `question` is the card's own first
    question.
    """
    national = figures.national
    # of so few a pattern may be chance, and the next count would tell another
    are_few = isinstance(national, ReleasedDistribution) and national.total < PATTERN_MINIMUM
    if national is None or are_few:
        return (own_question(question),)
    by_code = {werkwijze.code: werkwijze for werkwijze in werkwijzen}
    most = most_chosen(national)
    of_the_group = _of_the_group(by_code, national, figures)
    # without a favourite nobody chose otherwise than most
    if most is None:
        return (of_the_group,)
    otherwise = "Jij kiest anders dan de grootste groep"
    if _share(national, most) > Fraction(1, 2):
        otherwise = "Jij kiest anders dan de meesten"
    # figures of colleagues nearby stand above it, and may say otherwise
    begin = "Landelijk kiezen collega’s" if figures.local else "Collega’s kiezen"
    personal = _personal(by_code, by_code[most], otherwise, begin)
    return (*personal, of_the_group)


def own_question(question: str) -> Variant:
    """Return the card's own question as a kraakvraag, which leans on no figures."""
    return Variant(
        Pattern.OWN_QUESTION,
        question,
        "Leg deze vraag voor aan een collega. Luister eerst, en vraag dan door.",
    )


def most_chosen(figures: ReleasedNational) -> str | None:
    """Return the choice of "de meesten".

    None when werkwijzen tie, or when "iets anders" was chosen as often.
    """
    if isinstance(figures, ReleasedTop):
        if figures.option == SOMETHING_ELSE:
            return None
        return figures.option
    most = figures.majority
    if most is None or figures.share(most) <= figures.share(SOMETHING_ELSE):
        return None
    return most


def _personal(
    by_code: Mapping[str, WerkwijzeName], most: WerkwijzeName, otherwise: str, begin: str
) -> tuple[Variant, ...]:
    """Return the variants that lean on the own answer. Both texts are first words of one."""
    others = _others(by_code, most)
    return (
        Variant(
            Pattern.EXPECTED_OTHERWISE,
            "Je staat minder alleen dan je dacht",
            f"{begin} het vaakst {most}, en dat verwachtte je niet. "
            "Waarom dacht je dat zij iets anders zouden kiezen? En hebben jullie dezelfde reden?",
            options=(most.code,),
            expected=others,
        ),
        Variant(
            Pattern.EXPECTED_OTHERWISE,
            f"Collega’s kiezen vaker {most.letter} dan jij verwachtte",
            f"{begin} het vaakst ‘{most.label}’. "
            "Wat zouden zij zien dat jij nu minder laat meewegen? "
            "En wat zie jij, dat zij misschien missen?",
            options=(*others, SOMETHING_ELSE),
            expected=others,
        ),
        Variant(
            Pattern.CHOSE_OTHERWISE,
            otherwise,
            f"{begin} het vaakst {most}. Wat weegt bij jou zwaarder dan bij hen? "
            "En wat zou je moeten horen om van gedachten te veranderen?",
            options=others,
        ),
        Variant(
            Pattern.CHOSE_OTHERWISE,
            "Jij zoekt een andere weg",
            f"{begin} het vaakst {most}. Wat ontbreekt er volgens jou op deze kaart? "
            "En wie heb je nodig om jouw weg te kunnen gaan?",
            options=(SOMETHING_ELSE,),
        ),
    )


def _others(by_code: Mapping[str, WerkwijzeName], one: WerkwijzeName) -> tuple[str, ...]:
    return tuple(code for code in by_code if code != one.code)


def _of_the_group(
    by_code: Mapping[str, WerkwijzeName], national: ReleasedNational, figures: CountedFigures
) -> Variant:
    if difference := _difference(by_code, national, figures):
        return _local_differs(figures.local_name or "", difference)
    shares = {code: _share(national, code) for code in by_code}
    largest = max(by_code, key=lambda code: shares[code])
    if 100 * shares[largest] <= DIVIDED_UP_TO:
        return Variant(
            Pattern.DIVIDED,
            "Collega’s zijn verdeeld",
            "Geen werkwijze steekt er echt bovenuit. Wat maakt dat vakmensen hier verschillend "
            "kiezen? En mag dat verschil er zijn, of heeft een inwoner recht op één lijn?",
        )
    favourite = by_code[largest]
    begin = "Landelijk kiezen de meesten" if figures.local else "De meesten kiezen"
    if reasons := _two_reasons(favourite.code, figures.considerations):
        return _other_reasons(favourite, *reasons, begin)
    others = _others(by_code, favourite)
    other_side = min(others, key=lambda code: (shares[code], code))
    return _united(favourite, by_code[other_side], begin)


def _difference(
    by_code: Mapping[str, WerkwijzeName], national: ReleasedNational, figures: CountedFigures
) -> str | None:
    """Return a sentence on how colleagues nearby differ; None when they do not or are too few."""
    here, name = figures.local, figures.local_name
    if isinstance(here, ReleasedTop):
        return _top_differs(by_code, national, here, name or "")
    if here is None or here.total < PATTERN_MINIMUM:
        return None
    ours, theirs = most_chosen(here), most_chosen(national)
    if ours and theirs and ours != theirs:
        return (
            f"In {name} kiezen collega’s het vaakst {by_code[ours]}, "
            f"in alle gemeenten samen {by_code[theirs]}."
        )
    if isinstance(national, ReleasedTop):
        return None
    differences = {}
    for code in by_code:
        differences[code] = _share(here, code) - _share(national, code)
    apart = max(by_code, key=lambda code: abs(differences[code]))
    if 100 * abs(differences[apart]) < GEMEENTE_DIFFERS_FROM:
        return None
    how = "minder vaak"
    if differences[apart] > 0:
        how = "vaker"
    return (
        f"In {name} kiezen collega’s duidelijk {how} {by_code[apart]} dan in alle gemeenten samen."
    )


def _top_differs(
    by_code: Mapping[str, WerkwijzeName],
    national: ReleasedNational,
    here: ReleasedTop,
    name: str,
) -> str | None:
    """Return a sentence where nearly all nearby chose another option than most elsewhere."""
    theirs = most_chosen(national)
    if theirs is None or here.option not in by_code or here.option == theirs:
        return None
    return (
        f"In {name} kiezen collega’s het vaakst {by_code[here.option]}, "
        f"in alle gemeenten samen {by_code[theirs]}."
    )


def _local_differs(name: str, difference: str) -> Variant:
    return Variant(
        Pattern.GEMEENTE_DIFFERS,
        f"{name[:1].upper()}{name[1:]} kiest anders dan het land",
        f"{difference} Komt dat door jullie beleid, jullie inwoners of jullie gewoonte? "
        "En wat zou een collega van elders jullie vragen?",
    )


def _other_reasons(favourite: WerkwijzeName, one: str, other: str, begin: str) -> Variant:
    return Variant(
        Pattern.OTHER_REASONS,
        "Zelfde keuze, andere redenen",
        f"{begin} {favourite}. "
        f"Bij de een gaf {one} de doorslag, bij de ander {other}. "
        "Maakt dat uit voor hoe je het de inwoner uitlegt? En wat doe je als jouw reden wegvalt?",
    )


def _united(favourite: WerkwijzeName, other_side: WerkwijzeName, begin: str) -> Variant:
    return Variant(
        Pattern.UNITED,
        "Verdedig de andere kant",
        f"{begin} {favourite}. Zoek samen de sterkste redenen voor {other_side}. "
        "Wat moet er in het verhaal anders zijn, voordat jullie dat zouden doen?",
    )


def _share(figures: ReleasedNational, option: str) -> Fraction:
    """Return a share as it is told, exactly: no rounding of floats decides what is said.

    Of the largest one above the limit, that limit is all that is known; of the others nothing.
    """
    if isinstance(figures, ReleasedTop):
        if option == figures.option:
            return Fraction(TOP_SHARE, 100)
        return Fraction(0)
    if isinstance(figures, ReleasedDistribution):
        return Fraction(figures.by_option[option], figures.total)
    return Fraction(dict(figures.rows)[option], 100)


def _two_reasons(option: str, table: ReleasedTable | None) -> tuple[str, str] | None:
    """Return the two doorslagen named most by those who chose `option`.

    None when one of them is nearly everyone's, or too few are counted.
    """
    if table is None:
        return None
    counts = {}
    for reason in REASONS:
        # a doorslag that too few named has no row in a table that was released
        if reason in table.cells:
            counts[reason] = _approximate_count(table.cells[reason][option])
    ordered = sorted(counts, key=lambda reason: -counts[reason])
    together = sum(counts.values())
    if len(ordered) < 2 or together < PATTERN_MINIMUM:
        return None
    if 100 * counts[ordered[0]] > ONE_REASON_ABOVE * together:
        return None
    return REASONS[ordered[0]], REASONS[ordered[1]]


def _approximate_count(cell: str) -> int:
    """Return the number of a protected cell, near enough to compare: `<5` is half of five."""
    if cell.startswith("<"):
        return ROUNDING // 2
    return int(cell)
