"""What a provider, or somebody in between, may try: nobody comes in, and hears how to go on."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from kopkrakers.accounts.models import USER
from kopkrakers.accounts.rules import LONGEST_NAME
from kopkrakers.accounts.sso.providers import Provider, keep_provider
from kopkrakers.base.typed import is_seen
from tests.accounts.sso.crooked import (
    Claims,
    Crooked,
    new_key,
    query_of,
    unsigned,
    with_public_key_as_secret,
)
from tests.accounts.sso.walking import ANNA, Place
from tests.support.world import ROW_KEYS, World

pytestmark = pytest.mark.slow
HOUR = 3600


def altered(**changes: Any) -> Callable[[Claims], None]:
    return lambda claims: claims.update(changes)


def without(name: str) -> Callable[[Claims], None]:
    return lambda claims: claims.pop(name, None) and None


LIES = {
    "another issuer": altered(iss="https://elders.example"),
    "an issuer with a slash more": lambda claims: claims.update(iss=claims["iss"] + "/"),
    "another audience": altered(aud="een-andere-dienst"),
    "no audience": without("aud"),
    "many audiences and nobody who asked": altered(aud=["kopkrakers", "ander"]),
    "asked by another": altered(azp="een-andere-dienst"),
    "another nonce": altered(nonce="van-een-ander"),
    "no nonce": without("nonce"),
    "over long ago": lambda claims: claims.update(exp=int(time.time()) - HOUR),
    "no end": without("exp"),
    "an end that is no number": altered(exp="morgen"),
    "of the future": lambda claims: claims.update(iat=int(time.time()) + HOUR),
    "of long ago": lambda claims: claims.update(iat=int(time.time()) - HOUR),
    "not yet": lambda claims: claims.update(nbf=int(time.time()) + HOUR),
    "no subject": without("sub"),
    "an empty subject": altered(sub=""),
    "a subject that is a list": altered(sub=["anna-op-haar-werk"]),
    "a subject without end": altered(sub="x" * 300),
    "a subject that cannot be written": altered(sub="\ud800"),
    "a subject that is a number": altered(sub=7),
    "an issuer that is a list": lambda claims: claims.update(iss=[claims["iss"]]),
    "an audience that is a number": altered(aud=7),
    "a nonce that is a list": lambda claims: claims.update(nonce=[claims["nonce"]]),
    "an end that is no moment": altered(exp=float("nan")),
    "an end that never comes": altered(exp=float("inf")),
    "an end beyond all numbers": altered(exp=10**400),
    "issued at no moment": altered(iat=float("nan")),
    "issued yes": altered(iat=True),
    "longer than we read": altered(groups=["x" * 100] * 700),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_is_not_ours_lets_nobody_in(place: Place, lie: str) -> None:
    before = place.accounts()
    place.crooked.alter = LIES[lie]
    answer = place.sign_in("nieuw-1")
    assert answer.status_code == 403 and "klopt niet" in answer.text
    assert "/inloggen/bij/zaanstad/werkaccount" in answer.text
    assert not place.is_signed_in() and place.accounts() == before


def test_clocks_may_differ_by_a_minute(place: Place) -> None:
    now = int(time.time())
    place.crooked.alter = altered(iat=now + 60, nbf=now + 60, exp=now - 60)
    assert place.sign_in().status_code == 303


@pytest.mark.parametrize("sign", [unsigned, with_public_key_as_secret])
def test_only_a_signature_by_a_key_of_the_provider_counts(
    place: Place, sign: Callable[[Crooked, Claims], str]
) -> None:
    place.crooked.sign_with = sign
    assert place.sign_in().status_code == 403
    assert not place.is_signed_in()


@pytest.mark.parametrize("kind", ["logout+jwt", "application/logout+jwt", "at+jwt"])
def test_a_token_for_something_else_lets_nobody_in(place: Place, kind: object) -> None:
    place.crooked.header = {"typ": kind}
    assert place.sign_in().status_code == 403
    place.crooked.header = {"typ": "JWT"}
    assert place.sign_in().status_code == 303


@pytest.mark.parametrize("token", [None, 7, [], {"a": 1}, "", "a.b.c", "....", "\ud800.x.y"])
def test_an_answer_without_a_token_lets_nobody_in(place: Place, token: object) -> None:
    place.crooked.answer = {"id_token": token}
    assert place.sign_in().status_code == 403
    assert not place.is_signed_in()


@pytest.mark.parametrize(
    "key",
    [
        {"kty": "EC", "crv": "brainpoolP256r1", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "RSA", "n": "!!", "e": "AQAB"},
        {"kty": "RSA", "n": 5, "e": "AQAB"},
        {"kty": "RSA", "n": "\ud800", "e": "AQAB"},
        {"kty": "RSA"},
        {"kty": ["RSA"]},
        {"kty": "iets nieuws"},
        "geen sleutel",
        None,
    ],
)
def test_a_key_that_we_cannot_read_stands_in_nobodys_way(place: Place, key: object) -> None:
    place.crooked.odd_keys = [key]
    assert place.sign_in().status_code == 303


def test_a_new_key_is_fetched_once_and_a_made_up_one_not_for_each_try(place: Place) -> None:
    place.sign_in()
    assert place.crooked.times("/jwks") == 1
    place.crooked.key = new_key()
    place.browser.delete_cookie("kopkrakers")
    assert place.sign_in().status_code == 303
    assert place.crooked.times("/jwks") == 2
    place.browser.delete_cookie("kopkrakers")
    place.crooked.published, place.crooked.key = [place.crooked.key], new_key()
    for _ in range(4):
        assert place.sign_in().status_code == 403
    assert place.crooked.times("/jwks") == 2


def test_what_came_back_counts_once_and_in_one_browser(place: Place) -> None:
    back = place.sent_back()
    stranger = place.app.test_client()
    answer = stranger.get(back)
    assert answer.status_code == 409 and "Begin opnieuw" in answer.text
    assert place.browser.get(back).status_code == 303
    again = place.browser.get(back)
    assert again.status_code == 409


def test_a_code_of_somebody_else_is_worth_nothing_here(place: Place) -> None:
    theirs = place.sent_back("nieuw-1")
    stranger = replace(place, browser=place.app.test_client())
    own = query_of(stranger.sent_back())
    code = query_of(theirs)["code"]
    address = f"/inloggen/bij/zaanstad/terug?code={code}&state={own['state']}"
    # the provider holds the code against the challenge of the browser that it was for, or the
    # token carries the nonce of that browser
    assert stranger.browser.get(address).status_code == 403
    assert not stranger.is_signed_in()


def test_an_answer_of_another_provider_is_not_taken(
    place: Place, provider: Provider, world: World
) -> None:
    almere = replace(provider, gemeente_id=world.almere, gemeente="Almere", slug="almere")
    with place.database.transaction() as session:
        keep_provider(session, replace(almere, domains=("almere.nl",)), ROW_KEYS)
    back = place.sent_back()
    elsewhere = place.browser.get(back.replace("/zaanstad/", "/almere/"))
    assert elsewhere.status_code == 409
    mixed = place.browser.get(f"{back}&iss=https://elders.example")
    assert mixed.status_code == 403 and not place.is_signed_in()


@pytest.mark.parametrize("path", ["", "?error=access_denied", "?code=&state=", "?state=x&code=y"])
def test_coming_back_with_nothing_ends_in_a_sentence(place: Place, path: str) -> None:
    answer = place.browser.get(f"/inloggen/bij/zaanstad/terug{path}")
    assert answer.status_code == 409 and "Probeer het opnieuw" in answer.text


def test_who_is_refused_there_reads_that(place: Place) -> None:
    state = query_of(place.sent_to())["state"]
    back = f"/inloggen/bij/zaanstad/terug?error=access_denied&state={state}"
    answer = place.browser.get(back)
    assert answer.status_code == 403 and "liet je niet door" in answer.text


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ({"email_verified": True}, "geen werkadres"),
        ({"email": "anna@voorbeeld.nl"}, "geen werkadres"),
        ({"email": "anna@voorbeeld.nl", "email_verified": False}, "geen werkadres"),
        ({"email": "anna@voorbeeld.nl", "email_verified": 1}, "geen werkadres"),
        ({"email": "x <anna@voorbeeld.nl>", "email_verified": True}, "geen werkadres"),
        ({"email": "anna@voorbeeld.nl.", "email_verified": True}, "geen werkadres"),
        ({"email": ["anna@voorbeeld.nl"], "email_verified": True}, "geen werkadres"),
        ({"email": "anna@elders.nl", "email_verified": True}, "hoort niet bij deze gemeente"),
        ({"email": "a@b.voorbeeld.nl", "email_verified": True}, "hoort niet bij deze gemeente"),
    ],
)
def test_an_address_that_is_not_proved_or_not_of_here_opens_nothing(
    place: Place, claims: Claims, sentence: str
) -> None:
    place.crooked.set_user("iemand", **claims)
    before = place.accounts()
    answer = place.sign_in("iemand")
    assert answer.status_code == 403 and sentence in answer.text
    assert place.accounts() == before and not place.is_signed_in()


def test_somebody_of_another_tenant_is_nobody_here(
    place: Place, provider: Provider, world: World
) -> None:
    with place.database.transaction() as session:
        keep_provider(session, replace(provider, required=("tid", "van-ons")), ROW_KEYS)
    person = {"email": "anna@voorbeeld.nl", "email_verified": True}
    for tenant in ({}, {"tid": "van-een-ander"}, {"tid": None}, {"tid": "van-ons "}):
        place.crooked.set_user(ANNA, **person, **tenant)
        answer = place.sign_in()
        assert answer.status_code == 403 and "hoort niet bij deze gemeente" in answer.text
    place.crooked.set_user(ANNA, **person, tid="van-ons")
    assert place.sign_in().status_code == 303


def test_markup_in_a_claim_is_text(place: Place) -> None:
    name = '<script>alert(1)</script>"\u202e\u0000 Noor' + "x" * 200
    place.crooked.set_user("nieuw-1", email="noor@voorbeeld.nl", email_verified=True, name=name)
    assert place.sign_in("nieuw-1").status_code == 303
    page = place.browser.get("/account").text
    assert "<script>alert" not in page and "\u202e" not in page


@pytest.mark.parametrize(
    "claims",
    [
        {"name": "x" * 10_000},
        {"name": "\ud800"},
        {"name": 7},
        {"name": ["Noor"]},
        {"name": {"first": "Noor"}},
        {"name": "\u0000\u202e "},
        {"groups": {"a": 1}, "roles": 7, "tid": [[]], "auth_time": "gisteren"},
    ],
)
def test_odd_claims_beside_the_address_stop_nobody(place: Place, claims: Claims) -> None:
    """Nobody comes in without a name that is seen, and no kind of claim makes a fault."""
    place.crooked.alter = altered(**claims)
    assert place.sign_in("nieuw-1").status_code == 303
    with place.database.reading() as session:
        name = session.execute(select(USER.c.name).order_by(USER.c.id.desc())).scalars().first()
    assert name is not None and is_seen(name) and len(name) <= LONGEST_NAME


def test_a_gemeente_that_has_no_provider_is_not_there(place: Place) -> None:
    for path in ("", "/werkaccount", "/terug?state=x"):
        answer = place.browser.get(f"/inloggen/bij/van-niemand{path}")
        assert answer.status_code == 404 and "hoort bij geen gemeente" in answer.text


def test_a_provider_changed_by_sql_is_not_there(place: Place) -> None:
    from sqlalchemy import text

    with place.database.transaction() as session:
        session.execute(text("UPDATE provider SET issuer = 'https://van-een-dief.example'"))
    assert place.browser.get("/inloggen/bij/zaanstad/werkaccount").status_code == 404


def test_a_link_moved_by_sql_opens_nobody_elses_account(place: Place, world: World) -> None:
    from sqlalchemy import text

    place.sign_in("nieuw-1")
    place.browser.delete_cookie("kopkrakers")
    with place.database.transaction() as session:
        session.execute(text("UPDATE work_account SET user_id = :farid"), {"farid": world.farid.id})
    place.sign_in("nieuw-1")
    assert "noor@voorbeeld.nl" in place.browser.get("/account").text
