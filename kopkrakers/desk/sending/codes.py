"""The code by which a sender hears what became of a case: 80 bits that nobody can guess.

It is made from a random number in the form and a key of the server, so that sending one form twice
gives one code. The database keeps its hash alone, and the number nowhere.
"""

from base64 import b32encode
from hashlib import sha256
from hmac import digest
from secrets import token_hex

from kopkrakers.base.keys import Keys
from kopkrakers.base.typed import clean_code

LENGTH = 16
NONCE_BYTES = 16
# without 0, 1, I and O, which are taken for each other on paper
_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "23456789ABCDEFGHJKLMNPQRSTUVWXYZ")


def new_nonce() -> str:
    """Return the random number of one form, in hexadecimal."""
    return token_hex(NONCE_BYTES)


def is_nonce(text: str) -> bool:
    """Whether a text can be the number of a form."""
    return len(text) == 2 * NONCE_BYTES and set(text) <= set("0123456789abcdef")


# D-122
def code_of(nonce: str, keys: Keys) -> str:
    """Return the code of what is sent with this form."""
    whole = digest(keys.current, f"kopkrakers sent case {nonce}".encode(), sha256)
    # 80 bits are ten bytes, and make sixteen letters without a remainder
    return b32encode(whole[:10]).decode().translate(_LETTERS)


def code_hash_of(typed: str) -> str:
    """Return under what a typed code is kept, however it was spaced."""
    # a letter more than a code has: one that is too long must not pass for its beginning
    return sha256(clean_code(typed, LENGTH + 1).encode()).hexdigest()
