"""Which mac key the rows here carry: a wrong one must stop the counter before it destroys every envelope."""

from sqlalchemy import select
from sqlmodel import Session

from kopkrakers.ballots.boxes import BOX, ENVELOPE, box_holds, envelope_holds
from kopkrakers.ballots.sealing import MacKeys, mark, mark_holds
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.counter.loose import ATTRIBUTE_ENVELOPE, attribute_holds


def mark_to_keep(session: Session, keys: MacKeys, instance: str, kept: str | None) -> str:
    """The mark by the oldest mac key in use, for the key folder. `kept`: the one that lies there, hexadecimal.

    The former key can only go when no row carries it any more.
    Raises: ConfigurationError when the kept mark is by neither key; nothing is counted or deleted then.
    """
    today = MacKeys(keys.current)
    fresh = mark(today, instance).hex()
    if kept is None or kept == fresh:
        return fresh
    if not mark_holds(keys, bytes.fromhex(kept), instance):
        raise ConfigurationError(
            "KOPKRAKERS_MAC_KEY is not the key that envelopes here were marked with. Nothing was counted or "
            "deleted. Put the former key in KOPKRAKERS_MAC_KEY_PREVIOUS; it can go when this no longer stops."
        )
    return fresh if _all_marked_by(session, today) else kept


def _all_marked_by(session: Session, keys: MacKeys) -> bool:
    ask = session.connection().execute
    return (
        all(box_holds(keys, box) for box in ask(select(BOX)))
        and all(envelope_holds(keys, row) for row in ask(select(ENVELOPE)))
        and all(attribute_holds(keys, row) for row in ask(select(ATTRIBUTE_ENVELOPE)))
    )
