"""`export --deposit` lays a release ready for a repository: whole, described, and never open."""

import errno
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sqlalchemy import update

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.research.identity import AGREEMENT, Identity, Origin, ReleaseName
from kopkrakers.research.metadata.deposit import BESIDE, datacite, dataverse, zenodo
from kopkrakers.research.release import releases
from kopkrakers.research.release.releases import Release
from tests.research.exporting import export
from tests.research.small import ORIGIN, bytes_of, files_in

IDENTITY = Identity(ReleaseName(3, "2026-11"), ORIGIN, invented=False)
INVENTED = Identity(ReleaseName(3, "2026-11"), ORIGIN, invented=True)


def test_the_folder_has_the_same_bytes_and_every_description(
    released: Release, database: Database, settings: Settings, tmp_path: Path
) -> None:
    out = tmp_path / "diep" / "uit"
    made = export(settings, "--out", str(out), "--deposit")
    assert made.exit_code == 0, made.output
    [folder] = out.iterdir()
    assert folder.name == "kopkrakers-uitgave-1"
    content = bytes_of(database)
    files = files_in(content)
    assert (folder / "kopkrakers-uitgave-1.zip").read_bytes() == content
    for path in BESIDE:
        assert (folder / path).read_bytes() == files[path]
    described = {"datacite.json", "dataverse.json", "zenodo.json", "NEERLEGGEN.md"}
    found = {path.name for path in folder.iterdir()}
    assert found == {*BESIDE, *described, "kopkrakers-uitgave-1.zip"}
    ElementTree.parse(folder / "ddi.xml")
    guide = (folder / "NEERLEGGEN.md").read_text()
    assert released.identity is not None
    assert released.identity.urn in guide and "data@zaanstad.example" in guide


def test_a_folder_that_is_there_is_left_alone(
    released: Release, settings: Settings, tmp_path: Path
) -> None:
    kept = tmp_path / "kopkrakers-uitgave-1" / "eigen.txt"
    kept.parent.mkdir()
    kept.write_text("van mij")
    refused = export(settings, "--out", str(tmp_path), "--deposit")
    assert refused.exit_code == 2
    assert "is er al" in refused.output
    assert [path.name for path in kept.parent.iterdir()] == ["eigen.txt"]


def test_a_full_disk_leaves_nothing(
    released: Release, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    refused = export(settings, "--out", str(tmp_path / "uit"), "--deposit")
    assert refused.exit_code == 2
    assert "Er is niets achtergebleven" in refused.output
    assert list((tmp_path / "uit").iterdir()) == []


def test_a_release_that_does_not_say_whose_it_is_is_refused(
    released: Release, database: Database, settings: Settings, tmp_path: Path
) -> None:
    about = {name: value for name, value in released.about.items() if name != "identity"}
    with database.transaction() as session:
        session.execute(update(releases.RELEASE).values(tables=json.dumps(about)))
    refused = export(settings, "--out", str(tmp_path), "--deposit")
    assert (refused.exit_code, "een volgende wel" in refused.output) == (2, True)


def test_datacite_has_what_its_schema_asks() -> None:
    asked = {"creators", "titles", "publisher", "publicationYear", "types", "schemaVersion"}
    described = datacite(IDENTITY)
    assert asked <= set(described)
    assert described["types"]["resourceTypeGeneral"] == "Dataset"
    assert described["rightsList"][0]["rightsIdentifier"] == AGREEMENT
    # the DOI is the operator's: a made up one could be taken for real
    assert "doi" not in described


def fields_of(described: dict[str, object]) -> dict[str, object]:
    version = described["datasetVersion"]
    assert isinstance(version, dict)
    return {
        field["typeName"]: field["value"]
        for field in version["metadataBlocks"]["citation"]["fields"]
    }


def test_dataverse_has_its_required_fields_and_gives_files_on_request() -> None:
    described = dataverse(IDENTITY)
    fields = fields_of(described)
    assert {"title", "author", "datasetContact", "dsDescription", "subject"} <= set(fields)
    assert described["datasetVersion"]["fileAccessRequest"] is True
    assert "datasetContactEmail" in str(fields["datasetContact"])
    page = Origin(ORIGIN.address, ORIGIN.publisher, "https://zaanstad.example/contact")
    without = Identity(ReleaseName(3, "2026-11"), page, invented=False)
    assert "datasetContactEmail" not in str(fields_of(dataverse(without))["datasetContact"])


def test_no_repository_hands_the_files_to_just_anybody() -> None:
    assert zenodo(IDENTITY)["access_right"] == "restricted"
    for described in (zenodo(IDENTITY), dataverse(IDENTITY)):
        assert "Probeer niemand te herleiden" in json.dumps(described, ensure_ascii=False)


@pytest.mark.parametrize("describe", [datacite, dataverse, zenodo])
def test_what_is_invented_says_so(describe: object) -> None:
    assert callable(describe)
    assert "VERZONNEN" in json.dumps(describe(INVENTED))
    assert "VERZONNEN" not in json.dumps(describe(IDENTITY))
