"""Gzip of pages of which the parts that many people get are packed once."""

import struct
import zlib
from collections.abc import Sequence
from functools import cached_property, lru_cache

from flask import g, request
from werkzeug.http import parse_accept_header

_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""RFC 1952: deflate, no flags, no moment, no operating system."""
_SMALLEST, _LARGEST = 9, zlib.MAX_WBITS
"""Bits of a window of zlib: 512 bytes, and 32 KB."""
# what is packed for every request costs time of the processor each time, a piece only once
PAGE_LEVEL = 6
_ONCE_LEVEL = 9
_LOOK_AHEAD = 262
"""Bytes of its window that zlib keeps free (`MIN_LOOKAHEAD` in deflate.h)."""
_FEWEST, _SMALLER = 5, 7
"""The least memory level, and how much smaller than its window it is: as zlib has it for 32 KB."""
_STORED = 0
"""RFC 1951, 3.2.4: bytes as they are, so that their number tells nothing of what they repeat."""


class PackedPiece:
    """A part of pages that is the same for many people, packed when it is first asked for."""

    def __init__(self, plain: bytes) -> None:
        self.plain = plain

    @cached_property
    def packed(self) -> bytes:
        """Return deflate blocks of the piece, to join with others."""
        # a full flush ends on a byte and forgets what came before, so that blocks can be joined
        return _blocks(self.plain, _ONCE_LEVEL, zlib.Z_FULL_FLUSH)


def put_in_page(piece: PackedPiece) -> None:
    """Say that the page of this request holds a piece; in the order in which they stand there."""
    g.setdefault("packed_pieces", []).append(piece)


def pieces_of_page() -> Sequence[PackedPiece]:
    """Return the pieces that the page of this request holds, in their order."""
    pieces: Sequence[PackedPiece] = g.get("packed_pieces", ())
    return pieces


# D-12, D-151
def pack_page(page: bytes, pieces: Sequence[PackedPiece], *, echoes: bool) -> bytes | None:
    """Return a page as one gzip member, by joining deflate blocks that know nothing of each other.

    Of a page that `echoes` something of its reader only the pieces are packed, and the rest is
    stored as it is. None when it holds no piece: then it is as well sent as it is.
    """
    level = _STORED if echoes else PAGE_LEVEL
    blocks = []
    rest = page
    for piece in pieces:
        before, found, after = rest.partition(piece.plain)
        if found:
            blocks += [_blocks(before, level, zlib.Z_FULL_FLUSH), piece.packed]
            rest = after
    if echoes and not blocks:
        return None
    blocks.append(_blocks(rest, level, zlib.Z_FINISH))
    return gzip_member(blocks, page)


def gzip_member(blocks: Sequence[bytes], page: bytes) -> bytes:
    """Return the deflate blocks of a page as one gzip member."""
    # RFC 1952: the checksum and the length modulo 2**32, of all that was packed
    trailer = struct.pack("<LL", zlib.crc32(page), len(page) & 0xFFFFFFFF)
    return b"".join([_HEADER, *blocks, trailer])


def packed_apart(text: bytes) -> bytes:
    """Return deflate blocks of a text, that know nothing of what comes before or after."""
    return _blocks(text, PAGE_LEVEL, zlib.Z_FULL_FLUSH)


def accepts_gzip() -> bool:
    """Whether the reader of this request can unpack gzip."""
    return _takes_gzip(request.headers.get("Accept-Encoding", ""))


# browsers send some ten different texts, and every page asks
@lru_cache(maxsize=64)
def _takes_gzip(accepted: str) -> bool:
    return parse_accept_header(accepted).quality("gzip") > 0


def _blocks(data: bytes, level: int, ending: int) -> bytes:
    # zlib clears its tables before each piece, which for a short one took longer than packing it:
    # a window that just holds the data finds the same repeats
    window = min(_LARGEST, max(_SMALLEST, (len(data) + _LOOK_AHEAD).bit_length()))
    tables = min(zlib.DEF_MEM_LEVEL, max(_FEWEST, window - _SMALLER))
    # a negative number of bits: blocks alone, without a header
    squeezer = zlib.compressobj(level, zlib.DEFLATED, -window, tables)
    return squeezer.compress(data) + squeezer.flush(ending)
