"""A page that is kept whole is drawn without its reader, and its length tells nothing of them."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader
from jinja2.exceptions import UndefinedError

from kopkrakers.accounts.models import Role
from kopkrakers.web.assets.compress import PackedPiece
from kopkrakers.web.assets.whole import PagePlace, PageReader, WholePage
from tests.support.pages import Site
from tests.support.world import World, add_person

GZIP = {"Accept-Encoding": "gzip"}
OF_ONE = re.compile(r'(data-zegels?=|name="csrf_token" value=)"[^"]+"')
"""What stands at the places of a page."""
SHEET = PackedPiece(b".kk-card{display:block}.kk-quiet{color:grey}" * 20)
TEXT = st.text(max_size=300).map(str.encode)


def page_of(*texts: bytes, sheet: PackedPiece = SHEET) -> WholePage:
    return WholePage(texts, [PagePlace("seal", "")] * (len(texts) - 1), sheet)


@given(texts=st.lists(TEXT, min_size=1, max_size=5), data=st.data(), styled=st.booleans())
def test_a_filled_page_unpacks_to_itself(
    texts: list[bytes], data: st.DataObject, styled: bool
) -> None:
    if styled:
        texts[0] += SHEET.plain + b"</style>"
    page = page_of(*texts)
    for _ in range(2):
        values = [data.draw(st.binary(max_size=200)) for _ in texts[1:]]
        assert gzip.decompress(page.packed(values)) == page.filled(values)


def test_long_pages_with_long_places_unpack() -> None:
    """Further back than deflate can reach, and with what texts repeat beyond a place."""
    card = b"<p>Wie kiest, ziet na de telling wat collega's kozen.</p>"
    page = page_of(card * 900, card * 3, SHEET.plain + card * 900)
    values = [b"x" * 20_000, card * 300]
    assert gzip.decompress(page.packed(values)) == page.filled(values)


@pytest.mark.parametrize(
    "value", ["f" * 64, "0123456789abcdef" * 4, "<p>Kies wat jij zou doen</p>"]
)
def test_a_value_that_repeats_the_page_makes_it_no_shorter(value: str) -> None:
    page = page_of(SHEET.plain + b"<p>Kies wat jij zou doen</p>" * 9, b"f" * 64 + b"<p>")
    stored = value.encode().ljust(64, b".")
    other = bytes(range(64))
    assert len(page.packed([stored])) == len(page.packed([other]))
    assert stored in page.packed([stored])


def test_two_people_who_are_shown_the_same_differ_at_the_places_alone(
    site: Site, world: World
) -> None:
    with site.state.database.transaction() as session:
        beatrix = add_person(
            session, "Beatrix", world.zaanstad, world.team_noord, Role.KLANTMANAGER
        )
    pages = []
    for visitor in (world.anna, beatrix, world.anna):
        packed = site.browser(visitor).get("/", headers=GZIP)
        html = gzip.decompress(packed.data).decode()
        pages.append((len(packed.data), html))
    (length, first), (other_length, second), (_, again) = pages
    assert length == other_length
    assert OF_ONE.sub("", first) == OF_ONE.sub("", second)
    seals = [re.findall(r'data-zegels?="([^"]+)"', html) for html in (first, second, again)]
    assert not set(seals[0]) & set(seals[1])
    assert seals[0] == seals[2]
    assert "Anna" not in first + second and "Beatrix" not in first + second


def test_a_kept_page_is_as_it_is_drawn_for_one(site: Site, world: World) -> None:
    browser = site.browser(world.anna)
    kept = browser.get("/").text
    with browser.session_transaction() as session:
        session["_flashes"] = [("ok", "Dit is voor jou alleen.")]
    told = browser.get("/").text
    assert "Dit is voor jou alleen." in told
    message = re.compile(r'<div class="utrecht-alert utrecht-alert--ok".*?</div>', re.DOTALL)
    assert OF_ONE.sub("", message.sub("", told)).split() == OF_ONE.sub("", kept).split()
    assert "Dit is voor jou alleen." not in browser.get("/").text


@pytest.mark.parametrize("name", ["session.person", "request.path", "g.began", "config.SECRET_KEY"])
def test_a_kept_page_cannot_be_drawn_from_a_request(app: Flask, name: str) -> None:
    app.jinja_env.loader = DictLoader({"page.html": "<p>{{ " + name + " }}</p>"})
    with app.test_request_context("/"), pytest.raises(UndefinedError):
        app.extensions["kopkrakers_whole_page"]("page.html", PageReader(frozenset()))


def test_a_kept_page_knows_the_roles_of_its_reader_and_nothing_else(app: Flask) -> None:
    source = "{{ visitor.roles|sort|join }}{{ visitor.name }}{{ visitor.id }}"
    app.jinja_env.loader = DictLoader({"page.html": source})
    with app.test_request_context("/"):
        draw: Any = app.extensions["kopkrakers_whole_page"]
        page: WholePage = draw("page.html", PageReader(frozenset({"beheerder"})))
    assert page.filled([]) == b"beheerder"


def test_what_pages_take_in_looks_at_no_request() -> None:
    """Macros know the names of the application alone, so what a page hides from them counts not."""
    for path in Path("templates/macros").glob("*.html"):
        assert not re.search(r"\{[{%][^}]*\b(session|request|g|config)\.", path.read_text()), path
