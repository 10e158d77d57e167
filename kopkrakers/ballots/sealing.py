"""Seal a vote so that only the counter can open it."""

from collections.abc import Callable

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

from kopkrakers.base.config import Settings
from kopkrakers.base.keys import Keys, Use, derive, keys_for

# a daily answer is five characters; a box of a session says for itself how long its votes are
PADDED = 16
"""Bytes to which every vote is padded before sealing, so that all sealed votes are equally long."""
FILLER = b"\0"
OWN_LENGTH = SecretBox.NONCE_SIZE + SecretBox.MACBYTES + PADDED
"""Bytes of codes that the counter sealed for itself; no vote that others seal is that long."""


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
def own_sealer(private_key: bytes) -> Callable[[str], bytes]:
    """Return a function that seals codes under the private key of a box, as only the counter can.

    They open with that key alone, as what `seal` gives, and cost a tenth. The length tells the two
    apart.
    """
    box = _own_box(private_key)

    def sealed(codes: str) -> bytes:
        return bytes(box.encrypt(codes.encode().ljust(PADDED, FILLER)))

    return sealed


def unseal(box: "SealedBox[PrivateKey] | SecretBox", sealed: bytes) -> str:
    """Return the codes of a sealed vote: the inverse of `seal`.

    Raises: nacl.exceptions.CryptoError or ValueError when it was not sealed to this key.
    """
    return box.decrypt(sealed).rstrip(FILLER).decode()


def opener(private_key: bytes) -> Callable[[bytes], str | None]:
    """Return a function that unseals votes of one key (32 bytes), giving None where it cannot.

    The key is unpacked once, for a box may hold thousands of votes.
    """
    box, own_box = SealedBox(PrivateKey(private_key)), _own_box(private_key)

    def codes(sealed: bytes) -> str | None:
        try:
            return unseal(own_box if len(sealed) == OWN_LENGTH else box, sealed)
        except (CryptoError, ValueError):
            return None

    return codes


def _own_box(private_key: bytes) -> SecretBox:
    # a key of its own: the private key itself serves the sealed boxes of others
    return SecretBox(derive(private_key, "loose attributes"))
