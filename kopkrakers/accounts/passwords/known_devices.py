"""A mark for a device on which somebody signed in, so that wrong passwords of others do not lock
that person out there.

It stands in a cookie of its own, for the page to sign in on alone. In it are random bytes and a
keyed hash of those with the address: whoever holds it reads no name, and the server keeps nothing.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from hashlib import sha256
from hmac import compare_digest, digest
from secrets import token_bytes

from kopkrakers.base.keys import Keys

_RANDOM_BYTES = 16
_HASH_BYTES = 16


# D-82
def new_mark(address: str, keys: Keys) -> str:
    """Return a mark for a device on which the owner of this address, as compared, signed in."""
    random = token_bytes(_RANDOM_BYTES)
    return urlsafe_b64encode(random + _hash(keys.current, random, address)).decode().rstrip("=")


def is_known(mark: str, address: str, keys: Keys) -> bool:
    """Whether the owner of this address signed in on the device with this mark."""
    try:
        content = urlsafe_b64decode(mark + "=" * (-len(mark) % 4))
    # characters outside ASCII raise a ValueError
    except (NotBase64, ValueError):
        return False
    random, found = content[:_RANDOM_BYTES], content[_RANDOM_BYTES:]
    return any(compare_digest(found, _hash(key, random, address)) for key in keys.all)


def _hash(key: bytes, random: bytes, address: str) -> bytes:
    text = b"kopkrakers known device\0" + random + address.encode(errors="surrogatepass")
    return digest(key, text, sha256)[:_HASH_BYTES]
