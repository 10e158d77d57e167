"""The updates this device was told of: a number in its cookie, and nothing about its reader."""

from pathlib import Path
from typing import cast

from flask import Flask, current_app, session

from kopkrakers.base.config import asset_folder
from kopkrakers.web.news.changelog import Update, read_news

_READ = "news"
_NEWS = "kopkrakers_news"


def install(app: Flask, path: Path | None = None) -> None:
    """Read the file once; pages are made of what it said at the start."""
    text = (path or asset_folder("CHANGELOG.md")).read_text(encoding="utf-8")
    app.extensions[_NEWS] = read_news(text)


def updates() -> tuple[Update, ...]:
    """Return the updates, the newest first."""
    return cast(tuple[Update, ...], current_app.extensions[_NEWS])


def has_unread() -> bool:
    """Whether an update came since somebody read of it, or signed in for the first time, here.

    The first one is new to nobody.
    """
    return bool(session.get(_READ, 1) < len(updates()))


def mark_read() -> None:
    """Keep in the cookie that this device was told of the newest update."""
    if session.get(_READ) != len(updates()):
        session[_READ] = len(updates())


def told_of() -> int:
    """Return how many updates this device was told of: all when it never asked."""
    return int(session.get(_READ, len(updates())))


def keep(told: int) -> None:
    """Keep in a cookie that was begun anew of how many updates its device was told."""
    session[_READ] = told
