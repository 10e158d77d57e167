"""The colours of a gemeente: a file of NL Design System tokens, parsed and written anew.

Nothing of the file is copied into what we serve: it is parsed as CSS Syntax 3 has it, each token
is held against what is allowed, and only then written, under one selector of our own.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import tinycss2
from tinycss2.ast import Declaration, Node

from kopkrakers.base.errors import ConfigurationError

MAX_BYTES = 256 * 1024
"""A complete theme of the NL Design System is a third of it."""
MAX_DEPTH = 12
"""Brackets within brackets in a value."""
_PLAIN = frozenset({"ident", "number", "percentage", "dimension", "hash", "whitespace"})
_OPERATORS = frozenset({",", "/", "+", "-", "*", "."})
_FUNCTIONS = frozenset(
    {
        *("var", "env", "calc", "min", "max", "clamp", "round", "cubic-bezier", "steps"),
        *("rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch"),
        *("color", "color-mix", "light-dark"),
        *("linear-gradient", "radial-gradient", "conic-gradient"),
        *("translate", "scale", "rotate", "blur", "drop-shadow"),
    }
)
"""Functions that calculate. Those that fetch (`url`, `image-set`, `src`) are not allowed."""


# D-14
def read_theme(path: Path) -> str:
    """Return a stylesheet with the tokens of a theme file, whatever class they stood under.

    Only custom properties, bare or in `@media (prefers-color-scheme: dark)`; nothing that fetches.
    Raises: ConfigurationError with what to change.
    """
    light: list[str] = []
    dark: list[str] = []
    for rule in tinycss2.parse_stylesheet(_text(path), skip_comments=True, skip_whitespace=True):
        if _is_dark_query(rule):
            for inner in _parts(rule.content):
                dark += _tokens(inner)
        else:
            light += _tokens(rule)
    # one selector of our own, whatever class the file had: nothing else comes along (D-14)
    css = f"html[data-theme]{{{';'.join(light)}}}\n"
    if dark:
        css += f"@media (prefers-color-scheme: dark){{html[data-theme]{{{';'.join(dark)}}}}}\n"
    return css


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
        text = content.decode("utf-8")
    except (OSError, UnicodeDecodeError):
        raise _wrong(f"{path} is niet als tekst te lezen.") from None
    if len(content) > MAX_BYTES:
        raise _wrong(f"{path} is groter dan {MAX_BYTES // 1024} kilobyte.")
    if not _is_closed(text):
        raise _wrong(f"{path} houdt op midden in een regel, tekst of opmerking.")
    return text


def _is_closed(text: str) -> bool:
    """Whether every bracket, string and comment ends.

    At the end of a file CSS closes what is open without a word. One more bracket tells: it is an
    error in a file that is closed, and taken up silently by one that is not.
    """
    *_, last = tinycss2.parse_component_value_list(text + "\n}")
    return bool(last.type == "error" and last.kind == "}")


def _is_dark_query(rule: Node) -> bool:
    if rule.type != "at-rule" or rule.lower_at_keyword != "media" or rule.content is None:
        return False
    query = _without_blanks(rule.prelude)
    if len(query) != 1 or query[0].type != "() block":
        return False
    words = [node.serialize().lower() for node in _without_blanks(query[0].content)]
    return words == ["prefers-color-scheme", ":", "dark"]


def _without_blanks(nodes: Iterable[Node]) -> list[Node]:
    return [node for node in nodes if node.type not in ("whitespace", "comment")]


def _parts(content: Iterable[Node]) -> list[Node]:
    parts: list[Node] = tinycss2.parse_blocks_contents(
        content, skip_comments=True, skip_whitespace=True
    )
    return parts


def _tokens(rule: Node) -> Iterator[str]:
    """Yield each token of a rule as `--name:value`.

    Raises: ConfigurationError when it is no rule, or holds something else.
    """
    if rule.type != "qualified-rule":
        raise _not_allowed(rule, "regels met tokens")
    for part in _parts(rule.content):
        if part.type != "declaration" or not part.name.startswith("--"):
            raise _not_allowed(part, "tokens (--naam: waarde)")
        yield _token(part)


def _token(declaration: Declaration) -> str:
    for node in declaration.value:
        _check(node, declaration, depth=1)
    told = [node for node in declaration.value if node.type != "comment"]
    value = tinycss2.serialize(told).strip()
    if declaration.important:
        important = " !important"
    else:
        important = ""
    # a name may be written with escapes: what is served has plain letters
    return f"{tinycss2.serializer.serialize_identifier(declaration.name)}:{value}{important}"


def _check(node: Node, declaration: Declaration, *, depth: int) -> None:
    """Refuse what is not a word, number, colour or calculation.

    Raises: ConfigurationError naming the token in which it stands.
    """
    inside: Iterable[Node] = ()
    if node.type == "function" and node.lower_name in _FUNCTIONS:
        inside = node.arguments
    elif node.type == "() block":
        inside = node.content
    elif not _is_plain(node):
        raise _not_allowed(declaration, "kleuren, maten, woorden en berekeningen, zonder url,")
    # before going in, for this function calls itself
    if depth > MAX_DEPTH:
        raise _not_allowed(declaration, f"waarden met hooguit {MAX_DEPTH} haakjes in elkaar")
    for inner in inside:
        _check(inner, declaration, depth=depth + 1)


def _is_plain(node: Node) -> bool:
    if node.type == "literal":
        return node.value in _OPERATORS
    if node.type == "string":
        # such as names of fonts: brackets of HTML and escapes have no use in them
        return node.value.isprintable() and not set(node.value) & set("<>\\")
    return node.type in _PLAIN or node.type == "comment"


def _not_allowed(node: Node, allowed: str) -> ConfigurationError:
    name = getattr(node, "name", None) or getattr(node, "at_keyword", None) or node.type
    return _wrong(f"regel {node.source_line}: hier mogen alleen {allowed} in, niet {name[:40]!r}.")


def _wrong(what: str) -> ConfigurationError:
    return ConfigurationError(f"KOPKRAKERS_THEME klopt niet: {what}")
