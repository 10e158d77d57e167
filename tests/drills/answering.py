"""People who answer over the wire, and keep what they were told."""

import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.benchmarks.stage import Stage

ACKNOWLEDGED = 303
BREATH = 0.4
"""Seconds between two answers of a client."""


def option_of(person: int) -> str:
    """Return what somebody chooses."""
    return "aab"[person % 3]


class Staying(urllib.request.HTTPRedirectHandler):
    """Follows nothing: a redirect is what acknowledges an answer."""

    def redirect_request(self, *_: object) -> None:
        """Return no request."""


OPENER = urllib.request.build_opener(Staying)


@dataclass
class Answering:
    """People who answer until they are told that it arrived, or until everybody did."""

    stage: Stage
    url: str
    stop: threading.Event = field(default_factory=threading.Event)
    acknowledged: list[int] = field(default_factory=list)
    replies: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: list[int] = field(default_factory=list)

    def one_after_the_other(self) -> None:
        """Answer for whoever is next; somebody else after a breath."""
        while not self.stop.is_set():
            with self.lock:
                if not self.waiting:
                    return
                person = self.waiting.pop()
            self._until_acknowledged(person)
            time.sleep(BREATH)

    def _until_acknowledged(self, person: int) -> None:
        while not self.stop.is_set():
            reply = self.send(person)
            with self.lock:
                self.replies[reply] += 1
                if reply == str(ACKNOWLEDGED):
                    self.acknowledged.append(person)
            # 409: it had arrived, and the acknowledgement was lost on the way
            if reply in (str(ACKNOWLEDGED), "409"):
                return
            time.sleep(BREATH)

    def send(self, person: int) -> str:
        """Send an answer; return the status that came back, or the kind of failure."""
        cookie, token = self.stage.tickets[person]
        fields = {"optie": option_of(person), "doorslag": "w"}
        skipped = {"zeker": "-", "verwacht": "-", "ervaring": "-"}
        body = urlencode({"csrf_token": token, **fields, **skipped}).encode()
        request = urllib.request.Request(self.url + self.stage.answer, body, {"Cookie": cookie})
        try:
            with OPENER.open(request, timeout=15) as response:
                return str(response.status)
        except urllib.error.HTTPError as error:
            if error.code == ACKNOWLEDGED and "inloggen" in str(error.headers["Location"]):
                return "signed out"
            return str(error.code)
        except OSError as error:
            return type(error).__name__
