"""The one description of a dataset: tables, columns, values and how each is protected.

Codebook, datapackage, SPSS labels, API and tests all read this. Nothing else describes a column.
"""

from dataclasses import replace

from kopkrakers.privacy.column_parts import (
    CARD,
    CODES,
    DILEMMA,
    EDITION,
    LARGEST,
    LEANS_COLUMNS,
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
    EDITION_WEEKS,
    K_ATTRIBUTE,
    K_ATTRIBUTE_LATE,
    K_GEMEENTE,
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
        ColumnSpec(
            "gemeente",
            ColumnKind.TEXT,
            "Naam van de gemeente, of van de regio van kleine gemeenten.",
            f"Staat er pas vanaf {K_GEMEENTE} getelde mensen.",
            label="Gemeente of regio",
        ),
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
    f"{SHIFT_SESSIONS} intervisies. Deze stemmen tellen niet mee in choice.",
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
DILEMMAS = TableSpec(
    "dilemmas",
    "Dilemma’s en stellingen",
    f"De kaart achter elke editie. Een editie loopt hoogstens {EDITION_WEEKS} weken. "
    "De tekst staat in cards/.",
    (
        DILEMMA,
        EDITION,
        ColumnSpec("title", ColumnKind.TEXT, "Titel van de kaart.", CARD, label="Titel"),
        ColumnSpec("theme", ColumnKind.TEXT, "Thema van de kaart.", CARD, label="Thema"),
        ColumnSpec(
            "audience",
            ColumnKind.TEXT,
            "Voor wie de kaart is; meer doelgroepen met een komma ertussen.",
            CARD,
            label="Doelgroep",
        ),
        ColumnSpec(
            "opens_on",
            ColumnKind.DAY,
            "Eerste dag waarop de kaart te zien was.",
            CARD,
            label="Open vanaf",
        ),
        ColumnSpec(
            "closes_on",
            ColumnKind.DAY,
            "Dag waarop de ronde sluit of sloot, zoals gepland.",
            CARD,
            label="Sluit op",
        ),
        ColumnSpec("closed", ColumnKind.YES_NO, "Of de ronde gesloten is.", CARD, label="Gesloten"),
        ColumnSpec(
            "part_not_counted",
            ColumnKind.YES_NO,
            "Of bij het sluiten antwoorden overbleven die niet veilig te tellen waren.",
            "Zegt alleen dát er antwoorden overbleven, niet hoeveel of welke.",
            label="Deel niet geteld",
        ),
        ColumnSpec(
            "answers",
            ColumnKind.WHOLE,
            "Getelde antwoorden van het land.",
            "De som van n in choice; leeg waar die leeg is.",
            may_be_empty=True,
            label="Getelde antwoorden",
        ),
        ColumnSpec(
            "wording",
            ColumnKind.TEXT,
            "SHA-256 van titel, verhaal en werkwijzen zoals ze geteld zijn.",
            CARD,
            label="Kenmerk van de tekst",
        ),
        ColumnSpec(
            "kind",
            ColumnKind.TEXT,
            "Of dit een dilemma is of een stelling. Een stelling vraagt alleen een antwoord: "
            "geen doorslag, zekerheid of verwachting.",
            CARD,
            {
                "dilemma": "Dilemma: een verhaal en werkwijzen",
                "stelling": "Stelling: één zin, met eens, oneens of hangt ervan af",
            },
            # a release of before this column has none
            may_be_empty=True,
            label="Soort kaart",
        ),
    ),
    ("dilemma", "edition"),
)
OPTION_TEXTS = TableSpec(
    "options",
    "Werkwijzen",
    "De werkwijzen van elke editie, met waar ze op leunen. Bij een stelling de drie antwoorden.",
    (
        DILEMMA,
        EDITION,
        OPTION,
        ColumnSpec(
            "label",
            ColumnKind.TEXT,
            "De werkwijze in een paar woorden.",
            CARD,
            label="Tekst van de werkwijze",
        ),
        ColumnSpec(
            "line",
            ColumnKind.TEXT,
            "De zin eronder.",
            CARD,
            may_be_empty=True,
            label="Zin eronder",
        ),
        ColumnSpec(
            "leans_on",
            ColumnKind.TEXT,
            "Waar ze op leunt: wet, rendement, betrokkenheid.",
            CARD,
            may_be_empty=True,
            label="Leunt op",
        ),
        *LEANS_COLUMNS,
    ),
    ("dilemma", "edition", "option"),
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
    *BY_ATTRIBUTE.values(),
    VALUE_TOTALS,
    SHIFT,
    SHIFT_MOVED,
    SHIFT_TOTALS,
    *POOLED,
    RESPONSE,
    DILEMMAS,
    OPTION_TEXTS,
    CHANGES,
)
SUM_TABLES = frozenset(spec.id for spec in (*POOLED, SHIFT_MOVED))
"""The tables whose cells are sums of cells of other tables."""
BY_ID = {spec.id: spec for spec in TABLES}
