"""The attributes by which templates and scripts agree: written, read and listed are the same."""

import re
from pathlib import Path

from kopkrakers.base.config import asset_folder

ROOT = Path(__file__).parents[2]
LISTED = re.compile(r"^\| (data-[a-z-]+) \| (template|script) \|", re.MULTILINE)
WRITTEN = re.compile(r"(?<![\w-])data[-_][a-z]+(?:[-_][a-z]+)*")
QUOTED = re.compile(r"(?<![\w-])data-[a-z]+(?:-[a-z]+)*")
PROPERTY = re.compile(r"dataset\??\.([a-zA-Z]+)")
UNPACKED = re.compile(r"\{([^{}]+)\} = [^;]*\.dataset;")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
OF_OTHERS = {"data-theme", "data-kraak-allen"}
"""For the stylesheets alone."""


def listed(*writers: str) -> set[str]:
    text = (ROOT / "docs" / "data-attributes.md").read_text()
    return {name for name, writer in LISTED.findall(text) if writer in writers}


def written() -> set[str]:
    names: set[str] = set()
    for template in asset_folder("templates").rglob("*.html"):
        found = WRITTEN.findall(template.read_text())
        names |= {name.replace("_", "-") for name in found}
    return {name for name in names if not name.startswith("data-hx-")} - OF_OTHERS


def read_by_scripts() -> set[str]:
    names: set[str] = set()
    for script in (asset_folder("static") / "js").rglob("*.js"):
        text = COMMENT.sub("", script.read_text())
        unpacked = " ".join(UNPACKED.findall(text))
        properties = [*PROPERTY.findall(text), *re.findall(r"\w+", unpacked)]
        names |= {*QUOTED.findall(text), *map(attribute_of, properties)}
    return names


def attribute_of(prop: str) -> str:
    """The attribute behind a property of `dataset`: `wisKeuze` is `data-wis-keuze`."""
    return "data-" + re.sub(r"[A-Z]", lambda letter: "-" + letter[0].lower(), prop)


def test_templates_write_what_is_listed() -> None:
    assert written() == listed("template")


def test_scripts_read_what_is_listed() -> None:
    assert read_by_scripts() == listed("template", "script")
