"""A demo has a stelling in its past and one to come, on whatever day it begins."""

from datetime import date, timedelta
from random import Random

from sqlalchemy import select

from kopkrakers.answers.rules import check_answer
from kopkrakers.base.config import asset_folder
from kopkrakers.base.db import Database
from kopkrakers.catalogue.cards.card import is_stelling_slug
from kopkrakers.catalogue.editions.calendar import plan_calendar
from kopkrakers.catalogue.editions.editions import DAY
from kopkrakers.catalogue.editions.models import CalendarDay
from kopkrakers.catalogue.editions.working_days import last_working_day
from kopkrakers.catalogue.library import Library
from kopkrakers.catalogue.stellingen.daily import daily_stellingen
from kopkrakers.demo.choices import answer_of, leaning, two_camps
from kopkrakers.demo.people import Colleague
from kopkrakers.demo.weeks import OPENING_CARD, WEEKS


def test_there_is_one_behind_and_one_ahead(database: Database) -> None:
    library = Library(asset_folder("dilemmas"), stellingen=daily_stellingen())
    for step in range(14):
        today = last_working_day(date(2027, 3, 1) + timedelta(days=step))
        first = today - timedelta(weeks=WEEKS)
        with database.transaction() as session:
            session.execute(DAY.delete())
            session.add(CalendarDay(day=today, dilemma=OPENING_CARD))
        with database.transaction() as session:
            for day in range((today - first).days + 1):
                plan_calendar(session, library, first + timedelta(days=day))
            rows = session.execute(select(DAY.c.day, DAY.c.dilemma)).all()
        days = [row.day for row in rows if is_stelling_slug(row.dilemma)]
        assert min(days) < today < max(days), (today, days)
        assert {row.day: row.dilemma for row in rows}[today] == OPENING_CARD


def test_invented_people_answer_it_as_people_can() -> None:
    chance = Random(3)
    for card in daily_stellingen().values():
        assert set(leaning(card, "Zaanstad")) == {"a", "b", "c"}
        assert set(two_camps(card, "Zaanstad")) < {"a", "b", "c"}
        for _ in range(5):
            colleague = Colleague(chance.randrange(1, 999), 1, "Zaanstad", played=False)
            check_answer(answer_of(colleague, card), card.option_codes)
