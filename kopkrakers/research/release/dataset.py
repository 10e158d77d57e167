"""Packs the tables of a release into one zip: fixed order, fixed dates, checksums inside."""

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from kopkrakers.base.processes.progress import Progress
from kopkrakers.research import clients
from kopkrakers.research.identity import Identity
from kopkrakers.research.metadata.catalogue import dcat, schema_org
from kopkrakers.research.metadata.datapackage import datapackage
from kopkrakers.research.metadata.ddi import ddi
from kopkrakers.research.reading import CountedState
from kopkrakers.research.release import describe, quality
from kopkrakers.research.release.changes import changelog
from kopkrakers.research.release.files import (
    csv_bytes,
    descriptions,
    frame_of,
    parquet_bytes,
    sav_bytes,
)
from kopkrakers.research.rows import DataTable, specs_of

_FOLDER = Path(clients.__file__).parent
CLIENTS = (_FOLDER / "kopkrakers.py", _FOLDER / "kopkrakers.R")
"""Programs that read the tables with types, levels and bounds: they go with every dataset."""
FIXED_DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip can hold: a release knows no moment."""
READABLE = 0o644 << 16
UNIX = 3


def pack(
    identity: Identity,
    state: CountedState,
    tables: Sequence[DataTable],
    progress: Progress,
    beside: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return the dataset as the bytes of a zip. `beside`: other files that go with it."""
    files: dict[str, bytes] = dict(beside or {})
    for done, table in enumerate(tables, start=1):
        files.update(_table_files(identity, table))
        progress(done, len(tables))
    files.update(_texts(identity, state, tables))
    specs = specs_of(tables)
    contents = {spec.id: files[f"csv/{spec.id}.csv"] for spec in specs}
    # here: pages that tell of a release need none, and it takes 2 MB
    from kopkrakers.research.release.workbook import whole_workbook

    files["kopkrakers.xlsx"] = whole_workbook(identity, specs, contents)
    files["datapackage.json"] = _json(datapackage(identity, specs, files))
    files["checksums.txt"] = _checksums(files)
    return _zip(files)


def _table_files(identity: Identity, table: DataTable) -> Iterator[tuple[str, bytes]]:
    spec = table.spec
    frame = frame_of(table)
    yield f"csv/{spec.id}.csv", csv_bytes(spec, table.rows)
    yield (
        f"parquet/{spec.id}.parquet",
        parquet_bytes(frame, {**identity.marks, **descriptions(spec)}),
    )
    yield f"spss/{spec.id}.sav", sav_bytes(frame, spec, identity.short, identity.marks)


def _texts(
    identity: Identity, state: CountedState, tables: Sequence[DataTable]
) -> dict[str, bytes]:
    specs = specs_of(tables)
    texts = {
        "README.md": describe.readme(identity, tables),
        identity.terms.file: describe.terms(identity),
        "CHANGES.md": changelog(identity, tables[-1]),
        "codebook.md": describe.codebook(identity, specs),
        "CITATION.cff": describe.citation(identity),
        quality.FILE: quality.quality(identity, tables),
    }
    for counted in state.editions:
        edition = counted.edition
        # a stelling was kept with the data file of its set
        form = "yaml" if counted.card.is_stelling else "md"
        texts[f"cards/{edition.dilemma}.{edition.number}.{form}"] = edition.source
    files = {path: text.encode() for path, text in texts.items()}
    for client in CLIENTS:
        files[f"clients/{client.name}"] = client.read_bytes()
    files["dcat.jsonld"] = _json(dcat(identity))
    files["schema.jsonld"] = _json(schema_org(identity, specs))
    files["ddi.xml"] = ddi(identity, tables)
    return files


def _json(thing: Any) -> bytes:
    return (json.dumps(thing, ensure_ascii=False, indent=2) + "\n").encode()


def _checksums(files: dict[str, bytes]) -> bytes:
    lines = (f"{sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files))
    return "".join(lines).encode()


def _zip(files: dict[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, FIXED_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = UNIX
            entry.external_attr = READABLE
            archive.writestr(entry, files[path])
    return packed.getvalue()
