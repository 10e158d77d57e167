"""A phone's fragment, rendered once for all phones that get the same: a reveal reaches hundreds in two seconds."""

from collections.abc import Callable, Hashable
from time import monotonic

KEPT_SECONDS = 2.0
_HERE = "\0eigen\0"
"""Stands in what is kept where each phone's own form token belongs; no page can hold these signs."""
_kept: dict[Hashable, tuple[float, str]] = {}


def rendered_once(key: Hashable, token: str, render: Callable[[], str]) -> str:
    """What `render` gives for this key, kept a moment without `token` and handed out with each phone's own.

    `key` must hold all that the fragment depends on; what a phone typed or chose is never among it.
    """
    now = monotonic()
    since, html = _kept.get(key, (now - KEPT_SECONDS, ""))
    if now - since < KEPT_SECONDS:
        return html.replace(_HERE, token)
    html = render()
    for old in [old for old, (moment, _) in list(_kept.items()) if now - moment >= KEPT_SECONDS]:
        _kept.pop(old, None)
    _kept[key] = (now, html.replace(token, _HERE))
    return html
