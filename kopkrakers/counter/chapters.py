"""Hold the totals of a chapter against those of its card: two of them never tell one person."""

from itertools import product

from sqlalchemy import bindparam, select
from sqlmodel import Session

from kopkrakers.catalogue.cards.front_matter import MOST_CHAPTERS
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.totals import totals_hold
from kopkrakers.pools.service import EDITION_COLUMNS, edition_holds
from kopkrakers.privacy.bundles import Counts, differ_safely
from kopkrakers.privacy.rules import K_GEMEENTE
from kopkrakers.tallies.models import NL, TALLY
from kopkrakers.tallies.signing import EditionTotals, read_totals

_NEIGHBOURS = select(*EDITION_COLUMNS).where(
    EDITION.c.dilemma == bindparam("dilemma"),
    EDITION.c.number.between(bindparam("lowest"), bindparam("highest")),
)


# D-137
def keep_people_apart(counter: Counter, session: Session, totals: EditionTotals) -> bool:
    """Whether totals that are about to be written may stand beside those of card and chapters.

    Nearly the same people choose twice on nearly the same case. Each set of totals is held against
    each set of the other editions. A card without chapters has no others.
    """
    for number in _others(counter, session, totals):
        other = read_totals(session, totals.dilemma, number)
        # nothing can be held against totals that somebody changed
        if not totals_hold(counter, other):
            return False
        for one, beside in product(_sets(totals), _sets(other)):
            if not differ_safely(one, beside, K_GEMEENTE):
                return False
    return True


def _others(counter: Counter, session: Session, totals: EditionTotals) -> list[int]:
    """Return the numbers of the other editions of a card and its chapters.

    One that is not signed as what it says it is may be any of them: who makes a chapter look like
    none by SQL has its totals held against those of the card all the same.
    """
    near = {
        "dilemma": totals.dilemma,
        "lowest": totals.edition - MOST_CHAPTERS,
        "highest": totals.edition + MOST_CHAPTERS,
    }
    firsts: dict[int, int] = {}
    altered = set()
    for row in session.execute(_NEIGHBOURS, near):
        firsts[row.number] = row.number - row.chapter
        # before the counter chose its pools nothing is signed, and nothing can be counted
        if row.pools is not None and not edition_holds(counter.keys, row):
            altered.add(row.number)
    first = firsts.pop(totals.edition, None)
    # nothing tells to which card it belongs, so all editions beside it are others
    if totals.edition in altered:
        return list(firsts)
    return [number for number in firsts if firsts[number] == first or number in altered]


def _sets(totals: EditionTotals) -> list[Counts]:
    """Return all that can be read of totals at once.

    Those of each scope, and the national ones less each gemeente or regio.
    """
    scopes: dict[str, Counts] = {}
    for (kind, part), counts in totals.counts.items():
        if kind == TALLY.name:
            scopes[part] = {option: n for (option, *_), n in counts.items()}
    national = scopes.get(NL, {})
    sets = list(scopes.values())
    # who is shown the land and a pool can take the one off the other
    for scope, here in scopes.items():
        if scope != NL:
            sets.append({option: n - here.get(option, 0) for option, n in national.items()})
    return [one for one in sets if any(one.values())]
