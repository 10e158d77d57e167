"""The covers of the archive in one file: sent once, kept by the browser, coloured by the page."""

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from markupsafe import Markup

from kopkrakers.catalogue.covers.drawings import as_symbol
from kopkrakers.catalogue.editions.archive import ArchiveEntry

REMEMBERED = 4
"""Files that a process remembers: today's, and those of earlier days that a page may ask for."""


@dataclass(frozen=True)
class CoverSheet:
    """The file, plain and packed, and the name that changes with what is in it."""

    digest: str
    plain: bytes
    packed: bytes


def cover_sheet(entries: Iterable[ArchiveEntry]) -> CoverSheet:
    """Return the covers of these dilemmas, each under its slug.

    Give it published ones only: a slug may tell what is planned.
    """
    return _sheet(tuple(sorted((entry.card.slug, entry.card.cover_svg) for entry in entries)))


# D-41
@lru_cache(maxsize=REMEMBERED)
def _sheet(covers: tuple[tuple[str, Markup], ...]) -> CoverSheet:
    symbols = "".join(as_symbol(cover, slug) for slug, cover in covers)
    plain = f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>'.encode()
    packed = gzip.compress(plain, compresslevel=9, mtime=0)
    return CoverSheet(sha256(plain).hexdigest()[:12], plain, packed)
