"""A slip of the begeleider's hand wipes nothing: what asks first, and what can be taken back."""

from datetime import date
from itertools import pairwise

from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.intervisie.pages.shown.views import PhonePage
from kopkrakers.intervisie.session.states import RoundState, SessionState
from kopkrakers.intervisie.session.store import REASON, REPORT, WAY_BACK
from tests.support.pages import Fields, send, words
from tests.support.sessions.pages import SessionPages
from tests.support.sessions.scene import OWN
from tests.support.world import browser_of

LARGE = "utrecht-button utrecht-button--primary-action"
TYPED: Fields = {
    "afspraak_1": "We bellen eerst.",
    "was_afspraak_1": "",
    "terugkijken": "2026-12-21",
    "was_terugkijken": "",
}


def state_of(pages: SessionPages) -> SessionState:
    return pages.scene.regie().now.state


def at_last_step(pages: SessionPages, options: str = "aaabbc") -> None:
    pages.come_in(len(options))
    pages.hold(options)
    pages.reveal_first()
    pages.scene.go_to(8)


def report_of(pages: SessionPages) -> str:
    return str(pages.scene.regie().now.report_id)


def test_while_votes_are_counted_no_button_leads_on_and_none_ends(pages: SessionPages) -> None:
    pages.come_in(5)
    pages.to_vote()
    for place in range(5):
        pages.vote(place, "aabbc"[place])
    pages.lead("stemming/sluit", stemming=1)
    assert pages.state_of() == RoundState.CLOSING
    controls = pages.scene.regie().controls
    assert "geteld" in controls.wait and controls.large is None
    assert "regie.end" not in [button.endpoint for button in controls.buttons]
    regie = pages.gerda.get(f"/intervisie/{pages.code}/regie").text
    # the one that is there comes into sight after ten seconds, when the counter is slow
    assert regie.count(LARGE) == 1
    before = regie[: regie.index(LARGE)]
    assert before.rindex('class="ki-straks"') > before.rindex('class="ki-balk__vak"')


def test_the_end_is_a_large_button_in_the_last_step_alone(pages: SessionPages) -> None:
    pages.come_in(2)
    pages.lead("begin")
    for step in range(9):
        pages.scene.go_to(step)
        endpoints = [button.endpoint for button in pages.scene.regie().controls.buttons]
        assert ("regie.end" in endpoints) == (step == 8), step


def test_ending_asks_when_a_vote_was_cast_that_nobody_saw_the_result_of(
    pages: SessionPages,
) -> None:
    pages.come_in(5)
    pages.to_vote()
    pages.vote(0)
    asked = pages.lead("einde", **TYPED)
    assert asked.status_code == 409 and "nog niet onthuld" in words(asked)
    assert 'name="zeker" value="ja"' in asked.text and "We bellen eerst." in asked.text
    assert state_of(pages) == SessionState.RUNNING
    assert pages.lead("einde", **TYPED, zeker="ja").status_code == 303
    assert state_of(pages) == SessionState.ENDED
    assert "We bellen eerst." in words(pages.gerda.get(f"/verslag/{report_of(pages)}"))


def test_ending_asks_nothing_when_nothing_would_be_missed(pages: SessionPages) -> None:
    at_last_step(pages)
    assert pages.lead("einde").status_code == 303
    assert state_of(pages) == SessionState.ENDED


def test_ending_saves_the_werkafspraken_that_stand_in_the_fields(pages: SessionPages) -> None:
    at_last_step(pages)
    page = pages.gerda.get(f"/intervisie/{pages.code}/regie").text
    assert 'form="afspraken-vorm" formaction="/intervisie/' in page
    assert pages.lead("einde", **TYPED).status_code == 303
    report = words(pages.gerda.get(f"/verslag/{report_of(pages)}"))
    assert "We bellen eerst." in report and "maandag 21 december 2026" in report


def test_an_end_with_an_agreement_that_is_too_long_ends_nothing(pages: SessionPages) -> None:
    at_last_step(pages)
    long = pages.lead("einde", **TYPED | {"afspraak_1": "x" * 400})
    assert long.status_code == 422 and "x" * 400 in long.text
    assert state_of(pages) == SessionState.RUNNING


def test_an_end_is_taken_back_and_everything_is_as_it_was(pages: SessionPages) -> None:
    at_last_step(pages)
    before = pages.scene.regie().now
    pages.lead("einde", **TYPED)
    pages.scene.clock.move(seconds=WAY_BACK.total_seconds() - 1)
    pages.scene.quick()
    report = report_of(pages)
    assert "Binnen 5 minuten worden" in pages.regie() and "worden gewist" in pages.phone()
    assert pages.lead("verder").status_code == 303
    now = pages.scene.regie().now
    assert (now.step, now.rounds, now.reasons, now.heads) == (
        before.step,
        before.rounds,
        before.reasons,
        before.heads,
    )
    assert [line.text for line in now.agreements] == ["We bellen eerst."]
    assert pages.gerda.get(f"/verslag/{report}").status_code == 404
    pages.lead("einde")
    assert pages.scene.count(REPORT) == 1


def test_after_five_minutes_all_is_destroyed_and_there_is_no_way_back(
    pages: SessionPages,
) -> None:
    at_last_step(pages)
    pages.lead("einde")
    assert pages.scene.count(ENVELOPE) and pages.scene.count(REASON)
    pages.scene.clock.moment += WAY_BACK
    # the window is over also before the counter came by
    assert pages.lead("verder").status_code == 409
    pages.scene.quick()
    assert (pages.scene.count(ENVELOPE), pages.scene.count(REASON)) == (0, 0)
    assert pages.lead("verder").status_code == 409
    assert "zijn gewist" in pages.regie() and "Ga terug naar de sessie" not in pages.regie()
    assert pages.scene.phone(None).page == PhonePage.ENDED


def test_the_day_of_a_session_is_not_stretched_by_taking_its_end_back(
    pages: SessionPages,
) -> None:
    at_last_step(pages)
    pages.scene.clock.move(hours=23, minutes=58)
    pages.lead("einde")
    pages.scene.clock.move(minutes=2)
    assert pages.lead("verder").status_code == 409
    pages.scene.quick()
    assert pages.scene.count(ENVELOPE) == 0


def test_only_its_begeleider_takes_an_end_back(pages: SessionPages) -> None:
    at_last_step(pages)
    pages.lead("einde")
    url = f"/intervisie/{pages.code}/regie/verder"
    assert send(browser_of(pages.app, pages.world.anna), url).status_code == 403
    assert state_of(pages) == SessionState.ENDED


def ended(pages: SessionPages) -> str:
    at_last_step(pages)
    pages.lead("einde", **TYPED)
    return f"/verslag/{report_of(pages)}"


def test_what_was_agreed_is_mended_until_the_day_after(pages: SessionPages) -> None:
    url = ended(pages)
    fields: Fields = {
        "afspraak_1": "We bellen altijd eerst.",
        "was_afspraak_1": "We bellen eerst.",
        "afspraak_2": "Dan schrijven.",
        "was_afspraak_2": "",
        "terugkijken": "2026-12-22",
    }
    pages.scene.clock.move(days=1)
    assert "Verander de afspraken" in words(pages.gerda.get(url))
    assert send(pages.gerda, f"{url}/afspraken", **fields).location.endswith("#afspraken")
    report = words(pages.app.test_client().get(url))
    for text in ("We bellen altijd eerst.", "Dan schrijven.", "dinsdag 22 december 2026"):
        assert text in report
    pages.scene.clock.move(days=1)
    late = send(pages.gerda, f"{url}/afspraken", **fields | {"afspraak_2": "Nog één."})
    assert late.status_code == 409 and "staan nu vast" in words(late) and "Nog één." in late.text
    assert "Verander de afspraken" not in words(pages.gerda.get(url))


def test_a_mended_agreement_that_is_wrong_comes_back(pages: SessionPages) -> None:
    url = ended(pages)
    wrong: tuple[Fields, ...] = (
        {"afspraak_1": "x" * 400, "was_afspraak_1": ""},
        {"terugkijken": "gisteren"},
    )
    for fields in wrong:
        answer = send(pages.gerda, f"{url}/afspraken", afspraak_2="Blijft", **fields)
        assert answer.status_code == 422 and "Blijft" in answer.text
    assert "We bellen eerst." in words(pages.gerda.get(url))


def test_nobody_but_a_begeleider_of_the_team_mends_a_report(pages: SessionPages) -> None:
    url = ended(pages)
    for visitor, status in ((pages.world.anna, 403), (pages.world.chris, 403)):
        browser = browser_of(pages.app, visitor)
        assert "Verander de afspraken" not in words(browser.get(url))
        assert send(browser, f"{url}/afspraken", afspraak_1="Van mij").status_code == status
    assert send(pages.gerda, "/verslag/bestaat-niet/afspraken").status_code == 404


def test_a_report_is_held_on_the_day_of_its_end(pages: SessionPages) -> None:
    url = ended(pages)
    (row,) = pages.scene.rows(REPORT)
    assert row.held_on == date(2026, 11, 23) and url.endswith(row.id)


def test_an_opened_vote_is_taken_back_while_nobody_voted_and_the_door_opens_again(
    pages: SessionPages,
) -> None:
    pages.come_in(2)
    pages.to_vote()
    pages.come_in()
    assert "Jij kwam later binnen" in pages.phone(2)
    assert "Toch nog even dicht" in pages.regie()
    assert pages.lead("stemming/terug", stemming=1).status_code == 303
    assert pages.state_of() == RoundState.DRAFT
    pages.come_in()
    assert "klopt het aantal? 0 van 2 telefoons zeiden ja" in pages.regie()
    pages.lead("stemming/open", stemming=1)
    for late in (2, 3):
        assert pages.vote(late, "b").status_code == 303


def test_a_vote_in_which_somebody_voted_stays_open(pages: SessionPages) -> None:
    pages.come_in(2)
    pages.to_vote()
    pages.vote(0)
    assert "Toch nog even dicht" not in pages.regie()
    refused = pages.lead("stemming/terug", stemming=1)
    assert refused.status_code == 409 and "Er is net gestemd" in words(refused)
    assert pages.state_of() == RoundState.OPEN
    pages.come_in()
    assert pages.vote(2).status_code == 409, "the door stays shut"


def test_the_second_vote_is_taken_back_with_the_door_shut(pages: SessionPages) -> None:
    pages.come_in(5)
    pages.hold("aabbc")
    pages.to_vote(2)
    pages.come_in()
    assert pages.lead("stemming/terug", stemming=2).status_code == 303
    pages.lead("stemming/open", stemming=2)
    assert pages.vote(5, "a", stemming=2).status_code == 409
    assert pages.scene.regie().now.heads == 5


def test_closing_names_its_price_and_asks_first(pages: SessionPages) -> None:
    pages.come_in(6)
    pages.to_vote()
    for place in range(4):
        pages.vote(place)
    price = "2 van 6 zijn nog niet klaar. Met minder dan 5 stemmen komen er geen cijfers."
    assert price in pages.regie()
    asked = pages.lead("stemming/sluit", stemming=1)
    assert asked.status_code == 409 and "Ja, sluit toch" in words(asked)
    assert pages.state_of() == RoundState.OPEN
    assert pages.lead("stemming/sluit", stemming=1, zeker="ja").status_code == 303
    assert pages.state_of() == RoundState.CLOSING


def test_when_everybody_voted_closing_asks_nothing(pages: SessionPages) -> None:
    pages.come_in(2)
    pages.to_vote()
    pages.vote(0)
    pages.vote(1)
    assert "Iedereen stemde." in pages.regie()
    assert pages.lead("stemming/sluit", stemming=1).status_code == 303


def test_closing_the_second_vote_early_costs_the_second_totals(pages: SessionPages) -> None:
    pages.come_in(6)
    pages.hold("aaabbc")
    pages.to_vote(2)
    for place in range(5):
        pages.vote(place, stemming=2)
    asked = pages.lead("stemming/sluit", stemming=2)
    assert "Sluit je nu, dan komt er geen tweede stand." in words(asked)


def test_while_the_counter_is_slow_talking_goes_on(pages: SessionPages) -> None:
    pages.come_in(5)
    pages.to_vote()
    for place, option in enumerate("aabbc"):
        pages.vote(place, option, f"reden {place}")
    pages.lead("stemming/sluit", stemming=1)
    assert "Het tellen duurt langer" in pages.scherm()
    later = pages.scene.regie().controls.later
    assert later is not None and later.label == "Volgende stap: Argumenten van alle kanten"
    assert pages.next().status_code == 303
    assert "nog geteld. Praat gerust verder" in pages.regie()
    pages.scene.quick()
    assert len(pages.scene.regie().reasons) == 5


def test_what_cannot_be_undone_lies_a_line_higher_than_the_button_before(
    pages: SessionPages,
) -> None:
    pages.come_in(5)
    pages.lead("begin")
    pages.scene.agree_on_heads()
    seen = []
    for walk in ("stap", "open", "stem", "sluit", "stap", "stap", "stap", "onthul", "stap"):
        large = pages.scene.regie().controls.large
        assert large is not None
        seen.append((large.label.split(":")[0].split()[0], large.stays))
        if walk == "stap":
            pages.next()
        elif walk == "open":
            pages.lead("stemming/open", stemming=1, meestemmen="nee")
        elif walk == "stem":
            for place, option in enumerate("aabbc"):
                pages.vote(place, option)
        elif walk == "sluit":
            pages.close()
        else:
            pages.lead("stemming/onthul", stemming=1)
    assert ("Sluit", True) in seen and ("Onthul", True) in seen and ("Open", False) in seen
    # never two in a row on the upper line but the same button
    for (before, stayed), (label, stays) in pairwise(seen):
        assert not (stays and stayed) or label == before


def test_the_report_of_an_eigen_casus_gets_a_name_until_the_day_after(pages: SessionPages) -> None:
    pages.scene.open(OWN)
    at_last_step(pages, "aaabbx")
    pages.end()
    url = f"/verslag/{report_of(pages)}"
    assert "Hoe heet dit verslag?" in words(pages.gerda.get(url))
    named = send(pages.gerda, f"{url}/afspraken", naam=" De \0lege  fiets", was_naam="")
    assert named.status_code == 303
    for page in (url, "/team", f"{url}.md"):
        assert "De lege fiets" in words(pages.gerda.get(page)), page
    # a page that did not change it leaves it as it is
    send(pages.gerda, f"{url}/afspraken", naam="", was_naam="", **TYPED)
    assert "De lege fiets" in words(pages.gerda.get(url))
    long = send(pages.gerda, f"{url}/afspraken", naam="x" * 81, was_naam="De lege fiets")
    assert long.status_code == 422 and "x" * 81 in long.text
    send(pages.gerda, f"{url}/afspraken", naam="\u3164", was_naam="De lege fiets")
    assert "Eigen casus" in words(pages.gerda.get("/team"))
    anna = browser_of(pages.app, pages.world.anna)
    assert send(anna, f"{url}/afspraken", naam="Van mij").status_code == 403
    pages.scene.clock.move(days=2)
    late = send(pages.gerda, f"{url}/afspraken", naam="Te laat", was_naam="")
    assert late.status_code == 409 and "Te laat" in late.text


def test_the_report_of_a_dilemma_keeps_its_name(pages: SessionPages) -> None:
    at_last_step(pages)
    pages.end()
    url = f"/verslag/{report_of(pages)}"
    assert "Hoe heet dit verslag?" not in words(pages.gerda.get(url))
    assert send(pages.gerda, f"{url}/afspraken", naam="Anders", was_naam="").status_code == 422
