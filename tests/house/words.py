"""The words that docs/glossary.md keeps out, looked for in names, comments and docstrings."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.house.source import ROOT, nodes_of, text_of

GLOSSARY = ROOT / "docs" / "glossary.md"
NAMES_ONLY = "*"
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# a verb of two words is not the noun that the glossary keeps out
_VERBS = re.compile(r"\bsigns (?=in\b|out\b|people in\b)", re.IGNORECASE)
_NO_WORD = re.compile(r"[^a-zA-Z0-9'’-]+")
_NO_PIECE = re.compile(r"[^a-zA-Z0-9]+")


@dataclass(frozen=True)
class Word:
    """A word or phrase that must not stand for something, and the word that does."""

    spoken: str
    instead: str
    names_only: bool


@cache
def plain(text: str) -> str:
    """Return a name or a text as lower-case words, each between two spaces."""
    separate = _CAMEL.sub(" ", text).replace("_", " ")
    words = _NO_WORD.split(_VERBS.sub("", separate))
    return f" {' '.join(word.lower() for word in words if word)} "


@cache
def excluded_words() -> tuple[Word, ...]:
    """Return the last column of the glossary's table."""
    return tuple(_words_of(GLOSSARY.read_text()))


def _words_of(glossary: str) -> Iterator[Word]:
    for line in glossary.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|") or len(cells) != 3 or cells[2] in ("", "not", "---"):
            continue
        for excluded in cells[2].split(","):
            spoken = excluded.strip()
            names_only = spoken.endswith(NAMES_ONLY)
            yield Word(plain(spoken.rstrip(NAMES_ONLY)), cells[0], names_only)


def excluded_in(name: str) -> Iterator[str]:
    """Yield where a Python file uses a word that the glossary keeps out."""
    # to read a file sign by sign takes long, and most hold none of these words anywhere
    possible = possible_words(text_of(name))
    if not possible:
        return
    for line, text, is_name in _spoken(name):
        words = plain(text)
        for word in possible:
            if word.spoken in words and (is_name or not word.names_only):
                yield f"{name}:{line}: {word.spoken.strip()!r}, use {word.instead!r}"


def possible_words(text: str) -> list[Word]:
    """Return the words of the glossary that stand somewhere in a text, in code or in what is said.

    Nothing is taken for a verb here, so that a word which a name or comment holds is never missed.
    """
    there = _spaced(text)
    return [word for word in excluded_words() if _spaced(word.spoken) in there]


def _spaced(text: str) -> str:
    """Return the letters and digits of a text in lower case, with a space for all between them."""
    pieces = _NO_PIECE.split(_CAMEL.sub(" ", text))
    return f" {' '.join(filter(None, pieces)).lower()} "


def _spoken(name: str) -> Iterator[tuple[int, str, bool]]:
    """Yield line, text and whether it is a name, of every name, comment and docstring."""
    for token in tokenize.generate_tokens(io.StringIO(text_of(name)).readline):
        if token.type in (tokenize.NAME, tokenize.COMMENT):
            yield token.start[0], token.string, token.type == tokenize.NAME
    for node in nodes_of(name, ast.AST):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            docstring = ast.get_docstring(node)
            if docstring:
                yield node.body[0].lineno, docstring, False
