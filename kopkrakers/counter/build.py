"""Make the counter, with its keys and the rule of every kind of box, and list its quick jobs."""

from collections.abc import Mapping

from kopkrakers.ballots.boxes import SESSION, SHIFT
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.keys import Use, keys_for
from kopkrakers.catalogue.editions.editions import options_of_edition
from kopkrakers.catalogue.library import Library
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.daily import EditionOptions, daily_rules
from kopkrakers.counter.keys import KeyFolder
from kopkrakers.counter.opening import CountingRule
from kopkrakers.counter.sessions.ends import tend_sessions
from kopkrakers.counter.sessions.quick import QuickJob
from kopkrakers.counter.sessions.rounds import SessionRule, count_closed_rounds
from kopkrakers.counter.sessions.shift import end_old_pairs, shift_rule

# apart from each other, so that closing a round never waits for the lock on the key folder
# D-31
QUICK_JOBS = (
    QuickJob(count_closed_rounds),
    QuickJob(tend_sessions, rest=1.0),
    QuickJob(end_old_pairs, rest=3600.0),
)
"""The jobs of the counter's loop beside its tick.

Who closes a round waits for the first. Pairs are kept for weeks: an hour more is nothing.
"""


def make_counter(settings: Settings, database: Database, library: Library) -> Counter:
    """Return the counter of daily answers, attributes, live sessions and shifts.

    Raises: ConfigurationError when the key folder is not set, not safe, or another instance's.
    """
    # one object for all rules, so that the card of an edition is read once
    options = EditionOptions(lambda edition: options_of_edition(library, edition))
    rules = {**daily_rules(options), SESSION: SessionRule(), SHIFT: shift_rule(options)}
    return _counter(settings, database, rules)


def check_keys(settings: Settings, database: Database) -> None:
    """Look whether a counter can begin here. No card is read for it: that takes seconds.

    Raises: ConfigurationError when the key folder is not set, not safe, or another instance's.
    """
    _counter(settings, database, rules={})


def _counter(settings: Settings, database: Database, rules: Mapping[str, CountingRule]) -> Counter:
    if settings.key_dir is None:
        raise ConfigurationError(
            "KOPKRAKERS_KEY_DIR ontbreekt. Daar bewaart de teller zijn sleutels."
        )
    folder = KeyFolder(settings.key_dir)
    if faults := folder.faults():
        raise ConfigurationError("\n".join(faults))
    turn_keys = keys_for(Use.TURNS, settings)
    counter = Counter(database, folder, mac_keys(settings), turn_keys, rules, settings.moments)
    # before anybody has it: with other keys it would refuse every envelope there is
    counter.check_instance()
    return counter
