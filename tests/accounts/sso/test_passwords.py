"""A gemeente that takes no passwords: one account for emergencies, and no way round."""

from dataclasses import replace

import pytest

from kopkrakers.accounts import passwords
from kopkrakers.accounts.invitations import Invitee, invite, replace_password
from kopkrakers.accounts.models import Role
from kopkrakers.accounts.sso.providers import Provider, keep_provider
from kopkrakers.accounts.sso.setting import sign_out_passwords
from kopkrakers.base.clock import utc_now
from tests.accounts.sso.walking import Place
from tests.support.signing_in import OTHER_PASSWORD, PASSWORD, fill_in, set_user, sign_in
from tests.support.world import ROW_KEYS, World

pytestmark = pytest.mark.slow
ONLY_WORK_ACCOUNTS = "log je in met je werkaccount, niet met een wachtwoord"


@pytest.fixture
def closed(place: Place, provider: Provider, world: World) -> Place:
    """Zaanstad takes no passwords, but that of farid. Everybody has one."""
    hashed = passwords.hash_password(PASSWORD)
    for person in (world.anna, world.farid, world.chris):
        set_user(place.database, person.id, password_hash=hashed)
    with place.database.transaction() as session:
        shut = replace(provider, passwords=False, break_glass=world.farid.id)
        keep_provider(session, shut, ROW_KEYS)
    return place


@pytest.mark.parametrize("password", [PASSWORD, OTHER_PASSWORD])
@pytest.mark.parametrize("address", ["anna@voorbeeld.nl", "niemand@voorbeeld.nl"])
def test_a_password_lets_nobody_in_and_tells_nothing_of_it(
    closed: Place, address: str, password: str
) -> None:
    answer = sign_in(closed.browser, address, password)
    assert answer.status_code == 403 and ONLY_WORK_ACCOUNTS in answer.text
    assert not closed.is_signed_in()


def test_the_account_for_emergencies_comes_in(closed: Place) -> None:
    assert sign_in(closed.browser, "farid@voorbeeld.nl").status_code == 303
    assert closed.is_signed_in()


def test_a_wrong_password_does_not_tell_which_account_that_is(closed: Place) -> None:
    told = {
        sign_in(closed.browser, address, OTHER_PASSWORD).status_code
        for address in ("farid@voorbeeld.nl", "anna@voorbeeld.nl", "niemand@voorbeeld.nl")
    }
    assert told == {403}


def test_a_link_for_a_password_is_no_way_round(closed: Place, world: World) -> None:
    invitee = Invitee("Noor", "noor@voorbeeld.nl", frozenset({Role.KLANTMANAGER}), None, True)
    now = utc_now()
    with closed.database.transaction() as session:
        begin = invite(session, world.zaanstad, invitee, now=now, keys=(b"k",), row_keys=ROW_KEYS)
        reset = replace_password(
            session, world.zaanstad, world.anna.id, now=now, mailed=True, row_keys=ROW_KEYS
        )
    for token in (begin, reset):
        page = closed.browser.get(f"/uitnodiging/{token}")
        assert page.status_code == 403 and ONLY_WORK_ACCOUNTS in page.text
        sent = {"wachtwoord": OTHER_PASSWORD, "naam": "Noor"}
        answer = fill_in(closed.browser, "/inloggen", f"/uitnodiging/{token}", **sent)
        assert answer.status_code == 403 and not closed.is_signed_in()


def test_whoever_was_in_by_a_password_is_out(closed: Place, world: World) -> None:
    sign_in(closed.browser, "farid@voorbeeld.nl")
    with closed.database.transaction() as session:
        sign_out_passwords(session, world.zaanstad, world.farid.id, ROW_KEYS)
    assert closed.is_signed_in()
    with closed.database.transaction() as session:
        sign_out_passwords(session, world.zaanstad, None, ROW_KEYS)
    later = closed.app.extensions["kopkrakers_browsers"]
    later.found.forget_where(lambda _visitor: True)
    assert not closed.is_signed_in()


def test_the_page_of_the_gemeente_offers_no_password_then(closed: Place) -> None:
    page = closed.browser.get("/inloggen/bij/zaanstad").text
    assert "Liever met een wachtwoord" not in page


def test_the_beheerder_sees_the_provider_and_no_secret(closed: Place, provider: Provider) -> None:
    sign_in(closed.browser, "farid@voorbeeld.nl")
    page = closed.browser.get("/beheer").text
    assert provider.issuer in page and "@voorbeeld.nl" in page
    assert provider.secret not in page
