"""Push the title of the day to the device of each person who asked for it."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import structlog
from sqlalchemy import Row, delete, select
from sqlmodel import Session

from kopkrakers.accounts.models import MEMBERSHIP, TEAM, Rhythm
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.base.wire import Forbidden
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.rhythm import rhythm_of, who_is_reminded
from kopkrakers.reminders.models import REMINDER, Kind
from kopkrakers.reminders.push.encoding import encrypted, from_base64
from kopkrakers.reminders.push.server_key import authorization, public_key, server_key
from kopkrakers.reminders.push.subscription import Subscription, opened_subscription
from kopkrakers.reminders.sending.courier import Courier, due, post_once
from kopkrakers.reminders.sending.hooks import heading_of, opened_cards

AT_ONCE = 8
"""Messages on their way at a time, so that one slow service holds up few."""
MOST_IN_A_LOOK = 500
"""Messages in one look; the rest waits for the next, so that mail and teams have their turn."""
LIVES_FOR = timedelta(hours=4)
"""The time that a push service keeps a message for a device that is off."""
GONE = (404, 410)
"""Answers that say that the device no longer wants messages."""
log = structlog.get_logger()


def push_titles(courier: Courier, now: datetime) -> int:
    """Push to everybody who is due. Return how many messages were taken."""
    if courier.settings.push_key is None:
        return 0
    with courier.database.reading() as session:
        waiting = due(session, courier, Kind.PUSH, now)
        user_ids = [row.user_id for row in waiting]
        cards = _cards(session, courier, user_ids, now)
    letters = []
    for row in waiting:
        if row.user_id in cards:
            letters.append((row, cards[row.user_id]))
    letters = letters[:MOST_IN_A_LOOK]
    if not letters:
        return 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(partial(_push, courier, now), letters))


def _cards(
    session: Session, courier: Courier, user_ids: Sequence[int], now: datetime
) -> Mapping[int, Card]:
    """Return the card that opened today for each of those who are to hear of it."""
    day = amsterdam_day(now)
    reminded = who_is_reminded(session, user_ids, day)
    statement = (
        select(MEMBERSHIP.c.user_id, TEAM.c.rhythm)
        .join(TEAM, TEAM.c.id == MEMBERSHIP.c.team_id)
        .where(MEMBERSHIP.c.user_id.in_(reminded))
    )
    own: dict[int, set[str]] = {user_id: set() for user_id in reminded}
    for row in session.execute(statement):
        own[row.user_id].add(row.rhythm)
    opened = opened_cards(session, courier, day, Rhythm)
    cards = {}
    for user_id, rhythms in own.items():
        card = opened[rhythm_of(rhythms)]
        # in a slower rhythm most days bring nothing new
        if card is not None:
            cards[user_id] = card
    return cards


def _push(courier: Courier, now: datetime, letter: tuple[Row[Any], Card]) -> bool:
    """Claim one message and send it. Return whether the push service took it."""
    row, card = letter
    # made for another key of this server, a push service refuses it for good
    subscription = opened_subscription(courier.keys, row.sealed)
    if subscription is None or subscription.server_key != public_key(courier.settings):
        _remove(courier, row)
        return False
    host = urlsplit(subscription.endpoint).hostname or ""
    if courier.stopping() or courier.resting.rests(host, now):
        return False
    body, headers = _request(courier, subscription, card, now)
    address = subscription.endpoint
    try:
        reply = post_once(courier, REMINDER, row, now, address=address, body=body, headers=headers)
    except Forbidden:
        _remove(courier, row)
        return False
    if reply is None:
        return False
    if reply.status in GONE:
        _remove(courier, row)
    elif not reply.took_it:
        log.warning("push service refused", status=reply.status)
    return reply.took_it


def _request(
    courier: Courier, subscription: Subscription, card: Card, now: datetime
) -> tuple[bytes, Mapping[str, str]]:
    settings, key = courier.settings, server_key(courier.settings)
    assert key is not None
    said = {"kop": heading_of(card), "titel": card.title}
    text = json.dumps(said, ensure_ascii=False).encode()
    body = encrypted(
        text,
        device_key=from_base64(subscription.p256dh),
        auth=from_base64(subscription.auth),
    )
    contact = settings.security_contact or settings.base_url
    return body, {
        "Authorization": authorization(key, subscription.endpoint, contact, now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(LIVES_FOR.total_seconds())),
        # a newer one takes the place of one that a device did not get yet
        "Topic": "dilemma",
        "Urgency": "normal",
    }


def _remove(courier: Courier, row: Row[Any]) -> None:
    """Forget a device: it is gone, or nothing can be sent to it any more."""
    own = (REMINDER.c.user_id == row.user_id, REMINDER.c.kind == Kind.PUSH)
    # only as long as it is the same: somebody may have turned it on again just now
    is_same = REMINDER.c.sealed == row.sealed
    with courier.database.transaction() as session:
        session.execute(delete(REMINDER).where(*own, is_same))
