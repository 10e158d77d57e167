"""A phone in a session: the code, coming in, voting once, and asking what is new."""

import pytest

from kopkrakers.intervisie.pages.phone import WRONG_CODES
from kopkrakers.intervisie.session.store import GUEST
from tests.support.live_pages import Hall, post
from tests.support.pages import send, statements, words
from tests.support.world import browser_of

FORM = 'name="optie" value='


def test_the_code_may_be_typed_in_any_way(hall: Hall) -> None:
    phone = hall.app.test_client()
    typed = f"{hall.code[:3].lower()} {hall.code[3:].lower()}"
    assert phone.get("/m", query_string={"code": typed}).location == hall.at()
    assert phone.get(f"/m/{hall.code.lower()}").location == hall.at()
    assert "Doe mee met je telefoon" in words(phone.get("/m?code=---"))


def test_a_wrong_code_gives_the_field_back(hall: Hall) -> None:
    answer = hall.app.test_client().get("/m/999999")
    assert answer.status_code == 404
    assert "Deze code kennen we niet" in words(answer) and 'value="999999"' in answer.text


def test_only_wrong_codes_count_toward_the_limit(hall: Hall) -> None:
    phone = hall.app.test_client()
    for number in range(WRONG_CODES):
        assert phone.get(f"/m/XX{number:04}").status_code == 404
    refused = phone.get("/m/XX9999/nu?seen=1")
    assert refused.status_code == 429 and "te vaak achter elkaar" in words(refused)
    assert phone.get(hall.at()).status_code == 200
    hall.room.clock.move(minutes=1)
    assert phone.get("/m/XX0000").status_code == 404


def test_a_hall_behind_one_address_comes_in_whatever_somebody_there_guesses(hall: Hall) -> None:
    guesser = hall.app.test_client()
    for number in range(WRONG_CODES + 1):
        refused = guesser.get(f"/m/XX{number:04}")
    assert refused.status_code == 429
    hall.come_in(WRONG_CODES + 10)
    assert hall.room.regie().room.heads == WRONG_CODES + 10


def test_who_leaves_signed_in_before_the_reveal_keeps_the_turn(hall: Hall) -> None:
    anna = hall.come_in(client=browser_of(hall.app, hall.world.anna))
    assert hall.room.count(GUEST) == 1
    assert post(anna, hall.at(), "/weg").status_code == 303
    assert hall.room.count(GUEST) == 0


def test_an_old_code_says_that_the_session_is_over(hall: Hall) -> None:
    hall.come_in()
    hall.lead("begin")
    hall.lead("einde")
    hall.room.quick()
    hall.room.clock.move(hours=25)
    hall.room.quick()
    for _ in range(WRONG_CODES + 2):
        answer = hall.phones[0].get(hall.at())
    assert answer.status_code == 404 and "Deze sessie is voorbij" in words(answer)
    nu = hall.phones[0].get(hall.at("/nu?seen=1"))
    assert nu.status_code == 404 and "data-live" in nu.text and "data-nu" not in nu.text


def test_the_place_of_a_phone_is_kept_in_a_cookie_of_this_session_alone(hall: Hall) -> None:
    phone = hall.app.test_client()
    cookie = post(phone, hall.at(), "/doe-mee").headers["Set-Cookie"]
    for part in (
        "kopkrakers-plek=",
        f"Path={hall.at()}",
        "HttpOnly",
        "SameSite=Lax",
        "Max-Age=86400",
    ):
        assert part in cookie
    assert "Je bent binnen" in words(phone.get(hall.at()))


def test_pressing_twice_brings_in_one_phone(hall: Hall) -> None:
    phone = hall.come_in()
    assert send(phone, hall.at("/doe-mee")).status_code == 303
    assert hall.room.regie().room.heads == 1


def test_who_goes_is_not_counted_and_may_come_back(hall: Hall) -> None:
    phone = hall.come_in()
    assert post(phone, hall.at(), "/weg").location == "/m"
    assert hall.room.regie().room.heads == 0
    hall.come_in(client=phone)
    assert hall.room.regie().room.heads == 1


def test_who_comes_after_the_lock_watches(hall: Hall) -> None:
    hall.come_in(2)
    hall.to_vote()
    late = hall.app.test_client()
    assert "Je kunt nog meekijken" in words(late.get(hall.at()))
    hall.come_in(client=late)
    assert "Jij kwam later binnen" in hall.phone(2) and FORM not in late.get(hall.at()).text
    refused = hall.vote(2)
    assert refused.status_code == 409 and "Je kijkt mee, maar stemt niet" in words(refused)


def test_the_place_in_one_session_is_none_in_another(hall: Hall) -> None:
    phone = hall.come_in()
    other = hall.room.open()
    assert "Doe mee met je telefoon" in words(phone.get(f"/m/{other.code}"))


def test_voting_needs_an_option_and_a_short_reason_and_loses_nothing(hall: Hall) -> None:
    hall.come_in()
    hall.to_vote()
    none = hall.vote(0, option="", reason="Omdat het zo hoort.")
    assert none.status_code == 422 and "Kies eerst een werkwijze" in words(none)
    assert "Omdat het zo hoort." in none.text
    long = hall.vote(0, option="b", reason="r" * 2000)
    assert long.status_code == 422 and "Je reden is 2000 tekens lang" in words(long)
    assert "r" * 2000 in long.text and 'value="b" required checked' in long.text
    assert "no-store" in long.headers["Cache-Control"] and "Content-Encoding" not in long.headers
    assert hall.vote(0, option="b", reason="Kort.").status_code == 303


def test_a_stale_form_comes_back_filled_in(hall: Hall) -> None:
    phone = hall.come_in()
    hall.to_vote()
    fields = {"csrf_token": "oud", "optie": "c", "reden": "Mijn reden", "stemming": "1"}
    again = phone.post(hall.at("/stem"), data=fields)
    assert again.status_code == 422
    assert "Mijn reden" in again.text and 'value="c" required checked' in again.text


def test_a_second_vote_from_another_tab_or_the_back_button_is_refused(hall: Hall) -> None:
    hall.come_in()
    hall.to_vote()
    assert hall.vote(0, "a").status_code == 303
    again = hall.vote(0, "b")
    assert again.status_code == 409 and "De eerste telt" in words(again)
    assert FORM not in again.text and "Je stem is binnen" in words(again)


def test_a_closed_vote_takes_nothing_after_a_reload_or_from_an_old_form(hall: Hall) -> None:
    hall.come_in(2)
    hall.to_vote()
    hall.lead("stemming/sluit", stemming=1)
    for _ in range(2):
        late = hall.vote(0, "a")
        assert late.status_code == 409 and "De stemming is dicht" in words(late)
        assert FORM not in hall.phones[0].get(hall.at()).text
        hall.room.quick()


def test_what_was_said_of_the_first_vote_does_not_linger_into_the_second(hall: Hall) -> None:
    hall.come_in(2)
    hall.hold("ab")
    hall.to_vote(2)
    assert "De stemming is open" in hall.phone() and "zit in de bus" not in hall.phone()
    assert " checked>" not in hall.phones[0].get(hall.at()).text
    old = hall.vote(0, "a", stemming=1)
    assert old.status_code == 409 and hall.room.regie().room.rounds[1].votes_in == 0
    assert hall.vote(0, "a", stemming=2).status_code == 303
    assert "Je tweede stem zit in de bus" in hall.phone()


@pytest.mark.parametrize("option", ["a", "b", "c", "x"])
def test_no_answer_tells_what_was_chosen(hall: Hall, option: str) -> None:
    hall.come_in()
    hall.to_vote()
    answer = hall.vote(0, option)
    assert answer.status_code == 303 and answer.location == hall.at()
    page = hall.phones[0].get(hall.at()).text
    assert " checked>" not in page and f'value="{option}"' not in page


def test_asking_what_is_new_is_cheap_writes_nothing_and_sets_no_cookie(hall: Hall) -> None:
    phone = hall.come_in()
    version = hall.room.regie().room.version
    with statements() as sent:
        nothing = phone.get(hall.at(f"/nu?seen={version}"))
    assert nothing.status_code == 204 and len(sent) == 1
    hall.to_vote()
    with statements() as sent:
        new = phone.get(hall.at(f"/nu?seen={version}"))
    assert new.status_code == 200 and FORM in new.text and "<!doctype" not in new.text
    assert not any(text.startswith(("INSERT", "UPDATE", "DELETE")) for text in sent)
    assert "Set-Cookie" not in nothing.headers and "Set-Cookie" not in new.headers
    assert phone.get(hall.at("/nu?seen=nonsense")).status_code == 200


def test_a_phone_that_lost_its_cookies_is_told_to_fetch_the_whole_page(hall: Hall) -> None:
    fresh = hall.app.test_client().get(hall.at("/nu?seen=0"))
    assert fresh.status_code == 205 and "Set-Cookie" not in fresh.headers


def test_the_last_state_asks_no_more(hall: Hall) -> None:
    phone = hall.come_in()
    hall.lead("begin")
    assert "data-nu" in phone.get(hall.at()).text
    hall.lead("einde")
    for page in (phone.get(hall.at()), phone.get(hall.at("/nu?seen=1"))):
        assert "data-nu" not in page.text and "Dank je voor het meedoen" in words(page)


def test_who_is_signed_in_is_told_what_the_reveal_costs(hall: Hall) -> None:
    anna = browser_of(hall.app, hall.world.anna)
    told = "is je beurt voor dit dilemma voorbij"
    assert told in words(anna.get(hall.at()))
    hall.come_in(client=anna)
    assert told in hall.phone()
    assert told not in words(hall.app.test_client().get(hall.at()))
    send(
        anna,
        f"/dilemma/{hall.room.slug}/1/antwoord",
        optie="a",
        doorslag="w",
        zeker="-",
        verwacht="-",
        ervaring="-",
    )
    assert told not in hall.phone()
