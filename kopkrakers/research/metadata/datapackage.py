"""Describes a dataset as a Data Package (version 2): its tables, and every file with its hash."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from kopkrakers.privacy.specs import ColumnSpec, TableSpec
from kopkrakers.research.identity import KEYWORDS, Identity

PROFILE = "https://datapackage.org/profiles/2.0/"
NO_TRACING = (
    "Probeer niemand te herleiden, ook niet door bestanden te combineren. "
    "Meld het als je denkt dat het kan."
)
MEDIA_TYPES = {
    ".cff": "application/yaml",
    ".csv": "text/csv",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".sav": "application/x-spss-sav",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
    ".py": "text/x-python",
    ".R": "text/x-r",
}


def datapackage(
    identity: Identity, specs: Sequence[TableSpec], files: Mapping[str, bytes]
) -> dict[str, Any]:
    """Return the descriptor. `files`: all others of the dataset, by path."""
    paths = {f"csv/{spec.id}.csv": spec for spec in specs}
    # other formats of the same tables are no resources: a reader would want to open them as tables
    others = []
    for path in sorted(files):
        if path not in paths:
            others.append(_file(path, files[path]))
    return {
        "$schema": f"{PROFILE}datapackage.json",
        "name": identity.slug,
        "id": identity.urn,
        "title": identity.title,
        "version": f"{identity.name.number}.0.0",
        "description": NO_TRACING,
        "homepage": identity.page,
        "licenses": [
            {"name": identity.license, "path": identity.terms.file, "title": identity.terms.title}
        ],
        "contributors": [_publisher(identity)],
        "keywords": list(KEYWORDS),
        "month": identity.name.month,
        "instance": identity.origin.instance.urn,
        "contact": identity.origin.contact,
        "invented": identity.invented,
        "resources": [_table(spec, path, files[path]) for path, spec in paths.items()],
        "files": others,
    }


def _publisher(identity: Identity) -> dict[str, Any]:
    publisher: dict[str, Any] = {
        "title": identity.origin.publisher,
        "path": identity.origin.address,
        "roles": ["publisher"],
    }
    if identity.origin.mail:
        publisher["email"] = identity.origin.mail
    return publisher


def _table(spec: TableSpec, path: str, content: bytes) -> dict[str, Any]:
    return {
        "$schema": f"{PROFILE}dataresource.json",
        "name": spec.id,
        "type": "table",
        "title": spec.title,
        "description": spec.about,
        "path": path,
        "format": "csv",
        "mediatype": MEDIA_TYPES[".csv"],
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True},
        **_measured(content),
        "schema": schema_of(spec),
    }


def _file(path: str, content: bytes) -> dict[str, Any]:
    suffix = PurePath(path).suffix
    return {
        "path": path,
        "mediatype": MEDIA_TYPES[suffix],
        **_measured(content),
    }


def _measured(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "hash": f"sha256:{sha256(content).hexdigest()}"}


def schema_of(spec: TableSpec) -> dict[str, Any]:
    """Return the Table Schema of one table."""
    schema: dict[str, Any] = {
        "fields": list(map(_field, spec.columns)),
        "missingValues": [""],
        "primaryKey": list(spec.key),
    }
    if spec.of_dilemmas:
        both = ["dilemma", "edition"]
        schema["foreignKeys"] = [
            {"fields": both, "reference": {"resource": "dilemmas", "fields": both}}
        ]
    return schema


def _field(column: ColumnSpec) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.id,
        "type": column.kind.value,
        "title": column.name,
        "description": column.meaning,
        "protection": column.protection,
    }
    constraints: dict[str, Any] = {}
    if not column.may_be_empty:
        constraints["required"] = True
    if column.values:
        constraints["enum"] = list(column.values)
        field["categories"] = [
            {"value": code, "label": label} for code, label in column.values.items()
        ]
        field["categoriesOrdered"] = column.ordered
        # of Data Package 1, which had no word for it
        field["valueLabels"] = dict(column.values)
    if constraints:
        field["constraints"] = constraints
    if column.question:
        field["question"] = column.question
    return field
