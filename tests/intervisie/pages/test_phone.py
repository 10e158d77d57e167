"""A phone in a session: the code, coming in, voting once, and asking what is new."""

import re

import pytest

from kopkrakers.intervisie.pages.phone import WRONG_CODES
from kopkrakers.intervisie.session.store import GUEST, WAY_BACK
from tests.support.pages import send, statements, words
from tests.support.sessions.pages import TOKEN, SessionPages, post
from tests.support.world import browser_of

FORM = 'name="optie" value='
SCRIPT = re.compile(r'<script src="[^"]*/(\w+)\.')


def test_the_code_may_be_typed_in_any_way(pages: SessionPages) -> None:
    phone = pages.app.test_client()
    typed = f"{pages.code[:3].lower()} {pages.code[3:].lower()}"
    assert phone.get("/m", query_string={"code": typed}).location == pages.at()
    assert phone.get(f"/m/{pages.code.lower()}").location == pages.at()
    whole = f"https://kopkrakers.example{pages.at().lower()}/"
    assert phone.get("/m", query_string={"code": whole}).location == pages.at()
    assert "Typ de code" not in words(phone.get("/m"))
    nothing = phone.get("/m?code=---")
    assert "Doe mee met je telefoon" in words(nothing) and "Typ de code" in words(nothing)


def test_a_wrong_code_gives_the_field_back(pages: SessionPages) -> None:
    answer = pages.app.test_client().get("/m/999999")
    assert answer.status_code == 404
    assert "Deze code kennen we niet" in words(answer) and 'value="999999"' in answer.text


def test_only_wrong_codes_count_toward_the_limit(pages: SessionPages) -> None:
    phone = pages.app.test_client()
    for number in range(WRONG_CODES):
        assert phone.get(f"/m/XX{number:04}").status_code == 404
    refused = phone.get("/m/XX9999/nu?seen=1")
    assert refused.status_code == 429 and "te vaak achter elkaar" in words(refused)
    assert phone.get(pages.at()).status_code == 200
    pages.scene.clock.move(minutes=1)
    assert phone.get("/m/XX0000").status_code == 404


def test_many_phones_behind_one_address_come_in_whatever_somebody_there_guesses(
    pages: SessionPages,
) -> None:
    guesser = pages.app.test_client()
    for number in range(WRONG_CODES + 1):
        refused = guesser.get(f"/m/XX{number:04}")
    assert refused.status_code == 429
    pages.come_in(WRONG_CODES + 10)
    assert pages.scene.regie().now.heads == WRONG_CODES + 10


def test_who_leaves_signed_in_before_the_reveal_keeps_the_turn(pages: SessionPages) -> None:
    anna = pages.come_in(client=browser_of(pages.app, pages.world.anna))
    assert pages.scene.count(GUEST) == 1
    assert post(anna, pages.at(), "/weg").status_code == 303
    assert pages.scene.count(GUEST) == 0


def test_an_old_code_says_that_the_session_is_over(pages: SessionPages) -> None:
    pages.come_in()
    pages.lead("begin")
    pages.end()
    pages.scene.clock.move(hours=25)
    pages.scene.quick()
    for _ in range(WRONG_CODES + 2):
        answer = pages.phones[0].get(pages.at())
    assert answer.status_code == 404 and "Deze sessie is voorbij" in words(answer)
    nu = pages.phones[0].get(pages.at("/nu?seen=1"))
    assert nu.status_code == 404 and "data-live" in nu.text and "data-nu" not in nu.text


def test_the_place_of_a_phone_is_kept_in_a_cookie_of_this_session_alone(
    pages: SessionPages,
) -> None:
    phone = pages.app.test_client()
    cookie = post(phone, pages.at(), "/doe-mee").headers["Set-Cookie"]
    for part in (
        "kopkrakers-plek=",
        f"Path={pages.at()}",
        "HttpOnly",
        "SameSite=Lax",
        "Max-Age=86400",
    ):
        assert part in cookie
    assert "Je bent binnen" in words(phone.get(pages.at()))


def test_pressing_twice_brings_in_one_phone(pages: SessionPages) -> None:
    phone = pages.come_in()
    assert send(phone, pages.at("/doe-mee")).status_code == 303
    assert pages.scene.regie().now.heads == 1


def test_a_press_that_is_repeated_before_the_cookie_comes_back_is_one_phone(
    pages: SessionPages,
) -> None:
    phone = pages.app.test_client()
    form = {"csrf_token": TOKEN.findall(phone.get(pages.at()).text)[0]}
    cookies = []
    for _ in range(3):
        answer = phone.post(pages.at("/doe-mee"), data=form)
        cookies.append(answer.headers["Set-Cookie"].split(";")[0])
        phone.delete_cookie("kopkrakers-plek", path=pages.at())
    assert pages.scene.regie().now.heads == 1 and len(set(cookies)) == 1
    pages.come_in(client=phone)
    pages.come_in()
    assert pages.scene.regie().now.heads in (2, 3)  # a new form within the same second is the same


def test_one_form_is_no_place_in_another_session(pages: SessionPages) -> None:
    phone, other = pages.come_in(), pages.scene.open()
    form = {"csrf_token": TOKEN.findall(phone.get(f"/m/{other.code}").text)[0]}
    for code in (pages.code, other.code):
        assert phone.post(f"/m/{code}/doe-mee", data=form).status_code == 303
    assert other.regie().now.heads == 1


def test_who_goes_is_not_counted_and_may_come_back(pages: SessionPages) -> None:
    phone = pages.come_in()
    assert post(phone, pages.at(), "/weg").location == "/m"
    assert pages.scene.regie().now.heads == 0
    pages.come_in(client=phone)
    assert pages.scene.regie().now.heads == 1


def test_who_comes_after_the_lock_watches(pages: SessionPages) -> None:
    pages.come_in(2)
    pages.to_vote()
    late = pages.app.test_client()
    assert "Je kunt nog meekijken" in words(late.get(pages.at()))
    pages.come_in(client=late)
    assert "Jij kwam later binnen" in pages.phone(2) and FORM not in late.get(pages.at()).text
    refused = pages.vote(2)
    assert refused.status_code == 409 and "Je kijkt mee, maar stemt niet" in words(refused)


def test_the_place_in_one_session_is_none_in_another(pages: SessionPages) -> None:
    phone = pages.come_in()
    other = pages.scene.open()
    assert "Doe mee met je telefoon" in words(phone.get(f"/m/{other.code}"))


def test_voting_needs_an_option_and_a_short_reason_and_loses_nothing(pages: SessionPages) -> None:
    phone = pages.come_in()
    pages.to_vote()
    # else a browser says it first, in a language of its own
    assert "novalidate" in phone.get(pages.at()).text
    none = pages.vote(0, option="", reason="Omdat het zo hoort.")
    assert none.status_code == 422 and "Kies eerst een werkwijze" in words(none)
    assert "Omdat het zo hoort." in none.text
    long = pages.vote(0, option="b", reason="r" * 2000)
    assert long.status_code == 422 and "Je reden is 2000 tekens lang" in words(long)
    assert "r" * 2000 in long.text and 'value="b" required checked' in long.text
    assert "no-store" in long.headers["Cache-Control"] and "Content-Encoding" not in long.headers
    assert pages.vote(0, option="b", reason="Kort.").status_code == 303


def test_a_whole_document_as_a_reason_comes_back_with_the_choice(pages: SessionPages) -> None:
    pages.come_in()
    pages.to_vote()
    document = "Ünïcode " * 8750
    long = pages.vote(0, option="b", reason=document)
    assert long.status_code == 422 and "Je reden is 69999 tekens lang" in words(long)
    assert document.strip() in long.text and 'value="b" required checked' in long.text


def test_a_phone_that_lost_its_place_hears_what_is_left_and_gets_its_words_back(
    pages: SessionPages,
) -> None:
    pages.come_in(5)
    pages.to_vote()
    pages.phones[0].delete_cookie("kopkrakers-plek", path=pages.at())
    refused = pages.vote(0, "b", "Eerst een gesprek.")
    assert refused.status_code == 409
    assert "Stemmen kan met deze telefoon niet meer. Meekijken kan wel." in words(refused)
    assert "Eerst een gesprek.</textarea>" in refused.text and "Kijk mee" in words(refused)
    assert refused.headers["Cache-Control"] == "no-store, no-transform"


def test_words_of_a_vote_that_closed_meanwhile_come_back_too(pages: SessionPages) -> None:
    pages.come_in(5)
    pages.to_vote()
    pages.close()
    refused = pages.vote(0, "b", "Eerst een gesprek.")
    assert refused.status_code == 409 and "Eerst een gesprek.</textarea>" in refused.text


def test_before_coming_in_a_phone_hears_that_it_must_keep_its_browser(
    pages: SessionPages,
) -> None:
    assert "in je gewone browser" in words(pages.app.test_client().get(pages.at()))


def test_a_button_that_is_refused_leads_to_the_field_for_the_code(pages: SessionPages) -> None:
    refused = pages.app.test_client().post(pages.at("/doe-mee"))
    assert refused.status_code == 403 and 'href="/m"' in refused.text
    assert 'href="/"' not in refused.text.split('id="fout"')[1].split("</section>")[0]


def test_a_stale_form_comes_back_filled_in(pages: SessionPages) -> None:
    phone = pages.come_in()
    pages.to_vote()
    fields = {"csrf_token": "oud", "optie": "c", "reden": "Mijn reden", "stemming": "1"}
    again = phone.post(pages.at("/stem"), data=fields)
    assert again.status_code == 422
    assert "Mijn reden" in again.text and 'value="c" required checked' in again.text


def test_a_second_vote_from_another_tab_or_the_back_button_is_refused(pages: SessionPages) -> None:
    pages.come_in()
    pages.to_vote()
    assert pages.vote(0, "a").status_code == 303
    again = pages.vote(0, "b")
    assert again.status_code == 409 and "De eerste telt" in words(again)
    assert FORM not in again.text and "Je stem is binnen" in words(again)


def test_a_closed_vote_takes_nothing_after_a_reload_or_from_an_old_form(
    pages: SessionPages,
) -> None:
    pages.come_in(2)
    pages.to_vote()
    pages.lead("stemming/sluit", stemming=1, zeker="ja")
    for _ in range(2):
        late = pages.vote(0, "a")
        assert late.status_code == 409 and "De stemming is dicht" in words(late)
        assert FORM not in pages.phones[0].get(pages.at()).text
        pages.scene.quick()


def test_what_was_said_of_the_first_vote_does_not_linger_into_the_second(
    pages: SessionPages,
) -> None:
    pages.come_in(2)
    pages.hold("ab")
    pages.to_vote(2)
    assert "De stemming is open" in pages.phone() and "zit in de bus" not in pages.phone()
    assert " checked>" not in pages.phones[0].get(pages.at()).text
    old = pages.vote(0, "a", stemming=1)
    assert old.status_code == 409 and pages.scene.regie().now.rounds[1].votes_in == 0
    assert pages.vote(0, "a", stemming=2).status_code == 303
    assert "Je tweede stem zit in de bus" in pages.phone()


@pytest.mark.parametrize("option", ["a", "b", "c", "x"])
def test_no_answer_tells_what_was_chosen(pages: SessionPages, option: str) -> None:
    pages.come_in()
    pages.to_vote()
    answer = pages.vote(0, option)
    assert answer.status_code == 303 and answer.location == pages.at()
    page = pages.phones[0].get(pages.at()).text
    assert " checked>" not in page and f'value="{option}"' not in page


def test_asking_what_is_new_is_cheap_writes_nothing_and_sets_no_cookie(pages: SessionPages) -> None:
    phone = pages.come_in()
    version = pages.scene.regie().now.version
    with statements() as sent:
        nothing = phone.get(pages.at(f"/nu?seen={version}"))
    assert nothing.status_code == 204 and len(sent) == 1
    pages.to_vote()
    with statements() as sent:
        new = phone.get(pages.at(f"/nu?seen={version}"))
    assert new.status_code == 200 and FORM in new.text and "<!doctype" not in new.text
    assert not any(text.startswith(("INSERT", "UPDATE", "DELETE")) for text in sent)
    assert "Set-Cookie" not in nothing.headers and "Set-Cookie" not in new.headers
    assert phone.get(pages.at("/nu?seen=nonsense")).status_code == 200


def test_a_phone_that_lost_its_cookies_is_told_to_fetch_the_whole_page(pages: SessionPages) -> None:
    fresh = pages.app.test_client().get(pages.at("/nu?seen=0"))
    assert fresh.status_code == 205 and "Set-Cookie" not in fresh.headers


def test_the_last_state_asks_no_more(pages: SessionPages) -> None:
    phone = pages.come_in()
    pages.lead("begin")
    assert "data-nu" in phone.get(pages.at()).text
    pages.lead("einde")
    assert "data-nu" in phone.get(pages.at()).text, "the end may be taken back"
    pages.scene.clock.moment += WAY_BACK
    pages.scene.quick()
    for page in (phone.get(pages.at()), phone.get(pages.at("/nu?seen=1"))):
        assert "data-nu" not in page.text and "Dank je voor het meedoen" in words(page)


def test_who_is_signed_in_is_told_what_the_reveal_costs(pages: SessionPages) -> None:
    anna = browser_of(pages.app, pages.world.anna)
    told = "is je beurt voor dit dilemma voorbij"
    assert told in words(anna.get(pages.at()))
    pages.come_in(client=anna)
    assert told in pages.phone()
    assert told not in words(pages.app.test_client().get(pages.at()))
    send(
        anna,
        f"/dilemma/{pages.scene.slug}/1/antwoord",
        optie="a",
        doorslag="w",
        zeker="-",
        verwacht="-",
        ervaring="-",
    )
    assert told not in pages.phone()


def test_a_page_of_a_session_loads_no_script_that_it_does_not_use(pages: SessionPages) -> None:
    phone = pages.come_in()
    regie, scherm = (f"/intervisie/{pages.code}/{page}" for page in ("regie", "scherm"))
    fetched = [phone.get(pages.at()), pages.gerda.get(regie), pages.gerda.get(scherm)]
    scripts = [SCRIPT.findall(page.text) for page in fetched]
    typed_in = ["samen", "getypt", "intervisie"]
    assert scripts == [typed_in, typed_in, ["samen", "scherm", "intervisie"]]
    assert SCRIPT.findall(phone.get("/m").text) == []
