"""How densely code is written, in five measures that no rule limits.

`python -m tests.house.measures` measures every package; folders and files behind it measure those,
and `--files` every file of ours, with most comprehensions first.
"""

import ast
import io
import sys
import tokenize
from collections import Counter
from dataclasses import dataclass, fields
from pathlib import Path

from tests.house.source import ROOT

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

# layout: what a reader does not read
NO_WORD = {
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
    tokenize.INDENT,
    tokenize.NEWLINE,
    tokenize.NL,
}


WIDTH = 40
"""Characters for the name of what is measured."""


@dataclass
class Counts:
    """The numbers that the measures are made of, of some files."""

    lines: int = 0
    code_lines: int = 0
    tokens: int = 0
    comments: int = 0
    functions: int = 0
    used_once: int = 0
    comprehensions: int = 0
    conditions: int = 0

    def add(self, other: "Counts") -> None:
        """Add what stands in another file."""
        for field in fields(self):
            total = getattr(self, field.name) + getattr(other, field.name)
            setattr(self, field.name, total)


def counts_of(place: Path) -> Counts:
    """Return what stands in a Python file, or in those of a folder."""
    total = Counts()
    for path in files_in(place):
        total.add(counts_in(path.read_text()))
    return total


def files_in(place: Path) -> list[Path]:
    """Return a Python file, or those of a folder, apart from the steps of migrations."""
    if place.is_file():
        return [place]
    return [path for path in sorted(place.rglob("*.py")) if "versions" not in path.parts]


def counts_in(text: str) -> Counts:
    """Return what stands in the text of a file."""
    counts = Counts(lines=text.count("\n"))
    _count_tokens(text, counts)
    _count_nodes(ast.parse(text), counts)
    return counts


# D-149
def _count_tokens(text: str, counts: Counts) -> None:
    code_lines = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            counts.comments += 1
        elif token.type not in NO_WORD:
            counts.tokens += 1
            # a text over several lines is one token, so it is one line as well
            code_lines.add(token.start[0])
    counts.code_lines = len(code_lines)


# D-121
def _count_nodes(tree: ast.Module, counts: Counts) -> None:
    uses: Counter[str] = Counter()
    private = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            uses[node.id] += 1
        elif isinstance(node, ast.Attribute):
            uses[node.attr] += 1
        elif isinstance(node, COMPREHENSIONS):
            counts.comprehensions += 1
        elif isinstance(node, ast.IfExp):
            counts.conditions += 1
        elif isinstance(node, FUNCTIONS):
            counts.functions += 1
            if node.name.startswith("_") and not node.name.startswith("__"):
                private.append(node.name)
    counts.used_once = sum(1 for name in private if uses[name] == 1)


def told(name: str, counts: Counts) -> str:
    """Return a line of the table."""
    # the file that makes a folder a package is empty
    thousands = max(counts.lines, 1) / 1000
    figures = [
        counts.comments / thousands / 10,
        100 * counts.used_once / max(counts.functions, 1),
        counts.tokens / max(counts.code_lines, 1),
        counts.comprehensions / thousands,
        counts.conditions / thousands,
    ]
    row = "".join(f"{figure:10.2f}" for figure in figures)
    return f"{name:{WIDTH}}{counts.lines:8,}{row}"


def main() -> None:
    """Print the table: of what is named, or of our packages and all of them together."""
    package = ROOT / "kopkrakers"
    rooms = sorted(path for path in package.iterdir() if (path / "__init__.py").exists())
    places = [Path(name) for name in sys.argv[1:]] or [package, *rooms]
    if sys.argv[1:] == ["--files"]:
        places = sorted(files_in(package), key=lambda path: -counts_of(path).comprehensions)
    heads = ("comments", "once %", "tokens", "compr.", "cond.")
    print(f"{'':{WIDTH}}{'lines':>8}" + "".join(f"{head:>10}" for head in heads))
    for place in places:
        print(told(_name_of(place), counts_of(place)))


def _name_of(place: Path) -> str:
    if place.is_relative_to(ROOT / "kopkrakers"):
        return place.relative_to(ROOT).as_posix().removeprefix("kopkrakers/")
    return place.name


if __name__ == "__main__":
    main()
