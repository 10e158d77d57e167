"""A CSV with people, as spreadsheets and people make them: read, or each fault by its line."""

import pytest

from kopkrakers.accounts.bulk.reading import (
    MOST_LINES,
    FaultyLines,
    FileLine,
    read_lines,
    read_pasted,
)
from kopkrakers.accounts.models import Role

HEAD = "gemeente;team;naam;adres;rollen\r\n"
ANNA = "Zaanstad;Team Noord;Anna;anna@zaanstad.nl;klantmanager\r\n"


def faults_of(text: str | bytes) -> list[tuple[int, str]]:
    """The faults of a file, each with its line."""
    with pytest.raises(FaultyLines) as refused:
        read_lines(text.encode() if isinstance(text, str) else text)
    return [(fault.line, fault.sentence) for fault in refused.value.faults]


@pytest.mark.parametrize(
    "content",
    [
        (HEAD + ANNA).encode(),
        (HEAD + ANNA).encode("utf-8-sig"),
        (HEAD + ANNA).encode("utf-16"),
        (HEAD + ANNA).replace(";", ",").encode(),
        (HEAD + ANNA).replace(";", "\t").encode(),
        ("sep=;\r\n" + HEAD + ANNA).encode(),
        (HEAD + "\r\n;;;;\r\n" + ANNA).encode(),
        (HEAD + ANNA).replace("\r\n", "\n").rstrip().encode(),
        b"Naam;E-mail;GEMEENTE;Team\nAnna;Anna <anna@zaanstad.nl>;Zaanstad;Team Noord\n",
        b'gemeente;team;naam;adres\nZaanstad;"Team\nNoord";"Anna";anna@zaanstad.nl\n',
    ],
)
def test_one_person_is_read_however_a_spreadsheet_wrote_it(content: bytes) -> None:
    (line,) = read_lines(content)
    assert (line.gemeente, line.team, line.name) == ("Zaanstad", "Team Noord", "Anna")
    assert line.address == "anna@zaanstad.nl"
    assert line.roles == {Role.KLANTMANAGER}


def test_roles_may_stand_between_commas_spaces_or_a_plus() -> None:
    for roles in ("Begeleider, klantmanager", "begeleider+klantmanager", "begeleider klantmanager"):
        (line,) = read_lines(f"{HEAD}Zaanstad;;Anna;a@z.nl;{roles}".encode())
        assert line.roles == {Role.BEGELEIDER, Role.KLANTMANAGER}


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+31",
        "-x",
        "@SUM(A1)",
        " =cmd|' /C calc'!A0",
        "\t=1",
        "\u200b=1+1",
        "\u202e\ufeff@SUM(A1)",
        "\u00a0+31",
        "\x01-x",
        "\uff1d1+1",
    ],
)
def test_a_formula_is_a_fault_wherever_it_stands(cell: str) -> None:
    text = f"{HEAD}{ANNA}Zaanstad;;{cell};b@z.nl;\r\nZaanstad;{cell};Bram;c@z.nl;\r\n"
    found = faults_of(text)
    assert [line for line, _ in found] == [3, 4]
    assert all("formule" in sentence for _, sentence in found)


def test_the_same_address_in_another_spelling_is_a_double() -> None:
    text = f"{HEAD}{ANNA}Zaanstad;;Anna;ANNA+werk@zaanstad.nl;\r\n"
    assert faults_of(text) == [(3, "Dit adres staat ook op regel 2. Zet iemand er één keer in.")]


def test_every_fault_is_named_by_its_line_and_none_hides_another() -> None:
    text = (
        f"{HEAD}"
        ";;Anna;anna@z.nl;\r\n"
        "Zaanstad;;;bram@z.nl;\r\n"
        "Zaanstad;;Chris;chris;\r\n"
        "Zaanstad;;Dewi;dewi@z.nl;koning\r\n"
        "Zaanstad;;Farid;farid@z.nl;onderzoeker, klantmanager\r\n"
        "Zaanstad;Farid;f@z.nl\r\n"
        f"Zaanstad;;{'n' * 81};g@z.nl;\r\n"
    )
    found = faults_of(text)
    assert [line for line, _ in found] == [2, 3, 4, 5, 6, 7, 8]
    said = " ".join(sentence for _, sentence in found)
    for words in ("gemeente ontbreekt", "Vul een naam in", "rol bestaat niet", "3 vakken"):
        assert words in said


def test_lines_are_counted_as_an_editor_does_also_after_a_cell_of_two_lines() -> None:
    text = f'{HEAD}Zaanstad;"Team\nNoord";Anna;anna@z.nl;\r\n\r\nZaanstad;;Bram;bram;\r\n'
    assert [line for line, _ in faults_of(text)] == [5]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "ontbreekt"),
        (HEAD.encode(), "geen mensen"),
        (b"naam;gemeente\nAnna;Zaanstad", "‘adres’ ontbreekt"),
        (b"naam;gemeente;adres;bsn\nAnna;Zaanstad;a@z.nl;1", "‘bsn’ kennen we niet"),
        (b"naam;gemeente;adres;email\n", "‘adres’ staat er twee keer"),
        ((HEAD + "Zaanstad;;Ren\xe9e;r@z.nl;").encode("latin-1"), "CSV UTF-8"),
        ((HEAD + 'Zaanstad;;"Anna;a@z.nl;').encode(), "aanhalingsteken"),
        ((HEAD + ANNA).encode("utf-16-le"), "CSV UTF-8"),
        ((HEAD + ANNA).encode("utf-32"), "CSV UTF-8"),
        ((HEAD + ANNA).encode("utf-16")[:-1], "CSV UTF-8"),
        ((HEAD + "Zaanstad;;An\0na;a@z.nl;").encode(), "CSV UTF-8"),
        (b"\0" * 1000, "CSV UTF-8"),
        ((HEAD + "Zaanstad;;" + "x" * 10_000 + ";a@z.nl;").encode(), "korter"),
        ((HEAD + "Zaanstad;;Anna;" + "x" * 10_000 + "@z.nl;").encode(), "heel mailadres"),
        ((HEAD + 'Zaanstad;;Anna;"a@z.nl\nBcc: b@z.nl";').encode(), "meer dan één @"),
        (b";" * 100_000, "‘adres’ ontbreekt"),
        (b"PK\x03\x04" + bytes(range(256)), "CSV UTF-8"),
        ((HEAD + "Zaanstad;;" + "x" * 200_000 + ";a@z.nl;").encode(), "niet"),
    ],
)
def test_a_file_that_is_none_of_this_is_told_what_to_do(content: bytes, words: str) -> None:
    assert any(words in sentence for _, sentence in faults_of(content))


def test_there_is_an_end_to_a_file() -> None:
    lines = [f"Zaanstad;;P;p{number}@z.nl;\n" for number in range(MOST_LINES + 2)]
    assert [line for line, _ in faults_of(HEAD + "".join(lines))] == [MOST_LINES + 2]


def pasted(text: str) -> list[FileLine]:
    return read_pasted(text.encode(), "Zaanstad", set(Role))


@pytest.mark.parametrize(
    "text",
    [
        "Anna <anna@z.nl>; Smit, Gerda <gerda@z.nl>",
        'Anna <anna@z.nl>, "Smit, Gerda" <gerda@z.nl>,\r\n',
        "Anna <anna@z.nl>\r\nSmit, Gerda <gerda@z.nl>\r\n",
        "\n Anna  <anna@z.nl>;\n'Smit, Gerda' <gerda@z.nl>;",
    ],
)
def test_receivers_of_a_mail_may_be_pasted_as_a_mail_program_copies_them(text: str) -> None:
    found = [(line.number, line.name, line.address) for line in pasted(text)]
    assert found == [(1, "Anna", "anna@z.nl"), (2, "Smit, Gerda", "gerda@z.nl")]


def test_a_mail_address_in_a_cell_stays_in_its_cell() -> None:
    (line,) = pasted("Anna; Anna op het werk <anna@z.nl>; Team Noord")
    assert (line.name, line.address, line.team) == ("Anna", "anna@z.nl", "Team Noord")


def test_a_line_without_its_separator_is_told_what_to_put_there() -> None:
    with pytest.raises(FaultyLines) as refused:
        pasted("Anna; anna@z.nl\nBram, bram@z.nl\nChris <chris@z.nl>\nDewi")
    faults = [(fault.line, fault.sentence) for fault in refused.value.faults]
    assert [line for line, _ in faults] == [2, 3, 4]
    between = "Zet een puntkomma tussen de naam en het werkadres."
    assert [sentence == between for _, sentence in faults] == [True, True, False]


def test_a_formula_among_receivers_is_a_fault() -> None:
    with pytest.raises(FaultyLines, match="kloppen regels niet"):
        pasted("=cmd <anna@z.nl>; Bram <bram@z.nl>")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n" * 100_000,
        b"PK\x03\x04 a workbook",
        bytes(range(256)) * 50,
        (HEAD + ANNA.replace("Anna", "A\0B")).encode(),
        (HEAD + ANNA.replace("Anna", "x" * 1_000_000)).encode(),
        (HEAD + ";" * 1_000_000).encode(),
        (";" * 1_000_000 + "\nx").encode(),
        (HEAD + ANNA.replace("Anna", '"Anna')).encode(),
        (HEAD + ANNA.replace("Anna", "René")).encode("latin-1"),
        (HEAD + ANNA).encode("utf-16")[:-1],
    ],
    ids=range(11),
)
def test_an_absurd_file_is_a_few_faults_in_short_sentences(content: bytes) -> None:
    faults = faults_of(content)
    assert 0 < len(faults) <= 10
    for _line, sentence in faults:
        assert sentence.isprintable() and 10 < len(sentence) < 400
        assert not any(word in sentence for word in ("codec", "Error", "field larger"))


def test_what_turns_a_line_around_is_taken_out_of_a_name_and_an_address() -> None:
    turned = ANNA.replace("Anna", "An\u202ena").replace("anna@", "an\u202ena@")
    (line,) = read_lines((HEAD + turned).encode())
    assert (line.name, line.address) == ("Anna", "anna@zaanstad.nl")
