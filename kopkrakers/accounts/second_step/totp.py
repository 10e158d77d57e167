"""Codes of an authenticator app: six digits that differ every half minute (RFC 6238)."""

from base64 import b32encode
from datetime import datetime
from hmac import compare_digest, digest
from secrets import token_bytes
from urllib.parse import quote, urlencode

from kopkrakers.base.typed import in_fours

STEP_SECONDS = 30
DIGITS = 6
SKEW_STEPS = 1
"""Steps that the clock of a phone may be wrong, either way."""
SECRET_BYTES = 20
ISSUER = "Kopkrakers"


def new_secret() -> bytes:
    """Return what an app and we share: 160 random bits."""
    return token_bytes(SECRET_BYTES)


def code_at(secret: bytes, step: int) -> str:
    """Return the code of a step: RFC 4226 over its number, with HMAC-SHA1 as all apps have it."""
    whole = digest(secret, step.to_bytes(8, "big"), "sha1")
    # four bytes from a place that the last one names, without the highest bit: RFC 4226
    start = whole[-1] & 0x0F
    number = int.from_bytes(whole[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_step(secret: bytes, typed: str, now: datetime) -> int | None:
    """Return the step of which this is the code, near now; None for any other code."""
    given = typed.encode(errors="replace")
    current = int(now.timestamp()) // STEP_SECONDS
    matching = []
    # all of them, also after one that fits: how long it takes tells nothing
    for step in range(current - SKEW_STEPS, current + SKEW_STEPS + 1):
        if compare_digest(code_at(secret, step).encode(), given):
            matching.append(step)
    if matching:
        return matching[0]
    return None


def in_letters(secret: bytes) -> str:
    """Return a secret as an app takes it when it is typed, in groups of four."""
    return in_fours(b32encode(secret).decode(), " ")


def app_address(secret: bytes, account: str) -> str:
    """Return what the QR code holds: the address by which an app takes a secret."""
    asked = {"secret": b32encode(secret).decode(), "issuer": ISSUER}
    return f"otpauth://totp/{quote(f'{ISSUER}:{account}')}?{urlencode(asked)}"
