"""Kraak 45 on all pages at once: what each sees at every step."""

import pytest

from tests.support.live_pages import Hall


def test_what_everybody_sees_from_lobby_to_reveal(hall: Hall) -> None:
    hall.come_in(6)
    assert "6 telefoons doen mee. Klopt dit aantal?" in hall.scherm()
    assert "6 telefoons zijn binnen." in hall.phone()
    assert "Begin met stap 1" in hall.regie()
    assert hall.lead("begin").status_code == 303
    for page in (hall.scherm(), hall.phone(), hall.regie()):
        assert "Stap 1 van 9" in page
    hall.next()
    assert "De stemming gaat zo open" in hall.scherm()
    hall.hold("aaabbc")
    for page in (hall.scherm(), hall.phone()):
        assert "argumenten" in page and "%" not in page
    hall.next()
    assert hall.regie().count("Zet op het scherm") == 6
    reveal(hall)
    for page in (hall.scherm(), hall.phone(), hall.regie()):
        assert "50%" in page and "33%" in page and "17%" in page


def test_what_everybody_sees_from_second_vote_to_report(hall: Hall) -> None:
    hall.come_in(6)
    hall.lead("begin")
    hall.next()
    hall.hold("aaabbc")
    hall.next()
    reveal(hall)
    hall.next()
    hall.next()
    hall.hold("aabbbb", 2)
    hall.next()
    hall.lead("stemming/onthul", stemming=2)
    assert "Voor en na het gesprek, 6 stemmen" in hall.scherm()
    assert "Voor en na het gesprek" in hall.phone()
    hall.next()
    hall.lead("afspraken", afspraak_1="We bellen eerst.", was_1="")
    for page in (hall.scherm(), hall.phone()):
        assert "We bellen eerst." in page
    hall.lead("einde")
    hall.room.quick()
    assert "De sessie is afgelopen" in hall.regie()
    assert "Dank je voor het meedoen" in hall.phone()
    assert "Dank jullie wel." in hall.scherm()


def reveal(hall: Hall) -> None:
    hall.next()
    hall.next()
    hall.lead("stemming/onthul", stemming=1)


@pytest.mark.parametrize(
    "werkvorm", ["roddelmethode", "incidentmethode", "dilemmamethode", "effect-eerst"]
)
def test_every_step_of_other_werkvormen_has_its_pages(hall: Hall, werkvorm: str) -> None:
    hall.room.open(werkvorm=werkvorm)
    hall.come_in(2)
    hall.lead("begin")
    last = len(hall.room.regie().steps)
    for number in range(1, last + 1):
        for page in (hall.scherm(), hall.regie()):
            assert f"Stap {number} van {last}" in page
        assert hall.phone() and (number == last or hall.next().status_code == 303)
