"""Give MACs to totals that a test wrote by hand, as the counter does to those it counted."""

from kopkrakers.base.db import Database
from kopkrakers.base.keys import Keys
from kopkrakers.tallies.signing import counted_editions, read_totals, sign_totals
from tests.support.world import ROW_KEYS


def sign_by_hand(database: Database, keys: Keys = ROW_KEYS) -> None:
    """Sign all totals as they stand."""
    with database.transaction() as session:
        editions = counted_editions(session)
        for dilemma, edition in editions:
            totals = read_totals(session, dilemma, edition)
            number = totals.count_number or 1
            again = any(one == dilemma and other < edition for one, other in editions)
            sign_totals(session, keys, totals, number, comes_back=again)
