"""A gemeente's colours: tokens and nothing but tokens."""

from pathlib import Path

import pytest

from kopkrakers import create_app
from kopkrakers.base.config import Settings
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.web.theme import read_theme

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
    with pytest.raises(ConfigurationError, match="KOPKRAKERS_THEME is wrong"):
        read_theme(theme)


def test_a_theme_that_is_not_there_stops_the_start(theme: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_theme(theme)


def test_a_theme_is_linked_after_our_own_css(settings: Settings, theme: Path) -> None:
    theme.write_text(TOKENS)
    client = create_app(settings.model_copy(update={"theme": theme})).test_client()
    page = client.get("/privacy").text
    address = page.split('<link rel="stylesheet" href="')[1].split('"')[0]
    assert page.index("</style>") < page.index(address)
    assert '<html lang="nl" data-theme' in page
    assert client.get(address).text.startswith("html[data-theme]")
