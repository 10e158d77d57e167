"""`python -m tests.drills.hurried`: a counter that opens the boxes time and again, to be killed.

Ours opens them at two moments of a working day: a kill would mostly find it at rest.
"""

import time

from kopkrakers.base.clock import utc_now
from kopkrakers.base.config import load_settings
from kopkrakers.base.db import Database
from kopkrakers.catalogue.library import Library, library_of
from kopkrakers.counter.build import make_counter
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.counting import look_into_boxes, mark_lived
from kopkrakers.counter.loop import tick

PAUSE = 0.2
"""Seconds between two counts."""


def main() -> None:
    """Count until killed; a database that goes away ends it as well."""
    settings = load_settings()
    database = Database(settings.database_url)
    library = library_of(settings.cards_dir, database)
    counter = make_counter(settings, database, library)
    while True:
        count_once(counter, library)
        time.sleep(PAUSE)


def count_once(counter: Counter, library: Library) -> None:
    """Do what is due, and count all that may be, as if a moment of the day had just come."""
    now = utc_now()
    tick(counter, library, now)
    with counter.folder.locked():
        mark_lived(counter)
        look_into_boxes(counter, now, at_least=0)


if __name__ == "__main__":
    main()
