"""The key for an answer that met the end of a session: the browser seals it, and only the same person opens it."""

import hmac
from hashlib import sha256

from kopkrakers.base.config import Settings


def device_key(settings: Settings, user_id: int) -> str:
    """The key of 256 bits, in hex, that stands beside every form of the day of this person and of nobody else.

    It is the same after signing in again, also when "overal uitloggen" came in between. It opens nothing on the
    server: what it seals never leaves the browser.
    """
    secret = settings.secret_key.get_secret_value().encode()
    return hmac.new(secret, f"kopkrakers unsent {user_id}".encode(), sha256).hexdigest()
