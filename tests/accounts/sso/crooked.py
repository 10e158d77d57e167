"""A real provider program on this machine, behind which a test can make it lie."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hmac import digest
from io import BytesIO
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import oidc_provider_mock
import pytest
from joserfc import jws
from joserfc.jwk import OctKey, RSAKey
from oidc_provider_mock._storage import jose
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

Claims = dict[str, Any]
TO_PROVIDER = httpx.Client(verify=False)
"""Asks the program on this machine, without TLS: each client else reads all that the machine
trusts anew.
"""


def new_key() -> RSAKey:
    """Return a key with which a provider may sign."""
    return RSAKey.generate_key(2048, auto_kid=True)


@cache
def first_key() -> RSAKey:
    """Return the key of a provider of which no test asks for another: one takes longer to make
    than to sign in.
    """
    return new_key()


@dataclass
class Crooked:
    """A server between a real provider and us.

    Every token is signed anew with `key`, after `alter` changed the claims; `header` stands above
    them. `published`: the keys it shows, with `odd_keys` before them. `seen`: the paths it was
    asked for, with what was in the form. `metadata` goes over what the provider says of itself,
    `answer` over what it answers to a code.
    """

    url: str = ""
    key: RSAKey = field(default_factory=first_key)
    published: list[RSAKey] = field(default_factory=list)
    alter: Callable[[Claims], None] = field(default=lambda _claims: None)
    metadata: Claims = field(default_factory=dict)
    sign_with: Callable[["Crooked", Claims], str] | None = None
    header: Claims = field(default_factory=dict)
    odd_keys: list[Any] = field(default_factory=list)
    pause: float = 0
    is_away: bool = False
    refresh: bool = True
    answer: Claims = field(default_factory=dict)
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def signed(self, claims: Claims) -> str:
        """Return a token of this provider."""
        if self.sign_with is not None:
            return self.sign_with(self, claims)
        header = {"alg": "RS256", "kid": self.key.kid, **self.header}
        # in ASCII: half of a pair of UTF-16 has no other form
        return jws.serialize_compact(header, json.dumps(claims), self.key)

    def times(self, path: str) -> int:
        """Return how often a path was asked for."""
        return sum(one == path for one, _ in self.seen)

    def set_user(self, subject: str, **claims: Any) -> None:
        """Have the provider know somebody."""
        answer = TO_PROVIDER.put(f"{self.url}/users/{subject}", json=claims)
        assert answer.status_code == 204, answer.text

    def revoke(self, subject: str) -> None:
        """Have the provider know somebody no longer."""
        assert TO_PROVIDER.post(f"{self.url}/users/{subject}/revoke-tokens").status_code == 204

    def visit(self, url: str, subject: str) -> str:
        """Sign in at the provider as a browser does; return where it sends the browser back."""
        answer = TO_PROVIDER.post(url, data={"sub": subject}, follow_redirects=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]


INNER_KEY = jose.RSAKey.generate_key(is_private=True)
"""The key of the provider itself, which nobody sees: every token is signed anew."""


def unsigned(_provider: Crooked, claims: Claims) -> str:
    """Return a token that nobody signed."""
    return jws.serialize_compact(
        {"alg": "none"}, json.dumps(claims), OctKey.generate_key(), algorithms=["none"]
    )


def with_public_key_as_secret(provider: Crooked, claims: Claims) -> str:
    """Return a token signed with what everybody knows: the public key, taken for a shared one."""
    header = _base64(json.dumps({"alg": "HS256", "kid": provider.key.kid}).encode())
    signed = f"{header}.{_base64(json.dumps(claims).encode())}"
    mac = digest(provider.key.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{_base64(mac)}"


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def _between(crooked: Crooked, inner: Any) -> Any:
    @Request.application
    def answer(request: Request) -> Any:
        body = request.get_data()
        crooked.seen.append((request.path, query_of(f"?{body.decode()}")))
        is_asked_by_us = not request.path.startswith(("/users", "/oauth2/authorize"))
        if is_asked_by_us and crooked.is_away:
            return Response("kapot", status=502)
        if is_asked_by_us and crooked.pause:
            time.sleep(crooked.pause)
        if request.path == "/jwks":
            keys = [key.as_dict(private=False) for key in crooked.published or [crooked.key]]
            whole = {"keys": [*crooked.odd_keys, *keys]}
            return Response(json.dumps(whole), mimetype="application/json")
        # what was read here, the provider reads again
        request.environ["wsgi.input"] = BytesIO(body)
        found = Response.from_app(inner, request.environ, buffered=True)
        if request.path == "/.well-known/openid-configuration":
            told = {"issuer": crooked.url, **json.loads(found.get_data()), **crooked.metadata}
            return Response(json.dumps(told), mimetype="application/json")
        if request.path == "/oauth2/token" and found.status_code == 200:
            return _lied(crooked, json.loads(found.get_data()))
        return found

    return answer


def _lied(crooked: Crooked, content: Claims) -> Response:
    if "id_token" in content:
        payload = jws.extract_compact(content["id_token"].encode()).payload
        claims = json.loads(payload)
        crooked.alter(claims)
        content["id_token"] = crooked.signed(claims)
    if not crooked.refresh:
        content.pop("refresh_token", None)
    content.update(crooked.answer)
    return Response(json.dumps(content), mimetype="application/json")


@contextmanager
def running() -> Iterator[Crooked]:
    """Yield a provider that runs."""
    crooked = Crooked()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jose.RSAKey, "generate_key", lambda **_how: INNER_KEY)
        inner = oidc_provider_mock.app()
    server = make_server("127.0.0.1", 0, _between(crooked, inner), threaded=True)
    crooked.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield crooked
    finally:
        server.shutdown()
        server.server_close()


def query_of(url: str) -> dict[str, str]:
    """Return what stands behind the question mark of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
