"""An answer that waited on a device: in the box once, and for its own person alone."""

import json
import os
from collections.abc import Callable
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask.testing import FlaskClient
from sqlmodel import select

from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers.pages.without_network.late import TOO_LATE
from kopkrakers.ballots.models import Envelope
from kopkrakers.counter.build import make_counter
from tests.answers.pages.without_network.arriving import CODES, arrive, sealed_to_locks
from tests.support.attacks import unseal
from tests.support.clock import StoppedClock
from tests.support.pages import Fields, Site, give, words
from tests.support.world import World

Seal = Callable[..., Fields]


def sealed(site: Site, visitor: Visitor, codes: object = CODES, *, edition: int = 1) -> Fields:
    """Return an answer as the browser of this person sends it: sealed as `wacht.js` does."""
    key = site.state.edition_keys(visitor.id, f"{site.slug}.{edition}").split()[0]
    nonce = os.urandom(12)
    text = json.dumps(codes).ljust(1024).encode()
    by = sha256(f"{key} antwoord".encode()).digest()
    whole = AESGCM(by).encrypt(nonce, text, None)
    return {"iv": nonce.hex(), "sealed": whole.hex()}


@pytest.fixture(params=[sealed, sealed_to_locks], ids=["with a key", "to locks"])
def seal(request: pytest.FixtureRequest) -> Seal:
    """The two ways in which a page seals an answer."""
    way: Seal = request.param
    return way


def envelopes(site: Site) -> int:
    with site.state.database.reading() as session:
        return len(session.exec(select(Envelope)).all())


def test_it_goes_in_the_box_once(site: Site, world: World, seal: Seal) -> None:
    anna, fields = site.browser(world.anna), seal(site, world.anna)
    assert [arrive(site, anna, fields) for _ in range(3)] == [204, 409, 409]
    assert envelopes(site) == 1
    assert "Je antwoord zit in de bus." in words(anna.get(site.url("uitslag")))


def test_after_an_answer_by_the_form_it_is_refused(site: Site, world: World) -> None:
    anna, fields = site.browser(world.anna), sealed(site, world.anna)
    give(site, anna)
    assert arrive(site, anna, fields) == 409
    assert envelopes(site) == 1


def test_whoever_else_is_signed_in_cannot_send_it(site: Site, world: World, seal: Seal) -> None:
    fields = seal(site, world.anna)
    for other in (world.gerda, world.bram, world.chris):
        assert arrive(site, site.browser(other), fields) == 403
    assert envelopes(site) == 0


def test_who_does_not_vote_cannot(site: Site, world: World) -> None:
    fields = sealed(site, world.farid)
    assert arrive(site, site.browser(world.farid), fields) == 403


def test_nobody_is_asked_to_sign_in_and_it_goes_on_waiting(
    site: Site, world: World, client: FlaskClient
) -> None:
    reply = client.post(site.url("nagekomen"), data=sealed(site, world.anna))
    assert reply.status_code == 302 and envelopes(site) == 0
    assert arrive(site, site.browser(world.anna), sealed(site, world.anna)) == 204


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"iv": "zz", "sealed": "zz"},
        {"iv": "00", "sealed": "00" * 40},
        {"iv": "00" * 12, "sealed": "00" * 1040},
        {"iv": "00" * 12, "sealed": ""},
        {"iv": "00" * 12, "sealed": "00" * 200_000},
        {"iv": "00" * 12, "sealed": "00" * 1040, "van": "zz"},
        {"iv": "00" * 12, "sealed": "00" * 1040, "van": "04" * 65},
        {"iv": "00" * 12, "sealed": "00" * 1040, "van": "00"},
        {"iv": "00" * 12, "sealed": "00" * 1040, "van": "04" * 9000},
    ],
    ids=[
        *("nothing", "no hex", "short", "zeros", "empty", "long"),
        *("no point", "off the curve", "the point at infinity", "long point"),
    ],
)
def test_what_was_not_sealed_is_refused(site: Site, world: World, fields: Fields) -> None:
    assert arrive(site, site.browser(world.anna), fields) == 403


@pytest.mark.parametrize("codes", ["", "aw2b", "zw2b-", "aw9b-", 5, None, ["a"], {"a": 1}])
def test_what_is_no_answer_is_refused(site: Site, world: World, seal: Seal, codes: object) -> None:
    fields = seal(site, world.anna, codes)
    assert arrive(site, site.browser(world.anna), fields) == 403
    assert envelopes(site) == 0


def test_what_was_sealed_for_another_edition_is_refused(site: Site, world: World) -> None:
    fields = sealed(site, world.anna, edition=2)
    assert arrive(site, site.browser(world.anna), fields) == 403


def test_what_the_device_keeps_of_the_own_choice_does_not_open(site: Site, world: World) -> None:
    """Own words are in there, and they never leave the device."""
    key = site.state.edition_keys(world.anna.id, f"{site.slug}.1").split()[0]
    nonce, text = os.urandom(12), json.dumps(CODES).ljust(1024).encode()
    whole = AESGCM(bytes.fromhex(key)).encrypt(nonce, text, None)
    fields = {"iv": nonce.hex(), "sealed": whole.hex()}
    assert arrive(site, site.browser(world.anna), fields) == 403


@pytest.mark.parametrize(("days", "status"), [(0, 204), (14, 204), (28, 403)])
def test_it_opens_for_a_fortnight_at_least_and_not_for_ever(
    site: Site, world: World, clock: StoppedClock, seal: Seal, days: int, status: int
) -> None:
    fields = seal(site, world.anna)
    clock.move(days=days)
    assert arrive(site, site.browser(world.anna), fields) == status


def test_when_the_edition_closed_meanwhile_it_says_so_and_offers_to_practise(
    site: Site, world: World, clock: StoppedClock, seal: Seal
) -> None:
    clock.move(weeks=25, days=6)
    anna, fields = site.browser(world.anna), seal(site, world.anna)
    clock.move(days=8)
    assert arrive(site, anna, fields) == 410
    page = anna.get(site.url("te-laat"))
    assert TOO_LATE in words(page) and "Oefen met dit dilemma" in words(page)
    assert envelopes(site) == 0


def test_while_the_edition_is_open_nothing_is_too_late(site: Site, world: World) -> None:
    page = site.browser(world.anna).get(site.url("te-laat"))
    assert page.location == f"/dilemma/{site.slug}"


def test_what_is_sent_is_as_long_for_every_answer(site: Site, world: World, seal: Seal) -> None:
    sent = [seal(site, world.anna, codes) for codes in (CODES, "xb---", "cr10-")]
    assert len({len(str(fields)) for fields in sent}) == 1


def with_band(site: Site, visitor: Visitor, fields: Fields, band: object) -> Fields:
    """An answer with an experience that this person's pages sealed apart."""
    apart = sealed_to_locks(site, visitor, band)
    return fields | {f"ervaring_{name}": value for name, value in apart.items()}


def codes_in_the_box(site: Site) -> list[str]:
    """Return the codes that the counter would read in each envelope that waits."""
    state = site.state
    folder = make_counter(state.settings, state.database, state.library).folder
    with state.database.reading() as session:
        waiting = session.exec(select(Envelope)).all()
    return [unseal(folder.private(one.box_id) or b"", one.sealed) for one in waiting]


def test_the_experience_goes_along_as_with_a_network(site: Site, world: World) -> None:
    fields = with_band(site, world.anna, sealed_to_locks(site, world.anna), "2")
    assert arrive(site, site.browser(world.anna), fields) == 204
    assert codes_in_the_box(site) == ["aw2b2"]


def test_what_an_answer_says_itself_is_not_changed(site: Site, world: World) -> None:
    fields = with_band(site, world.anna, sealed(site, world.anna, "aw2b1"), "2")
    assert arrive(site, site.browser(world.anna), fields) == 204
    assert codes_in_the_box(site) == ["aw2b1"]


@pytest.mark.parametrize("band", ["9", "", "22", "-", "skip", 2, None, ["2"], {"2": 2}, CODES])
def test_what_is_no_experience_costs_no_answer(site: Site, world: World, band: object) -> None:
    fields = with_band(site, world.anna, sealed_to_locks(site, world.anna), band)
    assert arrive(site, site.browser(world.anna), fields) == 204
    assert codes_in_the_box(site) == ["aw2b-"]


BROKEN_BANDS: dict[str, Fields] = {
    "no hex": {"ervaring_iv": "zz"},
    "no nonce": {"ervaring_iv": ""},
    "zeros": {"ervaring_sealed": "00" * 3016},
    "long": {"ervaring_sealed": "00" * 200_000},
    "off the curve": {"ervaring_van": "04" * 65},
}


@pytest.mark.parametrize("broken", BROKEN_BANDS.values(), ids=BROKEN_BANDS)
def test_an_experience_that_broke_costs_no_answer(site: Site, world: World, broken: Fields) -> None:
    fields = with_band(site, world.anna, sealed_to_locks(site, world.anna), "2") | broken
    assert arrive(site, site.browser(world.anna), fields) == 204
    assert codes_in_the_box(site) == ["aw2b-"]


def test_the_experience_of_somebody_else_never_goes_along(site: Site, world: World) -> None:
    """It lay on a device that two people share."""
    fields = with_band(site, world.bram, sealed_to_locks(site, world.anna), "2")
    assert arrive(site, site.browser(world.anna), fields) == 204
    assert codes_in_the_box(site) == ["aw2b-"]
