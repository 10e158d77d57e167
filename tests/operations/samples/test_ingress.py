"""The sample for an ingress: its form, and that it keeps what the tried samples keep.

No cluster runs here, so what Traefik does with it is untried, as the file says.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

PROXY = Path(__file__).parents[3] / "docs" / "proxy"
TRAEFIK = "traefik.ingress.kubernetes.io/router."
PARTS: list[dict[str, Any]] = [
    dict(part) for part in YAML(typ="safe").load_all((PROXY / "ingress.yaml").read_text())
]


def named(kind: str, name: str) -> dict[str, Any]:
    """The part of this kind and name."""
    (found,) = [p for p in PARTS if (p["kind"], p["metadata"]["name"]) == (kind, name)]
    return found


@pytest.mark.parametrize("name", ["kopkrakers", "kopkrakers-http"])
def test_no_ingress_keeps_who_asked_for_what_and_when(name: str) -> None:
    said = named("Ingress", name)["metadata"]["annotations"]
    for what in ("accesslogs", "tracing", "metrics"):
        assert said[f"{TRAEFIK}observability.{what}"] == "false"


def test_every_part_that_is_named_is_there() -> None:
    for ingress in (part for part in PARTS if part["kind"] == "Ingress"):
        said = ingress["metadata"]["annotations"]
        for key, kind in (("middlewares", "Middleware"), ("tls.options", "TLSOption")):
            if (wished := said.get(TRAEFIK + key)) is not None:
                name = wished.removeprefix("kopkrakers-").removesuffix("@kubernetescrd")
                assert named(kind, name)["metadata"]["namespace"] == "kopkrakers"
        path = ingress["spec"]["rules"][0]["http"]["paths"][0]
        assert path["backend"]["service"]["name"] == "kopkrakers-web"


def test_it_has_the_ciphers_and_curves_of_the_sample_for_nginx() -> None:
    nginx = (PROXY / "nginx.conf").read_text()
    ciphers = re.findall(r"ssl_ciphers ([^;]+);", nginx)[0].split(":")
    ours = named("TLSOption", "ncsc")["spec"]
    there = {re.sub(r"[_-]|WITH|TLS|SHA256$", "", name) for name in ours["cipherSuites"]}
    here = {re.sub(r"[_-]|SHA256$", "", name) for name in ciphers}
    assert there == here
    assert len(ours["curvePreferences"]) == 3
    assert ours["minVersion"] == "VersionTLS12"


def test_a_body_is_held_whole_and_no_longer_than_we_take() -> None:
    limits = named("Middleware", "opsparen")["spec"]["buffering"]
    assert limits == {"maxRequestBodyBytes": 512 * 1024, "memRequestBodyBytes": 512 * 1024}


def test_one_address_keeps_one_server_so_that_wrong_passwords_are_counted_together() -> None:
    assert named("Service", "kopkrakers-web")["spec"]["sessionAffinity"] == "ClientIP"
