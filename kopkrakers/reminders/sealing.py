"""Seal the link that ends reminders, which holds for whom it is."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from kopkrakers.base.errors import NotYours
from kopkrakers.base.keys import Keys, derive

_LINK = "link that ends a reminder"
LINK_ENDED = (
    "Deze link werkt niet meer. Zet je herinneringen uit bij Account, of vraag de beheerder van je "
    "gemeente."
)


def seal_secret(keys: Keys, label: str, content: bytes) -> bytes:
    """Return sealed content; `label` is its use, which has a key of its own."""
    return bytes(SecretBox(derive(keys.current, label)).encrypt(content))


def unseal_secret(keys: Keys, label: str, sealed: bytes) -> bytes | None:
    """Return what was sealed by the current key or a former one; None when none opens it."""
    for key in keys.all:
        try:
            return SecretBox(derive(key, label)).decrypt(sealed)
        # what is too short to be sealed raises a ValueError
        except (CryptoError, ValueError):
            continue
    return None


def sealed_anew(keys: Keys, label: str, sealed: bytes) -> bytes | None:
    """Return what only a former key opens, sealed by the current one; None where that is no need.

    So a former secret can be taken away without anybody losing what they chose.
    """
    if unseal_secret(Keys(keys.current), label, sealed) is not None:
        return None
    opened = unseal_secret(keys, label, sealed)
    if opened is None:
        return None
    return seal_secret(keys, label, opened)


def ending_token(keys: Keys, user_id: int) -> str:
    """Return the token of the link by which a person ends the mail, without signing in."""
    return urlsafe_b64encode(seal_secret(keys, _LINK, str(user_id).encode())).decode().rstrip("=")


def person_of_token(keys: Keys, token: str) -> int:
    """Return whose mail a link ends.

    Raises: NotYours when it is no link of ours, or the secret it was made with is gone.
    """
    try:
        # base 64 without its padding, which mail programs break off at the end of a link
        sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        raise NotYours(LINK_ENDED) from None
    opened = unseal_secret(keys, _LINK, sealed)
    if opened is None:
        raise NotYours(LINK_ENDED)
    return int(opened)
