"""The one description of a dataset: tables, columns, values and how each is protected.

Codebook, datapackage, SPSS labels, API and tests all read this. Nothing else describes a column.
"""

from kopkrakers.privacy.labels import (
    CERTAINTIES,
    CONSIDERATIONS,
    EXPERIENCES,
    SOMETHING_ELSE,
    SOMETHING_ELSE_LABEL,
)
from kopkrakers.privacy.rules import (
    COARSE_STEP,
    COMES_BACK,
    COMES_BACK_SHARES,
    EDITION_WEEKS,
    K_ATTRIBUTE,
    K_ATTRIBUTE_LATE,
    K_ATTRIBUTE_VALUE,
    K_GEMEENTE,
    K_NATIONAL,
    K_SESSION,
    KEY_DAYS,
    LATE_DAYS,
    LONE_ROUNDING,
    MARGIN,
    ROUNDING,
    SHIFT_SESSIONS,
    TOP_SHARE,
)
from kopkrakers.privacy.specs import ColumnKind, ColumnSpec, TableSpec

NOT_APART = "niet apart"
"""A cell that stands for no number.

So few people gave this value, or they chose so much alike, that they were counted with those who
said nothing.
"""
SAID_NOTHING = "niet"
"""The code of "niet vermeld" in a dataset."""
_WERKWIJZEN = {code: f"Werkwijze {code.upper()}" for code in "abcd"}
OPTIONS = {**_WERKWIJZEN, SOMETHING_ELSE: SOMETHING_ELSE_LABEL}
_NOT_SAID = {SAID_NOTHING: "Niet vermeld, of niet veilig apart te tellen"}
_CARD = "Geen: gaat over de kaart, niet over mensen."
_CODES = "Geen: de codes liggen vast, en ook een code zonder antwoorden heeft een regel."
_EXACT = (
    f"Exact, als som van hele groepen: minstens {K_GEMEENTE} mensen per gemeente "
    f"of {K_NATIONAL} uit het land."
)
_ROUNDED = (
    f"Afgerond: 0, <{ROUNDING}, anders op het dichtstbijzijnde veelvoud van {ROUNDING}; "
    "zo nodig grover (0-4, 0-9), of zoals in een eerdere uitgave."
)
_VALUE = (
    f"Alleen voor het land. Een waarde telt apart vanaf {K_ATTRIBUTE_VALUE} mensen "
    f"in één telling, van wie er {MARGIN} of meer iets anders kozen dan de meesten; "
    f"anders telt ze mee bij “{SAID_NOTHING}”."
)
_PAIR = (
    f"Alleen voor het land: {K_NATIONAL} mensen of meer, "
    f"uit {SHIFT_SESSIONS} of meer intervisies van {K_SESSION} of meer."
)
_LARGEST = "Grootste aantal dat bij de cel past"
_BOUND = "Volgt uit de cel en zegt niets meer dan die."

DILEMMA = ColumnSpec(
    "dilemma",
    ColumnKind.TEXT,
    "Korte naam van het dilemma, zoals in het adres van de kaart.",
    _CARD,
)
EDITION = ColumnSpec(
    "edition", ColumnKind.WHOLE, "Editie: elke ronde van een dilemma telt apart, vanaf 1.", _CARD
)
_CHOSEN = "De gekozen werkwijze; de tekst staat in de tabel options."
OPTION = ColumnSpec("option", ColumnKind.TEXT, _CHOSEN, _CODES, OPTIONS, "Wat doe jij?")
_ANSWERS = "Aantal getelde antwoorden."
_SHARE = (
    "Aandeel van de getelde antwoorden, in hele procenten die samen 100 zijn: "
    "naar beneden afgerond, en wat dan ontbreekt gaat naar de grootste resten."
)
_TOP_EMPTY = (
    f"Leeg bij alle werkwijzen van een gemeente waar er één ruim {TOP_SHARE} procent heeft."
)
_LOCAL_N = ColumnSpec("n", ColumnKind.WHOLE, _ANSWERS, f"{_EXACT} {_TOP_EMPTY}", may_be_empty=True)
_LOCAL_PERCENT = ColumnSpec(
    "percent", ColumnKind.WHOLE, _SHARE, f"Volgt uit n. {_TOP_EMPTY}", may_be_empty=True
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
_NATIONAL_N = ColumnSpec(
    "n", ColumnKind.WHOLE, _ANSWERS, f"{_EXACT} {_REST} {_TENS}", may_be_empty=True
)
_NATIONAL_PERCENT = ColumnSpec(
    "percent",
    ColumnKind.WHOLE,
    _SHARE,
    f"Volgt uit n; {_TENS[0].lower()}{_TENS[1:]} {_NATIONAL_TOP}",
    may_be_empty=True,
)
_TOP = ColumnSpec(
    "top",
    ColumnKind.YES_NO,
    f"Of het aandeel ruim {TOP_SHARE} procent is; dan staan er geen aantallen.",
    "Zegt alleen welke werkwijze bijna iedereen koos.",
)
_ROUNDED_NATIONAL = ColumnSpec(
    "rounded", ColumnKind.YES_NO, "Of n of percent is afgerond.", "Zegt alleen dát dat zo is."
)


def _protected(meaning: str, largest: str = _LARGEST) -> tuple[ColumnSpec, ColumnSpec, ColumnSpec]:
    """Return the columns of a protected cell and of its bounds. `largest`: the upper one."""
    missing = f"leeg als n “{NOT_APART}” is."
    return (
        ColumnSpec("n", ColumnKind.TEXT, meaning, _ROUNDED),
        ColumnSpec(
            "n_low",
            ColumnKind.WHOLE,
            f"Kleinste aantal dat bij de cel past; {missing}",
            _BOUND,
            may_be_empty=True,
        ),
        ColumnSpec(
            "n_high",
            ColumnKind.WHOLE,
            f"{largest}; {missing}",
            _BOUND,
            may_be_empty=True,
        ),
    )


def _attribute(table: str, title: str, column: ColumnSpec, about: str) -> TableSpec:
    less = (
        f"Losse gegevens wachten apart en tellen vanaf {K_ATTRIBUTE} tegelijk, "
        f"of vanaf {K_ATTRIBUTE_LATE} als ze {LATE_DAYS} dagen wachten; "
        f"wat na {KEY_DAYS} dagen nog wacht, wordt vernietigd. "
        "De cellen gaan dus over minder antwoorden dan de tabel Keuze."
    )
    cells = _protected(
        f"Aantal antwoorden dat bij deze waarde is geteld, als tekst; “{NOT_APART}” is geen getal: "
        f"te weinig mensen gaven deze waarde, of ze kozen te veel hetzelfde; "
        f"ze tellen mee bij “{SAID_NOTHING}”.",
        f"{_LARGEST}. Wie deze waarde gaf en bij “{SAID_NOTHING}” is geteld, zit er niet bij: "
        f"een bovengrens is pas n_high plus de n_high van “{SAID_NOTHING}” bij dezelfde werkwijze",
    )
    return TableSpec(
        id=table,
        title=title,
        about=f"{about} Alleen voor het land, elke cel afgerond. {less}",
        columns=(DILEMMA, EDITION, OPTION, column, *cells),
        key=("dilemma", "edition", "option", column.id),
        rounded=True,
    )


CHOICE = TableSpec(
    "choice",
    "Keuze",
    "Hoeveel mensen elke werkwijze kozen: het hele land samen.",
    (DILEMMA, EDITION, OPTION, _NATIONAL_N, _NATIONAL_PERCENT, _TOP, _ROUNDED_NATIONAL),
    ("dilemma", "edition", "option"),
)
CHOICE_BY_GEMEENTE = TableSpec(
    "choice_by_gemeente",
    "Keuze per gemeente",
    "Hoeveel mensen elke werkwijze kozen, per gemeente of regio. "
    "Wie alleen voor het land telde, staat hier niet: "
    "alle gemeenten samen zijn vaak minder dan het land.",
    (
        DILEMMA,
        EDITION,
        ColumnSpec(
            "gemeente",
            ColumnKind.TEXT,
            "Naam van de gemeente, of van de regio van kleine gemeenten.",
            f"Staat er pas vanaf {K_GEMEENTE} getelde mensen.",
        ),
        OPTION,
        _LOCAL_N,
        _LOCAL_PERCENT,
        _TOP,
    ),
    ("dilemma", "edition", "gemeente", "option"),
)
BY_ATTRIBUTE = {
    "consideration": _attribute(
        "choice_by_consideration",
        "Keuze × doorslag",
        ColumnSpec(
            "consideration",
            ColumnKind.TEXT,
            "Wat de doorslag gaf.",
            _VALUE,
            {**CONSIDERATIONS, **_NOT_SAID},
            "Wat gaf de doorslag?",
        ),
        "De keuze naar wat de doorslag gaf.",
    ),
    "certainty": _attribute(
        "choice_by_certainty",
        "Keuze × zekerheid",
        ColumnSpec(
            "certainty",
            ColumnKind.TEXT,
            "Hoe zeker iemand was, in drie stappen.",
            _VALUE,
            {**CERTAINTIES, **_NOT_SAID},
            "Hoe zeker ben je?",
        ),
        "De keuze naar hoe zeker mensen waren.",
    ),
    "expected": _attribute(
        "choice_by_expectation",
        "Keuze × verwachting",
        ColumnSpec(
            "expected",
            ColumnKind.TEXT,
            "De werkwijze waarvan iemand dacht dat de meeste collega’s haar kiezen.",
            _VALUE,
            {**_WERKWIJZEN, **_NOT_SAID},
            "Wat kiezen de meeste collega’s, denk je?",
        ),
        "De keuze naar wat mensen van collega’s verwachten.",
    ),
    "experience": _attribute(
        "choice_by_experience",
        "Keuze × ervaring",
        ColumnSpec(
            "experience",
            ColumnKind.TEXT,
            "Hoe lang iemand dit werk doet.",
            _VALUE,
            {**EXPERIENCES, **_NOT_SAID},
            "Hoe lang doe je dit werk?",
        ),
        "De keuze naar jaren ervaring.",
    ),
}
SHIFT = TableSpec(
    "shift",
    "Voor en na het gesprek",
    f"De keuze van dezelfde mensen in een intervisie, vóór en ná het gesprek: "
    f"vanaf {K_NATIONAL} mensen uit minstens "
    f"{SHIFT_SESSIONS} intervisies. Deze stemmen tellen niet mee in choice.",
    (
        DILEMMA,
        EDITION,
        ColumnSpec(
            "before", ColumnKind.TEXT, "Werkwijze vóór het gesprek.", _PAIR, OPTIONS, "Wat doe jij?"
        ),
        ColumnSpec(
            "after", ColumnKind.TEXT, "Werkwijze ná het gesprek.", _PAIR, OPTIONS, "Wat doe jij?"
        ),
        *_protected("Aantal mensen met deze twee keuzes, als tekst."),
    ),
    ("dilemma", "edition", "before", "after"),
    rounded=True,
)
RESPONSE = TableSpec(
    "response",
    "Hoeveel mensen meedoen",
    "Hoeveel mensen er zijn uitgenodigd, een account hebben en meedoen, "
    "en hoeveel antwoorden er zijn geteld. "
    "Voor alle gemeenten en dilemma’s samen.",
    (
        ColumnSpec(
            "measure",
            ColumnKind.TEXT,
            "Wat er geteld is.",
            _CODES,
            {
                "invited": "Uitgenodigd: accounts met een rol die stemt, en open uitnodigingen",
                "accounts": "Accounts met een rol die stemt",
                "given": "Antwoorden in rondes die nog lopen: geteld, of nog in de bus",
                "counted": "Getelde antwoorden in deze uitgave",
            },
        ),
        *_protected("Aantal mensen, als tekst; bij counted het aantal antwoorden."),
    ),
    ("measure",),
    rounded=True,
)
DILEMMAS = TableSpec(
    "dilemmas",
    "Dilemma’s",
    f"De kaart achter elke editie. Een editie loopt hoogstens {EDITION_WEEKS} weken. "
    "De tekst staat in cards/.",
    (
        DILEMMA,
        EDITION,
        ColumnSpec("title", ColumnKind.TEXT, "Titel van de kaart.", _CARD),
        ColumnSpec("theme", ColumnKind.TEXT, "Thema van de kaart.", _CARD),
        ColumnSpec(
            "audience",
            ColumnKind.TEXT,
            "Voor wie de kaart is; meer doelgroepen met een komma ertussen.",
            _CARD,
        ),
        ColumnSpec("opens_on", ColumnKind.DAY, "Eerste dag waarop de kaart te zien was.", _CARD),
        ColumnSpec(
            "closes_on", ColumnKind.DAY, "Dag waarop de ronde sluit of sloot, zoals gepland.", _CARD
        ),
        ColumnSpec("closed", ColumnKind.YES_NO, "Of de ronde gesloten is.", _CARD),
        ColumnSpec(
            "part_not_counted",
            ColumnKind.YES_NO,
            "Of bij het sluiten antwoorden overbleven die niet veilig te tellen waren.",
            "Zegt alleen dát er antwoorden overbleven, niet hoeveel of welke.",
        ),
        ColumnSpec(
            "answers",
            ColumnKind.WHOLE,
            "Getelde antwoorden van het land.",
            "De som van n in choice; leeg waar die leeg is.",
            may_be_empty=True,
        ),
        ColumnSpec(
            "wording",
            ColumnKind.TEXT,
            "SHA-256 van titel, verhaal en werkwijzen zoals ze geteld zijn.",
            _CARD,
        ),
    ),
    ("dilemma", "edition"),
)
OPTION_TEXTS = TableSpec(
    "options",
    "Werkwijzen",
    "De werkwijzen van elke editie, met waar ze op leunen.",
    (
        DILEMMA,
        EDITION,
        OPTION,
        ColumnSpec("label", ColumnKind.TEXT, "De werkwijze in een paar woorden.", _CARD),
        ColumnSpec("line", ColumnKind.TEXT, "De zin eronder.", _CARD, may_be_empty=True),
        ColumnSpec(
            "leans_on",
            ColumnKind.TEXT,
            "Waar ze op leunt: wet, rendement, betrokkenheid.",
            _CARD,
            may_be_empty=True,
        ),
    ),
    ("dilemma", "edition", "option"),
)
TABLES: tuple[TableSpec, ...] = (
    CHOICE,
    CHOICE_BY_GEMEENTE,
    *BY_ATTRIBUTE.values(),
    SHIFT,
    RESPONSE,
    DILEMMAS,
    OPTION_TEXTS,
)
BY_ID = {spec.id: spec for spec in TABLES}
