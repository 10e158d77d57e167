"""Paths that a browser sends to be sent on to: only paths of this site, never another site's."""

import re

# not "//elsewhere": browsers read that as another site
_OWN = re.compile(r"/(?!/)[\w\-./~%?=&]*", re.ASCII)
_WITHOUT_QUERY = re.compile(r"/(?!/)[\w\-./~%]*", re.ASCII)


def is_own_path(path: str) -> bool:
    """Whether this is a path of this site, without a query."""
    return _WITHOUT_QUERY.fullmatch(path) is not None


def own_path(wished: str | None) -> str:
    """Return the path that was asked for; today's dilemma when it is none of this site."""
    return wished if wished and _OWN.fullmatch(wished) else "/"
