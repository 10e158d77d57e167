"""Signing in with a work account, at a real provider."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from kopkrakers.accounts.chain.signing import account_holds, accounts
from kopkrakers.accounts.models import BROWSER_SESSION, GEMEENTE, USER, WORK_ACCOUNT, Role, Status
from kopkrakers.accounts.passwords import hash_password
from kopkrakers.accounts.second_step.keeping import has_second_step, keep_secret
from kopkrakers.accounts.sso.providers import Provider, keep_provider
from tests.accounts.sso.crooked import query_of
from tests.accounts.sso.walking import ANNA, START, Place
from tests.support.signing_in import (
    PASSWORD,
    csrf_of,
    fill_in,
    find_user,
    roles_of,
    set_user,
    sign_in,
    user,
)
from tests.support.world import ROW_KEYS, World

pytestmark = pytest.mark.slow


def test_who_has_an_account_here_comes_to_it(place: Place, world: World) -> None:
    before = place.accounts()
    answer = place.sign_in()
    assert (answer.status_code, answer.location) == (303, "/")
    assert "anna@voorbeeld.nl" in place.browser.get("/account").text
    assert place.accounts() == before
    assert place.owners() == [world.anna.id]


def test_a_first_sign_in_makes_an_account_that_counts_as_proved(place: Place, world: World) -> None:
    assert place.sign_in("nieuw-1").location == "/"
    noor = find_user(place.database, "noor@voorbeeld.nl")
    assert noor is not None and noor.id is not None
    assert (noor.name, noor.gemeente_id, noor.address_proved) == (
        "Noor Nieuw",
        world.zaanstad,
        True,
    )
    assert noor.password_hash is None and noor.since is not None
    with place.database.reading() as session:
        assert roles_of(session, noor.id) == {Role.KLANTMANAGER}
        (account,) = accounts(session, [noor.id])
        assert account_holds(ROW_KEYS, account)


def test_a_first_sign_in_without_a_place_left_makes_no_account(place: Place) -> None:
    before = place.accounts()
    with place.database.transaction() as session:
        session.execute(update(GEMEENTE).where(GEMEENTE.c.name == "Zaanstad").values(places=5))
    refused = place.sign_in("nieuw-1")
    assert refused.status_code == 409 and "alle plaatsen bezet" in refused.text
    assert place.accounts() == before and not place.is_signed_in()
    # who has an account goes on
    assert place.sign_in().location == "/"


def test_a_second_sign_in_comes_to_the_same_account(place: Place) -> None:
    place.sign_in("nieuw-1")
    before = place.accounts()
    place.browser.post("/uitloggen", data={"csrf_token": csrf_of(place.browser.get("/account"))})
    place.sign_in("nieuw-1")
    assert place.accounts() == before and place.is_signed_in()


def test_the_provider_hears_who_we_are_and_nothing_of_the_person(place: Place) -> None:
    asked = query_of(place.sent_to(f"{START}?volgende=/dilemma/iets/1"))
    assert asked.keys() == {
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
    }
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://localhost:8000/inloggen/bij/zaanstad/terug"
    assert "dilemma" not in str(asked)
    other = query_of(place.sent_to())
    assert all(asked[name] != other[name] for name in ("state", "nonce", "code_challenge"))


def test_the_page_that_was_asked_for_comes_next(place: Place) -> None:
    assert place.sign_in(start=f"{START}?volgende=/archief").location == "/archief"
    place.browser.delete_cookie("kopkrakers")
    elsewhere = place.sign_in(start=f"{START}?volgende=https://elders.example/")
    assert elsewhere.location == "/"


def test_a_work_address_leads_to_the_page_of_its_gemeente(place: Place) -> None:
    page = place.browser.get("/inloggen").text
    assert "Inloggen met je werkaccount" in page
    answer = fill_in(
        place.browser,
        "/inloggen",
        "/inloggen/werkaccount",
        adres="Wie.dan.ook@VOORBEELD.nl",
        volgende="/archief",
    )
    assert (answer.status_code, answer.location) == (
        303,
        "/inloggen/bij/zaanstad?volgende=/archief",
    )
    own = place.browser.get(answer.location).text
    assert f'href="{START}?volgende=/archief"' in own and "Inloggen bij Zaanstad" in own


def test_an_address_of_nobody_comes_back_as_it_was_typed(place: Place) -> None:
    answer = fill_in(
        place.browser, "/inloggen", "/inloggen/werkaccount", adres="bea@elders.nl", wachtwoord=""
    )
    assert answer.status_code == 422
    assert "kennen we geen werkaccount" in answer.text and 'value="bea@elders.nl"' in answer.text


def test_an_open_invitation_gives_its_roles_and_team(place: Place, world: World) -> None:
    from kopkrakers.accounts.invitations import Invitee, invite
    from kopkrakers.base.clock import utc_now

    invitee = Invitee(
        "Noor", "noor@voorbeeld.nl", frozenset({Role.BEGELEIDER}), world.team_noord, True
    )
    with place.database.transaction() as session:
        token = invite(
            session,
            world.zaanstad,
            invitee,
            now=utc_now(),
            keys=(b"k",),
            row_keys=ROW_KEYS,
        )
    place.sign_in("nieuw-1")
    noor = find_user(place.database, "noor@voorbeeld.nl")
    assert noor is not None and noor.id is not None and noor.name == "Noor"
    with place.database.reading() as session:
        assert roles_of(session, noor.id) == {Role.BEGELEIDER}
    assert place.app.test_client().get(f"/uitnodiging/{token}").status_code == 409


def test_a_changed_address_stays_the_same_person(place: Place, world: World) -> None:
    place.sign_in()
    before = user(place.database, world.anna.id).address_hmac
    place.crooked.set_user(ANNA, email="anna.jansen@voorbeeld.nl", email_verified=True)
    place.browser.delete_cookie("kopkrakers")
    place.sign_in()
    anna = user(place.database, world.anna.id)
    assert anna.email == "anna.jansen@voorbeeld.nl"
    # by the pseudonym of her first address she cannot begin once more
    assert anna.address_hmac == before


def test_who_took_an_address_before_its_owner_came_is_out(place: Place, world: World) -> None:
    """A link that was not mailed lets a colleague begin with the address of somebody else."""
    password = hash_password(PASSWORD)
    set_user(place.database, world.anna.id, address_proved=False, password_hash=password)
    attacker = place.app.test_client()
    sign_in(attacker)
    with place.database.transaction() as session:
        keep_secret(session, world.anna.id, b"of the attacker", ROW_KEYS)
    assert attacker.get("/account").status_code == 200
    assert place.sign_in().status_code == 303
    anna = user(place.database, world.anna.id)
    assert anna.address_proved and anna.password_hash is None
    with place.database.reading() as session:
        assert not has_second_step(session, world.anna.id)
    assert attacker.get("/account").status_code == 302, "the session of before goes on"
    assert sign_in(place.app.test_client()).status_code == 422
    assert place.is_signed_in()


def test_who_proved_the_address_before_keeps_the_password(place: Place, world: World) -> None:
    password = hash_password(PASSWORD)
    set_user(place.database, world.anna.id, address_proved=True, password_hash=password)
    place.sign_in()
    assert user(place.database, world.anna.id).password_hash == password


def test_an_address_that_went_to_somebody_else_opens_no_account(place: Place, world: World) -> None:
    place.sign_in()
    place.browser.delete_cookie("kopkrakers")
    place.crooked.set_user("een-ander", email="anna@voorbeeld.nl", email_verified=True)
    answer = place.sign_in("een-ander")
    assert answer.status_code == 403 and "hoort bij een ander werkaccount" in answer.text
    assert not place.is_signed_in() and place.owners() == [world.anna.id]


def test_one_person_at_two_gemeenten_has_an_account_at_each(
    place: Place, provider: Provider, world: World
) -> None:
    almere = replace(
        provider, gemeente_id=world.almere, gemeente="Almere", slug="almere", domains=("almere.nl",)
    )
    with place.database.transaction() as session:
        keep_provider(session, almere, ROW_KEYS)
    place.sign_in("nieuw-1")
    place.browser.delete_cookie("kopkrakers")
    there = "/inloggen/bij/almere/werkaccount"
    refused = place.sign_in("nieuw-1", there)
    assert refused.status_code == 403 and "hoort niet bij deze gemeente" in refused.text
    place.crooked.set_user("nieuw-1", email="noor@almere.nl", email_verified=True)
    assert place.sign_in("nieuw-1", there).status_code == 303
    assert find_user(place.database, "noor@voorbeeld.nl") is not None
    second = find_user(place.database, "noor@almere.nl")
    assert second is not None and second.gemeente_id == world.almere


def test_who_is_at_a_provider_is_kept_as_a_pseudonym(place: Place) -> None:
    place.sign_in()
    with place.database.reading() as session:
        (kept,) = session.execute(select(WORK_ACCOUNT.c.subject)).scalars()
    assert re.fullmatch("[0-9a-f]{64}", kept)


@pytest.mark.parametrize("status", [Status.BLOCKED])
def test_a_blocked_account_stays_closed(place: Place, world: World, status: Status) -> None:
    set_user(place.database, world.anna.id, status=status)
    answer = place.sign_in()
    assert answer.status_code == 403 and "staat stil" in answer.text


def test_an_account_altered_by_sql_stays_closed(place: Place, world: World) -> None:
    from sqlalchemy import update

    with place.database.transaction() as session:
        session.execute(update(USER).where(USER.c.id == world.anna.id).values(name="Ander"))
    answer = place.sign_in()
    assert answer.status_code == 403 and "buiten Kopkrakers om veranderd" in answer.text


def test_roles_come_from_a_claim_only_where_they_are_mapped(
    place: Place, provider: Provider, world: World
) -> None:
    claims = {"email": "noor@voorbeeld.nl", "email_verified": True, "groups": ["b", "beheerder"]}
    place.crooked.set_user("nieuw-1", **claims)
    place.sign_in("nieuw-1")
    noor = find_user(place.database, "noor@voorbeeld.nl")
    assert noor is not None and noor.id is not None
    with place.database.reading() as session:
        assert roles_of(session, noor.id) == {Role.KLANTMANAGER}
    mapped = replace(provider, roles_from="groups", roles=(("b", Role.BEGELEIDER),))
    with place.database.transaction() as session:
        keep_provider(session, mapped, ROW_KEYS)
    place.browser.delete_cookie("kopkrakers")
    place.sign_in("nieuw-1")
    with place.database.reading() as session:
        assert roles_of(session, noor.id) == {Role.KLANTMANAGER, Role.BEGELEIDER}
    place.crooked.set_user("nieuw-1", **(claims | {"groups": []}))
    place.browser.delete_cookie("kopkrakers")
    place.sign_in("nieuw-1")
    with place.database.reading() as session:
        assert roles_of(session, noor.id) == {Role.KLANTMANAGER}


def test_nothing_of_the_sign_in_has_a_moment_or_can_be_read(place: Place) -> None:
    place.sign_in()
    with place.database.reading() as session:
        (row,) = session.execute(select(BROWSER_SESSION))
    assert row.checked is not None and not hasattr(row.checked, "hour")
    assert row.renewal is not None and b"refresh" not in row.renewal
