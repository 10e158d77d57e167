"""What the session counts: answers by kind, how long they took, and everything that was refused."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

GOOD = (200, 204, 303, 304)
CODE = re.compile(r"/[34679CDFGHJKMNPQRTWX]{6}(?=/|$)")


@dataclass
class Tally:
    """Counts of what phones and begeleider asked.

    `refused`: everything but pages, "nothing new" and redirects.
    """

    refused: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, method: str, path: str, status: int, seconds: float) -> None:
        """One answer."""
        kind = f"{method} {CODE.sub('', path.partition('?')[0])}"
        if status not in GOOD:
            self.refused[f"{status} on {kind}"] += 1
        name = f"{kind} {status}" if kind.endswith("/nu") else kind
        self.seconds["GET static" if "/static/" in path else name].append(seconds)

    def broken(self, method: str, path: str) -> None:
        """A connection that broke, or an answer that did not come."""
        self.refused[f"no answer on {method} {CODE.sub('', path.partition('?')[0])}"] += 1


def part(values: list[float], share: float) -> float:
    """The value below which this share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def spread(values: list[float]) -> str:
    """p50, p99 and the largest, in seconds."""
    return (
        f"{part(values, 0.5):.2f} / {part(values, 0.99):.2f} / {max(values):.2f} s"
        if values
        else "–"
    )
