"""Seal a vote so that only the counter can open it."""

from collections.abc import Callable, Iterable

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

from kopkrakers.base.config import Settings
from kopkrakers.base.keys import Keys, Use, derive, keys_for

# a daily answer is five characters; a box of a session says for itself how long its votes are
PADDED = 16
"""Bytes to which every vote is padded before sealing, so that all sealed votes are equally long."""
FILLER = b"\0"
LOOSE_LENGTH = 2
"""Characters, and bytes, of the codes of a loose attribute: an option and a value."""
PILE_OVERHEAD = SecretBox.NONCE_SIZE + SecretBox.MACBYTES
"""Bytes that a sealed pile has more than the codes in it."""


def mac_keys(settings: Settings) -> Keys:
    """Return the keys in the settings by which rows are signed and verified."""
    return keys_for(Use.ROWS, settings)


def seal(public_key: bytes, codes: str, *, padded: int = PADDED) -> bytes:
    """Encrypt the codes of a vote in a libsodium sealed box.

    The codes are padded to `padded` bytes of UTF-8: the length of a sealed vote says nothing.
    Raises: ValueError when the codes do not fit.
    """
    plain = codes.encode()
    if len(plain) > padded:
        raise ValueError("the codes of a vote are too long")
    return SealedBox(PublicKey(public_key)).encrypt(plain.ljust(padded, FILLER))


# D-83
def pile_sealer(private_key: bytes) -> Callable[[Iterable[str]], bytes]:
    """Return a function that seals the codes of loose attributes as one pile.

    It opens with the private key of its box alone (32 bytes), as what `seal` gives. The codes lie
    in the order of the alphabet: a pile holds how often each occurs, and nothing else.
    """
    box = _pile_box(private_key)

    def sealed(codes: Iterable[str]) -> bytes:
        return bytes(box.encrypt("".join(sorted(codes)).encode()))

    return sealed


def pile_opener(private_key: bytes) -> Callable[[bytes], list[str] | None]:
    """Return a function that unseals piles of one key, giving None where it cannot.

    It opens a single loose attribute too, sealed to the public key as once they all were.
    """
    box = _pile_box(private_key)
    single = opener(private_key)

    def codes(sealed: bytes) -> list[str] | None:
        try:
            together = unseal(box, sealed)
        except (CryptoError, ValueError):
            opened = single(sealed)
            return None if opened is None else [opened]
        starts = range(0, len(together), LOOSE_LENGTH)
        return [together[start : start + LOOSE_LENGTH] for start in starts]

    return codes


def unseal(box: "SealedBox[PrivateKey] | SecretBox", sealed: bytes) -> str:
    """Return the codes of a sealed vote or pile.

    Raises: nacl.exceptions.CryptoError or ValueError when it was not sealed to this key.
    """
    return box.decrypt(sealed).rstrip(FILLER).decode()


def opener(private_key: bytes) -> Callable[[bytes], str | None]:
    """Return a function that unseals votes of one key (32 bytes), giving None where it cannot.

    The key is unpacked once, for a box may hold thousands of votes.
    """
    box = SealedBox(PrivateKey(private_key))

    def codes(sealed: bytes) -> str | None:
        try:
            return unseal(box, sealed)
        except (CryptoError, ValueError):
            return None

    return codes


def _pile_box(private_key: bytes) -> SecretBox:
    # a key of its own: the private key itself serves the sealed boxes of others
    return SecretBox(derive(private_key, "loose attributes"))
