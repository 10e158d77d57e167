"""One secret gives a key for each use, and none of them gives another away."""

from pydantic import SecretStr

from kopkrakers.base.config import Settings
from kopkrakers.base.keys import Use, derive, hkdf, keys_for


def test_hkdf_is_that_of_the_standard() -> None:
    """Test case 1 of RFC 5869, its first 32 bytes."""
    okm = hkdf(b"\x0b" * 22, salt=bytes(range(0x0D)), info=bytes(range(0xF0, 0xFA)))
    assert okm.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"


def test_every_use_and_every_secret_has_a_key_of_its_own() -> None:
    keys = {derive(secret, use) for use in Use for secret in (b"een", b"twee")}
    assert len(keys) == 2 * len(Use)


def test_former_secrets_are_accepted_where_something_carries_them(settings: Settings) -> None:
    rotated = settings.model_copy(
        update={
            "secret_previous": SecretStr("v" * 40),
            "secret_key": SecretStr("k" * 40),
            "mac_key": SecretStr("m" * 40),
            "mac_key_previous": SecretStr("o" * 40),
        }
    )
    former = {use: keys_for(use, rotated).previous for use in Use}
    raw_macs, raw_cookies = (b"m" * 40, b"o" * 40), (b"k" * 40,)
    of_first_edition = {
        Use.ROWS: raw_macs,
        Use.ADDRESSES: raw_macs,
        Use.COOKIES: raw_cookies,
        Use.WISHES: raw_cookies,
    }
    for use in Use:
        assert former[use] == (derive(b"v" * 40, use), *of_first_edition.get(use, ()))
        assert keys_for(use, settings).previous == ()
