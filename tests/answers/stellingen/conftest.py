"""A day with a stelling, a counter for one, and the same for a dilemma beside it."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.db import Database
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.editions import DAY
from kopkrakers.catalogue.stellingen.daily import daily_stellingen
from tests.support.pages import Site
from tests.support.polling import Polling, give_pools, make_polling

SLUG = "stelling-proberen-mag"


@pytest.fixture
def card() -> Card:
    return daily_stellingen()[SLUG]


@pytest.fixture
def stelling(site: Site) -> Site:
    """The product on a day whose stelling is open, with its boxes ready."""
    today = site.state.today()
    with site.state.database.transaction() as session:
        session.execute(update(DAY).where(DAY.c.day == today).values(dilemma=SLUG))
    site.tick()
    with site.state.database.transaction() as session:
        give_pools(session, mac_keys(site.state.settings), today)
    site.tick()
    return replace(site, slug=SLUG)


@pytest.fixture
def polling(database: Database, key_dir: Path, card: Card) -> Polling:
    """One open stelling, ninety people in each of two gemeenten, and a counter with real keys."""
    return make_polling(database, key_dir, people=90, card=card)
