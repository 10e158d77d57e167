"""Gzip of pages in which the stylesheet, most of the bytes of every page, is compressed once."""

import struct
import zlib

from flask import request

_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""RFC 1952: deflate, no flags, no moment, no operating system."""
_RAW = -zlib.MAX_WBITS
# what is packed for every request costs time of the processor each time, the piece only once
PAGE_LEVEL = 5
_ONCE_LEVEL = 9


# D-12
class PageCompressor:
    """Compresses pages that hold one known piece, by joining independent deflate blocks."""

    def __init__(self, piece: bytes) -> None:
        self._piece = piece
        self._packed = _blocks(piece, _ONCE_LEVEL, zlib.Z_FULL_FLUSH)

    def compress(self, page: bytes) -> bytes:
        """The page as one gzip member."""
        before, found, after = page.partition(self._piece)
        middle, end = b"", page
        if found:
            # a full flush ends on a byte and forgets what came before, so that blocks can be joined
            middle = _blocks(before, PAGE_LEVEL, zlib.Z_FULL_FLUSH) + self._packed
            end = after
        # RFC 1952: the checksum and the length modulo 2**32, of all that was packed
        trailer = struct.pack("<LL", zlib.crc32(page), len(page) & 0xFFFFFFFF)
        return _HEADER + middle + _blocks(end, PAGE_LEVEL, zlib.Z_FINISH) + trailer


def accepts_gzip() -> bool:
    """Whether the reader of this request can unpack gzip."""
    return request.accept_encodings.quality("gzip") > 0


def _blocks(data: bytes, level: int, ending: int) -> bytes:
    squeezer = zlib.compressobj(level, zlib.DEFLATED, _RAW)
    return squeezer.compress(data) + squeezer.flush(ending)
