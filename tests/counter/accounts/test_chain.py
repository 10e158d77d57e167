"""Changes to accounts are a chain: who puts an account back as it was, or takes links away, stops
the counter.

Each attack is shown to work where the counter does not hold the chain against its keys.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.engine import Row

from kopkrakers.accounts.chain import remembered
from kopkrakers.accounts.chain.changes import changing
from kopkrakers.accounts.models import ACCOUNT_CHANGE, MEMBERSHIP, USER, USER_ROLE, Change, Role
from kopkrakers.accounts.service import give_roles
from kopkrakers.base.config import Settings
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.keys import Keys
from kopkrakers.counter import believing
from kopkrakers.counter import counter as counter_module
from kopkrakers.counter.believing import accounts_that_fail
from kopkrakers.counter.newest import account_chain
from kopkrakers.counter.newest.account_chain import (
    HEAD_FILE,
    check_chain,
    expect_head,
    recalled_head,
)
from kopkrakers.counter.rotation.lasting import carries_former_key, sign_lasting_anew
from kopkrakers.operations.backups import go_on_after_restore, is_behind_keys
from kopkrakers.operations.check import changed_accounts, everything_wrong
from tests.support.attacks import Attacker
from tests.support.databases.copies import copy_back, copy_of
from tests.support.polling import KEYS, Polling
from tests.support.world import add_team

NINE = "aaaabbbcc"
Attack = Callable[[Attacker], None]


@pytest.fixture
def unchained(monkeypatch: pytest.MonkeyPatch) -> None:
    """The counter of before: it holds each account against its own MAC alone."""
    monkeypatch.setattr(counter_module, "check_chain", lambda *_parts: None)


def move(polling: Polling, person: int, gemeente: int) -> None:
    """The product gives an account another gemeente."""
    with polling.database.transaction() as session, changing(session, KEYS, person, Change.MADE):
        session.execute(USER.update().where(USER.c.id == person).values(gemeente_id=gemeente))


def links(attacker: Attacker) -> list[Row[Any]]:
    return sorted(attacker.rows(ACCOUNT_CHANGE), key=lambda link: link.number)


def give_role(polling: Polling, person: int, *roles: Role) -> None:
    with polling.database.transaction() as session, changing(session, KEYS, person, Change.ROLES):
        give_roles(session, person, roles)


def test_every_account_has_a_link_and_the_key_folder_the_last(attacker: Attacker) -> None:
    polling = attacker.polling
    attacker.tick()
    give_role(polling, polling.people[3], Role.KLANTMANAGER, Role.BEHEERDER)
    assert recalled_head(polling.counter.folder).number == 80
    attacker.tick()
    assert [link.number for link in links(attacker)] == list(range(1, 82))
    last = links(attacker)[-1]
    assert recalled_head(polling.counter.folder) == (81, (last.mac,))
    assert (last.what, last.user_id) == ("roles", polling.people[3])


def test_a_link_tells_nothing_of_answers(attacker: Attacker) -> None:
    polling = attacker.polling
    before = links(attacker)
    polling.cast_all("aaaaabbbcc")
    polling.take_back(polling.people[0])
    attacker.tick(2)
    assert links(attacker) == before
    assert set(ACCOUNT_CHANGE.c.keys()) == {
        "number",
        "what",
        "user_id",
        "state",
        "previous",
        "mac",
    }


def put_back_with_the_last_link(attacker: Attacker, person: int) -> None:
    """An account as it was before its last change; the link of that change is taken away."""
    polling = attacker.polling
    saved = attacker.rows(USER, USER.c.id == person)[0]
    move(polling, person, polling.other_gemeente)
    attacker.tick()
    attacker.change(USER, USER.c.id == person, **saved._asdict())
    attacker.remove(ACCOUNT_CHANGE, ACCOUNT_CHANGE.c.number == links(attacker)[-1].number)


@pytest.mark.usefixtures("unchained")
def test_an_account_put_back_with_its_link_holds_where_the_end_is_not_known(
    attacker: Attacker,
) -> None:
    put_back_with_the_last_link(attacker, attacker.polling.people[0])
    attacker.tick()
    assert list(changed_accounts(attacker.polling.counter, attacker.polling.now)) == []


def test_an_account_put_back_with_its_link_stops_the_counter(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all(NINE + "b")
    put_back_with_the_last_link(attacker, polling.people[0])
    with pytest.raises(ConfigurationError, match=r"ouder dan de sleutels.* 80, .* 81"):
        attacker.tick()
    assert polling.totals("NL") == {}


def test_an_account_put_back_without_its_link_does_not_hold(attacker: Attacker) -> None:
    polling = attacker.polling
    person = polling.people[0]
    saved = attacker.rows(USER, USER.c.id == person)[0]
    move(polling, person, polling.other_gemeente)
    attacker.change(USER, USER.c.id == person, **saved._asdict())
    attacker.tick()
    (said,) = changed_accounts(polling.counter, polling.now)
    assert f"account {person}." in said


def test_a_chain_that_is_read_in_parts_is_held_whole(
    attacker: Attacker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (account_chain, believing, remembered):
        monkeypatch.setattr(module, "AT_A_TIME", 7)
    polling = attacker.polling
    attacker.tick()
    # the last of many parts: what was found of the rows of before may not be remembered for it
    person = polling.people[-1]
    attacker.change(USER, USER.c.id == person, name="Iemand")
    (said,) = changed_accounts(polling.counter, polling.now)
    assert f"account {person}." in said
    attacker.change(ACCOUNT_CHANGE, ACCOUNT_CHANGE.c.number == 79, what="removed")
    with pytest.raises(ConfigurationError, match="79"):
        attacker.tick()


def take_from_the_middle(attacker: Attacker) -> None:
    attacker.remove(ACCOUNT_CHANGE, ACCOUNT_CHANGE.c.number == 17)


def take_the_first(attacker: Attacker) -> None:
    attacker.remove(ACCOUNT_CHANGE, ACCOUNT_CHANGE.c.number == 1)


def close_the_gap(attacker: Attacker) -> None:
    """The links after the one that was taken move up."""
    attacker.remove(ACCOUNT_CHANGE, ACCOUNT_CHANGE.c.number == 80)
    attacker.change(ACCOUNT_CHANGE, ACCOUNT_CHANGE.c.number == 81, number=80)


def edit_what(attacker: Attacker) -> None:
    attacker.change(ACCOUNT_CHANGE, ACCOUNT_CHANGE.c.number == 17, what="removed")


def edit_whose(attacker: Attacker) -> None:
    attacker.change(ACCOUNT_CHANGE, ACCOUNT_CHANGE.c.number == 17, user_id=1)


def copy_a_state(attacker: Attacker) -> None:
    state = links(attacker)[0].state
    attacker.change(ACCOUNT_CHANGE, ACCOUNT_CHANGE.c.number == 17, state=state)


def add_one(attacker: Attacker) -> None:
    last = links(attacker)[-1]
    row = last._asdict() | {"number": last.number + 1, "previous": last.mac}
    attacker.put(ACCOUNT_CHANGE, row)


def say_it_was_restored(attacker: Attacker) -> None:
    """A link after a restore would let the ones before be."""
    take_from_the_middle(attacker)
    last = links(attacker)[-1]
    row = last._asdict() | {"number": last.number + 1, "what": "restored", "user_id": None}
    attacker.put(ACCOUNT_CHANGE, row)


@pytest.mark.parametrize(
    ("attack", "number"),
    [
        (take_from_the_middle, 17),
        (take_the_first, 1),
        (close_the_gap, 80),
        (edit_what, 17),
        (edit_whose, 17),
        (copy_a_state, 17),
        (add_one, 82),
        (say_it_was_restored, 82),
    ],
)
def test_a_chain_that_was_tampered_with_stops_the_counter_and_says_where(
    attacker: Attacker, settings: Settings, attack: Attack, number: int
) -> None:
    polling = attacker.polling
    attacker.tick()
    polling.cast_all(NINE + "b")
    give_role(polling, polling.people[3], Role.KLANTMANAGER, Role.BEHEERDER)
    attack(attacker)
    with pytest.raises(ConfigurationError, match=rf"nummer {number}\b"):
        attacker.tick(2)
    assert polling.totals("NL") == {}
    (said,) = [one for one in everything_wrong(settings, polling.now) if "wijzigingen" in one]
    assert f"nummer {number}" in said and "Zoek uit wie" in said


def test_a_shorter_chain_that_grew_as_long_again_is_noticed(attacker: Attacker) -> None:
    polling = attacker.polling
    copied = copy_of(polling.database)
    give_role(polling, polling.people[3], Role.KLANTMANAGER, Role.BEHEERDER)
    attacker.tick()
    copy_back(polling.database, copied)
    give_role(polling, polling.people[5], Role.BEGELEIDER)
    with pytest.raises(ConfigurationError, match="nummer 81 buiten"):
        attacker.tick()


def older_than_the_keys(attacker: Attacker) -> None:
    """A role was taken away, and the database of before is copied back."""
    polling = attacker.polling
    give_role(polling, polling.people[3], Role.KLANTMANAGER, Role.BEHEERDER)
    attacker.tick()
    copied = copy_of(polling.database)
    give_role(polling, polling.people[3], Role.KLANTMANAGER)
    attacker.tick()
    copy_back(polling.database, copied)


def test_a_database_older_than_its_keys_counts_nothing_until_it_is_restored(
    attacker: Attacker, settings: Settings
) -> None:
    older_than_the_keys(attacker)
    polling = attacker.polling
    with pytest.raises(ConfigurationError, match="ouder dan de sleutels"):
        attacker.tick()
    assert is_behind_keys(settings, polling.database)
    go_on_after_restore(settings, polling.database, polling.now)
    assert not is_behind_keys(settings, polling.database)
    assert links(attacker)[-1].what == "restored" and links(attacker)[-1].number == 83
    give_role(polling, polling.people[3], Role.KLANTMANAGER)
    attacker.tick()
    assert list(changed_accounts(polling.counter, polling.now)) == []


def test_after_a_restore_what_was_before_it_is_held_as_it_was(
    attacker: Attacker, settings: Settings
) -> None:
    older_than_the_keys(attacker)
    go_on_after_restore(settings, attacker.polling.database, attacker.polling.now)
    edit_whose(attacker)
    with pytest.raises(ConfigurationError, match="van voor nummer 83"):
        attacker.tick()


def test_a_key_folder_that_never_knew_the_chain_takes_it_as_it_is(attacker: Attacker) -> None:
    attacker.tick()
    (attacker.polling.counter.folder.folder / HEAD_FILE).unlink()
    attacker.tick()
    assert recalled_head(attacker.polling.counter.folder).number == 80


def test_the_key_folder_of_another_installation_counts_nothing(attacker: Attacker) -> None:
    folder = attacker.polling.counter.folder
    folder.remember(HEAD_FILE, f"80 {'ab' * 32}")
    with pytest.raises(ConfigurationError, match="nummer 80 buiten"):
        attacker.tick()


def test_a_row_of_another_account_does_not_hold(attacker: Attacker) -> None:
    """A beheerder's row, copied over that of somebody else."""
    polling = attacker.polling
    first, second = polling.people[:2]
    give_role(polling, first, Role.KLANTMANAGER, Role.BEHEERDER)
    row = attacker.rows(USER, USER.c.id == first)[0]._asdict()
    attacker.change(USER, USER.c.id == first, address_hmac="somebody else")
    attacker.change(USER, USER.c.id == second, **(row | {"id": second}))
    attacker.put(USER_ROLE, {"user_id": second, "role": Role.BEHEERDER})
    (said,) = changed_accounts(polling.counter, polling.now)
    assert f"account {first}, {second}." in said


@pytest.mark.parametrize(
    "values",
    [
        {"email": "x@voorbeeld.nl"},
        {"name": "Iemand"},
        {"password_hash": "of the attacker"},
        {"status": "blocked"},
        {"generation": 7},
    ],
    ids=str,
)
def test_every_column_is_under_the_mac(attacker: Attacker, values: dict[str, Any]) -> None:
    person = attacker.polling.people[0]
    attacker.change(USER, USER.c.id == person, **values)
    (said,) = changed_accounts(attacker.polling.counter, attacker.polling.now)
    assert f"account {person}." in said


def test_roles_and_teams_are_under_the_mac(attacker: Attacker) -> None:
    polling = attacker.polling
    first, second, third, fourth = polling.people[:4]
    with polling.database.transaction() as session:
        team = add_team(session, polling.gemeente, "Team Noord")
    # what is remembered of the rows as they were hides nothing of what comes
    assert not list(changed_accounts(polling.counter, polling.now))
    attacker.put(USER_ROLE, {"user_id": first, "role": Role.ONDERZOEKER})
    attacker.remove(USER_ROLE, USER_ROLE.c.user_id == second)
    attacker.change(USER_ROLE, USER_ROLE.c.user_id == third, role="redacteur,beheerder")
    attacker.put(MEMBERSHIP, {"user_id": fourth, "team_id": team})
    (said,) = changed_accounts(polling.counter, polling.now)
    assert f"account {first}, {second}, {third}, {fourth}." in said


NEW = b"n" * 32
BOTH = Keys(NEW, (KEYS.current,))


def sign_anew(attacker: Attacker) -> None:
    """The secret is replaced, and its former one kept for a while."""
    attacker.tick(counter=replace(attacker.polling.counter, keys=BOTH))


def stands_under_the_new_key_alone(attacker: Attacker) -> list[int]:
    """Hold the chain against the new key; gives the accounts that fail."""
    folder, keys = attacker.polling.counter.folder, Keys(NEW)
    with attacker.polling.database.reading() as session:
        check_chain(session, folder, keys)
        assert not carries_former_key(session, BOTH)
        return accounts_that_fail(session, keys)


def test_accounts_and_chain_are_signed_anew_under_another_secret(attacker: Attacker) -> None:
    polling = attacker.polling
    give_role(polling, polling.people[3], Role.KLANTMANAGER, Role.BEHEERDER)
    attacker.tick()
    attacker.change(USER, USER.c.id == polling.people[7], name="Iemand")
    sign_anew(attacker)
    assert stands_under_the_new_key_alone(attacker) == [polling.people[7]]


def test_a_restored_chain_is_signed_anew_too(attacker: Attacker, settings: Settings) -> None:
    older_than_the_keys(attacker)
    go_on_after_restore(settings, attacker.polling.database, attacker.polling.now)
    sign_anew(attacker)
    assert stands_under_the_new_key_alone(attacker) == []
    edit_whose(attacker)
    with pytest.raises(ConfigurationError, match="van voor nummer 83"):
        stands_under_the_new_key_alone(attacker)


def test_a_counter_killed_while_signing_anew_goes_on(attacker: Attacker) -> None:
    """Before the commit, the key folder knows the old head and the new one."""
    polling = attacker.polling
    attacker.tick()
    with pytest.raises(KeyboardInterrupt), polling.database.transaction() as session:
        sign_lasting_anew(session, BOTH)
        expect_head(session, polling.counter.folder)
        raise KeyboardInterrupt
    sign_anew(attacker)
    assert stands_under_the_new_key_alone(attacker) == []
