"""The pages that explain: numbers from the code, and an honest word on who runs the server."""

import re

import pytest
from flask.testing import FlaskClient

from kopkrakers.app import create_app
from kopkrakers.base.clock import IDLE_DAYS
from kopkrakers.base.config import Operator, Settings
from kopkrakers.privacy import rules

CONSTANTS = {
    name: value for name, value in vars(rules).items() if name.isupper() and isinstance(value, int)
}


@pytest.mark.parametrize("name", sorted(CONSTANTS))
def test_every_number_of_the_promise_comes_from_the_code(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(rules, name, 7913)
    assert "7.913" in client.get("/zo-tellen-we").text


def test_privacy_has_no_number_of_its_own_where_the_code_has_one(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in CONSTANTS:
        monkeypatch.setattr(rules, name, 7913)
    article = client.get("/privacy").text.split("<article")[1].split("</article>")[0]
    numbers = set(re.findall(r"\d+", re.sub(r"<[^>]+>", " ", article)))
    assert numbers == {"7913", "7912", "14", str(IDLE_DAYS)}, (
        "14: days that a browser keeps a choice, by its script"
    )


@pytest.mark.parametrize(
    ("operator", "sentence"),
    [
        (Operator.OWN, "Je eigen gemeente beheert deze server."),
        (Operator.OTHER, "Een andere partij dan je"),
    ],
)
def test_privacy_says_who_runs_the_server(
    settings: Settings, operator: Operator, sentence: str
) -> None:
    page = (
        create_app(settings.model_copy(update={"operator": operator}))
        .test_client()
        .get("/privacy")
        .text
    )
    assert sentence in page
    assert page.count("beheert deze server.") == 1


def test_privacy_gives_an_address_outside_or_says_that_there_is_none(
    settings: Settings, client: FlaskClient
) -> None:
    assert "buiten je eigen organisatie is hier niet opgegeven" in words_of(client)
    with_contact = settings.model_copy(update={"privacy_contact": "mailto:fg@regio.example"})
    page = words_of(create_app(with_contact).test_client())
    assert "fg@regio.example" in page and "mailto:" not in page


def words_of(client: FlaskClient) -> str:
    page = re.sub(r"<[^>]+>", " ", client.get("/privacy").text)
    return " ".join(page.split())


def test_accessibility_gives_someone_to_tell(settings: Settings, client: FlaskClient) -> None:
    assert "beheerder van je gemeente" in client.get("/toegankelijkheid").text
    app = create_app(settings.model_copy(update={"redactie_email": "redactie@kopkrakers.example"}))
    assert "mailto:redactie@kopkrakers.example" in app.test_client().get("/toegankelijkheid").text


def test_uitleg_counts_with_the_numbers_from_the_code(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in CONSTANTS:
        monkeypatch.setattr(rules, name, 7913)
    article = client.get("/uitleg").text.split("<article")[1].split("</article>")[0]
    without_moments = re.sub(r"<[^>]+>|\d+\.\d\d uur", " ", article)
    assert re.findall(r"\d+", without_moments) == ["7913"] * 4


@pytest.mark.parametrize("url", ["/inloggen", "/privacy"])
def test_uitleg_is_one_tap_from_where_a_newcomer_is(client: FlaskClient, url: str) -> None:
    assert 'href="/uitleg"' in client.get(url).text.split("<main")[1]
