"""Signed tokens in which a provider speaks of somebody: believed only when all of it is right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from kopkrakers.accounts.sso.providers import Provider

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures by a key of which we hold only the public half: never `none`, never a shared one."""
SKEW = timedelta(minutes=2)
"""The difference allowed between the clock of a provider and ours."""
FRESH = timedelta(minutes=10)
"""The age of a sign-in at the provider that still counts, where a fresh one is asked for."""
LONGEST_TOKEN = 64 * 1024
LONGEST_SUBJECT = 255
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class NotBelieved(Exception):
    """A token that is not what we asked for. `why` names the check, and holds nothing of it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class UnknownKey(NotBelieved):
    """The token was signed with a key that we do not have: the provider may have a new one."""


@dataclass(frozen=True)
class Expected:
    """The values that make a token ours: for this provider, at this moment, with this nonce."""

    provider: Provider
    now: datetime
    nonce: str = ""
    fresh: bool = False


def verified_id_token(token: str, keys: Mapping[str, Any], expected: Expected) -> dict[str, Any]:
    """Return the claims of a token that says who signed in.

    Raises: NotBelieved; UnknownKey.
    """
    claims = _claims_of(token, keys, expected)
    if not expected.nonce or claims.get("nonce") != expected.nonce:
        raise NotBelieved("nonce")
    if expected.fresh:
        # a provider that does not say when somebody signed in may have asked them nothing
        at = _number(claims.get("auth_time"))
        if at is None or at < (expected.now - FRESH - SKEW).timestamp():
            raise NotBelieved("auth time")
    return claims


def verified_logout_token(token: str, keys: Mapping[str, Any], expected: Expected) -> str:
    """Return the subject of a token by which a provider says that somebody signed out.

    Raises: NotBelieved; UnknownKey.
    """
    claims = _claims_of(token, keys, expected)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise NotBelieved("events")
    # else a token that says who signed in would sign them out
    if "nonce" in claims:
        raise NotBelieved("nonce")
    if not claims.get("jti"):
        raise NotBelieved("jti")
    return str(claims["sub"])


def _claims_of(token: str, keys: Mapping[str, Any], expected: Expected) -> dict[str, Any]:
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        raise NotBelieved("token")
    claims = _signed_claims(token, keys)
    provider, now = expected.provider, expected.now
    if claims.get("iss") != provider.issuer:
        raise NotBelieved("issuer")
    _check_audience(claims, provider.client_id)
    _check_times(claims, now)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise NotBelieved("subject")
    return claims


def _signed_claims(token: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    try:
        key_set = KeySet.import_key_set({"keys": _usable(keys)})
        return dict(jwt.decode(token, key_set, algorithms=ALGORITHMS).claims)
    except JoseError as error:
        kind = type(error).__name__
        if kind in ("InvalidKeyIdError", "MissingKeyError", "BadSignatureError"):
            raise UnknownKey("key") from None
        raise NotBelieved("signature") from None
    # what is no token at all, or keys that are none
    except (ValueError, TypeError, KeyError, RecursionError):
        raise NotBelieved("token") from None


def _usable(keys: Mapping[str, Any]) -> list[Any]:
    """Return the public keys for signatures: a shared one would let anybody sign who knows it."""
    listed = keys.get("keys")
    if not isinstance(listed, list):
        return []
    usable = []
    for key in listed:
        if not isinstance(key, dict):
            continue
        if key.get("kty") in ("RSA", "EC") and key.get("use") != "enc":
            usable.append(key)
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
    return float(value)
