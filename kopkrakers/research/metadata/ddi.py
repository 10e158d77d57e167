"""Describes a dataset for archives of social science: DDI-Codebook 2.5, as Dataverse reads it."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from kopkrakers.privacy.column_parts import SAID_NOTHING
from kopkrakers.privacy.specs import ColumnKind, ColumnSpec, TableSpec
from kopkrakers.research.identity import KEYWORDS, Identity
from kopkrakers.research.metadata.catalogue import description_of
from kopkrakers.research.metadata.datapackage import NO_TRACING
from kopkrakers.research.rows import DataTable

NAMESPACE = "ddi:codebook:2_5"
SCHEMA = (
    f"{NAMESPACE} https://ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
)
UNIVERSE = "Mensen die de Participatiewet uitvoeren, in gemeenten die meedoen. Geen steekproef."
NUMERIC = (ColumnKind.WHOLE, ColumnKind.YES_NO)


def ddi(identity: Identity, tables: Sequence[DataTable]) -> bytes:
    """Return the codebook as XML."""
    root = Element(
        "codeBook",
        {
            "xmlns": NAMESPACE,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": SCHEMA,
            "version": "2.5",
            "xml:lang": "nl",
        },
    )
    _study(SubElement(root, "stdyDscr"), identity)
    for table in tables:
        _file(root, table)
    data = SubElement(root, "dataDscr")
    for table in tables:
        for column in table.spec.columns:
            _variable(data, table.spec, column)
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _study(study: Element, identity: Identity) -> None:
    citation = SubElement(study, "citation")
    title = SubElement(citation, "titlStmt")
    _text(title, "titl", identity.title)
    _text(title, "IDNo", identity.urn, agency="URN")
    _text(SubElement(citation, "rspStmt"), "AuthEnty", identity.origin.publisher)
    made = SubElement(citation, "prodStmt")
    _text(made, "copyright", identity.license)
    spread = SubElement(citation, "distStmt")
    _text(spread, "distrbtr", identity.origin.publisher, URI=identity.origin.address)
    contact = _text(spread, "contact", identity.origin.publisher)
    if identity.origin.mail:
        contact.set("email", identity.origin.mail)
    else:
        contact.set("URI", identity.origin.contact)
    _text(spread, "distDate", identity.name.month, date=identity.name.month)
    version = SubElement(citation, "verStmt")
    _text(version, "version", str(identity.name.number), date=identity.name.month)
    about = SubElement(study, "stdyInfo")
    subject = SubElement(about, "subject")
    for word in KEYWORDS:
        _text(subject, "keyword", word)
    _text(about, "abstract", description_of(identity))
    summary = SubElement(about, "sumDscr")
    _text(summary, "nation", "Nederland", abbr="NL")
    _text(summary, "anlyUnit", "Opgetelde antwoorden; geen regel is een mens")
    _text(summary, "universe", UNIVERSE)
    _text(summary, "dataKind", "aggregate data")
    access = SubElement(SubElement(study, "dataAccs"), "useStmt")
    _text(access, "restrctn", NO_TRACING)
    _text(access, "citReq", "Noem de uitgave, en dat cellen zijn afgerond.")
    _text(access, "conditions", f"{identity.license}, zie {identity.terms.file}")


def _file(root: Element, table: DataTable) -> None:
    spec = table.spec
    path = f"csv/{spec.id}.csv"
    text = SubElement(SubElement(root, "fileDscr", {"ID": f"F_{spec.id}", "URI": path}), "fileTxt")
    _text(text, "fileName", path)
    _text(text, "fileCont", spec.about)
    size = SubElement(text, "dimensns")
    _text(size, "caseQnty", str(sum(len(part.rows) for part in table.parts)))
    _text(size, "varQnty", str(len(spec.columns)))
    _text(text, "fileType", "text/csv", charset="UTF-8")


def _variable(data: Element, spec: TableSpec, column: ColumnSpec) -> None:
    measured = "discrete"
    if column.kind is ColumnKind.WHOLE:
        measured = "contin"
    variable = SubElement(
        data,
        "var",
        {
            "ID": f"V_{spec.id}_{column.id}",
            "name": column.id,
            "files": f"F_{spec.id}",
            "intrvl": measured,
        },
    )
    if column.ordered:
        variable.set("nature", "ordinal")
    _text(variable, "labl", column.name)
    _text(variable, "security", column.protection)
    if column.question:
        _text(SubElement(variable, "qstn"), "qstnLit", column.question)
    _text(variable, "txt", column.meaning)
    for code, label in column.values.items():
        category = SubElement(variable, "catgry", {"missing": "Y"} if code == SAID_NOTHING else {})
        _text(category, "catValu", code)
        _text(category, "labl", label)
    kind = "character"
    if column.kind in NUMERIC:
        kind = "numeric"
    SubElement(variable, "varFormat", {"type": kind})


def _text(parent: Element, tag: str, text: str, **attributes: str) -> Element:
    element = SubElement(parent, tag, attributes)
    element.text = text
    return element
