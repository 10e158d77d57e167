"""The colours of a gemeente: a file of NL Design System tokens, taken apart and put together again."""

import re
from pathlib import Path

from kopkrakers.base.errors import ConfigurationError

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_DARK = re.compile(
    r"@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)\s*\{((?:[^{}]*\{[^{}]*\})*)\s*\}"
)
_RULE = re.compile(r"\s*[^{}@;]+\{([^{}]*)\}")
_DECLARATION = re.compile(r"(--[a-z0-9-]+)\s*:\s*([^;{}@\\<>]+)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"url\s*\(|image-set\s*\(|expression\s*\(", re.IGNORECASE)


def read_theme(path: Path) -> str:
    """A stylesheet with the tokens of a theme file, whatever class they stood under.

    Only custom properties, bare or in `@media (prefers-color-scheme: dark)`; nothing that fetches.
    Raises: ConfigurationError with what to change.
    """
    try:
        text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(
            f"KOPKRAKERS_THEME is wrong: {path} cannot be read as text."
        ) from None
    dark = "".join(match[1] for match in _DARK.finditer(text))
    light = _tokens(_DARK.sub("", text))
    return f"html[data-theme]{{{light}}}\n" + (
        f"@media (prefers-color-scheme: dark){{html[data-theme]{{{_tokens(dark)}}}}}\n"
        if dark
        else ""
    )


def _tokens(rules: str) -> str:
    left_over = _RULE.sub("", rules).strip()
    if left_over:
        raise _wrong("rules with tokens", left_over)
    bodies = ";".join(match[1] for match in _RULE.finditer(rules))
    return ";".join(_token(part.strip()) for part in bodies.split(";") if part.strip())


def _token(declaration: str) -> str:
    match = _DECLARATION.fullmatch(declaration)
    if match is None or _ELSEWHERE.search(declaration):
        raise _wrong("tokens (--name: value, without url)", declaration)
    return f"{match[1]}:{match[2].strip()}"


def _wrong(allowed: str, found: str) -> ConfigurationError:
    return ConfigurationError(
        f"KOPKRAKERS_THEME is wrong: only {allowed} may stand in it, not {found[:40]!r}."
    )
