"""One name for one thing: public classes and services, and the words of the glossary."""

import ast
from collections import defaultdict
from pathlib import Path, PurePath

from tests.house.source import files_of, tree_of
from tests.house.words import Word, excluded_in, excluded_words, plain

# where a function is named for what calls it: a page, a command
NAMED_FOR_THE_CALLER = {"pages", "commands.py", "cli.py"}
# the same job in every package: hang this package's parts on the application
THE_SAME_JOB = {"install"}
# names with two meanings, which are being renamed
NOT_YET = {
    "classes": {
        "Column",
        "Item",
    },
    "services": {"close_round", "put_back", "simulate", "worker_app"},
}


def public_names(kind: type[ast.FunctionDef | ast.ClassDef]) -> dict[str, list[str]]:
    """Return in which files each public name stands at the top level."""
    places = defaultdict(list)
    for file in files_of(".py", "kopkrakers"):
        for node in tree_of(file).body:
            if isinstance(node, kind) and not node.name.startswith("_"):
                places[node.name].append(file)
    return places


def is_service(file: str) -> bool:
    return not NAMED_FOR_THE_CALLER & set(PurePath(file).parts)


def test_no_two_public_classes_share_a_name() -> None:
    places = public_names(ast.ClassDef)
    assert {name for name, files in places.items() if len(files) > 1} == NOT_YET["classes"]


def test_no_two_services_share_a_name() -> None:
    services = {
        name: [file for file in files if is_service(file)]
        for name, files in public_names(ast.FunctionDef).items()
        if name not in THE_SAME_JOB
    }
    assert {name for name, files in services.items() if len(files) > 1} == NOT_YET["services"]


def test_the_glossary_is_read() -> None:
    assert Word(" mac mark ", "MAC", names_only=False) in excluded_words()
    assert Word(" land ", "national", names_only=True) in excluded_words()


def test_names_are_read_word_by_word() -> None:
    assert plain("WriterRow") == plain("writer_row") == " writer row "
    assert plain("Who signs in") == " who in "


def test_a_word_that_is_kept_out_is_found_in_names_comments_and_docstrings(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('"""Of a moderator."""\n\nLAND = 1  # each moderator of the land\n')
    faults = [fault.removeprefix(f"{module}:") for fault in excluded_in(str(module))]
    assert faults == [
        "3: 'land', use 'national'",
        "3: 'moderator', use 'begeleider'",
        "1: 'moderator', use 'begeleider'",
    ]
