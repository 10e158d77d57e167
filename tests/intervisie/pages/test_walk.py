"""Kraak 45 on all pages at once: what each sees at every step."""

import re

import pytest

from kopkrakers.tallies.models import Tally
from tests.support.sessions.pages import SessionPages
from tests.support.signed_totals import sign_by_hand
from tests.support.tally_guard import unhooked

LEFT = re.compile("Hierna volg[^.]*[.]")


def test_what_everybody_sees_from_lobby_to_reveal(pages: SessionPages) -> None:
    pages.come_in(6)
    assert "6 telefoons doen mee. Klopt dit aantal? Zeg het op je telefoon." in pages.scherm()
    assert "6 telefoons doen mee." in pages.phone()
    assert "Begin met stap 1" in pages.regie()
    assert pages.lead("begin").status_code == 303
    for page in (pages.scherm(), pages.phone(), pages.regie()):
        assert "Stap 1 van 9" in page
    pages.next()
    assert "De stemming gaat zo open" in pages.scherm()
    pages.hold("aaabbc")
    for page in (pages.scherm(), pages.phone()):
        assert "argumenten" in page and "%" not in page and "3 van 6" not in page
    pages.next()
    assert "Zet redenen op het scherm" in pages.regie()
    assert len(pages.scene.regie().reasons) == 6
    reveal(pages)
    for page in (pages.scherm(), pages.phone(), pages.regie()):
        assert "3 van 6" in page and "2 van 6" in page and "1 van 6" in page


def test_nobody_is_counted_before_somebody_is_in(pages: SessionPages) -> None:
    empty = pages.scherm()
    assert "Er is nog niemand binnen." in empty
    assert "Klopt" not in empty and "0 telefoons" not in empty
    assert "Binnen nog niemand binnen" in pages.regie() and "0 telefoons" not in pages.regie()
    pages.come_in()
    assert "1 telefoon doet mee. Klopt dit aantal?" in pages.scherm()
    assert "Binnen 1 telefoon binnen" in pages.regie()


def test_the_regie_says_once_which_step_it_is_and_what_is_left(pages: SessionPages) -> None:
    pages.come_in(2)
    pages.lead("begin")
    # in the title, in sight and aloud
    assert pages.regie().count("Stap 1 van 9") == 3
    left = []
    while True:
        left += LEFT.findall(pages.regie())
        if pages.next().status_code != 303:
            break
    assert left[0] == "Hierna volgen nog 8 stappen, samen 41 minuten."
    assert left[-1] == "Hierna volgt nog één stap, van 5 minuten."


def test_the_scherm_says_of_how_many_votes_its_lines_are(pages: SessionPages) -> None:
    """The same as the table of the same figures, which only who hears the page gets."""
    scene = pages.scene
    with (
        unhooked("figures of the land, for a session to show"),
        scene.database.transaction() as session,
    ):
        for option, n in zip("abcx", (60, 30, 20, 3), strict=True):
            session.add(Tally(dilemma=scene.slug, edition=1, scope="NL", option=option, n=n))
    sign_by_hand(scene.database, scene.keys)
    pages.come_in(6)
    pages.lead("begin")
    pages.next()
    pages.hold("aaabbc")
    pages.next()
    assert "Alle gemeenten" not in pages.scherm()
    reveal(pages)
    assert "Alle gemeenten, 113 stemmen" in pages.scherm()
    assert "Alle gemeenten 113 stemmen" in pages.scherm(), "in the table of the same figures"


def make_every_card_due(pages: SessionPages) -> None:
    library = pages.app.extensions["kopkrakers"].library
    for path in library.folder.glob("*.md"):
        keys = "gecontroleerd_op: 2026-11-01\ncontroleren_voor: 2026-11-02"
        path.write_text(path.read_text().replace("gecontroleerd_op: 2026-11-21", keys))
    library._reread_at = 0.0


def test_law_that_was_not_checked_again_says_so_on_phones(pages: SessionPages) -> None:
    make_every_card_due(pages)
    pages.come_in(6)
    pages.lead("begin")
    pages.next()
    pages.hold("aaabbc")
    pages.next()
    reveal(pages)
    assert pages.phone().count("Nog niet nagekeken sinds 2 november 2026.") == 1


def test_law_that_was_not_checked_again_says_so_on_the_scherm(pages: SessionPages) -> None:
    make_every_card_due(pages)
    pages.scene.open(werkvorm="effect-eerst")
    pages.come_in(2)
    pages.lead("begin")
    steps = [pages.scherm()]
    while pages.next().status_code == 303:
        steps.append(pages.scherm())
    shown = [page for page in steps if "Wet en regels:" in page]
    assert len(shown) == 1
    assert "(nog niet nagekeken sinds 2 november 2026)" in shown[0]


def test_what_everybody_sees_from_second_vote_to_report(pages: SessionPages) -> None:
    pages.come_in(6)
    pages.lead("begin")
    pages.next()
    pages.hold("aaabbc")
    pages.next()
    reveal(pages)
    pages.next()
    pages.next()
    pages.hold("aabbbb", 2)
    pages.next()
    pages.lead("stemming/onthul", stemming=2)
    assert "Voor en na het gesprek, 6 stemmen" in pages.scherm()
    assert "Voor en na het gesprek" in pages.phone()
    pages.next()
    pages.lead("afspraken", afspraak_1="We bellen eerst.", was_afspraak_1="")
    for page in (pages.scherm(), pages.phone()):
        assert "We bellen eerst." in page
    pages.lead("einde")
    pages.scene.quick()
    assert "De sessie is afgelopen" in pages.regie()
    assert "Dank je voor het meedoen" in pages.phone()
    assert "Dank jullie wel." in pages.scherm()


def test_as_many_people_never_look_like_more_or_fewer(pages: SessionPages) -> None:
    """Of eight, three and three would be 38 and 37 per cent."""
    pages.come_in(8)
    pages.hold("aaabbbcc")
    pages.reveal_first()
    for page in (pages.scherm(), pages.phone(), pages.regie()):
        assert page.count("3 van 8") >= 2 and "38%" not in page and "37%" not in page
    for address in (f"/intervisie/{pages.code}/scherm", pages.at()):
        page = (pages.gerda if "scherm" in address else pages.phones[0]).get(address).text
        assert len(set(re.findall(r'kk-fill--[ab]" width="([\d.]+)%"', page))) == 1
    pages.hold("abbbbbcc", 2)
    pages.scene.go_to(7)
    pages.lead("stemming/onthul", stemming=2)
    assert "A 3" in pages.scherm() and "B 3" in pages.scherm() and "B 5" in pages.scherm()
    assert "%" not in pages.scherm()


def test_a_phone_is_not_told_to_look_at_the_scherm_while_people_talk_or_write(
    pages: SessionPages,
) -> None:
    pages.scene.open(werkvorm="dilemmamethode")
    pages.come_in(2)
    pages.lead("begin")
    said = []
    for _ in range(5):
        said.append(pages.phone())
        pages.next()
    for step, sentence in (
        (0, "Praat met elkaar."),
        (1, "Kijk op het scherm."),
        (4, "Zo schrijf je mee op je telefoon."),
    ):
        assert sentence in said[step]
        assert step == 1 or "Kijk op het scherm" not in said[step]


def test_the_regie_leads_to_what_the_step_asks_of_the_begeleider(pages: SessionPages) -> None:
    """On a phone it stands under everything else."""
    pages.come_in(5)
    pages.lead("begin")
    seen = {}
    for step in range(9):
        pages.scene.go_to(step)
        if step == 1:
            pages.hold("aabbc")
        page = pages.gerda.get(f"/intervisie/{pages.code}/regie").text
        seen[step] = re.findall(r'class="ki-naar"><a href="#([a-z]+)"', page)
        assert all(f'id="{place}"' in page for place in seen[step])
    assert seen == {step: [] for step in range(9)} | {2: ["redenen"], 8: ["afspraken"]}


def reveal(pages: SessionPages) -> None:
    pages.next()
    pages.next()
    pages.lead("stemming/onthul", stemming=1)


@pytest.mark.parametrize(
    "werkvorm", ["roddelmethode", "incidentmethode", "dilemmamethode", "effect-eerst"]
)
def test_every_step_of_other_werkvormen_has_its_pages(pages: SessionPages, werkvorm: str) -> None:
    pages.scene.open(werkvorm=werkvorm)
    pages.come_in(2)
    pages.lead("begin")
    last = len(pages.scene.regie().steps)
    for number in range(1, last + 1):
        for page in (pages.scherm(), pages.regie()):
            assert f"Stap {number} van {last}" in page
        assert pages.phone() and (number == last or pages.next().status_code == 303)
