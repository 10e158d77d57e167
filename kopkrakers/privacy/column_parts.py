"""Columns and sentences that several tables of a dataset share; `columns` has the tables."""

from kopkrakers.privacy.labels import (
    SOMETHING_ELSE,
    SOMETHING_ELSE_LABEL,
    STELLING_ANSWERS,
)
from kopkrakers.privacy.rules import (
    COARSE_STEP,
    COMES_BACK,
    COMES_BACK_SHARES,
    K_ATTRIBUTE_VALUE,
    K_GEMEENTE,
    K_NATIONAL,
    K_SESSION,
    LONE_ROUNDING,
    MARGIN,
    ROUNDING,
    SHIFT_SESSIONS,
    TOP_SHARE,
)
from kopkrakers.privacy.specs import ColumnKind, ColumnSpec

NOT_APART = "niet apart"
"""A cell that stands for no number.

So few people gave this value, or they chose so much alike, that they were counted with those who
said nothing.
"""
SAID_NOTHING = "niet"
"""The code of "niet vermeld" in a dataset."""
WERKWIJZEN = {code: f"Werkwijze {code.upper()}" for code in "abcd"}


def _with_answer(code: str) -> str:
    """Return what a code stands for on both kinds of card."""
    answer = STELLING_ANSWERS.get(code)
    if answer is None:
        return WERKWIJZEN[code]
    return f"{WERKWIJZEN[code]}, of bij een stelling: {answer.lower()}"


OPTIONS = {**WERKWIJZEN, SOMETHING_ELSE: SOMETHING_ELSE_LABEL}
NOT_SAID = {SAID_NOTHING: "Niet vermeld, of niet veilig apart te tellen"}
CARD = "Geen: gaat over de kaart, niet over mensen."
CODES = "Geen: de codes liggen vast, en ook een code zonder antwoorden heeft een regel."
_EXACT = (
    f"Exact, als som van hele groepen: minstens {K_GEMEENTE} mensen per gemeente "
    f"of {K_NATIONAL} uit het land."
)
_ROUNDED = (
    f"Afgerond: 0, <{ROUNDING}, anders op het dichtstbijzijnde veelvoud van {ROUNDING}; "
    "zo nodig grover (0-4, 0-9), of zoals in een eerdere uitgave."
)
VALUE = (
    f"Alleen voor het land. Een waarde telt apart vanaf {K_ATTRIBUTE_VALUE} mensen "
    f"in één telling, van wie er {MARGIN} of meer iets anders kozen dan de meesten; "
    f"anders telt ze mee bij “{SAID_NOTHING}”."
)
PAIR = (
    f"Alleen voor het land: {K_NATIONAL} mensen of meer, "
    f"uit {SHIFT_SESSIONS} of meer intervisies van {K_SESSION} of meer."
)
TWO_RELEASES = "Volgt uit twee uitgaven die iedereen kan vergelijken."
LARGEST = "Grootste aantal dat bij de cel past"
_BOUND = "Volgt uit de cel en zegt niets meer dan die."

DILEMMA = ColumnSpec(
    "dilemma",
    ColumnKind.TEXT,
    "Korte naam van het dilemma, zoals in het adres van de kaart.",
    CARD,
    label="Dilemma",
)
EDITION = ColumnSpec(
    "edition",
    ColumnKind.WHOLE,
    "Editie: elke ronde van een dilemma telt apart, vanaf 1.",
    CARD,
    label="Editie",
)
GEMEENTE = ColumnSpec(
    "gemeente",
    ColumnKind.TEXT,
    "Naam van de gemeente, of van de regio van kleine gemeenten.",
    f"Staat er pas vanaf {K_GEMEENTE} getelde mensen.",
    label="Gemeente of regio",
)
LEANS = ("wet", "rendement", "betrokkenheid")
"""The grounds on which a werkwijze can lean, in the order in which all files name them."""
OPTION_LABEL = ColumnSpec(
    "label",
    ColumnKind.TEXT,
    "De werkwijze in een paar woorden, zoals in de tabel options.",
    CARD,
    # a release of before this column has none
    may_be_empty=True,
    label="Tekst van de werkwijze",
)
OPTION = ColumnSpec(
    "option",
    ColumnKind.TEXT,
    "De gekozen werkwijze, of het antwoord op een stelling; de tekst staat in de tabel options.",
    CODES,
    {**{code: _with_answer(code) for code in WERKWIJZEN}, SOMETHING_ELSE: SOMETHING_ELSE_LABEL},
    "Wat doe jij? Bij een stelling: Wat vind jij?",
    label="Werkwijze of antwoord",
)
_ANSWERS = "Aantal getelde antwoorden."
_SHARE = (
    "Aandeel van de getelde antwoorden, in hele procenten die samen 100 zijn: "
    "naar beneden afgerond, en wat dan ontbreekt gaat naar de grootste resten."
)
_TOP_EMPTY = (
    f"Leeg bij alle werkwijzen van een gemeente waar er één ruim {TOP_SHARE} procent heeft."
)
LOCAL_N = ColumnSpec(
    "n",
    ColumnKind.WHOLE,
    _ANSWERS,
    f"{_EXACT} {_TOP_EMPTY}",
    may_be_empty=True,
    label="Aantal",
)
LOCAL_PERCENT = ColumnSpec(
    "percent",
    ColumnKind.WHOLE,
    _SHARE,
    f"Volgt uit n. {_TOP_EMPTY}",
    may_be_empty=True,
    label="Aandeel (%)",
)
_REST = (
    f"Heeft een gemeente of regio ruim {TOP_SHARE} procent, dan is haar deel afgerond op "
    f"{LONE_ROUNDING} mensen: anders volgt het uit het land min de andere. "
    f"Hebben er meer dat, dan is hun deel samen afgerond op {ROUNDING}."
)
_TENS = (
    f"Zou dat te grof zijn, of komt een dilemma terug en telden er nog geen {COMES_BACK} mensen, "
    f"dan is n leeg en percent een veelvoud van {COARSE_STEP}. "
    f"Onder {COMES_BACK_SHARES} mensen staat een dilemma dat terugkomt er niet."
)
_NATIONAL_TOP = f"Bij een aandeel van ruim {TOP_SHARE} procent is dan ook percent leeg."
NATIONAL_N = ColumnSpec(
    "n",
    ColumnKind.WHOLE,
    _ANSWERS,
    f"{_EXACT} {_REST} {_TENS}",
    may_be_empty=True,
    label="Aantal",
)
NATIONAL_PERCENT = ColumnSpec(
    "percent",
    ColumnKind.WHOLE,
    _SHARE,
    f"Volgt uit n; {_TENS[0].lower()}{_TENS[1:]} {_NATIONAL_TOP}",
    may_be_empty=True,
    label="Aandeel (%)",
)
TOP = ColumnSpec(
    "top",
    ColumnKind.YES_NO,
    f"Of het aandeel ruim {TOP_SHARE} procent is; dan staan er geen aantallen.",
    "Zegt alleen welke werkwijze bijna iedereen koos.",
    label="Bijna iedereen",
)
ROUNDED_NATIONAL = ColumnSpec(
    "rounded",
    ColumnKind.YES_NO,
    "Of n of percent is afgerond.",
    "Zegt alleen dát dat zo is.",
    label="Afgerond",
)


def protected(meaning: str, largest: str = LARGEST) -> tuple[ColumnSpec, ColumnSpec, ColumnSpec]:
    """Return the columns of a protected cell and of its bounds. `largest`: the upper one."""
    missing = f"leeg als n “{NOT_APART}” is."
    return (
        ColumnSpec("n", ColumnKind.TEXT, meaning, _ROUNDED, label="Aantal, als tekst"),
        ColumnSpec(
            "n_low",
            ColumnKind.WHOLE,
            f"Kleinste aantal dat bij de cel past; {missing}",
            _BOUND,
            may_be_empty=True,
            label="Minstens",
        ),
        ColumnSpec(
            "n_high",
            ColumnKind.WHOLE,
            f"{largest}; {missing}",
            _BOUND,
            may_be_empty=True,
            label="Hoogstens hier geteld",
        ),
    )


def _leans(ground: str) -> ColumnSpec:
    """Return the column that says whether a werkwijze leans on this."""
    return ColumnSpec(
        f"leans_{ground}",
        ColumnKind.WHOLE,
        f"Of ze leunt op {ground}: 1 ja, 0 nee; leeg als de kaart het niet zegt.",
        CARD,
        may_be_empty=True,
        label=f"Leunt op {ground}",
    )


LEANS_COLUMNS = tuple(map(_leans, LEANS))
"""A column for each ground."""
