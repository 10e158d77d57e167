"""What people type or paste: nothing invisible stays, nothing that is read goes."""

import re
import unicodedata
from pathlib import Path
from string import ascii_letters, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kopkrakers
from kopkrakers.base import typed
from kopkrakers.base.errors import WrongInput

PACKAGE = Path(kopkrakers.__file__).parent
FAMILY = "👨\u200d👩\u200d👧"
RAINBOW = "🏳\ufe0f\u200d🌈"
DOCTOR = "👩🏽\u200d⚕\ufe0f"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
PERSIAN = "می\u200cخواهم"
BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=()),
        st.sampled_from(
            "ae '’`´-–\u00ad\u200b\u200c\u200d\u202e\u2060\ufe0f\ufeff\t\n\x00\x85İıøß👩"
        ),
    )
)


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("Samen\u00adwerking", "Samenwerking"),
        ("klant\u200bmanager", "klantmanager"),
        ("\ufeffBegin", "Begin"),
        ("woord\u2060voeger", "woordvoeger"),
        ("Anna \u202egro.dlrow\u202c", "Anna gro.dlrow"),
        ("bel\x07 en\x00 nul", "bel en nul"),
        ("twee\u00a0\u2003  gaten\u2028regel\tlang", "twee gaten regel lang"),
        ("\uf0b7 punt van Word", "punt van Word"),
        ("ge\udc80knipt", "geknipt"),
        ("e\u0301\u00ade\u0301n", "één"),
        ("“Zo”… – ’s avonds", "“Zo”… – ’s avonds"),
        ("los\u200d \u200ceind\u200d", "los eind"),
        ("a\u200d\u200c\u200db", "a\u200db"),
        ("\U000e0041verstopt\U000e0042", "verstopt"),
        ("\u3164\u2800\u200b", ""),
    ],
)
def test_what_cannot_be_seen_leaves_no_gap(pasted: str, kept: str) -> None:
    assert typed.clean_line(pasted) == kept


@pytest.mark.parametrize(
    "whole", [FAMILY, RAINBOW, DOCTOR, SCOTLAND, PERSIAN, "🫨", "😀👍🏿", "Ζωή"]
)
def test_joined_characters_stay_whole(whole: str) -> None:
    assert typed.clean_line(f" {whole}  {whole} ") == f"{whole} {whole}"
    assert typed.clean_text(f" {whole}\r\n{whole} ") == f"{whole}\n{whole}"


def test_several_lines_keep_their_ends() -> None:
    assert typed.clean_text("\r\n a\u00ad\tb \r\u2028 - c\u200b\x00\n") == "a b\n\n - c"


@given(TEXT)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    for clean in (typed.clean_line, typed.clean_text, typed.fold):
        assert clean(clean(text)) == clean(text)


@given(TEXT)
def test_cleaning_lengthens_no_further_than_composing_does(text: str) -> None:
    longest = len(unicodedata.normalize("NFC", text))
    assert len(typed.clean_line(text)) <= longest
    assert len(typed.clean_text(text)) <= longest


@given(TEXT)
def test_cleaning_never_drops_a_letter_or_digit(text: str) -> None:
    fillers = "\u115f\u1160\u3164\uffa0"
    read = [one for one in unicodedata.normalize("NFC", text) if one.isalnum()]
    seen = [one for one in read if one not in fillers]
    for clean in (typed.clean_line, typed.clean_text):
        assert [one for one in clean(text) if one.isalnum()] == seen


@given(TEXT)
def test_nothing_that_steers_a_screen_or_a_database_is_left(text: str) -> None:
    line = typed.clean_line(text)
    kinds = {unicodedata.category(one) for one in line}
    assert not kinds & {"Cc", "Cs", "Zl", "Zp"}
    assert not any(unicodedata.bidirectional(one) in BIDI for one in line)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Yılmaz", "yilmaz"),
        ("İpek Çağla", "ipek cagla"),
        ("Søren Ærø", "soren aero"),
        ("Åse", "ase"),
        ("Łukasz", "lukasz"),
        ("Đorđe Straße", "dorde strasse"),
        ("Thór Guðmundsdóttir", "gudmundsdottir"),
        ("O’Brien", "o'brien"),
        ("O'Brien", "o’brien"),
        ("O´Brien", "obrien"),
        ("’t Hart", "'t hart"),
        ("'t Hart", "‘t hart"),
        ("d‘Ancona", "D'ANCONA"),
        ("Anne\u00adMarie\u200b", "annemarie"),
        ("Jansen–de Vries", "jansen-de vries"),
        ("Jansen de Vries", "jansen-de"),
        ("Zoë van den Broek", "VAN DEN zoe"),
        ("ﬁets", "fiets"),
    ],
)
def test_names_are_found_as_a_keyboard_has_them(name: str, words: str) -> None:
    assert typed.contains_words(typed.fold(name), words)


def test_names_stand_where_people_look_for_them() -> None:
    names = [
        "Zoë",
        "van den Broek",
        "Özgür",
        "Łukasz",
        "’t Hart",
        "anna de Wit",
        "Anna Berg",
        "Åse",
    ]
    assert typed.by_name(names, str) == [
        "Anna Berg", "anna de Wit", "Åse", "Łukasz", "Özgür", "’t Hart", "van den Broek", "Zoë",
    ]  # fmt: skip


@given(TEXT)
def test_what_is_kept_is_found_as_it_was_typed(text: str) -> None:
    assert typed.fold(typed.clean_line(text)) == typed.fold(text)


@pytest.mark.parametrize(
    "pasted",
    [
        "anna@zaanstad.nl\u200b",
        "\ufeffanna@zaanstad.nl\u2060",
        "mailto:anna@zaanstad.nl",
        "MAILTO:anna%40zaanstad.nl?subject=Dag%20Anna",
        "Anna de Wit <anna@zaanstad.nl>",
        '"Wit, Anna de" <anna@zaanstad.nl>;',
        "<anna@zaanstad.nl>",
        "<mailto:anna@zaanstad.nl>",
        "Anna [mailto:anna@zaanstad.nl]",
        "anna@zaanstad.nl <anna@zaanstad.nl>",
        "anna@zaanstad.nl.",
        "anna@zaanstad.nl; ",
        "‘anna@zaanstad.nl’",
        "“anna@zaanstad.nl”,",
        "(anna@zaanstad.nl)",
        "an\x00na@zaanstad.nl",
        "anna＠zaanstad。nl",
        "an\u00adna@zaanstad.nl",
    ],
)
def test_the_address_is_taken_out_of_what_was_pasted(pasted: str) -> None:
    assert typed.clean_address(pasted) == "anna@zaanstad.nl"


@pytest.mark.parametrize(
    ("pasted", "address"),
    [
        ("o’brien@zaanstad.nl", "o'brien@zaanstad.nl"),
        ("o´brien@zaanstad.nl", "o'brien@zaanstad.nl"),
        ("'t.hart@zaanstad.nl", "'t.hart@zaanstad.nl"),
        ("bo@súdwest-fryslân.nl", "bo@xn--sdwest-frysln-teb26a.nl"),
        ("bo@SU\u0301DWEST-FRYSLÂN.nl", "bo@xn--sdwest-frysln-teb26a.nl"),
        ("bo@xn--sdwest-fryslan-ekb.nl", "bo@xn--sdwest-fryslan-ekb.nl"),
        ("bo@straße.de", "bo@xn--strae-oqa.de"),
        (" Balie+Anna@Zaanstad.NL ", "Balie+Anna@zaanstad.nl"),
    ],
)
def test_an_address_is_kept_as_its_owner_writes_it(pasted: str, address: str) -> None:
    assert typed.clean_address(pasted) == address


@pytest.mark.parametrize(
    ("pasted", "odd"),
    [
        ("anna @zaanstad.nl", "een spatie"),
        ("anna@zaan stad.nl", "een spatie"),
        ("anna,bram@zaanstad.nl", "‘,’"),
        ("rené@zaanstad.nl", "‘é’"),
        ("anna🐈@zaanstad.nl", "‘🐈’"),
        ("anna@zaan_stad.nl", "‘_’"),
        ("anna@zaanstad.nl; bram@zaanstad.nl", "meer dan één @"),
        ("anna@zaanstad.nl Bcc: <bram@zaanstad.nl>", "meer dan één @"),
    ],
)
def test_what_is_odd_in_an_address_is_named(pasted: str, odd: str) -> None:
    with pytest.raises(WrongInput, match=odd) as refused:
        typed.clean_address(pasted)
    assert typed.EXAMPLE in refused.value.sentence


@given(TEXT, TEXT)
def test_an_address_is_kept_once_or_refused(local: str, domain: str) -> None:
    try:
        address = typed.clean_address(f"{local}@{domain}.nl")
    except WrongInput:
        return
    assert address.isascii() and typed.clean_address(address) == address
    assert typed.canonical_address(typed.canonical_address(address)) == (
        typed.canonical_address(address)
    )


_LOCAL = st.text(ascii_letters + digits + ".!#$%&'*/=?^_`{|}~-", min_size=1, max_size=20)


@given(_LOCAL, st.text(ascii_letters + "+.", max_size=8), st.text(ascii_letters, min_size=1))
def test_the_compared_form_is_the_one_that_pseudonyms_are_made_of(
    local: str, tag: str, domain: str
) -> None:
    before = f"{local}@{domain[:60]}.nl".lower()
    pasted = f" {local}+{tag}@{domain[:60]}.nl "
    assert typed.canonical_address(typed.clean_address(pasted)) == before


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("07", 7),
        ("2147483647", 2147483647),
        ("2147483648", None),
        ("9" * 5000, None),
        ("", None),
        ("-1", None),
        ("1.5", None),
        (" 1", None),
        ("²", None),
        ("٣", None),
    ],
)
def test_a_number_is_read_only_where_it_can_be_one(text: str, number: int | None) -> None:
    assert typed.whole_number(text) == number


@pytest.mark.parametrize("text", ["", "\u0301", "\u200d", typed.clean_line("\u2800 \u3164")])
def test_what_shows_nothing_is_no_name_title_or_choice(text: str) -> None:
    assert not typed.is_seen(text)
    assert all(map(typed.is_seen, ("a", "7", "…", FAMILY)))


def test_no_other_module_takes_text_apart() -> None:
    """Whoever cleans or compares what people type does it here, so that all do it alike."""
    elsewhere = {
        path.name
        for path in PACKAGE.rglob("*.py")
        if re.search(r"\bunicodedata\b|\.casefold\(", path.read_text())
    }
    # how strong a password is, is asked of the password and not of a text that was cleaned
    assert elsewhere == {"typed.py", "__init__.py"}
    assert "casefold" in (PACKAGE / "accounts" / "passwords" / "__init__.py").read_text()
