"""The description of the API, kept by hand, with the address and contact of this server."""

import json
from pathlib import Path
from typing import Any

from kopkrakers.research.identity import AGREEMENT, Origin

DESCRIPTION = Path(__file__).with_name("openapi.json")
VERSION = "1.1.0"
"""A new address or field raises the second number; it stands in `openapi.json` as well."""
BASE = "/api/v1"


def description(origin: Origin) -> dict[str, Any]:
    """Return the OpenAPI description, with who answers for it and at which address."""
    described: dict[str, Any] = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    described["info"]["contact"] = _contact(origin)
    described["servers"] = [{"url": f"{origin.address}{BASE}"}]
    return described


def landing(origin: Origin) -> dict[str, Any]:
    """Return what this API is, who publishes it and on what terms, and where to begin."""
    about = json.loads(DESCRIPTION.read_text(encoding="utf-8"))["info"]
    base = f"{origin.address}{BASE}"
    return {
        "title": about["title"],
        "description": about["description"],
        "version": VERSION,
        "publisher": origin.publisher,
        "contact": origin.contact,
        "instance": origin.instance.urn,
        "license": AGREEMENT,
        "documentation": f"{origin.address}/onderzoek",
        "openapi": f"{base}/openapi.json",
        "releases": f"{base}/releases",
        "latest": f"{base}/releases/latest",
    }


def _contact(origin: Origin) -> dict[str, str]:
    """Return whom to ask. Without an address for mail there is none: nobody would read it."""
    contact = {"name": origin.publisher, "url": f"{origin.address}/onderzoek"}
    if origin.mail:
        contact["email"] = origin.mail
    return contact
