"""publiccode.yml, held against the keys of its specification, version 0.2 (core).

The published parser is a program in Go and is not run here; these are the rules that its
specification gives for presence, length and values.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
SAID: dict[str, Any] = YAML(typ="safe").load((ROOT / "publiccode.yml").read_text())
MANDATORY = {
    "publiccodeYmlVersion",
    "name",
    "url",
    "releaseDate",
    "platforms",
    "categories",
    "developmentStatus",
    "softwareType",
    "description",
    "legal",
    "maintenance",
    "localisation",
}
OPTIONAL = {"softwareVersion", "intendedAudience", "dependsOn", "logo", "landingURL", "roadmap"}
STATUSES = {"concept", "development", "beta", "stable", "obsolete"}
TYPES = {"standalone/web", "standalone/backend", "standalone/other", "library", "addon"}
MAINTAINED = {"internal": "contacts", "community": "contacts", "contract": "contractors"}


def test_every_mandatory_key_is_there_and_no_unknown_one() -> None:
    assert SAID.keys() >= MANDATORY
    assert SAID.keys() <= MANDATORY | OPTIONAL


def test_values_are_of_the_lists_of_the_specification() -> None:
    assert SAID["developmentStatus"] in STATUSES
    assert SAID["softwareType"] in TYPES
    assert SAID["publiccodeYmlVersion"] == "0.2"
    assert SAID["url"].startswith("https://")
    assert date.fromisoformat(SAID["releaseDate"])
    assert all(code.islower() and len(code) == 2 for code in SAID["intendedAudience"]["countries"])


def test_who_maintains_is_named_where_somebody_does() -> None:
    kind = SAID["maintenance"]["type"]
    assert kind == "none" or SAID["maintenance"][MAINTAINED[kind]]


@pytest.mark.parametrize("language", SAID["description"])
def test_the_description_has_the_lengths_that_are_asked(language: str) -> None:
    told = SAID["description"][language]
    assert len(told["genericName"]) <= 35
    assert len(told["shortDescription"]) <= 150 and "\n" not in told["shortDescription"]
    assert 500 <= len(told["longDescription"]) <= 10_000
    assert all(len(feature) <= 100 for feature in told["features"])
    assert all((ROOT / path).is_file() for path in told["screenshots"])


def test_it_says_what_the_package_says() -> None:
    pyproject = (ROOT / "pyproject.toml").read_text()
    assert f'version = "{SAID["softwareVersion"]}"' in pyproject
    assert f'license = "{SAID["legal"]["license"]}"' in pyproject
    assert SAID["localisation"]["availableLanguages"] == ["nl"]
