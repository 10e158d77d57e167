"""Which passwords are good enough, and how they are kept."""

import pytest
from pwdlib import PasswordHash

from kopkrakers.accounts import passwords
from kopkrakers.base.errors import WrongInput

ABOUT = ("Anna de Vries", "anna.devries@zaanstad.nl", "Zaanstad")


@pytest.mark.parametrize(
    "password",
    [
        "fiets kameel wolk dak",
        "Kx8#qLp2vT9w",
        "839201746528",
        "🐈 in de wasmachine",
        "nul\x00teken halverwege",
        "x" + "yz " * 66,
        "welkom vreemde paraplu",
        "paraplu hamster paraplu",
    ],
)
def test_long_passwords_of_ones_own_are_fine(password: str) -> None:
    passwords.check_password(password, *ABOUT)


@pytest.mark.parametrize(
    ("password", "what"), [("", "langer"), ("Kx8#qLp2vT9", "langer"), ("ab cd" * 41, "korter")]
)
def test_too_short_or_too_long_says_how_long(password: str, what: str) -> None:
    with pytest.raises(WrongInput, match=what) as refused:
        passwords.check_password(password, *ABOUT)
    assert refused.value.field == "wachtwoord"


@pytest.mark.parametrize(
    "password",
    [
        "wachtwoord123",
        "W@chtw00rd123",
        "Welkom2026!!",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "🐈🐈🐈🐈🐈🐈🐈🐈🐈🐈🐈🐈",
        "123456789012",
        "qwertyuiop99",
        "1qaz2wsx3edc",
        "Zaanstad2026",
        "annadevries1",
        "Anna83920174",
        "correcthorsebatterystaple",
        "wijkenwijken2026",
        "Dringend-Dringend-",
    ],
)
def test_what_others_guess_first_is_refused(password: str) -> None:
    with pytest.raises(WrongInput, match="makkelijk te raden"):
        passwords.check_password(password, *ABOUT)


def test_the_bundled_list_holds_only_what_would_be_long_enough() -> None:
    listed = passwords.common_passwords()
    assert len(listed) > 300
    assert min(map(len, listed)) >= passwords.SHORTEST
    assert all(word == word.casefold() for word in listed)


def test_a_hash_is_argon2id_and_matches_its_password_alone(real_hashes: None) -> None:
    kept = passwords.hash_password("fiets kameel wolk dak")
    assert kept.startswith("$argon2id$") and "fiets" not in kept
    assert passwords.matches("fiets kameel wolk dak", kept)
    assert not passwords.matches("fiets kameel wolk dal", kept)
    assert not passwords.matches("fiets kameel wolk dak", None)


def test_the_hash_of_nobody_costs_as_much_as_a_real_one(real_hashes: None) -> None:
    assert not PasswordHash.recommended().current_hasher.check_needs_rehash(passwords._OF_NOBODY)
    assert not passwords.matches("niemand", None)


def test_characters_that_look_the_same_are_the_same(real_hashes: None) -> None:
    assert passwords.matches(
        "cafe\u0301 kameel wolk", passwords.hash_password("caf\u00e9 kameel wolk")
    )


@pytest.mark.parametrize("password", ["lukasz-yilmaz-1", "Łukasz-Yılmaz-1", "LUKASZ1obrien2"])
def test_a_name_is_easy_to_guess_also_with_plain_letters(password: str) -> None:
    with pytest.raises(WrongInput, match="makkelijk te raden"):
        passwords.check_password(password, "Łukasz Yılmaz O’Brien")
