"""Processes that are killed at a chosen moment, as by `kill -9` or a power cut."""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

from sqlalchemy import event

from kopkrakers.base.db import Database
from tests.support.polling import Polling

Moment = Callable[[Polling], None]
"""Arms a process to kill itself."""


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def before_commit(polling: Polling) -> None:
    event.listen(polling.database.writer, "commit", die)


def before(statement: str) -> Moment:
    """The moment before the first statement that begins like this."""

    def arm(polling: Polling) -> None:
        def hear(
            _conn: Any, _cursor: Any, said: str, _params: Any, _context: Any, _many: bool
        ) -> None:
            if said.startswith(statement):
                die()

        event.listen(polling.database.writer, "before_cursor_execute", hear)

    return arm


def at_key(what: str, ending: str = ".key") -> Moment:
    """The moment before a key file is made (`os.rename`),
    overwritten (`open`) or removed (`os.remove`).
    """

    def hear(happening: str, arguments: tuple[Any, ...]) -> None:
        if happening != what or ending not in str(arguments[0]):
            return
        if what != "open" or "+" in (arguments[1] or ""):
            die()

    return lambda _polling: sys.addaudithook(hear)


def at_the_end(polling: Polling) -> None:
    """No moment on the way: the process dies when all is done, without closing anything."""


def killed(polling: Polling, moment: Moment, act: Callable[[Polling], object]) -> None:
    """Do something in a process of its own that is killed at a moment; it must not get past it."""

    def child() -> None:
        own = Database(polling.database.url)
        mine = replace(polling, database=own, counter=replace(polling.counter, database=own))
        moment(mine)
        act(mine)
        if moment is at_the_end:
            die()

    polling.database.dispose()
    process = get_context("fork").Process(target=child)
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL, (
        "the process was not killed: it never came to that moment"
    )
