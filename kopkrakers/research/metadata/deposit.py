"""Describes a release for a repository that gives it a DOI: DataCite, Dataverse and Zenodo.

The fields are those of DataCite 4.5 (the JSON Schema of its Python package), of the example
`dataset-finch1.json` and the block `citation.tsv` of Dataverse, and of the JSON Schema that
`zenodraft` keeps of Zenodo's uploads. A DOI is the operator's to ask for, so none stands in them.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kopkrakers.research.identity import AGREEMENT, AGREEMENT_FILE, KEYWORDS, Identity
from kopkrakers.research.metadata.catalogue import description_of
from kopkrakers.research.metadata.datapackage import NO_TRACING

BESIDE = (
    "README.md",
    AGREEMENT_FILE,
    "codebook.md",
    "KWALITEIT.md",
    "CHANGES.md",
    "CITATION.cff",
    "ddi.xml",
)
"""Files of the dataset that a repository shows or reads, so that they lie beside the zip too."""
GUIDE = Path(__file__).with_name("deposit.txt")
MEANS = (
    f"Alleen voor wie zich aan de gebruiksafspraak houdt ({AGREEMENT}, in {AGREEMENT_FILE}). "
    f"{NO_TRACING}"
)
"""The conditions on which a repository hands out the files; the description itself is open."""
SUBJECT = "Social Sciences"
"""The subject of Dataverse's own list."""


def deposit_files(
    identity: Identity, zip_name: str, files: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Return what lies in the folder of a deposit beside the zip, by name.

    `files`: those of the dataset.
    """
    beside = {}
    for path in BESIDE:
        if path in files:
            beside[path] = files[path]
    described = {
        "datacite.json": datacite(identity),
        "dataverse.json": dataverse(identity),
        "zenodo.json": zenodo(identity),
    }
    for name, thing in described.items():
        beside[name] = (json.dumps(thing, ensure_ascii=False, indent=2) + "\n").encode()
    words = {
        "title": identity.title,
        "zip": zip_name,
        "urn": identity.urn,
        "contact": _contact_words(identity),
    }
    beside["NEERLEGGEN.md"] = GUIDE.read_text(encoding="utf-8").format(**words).encode()
    return beside


def datacite(identity: Identity) -> dict[str, Any]:
    """Return the metadata of DataCite 4.5, with which a DOI is registered."""
    origin = identity.origin
    publisher = {"name": origin.publisher, "nameType": "Organizational"}
    return {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Opgetelde keuzes"},
        "titles": [{"title": identity.title, "lang": "nl"}],
        "creators": [publisher],
        "publisher": {"name": origin.publisher, "lang": "nl"},
        "publicationYear": identity.name.month[:4],
        "dates": [{"date": identity.name.month, "dateType": "Issued"}],
        "language": "nl",
        "version": str(identity.name.number),
        "url": identity.page,
        "subjects": [{"subject": word, "lang": "nl"} for word in KEYWORDS],
        "contributors": [{**publisher, "contributorType": "ContactPerson"}],
        "descriptions": [
            {
                "description": description_of(identity),
                "descriptionType": "Abstract",
                "lang": "nl",
            }
        ],
        "rightsList": [
            {
                "rights": "Gebruiksafspraak 1.0",
                "rightsIdentifier": AGREEMENT,
                "rightsIdentifierScheme": "SPDX",
                "lang": "nl",
            }
        ],
        "alternateIdentifiers": [
            {"alternateIdentifier": identity.urn, "alternateIdentifierType": "URN"}
        ],
        "geoLocations": [{"geoLocationPlace": "Nederland"}],
        "formats": ["application/zip"],
    }


def dataverse(identity: Identity) -> dict[str, Any]:
    """Return the body with which Dataverse makes a dataset, files on request only."""
    origin = identity.origin
    contact = {"datasetContactName": origin.publisher}
    if origin.mail:
        contact["datasetContactEmail"] = origin.mail
    words = [{"keywordValue": word} for word in KEYWORDS]
    fields = [
        _primitive("title", identity.title),
        _primitive("alternativeURL", identity.page),
        _compound("otherId", [{"otherIdAgency": "URN", "otherIdValue": identity.urn}]),
        _compound("author", [{"authorName": origin.publisher}]),
        _compound("datasetContact", [contact]),
        _compound("dsDescription", [{"dsDescriptionValue": description_of(identity)}]),
        {
            "typeName": "subject",
            "typeClass": "controlledVocabulary",
            "multiple": True,
            "value": [SUBJECT],
        },
        _compound("keyword", words),
        _primitive("distributionDate", identity.name.month),
        {
            **_primitive("kindOfData", "aggregate data"),
            "multiple": True,
            "value": ["aggregate data"],
        },
    ]
    return {
        "datasetVersion": {
            "termsOfUse": MEANS,
            "termsOfAccess": MEANS,
            "fileAccessRequest": True,
            "metadataBlocks": {"citation": {"displayName": "Citation Metadata", "fields": fields}},
        }
    }


def zenodo(identity: Identity) -> dict[str, Any]:
    """Return the metadata with which Zenodo takes an upload, files on request only."""
    return {
        "upload_type": "dataset",
        "title": identity.title,
        "creators": [{"name": identity.origin.publisher}],
        "description": description_of(identity),
        "access_right": "restricted",
        "access_conditions": MEANS,
        "keywords": list(KEYWORDS),
        "language": "nld",
        "version": str(identity.name.number),
        "publication_date": identity.name.first_day.isoformat(),
        "related_identifiers": [
            {"identifier": identity.urn, "relation": "isIdenticalTo", "scheme": "urn"}
        ],
    }


def _primitive(name: str, value: str) -> dict[str, Any]:
    return {"typeName": name, "typeClass": "primitive", "multiple": False, "value": value}


def _compound(name: str, values: list[dict[str, str]]) -> dict[str, Any]:
    described = []
    for one in values:
        described.append({part: _primitive(part, value) for part, value in one.items()})
    return {"typeName": name, "typeClass": "compound", "multiple": True, "value": described}


def _contact_words(identity: Identity) -> str:
    if identity.origin.mail:
        return identity.origin.mail
    return (
        "er staat nog geen mailadres in `dataverse.json`, en Dataverse vraagt er een. "
        "Zet `KOPKRAKERS_RESEARCH_CONTACT` op een mailadres vóór de volgende uitgave, en vul het "
        "nu zelf in"
    )
