"""The visitor: found by the id in the cookie, and looked up again every `STALE`.

Of flask-login only the shell is used. What a page needs of a visitor is kept in memory for half a
minute, so that an ordinary page asks the database nothing about them.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import cast

import structlog
from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy.exc import SQLAlchemyError

from kopkrakers.accounts import browsers
from kopkrakers.accounts.browsers import ByProvider, UsedSession, check_day
from kopkrakers.accounts.models import Role
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.base.clock import IDLE_DAYS
from kopkrakers.base.db import new_id
from kopkrakers.base.errors import NotNow
from kopkrakers.base.keys import Keys, Use
from kopkrakers.base.memory import Memory
from kopkrakers.web.csrf import begin_token
from kopkrakers.web.news import unread
from kopkrakers.web.state import AppState, state

STALE = timedelta(seconds=30)
"""The time that the end of a session, or a withdrawn role, may take to reach another process."""
LIFETIME = timedelta(days=IDLE_DAYS)
"""The time that a browser keeps the cookie after the last day it was used."""
IDLE = timedelta(minutes=30)
"""The time that an onderzoeker may do nothing. The moment stands in the cookie alone."""
MOVED_ON = timedelta(minutes=1)
"""The age that the moment of an onderzoeker reaches before the cookie is set anew."""
PROVED = timedelta(minutes=10)
"""The time after typing a password in which someone may do what cannot be undone."""
MOST_KEPT = 20_000
"""Browsers that a process knows at a time without asking the database."""
SSO = "sso"
"""Key of the cookie for the gemeente with whose provider somebody signed in."""
BATCH = timedelta(hours=1)
"""The pause between writing the days on which browsers were used, all together."""

log = structlog.get_logger()
_aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="browsers")


@dataclass
class _Browsers:
    """Browsers as this process found them, and the days that are still to be written."""

    found: Memory[str, Visitor]
    written: datetime
    unwritten: dict[str, UsedSession] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def take(self, now: datetime) -> list[UsedSession]:
        """Return what is to be written, once every `BATCH`."""
        with self.lock:
            if now - self.written < BATCH:
                return []
            self.written = now
            taken, self.unwritten = list(self.unwritten.values()), {}
            return taken


@dataclass(frozen=True)
class BySso:
    """A sign-in with a work account, for the browser session that it begins.

    `slug`: of the gemeente, to lead them back there once the session is over. `renewal`: sealed.
    `is_fresh`: they typed there who they are, a short while ago.
    """

    slug: str
    renewal: bytes | None
    is_fresh: bool


def begin_session(visitor: Visitor, by_sso: BySso | None = None) -> None:
    """Start a new browser session. Nothing of an earlier one stays, also its form token goes."""
    earlier, browser_id, told = own_hash(), new_id(), unread.told_of()
    _keep_browser(visitor, browsers.hash_of(browser_id), earlier, by_sso)
    forget_browser(earlier)
    session.clear()
    session.permanent = True
    login_user(visitor)
    session.pop("_id")  # a hash of network address and browser
    session["_user_id"], session["person"] = browser_id, visitor.id
    session["day"] = state().today().toordinal()
    unread.keep(told)
    if Role.ONDERZOEKER in visitor.roles:
        session["moment"] = _seconds()
    if by_sso is not None:
        session[SSO] = by_sso.slug
    # a provider lets whoever sits at an open browser through
    if by_sso is None or by_sso.is_fresh:
        prove_again()
    begin_token(visitor.id)


def _keep_browser(visitor: Visitor, id_hash: str, earlier: str, by_sso: BySso | None) -> None:
    keys, device, by = browser_keys(), browsers.device_of(request.user_agent.string), None
    if by_sso is not None:
        by = ByProvider(check_day(state().now()), by_sso.renewal)
    with state().database.transaction() as session:
        # in the same transaction: of two sessions of one browser the first never stays behind
        browsers.end_browser(session, earlier)
        browsers.begin_browser(
            session,
            visitor,
            id_hash=id_hash,
            device=device,
            today=state().today(),
            keys=keys,
            by=by,
        )


def gemeente_of_session() -> str | None:
    """Return the gemeente, as in addresses, with whose provider this browser was signed in.

    Also once that session is over: then the way back is one button.
    """
    return session.get(SSO)


def end_session() -> None:
    """Sign out on this device, and make every copy of its cookie worthless."""
    id_hash, is_known, told = own_hash(), "_user_id" in session, unread.told_of()
    # first, so that this device is signed out also when the database is away
    logout_user()
    session.clear()
    unread.keep(told)
    g.pop("csrf_token", None)
    forget_browser(id_hash)
    if is_known:
        with state().database.transaction() as writing:
            browsers.end_browser(writing, id_hash)


def forget(user_id: int) -> None:
    """Look this person up again at the next request to this process; delete what was ended."""
    with state().database.transaction() as session:
        browsers.end_those_of_before(session, user_id, browser_keys())
    _browsers().found.forget_where(lambda visitor: visitor.id == user_id)


def forget_browser(id_hash: str) -> None:
    """Look this browser up again at the next request to this process."""
    _browsers().found.forget(id_hash)


def own_hash() -> str:
    """Return the hash of this browser's id; of nothing when nobody is signed in."""
    return browsers.hash_of(str(session.get("_user_id", "")))


def browser_keys() -> Keys:
    """Return the keys under which persons stand in the table of browser sessions."""
    return state().keys(Use.BROWSERS)


def was_signed_out() -> bool:
    """Whether this browser carries a session that no longer counts."""
    return "_user_id" in session and not current_user.is_authenticated


def is_proved() -> bool:
    """Whether the visitor typed their password, or used a link, a short while ago."""
    return _is_within(session.get("proved"), PROVED)


def prove_again() -> None:
    """Keep that the visitor just proved to be themself."""
    session["proved"] = _seconds()


def welcome() -> None:
    """Keep in the cookie that this person just came, until they were told how it works."""
    session["is_new"] = True


def is_welcomed_now() -> bool:
    """Whether this person just came: true once. Nothing but the cookie knows it."""
    return bool(session.pop("is_new", False))


def install(app: Flask) -> None:
    """Put flask-login on the application. A page that changes nothing sets no cookie."""
    app.config.update(PERMANENT_SESSION_LIFETIME=LIFETIME, SESSION_REFRESH_EACH_REQUEST=False)
    kept: AppState = app.extensions["kopkrakers"]
    visitors = Memory[str, Visitor](
        seconds=STALE.total_seconds(), most=MOST_KEPT, clock=lambda: kept.now().timestamp()
    )
    app.extensions["kopkrakers_browsers"] = _Browsers(visitors, kept.now())
    manager = LoginManager()
    # its protection hashes network address and browser into the cookie, and so would sign people
    # out on the train
    manager.session_protection = None
    manager.init_app(app, add_context_processor=False)
    manager.user_loader(_load)


def _load(browser_id: str) -> Visitor | None:
    user_id, id_hash = session.get("person"), browsers.hash_of(browser_id)
    if user_id is None:
        visitor = None
    else:
        visitor = _visitor(id_hash, user_id)
    if visitor is None or _is_idle(visitor):
        return None
    _move_on(visitor, id_hash)
    return visitor


def _visitor(id_hash: str, user_id: int) -> Visitor | None:
    """Return whose session this is, as it was at most `STALE` ago."""
    seen = _browsers()
    visitor = seen.found.get(id_hash)
    if visitor is not None:
        return visitor
    with state().database.reader.connect() as connection:
        visitor = browsers.whose_browser(
            connection,
            id_hash=id_hash,
            user_id=user_id,
            now=state().now(),
            row_keys=state().row_keys,
        )
    # beside the request, which would else wait for the disk
    used = seen.take(state().now())
    if used:
        _aside.submit(_write, state(), used)
    if visitor is not None:
        seen.found.put(id_hash, visitor)
    return visitor


def _is_idle(visitor: Visitor) -> bool:
    """Whether this browser was not used for so long that it is signed out."""
    unused = state().today().toordinal() - int(session.get("day", 0))
    if unused > browsers.idle_days(visitor.roles):
        return True
    return Role.ONDERZOEKER in visitor.roles and not _is_within(session.get("moment"), IDLE)


def _move_on(visitor: Visitor, id_hash: str) -> None:
    """Keep in the cookie that the browser is in use; its day is also to be written, but later.

    Never in this request: what is written beside an answer would tell whose it is.
    """
    today = state().today()
    if session["day"] < today.toordinal():
        session["day"], seen = today.toordinal(), _browsers()
        # threads of one process share it, and one may be taking all of it just now
        with seen.lock:
            seen.unwritten[id_hash] = UsedSession(id_hash, visitor.id, today)
    if Role.ONDERZOEKER in visitor.roles and not _is_within(session["moment"], MOVED_ON):
        session["moment"] = _seconds()


def _write(kept: AppState, seen: list[UsedSession]) -> None:
    keys = kept.keys(Use.BROWSERS)
    try:
        with kept.database.transaction() as session:
            browsers.write_days(session, seen, kept.today(), keys)
    except (NotNow, SQLAlchemyError) as error:
        log.warning("days of browsers were not written", kind=type(error).__name__)


def _is_within(moment: object, duration: timedelta) -> bool:
    return isinstance(moment, int) and _seconds() - moment < duration.total_seconds()


def _seconds() -> int:
    return int(state().now().timestamp())


def _browsers() -> _Browsers:
    return cast(_Browsers, current_app.extensions["kopkrakers_browsers"])
