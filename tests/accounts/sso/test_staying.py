"""How long a sign-in with a work account lasts, and how it ends when somebody left."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from joserfc import jwt
from sqlalchemy import select, text

from kopkrakers.accounts.browsers import check_day
from kopkrakers.accounts.models import BROWSER_SESSION
from kopkrakers.accounts.sso.asking import wire_of
from kopkrakers.accounts.sso.checking import SessionCounts, check_sessions
from kopkrakers.accounts.sso.discovery import ProviderMemory
from kopkrakers.accounts.sso.tokens import LOGOUT_EVENT
from kopkrakers.app import create_app
from kopkrakers.base.clock import utc_now
from kopkrakers.base.config import Settings
from kopkrakers.operations.leaving.removing import remove_gemeente
from tests.accounts.sso.crooked import Claims, new_key
from tests.accounts.sso.walking import ANNA, START, Place
from tests.support.signing_in import csrf_of
from tests.support.world import ROW_KEYS, World

pytestmark = pytest.mark.slow
DAY = timedelta(days=1)


def later(place: Place, settings: Settings, after: timedelta) -> FlaskClient:
    """Return the same browser, some time later."""
    app = create_app(settings, clock=lambda: utc_now() + after)
    app.testing = True
    client = app.test_client()
    cookie = place.browser.get_cookie("kopkrakers")
    assert cookie is not None
    client.set_cookie("kopkrakers", cookie.value)
    return client


def is_open(browser: FlaskClient) -> bool:
    return browser.get("/account").status_code == 200


def night(place: Place, settings: Settings, after: timedelta = DAY) -> SessionCounts:
    """Ask the providers, as the command does, that much later."""
    told = ProviderMemory(wire_of(settings))
    return check_sessions(place.database, told, keys=ROW_KEYS, now=utc_now() + after)


@pytest.mark.parametrize(
    ("moment", "day"),
    [("2026-11-28T03:59", 27), ("2026-11-28T04:01", 28), ("2026-11-29T03:59", 28)],
)
def test_a_night_belongs_to_the_day_before_until_five(moment: str, day: int) -> None:
    # UTC, an hour behind the Netherlands in winter
    assert check_day(datetime.fromisoformat(moment).replace(tzinfo=UTC)).day == day


def test_without_a_check_a_sign_in_lasts_a_day_at_most(
    place: Place, sso_settings: Settings
) -> None:
    place.sign_in()
    assert is_open(later(place, sso_settings, timedelta()))
    tomorrow = later(place, sso_settings, DAY)
    assert tomorrow.get("/account").location == "/inloggen?volgende=/account"
    page = tomorrow.get("/inloggen?volgende=/account").text
    assert 'href="/inloggen/bij/zaanstad?volgende=/account"' in page


def test_whoever_is_still_known_stays_signed_in(place: Place, sso_settings: Settings) -> None:
    place.sign_in()
    assert night(place, sso_settings) == SessionCounts(known=1, gone=0, unanswered=0)
    assert is_open(later(place, sso_settings, DAY))
    assert night(place, sso_settings, 2 * DAY) == SessionCounts(known=1, gone=0, unanswered=0)
    assert is_open(later(place, sso_settings, 2 * DAY))


def test_whoever_is_not_known_any_more_is_out(place: Place, sso_settings: Settings) -> None:
    place.sign_in()
    place.crooked.revoke(ANNA)
    assert night(place, sso_settings) == SessionCounts(known=0, gone=1, unanswered=0)
    assert not is_open(later(place, sso_settings, timedelta()))
    with place.database.reading() as session:
        assert session.execute(select(BROWSER_SESSION)).all() == []


def test_a_provider_that_is_away_at_night_keeps_nobody_in_for_longer(
    place: Place, sso_settings: Settings
) -> None:
    place.sign_in()
    place.crooked.is_away = True
    assert night(place, sso_settings) == SessionCounts(known=0, gone=0, unanswered=1)
    assert is_open(later(place, sso_settings, timedelta()))
    assert not is_open(later(place, sso_settings, DAY))


def test_a_session_of_which_nothing_can_be_asked_lasts_a_day(
    place: Place, sso_settings: Settings
) -> None:
    place.crooked.refresh = False
    place.sign_in()
    assert night(place, sso_settings) == SessionCounts(known=0, gone=0, unanswered=0)
    assert not is_open(later(place, sso_settings, DAY))


@pytest.mark.parametrize("renewal", ["\ud800", "é", "x" * 100_000, ["x"], 7, None, "x\ny"])
def test_what_nothing_can_be_asked_with_lets_somebody_in_for_a_day(
    place: Place, sso_settings: Settings, renewal: object
) -> None:
    place.crooked.answer = {"refresh_token": renewal}
    assert place.sign_in().status_code == 303
    assert night(place, sso_settings) == SessionCounts(0, 0, 0)
    assert not is_open(later(place, sso_settings, DAY))


def test_at_night_every_session_is_asked_about_and_once(
    place: Place, sso_settings: Settings
) -> None:
    place.sign_in()
    place.browser.delete_cookie("kopkrakers")
    place.sign_in("nieuw-1")
    asked = place.crooked.times("/oauth2/token")
    night(place, sso_settings)
    night(place, sso_settings)
    assert place.crooked.times("/oauth2/token") == asked + 2


def test_what_can_be_asked_with_goes_once_somebody_has_signed_out(place: Place) -> None:
    place.sign_in()
    place.browser.post("/uitloggen", data={"csrf_token": csrf_of(place.browser.get("/account"))})
    with place.database.reading() as session:
        assert session.execute(select(BROWSER_SESSION.c.renewal)).all() == []


def test_a_second_sign_in_writes_nothing_beside_a_name(place: Place) -> None:
    """Rows with an account's id stay as they were: their order must not be that of arrivals."""
    place.sign_in()
    before = everything_with_a_name(place)
    place.browser.delete_cookie("kopkrakers")
    place.sign_in()
    assert everything_with_a_name(place) == before


def everything_with_a_name(place: Place) -> list[list[tuple[object, ...]]]:
    named = ("SELECT * FROM work_account", 'SELECT * FROM "user" ORDER BY id')
    found: list[list[tuple[object, ...]]] = []
    with place.database.reading() as session:
        for query in (*named, "SELECT * FROM account_change ORDER BY number"):
            found.append([tuple(row) for row in session.execute(text(query))])
    return found


def logout_token(place: Place, **changes: object) -> str:
    now = int(utc_now().timestamp())
    claims: Claims = {
        "iss": place.crooked.url,
        "aud": "kopkrakers",
        "iat": now,
        "exp": now + 120,
        "jti": "een-keer",
        "sub": ANNA,
        "events": {LOGOUT_EVENT: {}},
    }
    claims.update(changes)
    return place.crooked.signed({name: one for name, one in claims.items() if one is not None})


def sign_out_there(place: Place, token: str) -> int:
    answer = place.app.test_client().post(
        "/inloggen/bij/zaanstad/uitgelogd", data={"logout_token": token}
    )
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.status_code


def test_signing_out_at_the_provider_ends_the_session_here(place: Place) -> None:
    place.sign_in()
    assert sign_out_there(place, logout_token(place)) == 200
    assert not place.is_signed_in()


@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://elders.example"},
        {"aud": "een-ander"},
        {"events": None},
        {"events": {"iets": {}}},
        {"events": "alles"},
        {"nonce": "van-een-inlog"},
        {"sub": None},
        {"jti": None},
        {"jti": 7},
        {"jti": ["een-keer"]},
        {"jti": "x" * 300},
        {"jti": "\ud800"},
        {"sub": None, "sid": "een-sessie"},
        {"sub": ["anna-op-haar-werk"]},
        {"exp": None},
        {"iat": 0},
    ],
)
def test_a_sign_out_that_the_provider_did_not_say_ends_nothing(
    place: Place, lie: dict[str, object]
) -> None:
    place.sign_in()
    assert sign_out_there(place, logout_token(place, **lie)) == 400
    assert place.is_signed_in()


def test_a_sign_out_counts_once_whichever_server_hears_it(
    place: Place, sso_settings: Settings
) -> None:
    place.sign_in()
    token = logout_token(place)
    assert sign_out_there(place, token) == 200
    place.sign_in()
    other = replace(place, app=create_app(sso_settings, clock=utc_now))
    for server in (place, other):
        assert sign_out_there(server, token) == 400
    assert place.is_signed_in()
    assert sign_out_there(other, logout_token(place, jti="een-volgende")) == 200


@pytest.mark.parametrize("kind", ["at+jwt", "application/at+jwt"])
def test_a_token_for_something_else_ends_no_session(place: Place, kind: object) -> None:
    place.sign_in()
    place.crooked.header = {"typ": kind}
    assert sign_out_there(place, logout_token(place)) == 400
    assert place.is_signed_in()
    place.crooked.header = {"typ": "logout+jwt"}
    assert sign_out_there(place, logout_token(place)) == 200


def test_a_made_up_sign_out_ends_nothing(place: Place) -> None:
    place.sign_in()
    token = logout_token(place)
    place.crooked.published, place.crooked.key = [place.crooked.key], new_key()
    for made_up in (logout_token(place), token[:-4] + "AAAA", "", "a.b.c", "é"):
        assert sign_out_there(place, made_up) == 400
    assert place.is_signed_in()


def test_a_token_that_let_somebody_in_ends_no_session(place: Place) -> None:
    kept: list[str] = []

    def sign(provider: object, claims: Claims) -> str:
        key = place.crooked.key
        kept.append(jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key))
        return kept[-1]

    place.crooked.sign_with = sign
    place.sign_in()
    assert sign_out_there(place, kept[-1]) == 400
    assert place.is_signed_in()


def test_a_gemeente_that_left_has_no_way_in_and_nobody_in(
    place: Place, world: World, sso_settings: Settings
) -> None:
    place.sign_in()
    back = place.sent_back()
    with place.database.transaction() as session:
        remove_gemeente(session, world.zaanstad, steps=[], row_keys=ROW_KEYS, now=utc_now())
    assert not is_open(later(place, sso_settings, timedelta(seconds=31)))
    stranger = place.app.test_client()
    for path in (START, "/inloggen/bij/zaanstad", back):
        assert place.browser.get(path).status_code == 404
        assert stranger.get(path).status_code == 404
    assert sign_out_there(place, logout_token(place)) == 404


def test_what_cannot_be_undone_asks_to_sign_in_there_once_more(
    place: Place,
) -> None:
    place.sign_in()
    page = place.browser.get("/account/verwijderen")
    sent = {"csrf_token": csrf_of(page)}
    headers = {"Referer": "http://localhost/account/verwijderen"}
    asked = place.browser.post("/account/verwijderen", data=sent, headers=headers)
    assert asked.status_code == 403 and "met je werkaccount" in asked.text
    fresh = f"{START}?opnieuw=ja&volgende=/account/verwijderen"
    # without a word of when somebody signed in there, it may have been a week ago
    place.crooked.alter = lambda claims: claims.pop("auth_time", None) and None
    answer = place.sign_in(start=fresh)
    assert answer.status_code == 403 and "net opnieuw" in answer.text
    long_ago = int((utc_now() - DAY).timestamp())
    place.crooked.alter = lambda claims: claims.update(auth_time=long_ago)
    assert place.sign_in(start=fresh).status_code == 403
    now = int(utc_now().timestamp())
    place.crooked.alter = lambda claims: claims.update(auth_time=now)
    assert place.sign_in(start=fresh).location == "/account/verwijderen"
    sent = {"csrf_token": csrf_of(place.browser.get("/account/verwijderen"))}
    assert place.browser.post("/account/verwijderen", data=sent).status_code == 303
    assert place.owners() == []
