"""Memory of a process for live sessions, for a moment: hundreds of phones ask at once.

Never what is somebody's own: no choice, no reason before it is shown, no token of a form.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from time import monotonic
from typing import cast

from flask import Flask, current_app

from kopkrakers.base.db import Database
from kopkrakers.base.memory import Memory
from kopkrakers.intervisie.pages.shown.views import SessionNow
from kopkrakers.intervisie.session.store import version_of

# D-39
VERSION_SECONDS = 0.25
"""Seconds that a change may take to reach a page, beside the page's own pause between questions.

Why: docs/decisions.md, "A hall is answered from memory".
"""
READ_SECONDS = 2.0
"""Seconds that one version that was read, and one fragment that was rendered, is used again.

Whatever a page shows raises the version, so what is used again is never out of date.
"""
MOST_VERSIONS, MOST_SESSIONS, MOST_FRAGMENTS = 1000, 100, 500
PLACEHOLDER = "\0own\0"
"""Stands in a remembered fragment where each phone's own form token goes; no page holds NUL."""
_EXTENSION = "kopkrakers_session_pages"


@dataclass(frozen=True)
class PageMemory:
    """Versions by code, sessions by id and version, rendered fragments by all they depend on."""

    versions: Memory[str, int]
    sessions: Memory[tuple[str, int], SessionNow]
    fragments: Memory[Hashable, str]


def new_memory(clock: Callable[[], float] = monotonic) -> PageMemory:
    """Return a memory that holds nothing yet."""
    return PageMemory(
        versions=Memory(seconds=VERSION_SECONDS, most=MOST_VERSIONS, clock=clock),
        sessions=Memory(seconds=READ_SECONDS, most=MOST_SESSIONS, clock=clock),
        fragments=Memory(seconds=READ_SECONDS, most=MOST_FRAGMENTS, clock=clock),
    )


def install(app: Flask) -> None:
    """Give the application a memory of its own."""
    app.extensions[_EXTENSION] = new_memory()


def page_memory() -> PageMemory:
    """Return the memory of the application that serves this request."""
    return cast(PageMemory, current_app.extensions[_EXTENSION])


def nothing_new(memory: PageMemory, database: Database, code: str, seen: int | None) -> bool:
    """Whether `seen` is still the version that pages of this session show.

    A remembered version can only say "nothing new", a moment too long. All else is looked up.
    """
    if seen is not None and memory.versions.get(code) == seen:
        return True
    with database.reading() as session:
        version = version_of(session, code)
    # a session that is gone: the page is fetched, and says that it is over
    if version is None:
        return False
    memory.versions.put(code, version)
    return version == seen


def rendered_once(memory: PageMemory, key: Hashable, token: str, render: Callable[[], str]) -> str:
    """Return what `render` gives, from memory if it can be, with this phone's own `token` in it.

    `key` must hold all that the fragment depends on; what a phone typed or chose is never among it.
    """
    html = memory.fragments.get(key)
    if html is None:
        html = render().replace(token, PLACEHOLDER)
        memory.fragments.put(key, html)
    return html.replace(PLACEHOLDER, token)
