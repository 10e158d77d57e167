"""The tables of sums in a dataset: of cells of other tables, added up first and rounded after."""

from kopkrakers.privacy.column_parts import (
    CODES,
    DILEMMA,
    EDITION,
    NOT_SAID,
    OPTION_LABEL,
    OPTIONS,
    SAID_NOTHING,
    protected,
)
from kopkrakers.privacy.labels import CERTAINTIES, CONSIDERATIONS, EXPERIENCES
from kopkrakers.privacy.rules import ROUNDING
from kopkrakers.privacy.specs import ColumnKind, ColumnSpec, TableSpec

SEVERAL = "meer"
"""The code of a werkwijze that leans on more than one thing."""
NO_GROUND = "geen"
"""The code of a werkwijze of which the card does not say on what it leans."""
YES, NO = "ja", "nee"
STAYED, CHANGED = "stayed", "changed"
BEFORE, AFTER = "before", "after"
_ADDED_UP = (
    "Eerst opgeteld, dan pas afgerond. Alleen tabellen die zelf in deze uitgave staan tellen mee, "
    "zoals ze er staan."
)
_GROUND = ColumnSpec(
    "ground",
    ColumnKind.TEXT,
    "Waar de gekozen werkwijze op leunt, zoals leans_on in options.",
    CODES,
    {
        "w": "Alleen wet",
        "r": "Alleen rendement",
        "b": "Alleen betrokkenheid",
        SEVERAL: "Meer dan een van de drie",
        NO_GROUND: "Iets anders, of de kaart zegt het niet",
    },
    label="Leunt op",
)
_SUM = protected(
    "Aantal antwoorden, als tekst; van alle dilemma’s samen.",
    f"Grootste aantal dat bij de cel past. Wie een waarde gaf en bij “{SAID_NOTHING}” is geteld, "
    "zit er niet bij",
)


def _by_ground(attribute: str, title: str, column: ColumnSpec) -> TableSpec:
    return TableSpec(
        f"pooled_by_{attribute}",
        title,
        f"Alle dilemma’s samen: waar de keuze op leunt, naar {column.label.lower()}. {_ADDED_UP}",
        (_GROUND, column, *_SUM),
        (_GROUND.id, column.id),
        rounded=True,
    )


def _value(column_id: str, label: str, values: dict[str, str], *, ordered: bool) -> ColumnSpec:
    return ColumnSpec(
        column_id,
        ColumnKind.TEXT,
        f"Zoals in choice_by_{column_id}.",
        CODES,
        {**values, **NOT_SAID},
        label=label,
        ordered=ordered,
    )


POOLED_BY_ATTRIBUTE = {
    "consideration": _by_ground(
        "consideration",
        "Doorslag, alle dilemma’s samen",
        _value("consideration", "Doorslag", CONSIDERATIONS, ordered=False),
    ),
    "certainty": _by_ground(
        "certainty",
        "Zekerheid, alle dilemma’s samen",
        _value("certainty", "Zekerheid", CERTAINTIES, ordered=True),
    ),
    "experience": _by_ground(
        "experience",
        "Ervaring, alle dilemma’s samen",
        _value("experience", "Ervaring", EXPERIENCES, ordered=True),
    ),
}
# D-155
VALUE_TOTALS = TableSpec(
    "value_totals",
    "Som per waarde",
    "Hoeveel mensen elke waarde gaven bij doorslag, zekerheid, verwachting en ervaring, per "
    f"dilemma: de mensen van choice_by_consideration en de andere. {_ADDED_UP}",
    (
        DILEMMA,
        EDITION,
        ColumnSpec(
            "attribute",
            ColumnKind.TEXT,
            "Welk los gegeven: de naam van de kolom in zijn eigen tabel.",
            CODES,
            {
                "consideration": "Doorslag",
                "certainty": "Zekerheid",
                "expected": "Verwachting",
                "experience": "Ervaring",
            },
            label="Los gegeven",
        ),
        ColumnSpec(
            "value",
            ColumnKind.TEXT,
            "De code van de waarde, zoals in de tabel van dat gegeven.",
            CODES,
            label="Waarde",
        ),
        *protected("Aantal mensen dat bij deze waarde is geteld, als tekst."),
        ColumnSpec(
            "label",
            ColumnKind.TEXT,
            "De waarde in woorden.",
            CODES,
            label="Tekst van de waarde",
        ),
    ),
    ("dilemma", "edition", "attribute", "value"),
    rounded=True,
)
_MAJORITY = "de werkwijze die volgens choice het vaakst is gekozen"
POOLED_EXPECTATION = TableSpec(
    "pooled_expectation",
    "Verwachting, alle dilemma’s samen",
    f"Alle dilemma’s samen: of mensen {_MAJORITY} verwachtten, en of ze haar zelf kozen. "
    f"Zonder dilemma’s waar twee werkwijzen gelijk staan, of choice het niet zegt. {_ADDED_UP}",
    (
        ColumnSpec(
            "expected_majority",
            ColumnKind.TEXT,
            f"Of iemand van de meeste collega’s {_MAJORITY} verwachtte.",
            CODES,
            {YES: "Ja", NO: "Nee", **NOT_SAID},
            label="Verwachtte de meerderheid",
        ),
        ColumnSpec(
            "chose_majority",
            ColumnKind.TEXT,
            f"Of iemand zelf {_MAJORITY} koos.",
            CODES,
            {YES: "Ja", NO: "Nee"},
            label="Koos de meerderheid",
        ),
        *_SUM,
    ),
    ("expected_majority", "chose_majority"),
    rounded=True,
)
_MOVED = ColumnSpec(
    "moved",
    ColumnKind.TEXT,
    "Of iemand na het gesprek hetzelfde koos als ervoor.",
    CODES,
    {STAYED: "Bleef bij de keuze", CHANGED: "Koos iets anders"},
    label="Gebleven of veranderd",
)
_PEOPLE = protected("Aantal mensen, als tekst.")
SHIFT_MOVED = TableSpec(
    "shift_moved",
    "Gebleven of veranderd",
    "Hoeveel mensen na het gesprek in een intervisie hetzelfde kozen als ervoor, per dilemma. "
    f"Zij staan in shift. {_ADDED_UP}",
    (DILEMMA, EDITION, _MOVED, *_PEOPLE),
    ("dilemma", "edition", "moved"),
    rounded=True,
)
SHIFT_TOTALS = TableSpec(
    "shift_totals",
    "Stand voor en na het gesprek",
    f"Hoeveel mensen elke werkwijze kozen, vóór en ná het gesprek: de mensen van shift. "
    f"{_ADDED_UP}",
    (
        DILEMMA,
        EDITION,
        ColumnSpec(
            "moment",
            ColumnKind.TEXT,
            "Of dit de stand vóór of ná het gesprek is.",
            CODES,
            {BEFORE: "Vóór het gesprek", AFTER: "Ná het gesprek"},
            label="Moment",
        ),
        ColumnSpec(
            "option",
            ColumnKind.TEXT,
            "De gekozen werkwijze; de tekst staat in de tabel options.",
            f"Afgerond op {ROUNDING}, ook al is de stand een som van hele groepen.",
            OPTIONS,
            label="Werkwijze",
        ),
        *_PEOPLE,
        OPTION_LABEL,
    ),
    ("dilemma", "edition", "option", "moment"),
    rounded=True,
)
POOLED_SHIFT = TableSpec(
    "pooled_shift",
    "Gebleven of veranderd, alle dilemma’s samen",
    f"Alle dilemma’s samen: hoeveel mensen na het gesprek hetzelfde kozen als ervoor. {_ADDED_UP}",
    (_MOVED, *_PEOPLE),
    ("moved",),
    rounded=True,
)
POOLED = (*POOLED_BY_ATTRIBUTE.values(), POOLED_EXPECTATION, POOLED_SHIFT)
"""The tables of all dilemmas together."""
