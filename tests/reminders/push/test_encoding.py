"""The sealing of a message: the example of RFC 8291, and a browser that opens what we seal."""

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from kopkrakers.reminders.push.encoding import encrypted, from_base64, in_base64
from tests.reminders.push.device import Device

WATERMELON = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_the_standard_comes_out_byte_for_byte() -> None:
    """RFC 8291, section 5."""
    own = derive_private_key(int.from_bytes(from_base64(SENDER), "big"), SECP256R1())
    body = encrypted(
        WATERMELON,
        device_key=from_base64(RECEIVER),
        auth=from_base64(AUTH),
        own=own,
        salt=from_base64(SALT),
    )
    assert in_base64(body) == BODY


def test_only_the_browser_it_is_for_opens_it() -> None:
    device, other = Device(), Device()
    subscription = device.subscription("https://push.example/1", "k")
    key, auth = from_base64(subscription.p256dh), from_base64(subscription.auth)
    first, second = (encrypted(WATERMELON, device_key=key, auth=auth) for _ in range(2))
    assert device.open(first) == device.open(second) == WATERMELON
    assert first != second, "keys and salt are new for each message"
    with pytest.raises(InvalidTag):
        other.open(first)


def test_a_key_that_is_no_point_is_refused() -> None:
    with pytest.raises(ValueError):
        encrypted(WATERMELON, device_key=b"\x04" + b"x" * 64, auth=b"a" * 16)
