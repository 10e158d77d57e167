"""Check that the rows here carry our MAC key, before the counter would refuse every one of them."""

from sqlalchemy import select
from sqlmodel import Session

from kopkrakers.ballots.boxes import BOX, ENVELOPE, verify_box, verify_envelope
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.keys import Keys
from kopkrakers.base.macs import sign, verify_mac
from kopkrakers.counter.loose import ATTRIBUTE_ENVELOPE, verify_attribute
from kopkrakers.counter.rotation.lasting import carries_former_key

WRONG_KEY = (
    "KOPKRAKERS_SECRET is not the secret that envelopes here were signed with. Nothing was counted "
    "or deleted. Put the former secret in KOPKRAKERS_SECRET_PREVIOUS, or that of the first edition "
    "in KOPKRAKERS_MAC_KEY; it can go when this no longer stops."
)


def check_mac_key(session: Session, keys: Keys, instance: str, recorded: str | None) -> str:
    """Return the MAC of the instance id by the oldest key in use, to be recorded in the key folder.

    `recorded`: the MAC that lies there, in hexadecimal. The previous key stays the oldest in use
    until no row carries it any more.
    Raises: ConfigurationError when the recorded MAC is by neither key. The counter then stops. It
    would otherwise take every envelope for a forgery, and destroy it.
    """
    # without the former key: a row that holds by that one alone is to be found here
    current = Keys(keys.current)
    by_current = sign(current, instance).hex()
    if recorded is None or recorded == by_current:
        return by_current
    if not verify_mac(keys, bytes.fromhex(recorded), instance):
        raise ConfigurationError(WRONG_KEY)
    if carries_former_key(session, keys) or not _all_signed_by(session, current):
        return recorded
    return by_current


def _all_signed_by(session: Session, keys: Keys) -> bool:
    boxes = session.execute(select(BOX))
    envelopes = session.execute(select(ENVELOPE))
    attributes = session.execute(select(ATTRIBUTE_ENVELOPE))
    return (
        all(verify_box(keys, box) for box in boxes)
        and all(verify_envelope(keys, row) for row in envelopes)
        and all(verify_attribute(keys, row) for row in attributes)
    )
