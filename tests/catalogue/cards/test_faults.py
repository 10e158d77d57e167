"""Every fault names its line and says what to do."""

import re

import pytest

from kopkrakers.catalogue.cards.yaml_lines import DEEPEST
from tests.catalogue.card_text import RIGHT, changed, faults_in, line_of

FAULTS = [
    ("thema: Werk en verdringing\n", "", 2, "thema: Dit ontbreekt. Voeg ‘thema: …’ toe."),
    ("titel: Eén", "titels: Eén", 2, "titels: Dit veld bestaat niet. Bedoel je ‘titel’?"),
    (
        "    regel: De regel",
        "    regels: De regel",
        10,
        "werkwijzen › 1 › regels: Dit veld bestaat niet. Bedoel je ‘regel’?",
    ),
    (
        "thema: Werk en verdringing",
        "thema: Werk",
        3,
        "thema: ‘Werk’ is onbekend. Kies uit: Werk en verdringing, Samen",
    ),
    (
        "vragen:",
        f"vervolg:\n  - wie: Ina\n    tekst: {'woord ' * 61}\n    vraag: En nu?\nvragen:",
        line_of("vragen:") + 2,
        "vervolg › 1 › tekst: Dit zijn 61 woorden. Maak er hoogstens 60 van.",
    ),
    ("editie: 1", "editie: 0", 5, "editie: Dit getal begint bij 1."),
    (
        "editie: 1",
        'editie: "1"',
        5,
        "editie: Schrijf hier een heel getal, zonder aanhalingstekens.",
    ),
    ("titel: Eén plek, twee mensen", "titel:", 2, "titel: Vul dit in; het is nu leeg."),
    (
        "titel: Eén plek, twee mensen",
        f"titel: {'lang ' * 10}",
        2,
        "titel: Maak dit korter: hoogstens 45 tekens, nu 49.",
    ),
    (
        "titel: Eén plek, twee mensen",
        "titel: 250",
        2,
        "titel: Schrijf hier tekst. Zet een getal tussen aanhalingstekens.",
    ),
    (
        "doelgroep: [klantmanager]",
        "doelgroep: [burger]",
        4,
        "doelgroep › 1: Kies uit 'klantmanager' of 'leidinggevende'.",
    ),
    (
        "doelgroep: [klantmanager]",
        "doelgroep: klantmanager",
        4,
        "doelgroep: Maak hier een lijst van",
    ),
    ("2026-11-21\n", "21 november\n", 6, "gecontroleerd_op: Schrijf de datum als jaar-maand-dag"),
    ("2026-11-21\n", "2026-13-21\n", 6, "gecontroleerd_op: Schrijf de datum als jaar-maand-dag"),
    ("2026-11-21\n", "2026\n", 6, "gecontroleerd_op: Schrijf de datum als jaar-maand-dag"),
    (
        "leunt_op: [wet]",
        "leunt_op: [gevoel]",
        11,
        "werkwijzen › 1 › leunt_op › 1: Kies uit 'wet', 'rendement' of",
    ),
    (
        "leunt_op: [wet]",
        "leunt_op: [wet, wet]",
        11,
        "werkwijzen › 1 › leunt_op: Hier staat twee keer hetzelfde.",
    ),
    (
        "voor: [Iedereen krijgt hetzelfde.]",
        "voor: []",
        12,
        "werkwijzen › 1 › voor: Minstens 1, nu 0.",
    ),
    (
        '      datum: "2020"\n',
        "",
        26,
        "kennis › onderzoek › 1 › datum: Dit ontbreekt. Voeg ‘datum: …’ toe.",
    ),
    (
        'datum: "2020"',
        'datum: "2020-02-30"',
        30,
        "kennis › onderzoek › 1 › datum: Schrijf de datum als",
    ),
    ('datum: "2020"', "datum: ooit", 30, "kennis › onderzoek › 1 › datum: Schrijf de datum als"),
    (
        "      adres: https://voorbeeld.nl/onderzoek\n",
        "",
        26,
        "Deze bron heeft geen ‘adres’ en geen ‘vindplaats’.",
    ),
    ("adres: https://voorbeeld.nl/wet", "adres: voorbeeld.nl", 38, "Begin het adres met https://"),
    (
        "adres: https://voorbeeld.nl/wet",
        "adres: javascript:alert(1)",
        38,
        "Gebruik geen adres met ‘javascript:’",
    ),
    (
        "sterkte: zwak",
        "sterkte: bron",
        32,
        "kennis › onderzoek › 1 › sterkte: Kies uit 'sterk', 'matig' of 'zwak'.",
    ),
    ("      toont_niet: Dat het bij iedereen zo is.\n", "", 26, "toont_niet: Dit ontbreekt."),
    ("tekst: Gemeten bij", "tekst: <b>Gemeten</b> bij", 27, "Gebruik geen HTML."),
    (
        "tekst: Gemeten bij",
        "tekst: Gemeten [hier](https://x.nl) bij",
        27,
        "Gebruik hier geen link of plaatje.",
    ),
    ("tekst: Gemeten bij", "tekst: '[Gemeten](https://x.nl) bij", 27, "geen geldige YAML"),
    (
        "  - Wat weegt bij jou het zwaarst?",
        "  - Oefen: wat weegt bij jou?",
        48,
        "Zet deze tekst tussen aanhalingstekens",
    ),
    (
        "label: Ik doe het anders",
        "label: ik doe het zo",
        8,
        "Twee werkwijzen hebben hetzelfde label.",
    ),
    ("editie: 1", "editie: 1\ntitel: Nog een", 6, "Deze sleutel staat er twee keer."),
    (
        "herkomst: Verzonnen",
        "herkomst: Zie: Verzonnen",
        7,
        "Zet de tekst tussen aanhalingstekens, want er staat ‘: ’ in.",
    ),
    ("    regel: De regel", "\tregel: De regel", 10, "Hier staat een tab."),
    (
        "editie: 1",
        "editie: 1\nomslag: ../geheim.svg",
        6,
        "omslag: Schrijf de naam van een svg-bestand",
    ),
    ("editie: 1", "editie: 1\ningetrokken: misschien", 6, "ingetrokken: Schrijf hier ja of nee."),
    (
        "editie: 1",
        "editie: 1\ncontroleren_voor: 2026-01-01",
        6,
        "controleren_voor: Deze dag moet na ‘gecontroleerd_op’ liggen.",
    ),
    (
        "editie: 1",
        "editie: 1\nschatting: [60, 41]",
        2,
        "schatting: zet bij elke werkwijze een getal, in de volgorde van de kaart.",
    ),
    ("editie: 1", "editie: 1\nseizoen: zomer", 6, "seizoen: "),
    ("editie: 1", "editie: 1\nraakt_keuze: soms", 6, "raakt_keuze: Schrijf hier ja of nee."),
    ("editie: 1", "editie: 10000", 5, "editie: Dit getal gaat tot en met 9999."),
    ("editie: 1", f"editie: {'9' * 5000}", 5, "Dit getal is te lang: hoogstens 18 cijfers."),
    ("editie: 1", f"editie: 0x{'f' * 5000}", 5, "Dit getal is te lang: hoogstens 18 cijfers."),
    ('datum: "2020"', f"datum: {'2' * 5000}", 30, "Dit getal is te lang"),
    ("leunt_op: [wet]", f"leunt_op: [-{'9' * 5000}]", 11, "Dit getal is te lang"),
    ("editie: 1", "editie: 1\nschatting: [101, 1]", 6, "Dit getal gaat tot en met 100."),
    ("editie: 1", "editie: 1\nschatting: [-1, 1]", 6, "Dit getal begint bij 0."),
    ("editie: 1", "editie: !!int x", 5, "Gebruik geen ! vooraan."),
    ("leunt_op: [wet]", "leunt_op: [!!bool x]", 11, "Gebruik geen ! vooraan."),
    ("editie: 1", "editie: 1\n<<: {a: b}", 6, "Gebruik geen <<."),
    ("herkomst: Verzonnen", "herkomst: Verzonnen\x07", 7, "Hier staat een onzichtbaar teken."),
    ("herkomst: Verzonnen", 'herkomst: "\\U00110000"', 7, "Achter \\U staat geen teken"),
    ("titel: Eén plek, twee mensen", 'titel: "\\ud800"', 2, "titel: Hier staat een onzichtbaar"),
    ("**Sam** zit", "# Sam zit", 51, "Zet geen kop in het verhaal."),
    ("**Sam** zit", "[Sam](https://x.nl) zit", 51, "Zet geen link in het verhaal."),
    ("**Sam** zit", "<script>alert(1)</script> Sam zit", 51, "Gebruik geen HTML in het verhaal."),
    ("**Sam** zit", "![Sam](x.png) zit", 51, "Zet geen plaatje in het verhaal."),
    ("Hij wil vandaag", "- Hij wil vandaag", 53, "Zet geen lijst in het verhaal."),
    (
        "Hij wil vandaag",
        "Kijk op www.voorbeeld.nl. Hij wil vandaag",
        53,
        "Zet geen link in het verhaal.",
    ),
    ("Hij wil vandaag", "Hij wil\x00 vandaag", 53, "Hier staat een onzichtbaar teken."),
]


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    FAULTS,
    ids=[fault[1][:30] or fault[0][:30] for fault in FAULTS],
)
def test_a_fault_names_its_line_and_what_to_do(
    old: str, new: str, line: int, sentence: str
) -> None:
    found = faults_in(changed(old, new))
    assert any(sentence in fault.sentence and line == fault.line for fault in found), found


@pytest.mark.parametrize("number", [1, 5])
def test_a_card_has_two_to_four_options(number: int) -> None:
    first, end = RIGHT.index("  - label: Ik doe het zo"), RIGHT.index("kennis:")
    one = RIGHT[first : RIGHT.index("  - label: Ik doe het anders")]
    text = (
        RIGHT[:first]
        + "".join(one.replace("Ik doe het zo", f"Ik kies {i}") for i in range(number))
        + RIGHT[end:]
    )
    told = {1: "Minstens 2, nu 1.", 5: "Hoogstens 4, nu 5."}[number]
    (fault,) = (fault for fault in faults_in(text) if fault.sentence == f"werkwijzen: {told}")
    assert fault.line == line_of("werkwijzen:", text)


def test_options_that_all_lean_alike_are_refused() -> None:
    text = RIGHT.replace("[rendement]", "[wet]").replace("[betrokkenheid]", "[wet]")
    assert ["leunen op hetzelfde" in fault.sentence for fault in faults_in(text)] == [True]


def test_a_story_has_at_most_130_words() -> None:
    text = RIGHT[: RIGHT.index("**Sam**")]
    assert faults_in(text + "woord " * 130) == ()
    (fault,) = faults_in(text + "woord " * 131)
    assert (fault.line, fault.sentence) == (
        51,
        "Het verhaal heeft 131 woorden. Kort het in tot hoogstens 130.",
    )


def test_a_card_without_a_story_is_refused() -> None:
    (fault,) = faults_in(RIGHT[: RIGHT.index("**Sam**")])
    assert "Het verhaal ontbreekt" in fault.sentence


@pytest.mark.parametrize(
    "text", ["", "Geen kop", "---\ntitel: x\n", "---\n- a\n---\nVerhaal", "---\n---\nVerhaal"]
)
def test_a_file_without_front_matter_is_a_fault_and_no_crash(text: str) -> None:
    assert faults_in(text)


@pytest.mark.parametrize(
    "front",
    ["titel: [", "titel: 'x", "titel: \x00", "a: &a [*a]", "? {a: b}\n: c", "titel: !!python/x y"],
)
def test_broken_yaml_is_a_fault_and_no_crash(front: str) -> None:
    assert faults_in(f"---\n{front}\n---\nVerhaal")


ABSURD = [
    "9" * 5000,
    "0x" + "f" * 5000,
    "0o" + "7" * 9000,
    "1e" + "9" * 5000,
    *(f"!!{tag} x" for tag in ("int", "float", "bool", "binary", "set", "omap", "seq", "python/x")),
    "!x y",
    "\x07",
    "\ufeff",
    "\ud800",
    '"\\U00110000"',
    '"\\ud800"',
    ".nan",
    "=",
    "[" * 5000,
]


# the name of an exception tells a writer nothing
@pytest.mark.parametrize("value", ABSURD, ids=range(len(ABSURD)))
@pytest.mark.parametrize("place", ["editie: 1", 'datum: "2020"', "titel: Eén plek", "Hij wil"])
def test_no_fault_ends_in_the_name_of_an_exception(place: str, value: str) -> None:
    key = place.split(":")[0]
    new = f"{key}: {value}" if ":" in place else value
    for fault in faults_in(changed(place, new)):
        assert not re.search(r"Error|Exception|YAML:", fault.sentence), fault


@pytest.mark.parametrize("layers", [DEEPEST + 1, 5000])
def test_what_lies_too_deep_is_refused_before_it_is_gone_into(layers: int) -> None:
    (fault,) = faults_in(f"---\ntitel: {'[' * layers}{']' * layers}\n---\nVerhaal")
    assert fault.line == 2
    assert f"meer dan {DEEPEST} lagen in elkaar" in fault.sentence


def test_every_fault_is_told_at_once() -> None:
    text = (
        changed("titel: Eén plek, twee mensen", "titel:")
        .replace("sterkte: zwak", "sterkte: hm")
        .replace("**Sam**", "# Sam")
    )
    assert [fault.line for fault in faults_in(text)] == [2, 32, 51]


def test_a_file_name_that_does_not_fit_an_address_is_a_fault() -> None:
    (fault,) = faults_in(RIGHT, slug="Een plek")
    assert "kleine letters" in fault.sentence


def test_a_file_that_is_far_too_long_is_refused() -> None:
    (fault,) = faults_in(RIGHT + "x" * 40_000)
    assert "te lang" in fault.sentence
