"""A gemeente's colours: tokens and nothing but tokens."""

from pathlib import Path
from time import process_time

import pytest

from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.web.assets.theme import read_theme

TOKENS = """
/* Gemeente Voorbeeld */
.voorbeeld-theme { --utrecht-document-color: #000; --kk-radius: 4px }
@media (prefers-color-scheme: dark) { .voorbeeld-theme { --utrecht-document-color: #fff; } }
"""


@pytest.fixture
def theme(tmp_path: Path) -> Path:
    return tmp_path / "thema.css"


def test_tokens_hold_whatever_class_they_stood_under(theme: Path) -> None:
    theme.write_text(TOKENS)
    assert read_theme(theme) == (
        "html[data-theme]{--utrecht-document-color:#000;--kk-radius:4px}\n"
        "@media (prefers-color-scheme: dark){html[data-theme]{--utrecht-document-color:#fff}}\n"
    )


@pytest.mark.parametrize(
    "css",
    [
        "body { display: none }",
        ":root { --a: url(https://elders.example/x.png) }",
        "@import 'https://elders.example/x.css';",
        ":root { --a: 1 } body { color: red }",
        ":root { --a: 1; color: red }",
        "@font-face { src: url(x) }",
        ":root { --a: 1 } </style><script>",
        "@media print { :root { --a: 1 } }",
        ":root { --a: 1 ",
    ],
)
def test_anything_else_stops_the_start_with_a_sentence(theme: Path, css: str) -> None:
    theme.write_text(css)
    with pytest.raises(ConfigurationError, match="KOPKRAKERS_THEME klopt niet"):
        read_theme(theme)


@pytest.mark.parametrize(
    "css",
    [
        ":root { --a: URL('x') }",
        ":root { --a: \\75rl(x) }",
        ":root { --a: u\\72 l(x) }",
        ":root { --a: image-set('x' 1x) }",
        ":root { --a: -webkit-image-set('x' 1x) }",
        ":root { --a: src('x') }",
        ":root { --a: expression(alert(1)) }",
        ":root { --a: calc(1px + (url(x))) }",
        ":root { --a: var(--b, url(x)) }",
        ":root { --a: url(/* */x) }",
        ":root { --a: 1/**/; colo/**/r: red }",
        ":root { c\\6flor: red }",
        ":root { --a: {} }",
        ":root { --a: [x] }",
        ":root { --a: @import }",
        ":root { --a: 1 } @\\69mport 'x';",
        "@charset 'utf-8'; :root { --a: 1 }",
        "@import url(x); :root { --a: 1 }",
        "@namespace x; :root { --a: 1 }",
        "@layer { :root { --a: 1 } }",
        "@media (prefers-color-scheme: dark) { @import 'x'; }",
        "@media (prefers-color-scheme: dark) { @media print { :root { --a: 1 } } }",
        "@media (prefers-color-scheme: dark) { --a: 1 }",
        "@media (prefers-color-scheme: dark), print { :root { --a: 1 } }",
        "@media (prefers-color-scheme: dark);",
        ":root { &:hover { --a: 1 } }",
        ":root { --a: 1 }}",
        ":root { --a: (1 }",
        ":root { --a: 'x }",
        ":root { --a: 'x\n' }",
        ":root { --a: 1 } /* no end",
        ":root { --a: 1 } <!-- body { color: red } -->",
        ":root { --a: '</style>' }",
        ":root { --a: '\\3c/style>' }",
        ":root { --a: " + "(" * 5_000 + ")" * 5_000 + " }",
        ":root { --a: " + "(" * 100_000 + " }",
        "} body { color: red } :root {",
    ],
)
def test_attacks_stop_the_start_with_a_sentence(theme: Path, css: str) -> None:
    theme.write_text(css)
    with pytest.raises(ConfigurationError, match=r"KOPKRAKERS_THEME klopt niet: .+\."):
        read_theme(theme)


@pytest.mark.parametrize(
    ("token", "kept"),
    [
        ("--a: 1px/* note */ 2px", "--a:1px 2px"),
        ("--a: calc((100% - 2 * var(--b, 1rem)) / 3)", None),
        ("--a: rgb(0 0 0 / .5)", None),
        ("--a: color-mix(in oklab, #0E5A66 20%, white)", None),
        ('--a: "Fira Sans", system-ui, sans-serif', None),
        ("--a: 0 1px 2px rgba(60, 48, 24, .05), 0 6px 22px #000", None),
        ("--a: -1.5em", None),
        ("--A-b: x", "--A-b:x"),
        ("--\\61: x", "--a:x"),
        ("--a: 1 !important", "--a:1 !important"),
        ("--a: ", "--a:"),
        (";;--a:1;;", "--a:1"),
    ],
)
def test_values_come_out_as_they_were(theme: Path, token: str, kept: str | None) -> None:
    theme.write_text(f".x {{ {token} }}")
    expected = token.replace(": ", ":", 1) if kept is None else kept
    assert read_theme(theme) == f"html[data-theme]{{{expected}}}\n"


def test_a_theme_of_a_megabyte_stops_the_start(theme: Path) -> None:
    theme.write_text(":root { --a: 1 }\n" * 65_000)
    with pytest.raises(ConfigurationError, match="groter dan 256 kilobyte"):
        read_theme(theme)


@pytest.mark.parametrize("content", [b":root { --a: \xff }", b"\xff\xfe:\x00r\x00", b"\xc0\x80"])
def test_broken_utf_8_stops_the_start(theme: Path, content: bytes) -> None:
    theme.write_bytes(content)
    with pytest.raises(ConfigurationError, match="niet als tekst te lezen"):
        read_theme(theme)


def test_the_sentence_names_the_line(theme: Path) -> None:
    theme.write_text(":root {\n  --a: 1;\n  --b: url(x);\n}\n")
    with pytest.raises(ConfigurationError, match=r"regel 3: .* niet '--b'"):
        read_theme(theme)


def test_a_theme_that_is_not_there_stops_the_start(theme: Path) -> None:
    with pytest.raises(ConfigurationError, match="niet als tekst te lezen"):
        read_theme(theme)


def test_a_theme_is_linked_after_our_own_css(settings: Settings, theme: Path) -> None:
    theme.write_text(TOKENS)
    client = create_app(settings.model_copy(update={"theme": theme})).test_client()
    page = client.get("/privacy").text
    address = page.split('<link rel="stylesheet" href="')[1].split('"')[0]
    assert page.index("</style>") < page.index(address)
    assert '<html lang="nl" data-theme' in page
    assert client.get(address).text.startswith("html[data-theme]")


@pytest.mark.parametrize(
    "css",
    ["a" * 60_000 + "{", "/*" * 60_000, "a{}" * 30_000 + "{", " " * 60_000 + "{", "@media" * 9_000],
    ids=["a rule without an end", "comments", "rules", "spaces", "questions"],
)
def test_a_theme_file_takes_time_by_its_length_only(theme: Path, css: str) -> None:
    theme.write_text(css)
    began = process_time()
    with pytest.raises(ConfigurationError):
        read_theme(theme)
    # a third of a second by itself; what grows with the square of the length takes minutes. The
    # collector of a process that ran thousands of tests takes its time too.
    assert process_time() - began < 5
