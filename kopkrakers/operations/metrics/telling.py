"""Serve the port for metrics: a picture of each quarter of the clock, in tens."""

from collections.abc import Iterator
from dataclasses import dataclass
from secrets import randbelow
from threading import Lock

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from kopkrakers.accounts.bulk.mail_state import number_unsent
from kopkrakers.ballots.boxes import BOX, refusals
from kopkrakers.base.clock import Clock
from kopkrakers.base.db import Database
from kopkrakers.base.processes.last_look import Process, last_look
from kopkrakers.operations.metrics.tallying import BUCKETS, RequestTally
from kopkrakers.reminders.models import Kind
from kopkrakers.reminders.sending.late import late_messages

STEP = 10
"""Requests are told in multiples of this, each part from a secret number on."""
QUARTER = 15 * 60
"""Seconds for which a picture stays the same, from quarter to quarter of the clock."""
FEWEST = 100
"""Requests in a quarter from which it is told how long they took."""
QUANTILES = (0.5, 0.95, 0.99)
AGES = {"teller": Process.COUNTER, "bode": Process.COURIER}


@dataclass(frozen=True)
class Picture:
    """Numbers about requests, as they are told until the next quarter."""

    requests: dict[str, int]
    faults: int
    quantiles: dict[float, float]


# D-101
class Pictures:
    """Makes a picture at each quarter, and gives that one until the next.

    In tens from a secret start, so that who sends nine requests cannot wait for one of somebody
    else; the start is drawn anew each day.
    """

    def __init__(self, tally: RequestTally, clock: Clock) -> None:
        self._tally = tally
        self._clock = clock
        self._lock = Lock()
        self._starts: dict[str, int] = {}
        self._told: dict[str, int] = {}
        self._times = [0] * len(BUCKETS)
        self._quarter = self._now()
        self._day = self._clock().date()
        self._picture = Picture({}, 0, {})

    def latest(self) -> Picture:
        """Return the picture of the last quarter that is over."""
        with self._lock:
            if self._quarter != self._now():
                self._quarter = self._now()
                self._picture = self._draw()
            return self._picture

    def _now(self) -> int:
        return int(self._clock().timestamp()) // QUARTER

    def _draw(self) -> Picture:
        if self._day != self._clock().date():
            self._day = self._clock().date()
            self._starts = {}
        for part, number in self._tally.requests().items():
            start = self._starts.setdefault(part, randbelow(STEP))
            rounded = (number + start) // STEP * STEP
            # never less than was told before: a counter that falls looks like a new start
            self._told[part] = max(self._told.get(part, 0), rounded)
        times = self._tally.times()
        in_quarter = []
        for now, before in zip(times, self._times, strict=True):
            in_quarter.append(now - before)
        self._times = times
        return Picture(dict(self._told), self._tally.faults(), _quantiles(in_quarter))


def _quantiles(numbers: list[int]) -> dict[float, float]:
    """Return in how many seconds parts of the requests were done; nothing of too few."""
    total = sum(numbers)
    if total < FEWEST:
        return {}
    quantiles = {}
    for quantile in QUANTILES:
        up_to, place = 0, 0
        while up_to + numbers[place] < quantile * total:
            up_to += numbers[place]
            place += 1
        quantiles[quantile] = BUCKETS[place] / 1000
    return quantiles


class SiteCollector:
    """Gives the numbers of this server to whoever asks its port for metrics."""

    def __init__(self, pictures: Pictures, database: Database, clock: Clock) -> None:
        self._pictures = pictures
        self._database = database
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        """Yield every number. Without a database those of requests alone, and that it is away."""
        yield from self._of_requests()
        is_there = GaugeMetricFamily("kopkrakers_database_up", "Whether the database answers.")
        try:
            numbers = list(self._of_database())
            is_there.add_metric([], 1)
        except (SQLAlchemyError, OSError, ValueError):
            numbers = []
            is_there.add_metric([], 0)
        yield is_there
        yield from numbers

    def _of_requests(self) -> Iterator[Metric]:
        picture = self._pictures.latest()
        requests = CounterMetricFamily(
            "kopkrakers_requests",
            "Requests up to the last quarter, in tens, by route or part of the site.",
            labels=["part"],
        )
        for part, number in sorted(picture.requests.items()):
            requests.add_metric([part], number)
        yield requests
        yield CounterMetricFamily(
            "kopkrakers_faults", "Faults of ours up to the last quarter.", value=picture.faults
        )
        took = GaugeMetricFamily(
            "kopkrakers_latency_seconds",
            "In how many seconds this part of the requests of the last quarter was done.",
            labels=["quantile"],
        )
        for quantile, seconds in picture.quantiles.items():
            took.add_metric([str(quantile)], seconds)
        yield took

    def _of_database(self) -> Iterator[Metric]:
        now = self._clock()
        ages = GaugeMetricFamily(
            "kopkrakers_minutes_since_look", "Minutes since a process looked.", labels=["process"]
        )
        for name, process in AGES.items():
            looked = last_look(self._database, process)
            if looked is not None:
                minutes = int((now - looked).total_seconds() // 60)
                ages.add_metric([name], minutes)
        yield ages
        with self._database.reading() as session:
            boxes = session.execute(select(func.count()).select_from(BOX)).scalar_one()
            refused = refusals(session)
            waiting = {
                "uitnodiging": number_unsent(session, now),
                "herinnering": late_messages(session, now, Kind.MAIL),
                "melding": late_messages(session, now, Kind.PUSH),
            }
        yield GaugeMetricFamily("kopkrakers_boxes", "Boxes that stand ready.", value=boxes)
        yield GaugeMetricFamily(
            "kopkrakers_refused_envelopes", "Envelopes that were refused.", value=refused
        )
        queue = GaugeMetricFamily(
            "kopkrakers_messages_waiting", "Messages that should have left.", labels=["kind"]
        )
        for kind, number in waiting.items():
            queue.add_metric([kind], number)
        yield queue
