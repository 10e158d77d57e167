"""A day whose dilemma has two chapters, and the working days after it."""

import pytest
from flask import Flask

from kopkrakers.base.clock import amsterdam_day
from kopkrakers.catalogue.editions.models import CalendarDay
from tests.answers.pages.unfolding.days import SLUG, Unfolded
from tests.support.clock import StoppedClock
from tests.support.pages import open_site
from tests.support.world import World


@pytest.fixture
def unfolded(app: Flask, world: World, clock: StoppedClock) -> Unfolded:
    """The product on the day of the dilemma itself."""
    with app.extensions["kopkrakers"].database.transaction() as session:
        session.add(CalendarDay(day=amsterdam_day(clock()), dilemma=SLUG))
    site = open_site(app)
    assert site.slug == SLUG
    return Unfolded(site, clock)
