"""Whatever goes wrong: a Dutch sentence, the right status and a way on."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.web.errors import WORDS
from tests.support.databases.taking_away import take_away
from tests.support.refusals import CHOICE, REFUSALS
from tests.support.world import World, browser_of


@pytest.mark.parametrize("status", REFUSALS)
def test_a_refusal_becomes_a_page_with_its_sentence_and_a_way_on(
    anyone: FlaskClient, status: int
) -> None:
    page = anyone.get(f"/fout/{status}")
    assert page.status_code == status
    assert REFUSALS[status].sentence in page.text
    assert page.text.count("<h1") == 1
    assert 'href="/"' in page.text


@pytest.mark.parametrize("status", REFUSALS)
def test_htmx_gets_only_the_fragment(anyone: FlaskClient, status: int) -> None:
    page = anyone.get(f"/fout/{status}", headers={"HX-Request": "true"})
    assert page.status_code == status
    assert "<html" not in page.text
    assert REFUSALS[status].sentence in page.text


@pytest.mark.parametrize("status", [429, 503])
def test_no_form_is_taken_away_by_what_passes(anyone: FlaskClient, status: int) -> None:
    page = anyone.get(f"/fout/{status}", headers={"HX-Request": "true"})
    assert page.headers["HX-Reswap"] == "none"
    assert "HX-Reswap" not in anyone.get("/fout/409", headers={"HX-Request": "true"}).headers


def test_an_unknown_address_is_404(anyone: FlaskClient) -> None:
    page = anyone.get("/bestaat/niet\x00🙂")
    assert page.status_code == 404
    assert WORDS[404].title in page.text


def test_a_wrong_method_is_405_and_says_which_are_allowed(anyone: FlaskClient) -> None:
    page = anyone.delete("/privacy")
    assert page.status_code == 405
    assert "GET" in page.headers["Allow"]
    assert WORDS[405].title in page.text


def test_a_fault_of_ours_is_500_with_a_number_and_without_its_words(
    anyone: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    page = anyone.get("/stuk")
    logged = capsys.readouterr()
    assert page.status_code == 500
    assert CHOICE not in page.text + logged.err + logged.out
    number = page.text.split("<code>")[1].split("</code>")[0]
    assert number in logged.err


def test_a_body_of_a_megabyte_is_413(anyone: FlaskClient) -> None:
    page = anyone.post("/post", data={"optie": "x" * 1_000_000})
    assert page.status_code == 413
    assert WORDS[413].sentence in page.text


def test_errors_are_never_kept_and_pack_no_word_of_their_own(anyone: FlaskClient) -> None:
    page = anyone.get("/fout/422", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Cache-Control"] == "no-store, no-transform"
    # a stored block has the bytes as they are
    assert WORDS[422].title.encode() in page.data


def test_the_way_back_leads_only_to_our_own_pages(anyone: FlaskClient) -> None:
    ours = anyone.get("/fout/409", headers={"Referer": "http://localhost/archief?zoek=x"})
    theirs = anyone.get("/fout/409", headers={"Referer": "http://elders.example/archief"})
    assert 'href="/archief"' in ours.text
    assert "archief" not in theirs.text


BAD_REFERERS = [
    "http://[::1",
    "http://[",
    "http://]",
    "http://[v1.x]/",
    "http://[::1]extra/archief",
    "http://localhost//elders.example/x",
    "http://localhost/\\\\elders.example",
    "http://localhost/\\/elders.example",
    "http://localhost:99999/archief",
    "http://localhost:poort/archief",
    "http://xn--\x80/archief",
    "http://\u2100.example/",
    "//elders.example/archief",
    "///elders.example",
    "javascript:alert(1)",
    "http://localhost/<script>",
    'http://localhost/"onclick=',
    "\x00",
    "http://",
    ":",
    "x" * 8000,
    "http://localhost/" + "%" * 100,
]


@pytest.mark.parametrize("status", [404, 403, 409])
@pytest.mark.parametrize("referer", BAD_REFERERS)
def test_the_page_of_a_refusal_never_fails_on_where_one_came_from(
    faulty: Flask, anyone: FlaskClient, referer: str, status: int
) -> None:
    faulty.testing = False
    page = anyone.get(f"/fout/{status}", environ_overrides={"HTTP_REFERER": referer})
    assert page.status_code == status
    assert REFUSALS[status].sentence in page.text
    assert "elders" not in page.text
    assert "script>" not in page.text.split("<main")[-1]


def test_when_even_the_error_page_fails_there_is_a_sentence_a_number_and_every_header(
    faulty: Flask,
    anyone: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail() -> None:
        raise ValueError(CHOICE)

    faulty.testing = False
    monkeypatch.setattr("kopkrakers.web.errors.way_back", fail)
    page = anyone.get("/stuk")
    logged = capsys.readouterr()
    assert page.status_code == 500
    assert WORDS[500].title in page.text
    number = page.text.split("<code>")[1].split("</code>")[0]
    assert number in logged.err
    assert '"fault": "ValueError"' in logged.err
    assert CHOICE not in page.text + logged.err + logged.out
    assert page.headers["Cache-Control"] == "no-store, no-transform"
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"):
        assert name in page.headers


def test_a_fault_around_flask_meets_the_last_resort_too(settings: Settings) -> None:
    behind = create_app(settings.model_copy(update={"trusted_hops": 1}))
    page = behind.test_client().get(
        "/gezond", environ_overrides={"HTTP_X_FORWARDED_HOST": None, "REMOTE_ADDR": None}
    )
    assert "Content-Security-Policy" in page.headers


def test_a_database_that_is_gone_is_503_for_whoever_asks(
    app: Flask, world: World, settings: Settings
) -> None:
    app.testing = False
    anna = browser_of(app, world.anna)
    app.extensions["kopkrakers"].database.dispose()
    take_away(settings.database_url)
    page = anna.get("/account")
    assert page.status_code == 503
    assert WORDS[503].sentence in page.text
    assert page.headers["Retry-After"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/m/", "/m"),
        ("/M", "/m"),
        ("/M/", "/m"),
        ("/m/?code=abc%20123", "/m?code=abc%20123"),
        ("/Inloggen", "/inloggen"),
        ("/privacy/", "/privacy"),
    ],
)
def test_an_address_with_a_slash_too_many_or_capitals_leads_on(
    anyone: FlaskClient, typed: str, meant: str
) -> None:
    answer = anyone.get(typed)
    assert (answer.status_code, answer.headers.get("Location")) == (303, meant)


@pytest.mark.parametrize("typed", ["/nergens/", "/m/abc/def/", "/%2F%2Felders.nl/"])
def test_an_address_that_leads_nowhere_stays_404(anyone: FlaskClient, typed: str) -> None:
    assert anyone.get(typed).status_code == 404


def test_a_form_sent_to_an_address_in_capitals_is_not_sent_on(anyone: FlaskClient) -> None:
    assert anyone.post("/INLOGGEN", data={"adres": "x"}).status_code == 404
