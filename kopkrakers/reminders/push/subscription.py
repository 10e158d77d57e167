"""The subscription that a browser gives: where its push service is, and the keys of the device."""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from ipaddress import ip_address

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from kopkrakers.base.errors import WrongInput
from kopkrakers.base.keys import Keys
from kopkrakers.base.wire import Forbidden, https_parts, is_public
from kopkrakers.reminders.push.encoding import AUTH_BYTES, POINT_BYTES, from_base64
from kopkrakers.reminders.sealing import seal_secret, unseal_secret

LABEL = "push subscription"
LONGEST_ENDPOINT = 1000
"""Characters; those of the known services have some two hundred to five hundred."""
NOT_A_SUBSCRIPTION = (
    "Je browser gaf iets door wat wij niet kunnen gebruiken. Zet de meldingen opnieuw aan."
)


@dataclass(frozen=True)
class Subscription:
    """As the browser gave it, in base 64. `server_key`: the public key it was made with."""

    endpoint: str
    p256dh: str
    auth: str
    server_key: str

    @property
    def device(self) -> str:
        """Return a hash of the endpoint, by which a browser knows whether it is its own."""
        return sha256(self.endpoint.encode()).hexdigest()


def checked(subscription: Subscription) -> Subscription:
    """Return the subscription, if a message can be sent to it.

    Its machine is looked at again before every message, for a name can come to mean another.
    Raises: WrongInput.
    """
    try:
        point, auth = from_base64(subscription.p256dh), from_base64(subscription.auth)
        # only the library knows whether a point lies on the curve, and an error is all that it says
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
        host = https_parts(subscription.endpoint).hostname or ""
    except (ValueError, Forbidden):
        raise WrongInput(NOT_A_SUBSCRIPTION) from None
    right_sizes = len(point) == POINT_BYTES and len(auth) == AUTH_BYTES
    if not right_sizes or len(subscription.endpoint) > LONGEST_ENDPOINT or _is_private(host):
        raise WrongInput(NOT_A_SUBSCRIPTION)
    return subscription


def sealed_subscription(keys: Keys, subscription: Subscription) -> bytes:
    """Return the subscription as it is kept: whoever reads the database cannot send to it."""
    return seal_secret(keys, LABEL, json.dumps(asdict(subscription)).encode())


def opened_subscription(keys: Keys, sealed: bytes | None) -> Subscription | None:
    """Return a kept subscription; None when the secret it was sealed with is gone."""
    if sealed is None:
        opened = None
    else:
        opened = unseal_secret(keys, LABEL, sealed)
    if opened is None:
        return None
    return Subscription(**json.loads(opened))


def _is_private(host: str) -> bool:
    """Whether a host is an address that is not public; a name is looked up by whoever sends."""
    try:
        return not is_public(ip_address(host))
    except ValueError:
        return False
