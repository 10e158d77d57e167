"""Describes a dataset for catalogues: DCAT-AP-NL 3 for data.overheid.nl, schema.org for search.

The classes and properties are those of https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/.
"""

from collections.abc import Sequence
from typing import Any

from kopkrakers.privacy.specs import ColumnSpec, TableSpec
from kopkrakers.research.identity import KEYWORDS, Identity
from kopkrakers.research.metadata.datapackage import MEDIA_TYPES

ABOUT = (
    "Opgetelde en beschermde keuzes van mensen die de Participatiewet uitvoeren, bij dilemma’s uit "
    "hun werk. Geen losse antwoorden. {title}: {file}."
)
INVENTED_ABOUT = "Alles in deze uitgave is verzonnen. "
AUTHORITY = "http://publications.europa.eu/resource/authority"
CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def description_of(identity: Identity) -> str:
    """Return what the dataset is, in two sentences."""
    about = ABOUT.format(title=identity.terms.title, file=identity.terms.file)
    if identity.invented:
        return INVENTED_ABOUT + about
    return about


def dcat(identity: Identity) -> dict[str, Any]:
    """Return the release as a dataset of DCAT-AP-NL, with the dataset as its distribution."""
    origin = identity.origin
    publisher = {
        "@id": origin.address,
        "@type": "foaf:Agent",
        "foaf:name": _dutch(origin.publisher),
    }
    return {
        "@context": CONTEXT,
        "@id": identity.urn,
        "@type": "dcat:Dataset",
        "dct:identifier": identity.urn,
        "dct:title": _dutch(identity.title),
        "dct:description": _dutch(description_of(identity)),
        "dct:publisher": publisher,
        "dct:creator": {"@id": origin.address},
        "dcat:contactPoint": _contact(identity),
        "dcat:keyword": list(map(_dutch, KEYWORDS)),
        "dcat:theme": {"@id": f"{AUTHORITY}/data-theme/SOCI"},
        "dct:accessRights": {"@id": f"{AUTHORITY}/access-right/{identity.terms.access}"},
        "dct:language": {"@id": f"{AUTHORITY}/language/NLD"},
        "dct:spatial": {"@id": f"{AUTHORITY}/country/NLD"},
        "dct:accrualPeriodicity": {"@id": f"{AUTHORITY}/frequency/IRREG"},
        "dct:issued": {"@type": "xsd:gYearMonth", "@value": identity.name.month},
        "dcat:version": str(identity.name.number),
        "dct:isVersionOf": {"@id": origin.instance.urn},
        "dcat:landingPage": {"@id": identity.page, "@type": "foaf:Document"},
        "adms:status": {"@id": f"{AUTHORITY}/dataset-status/COMPLETED"},
        "dcat:distribution": _distribution(identity),
    }


def _dutch(text: str) -> dict[str, str]:
    return {"@language": "nl", "@value": text}


def _contact(identity: Identity) -> dict[str, Any]:
    origin = identity.origin
    card: dict[str, Any] = {
        "@id": f"{origin.instance.urn}#contact",
        "@type": "vcard:Organization",
        "vcard:fn": _dutch(origin.publisher),
    }
    if origin.mail:
        card["vcard:hasEmail"] = {"@id": origin.contact}
    else:
        card["vcard:hasURL"] = {"@id": origin.contact}
    return card


def _distribution(identity: Identity) -> dict[str, Any]:
    address = f"{identity.origin.address}/onderzoek/uitgaven/{identity.name.number}/dataset"
    return {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": _dutch("De hele dataset, als zip"),
        "dcat:accessURL": {"@id": identity.page},
        "dcat:downloadURL": {"@id": address},
        "dct:license": {
            "@id": f"{identity.urn}#{identity.license}",
            "@type": "dct:LicenseDocument",
            "dct:title": _dutch(f"{identity.terms.title}, {identity.terms.file} in de zip"),
        },
        "dct:format": {"@id": f"{AUTHORITY}/file-type/ZIP"},
        "dcat:mediaType": {
            "@id": "http://www.iana.org/assignments/media-types/application/zip",
        },
    }


def schema_org(identity: Identity, specs: Sequence[TableSpec]) -> dict[str, Any]:
    """Return the release as a Dataset of schema.org, with what its columns measure."""
    origin = identity.origin
    columns: dict[str, ColumnSpec] = {}
    for spec in specs:
        for column in spec.columns:
            columns.setdefault(column.id, column)
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": identity.urn,
        "identifier": identity.urn,
        "name": identity.title,
        "description": description_of(identity),
        "url": identity.page,
        "version": str(identity.name.number),
        "datePublished": identity.name.month,
        "inLanguage": "nl",
        "isAccessibleForFree": True,
        "keywords": list(KEYWORDS),
        "license": f"{identity.urn}#{identity.license}",
        "usageInfo": identity.terms.file,
        "creator": {"@type": "Organization", "name": origin.publisher, "url": origin.address},
        "publisher": {"@type": "Organization", "name": origin.publisher, "url": origin.address},
        "spatialCoverage": "Nederland",
        "variableMeasured": list(map(_variable, columns.values())),
        "distribution": [
            {"@type": "DataDownload", "contentUrl": identity.page, "encodingFormat": kind}
            for kind in ("application/zip", MEDIA_TYPES[".csv"], MEDIA_TYPES[".parquet"])
        ],
    }


def _variable(column: ColumnSpec) -> dict[str, str]:
    return {
        "@type": "PropertyValue",
        "name": column.id,
        "description": column.meaning,
    }
