"""The dilemmas of a new instance: those of its first days, and starters for its archive."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog
from ruamel.yaml import YAML

from kopkrakers.catalogue.cards.faults import CardFaults, Fault
from kopkrakers.catalogue.cards.yaml_lines import FlatComposer

BEGINNING_FILE = "begin.yaml"
_FIRST_DAYS = "eerste_dagen"
_STARTERS = "plank"
log = structlog.get_logger()


@dataclass(frozen=True)
class Beginning:
    """Slugs: of the first working days, in order, and of those open in the archive from day one."""

    first_days: tuple[str, ...] = ()
    starters: tuple[str, ...] = ()


def read_beginning(folder: Path) -> Beginning:
    """Return the beginning in a folder of cards; an empty one when it has none.

    Raises: CardFaults when the file is there and cannot be used.
    """
    path = folder / BEGINNING_FILE
    if not path.exists():
        return Beginning()
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = FlatComposer
    try:
        lists = yaml.load(path.read_bytes().decode("utf-8"))
    except Exception:  # noqa: BLE001  whatever is wrong with this file, the cards stay
        lists = None
    if not isinstance(lists, dict) or set(lists) != {_FIRST_DAYS, _STARTERS}:
        raise CardFaults([Fault(0, _wrong_shape())])
    beginning = Beginning(_slugs(lists, _FIRST_DAYS), _slugs(lists, _STARTERS))
    named = [*beginning.first_days, *beginning.starters]
    if len(set(named)) < len(named):
        raise CardFaults([Fault(0, "Een kaart staat er twee keer in. Haal er één weg.")])
    return beginning


def usable_beginning(folder: Path) -> Beginning:
    """Return the beginning, or an empty one when its file cannot be used: the calendar goes on."""
    try:
        return read_beginning(folder)
    except CardFaults as error:
        log.error("beginning_unreadable", faults=[fault.sentence for fault in error.faults])
        return Beginning()


def _slugs(lists: Mapping[str, object], key: str) -> tuple[str, ...]:
    slugs = lists[key]
    if not isinstance(slugs, list) or not all(isinstance(slug, str) for slug in slugs):
        raise CardFaults([Fault(0, _wrong_shape())])
    return tuple(slugs)


def _wrong_shape() -> str:
    return (
        f"In {BEGINNING_FILE} horen twee lijsten van kaarten te staan: "
        f"‘{_FIRST_DAYS}’ en ‘{_STARTERS}’."
    )
