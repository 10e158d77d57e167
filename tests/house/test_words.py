"""The glossary is read, and its words are looked for in names, comments and docstrings."""

from pathlib import Path

from tests.house.words import Word, excluded_in, excluded_words, plain


def test_the_glossary_is_read() -> None:
    assert Word(" mac mark ", "MAC", names_only=False) in excluded_words()
    assert Word(" land ", "national", names_only=True) in excluded_words()


def test_names_are_read_word_by_word() -> None:
    assert plain("WriterRow") == plain("writer_row") == " writer row "
    assert plain("Who signs in") == plain("who_signs_in") == " who in "
    assert plain("count_signs") == " count signs "


def test_a_word_that_is_kept_out_is_found_in_names_comments_and_docstrings(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('"""Of a moderator."""\n\nLAND = 1  # each moderator of the land\n')
    faults = [fault.removeprefix(f"{module}:") for fault in excluded_in(str(module))]
    assert faults == [
        "3: 'land', use 'national'",
        "3: 'moderator', use 'begeleider'",
        "1: 'moderator', use 'begeleider'",
    ]
