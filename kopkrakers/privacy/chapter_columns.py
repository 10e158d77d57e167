"""The table of a dataset about cards that unfold; `columns` has the others."""

from kopkrakers.privacy.column_parts import DILEMMA, EDITION, OPTION, OPTION_LABEL, TOP
from kopkrakers.privacy.rules import COARSE_STEP, COMES_BACK_SHARES, TOP_SHARE
from kopkrakers.privacy.specs import ColumnKind, ColumnSpec, TableSpec

# D-152
CHAPTERS = TableSpec(
    "chapters",
    "Eerst en na het vervolg",
    "Op een dilemma met een vervolg kiezen mensen opnieuw na elk nieuw feit. Hier staan twee "
    "verdelingen naast elkaar: die van de eerste keuze, en die na het laatste hoofdstuk. Niet van "
    "wat naar wat iemand ging: dat weet niemand. Na een nieuw feit kozen minder mensen, en zij "
    "zagen de cijfers van de eerste keuze al. Deze keuzes tellen niet mee in de tabel Keuze "
    "(choice).",
    (
        DILEMMA,
        EDITION,
        OPTION,
        ColumnSpec(
            "chapter",
            ColumnKind.WHOLE,
            "Na welk hoofdstuk: 0 is de eerste keuze, anders het nummer van het laatste hoofdstuk. "
            "De tekst staat in cards/.",
            "Alleen het eerste en het laatste: elke verdeling ertussen is een verschil meer.",
            label="Hoofdstuk",
        ),
        ColumnSpec(
            "percent",
            ColumnKind.WHOLE,
            f"Aandeel van de getelde antwoorden van het land, als veelvoud van {COARSE_STEP}.",
            f"Een hoofdstuk staat er pas vanaf {COMES_BACK_SHARES} antwoorden, en nooit met "
            f"aantallen. Leeg bij alle werkwijzen waar er één ruim {TOP_SHARE} procent heeft.",
            may_be_empty=True,
            label="Aandeel (%)",
        ),
        TOP,
        OPTION_LABEL,
    ),
    ("dilemma", "edition", "option", "chapter"),
)
