"""The trefwoorden that cards choose from: a plain list in `trefwoorden.yaml`, kept by the desk."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from pathlib import Path

from ruamel.yaml import YAML

from kopkrakers.base.typed import fold
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.cards.faults import Fault
from kopkrakers.catalogue.cards.front_matter import FEWEST_KEYWORDS, MOST_KEYWORDS
from kopkrakers.catalogue.cards.yaml_lines import FlatComposer

KEYWORDS_FILE = "trefwoorden.yaml"
LIKE = 0.7
"""From which likeness on, 0 to 1, a word of the list is offered for one that is not in it."""


def read_keywords(folder: Path) -> tuple[str, ...]:
    """Return the trefwoorden of a folder of cards; none where it has no list of them.

    Without a list nothing is said of words: it helps writers, and stops no card.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = FlatComposer
    try:
        words = yaml.load((folder / KEYWORDS_FILE).read_bytes().decode("utf-8"))
    except Exception:  # noqa: BLE001  whatever is wrong with this file, the cards stay
        return ()
    if not isinstance(words, list):
        return ()
    return tuple(word for word in words if isinstance(word, str))


# D-146
def advise_keywords(card: Card, known: Collection[str]) -> Iterator[Fault]:
    """Yield advice on the trefwoorden of a card: that it has none, or one that no list knows.

    `known`: those of the list and of other cards; where there are none, nothing is said.
    """
    if not known:
        return
    if not card.keywords:
        few, most = FEWEST_KEYWORDS, MOST_KEYWORDS
        yield Fault(
            0,
            f"Geef deze kaart {few} tot {most} trefwoorden: dan staat ze in de lijst van A tot Z.",
        )
        return
    line = 1 + card.source.split("trefwoorden:")[0].count("\n")
    by_form = {fold(word): word for word in known}
    for word in card.keywords:
        if word in known:
            continue
        near = get_close_matches(fold(word), by_form, n=1, cutoff=LIKE)
        hint = f" Bedoel je ‘{by_form[near[0]]}’?" if near else ""
        yield Fault(line, f"Het trefwoord ‘{word}’ is nieuw.{hint} Klopt het, laat het dan staan.")
