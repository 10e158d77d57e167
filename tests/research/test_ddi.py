"""The description for archives, held against what the schema of DDI-Codebook 2.5 says of its parts.

Of the elements below the schema was read: which may stand in them, and in what order. It is long
and builds on three others; no program validated the whole.
"""

from itertools import pairwise
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from kopkrakers.base.db import Database
from kopkrakers.research.metadata.ddi import NAMESPACE
from kopkrakers.research.release.releases import Release
from tests.research.small import bytes_of, files_in

ORDER = {
    "codeBook": "docDscr stdyDscr fileDscr dataDscr otherMat",
    "citation": "titlStmt rspStmt prodStmt distStmt serStmt verStmt biblCit holdings notes",
    "titlStmt": "titl subTitl altTitl parTitl IDNo",
    "stdyInfo": "studyBudget subject abstract sumDscr qualityStatement notes exPostEvaluation",
    "subject": "keyword topcClas",
    "sumDscr": "timePrd collDate nation geogCover geogUnit geoBndBox boundPoly anlyUnit universe "
    "dataKind",
    "var": "location labl imputation security embargo respUnit anlysUnit qstn valrng invalrng "
    "undocCod universe TotlResp sumStat txt stdCatgry catgryGrp catgry codInstr verStmt concept "
    "derivation varFormat geoMap catLevel notes",
    "catgry": "catValu labl txt catStat mrow",
}
"""The elements that may stand in each, in the order in which they must."""
WORDS = {
    ("codeBook", "version"): {"2.5"},
    ("var", "intrvl"): {"contin", "discrete"},
    ("var", "nature"): {"nominal", "ordinal", "interval", "ratio", "percent", "other"},
    ("varFormat", "type"): {"character", "numeric"},
    ("catgry", "missing"): {"Y", "N"},
}
"""The values that an attribute may have."""


@pytest.fixture
def root(released: Release, database: Database) -> Element:
    return ElementTree.fromstring(files_in(bytes_of(database))["ddi.xml"])


def name_of(element: Element) -> str:
    return element.tag.removeprefix(f"{{{NAMESPACE}}}")


def test_parts_stand_in_the_order_of_the_schema(root: Element) -> None:
    seen = set()
    for element in root.iter():
        name = name_of(element)
        if name not in ORDER:
            continue
        seen.add(name)
        order = ORDER[name].split()
        places = [order.index(name_of(child)) for child in element]
        assert all(before <= after for before, after in pairwise(places)), name
    assert seen == set(ORDER)


def test_attributes_have_values_of_the_schema(root: Element) -> None:
    seen = set()
    for element in root.iter():
        for attribute, value in element.attrib.items():
            place = name_of(element), attribute
            if place in WORDS:
                seen.add(place)
                assert value in WORDS[place], place
    assert seen == set(WORDS)


def test_every_variable_names_a_file_that_is_described(root: Element) -> None:
    files = {one.get("ID") for one in root.iter(f"{{{NAMESPACE}}}fileDscr")}
    variables = list(root.iter(f"{{{NAMESPACE}}}var"))
    assert variables and {one.get("files") for one in variables} == files
    assert all(one.get("name") for one in variables)
    ids = [one.get("ID") for one in root.iter() if one.get("ID")]
    assert len(ids) == len(set(ids))


def test_who_said_nothing_is_missing_and_levels_have_an_order(root: Element) -> None:
    [certainty] = root.iterfind(".//*[@ID='V_choice_by_certainty_certainty']")
    assert certainty.get("nature") == "ordinal"
    missing = [
        category[0].text
        for category in certainty.iter(f"{{{NAMESPACE}}}catgry")
        if category.get("missing") == "Y"
    ]
    assert missing == ["niet"]
