"""A script is sent without its comments and layout, and does the same."""

import pytest

from kopkrakers.web.assets.script import without_layout

SOURCE = """/* What it does,
   on two lines. */
(() => {
  "use strict";

  // a remark
  const address = "https://voorbeeld.nl/* geen opmerking */"; // at the end of a line
  const words = `${1} van ${2}`;
  /* another */
  return address + words;
})();
"""


def test_comments_and_layout_go_and_texts_stay() -> None:
    assert without_layout(SOURCE) == (
        '(() => {"use strict";const address = "https://voorbeeld.nl/* geen opmerking */";\n'
        "const words = `${1} van ${2}`;return address + words;})();"
    )


def test_a_text_over_several_lines_is_refused() -> None:
    with pytest.raises(ValueError, match="line 1"):
        without_layout("const text = `\n  twee\n`;\n")
