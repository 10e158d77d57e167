"""Signed tokens in which a provider speaks of somebody: believed only when all of it is right."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet

from kopkrakers.accounts.sso.providers import Provider

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures by a key of which we hold only the public half: never `none`, never a shared one."""
SKEW = timedelta(minutes=2)
"""The difference allowed between the clock of a provider and ours."""
FRESH = timedelta(minutes=10)
"""The age of a sign-in at the provider that still counts, where a fresh one is asked for."""
LONGEST_TOKEN = 64 * 1024
LONGEST_NAME = 255
"""Characters of a subject (OpenID Connect Core, 2), and of the number of a token."""
LOGIN, LOGOUT = "jwt", "logout+jwt"
KINDS = ["RSA", "EC"]
"""Keys of which the public half verifies a signature."""
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class NotBelieved(Exception):
    """A token that is not what we asked for. `why` names the check, and holds nothing of it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class UnknownKey(NotBelieved):
    """The token was signed with a key that we do not have: the provider may have a new one."""


@dataclass(frozen=True)
class ExpectedClaims:
    """The values that make a token ours: for this provider, at this moment, with this nonce."""

    provider: Provider
    now: datetime
    nonce: str = ""
    fresh: bool = False


@dataclass(frozen=True)
class SignedOut:
    """The subject that signed out at a provider, by the number of the token that says so."""

    subject: str
    token_id: str


def verified_id_token(
    token: str, keys: Mapping[str, Any], expected: ExpectedClaims
) -> dict[str, Any]:
    """Return the claims of a token that says who signed in.

    Raises: NotBelieved; UnknownKey.
    """
    claims = _claims_of(token, keys, expected, LOGIN)
    if not expected.nonce or claims.get("nonce") != expected.nonce:
        raise NotBelieved("nonce")
    if expected.fresh:
        # a provider that does not say when somebody signed in may have asked them nothing
        at = _number(claims.get("auth_time"))
        if at is None or at < (expected.now - FRESH - SKEW).timestamp():
            raise NotBelieved("auth time")
    return claims


def verified_logout_token(
    token: str, keys: Mapping[str, Any], expected: ExpectedClaims
) -> SignedOut:
    """Return who signed out, by a token in which a provider says so.

    Raises: NotBelieved; UnknownKey.
    """
    claims = _claims_of(token, keys, expected, LOGOUT)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise NotBelieved("events")
    # else a token that says who signed in would sign them out
    if "nonce" in claims:
        raise NotBelieved("nonce")
    if not _is_name(claims.get("jti")):
        raise NotBelieved("jti")
    return SignedOut(claims["sub"], claims["jti"])


def _claims_of(
    token: str, keys: Mapping[str, Any], expected: ExpectedClaims, kind: str
) -> dict[str, Any]:
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        raise NotBelieved("token")
    claims = _signed_claims(token, keys, kind)
    provider, now = expected.provider, expected.now
    if claims.get("iss") != provider.issuer:
        raise NotBelieved("issuer")
    _check_audience(claims, provider.client_id)
    _check_times(claims, now)
    if not _is_name(claims.get("sub")):
        raise NotBelieved("subject")
    return claims


def _is_name(value: object) -> bool:
    """Whether this is a text of a usual length, of characters that can be written."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME:
        return False
    # half of a pair of UTF-16, which JSON can name and UTF-8 cannot
    return not any("\ud800" <= one <= "\udfff" for one in value)


def _signed_claims(token: str, keys: Mapping[str, Any], kind: str) -> dict[str, Any]:
    try:
        signed = jwt.decode(token, KeySet(_usable(keys)), algorithms=ALGORITHMS)
        _check_kind(signed.header.get("typ"), kind)
        return dict(signed.claims)
    except JoseError as error:
        kind = type(error).__name__
        if kind in ("InvalidKeyIdError", "MissingKeyError", "BadSignatureError"):
            raise UnknownKey("key") from None
        raise NotBelieved("signature") from None
    # what is no token at all, or keys that are none
    except (ValueError, TypeError, KeyError, RecursionError):
        raise NotBelieved("token") from None


def _check_kind(named: object, kind: str) -> None:
    """Refuse a token that names itself as one for something else (RFC 8725, 3.11).

    Many providers name none, or write that it is a token.
    """
    if named is None:
        return
    # "application/" may stand before it, and may be left out (RFC 7515, 4.1.9)
    if str(named).lower().removeprefix("application/") not in (LOGIN, kind):
        raise NotBelieved("kind")


def _usable(keys: Mapping[str, Any]) -> list[Key]:
    """Return the public keys for signatures: a shared one would let anybody sign who knows it.

    One that we cannot read stands in the way of no other: a provider may have a kind that is new.
    """
    listed = keys.get("keys")
    if not isinstance(listed, list):
        return []
    usable: list[Key] = []
    for key in listed:
        if not isinstance(key, dict) or key.get("use") == "enc" or key.get("kty") not in KINDS:
            continue
        try:
            usable.append(JWKRegistry.import_key(key))
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    return usable


def _check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims.get("aud")
    named: object = audience
    if isinstance(audience, str):
        named = [audience]
    if not isinstance(named, list) or client_id not in named:
        raise NotBelieved("audience")
    asked_by = claims.get("azp")
    if asked_by != client_id and (len(named) > 1 or asked_by is not None):
        raise NotBelieved("authorized party")


def _check_times(claims: Mapping[str, Any], now: datetime) -> None:
    moment, skew = now.timestamp(), SKEW.total_seconds()
    issued, expires = _number(claims.get("iat")), _number(claims.get("exp"))
    if issued is None or issued > moment + skew or issued < moment - FRESH.total_seconds() - skew:
        raise NotBelieved("issued at")
    if expires is None or expires < moment - skew:
        raise NotBelieved("expired")
    not_before = _number(claims.get("nbf", 0))
    if not_before is None or not_before > moment + skew:
        raise NotBelieved("not before")


def _number(value: object) -> float | None:
    # True is a number to Python and none in JSON
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    # what Python reads in JSON though it is none: no moment is before or after NaN
    if not math.isfinite(number):
        return None
    return number
