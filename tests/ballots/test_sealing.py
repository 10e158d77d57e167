"""Sealing and signing on their own: what opens, what does not, and what a MAC covers."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from kopkrakers.ballots.sealing import LOOSE_LENGTH, PADDED, PILE_OVERHEAD, pile_sealer, seal
from kopkrakers.base.keys import Keys
from kopkrakers.base.macs import sign, verify_mac
from tests.support.attacks import open_pile, unseal

PRIVATE = PrivateKey.generate()
PUBLIC = bytes(PRIVATE.public_key)
OVERHEAD = 48
"""Bytes that libsodium's sealed box adds: a public key of 32 and a mac of 16."""
KEYS = Keys(b"k" * 40)
codes = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=PADDED)
fields = st.lists(
    st.integers(-9, 99) | st.text("ab1", max_size=3) | st.binary(max_size=2), max_size=3
)


@given(codes)
def test_what_is_sealed_can_be_opened_and_is_always_equally_long(vote: str) -> None:
    sealed = seal(PUBLIC, vote)
    assert len(sealed) == PADDED + OVERHEAD == 64
    assert unseal(bytes(PRIVATE), sealed) == vote


def test_the_same_vote_never_looks_the_same_twice() -> None:
    assert len({seal(PUBLIC, "aw---") for _ in range(50)}) == 50


def test_a_vote_is_padded_with_zero_bytes_to_one_length() -> None:
    assert SealedBox(PRIVATE).decrypt(seal(PUBLIC, "cr3b2")) == b"cr3b2" + b"\0" * 11


@pytest.mark.parametrize("vote", ["a" * (PADDED + 1), "é" * (PADDED // 2 + 1)])
def test_a_vote_that_does_not_fit_is_refused(vote: str) -> None:
    with pytest.raises(ValueError, match=r"^the codes of a vote are too long$"):
        seal(PUBLIC, vote)


def test_a_longer_envelope_is_as_long_for_every_vote_in_it() -> None:
    sealed = [seal(PUBLIC, vote, padded=400) for vote in ("a", "a" * 400, "é" * 200)]
    assert {len(one) for one in sealed} == {400 + OVERHEAD}
    assert unseal(bytes(PRIVATE), sealed[2]) == "é" * 200
    with pytest.raises(ValueError, match="too long"):
        seal(PUBLIC, "a" * 401, padded=400)


@pytest.mark.parametrize("sealed", [b"", b"kort", b"\0" * 64])
def test_what_was_not_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises((CryptoError, ValueError)):
        unseal(bytes(PRIVATE), sealed)


def test_another_key_does_not_open_and_no_bit_can_be_changed() -> None:
    sealed = seal(PUBLIC, "aw---")
    with pytest.raises(CryptoError):
        unseal(bytes(PrivateKey.generate()), sealed)
    for place in range(len(sealed)):
        with pytest.raises(CryptoError):
            unseal(
                bytes(PRIVATE), sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
            )


loose = st.lists(st.text("abcx123-", min_size=LOOSE_LENGTH, max_size=LOOSE_LENGTH), min_size=1)


@given(loose)
def test_a_pile_opens_with_its_key_alone_and_is_as_long_as_what_is_in_it(codes: list[str]) -> None:
    seal_it = pile_sealer(bytes(PRIVATE))
    sealed = seal_it(codes)
    assert len(sealed) == PILE_OVERHEAD + LOOSE_LENGTH * len(codes)
    assert open_pile(bytes(PRIVATE), sealed) == sorted(codes)
    assert seal_it(codes) != sealed
    with pytest.raises(CryptoError):
        open_pile(bytes(PrivateKey.generate()), sealed)


@given(loose.flatmap(lambda codes: st.tuples(st.just(codes), st.permutations(codes))))
def test_a_pile_holds_the_same_in_whatever_order_it_came(
    orders: tuple[list[str], list[str]],
) -> None:
    seal_it = pile_sealer(bytes(PRIVATE))
    one, other = (open_pile(bytes(PRIVATE), seal_it(codes)) for codes in orders)
    assert one == other


def test_no_bit_of_a_pile_can_be_changed() -> None:
    sealed = pile_sealer(bytes(PRIVATE))(["aw", "br"])
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(CryptoError):
            open_pile(bytes(PRIVATE), changed)


def test_a_loose_attribute_of_before_there_were_piles_opens() -> None:
    assert open_pile(bytes(PRIVATE), seal(PUBLIC, "aw")) == ["aw"]


def test_a_vote_is_no_pile_and_a_pile_no_vote() -> None:
    with pytest.raises(CryptoError):
        unseal(bytes(PRIVATE), pile_sealer(bytes(PRIVATE))(["aw"] * 12))


def test_what_is_no_text_does_not_open() -> None:
    with pytest.raises(CryptoError):
        unseal(bytes(PRIVATE), SealedBox(PRIVATE.public_key).encrypt(b"\xff"))


def test_a_mac_is_an_hmac_over_every_field_with_its_length() -> None:
    told = b"\0\0\0\2ab" + b"\0\0\0\00212" + b"\0\0\0\1\xff" + b"\0\0\0\0"
    assert sign(KEYS, "ab", 12, b"\xff", "") == hmac.digest(KEYS.current, told, hashlib.sha256)
    assert len(sign(KEYS)) == 32


@given(fields, fields)
def test_other_fields_have_another_mac(
    one: list[int | str | bytes], other: list[int | str | bytes]
) -> None:
    def written(values: list[int | str | bytes]) -> list[bytes]:
        return [value if isinstance(value, bytes) else str(value).encode() for value in values]

    assert (sign(KEYS, *one) == sign(KEYS, *other)) is (written(one) == written(other))
    assert verify_mac(KEYS, sign(KEYS, *one), *other) is (written(one) == written(other))


def test_fields_that_run_together_are_told_apart() -> None:
    assert sign(KEYS, "ab", "c") != sign(KEYS, "a", "bc")
    assert sign(KEYS, "a", "") != sign(KEYS, "a")


def test_the_former_key_is_accepted_and_never_used_to_sign() -> None:
    turned = Keys(b"n" * 40, (KEYS.current,))
    assert verify_mac(turned, sign(KEYS, "a"), "a")
    assert verify_mac(turned, sign(turned, "a"), "a")
    assert sign(turned, "a") == sign(Keys(b"n" * 40), "a") != sign(KEYS, "a")


@pytest.mark.parametrize("keys", [Keys(b"n" * 40), Keys(b"n" * 40, (b"o" * 40,))])
def test_a_mac_by_a_key_that_is_not_ours_is_refused(keys: Keys) -> None:
    assert not verify_mac(keys, sign(KEYS, "a"), "a")
    assert not verify_mac(keys, b"", "a")
    assert not verify_mac(keys, sign(keys, "a")[:31], "a")
