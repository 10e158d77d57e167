"""The benchmark measures pages, and no refusals: those are answered sooner than a page is."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask, redirect
from werkzeug.serving import make_server

from tests.benchmarks.__main__ import form_of, refusals
from tests.benchmarks.load import Load, try_once
from tests.benchmarks.reference import create_reference, ticket_of


@dataclass(frozen=True)
class Bare:
    """The reference, served at an address."""

    app: Flask
    url: str


@pytest.fixture
def bare() -> Iterator[Bare]:
    """Serve the reference by a thread of ours."""
    app = create_reference(b"s" * 40, "kopkrakers", styles=100, lines=3)
    app.add_url_rule("/away", view_func=lambda: redirect("/hello"))
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Bare(app, f"http://127.0.0.1:{server.port}")
    server.shutdown()
    thread.join()


def test_the_post_without_a_database_takes_the_ticket_that_is_sent(bare: Bare) -> None:
    try_once(f"{bare.url}/noop-post", form_of(*ticket_of(bare.app)))


def test_a_refused_page_is_not_measured(bare: Bare) -> None:
    cookie, _token = ticket_of(bare.app)
    with pytest.raises(SystemExit, match="answers 400"):
        try_once(f"{bare.url}/noop-post", form_of(cookie, "of-another"))


def test_a_page_that_leads_elsewhere_is_not_measured(bare: Bare) -> None:
    with pytest.raises(SystemExit, match="leads to"):
        try_once(f"{bare.url}/away", "\t")


def test_refusals_stand_in_the_table() -> None:
    fine = Load(100.0, 1.0, 2.0, 0, 0.5, 400)
    loads = {"hello": [fine], "answer": [fine, Load(200.0, 1.0, 2.0, 12, 0.1, 800)]}
    [(what, measured, goal)] = refusals(loads)
    assert what.startswith("answer: REFUSED")
    assert (measured, goal) == ("12 of 1,200", "0")
