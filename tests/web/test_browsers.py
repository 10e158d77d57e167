"""Scripts use what browsers of five years old know, or do without; the docs say which those are.

Versions from the compatibility data of MDN.
"""

import re
from pathlib import Path

import pytest

from kopkrakers.base.config import asset_folder

ROOT = Path(__file__).parents[2]
OLDEST = "Safari 15.1, Chrome 96"
"""Of the end of 2021."""
NEWER = {
    r"\.at\(-?\d": "15.4, 92",
    r"\bstructuredClone\b": "15.4, 98",
    r"\bObject\.hasOwn\b": "15.4, 93",
    r"\.findLast": "15.4, 97",
    r"\brandomUUID\b": "15.4, 92",
    r"\bshowModal\b": "15.4, 37",
    r"\brequestSubmit\b": "16, 76",
    r"\.(toSorted|toReversed|toSpliced|with)\(": "16, 110",
    r"\(\?<[=!]": "16.4, 62",
    r"\bAbortSignal\.any\b": "17.4, 116",
    r"\bcheckVisibility\b": "17.4, 105",
    r"\bgroupBy\b": "17.4, 117",
    r"\bPromise\.withResolvers\b": "17.4, 119",
    r"\bshowPopover\b": "17, 114",
    r"\bstartViewTransition\b": "18, 111",
    r"\bscrollend\b": "26.2, 114",
}
"""Not used at all: since which Safari and Chrome."""
GUARDED = {
    "AbortSignal.timeout": ("16", "103", r"if \(AbortSignal\.timeout\) return"),
    "submitter": ("15.4", "81", r"event\.submitter \?\?"),
    "requestFullscreen": ("16.4", "71", r"requestFullscreen\?\.\("),
    "navigator.share": ("12.1", "89", r"if \(navigator\.share\)"),
    "navigator.locks": ("15.4", "69", r"navigator\.locks \? "),
    'getEntriesByType("navigation")': ("15", "57", r"opening\?\.type"),
}
"""Used where they are there: since which Safari and Chrome, and how the scripts do without."""
SCRIPTS = {path.name: path.read_text() for path in (asset_folder("static") / "js").glob("*.js")}


@pytest.mark.parametrize("pattern", NEWER)
def test_nothing_too_new_is_used(pattern: str) -> None:
    assert [name for name, text in SCRIPTS.items() if re.search(pattern, text)] == []


@pytest.mark.parametrize("function", GUARDED)
def test_what_an_old_browser_may_lack_is_done_without(function: str) -> None:
    guard = GUARDED[function][2]
    users = [text for text in SCRIPTS.values() if function in text]
    assert users and all(re.search(guard, text) for text in users)


def test_the_docs_name_the_oldest_browsers_and_what_they_may_lack() -> None:
    docs = (ROOT / "docs" / "toegankelijkheid.md").read_text()
    assert OLDEST.replace(",", " en") in docs
    rows = re.findall(r"^\| `([^`]+)` \| ([\d.]+) \| ([\d.]+) \|", docs, re.MULTILINE)
    expected = {(name, safari, chrome) for name, (safari, chrome, _guard) in GUARDED.items()}
    assert set(rows) == expected
