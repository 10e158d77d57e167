"""Passwords: argon2id, at least twelve characters, nothing that everybody picks."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

from pwdlib import PasswordHash

from kopkrakers.base.errors import WrongInput
from kopkrakers.base.typed import clean_password, fold

SHORTEST = 12
LONGEST = 200
"""Room for a whole sentence; longer only keeps the server busy."""
ENOUGH_OF_ITS_OWN = 6
"""Different letters that must be left of a short password without names and common words."""

_HASHER = PasswordHash.recommended()
_WORD = re.compile(r"[^\W\d_]{3,}")
_OF_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$MDEyMzQ1Njc4OWFiY2RlZg"
    "$CkcCe2qu2gH4GZDxDnMLMUr/IxAzHe3ihJG4pnCFYlQ"
)
"""Stands for an account that does not exist: a guess at any address takes the same work."""
_LIST = Path(__file__).with_name("common_passwords.txt")
_WORDS = re.findall(
    r"\w+",
    """
    wachtwoord password passwort welkom welcome geheim secret hallo hello qwerty azerty asdf zxcvbn
    admin test login gemeente kopkrakers dilemma intervisie klantmanager begeleider stadhuis
    participatie nederland holland lente voorjaar zomer herfst najaar winter summer spring autumn
    vakantie iloveyou ikhouvanjou letmein januari februari maart april juni juli augustus september
    oktober november december maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
    """,
)
_ROWS = (
    "0123456789",
    "9876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
)
_LEET = str.maketrans("@4301!$57", "aaeoiisst")


def hash_password(password: str) -> str:
    """Return the argon2id hash to keep."""
    return _HASHER.hash(clean_password(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether the password belongs to the kept hash; as much work when there is none."""
    right = _HASHER.verify(clean_password(password), kept or _OF_NOBODY)
    return right and kept is not None


# D-176
def check_password(password: str, *about: str | None, field: str = "wachtwoord") -> None:
    """Check that a password is long and hard to guess.

    `about`: name, address and gemeente of its owner.
    Raises: WrongInput with what to do instead.
    """
    password = clean_password(password)
    if len(password) < SHORTEST:
        raise WrongInput(
            f"Maak je wachtwoord langer: minstens {SHORTEST} tekens. Een korte zin is goed.", field
        )
    if len(password) > LONGEST:
        raise WrongInput(f"Maak je wachtwoord korter: hoogstens {LONGEST} tekens.", field)
    if is_common(password) or _is_little_more_than(password, about):
        raise WrongInput(
            "Dit wachtwoord is makkelijk te raden. Kies bijvoorbeeld vier losse woorden.", field
        )


def is_common(password: str) -> bool:
    """Whether many people pick this password.

    It is on the list, repeats one part, follows a row of keys, or is a common word with digits.
    """
    plain = password.casefold()
    return (
        plain in common_passwords()
        or plain.translate(_LEET) in common_passwords()
        or re.fullmatch(r"(.+?)\1+.{0,4}", plain, re.DOTALL) is not None
        or _follows_rows(plain)
        or _is_little_more_than(password, ())
    )


@cache
def common_passwords() -> frozenset[str]:
    """Return the bundled list of long passwords that many people pick."""
    return frozenset(_LIST.read_text("utf-8").split())


def _follows_rows(plain: str) -> bool:
    """Whether at least 80 % of the characters are next to the previous on keyboard or alphabet."""
    rows = "|".join(_ROWS)
    pairs = list(map("".join, pairwise(plain)))
    steps = sum(pair in rows for pair in pairs)
    return steps >= 0.8 * len(pairs)


def _is_little_more_than(password: str, about: tuple[str | None, ...]) -> bool:
    """Whether too little is left once its owner's words and the common words are taken out."""
    known = " ".join(filter(None, about))
    words = set(_WORDS)
    words.update(re.findall(_WORD, known.casefold()))
    words.update(re.findall(_WORD, fold(known)))
    # the long ones first: a short one would leave half of a long one standing
    long_first = sorted(words, key=len, reverse=True)
    plain = password.casefold()
    spellings = (plain, plain.translate(_LEET), fold(password))
    return any(_is_poor_without(long_first, spelled) for spelled in spellings)


def _is_poor_without(words: list[str], password: str) -> bool:
    """Whether a password holds some of these words and little else."""
    rest = password
    for word in words:
        rest = rest.replace(word, "")
    letters = set(filter(str.isalpha, rest))
    return rest != password and len(rest) < SHORTEST and len(letters) < ENOUGH_OF_ITS_OWN
