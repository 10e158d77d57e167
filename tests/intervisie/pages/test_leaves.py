"""The regie turns the pages of the scherm, once a scherm told that there are some."""

from typing import Any

from tests.support.pages import Fields, send
from tests.support.sessions.pages import SessionPages
from tests.support.world import browser_of

TURN = "Bladeren op het scherm"


def tell(pages: SessionPages, **fields: Any) -> int:
    """Return the form of a scherm."""
    given = {"bladen": 3, "versie": pages.scene.regie().now.version} | fields
    texts: Fields = {name: str(value) for name, value in given.items()}
    return send(pages.gerda, f"/intervisie/{pages.code}/scherm/bladen", **texts).status_code


def turns(pages: SessionPages) -> bool:
    return TURN in pages.gerda.get(f"/intervisie/{pages.code}/regie").text


def test_the_regie_has_buttons_to_turn_pages_when_there_are_some(pages: SessionPages) -> None:
    pages.lead("begin")
    seen = pages.scene.regie()
    assert not turns(pages)
    assert tell(pages) == 204
    assert turns(pages) and pages.scene.regie().version != seen.version
    assert pages.scene.regie().now.version == seen.now.version, "no phone asks for it"
    pages.lead("blad", naar="verder")
    assert pages.scene.regie().now.leaf == 1
    pages.next()
    assert not turns(pages)


def test_two_beamers_never_take_the_buttons_from_each_other(pages: SessionPages) -> None:
    pages.lead("begin")
    for leaves in (3, 1, 2):
        tell(pages, bladen=leaves)
        assert turns(pages) and pages.scene.regie().leaves == 3


def test_what_a_scherm_tells_of_another_step_is_not_kept(pages: SessionPages) -> None:
    pages.lead("begin")
    seen = pages.scene.regie().now.version
    pages.next()
    assert tell(pages, versie=seen) == 204 and not turns(pages)


def test_pages_are_turned_in_the_lobby_too(pages: SessionPages) -> None:
    tell(pages)
    assert turns(pages) and pages.lead("blad", naar="verder").status_code == 303


def test_only_a_begeleider_of_the_session_tells(pages: SessionPages) -> None:
    url = f"/intervisie/{pages.code}/scherm/bladen"
    for visitor, status in ((pages.world.anna, 403), (pages.world.chris, 403)):
        answer = send(browser_of(pages.app, visitor), url, bladen="3", versie="0")
        assert answer.status_code == status
    for wrong in ({"bladen": 0}, {"bladen": 10**9}, {"versie": "x"}, {"bladen": ""}):
        assert tell(pages, **wrong) == 422, wrong
