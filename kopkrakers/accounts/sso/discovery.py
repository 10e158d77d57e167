"""Metadata and keys that providers publish of themselves. Remembered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from kopkrakers.accounts.sso.providers import Provider
from kopkrakers.base.memory import Memory
from kopkrakers.base.wire import Forbidden, Wire, https_parts
from kopkrakers.base.wire.asking import JsonAnswer, Unreachable, ask_json

WELL_KNOWN = "/.well-known/openid-configuration"
HOUR = 3600.0
KEYS_AGAIN_SECONDS = 60.0
"""Seconds after fetching keys in which an unknown one is simply unknown: tokens can be made up."""
MOST_PROVIDERS = 1000
SCOPE_TO_RENEW = "offline_access"
BASIC, IN_FORM = "client_secret_basic", "client_secret_post"


@dataclass(frozen=True)
class Metadata:
    """The addresses of a provider. `secret_in_form`: it wants our secret in the form.

    `renews`: it knows a scope for asking later whether somebody is still there.
    """

    authorization: str
    token: str
    keys: str
    secret_in_form: bool
    renews: bool


@dataclass
class ProviderMemory:
    """Metadata and keys that the providers told this process."""

    wire: Wire
    metadata: Memory[str, Metadata] = field(
        default_factory=lambda: Memory(seconds=HOUR, most=MOST_PROVIDERS)
    )
    keys: Memory[str, Mapping[str, Any]] = field(
        default_factory=lambda: Memory(seconds=HOUR, most=MOST_PROVIDERS)
    )
    just_fetched: Memory[str, bool] = field(
        default_factory=lambda: Memory(seconds=KEYS_AGAIN_SECONDS, most=MOST_PROVIDERS)
    )
    lock: Lock = field(default_factory=Lock)


def metadata_of(told: ProviderMemory, provider: Provider) -> Metadata:
    """Return where a provider is asked what.

    Raises: Unreachable, also when what it tells is of another, or names what may not be reached.
    """
    known = told.metadata.get(provider.issuer)
    if known is None:
        url = provider.issuer.rstrip("/") + WELL_KNOWN
        known = _metadata(told.wire, provider.issuer, ask_json(told.wire, url, None, {}))
        told.metadata.put(provider.issuer, known)
    return known


def _metadata(wire: Wire, issuer: str, answer: JsonAnswer) -> Metadata:
    content = answer.content
    # exactly, as the specification asks: else one provider could speak for another
    if answer.status != 200 or content.get("issuer") != issuer:
        raise Unreachable
    ways = content.get("token_endpoint_auth_methods_supported", [BASIC])
    if isinstance(ways, list):
        listed = ways
    else:
        listed = [BASIC]
    return Metadata(
        authorization=_address(wire, content.get("authorization_endpoint")),
        token=_address(wire, content.get("token_endpoint")),
        keys=_address(wire, content.get("jwks_uri")),
        secret_in_form=BASIC not in listed and IN_FORM in listed,
        renews=SCOPE_TO_RENEW in str(content.get("scopes_supported", "")),
    )


def _address(wire: Wire, url: object) -> str:
    if not isinstance(url, str):
        raise Unreachable
    try:
        https_parts(url, wire.schemes)
    except Forbidden:
        raise Unreachable from None
    return url


def keys_of(told: ProviderMemory, metadata: Metadata) -> Mapping[str, Any]:
    """Return the public keys of a provider. Raises: Unreachable."""
    known = told.keys.get(metadata.keys)
    if known is None:
        known = _fetched(told, metadata)
    return known


def newer_keys(told: ProviderMemory, metadata: Metadata) -> Mapping[str, Any] | None:
    """Return the keys of a provider, fetched anew because one was not among them.

    None when that was done a moment ago: whoever makes up tokens would let us fetch for each.
    Raises: Unreachable.
    """
    # of two threads that meet an unknown key at once, one fetches
    with told.lock:
        if told.just_fetched.get(metadata.keys):
            return None
        told.just_fetched.put(metadata.keys, True)
    return _fetched(told, metadata)


def _fetched(told: ProviderMemory, metadata: Metadata) -> Mapping[str, Any]:
    answer = ask_json(told.wire, metadata.keys, None, {})
    if answer.status != 200 or not isinstance(answer.content.get("keys"), list):
        raise Unreachable
    told.keys.put(metadata.keys, answer.content)
    return answer.content
