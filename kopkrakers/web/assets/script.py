"""Scripts of ours without comments and layout, so that a source may be laid out for its readers."""

import re
from functools import lru_cache

_COMMENT = re.compile(r"^[ \t]*(/\*.*?\*/[ \t]*$|//[^\n]*$)", re.DOTALL | re.MULTILINE)
# behind code, where no quote follows: so it stands in no text
_BESIDE = re.compile(r"(?<=[;{,)]) +//[^\n\"'`]*$", re.MULTILINE)
_LAYOUT = re.compile(r"^\s+|[ \t]+$", re.MULTILINE)
# no statement ends where one of these ends a line; a line with // may end in a remark
_NEEDLESS_END = re.compile(r"^((?:(?!//).)*[;{,(])\n", re.MULTILINE)


@lru_cache(maxsize=32)
def without_layout(script: str) -> str:
    """Return the same script without comments, indentation and empty lines.

    Line ends stay but behind `;`, `{`, `,` and `(`, so nothing has to be understood of the language
    but its texts. Remembered, as stylesheets are.
    Raises: ValueError for a text over several lines, which would lose its layout.
    """
    for number, line in enumerate(script.splitlines(), start=1):
        # an odd number of backquotes: a template literal begins or ends here
        if line.count("`") % 2:
            raise ValueError(f"line {number}: a text over several lines")
    lines = _LAYOUT.sub("", _BESIDE.sub("", _COMMENT.sub("", script)))
    return _NEEDLESS_END.sub(r"\1", lines)
