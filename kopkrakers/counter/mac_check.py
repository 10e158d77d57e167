"""Which mac key the rows here carry: a wrong one must stop the counter before it destroys every envelope."""

from sqlalchemy import select
from sqlmodel import Session

from kopkrakers.ballots.boxes import BOX, ENVELOPE, verify_box, verify_envelope
from kopkrakers.ballots.sealing import MacKeys, sign, verify
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.counter.loose import ATTRIBUTE_ENVELOPE, verify_attribute


def check_mac_key(session: Session, keys: MacKeys, instance: str, recorded: str | None) -> str:
    """The MAC by the oldest mac key in use, for the key folder. `recorded`: the one that lies there, hexadecimal.

    The former key can only go when no row carries it any more.
    Raises: ConfigurationError when the recorded MAC is by neither key; nothing is counted or deleted then.
    """
    today = MacKeys(keys.current)
    signature = sign(today, instance).hex()
    if recorded is None or recorded == signature:
        return signature
    if not verify(keys, bytes.fromhex(recorded), instance):
        raise ConfigurationError(
            "KOPKRAKERS_MAC_KEY is not the key that envelopes here were signed with. Nothing was counted or "
            "deleted. Put the former key in KOPKRAKERS_MAC_KEY_PREVIOUS; it can go when this no longer stops."
        )
    return signature if _all_signed_by(session, today) else recorded


def _all_signed_by(session: Session, keys: MacKeys) -> bool:
    ask = session.connection().execute
    return (
        all(verify_box(keys, box) for box in ask(select(BOX)))
        and all(verify_envelope(keys, row) for row in ask(select(ENVELOPE)))
        and all(verify_attribute(keys, row) for row in ask(select(ATTRIBUTE_ENVELOPE)))
    )
