"""A sealed backup: a stream of pieces that only the private key of backups opens.

The server has the public key alone, so whoever takes its disk or its backups reads none. A public
key proves nothing of who sealed; so a MAC with the secret of the installation does, and a backup
that somebody else made is not put back.

    MAGIC · kind · key of the stream, in a sealed box · MAC of those · secretstream of libsodium

Every piece but the last holds 64 KiB. A stream that was cut off has no last piece.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import BinaryIO

from nacl import bindings as sodium
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.keys import Keys
from kopkrakers.base.macs import sign, verify_mac

MAGIC = b"kopkrakers back-up 1\n"
PIECE = 65_536
PIECE_OVERHEAD = sodium.crypto_secretstream_xchacha20poly1305_ABYTES
STREAM_HEADER = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES
MORE = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
LAST = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
MAC_BYTES = 32
SEALED_KEY_BYTES = 48 + 32
seal_piece = sodium.crypto_secretstream_xchacha20poly1305_push
open_piece = sodium.crypto_secretstream_xchacha20poly1305_pull
begin_sealing = sodium.crypto_secretstream_xchacha20poly1305_init_push
begin_opening = sodium.crypto_secretstream_xchacha20poly1305_init_pull
StreamState = sodium.crypto_secretstream_xchacha20poly1305_state
new_stream_key = sodium.crypto_secretstream_xchacha20poly1305_keygen
NO_BACKUP = "{name} is geen verzegelde back-up van Kopkrakers."
OF_ANOTHER = "Deze back-up is met een ander geheim gemaakt dan KOPKRAKERS_SECRET, of is veranderd."
WRONG_KEY = "Deze geheime sleutel past niet op deze back-up."
DAMAGED = "Deze back-up is beschadigd of niet heel. Er is niets teruggezet. Neem een andere."


class DatabaseKind(bytes, Enum):
    """Of which database a backup is: they cannot be put back on each other."""

    SQLITE = b"S"
    POSTGRESQL = b"P"


def new_backup_keys() -> tuple[str, str]:
    """Return a new private key and its public one, both in hexadecimal."""
    key = PrivateKey.generate()
    return bytes(key).hex(), bytes(key.public_key).hex()


def is_sealed(source: BinaryIO) -> bool:
    """Whether a file begins as a sealed backup does."""
    beginning = source.read(len(MAGIC))
    source.seek(0)
    return beginning == MAGIC


# D-105
def seal_stream(
    pieces: Iterable[bytes], target: BinaryIO, kind: DatabaseKind, public: str, keys: Keys
) -> None:
    """Write what comes in pieces of any length to a file, sealed and signed."""
    stream_key = new_stream_key()
    sealed_key = SealedBox(PublicKey(bytes.fromhex(public))).encrypt(stream_key)
    head = MAGIC + kind.value + sealed_key
    head += sign(keys, head)
    state = StreamState()
    target.write(head + begin_sealing(state, stream_key))
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        # the last one is kept back until it is known to be the last
        while len(waiting) > PIECE:
            target.write(seal_piece(state, bytes(waiting[:PIECE]), head, MORE))
            del waiting[:PIECE]
    target.write(seal_piece(state, bytes(waiting), head, LAST))


def database_kind_of(source: BinaryIO, name: str, keys: Keys) -> DatabaseKind:
    """Read the head of a backup, and return of which database it is.

    Raises: ConfigurationError when it is none, or another installation made it.
    """
    return _head(source, name, keys)[0]


def opened_pieces(source: BinaryIO, name: str, private: str, keys: Keys) -> Iterator[bytes]:
    """Yield what a backup holds, piece by piece. Whoever acts on it first reads it to the end.

    Raises: ConfigurationError when it is none, is another's, is damaged, or the key does not fit.
    """
    _, head, sealed_key = _head(source, name, keys)
    try:
        stream_key = SealedBox(PrivateKey(bytes.fromhex(private))).decrypt(sealed_key)
    # a key that was typed wrong is no hexadecimal, or of another length
    except (CryptoError, ValueError):
        raise ConfigurationError(WRONG_KEY) from None
    stream_header = source.read(STREAM_HEADER)
    if len(stream_header) < STREAM_HEADER:
        raise ConfigurationError(DAMAGED)
    state = StreamState()
    begin_opening(state, stream_header, stream_key)
    tag = MORE
    while tag != LAST:
        try:
            piece, tag = open_piece(state, source.read(PIECE + PIECE_OVERHEAD), head)
        except (CryptoError, ValueError):
            raise ConfigurationError(DAMAGED) from None
        yield piece
    if source.read(1):
        raise ConfigurationError(DAMAGED)


def _head(source: BinaryIO, name: str, keys: Keys) -> tuple[DatabaseKind, bytes, bytes]:
    """Return the kind, the whole head, and the sealed key in it."""
    signed = source.read(len(MAGIC) + 1 + SEALED_KEY_BYTES)
    mac = source.read(MAC_BYTES)
    if not signed.startswith(MAGIC) or len(mac) < MAC_BYTES:
        raise ConfigurationError(NO_BACKUP.format(name=name))
    if not verify_mac(keys, mac, signed):
        raise ConfigurationError(OF_ANOTHER)
    kind = signed[len(MAGIC) : len(MAGIC) + 1]
    return DatabaseKind(kind), signed + mac, signed[len(MAGIC) + 1 :]
