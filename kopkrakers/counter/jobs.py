"""The quick jobs of the counter's loop."""

from kopkrakers.counter.daily import give_newcomers_boxes
from kopkrakers.counter.sessions import close_rounds, tend_rooms
from kopkrakers.counter.shift import end_old_pairs

QUICK_JOBS = (close_rounds, tend_rooms, end_old_pairs, give_newcomers_boxes)
"""Each runs apart, so that closing a round never waits for the lock on the key folder."""
