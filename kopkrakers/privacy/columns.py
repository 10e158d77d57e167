"""The one description of a dataset: tables, columns, values and how each is protected.

Codebook, datapackage, SPSS labels, API and tests all read this, and what it takes from
`column_parts`, `card_columns` and `pooled_columns`. Nothing else describes a column.
"""

from dataclasses import replace

from kopkrakers.privacy.card_columns import DILEMMAS, GEMEENTEN, OPTION_TEXTS
from kopkrakers.privacy.chapter_columns import CHAPTERS
from kopkrakers.privacy.column_parts import (
    CARD,
    CODES,
    DILEMMA,
    EDITION,
    GEMEENTE,
    LARGEST,
    LOCAL_N,
    LOCAL_PERCENT,
    NATIONAL_N,
    NATIONAL_PERCENT,
    NOT_APART,
    NOT_SAID,
    OPTION,
    OPTION_LABEL,
    OPTIONS,
    PAIR,
    ROUNDED_NATIONAL,
    SAID_NOTHING,
    TOP,
    TWO_RELEASES,
    VALUE,
    WERKWIJZEN,
    protected,
)
from kopkrakers.privacy.labels import (
    CERTAINTIES,
    CONSIDERATIONS,
    EXPERIENCES,
)
from kopkrakers.privacy.pooled_columns import POOLED, SHIFT_MOVED, SHIFT_TOTALS, VALUE_TOTALS
from kopkrakers.privacy.rules import (
    K_ATTRIBUTE,
    K_ATTRIBUTE_LATE,
    K_NATIONAL,
    KEY_DAYS,
    LATE_DAYS,
    SHIFT_SESSIONS,
)
from kopkrakers.privacy.specs import ColumnKind, ColumnSpec, TableSpec


def _attribute(table: str, title: str, column: ColumnSpec, about: str) -> TableSpec:
    less = (
        f"Losse gegevens wachten apart en tellen vanaf {K_ATTRIBUTE} tegelijk, "
        f"of vanaf {K_ATTRIBUTE_LATE} als ze {LATE_DAYS} dagen wachten; "
        f"wat na {KEY_DAYS} dagen nog wacht, wordt vernietigd. "
        "De cellen gaan dus over minder antwoorden dan de tabel Keuze."
    )
    cells = protected(
        f"Aantal antwoorden dat bij deze waarde is geteld, als tekst; “{NOT_APART}” is geen getal: "
        f"te weinig mensen gaven deze waarde, of ze kozen te veel hetzelfde; "
        f"ze tellen mee bij “{SAID_NOTHING}”.",
        f"{LARGEST}. Wie deze waarde gaf en bij “{SAID_NOTHING}” is geteld, zit er niet bij: "
        f"een bovengrens is pas n_high plus de n_high van “{SAID_NOTHING}” bij dezelfde werkwijze",
    )
    return TableSpec(
        id=table,
        title=title,
        about=f"{about} Alleen voor het land, elke cel afgerond. {less}",
        columns=(DILEMMA, EDITION, OPTION, column, *cells, OPTION_LABEL),
        key=("dilemma", "edition", "option", column.id),
        rounded=True,
    )


CHOICE = TableSpec(
    "choice",
    "Keuze",
    "Hoeveel mensen elke werkwijze kozen: het hele land samen.",
    (DILEMMA, EDITION, OPTION, NATIONAL_N, NATIONAL_PERCENT, TOP, ROUNDED_NATIONAL, OPTION_LABEL),
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
        GEMEENTE,
        OPTION,
        LOCAL_N,
        LOCAL_PERCENT,
        TOP,
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
            VALUE,
            {**CONSIDERATIONS, **NOT_SAID},
            "Wat gaf de doorslag?",
            label="Doorslag",
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
            VALUE,
            {**CERTAINTIES, **NOT_SAID},
            "Hoe zeker ben je?",
            label="Zekerheid",
            ordered=True,
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
            VALUE,
            {**WERKWIJZEN, **NOT_SAID},
            "Wat kiezen de meeste collega’s, denk je?",
            label="Verwachte meerderheid",
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
            VALUE,
            {**EXPERIENCES, **NOT_SAID},
            "Hoe lang doe je dit werk?",
            label="Ervaring",
            ordered=True,
        ),
        "De keuze naar jaren ervaring.",
    ),
}
SHIFT = TableSpec(
    "shift",
    "Voor en na het gesprek",
    f"De keuze van dezelfde mensen in een intervisie, vóór en ná het gesprek: "
    f"vanaf {K_NATIONAL} mensen uit minstens "
    f"{SHIFT_SESSIONS} intervisies. Deze stemmen tellen niet mee in de tabel Keuze (choice).",
    (
        DILEMMA,
        EDITION,
        ColumnSpec(
            "before",
            ColumnKind.TEXT,
            "Werkwijze vóór het gesprek.",
            PAIR,
            OPTIONS,
            "Wat doe jij?",
            label="Vóór het gesprek",
        ),
        ColumnSpec(
            "after",
            ColumnKind.TEXT,
            "Werkwijze ná het gesprek.",
            PAIR,
            OPTIONS,
            "Wat doe jij?",
            label="Ná het gesprek",
        ),
        *protected("Aantal mensen met deze twee keuzes, als tekst."),
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
            CODES,
            {
                "invited": "Uitgenodigd: accounts met een rol die stemt, en open uitnodigingen",
                "accounts": "Accounts met een rol die stemt",
                "given": "Antwoorden in rondes die nog lopen: geteld, of nog in de bus",
                "counted": "Getelde antwoorden in deze uitgave",
            },
            label="Maat",
        ),
        *protected("Aantal mensen, als tekst; bij counted het aantal antwoorden."),
    ),
    ("measure",),
    rounded=True,
)
_OF_ALL = "Leeg bij een tabel van alle dilemma’s samen."
CHANGES = TableSpec(
    "changes",
    "Wat er veranderde",
    "Per tabel en dilemma: wat deze uitgave anders zegt dan de vorige, en hoe precies. "
    "Een tabel van alle dilemma’s samen heeft één regel. "
    "Volgt alleen uit wat er in de twee uitgaven staat.",
    (
        ColumnSpec("table", ColumnKind.TEXT, "Korte naam van de tabel.", CARD, label="Tabel"),
        replace(DILEMMA, meaning=f"{DILEMMA.meaning} {_OF_ALL}", may_be_empty=True),
        replace(EDITION, meaning=f"{EDITION.meaning} {_OF_ALL}", may_be_empty=True),
        ColumnSpec(
            "change",
            ColumnKind.TEXT,
            "Of de regels anders zijn dan in de vorige uitgave.",
            f"{TWO_RELEASES} “same” zegt niet of er niets bij kwam, "
            "of dat wat erbij kwam te veel zou zeggen.",
            {
                "new": "Nieuw: stond niet in de vorige uitgave",
                "changed": "Veranderd",
                "same": "Gelijk aan de vorige uitgave",
                "gone": "Staat er niet meer in",
            },
            label="Verandering",
        ),
        ColumnSpec(
            "form",
            ColumnKind.TEXT,
            "Hoe precies de regels nu zijn; leeg als ze er niet meer zijn.",
            TWO_RELEASES,
            {
                "exact": "Precies",
                "rounded": "Afgerond",
                "coarse": "Grover: 0-4, 0-9, tientallen of “ruim”",
            },
            may_be_empty=True,
            label="Hoe precies",
            ordered=True,
        ),
        ColumnSpec(
            "compared_with",
            ColumnKind.WHOLE,
            "Nummer van de vorige uitgave; leeg bij de eerste.",
            TWO_RELEASES,
            may_be_empty=True,
            label="Vergeleken met",
        ),
    ),
    ("table", "dilemma", "edition"),
)
TABLES: tuple[TableSpec, ...] = (
    CHOICE,
    CHOICE_BY_GEMEENTE,
    CHAPTERS,
    *BY_ATTRIBUTE.values(),
    VALUE_TOTALS,
    SHIFT,
    SHIFT_MOVED,
    SHIFT_TOTALS,
    *POOLED,
    RESPONSE,
    DILEMMAS,
    OPTION_TEXTS,
    GEMEENTEN,
    CHANGES,
)
SUM_TABLES = frozenset(spec.id for spec in (*POOLED, SHIFT_MOVED))
"""The tables whose cells are sums of cells of other tables."""
BY_ID = {spec.id: spec for spec in TABLES}
