"""Add bundles only to totals that hold, and remember in the key folder what was added to."""

import json
from collections.abc import Collection, Mapping
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.accounts.models import GEMEENTE
from kopkrakers.answers.rules import Attribute
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.keys import KeyFolder
from kopkrakers.counter.opening import TotalRows
from kopkrakers.pools.models import REGIO
from kopkrakers.pools.rules import regio_pool
from kopkrakers.pools.service import is_answered_before
from kopkrakers.tallies.models import ATTRIBUTE_TALLY, EDITION_MAC, LEADERS, NL, TALLY
from kopkrakers.tallies.signing import (
    WHOLE,
    EditionTotals,
    Part,
    add_signed,
    counted_editions,
    is_anything_signed,
    read_totals,
    sign_totals,
)

TOTALS_FILE = "totals"
"""The file in the key folder with, for every edition, the number of the last count of it."""
FAULT = (
    "Buiten kopkrakers om veranderd: de totalen van {dilemma}, editie {edition} ({parts}). "
    "Van die editie wordt niets geteld; wat wacht, blijft wachten. Zoek uit wie in de database "
    "kan schrijven. Zet dan een back-up van daarvoor terug met `kopkrakers restore`."
)
NOT_SIGNED_YET = (
    "De totalen zijn van een eerdere versie en nog niet ondertekend. Tot dan ziet niemand ze, en "
    "valt niet op of iemand ze verandert. De eerste telling ondertekent ze, één keer. Start de "
    "teller, of typ: kopkrakers count"
)
ALL_OF_IT = "rijen die ontbreken of van een eerder moment zijn"
OF_SHIFT = "verschuiving in sessies"
ATTRIBUTES = {
    Attribute.CONSIDERATION: "doorslag",
    Attribute.CERTAINTY: "zekerheid",
    Attribute.EXPECTED: "verwachting",
    Attribute.EXPERIENCE: "ervaring",
}
EditionNumbers = Mapping[tuple[str, int], int]
"""The number of the last count of each edition."""
log = structlog.get_logger()


# D-66
def verified_totals(counter: Counter, session: Session, box: Row[Any]) -> EditionTotals | None:
    """Return the totals of the edition of a box; None, with an alarm, where they do not hold.

    Nothing is added to those: what waits in the box waits on.
    """
    totals = read_totals(session, box.subject, box.edition)
    numbers = recalled_numbers(counter.folder)
    faults = totals.faults(counter.keys, at_least=_known(numbers, totals))
    if not faults:
        return totals
    log.error("totals do not hold", reason=_sentence(session, totals, faults))
    return None


def add_bundle(
    counter: Counter, session: Session, totals: EditionTotals, added: TotalRows
) -> EditionTotals:
    """Add the rows of a bundle to totals that were verified, as one count. Return the new ones.

    Call `note_totals` once that is committed.
    """
    number = counter.number_count(session)
    numbers = recalled_numbers(counter.folder)
    if not totals.count_number:
        _mark_later(counter, session, totals, numbers)
    return add_signed(
        session,
        counter.keys,
        totals,
        added.to,
        added.rows,
        number,
        # one that is counted before the edition it comes back from is coarse from its first count
        comes_back=_comes_back(numbers, totals)
        or is_answered_before(session, totals.dilemma, totals.edition),
    )


def totals_hold(counter: Counter, totals: EditionTotals) -> bool:
    """Whether totals that were read are all there, as the counter wrote them."""
    numbers = recalled_numbers(counter.folder)
    return not totals.faults(counter.keys, at_least=_known(numbers, totals))


def note_totals(counter: Counter, totals: EditionTotals) -> None:
    """Write the number of the last count of an edition in the key folder, once committed."""
    numbers = recalled_numbers(counter.folder)
    # never lower: that would let an older set of totals pass
    if totals.count_number > _known(numbers, totals):
        place = (totals.dilemma, totals.edition)
        _remember(counter.folder, {**numbers, place: totals.count_number})


def sign_totals_once(counter: Counter) -> int:
    """Sign the totals of an installation from before they were signed, once. Return how many.

    That it was done is remembered in the key folder: nobody who can write to the database can have
    forged totals signed. Call this under the counter's lock.
    """
    if counter.folder.recall(TOTALS_FILE) is not None:
        return 0
    with counter.database.reading() as session:
        awaited = await_signing(counter, session)
    signed = len(_sign_anew(counter, as_they_are=True)) if awaited else 0
    catch_up_totals(counter)
    return signed


def await_signing(counter: Counter, session: Session) -> bool:
    """Whether totals of an earlier version wait for their one signing.

    Never again once the key folder says that it was done, whatever is taken from the database.
    """
    if counter.folder.recall(TOTALS_FILE) is not None or not counted_editions(session):
        return False
    return not is_anything_signed(session)


def sign_restored_totals(counter: Counter, *, as_they_are: bool) -> int:
    """Let the totals of a backup that was put back be the last ones. Return how many fail.

    Those that do not hold are signed only when the operator says that they are right
    (`as_they_are`). Sets of before the restore are older from now on, and can not come back.
    """
    # that an edition was counted stays known where its counts went with the restore
    recalled = dict.fromkeys(recalled_numbers(counter.folder), 0)
    numbers = _sign_anew(counter, as_they_are=as_they_are)
    _remember(counter.folder, {**recalled, **numbers})
    with counter.database.reading() as session:
        return len(total_faults(counter, session))


def _sign_anew(counter: Counter, *, as_they_are: bool) -> EditionNumbers:
    """Sign totals anew that hold, or all as they are, as one count. Return its number by edition.

    Those that fail have it too, so that they go on failing.
    """
    with counter.database.transaction() as session:
        editions = counted_editions(session)
        known = {*editions, *recalled_numbers(counter.folder)}
        number = counter.number_count(session) if editions else 0
        for dilemma, edition in editions:
            totals = read_totals(session, dilemma, edition)
            if as_they_are or not totals.faults(counter.keys, at_least=0):
                comes_back = _comes_back(known, totals) or totals.says_comes_back(counter.keys)
                sign_totals(session, counter.keys, totals, number, comes_back=comes_back)
    counter.note_count()
    return dict.fromkeys(editions, number)


def catch_up_totals(counter: Counter) -> None:
    """Let the key folder know the last count of every edition whose totals hold.

    It is one behind when the counter was killed between a count and writing it there.
    """
    numbers = dict(recalled_numbers(counter.folder))
    with counter.database.reading() as session:
        for row in session.execute(select(EDITION_MAC)):
            place = (row.dilemma, row.edition)
            known = numbers.get(place, 0)
            if row.count_number > known:
                totals = read_totals(session, *place)
                if not totals.faults(counter.keys, at_least=known):
                    numbers[place] = totals.count_number
    _remember(counter.folder, numbers)


def total_faults(counter: Counter, session: Session) -> dict[tuple[str, int], str]:
    """Return the editions whose totals do not hold, each with a sentence that says which."""
    numbers = recalled_numbers(counter.folder)
    said = {}
    for place in sorted({*counted_editions(session), *numbers}):
        totals = read_totals(session, *place)
        faults = totals.faults(counter.keys, at_least=_known(numbers, totals))
        if faults:
            said[place] = _sentence(session, totals, faults)
    return said


def recalled_numbers(folder: KeyFolder) -> EditionNumbers:
    """Return the number of the last count of each edition that was ever counted, by the key folder.

    0 where a backup was put back from before its first count.
    """
    line = folder.recall(TOTALS_FILE)
    numbers = {}
    for place, number in json.loads(line or "{}").items():
        dilemma, edition = place.rsplit(" ", 1)
        numbers[dilemma, int(edition)] = int(number)
    return numbers


def _remember(folder: KeyFolder, numbers: EditionNumbers) -> None:
    written = {}
    for (dilemma, edition), number in numbers.items():
        written[f"{dilemma} {edition}"] = number
    line = json.dumps(written, sort_keys=True)
    # most looks count nothing, and need not wait for the disk
    if line != folder.recall(TOTALS_FILE):
        folder.remember(TOTALS_FILE, line)


def _comes_back(counted: Collection[tuple[str, int]], totals: EditionTotals) -> bool:
    """Whether an earlier edition of the dilemma is among those that were counted."""
    return any(
        dilemma == totals.dilemma and edition < totals.edition for dilemma, edition in counted
    )


def _mark_later(
    counter: Counter, session: Session, totals: EditionTotals, numbers: EditionNumbers
) -> None:
    """Sign later editions of a dilemma as coming back, now that this one is counted too."""
    for dilemma, edition in numbers:
        if dilemma != totals.dilemma or edition <= totals.edition:
            continue
        later = read_totals(session, dilemma, edition)
        # totals that fail stay as they are: signing them would make them right
        faults = later.faults(counter.keys, at_least=_known(numbers, later))
        if later.count_number and not faults:
            sign_totals(session, counter.keys, later, later.count_number, comes_back=True)


def _known(numbers: EditionNumbers, totals: EditionTotals) -> int:
    return numbers.get((totals.dilemma, totals.edition), 0)


def _sentence(session: Session, totals: EditionTotals, faults: list[Part]) -> str:
    """Return the sentence for the parts of totals that do not hold, by their Dutch names."""
    names = {
        WHOLE: ALL_OF_IT,
        (TALLY.name, NL): "het land",
        (TALLY.name, LEADERS): "leidinggevenden",
        ("shift_tally", ""): OF_SHIFT,
    }
    for row in session.execute(select(GEMEENTE.c.id, GEMEENTE.c.name)):
        names[TALLY.name, str(row.id)] = row.name
    for row in session.execute(select(REGIO.c.id, REGIO.c.name)):
        names[TALLY.name, regio_pool(row.id)] = f"regio {row.name}"
    for attribute, name in ATTRIBUTES.items():
        names[ATTRIBUTE_TALLY.name, attribute.value] = name
    # a scope that is no pool of now is told as it stands
    parts = ", ".join(names.get(part, part[1]) for part in faults)
    return FAULT.format(dilemma=totals.dilemma, edition=totals.edition, parts=parts)
