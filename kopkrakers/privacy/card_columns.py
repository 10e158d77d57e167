"""The tables of a dataset that describe cards and gemeenten, and count nobody."""

from kopkrakers.privacy.column_parts import (
    CARD,
    DILEMMA,
    EDITION,
    GEMEENTE,
    LEANS_COLUMNS,
    OPTION,
)
from kopkrakers.privacy.rules import EDITION_WEEKS
from kopkrakers.privacy.specs import ColumnKind, ColumnSpec, TableSpec

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
_PUBLIC = "Geen: staat in de openbare lijst Gemeenten alfabetisch van het CBS."
GEMEENTEN = TableSpec(
    "gemeenten",
    "Gemeenten",
    "De gemeenten en regio’s van choice_by_gemeente, met hun code bij het CBS. Wie de server "
    "draait, leest de lijst van het CBS in; zonder die lijst zijn de codes leeg.",
    (
        GEMEENTE,
        ColumnSpec(
            "code",
            ColumnKind.TEXT,
            "Code van de gemeente bij het CBS: GM en vier cijfers. Leeg bij een regio, en bij een "
            "naam die niet in de lijst staat.",
            _PUBLIC,
            may_be_empty=True,
            label="Code van het CBS",
        ),
        ColumnSpec(
            "province",
            ColumnKind.TEXT,
            "Provincie van de gemeente; leeg waar de code dat is.",
            _PUBLIC,
            may_be_empty=True,
            label="Provincie",
        ),
        ColumnSpec(
            "code_year",
            ColumnKind.WHOLE,
            "Jaar van de lijst: de indeling op 1 januari. Leeg waar de code dat is.",
            _PUBLIC,
            may_be_empty=True,
            label="Jaar van de indeling",
        ),
    ),
    ("gemeente",),
)
