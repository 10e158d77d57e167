"""The themes a card chooses from: a plain list in `themas.yaml`."""

from pathlib import Path
from typing import TypeVar

from ruamel.yaml import YAML

from kopkrakers.catalogue.cards.faults import CardFaults, Fault
from kopkrakers.catalogue.cards.yaml_lines import FlatComposer

THEMES_FILE = "themas.yaml"
CHANGING_THEMES = ("Bijverdienen", "Plichten en maatregelen")
"""Themes in which a change of the law changes the choice itself, unless a card says otherwise.

What may be earned beside a benefit and what someone is bound to are rules that a klantmanager
applies as they stand; in other themes the law is one side of a question that stays.
"""


Otherwise = TypeVar("Otherwise")


def themes_or(
    folder: Path, otherwise: Otherwise
) -> tuple[tuple[str, ...] | Otherwise, tuple[Fault, ...]]:
    """Return the themes of a folder of cards; where they cannot be read `otherwise`, and why."""
    try:
        return read_themes(folder), ()
    except CardFaults as error:
        return otherwise, error.faults


def read_themes(folder: Path) -> tuple[str, ...]:
    """Return the themes of a folder of cards, in the order of their file.

    Raises: CardFaults when the file is missing or is not a list of texts.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = FlatComposer
    try:
        themes = yaml.load((folder / THEMES_FILE).read_bytes().decode("utf-8"))
    except Exception:  # noqa: BLE001  whatever is wrong with this file, the cards stay
        themes = None
    is_list = isinstance(themes, list) and len(themes) > 0
    if not is_list or not all(isinstance(theme, str) for theme in themes):
        sentence = (
            f"{THEMES_FILE} ontbreekt of is geen lijst. "
            "Zet elk thema op een eigen regel met een streepje ervoor."
        )
        raise CardFaults([Fault(0, sentence)])
    return tuple(themes)
