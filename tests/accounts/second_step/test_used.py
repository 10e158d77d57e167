"""A code that was used: refused by every process, and told to nobody."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kopkrakers.accounts.models import USED_STEP
from kopkrakers.accounts.second_step.keeping import keep_secret
from kopkrakers.accounts.second_step.totp import STEP_SECONDS, code_at
from kopkrakers.accounts.second_step.used import use_step
from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Keys, Use, derive
from tests.support.clock import StoppedClock
from tests.support.signing_in import fill_in, sign_in
from tests.support.world import ROW_KEYS, World

TODAY = date(2026, 11, 30)
ANNA, BRAM, STEP = 1, 2, 59_000_000
NEW_KEYS = Keys(derive(b"n" * 40, Use.ROWS), (ROW_KEYS.current,))
SECRET_OF_APP = b"12345678901234567890"


def use(
    database: Database,
    user_id: int = ANNA,
    step: int = STEP,
    keys: Keys = ROW_KEYS,
    today: date = TODAY,
) -> bool:
    with database.transaction() as session:
        return use_step(session, user_id, step, keys=keys, today=today)


def rows(database: Database) -> list[tuple[str, date]]:
    with database.reading() as session:
        return [(row.mark, row.day) for row in session.execute(select(USED_STEP))]


@pytest.fixture
def other_server(settings: Settings, clock: StoppedClock) -> Iterator[Flask]:
    """A second server on the same database: it shares no memory with the first."""
    app = create_app(settings, clock=clock)
    app.testing = True
    yield app
    app.extensions["kopkrakers"].database.dispose()


def test_a_step_is_used_once_by_each_person(database: Database) -> None:
    assert use(database)
    assert not use(database)
    assert use(database, BRAM) and use(database, step=STEP + 1)


def test_of_many_at_once_one_gets_it(database: Database) -> None:
    with ThreadPoolExecutor(max_workers=8) as pool:
        asked = [pool.submit(use, database) for _ in range(16)]
        assert sum(one.result() for one in asked) == 1


def test_a_code_that_one_server_took_another_refuses(
    app: Flask, other_server: Flask, database: Database, with_passwords: World, clock: StoppedClock
) -> None:
    with database.transaction() as session:
        keep_secret(session, with_passwords.gerda.id, SECRET_OF_APP, ROW_KEYS)
    code = code_at(SECRET_OF_APP, int(clock().timestamp()) // STEP_SECONDS)
    answers = []
    for server in (app, other_server):
        browser = server.test_client()
        sign_in(browser, "gerda@voorbeeld.nl")
        answers.append(fill_in(browser, "/inloggen/tweede-stap", code=code))
    assert [answer.status_code for answer in answers] == [303, 422]
    assert "al gebruikt" in answers[1].text


def test_it_stays_used_when_the_secret_is_replaced(database: Database) -> None:
    assert use(database)
    assert not use(database, keys=NEW_KEYS)


def test_what_no_code_can_match_any_more_goes(database: Database) -> None:
    use(database)
    use(database, BRAM, today=TODAY + timedelta(days=1))
    assert {day for _, day in rows(database)} == {TODAY, TODAY + timedelta(days=1)}
    use(database, BRAM, STEP + 1, today=TODAY + timedelta(days=2))
    assert TODAY not in {day for _, day in rows(database)}


def test_a_row_says_neither_whose_nor_when(database: Database) -> None:
    """Without the key the marks of all people and steps look alike: nothing can be worked out."""
    use(database)
    use(database, BRAM)
    use(database, step=STEP + 1)
    found = rows(database)
    assert {len(mark) for mark, _ in found} == {32} and len({mark for mark, _ in found}) == 3
    assert {column.name for column in USED_STEP.columns} == {"mark", "day"}
    forger = Keys(derive(b"x" * 40, Use.ROWS))
    with database.transaction() as session:
        tried = [
            use_step(session, user_id, step, keys=forger, today=TODAY)
            for user_id in (ANNA, BRAM)
            for step in (STEP, STEP + 1)
        ]
    assert all(tried)
