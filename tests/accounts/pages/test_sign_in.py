"""Signing in and out."""

from time import process_time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kopkrakers.accounts.models import Status
from kopkrakers.accounts.personas import PERSONAS
from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from tests.support.clock import StoppedClock
from tests.support.signing_in import PASSWORD, csrf_of, fill_in, set_user, sign_in
from tests.support.world import World, add_gemeente, add_person, browser_of


def test_the_right_password_opens_the_own_account(
    client: FlaskClient, with_passwords: World
) -> None:
    answer = sign_in(client)
    assert answer.status_code == 303 and answer.location == "/"
    assert "anna@voorbeeld.nl" in client.get("/account").text


def test_an_address_counts_in_capitals_and_with_a_tag(
    client: FlaskClient, with_passwords: World
) -> None:
    assert sign_in(client, "Anna+kop@Voorbeeld.NL ").status_code == 303


@pytest.mark.parametrize("address", ["anna@voorbeeld.nl", "niemand@voorbeeld.nl"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    client: FlaskClient, with_passwords: World, address: str
) -> None:
    answer = sign_in(client, address, "niet het goede wachtwoord")
    assert answer.status_code == 422
    assert "Je werkadres of je wachtwoord klopt niet." in answer.text
    assert f'value="{address}"' in answer.text and "niet het goede" not in answer.text


def test_an_unknown_address_takes_as_much_work_as_a_known_one(
    real_hashes: None, client: FlaskClient, with_passwords: World
) -> None:
    # of the processor, which other programs on the machine do not lengthen
    def quickest(address: str) -> float:
        took = []
        for _ in range(3):
            began = process_time()
            sign_in(client, address, "niet het goede wachtwoord")
            took.append(process_time() - began)
        return min(took)

    assert 0.4 < quickest("niemand@voorbeeld.nl") / quickest("anna@voorbeeld.nl") < 2.5


def test_someone_without_a_password_cannot_sign_in_with_any(
    client: FlaskClient, world: World
) -> None:
    assert sign_in(client, password="").status_code == 422
    assert sign_in(client, password="None").status_code == 422


def test_a_blocked_account_is_told_so_only_after_the_right_password(
    client: FlaskClient, database: Database, with_passwords: World
) -> None:
    set_user(database, with_passwords.anna.id, status=Status.BLOCKED)
    assert "staat stil" not in sign_in(client, password="niet het goede wachtwoord").text
    refused = sign_in(client)
    assert refused.status_code == 403 and "Je account staat stil." in refused.text


def test_ten_wrong_passwords_make_the_eleventh_wait(
    client: FlaskClient, with_passwords: World, clock: StoppedClock
) -> None:
    for _ in range(10):
        assert sign_in(client, password="verkeerd wachtwoord").status_code == 422
    refused = sign_in(client)
    assert refused.status_code == 429
    assert "Probeer het over een kwartier weer." in refused.text
    assert "Wachtwoord kwijt?" in refused.text and refused.headers["Retry-After"] == "900"
    assert 'value="anna@voorbeeld.nl"' in refused.text and PASSWORD not in refused.text
    clock.move(minutes=15)
    assert sign_in(client).status_code == 303


def test_wrong_passwords_from_elsewhere_do_not_lock_someone_out(
    app: Flask, with_passwords: World
) -> None:
    stranger = app.test_client()
    stranger.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    for _ in range(11):
        sign_in(stranger, password="verkeerd wachtwoord")
    assert sign_in(app.test_client()).status_code == 303


def test_fifty_tries_on_one_address_from_many_places_stop(app: Flask, world: World) -> None:
    answers = []
    for place in range(51):
        stranger = app.test_client()
        stranger.environ_base["REMOTE_ADDR"] = f"203.0.113.{place}"
        answers.append(sign_in(stranger, password="verkeerd wachtwoord").status_code)
    assert answers == [422] * 50 + [429]


def test_a_whole_gemeente_may_come_in_from_one_address(
    app: Flask, with_passwords: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kopkrakers.accounts.pages.sign_in.WRONG_HERE", 4)
    for _ in range(12):
        assert sign_in(app.test_client()).status_code == 303
    wrong = [sign_in(app.test_client(), password="mis").status_code for _ in range(5)]
    assert wrong == [422] * 4 + [429]


@pytest.mark.parametrize(
    ("wished", "lands"),
    [
        ("/archief", "/archief"),
        ("/archief?thema=werk", "/archief?thema=werk"),
        ("//kwaad.example", "/"),
        ("/\\kwaad.example", "/"),
        ("https://kwaad.example", "/"),
        ("/\n/kwaad.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/uitloggen", "/"),
        ("/\x00", "/"),
    ],
)
def test_after_signing_in_only_an_own_page_opens(
    client: FlaskClient, with_passwords: World, wished: str, lands: str
) -> None:
    answer = fill_in(
        client, "/inloggen", adres="anna@voorbeeld.nl", wachtwoord=PASSWORD, volgende=wished
    )
    assert (answer.status_code, answer.location) == (303, lands)


def test_the_page_that_was_asked_for_opens_after_signing_in(
    client: FlaskClient, with_passwords: World
) -> None:
    sent_away = client.get("/account")
    assert sent_away.location == "/inloggen?volgende=/account"
    assert 'name="volgende" value="/account"' in client.get(sent_away.location).text


def test_after_sending_or_fetching_a_part_one_comes_back_to_the_page_it_was_on(
    client: FlaskClient,
) -> None:
    came_from = {"Referer": "http://localhost/archief"}
    part = client.get("/archief/lijst?zoek=bank", headers=came_from | {"HX-Request": "true"})
    assert part.location == "/inloggen?volgende=/archief"
    sent = client.post("/account/overal-uitloggen", headers=came_from)
    assert sent.location == "/inloggen?volgende=/archief&onverstuurd=ja"
    assert "Er is niets verstuurd." in client.get(sent.location).text
    elsewhere = client.post(
        "/account/overal-uitloggen", headers={"Referer": "https://kwaad.example/archief"}
    )
    assert elsewhere.location == "/inloggen?onverstuurd=ja"


def test_who_is_signed_in_does_not_see_the_sign_in_page(app: Flask, world: World) -> None:
    assert browser_of(app, world.anna).get("/inloggen").location == "/"


def test_a_stale_form_asks_again_and_keeps_the_address(
    client: FlaskClient, with_passwords: World
) -> None:
    client.get("/inloggen")
    fields = {"csrf_token": "oud", "adres": "anna@voorbeeld.nl", "wachtwoord": PASSWORD}
    answer = client.post("/inloggen", data=fields)
    assert answer.status_code == 422
    assert "stond te lang open" in answer.text and "anna@voorbeeld.nl" in answer.text
    assert (
        client.post("/inloggen", data=fields | {"csrf_token": csrf_of(answer)}).status_code == 303
    )


def test_signing_out_ends_the_session_on_this_device(app: Flask, world: World) -> None:
    anna = browser_of(app, world.anna)
    assert fill_in(anna, "/account", "/uitloggen").location == "/inloggen"
    assert anna.get("/account").location == "/inloggen?volgende=/account"


def test_personas_do_not_exist_outside_the_demo(client: FlaskClient, world: World) -> None:
    assert "demo" not in client.get("/inloggen").text
    assert fill_in(client, "/inloggen", "/inloggen/demo", persona="anna").status_code == 404


@pytest.fixture
def demo(settings: Settings, database: Database, clock: StoppedClock) -> FlaskClient:
    with database.transaction() as session:
        place = add_gemeente(session, "Zaanstad")
        made = [
            (persona, add_person(session, persona.name, place, None, persona.role))
            for persona in PERSONAS[:2]
        ]
    for persona, visitor in made:
        set_user(database, visitor.id, email=persona.email)
    return create_app(settings.model_copy(update={"demo": True}), clock=clock).test_client()


def test_a_persona_of_the_demo_is_in_with_one_tap(demo: FlaskClient) -> None:
    page = demo.get("/inloggen")
    assert all(persona.name in page.text and persona.line in page.text for persona in PERSONAS)
    answer = fill_in(demo, "/inloggen", "/inloggen/demo", persona="bram", volgende="/archief")
    assert (answer.status_code, answer.location) == (303, "/archief")
    assert "Bram" in demo.get("/account").text


@pytest.mark.parametrize("persona", ["gerda", "nobody", "", "\x00"])
def test_a_persona_that_is_not_there_is_not_found(demo: FlaskClient, persona: str) -> None:
    assert fill_in(demo, "/inloggen", "/inloggen/demo", persona=persona).status_code == 404
