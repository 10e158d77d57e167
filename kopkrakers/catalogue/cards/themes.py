"""The themes a card chooses from: a plain list in `themas.yaml`."""

from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from kopkrakers.catalogue.cards.faults import CardFaults, Fault

THEMES_FILE = "themas.yaml"


def read_themes(folder: Path) -> tuple[str, ...]:
    """The themes of a folder of cards, in the order of their file.

    Raises: CardFaults when the file is missing or is not a list of texts.
    """
    try:
        found = YAML(typ="safe", pure=True).load(
            (folder / THEMES_FILE).read_bytes().decode("utf-8")
        )
    except (OSError, ValueError, YAMLError):
        found = None
    if (
        not isinstance(found, list)
        or not found
        or not all(isinstance(theme, str) for theme in found)
    ):
        sentence = f"{THEMES_FILE} ontbreekt of is geen lijst. Zet elk thema op een eigen regel met een streepje ervoor."
        raise CardFaults([Fault(0, sentence)])
    return tuple(found)
