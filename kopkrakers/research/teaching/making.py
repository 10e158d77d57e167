"""Makes the teaching set: a dataset like any release, and the truth it was made of."""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from random import Random

from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.editions import PublishedEdition
from kopkrakers.privacy.bundles import NOT_SAID, safe
from kopkrakers.privacy.column_parts import SAID_NOTHING
from kopkrakers.privacy.columns import CHANGES as CHANGES_TABLE
from kopkrakers.privacy.rules import EDITION_WEEKS, K_NATIONAL
from kopkrakers.research.identity import OPEN, TEACHING_SET, Identity, Origin, ReleaseName
from kopkrakers.research.protected.earlier import Earlier
from kopkrakers.research.reading import CountedEdition, CountedState
from kopkrakers.research.release.dataset import pack
from kopkrakers.research.release.tables import make_tables
from kopkrakers.research.rows import DataTable
from kopkrakers.research.teaching import inventing
from kopkrakers.research.teaching.counting import Totals, counted
from kopkrakers.research.teaching.inventing import InventedAnswer, Truth

FILE_NAME = "kopkrakers-oefenset-verzonnen.zip"
SEED = 2026
MONTH = "2026-11"
"""It has a month as every dataset has; it is of none."""
FIRST_DAY = date(2026, 11, 2)
DILEMMAS = Path(__file__).with_name("dilemmas.txt")
"""The dilemmas that are in it, so that a new card changes no exercise."""
NAME = "Oefenstad {}"
"""The name of an invented gemeente, with its number."""
Shift = Mapping[str, Mapping[str, int]]
"""People by option before and option after."""
EXERCISE = Path(__file__).with_name("oefening.md")


# D-140
def teaching_set(cards: Mapping[str, Card], origin: Origin) -> bytes:
    """Return the zip, byte for byte the same for the same cards, by slug, and origin."""
    chance = Random(SEED)
    identity = Identity(ReleaseName(TEACHING_SET, MONTH), origin, invented=True, terms=OPEN)
    editions: list[CountedEdition] = []
    answers: list[InventedAnswer] = []
    truths: dict[str, Truth] = {}
    for place, card in enumerate(_chosen(cards)):
        slug = card.slug
        truth = truths[slug] = inventing.truth_of(card, chance)
        given = list(inventing.answers_to(card, truth, chance))
        answers += given
        totals = counted(card.option_codes, given, chance)
        shift: Shift = {}
        if place % inventing.TALKED_ABOUT == 0:
            shift = _shift(card.option_codes, inventing.pairs_of(truth, chance))
        editions.append(_edition(card, place, totals, shift))
    numbers = range(1, len(inventing.SIZES) + 1)
    names = {str(number): NAME.format(number) for number in numbers}
    people = sum(inventing.SIZES)
    state = CountedState(tuple(editions), names, {}, people, people, len(answers), invented=True)
    tables = (*make_tables(state, Earlier()), DataTable(CHANGES_TABLE, ()))
    beside = {
        "OEFENING.md": EXERCISE.read_bytes(),
        "antwoorden.csv": _as_csv(answers),
        "waarheid.json": _as_json(truths),
    }
    return pack(identity, state, tables, _quiet, beside)


def _chosen(cards: Mapping[str, Card]) -> list[Card]:
    """Return the cards of the set; where a server lacks some, as many others."""
    slugs = DILEMMAS.read_text(encoding="utf-8").split()
    chosen = []
    # a dictionary and no set: those of the list come first, in its order
    for slug in dict.fromkeys([*slugs, *sorted(cards)]):
        if slug in cards:
            chosen.append(cards[slug])
    return chosen[: len(slugs)]


def _quiet(_done: int, _all: int) -> None:
    """Show no progress: it takes seconds."""


def _edition(card: Card, place: int, totals: Totals, shift: Shift) -> CountedEdition:
    opens_on = FIRST_DAY + timedelta(days=place)
    edition = PublishedEdition(
        dilemma=card.slug,
        number=1,
        card_edition=card.edition,
        digest=card.digest,
        source=card.source,
        opens_on=opens_on,
        closes_on=opens_on + timedelta(weeks=EDITION_WEEKS),
        frozen=False,
        settled=True,
        part_not_counted=not totals.all_counted,
        two_chairs=False,
    )
    return CountedEdition(
        edition=edition,
        card=card,
        scopes=totals.scopes,
        comes_back=False,
        attributes=totals.attributes,
        shift=shift,
        leaders={},
    )


def _shift(options: Sequence[str], pairs: Iterable[tuple[str, str]]) -> Shift:
    """Return pairs by option before and after; nothing where the counter would not count them."""
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    cells: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(options, 0))
    for left, right in pairs:
        before[left] += 1
        after[right] += 1
        cells[left][right] += 1
    if not (safe(before, K_NATIONAL) and safe(after, K_NATIONAL)):
        return {}
    return cells


def _as_csv(answers: Sequence[InventedAnswer]) -> bytes:
    """Return every answer, counted or not, with the codes of the tables."""
    text = StringIO()
    lines = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    lines.writerow(("dilemma", "gemeente", *InventedAnswer._fields[2:]))
    for one in answers:
        codes = []
        for code in one[2:]:
            codes.append(SAID_NOTHING if code == NOT_SAID else code)
        lines.writerow((one.dilemma, NAME.format(one.gemeente), *codes))
    return text.getvalue().encode()


def _as_json(truths: Mapping[str, Truth]) -> bytes:
    shares, majorities = {}, {}
    for slug, truth in truths.items():
        shares[slug] = dict(truth.shares)
        majorities[slug] = truth.majority
    told = {
        "verzonnen": True,
        "keuze": shares,
        "meerderheid": majorities,
        "doorslag_past_bij_keuze": inventing.OWN_GROUND,
        "verwacht_de_meerderheid": inventing.FORESEES,
        "slaat_een_vraag_over": inventing.SKIPS,
        "verandert_na_gesprek": inventing.CHANGES,
        "gemeenten_verschillen": False,
        "mensen_per_gemeente": list(inventing.SIZES),
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
