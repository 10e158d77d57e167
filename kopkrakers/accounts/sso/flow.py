"""The authorization code flow: send somebody to their provider, and hear there who came back."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from kopkrakers.accounts.sso.discovery import (
    SCOPE_TO_RENEW,
    Metadata,
    ProviderMemory,
    keys_of,
    metadata_of,
    newer_keys,
)
from kopkrakers.accounts.sso.providers import Provider
from kopkrakers.accounts.sso.tokens import (
    LONGEST_TOKEN,
    ExpectedClaims,
    NotBelieved,
    SignedOut,
    UnknownKey,
    verified_id_token,
    verified_logout_token,
)
from kopkrakers.base.wire.asking import JsonAnswer, Unreachable, ask_json

Said = TypeVar("Said")

SCOPES = "openid email profile"
RANDOM_BYTES = 24
"""192 random bits in a state and a nonce."""
VERIFIER_BYTES = 48
REFUSALS = (400, 401, 403)
"""With which a provider says no; anything else but 200 is no answer."""


@dataclass(frozen=True)
class PendingSignIn:
    """Somebody who was sent to a provider. It stands in the sealed cookie of their browser alone.

    `fresh`: they must type who they are there, however short ago they did.
    """

    state: str
    nonce: str
    verifier: str
    fresh: bool


@dataclass(frozen=True)
class Arrival:
    """Claims of a provider about somebody. `renewal`: to ask it again by; may be empty."""

    claims: Mapping[str, Any]
    renewal: str


def new_pending(*, fresh: bool) -> PendingSignIn:
    """Return what ties the answer of a provider to this browser and this try."""
    return PendingSignIn(
        state=token_urlsafe(RANDOM_BYTES),
        nonce=token_urlsafe(RANDOM_BYTES),
        verifier=token_urlsafe(VERIFIER_BYTES),
        fresh=fresh,
    )


def authorization_url(
    told: ProviderMemory, provider: Provider, pending: PendingSignIn, return_address: str
) -> str:
    """Return the address to send somebody to. Nothing in it is of the person.

    Raises: Unreachable.
    """
    metadata = metadata_of(told, provider)
    challenge = urlsafe_b64encode(sha256(pending.verifier.encode()).digest()).rstrip(b"=")
    scopes = SCOPES
    if metadata.renews and provider.renews:
        scopes = f"{SCOPES} {SCOPE_TO_RENEW}"
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": return_address,
        "scope": scopes,
        "state": pending.state,
        "nonce": pending.nonce,
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
    }
    if pending.fresh:
        asked |= {"prompt": "login", "max_age": "0"}
    if "?" in metadata.authorization:
        between = "&"
    else:
        between = "?"
    return f"{metadata.authorization}{between}{urlencode(asked)}"


def check_return(provider: Provider, pending: PendingSignIn, sent: Mapping[str, str]) -> str:
    """Return the code that a browser brought back.

    Raises: NotBelieved when it is not the answer to what this browser was sent for.
    """
    # in constant time, so that nobody can measure how far a made-up state is right
    if not compare_digest(sent.get("state", "").encode(), pending.state.encode()):
        raise NotBelieved("state")
    # of another provider, which would hear the code
    if sent.get("iss", provider.issuer) != provider.issuer:
        raise NotBelieved("mixed up")
    code = sent.get("code", "")
    if "error" in sent or not code:
        raise NotBelieved("refused there")
    return code


# D-94
def arrival(
    told: ProviderMemory,
    provider: Provider,
    pending: PendingSignIn,
    *,
    code: str,
    address: str,
    now: datetime,
) -> Arrival:
    """Change a code for what the provider says of its owner. `address`: where it was sent to.

    Raises: Unreachable; NotBelieved.
    """
    metadata = metadata_of(told, provider)
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": address,
        "code_verifier": pending.verifier,
    }
    answer = _token_answer(told, provider, metadata, asked)
    if answer.status in REFUSALS:
        raise NotBelieved("code")
    if answer.status != 200:
        raise Unreachable
    expected = ExpectedClaims(provider, now, pending.nonce, pending.fresh)
    token = str(answer.content.get("id_token", ""))
    claims = _with_keys(told, metadata, lambda keys: verified_id_token(token, keys, expected))
    renewal = ""
    if provider.renews:
        renewal = _renewal_in(answer)
    return Arrival(claims, renewal)


def signed_out(told: ProviderMemory, provider: Provider, token: str, now: datetime) -> SignedOut:
    """Return whom a provider says to have signed out. Raises: Unreachable; NotBelieved."""
    metadata = metadata_of(told, provider)
    expected = ExpectedClaims(provider, now)
    return _with_keys(told, metadata, lambda keys: verified_logout_token(token, keys, expected))


def renewed(told: ProviderMemory, provider: Provider, renewal: str) -> str:
    """Ask a provider whether it still knows somebody. Return by what it can be asked next time.

    Raises: NotBelieved when it does not; Unreachable when it cannot be asked now.
    """
    metadata = metadata_of(told, provider)
    asked = {"grant_type": "refresh_token", "refresh_token": renewal}
    answer = _token_answer(told, provider, metadata, asked)
    # then our registration is wrong, which says nothing of the person
    if answer.status in REFUSALS and answer.content.get("error") != "invalid_client":
        raise NotBelieved("not known any more")
    if answer.status != 200 or not answer.content.get("access_token"):
        raise Unreachable
    return _renewal_in(answer) or renewal


def _with_keys(
    told: ProviderMemory, metadata: Metadata, verify: Callable[[Mapping[str, Any]], Said]
) -> Said:
    """Verify with the keys that we have, and with newer ones when the right one is not there."""
    try:
        return verify(keys_of(told, metadata))
    except UnknownKey:
        newer = newer_keys(told, metadata)
        if newer is None:
            raise
        return verify(newer)


def _token_answer(
    told: ProviderMemory, provider: Provider, metadata: Metadata, asked: Mapping[str, str]
) -> JsonAnswer:
    if metadata.secret_in_form:
        ours = {"client_id": provider.client_id, "client_secret": provider.secret}
        return ask_json(told.wire, metadata.token, {**asked, **ours}, {})
    # each encoded before they are joined (RFC 6749, 2.3.1): either may hold a colon
    pair = f"{quote(provider.client_id, safe='')}:{quote(provider.secret, safe='')}"
    basic = {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
    return ask_json(told.wire, metadata.token, asked, basic)


def _renewal_in(answer: JsonAnswer) -> str:
    renewal = answer.content.get("refresh_token", "")
    if not isinstance(renewal, str) or len(renewal) > LONGEST_TOKEN:
        return ""
    # characters of ASCII alone (RFC 6749, A.17); half of a pair of UTF-16 could not be kept
    if not (renewal.isascii() and renewal.isprintable()):
        return ""
    return renewal
