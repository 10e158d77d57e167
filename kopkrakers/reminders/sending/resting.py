"""Leave a server alone for a while after it failed, each time longer."""

from datetime import datetime, timedelta

FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=15)
"""Unless the server asks for more."""


class RestingServers:
    """Servers that are left alone for a while. In memory alone: a new process tries again."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}
        self._rest: dict[str, timedelta] = {}

    def rests(self, server: str, now: datetime) -> bool:
        """Whether a server is left alone now."""
        return now < self._until.get(server, now)

    def failed(self, server: str, now: datetime, *, asked: timedelta = timedelta()) -> None:
        """Leave a server alone: twice as long as the time before, or as it asked."""
        rest = min(2 * self._rest.get(server, FIRST_REST / 2), LONGEST_REST)
        self._rest[server] = rest
        self._until[server] = now + max(rest, asked)

    def worked(self, server: str) -> None:
        """Forget the failures of a server."""
        self._until.pop(server, None)
        self._rest.pop(server, None)
