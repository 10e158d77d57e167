"""Keys of one use each, derived from the one secret of an installation."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from hmac import digest

from pydantic import SecretStr

from kopkrakers.base.config import Settings

_SALT = b"kopkrakers"


class Use(StrEnum):
    """The uses of a key. A key of one use serves no other."""

    COOKIES = "cookies"
    FORMS = "forms"
    ROWS = "rows"
    ADDRESSES = "addresses"
    TURNS = "turns"
    WISHES = "wishes"
    DEVICE = "device"
    BROWSERS = "browsers"
    PLACES = "places"
    REMINDERS = "reminders"
    KNOWN_DEVICES = "known devices"
    WORK_ACCOUNTS = "work accounts"
    BACKUPS = "backups"
    DESK = "desk"


@dataclass(frozen=True)
class Keys:
    """The key of one use (32 bytes), and the former ones, accepted while something carries them."""

    current: bytes
    previous: tuple[bytes, ...] = ()

    @property
    def all(self) -> tuple[bytes, ...]:
        """Return every key that is accepted, the current one first."""
        return (self.current, *self.previous)


# D-56
def keys_for(use: Use, settings: Settings) -> Keys:
    """Return the keys of one use: of the secret, of the previous one, and of the first edition."""
    former = []
    if settings.secret_previous is not None:
        former.append(derive(_bytes(settings.secret_previous), use))
    for secret in _of_first_edition(use, settings):
        if secret is not None:
            former.append(_bytes(secret))
    return Keys(derive(_bytes(settings.secret), use), tuple(former))


def derive(secret: bytes, label: str) -> bytes:
    """Return the key of 32 bytes with this label.

    Nobody who learns one key can work out the secret, or the key with another label.
    """
    return hkdf(secret, salt=_SALT, info=label.encode())


def hkdf(secret: bytes, *, salt: bytes, info: bytes) -> bytes:
    """Return the first 32 bytes of HKDF-SHA256 (RFC 5869): its first block alone."""
    pseudorandom = digest(salt, secret, sha256)
    return digest(pseudorandom, info + b"\x01", sha256)


def _of_first_edition(use: Use, settings: Settings) -> tuple[SecretStr | None, ...]:
    """Return the secrets that the first edition used as they stood."""
    if use in (Use.ROWS, Use.ADDRESSES):
        return settings.mac_key, settings.mac_key_previous
    if use in (Use.COOKIES, Use.WISHES):
        return (settings.secret_key,)
    return ()


def _bytes(secret: SecretStr) -> bytes:
    return secret.get_secret_value().encode()
