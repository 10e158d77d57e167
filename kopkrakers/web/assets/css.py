"""Stylesheets without comments and layout, so that a source may be laid out for its readers."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import tinycss2
from tinycss2.ast import Node

_TIGHT = frozenset({";", ",", ">", "{} block"})
"""Kinds of token beside which white space means nothing, in selectors, queries and values alike."""


@lru_cache(maxsize=32)
def compact(css: str) -> str:
    """Return the same stylesheet without comments and needless white space.

    Strings and addresses stay as they are. White space that can mean something, such as that of
    `a b`, `a :hover` and `calc(1px + 2px)`, becomes one space. Remembered: tests and workers that
    start again read the same files.
    """
    nodes = tinycss2.parse_component_value_list(css, skip_comments=True)
    return str(tinycss2.serialize(list(_compacted(nodes))))


def _compacted(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield the nodes that mean something. Those in brackets are compacted where they stand."""
    space: Node | None = None
    last = ";"  # the beginning of a list is as tight as a semicolon
    for node in nodes:
        if node.type == "whitespace":
            space = node
            continue
        kind = str(node.type)
        if kind == "literal":
            kind = str(node.value)
        # after a colon white space means nothing; before one it does: `a :hover` is not `a:hover`
        if space is not None and kind not in _TIGHT and last not in _TIGHT and last != ":":
            space.value = " "
            yield space
        yield _with_compact_content(node)
        space, last = None, kind


def _with_compact_content(node: Node) -> Node:
    """Compact what stands between a node's brackets; a node without brackets is given back."""
    if node.type == "function":
        node.arguments = list(_compacted(node.arguments))
    elif node.type in ("{} block", "() block", "[] block"):
        node.content = list(_compacted(node.content))
    return node
