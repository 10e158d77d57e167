"""Tell teams of their dilemma in the channel that somebody chose for them."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from sqlalchemy import Row, select, update
from sqlmodel import Session

from kopkrakers.accounts.models import TEAM, Rhythm
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.base.wire import Forbidden
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.calendar import dilemma_of_day
from kopkrakers.catalogue.editions.working_days import brings_new
from kopkrakers.reminders.models import TEAM_HOOK
from kopkrakers.reminders.rules import due_day
from kopkrakers.reminders.sealing import unseal_secret
from kopkrakers.reminders.sending.courier import Courier, is_at_hand, may_work_later, post_once
from kopkrakers.reminders.team_hooks import LABEL, is_allowed

SLACK = "hooks.slack.com"
log = structlog.get_logger()


def tell_teams(courier: Courier, now: datetime) -> int:
    """Tell each team that is due of the dilemma that opened today. Return how many were told."""
    with courier.database.reading() as session:
        waiting = _due(session, courier, now)
        rhythms = {Rhythm(row.rhythm) for row in waiting}
        day = amsterdam_day(now)
        # once for each rhythm and not for each team: a country has hundreds of those
        cards = opened_cards(session, courier, day, rhythms)
    told = 0
    for hook in waiting:
        card = cards[Rhythm(hook.rhythm)]
        if card is not None and not courier.stopping():
            told += _tell(courier, hook, card, now)
    return told


def opened_cards(
    session: Session, courier: Courier, day: date, rhythms: Iterable[Rhythm]
) -> dict[Rhythm, Card | None]:
    """Return for each rhythm the card that opened on a day, or None (`opened_card`)."""
    cards = {}
    for rhythm in rhythms:
        cards[rhythm] = opened_card(session, courier, day, rhythm)
    return cards


def opened_card(session: Session, courier: Courier, day: date, rhythm: Rhythm) -> Card | None:
    """Return the card of the dilemma that opened on a day for this rhythm.

    None where none did: another day of the rhythm, or a counter that did not open it yet.
    """
    if not brings_new(day, rhythm):
        return None
    shown = dilemma_of_day(session, courier.library, day, rhythm)
    if shown is not None and shown.edition.opens_on == day:
        return shown.card
    return None


def heading_of(card: Card) -> str:
    """Return what a message says before the title."""
    if card.is_stelling:
        return "De stelling van vandaag"
    return "Het dilemma van vandaag"


def _due(session: Session, courier: Courier, now: datetime) -> list[Row[Any]]:
    statement = (
        select(TEAM_HOOK, TEAM.c.rhythm)
        .join(TEAM, TEAM.c.id == TEAM_HOOK.c.team_id)
        .where(is_at_hand(TEAM_HOOK, now), TEAM_HOOK.c.refused.is_(False))
        .order_by(TEAM_HOOK.c.team_id)
    )
    key = courier.keys.current
    waiting = []
    for row in session.execute(statement):
        if due_day(row.at, None, now, key=key, whose=f"team {row.team_id}"):
            waiting.append(row)
    return waiting


def _tell(courier: Courier, hook: Row[Any], card: Card, now: datetime) -> bool:
    """Claim the message of one team and post it. Return whether it left."""
    opened = unseal_secret(courier.keys, LABEL, hook.sealed)
    address = ""
    if opened is not None:
        address = opened.decode()
    # asked at each message: the operator may have taken a host off the list since
    host = urlsplit(address).hostname or ""
    if not is_allowed(host, courier.settings.webhook_hosts) or courier.resting.rests(host, now):
        return False
    body = message(host, heading_of(card), card.title, courier.settings.base_url)
    headers = {"Content-Type": "application/json"}
    try:
        reply = post_once(
            courier, TEAM_HOOK, hook, now, address=address, body=body, headers=headers
        )
    except Forbidden:
        _refuse(courier, hook, status=None)
        return False
    if reply is None:
        return False
    if not reply.took_it and not may_work_later(reply):
        _refuse(courier, hook, status=reply.status)
    return reply.took_it


def _refuse(courier: Courier, hook: Row[Any], *, status: int | None) -> None:
    """Stop: the channel is gone, or leads elsewhere. Who looks after the team reads it."""
    log.warning("team hook refused", status=status)
    statement = update(TEAM_HOOK).where(TEAM_HOOK.c.team_id == hook.team_id).values(refused=True)
    with courier.database.transaction() as session:
        session.execute(statement)


def message(host: str, heading: str, title: str, base_url: str) -> bytes:
    """Return what is posted: for Slack a text, for Teams an adaptive card."""
    text = f"{heading}: {title}"
    if host == SLACK:
        # Slack reads these three as its own marks
        plain = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        content: dict[str, Any] = {
            "text": f"{heading}: <{base_url}/|{plain}>",
        }
    else:
        card = {
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.2",
            "body": [{"type": "TextBlock", "text": text, "wrap": True}],
            "actions": [
                {"type": "Action.OpenUrl", "title": "Open Kopkrakers", "url": f"{base_url}/"}
            ],
        }
        kind = "application/vnd.microsoft.card.adaptive"
        content = {"type": "message", "attachments": [{"contentType": kind, "content": card}]}
    return json.dumps(content, ensure_ascii=False).encode()
