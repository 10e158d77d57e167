"""An installation of the first edition comes over: nothing is lost, and no list of people stays."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.service import Turn, turn_of
from kopkrakers.ballots.boxes import ENVELOPE, verify_envelope
from kopkrakers.ballots.sealing import mac_keys, seal
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.keys import Keys, Use, keys_for
from kopkrakers.base.macs import sign
from kopkrakers.catalogue.library import Library
from kopkrakers.counter.build import make_counter
from kopkrakers.counter.counting import look_into_boxes
from kopkrakers.migrations.run import migrate, unmigrate
from tests.support.polling import SLUG, Polling

FORMER = b"m" * 40


def of_first_edition(polling: Polling, votes: str) -> None:
    """Put the tables back as the first edition kept them, with people who answered."""
    address = ("gemeente", SLUG, 1, str(polling.gemeente))
    with polling.database.reading() as session:
        box = session.execute(
            text("SELECT id, public_key FROM ballot_box WHERE kind = 'gemeente' AND pool = :pool"),
            {"pool": address[3]},
        ).one()
    unmigrate(polling.database, "0003")
    with polling.database.transaction() as session:
        for person, vote in zip(polling.people, votes, strict=False):
            session.execute(
                text("INSERT INTO participation VALUES (:user_id, :dilemma, 1, 'in_box')"),
                {"user_id": person, "dilemma": SLUG},
            )
            sealed = seal(bytes(box.public_key), f"{vote}w---")
            fields = ("envelope", str(person), SLUG, 1, box.id, 1, 0, 0, sealed)
            row = {
                "voter": str(person),
                "subject": SLUG,
                "edition": 1,
                "box_id": box.id,
                "lived": True,
                "nights": 0,
                "tried": False,
                "sealed": sealed,
                "mac": sign(Keys(FORMER), *fields),
            }
            session.execute(ENVELOPE.insert(), row)


@pytest.fixture(autouse=True)
def newest_tables(database: Database, settings: Settings) -> Iterator[None]:
    """Leave the tables as the next test expects them."""
    yield
    with database.transaction() as session:
        session.execute(text("DELETE FROM envelope"))
        session.execute(text("DELETE FROM participation"))
    migrate(database, settings)


@pytest.fixture
def upgraded(settings: Settings) -> Settings:
    return settings.model_copy(update={"mac_key": SecretStr(FORMER.decode())})


def test_answers_that_waited_are_counted_after_the_upgrade(
    polling: Polling, upgraded: Settings
) -> None:
    of_first_edition(polling, "aaaaabbbcc")
    migrate(polling.database, upgraded)
    counter = make_counter(upgraded, polling.database, Library(upgraded.cards_dir))
    turns = {turn(polling, upgraded, person) for person in polling.people[:10]}
    assert turns == {Turn.IN_BOX}
    look_into_boxes(counter, polling.now, at_least=0)
    assert polling.totals("NL") == {"a": 5, "b": 3, "c": 2, "x": 0}
    assert turn(polling, upgraded, polling.people[0]) is Turn.COUNTED
    assert turn(polling, upgraded, polling.people[20]) is Turn.NONE


def test_no_user_id_is_left_in_the_tables(polling: Polling, upgraded: Settings) -> None:
    of_first_edition(polling, "abc")
    migrate(polling.database, upgraded)
    with polling.database.reading() as session:
        turns = session.execute(text("SELECT * FROM participation")).all()
        envelopes = session.execute(ENVELOPE.select()).all()
    assert len(turns) == len(envelopes) == 3
    names = [row.pseudonym for row in turns] + [row.voter for row in envelopes]
    assert all(len(name) == 32 for name in names)
    assert not {str(person) for person in polling.people} & set(names)


def test_a_forged_envelope_gets_no_mac_from_the_upgrade(
    polling: Polling, upgraded: Settings
) -> None:
    of_first_edition(polling, "aaaaabbbcc")
    with polling.database.transaction() as session:
        forged = text("UPDATE envelope SET sealed = :sealed WHERE voter = :voter")
        session.execute(forged, {"sealed": b"x" * 64, "voter": str(polling.people[0])})
    migrate(polling.database, upgraded)
    with polling.database.reading() as session:
        rows = session.execute(ENVELOPE.select()).all()
    assert sum(verify_envelope(mac_keys(upgraded), row) for row in rows) == 9


def test_without_the_settings_nothing_is_changed(polling: Polling) -> None:
    of_first_edition(polling, "abc")
    with pytest.raises(ConfigurationError, match="KOPKRAKERS_SECRET"):
        migrate(polling.database)
    with polling.database.reading() as session:
        assert len(session.execute(text("SELECT user_id FROM participation")).all()) == 3


def test_turns_under_pseudonyms_never_go_back(polling: Polling) -> None:
    polling.cast_all("abc")
    with pytest.raises(ConfigurationError, match="put back the backup"):
        unmigrate(polling.database, "0003")


def turn(polling: Polling, settings: Settings, person: int) -> Turn:
    with polling.database.reading() as session:
        return turn_of(session, Voter(person, keys_for(Use.TURNS, settings)), SLUG, 1)
