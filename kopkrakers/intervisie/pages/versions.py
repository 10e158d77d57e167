"""Whether a page asks for what it already shows. Hundreds of phones ask every other second: mostly from memory."""

from time import monotonic

from kopkrakers.base.db import Database
from kopkrakers.intervisie.session.store import version_of

KEPT_SECONDS = 0.25
"""How late a change may reach a page at most, beside its own pause between two questions."""
_kept: dict[str, tuple[float, int]] = {}


def nothing_new(database: Database, code: str, seen: int | None) -> bool:
    """Whether `seen` is still what pages of this session show.

    A version that is remembered can only say that nothing changed, a moment too long; what differs is looked up.
    """
    now = monotonic()
    since, known = _kept.get(code, (0.0, -1))
    if known == seen and now - since < KEPT_SECONDS:
        return True
    with database.reading() as session:
        version = version_of(session, code)
    for old in [old for old, (moment, _) in list(_kept.items()) if now - moment >= KEPT_SECONDS]:
        _kept.pop(old, None)
    if version is not None:
        _kept[code] = (now, version)
    return version is not None and version == seen


def forget() -> None:
    """Look every session up again at the next question."""
    _kept.clear()
