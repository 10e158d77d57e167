"""Text that people type or paste: cleaned, compared, sorted and searched in one way.

`clean_line` and `clean_text` make the text that is kept and shown. `fold` makes the form in which
texts are compared, sorted and searched; it is never shown. `clean_address` and `canonical_address`
do the same for mail addresses.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from itertools import filterfalse
from typing import TypeVar
from urllib.parse import unquote

from kopkrakers.base.db import LARGEST_ID
from kopkrakers.base.errors import WrongInput

Item = TypeVar("Item")

LONGEST_ADDRESS = 254
EXAMPLE = "Vul een heel mailadres in, zoals naam@gemeente.nl."

# not "//elsewhere": browsers read that as another site
_OWN = re.compile(r"/(?!/)[\w\-./~%?=&]*", re.ASCII)
_WITHOUT_QUERY = re.compile(r"/(?!/)[\w\-./~%]*", re.ASCII)
# Nobody sees these, and a word goes on after them: they leave no gap.
_SOFT_HYPHEN = "\u00ad"
_ZERO_WIDTH = "\u200b\u2060-\u2064\ufeff\u180e"
_BIDI_CONTROL = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"
# Whitespace among the control characters (tab, line ends, \x1c-\x1f, \x85) is a gap and stays here.
_CONTROL = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff"
_PLACEHOLDER = "\ufff0-\ufffc\ufffe\uffff"
_FILLER = "\u115f\u1160\u17b4\u17b5\u3164\uffa0"
"""Letters by name that show nothing at all; alone they would be an empty name."""
_INVISIBLE = re.compile(
    f"[{_SOFT_HYPHEN}{_ZERO_WIDTH}{_BIDI_CONTROL}{_CONTROL}{_PLACEHOLDER}{_FILLER}]"
)
# Tag characters belong to a flag (Scotland, Wales); anywhere else they hide text.
_FLAG_OR_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|[\U000e0000-\U000e007f]")
# What fonts of one program draw (Word's bullets), and the Braille pattern without a dot.
_GAP = re.compile("[\ue000-\uf8ff\u2800]")
_JOINERS = "\u200c\u200d"
# A joiner that joins nothing: at an end, beside a space, or a second one.
_LOOSE_JOINER = re.compile(f"(?<![^\\s{_JOINERS}])[{_JOINERS}]+|[{_JOINERS}]+(?=\\s|$)")
_TAB = re.compile("[\t\x1f]")
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")

_APOSTROPHES = "'’‘‛ʼʻʽʹʿʾ`´′‵＇ꞌ"
_QUOTES = '"“”„‟«»‹›'
_DASHES = "‐‑‒–—―−﹘﹣－⁃"
# Letters that no normal form takes apart. As in passports (ICAO 9303) where that is one letter.
_PLAIN_LETTERS = {
    "ı": "i", "ȷ": "j", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th",
    "ħ": "h", "ŧ": "t", "ŋ": "n", "ə": "e", "ǝ": "e", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y",
    "ɛ": "e", "ɔ": "o", "ɨ": "i", "ʉ": "u", "ƒ": "f", "ĸ": "q",
}  # fmt: skip
_FOLDED = str.maketrans(
    _PLAIN_LETTERS | dict.fromkeys(_APOSTROPHES + _QUOTES + _JOINERS) | dict.fromkeys(_DASHES, "-")
)
_VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")

_NOT_IN_ADDRESS = re.compile(f"[{_JOINERS}\ufe00-\ufe0f]")
_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
_ADDRESS = re.compile(rf"[A-Za-z0-9.!#$%&'*/=?^_`{{|}}~+-]{{1,64}}@{_DOMAIN}")
_ODD_IN_LOCAL = re.compile(r"[^A-Za-z0-9.!#$%&'*/=?^_`{|}~+-]")
_ODD_IN_DOMAIN = re.compile(r"[^a-z0-9.-]")
_MAILTO = re.compile(r"mailto:([^?\s>\]]*)(?:\?[^>\]\s]*)?", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[<\[]([^<>\[\]]*@[^<>\[\]]*)[>\]]")
_APOSTROPHE = re.compile(f"[{_APOSTROPHES.replace('`', '')}]")


# D-48
def clean_line(typed: str) -> str:
    """Return one line of typed text: nothing invisible, single spaces, joiners and emoji whole."""
    line = " ".join(_without_invisible(typed).split())
    return unicodedata.normalize("NFC", _joined(line))


def clean_text(typed: str) -> str:
    """Return typed text of several lines, cleaned as `clean_line` does, with its line ends."""
    lines = _without_invisible(_LINE_END.sub("\n", typed)).split("\n")
    text = "\n".join(_joined(_TAB.sub(" ", line).rstrip()) for line in lines)
    return unicodedata.normalize("NFC", text.strip())


def _without_invisible(text: str) -> str:
    text = _FLAG_OR_TAGS.sub(lambda match: match[1] or "", text)
    return _GAP.sub(" ", _INVISIBLE.sub("", text))


def _joined(line: str) -> str:
    """Return a line in which each joiner stands alone between two characters."""
    return _LOOSE_JOINER.sub("", line)


def is_seen(text: str) -> bool:
    """Whether a text shows anything: a letter, a digit, a sign or an emoji."""
    return any(unicodedata.category(character)[0] in "LNPS" for character in text)


def clean_code(typed: str, longest: int) -> str:
    """Return a typed code in capitals, without the spaces and dashes that people put in.

    Of a whole address that was pasted, the code is the last part.
    """
    plain = unicodedata.normalize("NFKC", typed).upper().strip().rstrip("/").rpartition("/")[2]
    return "".join(filter(str.isalnum, plain))[:longest]


def in_fours(code: str, between: str = "-") -> str:
    """Return a code as people copy it: in groups of four characters."""
    groups = []
    for start in range(0, len(code), 4):
        groups.append(code[start : start + 4])
    return between.join(groups)


def clean_password(typed: str) -> str:
    """Return a password as every keyboard gives it. Nothing else is cleaned: each sign counts."""
    return unicodedata.normalize("NFC", typed)


def fold(text: str) -> str:
    """Return the form in which texts are compared, sorted and searched.

    Capitals, accents, apostrophes, quotes, kinds of dash and what is invisible make no difference.
    A tussenvoegsel keeps its place, for names start with the first name: "van den Broek" stands at
    the V and "’t Hart" at the T. Names are kept in this form (`User.sort_name`): whoever changes it
    writes a migration that folds them anew.
    """
    if not (text.isascii() and text.isprintable()):
        # Apostrophes first: NFKD would make a space of "´".
        text = _VARIATION.sub("", _without_invisible(text)).translate(_FOLDED)
        decomposed = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(filterfalse(unicodedata.combining, decomposed))
    folded = text.casefold().translate(_FOLDED)
    return " ".join(folded.split())


def folded_words(words: str) -> list[str]:
    """Return the folded words of what was typed to search by.

    A dash parts words here, so that "jansen-de vries" finds "Jansen de Vries".
    """
    return fold(words).replace("-", " ").split()


def contains_words(folded: str, words: str) -> bool:
    """Whether every word occurs in a folded text, also as part of a longer word."""
    return all(word in folded for word in folded_words(words))


def whole_number(text: str) -> int | None:
    """Return the number from 0 to `LARGEST_ID` that a text is; None for every other text.

    Only the digits 0 to 9, and not more of them than that: Python refuses to read thousands.
    """
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(LARGEST_ID)):
        return None
    number = int(text)
    if number <= LARGEST_ID:
        return number
    return None


def by_name(items: Iterable[Item], name: Callable[[Item], str]) -> list[Item]:
    """Return the items in the order in which people look for their names."""
    return sorted(items, key=lambda item: (fold(name(item)), name(item)))


def clean_address(typed: str, field: str = "adres") -> str:
    """Return the mail address in what was typed or pasted: what is kept, shown and mailed.

    The domain is in lower case and in ASCII (punycode). The part before it stays as it was typed,
    with its `+tag`: only the owner of a mailbox knows which differences count there.
    Raises: WrongInput when there is no address in it; an odd character is named.
    """
    pasted = _pasted_address(typed)
    local, at, domain = pasted.rpartition("@")
    address = local + at + ascii_domain(domain)
    if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address) or local[0] == "+":
        raise WrongInput(_refusal(pasted), field)
    return address


# D-47
def canonical_address(address: str) -> str:
    """Return the form in which addresses are compared: in lower case and without a tag.

    So nobody has two. The pseudonym of an address is computed from this form: changing it breaks
    every pseudonym that is kept.
    """
    local, at, domain = address.lower().rpartition("@")
    return local.partition("+")[0] + at + domain


def differs_in_capitals_alone(address: str, other: str) -> bool:
    """Whether two addresses are one but for capitals, so with the same tag."""
    return address.lower() == other.lower()


def is_domain(domain: str) -> bool:
    """Whether an address can end in this domain, in ASCII."""
    return re.fullmatch(_DOMAIN, domain.lower()) is not None


def ascii_domain(domain: str) -> str:
    """Return a domain as mail servers know it: lower case, each label in ASCII.

    Not by the codec of Python, which follows IDNA 2003 and would turn ß into ss: another domain.
    A label with anything but letters, digits and dashes stays as it is, to be refused.
    """
    domain = unicodedata.normalize("NFKC", domain.lower().replace("。", "."))
    return ".".join(map(_ascii_label, domain.split(".")))


def _ascii_label(label: str) -> str:
    kinds = {unicodedata.category(character)[0] for character in label.replace("-", "")}
    if label.isascii() or not kinds <= set("LMN"):
        return label
    return "xn--" + label.encode("punycode").decode()


def _pasted_address(typed: str) -> str:
    """Return the address without what came along: a name, brackets, `mailto:`, quotes."""
    text = clean_line(_MAILTO.sub(lambda match: unquote(match[1]), typed))
    text = _APOSTROPHE.sub("'", _NOT_IN_ADDRESS.sub("", text))
    text = unicodedata.normalize("NFKC", text)
    in_brackets = set(_IN_BRACKETS.findall(text))
    if len(in_brackets) == 1:
        (address,) = in_brackets
        # Outlook writes "a@b.nl <a@b.nl>"; another address beside it is refused further on.
        if text.count("@") == text.count(address):
            text = address
    text = text.strip(f"{_QUOTES} <>[]()")
    stripped = text.rstrip(f".,;:'{_QUOTES} )]>")
    # A name may begin with an apostrophe ('t.hart@…), unless a second one closes it.
    if "'" in text[len(stripped) :]:
        return stripped.lstrip("' ")
    return stripped


def _refusal(pasted: str) -> str:
    if pasted.count("@") > 1:
        return f"Hier staat meer dan één @. {EXAMPLE}"
    local, _, domain = pasted.rpartition("@")
    odd = _ODD_IN_LOCAL.search(local) or _ODD_IN_DOMAIN.search(ascii_domain(domain))
    if "@" not in pasted or odd is None:
        return EXAMPLE
    if odd[0].isspace():
        name = "een spatie"
    else:
        name = f"het teken ‘{odd[0]}’"
    return f"In dit adres staat {name}. Dat kan niet. {EXAMPLE}"


def is_own_path(path: str) -> bool:
    """Whether this is a path of this site, without a query."""
    return _WITHOUT_QUERY.fullmatch(path) is not None


def own_path(wished: str | None) -> str:
    """Return the path that was asked for; today's dilemma when it is none of this site."""
    if wished and _OWN.fullmatch(wished):
        return wished
    return "/"
