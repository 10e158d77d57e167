"""On a day with a stelling every message says that it is one, and nothing else of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from kopkrakers.accounts.models import Rhythm
from kopkrakers.base.db import Database
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.editions import DAY
from kopkrakers.catalogue.library import Library
from kopkrakers.catalogue.stellingen.daily import daily_stellingen
from kopkrakers.reminders.feed.service import Feed, entries_of
from kopkrakers.reminders.sending.courier import Courier
from kopkrakers.reminders.sending.digest import digest
from kopkrakers.reminders.sending.hooks import heading_of, message, opened_card
from tests.reminders.wishes import THIS_MONDAY
from tests.support.cards import tick
from tests.support.world import World

SLUG = "stelling-proberen-mag"


@pytest.fixture
def card() -> Card:
    return daily_stellingen()[SLUG]


@pytest.fixture
def library(database: Database, cards_dir: Path, world: World) -> Library:
    """Cards and stellingen, with a stelling on Monday."""
    library = Library(cards_dir, stellingen=daily_stellingen())
    tick(database, library, THIS_MONDAY - timedelta(days=3))
    with database.transaction() as session:
        session.execute(update(DAY).where(DAY.c.day == THIS_MONDAY).values(dilemma=SLUG))
    tick(database, library, THIS_MONDAY)
    return library


def test_the_agenda_and_the_mail_name_it(
    database: Database, library: Library, world: World, card: Card
) -> None:
    with database.reading() as session:
        entries = entries_of(session, library, Feed(world.anna.id, 540, "x"), THIS_MONDAY)
        mail = digest(session, library, THIS_MONDAY, on=0, base_url="https://k.nl")
    assert entries[0].title == f"Stelling: {card.title}"
    assert mail is not None and f"- maandag: Stelling: {card.title}" in mail[1]
    # the days beside it have dilemmas
    assert not entries[1].title.startswith("Stelling")


def test_a_channel_and_a_device_hear_of_a_stelling(
    courier: Courier, library: Library, card: Card
) -> None:
    courier = replace(courier, library=library)
    with courier.database.reading() as session:
        told = opened_card(session, courier, THIS_MONDAY, Rhythm.DAILY)
    assert told is not None and told.slug == SLUG
    assert heading_of(told) == "De stelling van vandaag"
    posted = message("hooks.slack.com", heading_of(told), told.title, "https://k.nl").decode()
    assert f"De stelling van vandaag: <https://k.nl/|{card.title}>" in posted
    assert "dilemma" not in posted
