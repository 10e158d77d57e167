"""Sign anew what stays for years, once the secret of the installation was replaced.

Boxes and what waits in them go by themselves, and turns are renamed (`turns`).
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlmodel import Session

from kopkrakers.accounts.chain.gemeenten import days_of_former_key, sign_days_anew
from kopkrakers.accounts.second_step.keeping import (
    second_steps_of_former_key,
    sign_second_steps_anew,
)
from kopkrakers.accounts.sso.providers import providers_of_former_key, sign_providers_anew
from kopkrakers.accounts.trail.chain import sign_trail_anew, trail_of_former_key
from kopkrakers.base.keys import Keys
from kopkrakers.counter.newest.account_chain import chain_of_former_key, sign_chain_anew
from kopkrakers.counter.newest.count_number import numbers_of_former_key, sign_number_anew
from kopkrakers.pools.chairs import chairs_of_former_key, sign_chairs_anew
from kopkrakers.pools.service import (
    assignments_of_former_key,
    editions_of_former_key,
    regios_of_former_key,
    sign_assignments_anew,
    sign_editions_anew,
    sign_regios_anew,
)
from kopkrakers.tallies.signing import sign_totals_anew, totals_of_former_key


class LastingRows(NamedTuple):
    """Rows of one kind that stay.

    `of_former_key` returns those that hold by a former key and not by the current one; a row that
    somebody changed is none of them. `sign` gives those a MAC by the current key.
    """

    of_former_key: Callable[[Session, Keys], Sequence[Any]]
    sign: Callable[[Session, Keys, Sequence[Any]], None]


LASTING = (
    LastingRows(numbers_of_former_key, sign_number_anew),
    LastingRows(chain_of_former_key, sign_chain_anew),
    LastingRows(days_of_former_key, sign_days_anew),
    LastingRows(providers_of_former_key, sign_providers_anew),
    LastingRows(trail_of_former_key, sign_trail_anew),
    LastingRows(second_steps_of_former_key, sign_second_steps_anew),
    LastingRows(regios_of_former_key, sign_regios_anew),
    LastingRows(assignments_of_former_key, sign_assignments_anew),
    LastingRows(editions_of_former_key, sign_editions_anew),
    LastingRows(chairs_of_former_key, sign_chairs_anew),
    LastingRows(totals_of_former_key, sign_totals_anew),
)


def carries_former_key(session: Session, keys: Keys) -> bool:
    """Whether something that stays still needs a former key."""
    return any(kind.of_former_key(session, keys) for kind in LASTING)


def sign_lasting_anew(session: Session, keys: Keys) -> int:
    """Sign by the current key all that stays and carries a former one. Return how many."""
    signed = 0
    for kind in LASTING:
        rows = kind.of_former_key(session, keys)
        kind.sign(session, keys, rows)
        signed += len(rows)
    return signed
