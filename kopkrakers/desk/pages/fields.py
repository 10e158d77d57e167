"""The form of a card: what each field asks, what it holds, and what the check says of it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from kopkrakers.base.typed import clean_line, clean_text
from kopkrakers.catalogue.cards.card import split_card
from kopkrakers.catalogue.cards.faults import CardFaults, Fault
from kopkrakers.catalogue.cards.front_matter import (
    CHAPTER_WORDS,
    FEWEST_KEYWORDS,
    MOST_KEYWORDS,
)
from kopkrakers.catalogue.cards.seasons import SEASONS
from kopkrakers.catalogue.cards.story import LONGEST_STORY
from kopkrakers.catalogue.cards.yaml_lines import line_of, read_yaml
from kopkrakers.desk.editor.draft import (
    HEAD,
    LISTS,
    NOTES,
    PARTS,
    SAFETY,
    STORY,
    Place,
    Values,
)
from kopkrakers.desk.editor.together import Remark

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FieldQuestion:
    """The question of a field. `limit`: characters at most; `rows`: 0 for one line.

    `choices`: to choose one of, or several where the key is one of `LISTS`. `by_comma`: several
    texts on one line. `needed`: a card cannot do without. `kind`: the type of an input.
    """

    label: str
    hint: str = ""
    limit: int = 0
    rows: int = 0
    choices: Choices = ()
    by_comma: bool = False
    kind: str = "text"
    needed: bool = True


def by_their_words(words: Iterable[str]) -> Choices:
    """Return choices that are kept by the words that are shown."""
    return tuple((word, word) for word in words)


YES_NO: Choices = (("", "Niet gezegd"), ("ja", "ja"), ("nee", "nee"))
GROUNDS: Choices = by_their_words(("wet", "rendement", "betrokkenheid"))
CHAIRS: Choices = (("klantmanager", "klantmanager"), ("leidinggevende", "leidinggevende"))
ONE_A_LINE = "Elke zin op een eigen regel, een tot drie. Hoogstens 160 tekens per zin."
ASKED: Mapping[str, FieldQuestion] = {
    "titel": FieldQuestion("Titel", limit=45),
    "doelgroep": FieldQuestion("Vanaf welke stoel?", choices=CHAIRS),
    "trefwoorden": FieldQuestion(
        "Trefwoorden",
        f"{FEWEST_KEYWORDS} tot {MOST_KEYWORDS}, met komma’s ertussen. Voor de lijst van A tot Z.",
        by_comma=True,
        needed=False,
    ),
    "editie": FieldQuestion(
        "Editie", "Eén hoger als je titel, verhaal, vervolg of werkwijzen verandert.", kind="number"
    ),
    "gecontroleerd_op": FieldQuestion("Nagekeken op", kind="date"),
    "controleren_voor": FieldQuestion("Opnieuw nakijken voor", kind="date", needed=False),
    "raakt_keuze": FieldQuestion(
        "Verandert de wet dan ook de keuze?",
        "Bij ja gaat de kaart van de kalender.",
        choices=YES_NO,
    ),
    "seizoen": FieldQuestion("Seizoen", choices=(("", "Het hele jaar"), *by_their_words(SEASONS))),
    "schatting": FieldQuestion(
        "Schatting",
        "Hoeveel procent kiest elke werkwijze? Samen 100, zoals: 35, 45, 20.",
        by_comma=True,
        needed=False,
    ),
    "herkomst": FieldQuestion(
        "Herkomst", "Waar komt het vandaan, en wat bedacht je erbij?", rows=2
    ),
    "omslag": FieldQuestion("Omslag", "De naam van een tekening, zoals de-trui.svg.", needed=False),
    "verhaal": FieldQuestion(
        "Het verhaal", f"Hoogstens {LONGEST_STORY} woorden. **Vet** mag.", rows=10
    ),
    "label": FieldQuestion("Wat doe je?", limit=45),
    "regel": FieldQuestion("In één regel", limit=120),
    "leunt_op": FieldQuestion("Leunt op", "Een of twee.", choices=GROUNDS),
    "voor": FieldQuestion("Wat spreekt ervoor?", ONE_A_LINE, rows=3),
    "tegen": FieldQuestion("Wat spreekt ertegen?", ONE_A_LINE, rows=3),
    "kop": FieldQuestion("De bewering in gewone woorden", limit=70),
    "tekst": FieldQuestion("Tekst", rows=3, limit=600),
    "toont_niet": FieldQuestion("Wat laat dit niet zien?", rows=2, limit=600),
    "bron": FieldQuestion("Wie zegt dit?", limit=600),
    "artikel": FieldQuestion("Wet en artikel, of de uitspraak", limit=600),
    "datum": FieldQuestion("Datum", "Zoals 2017, 2017-04-24, of: gelezen november 2026."),
    "adres": FieldQuestion("Adres", "Begint met https://. Of vul de vindplaats in.", needed=False),
    "vindplaats": FieldQuestion("Vindplaats", "Als er geen adres is.", needed=False),
    "vragen": FieldQuestion(
        "Vragen voor intervisie",
        "Twee of drie, elk op een eigen regel. De eerste leest iemand ook alleen.",
        rows=4,
    ),
    "wie": FieldQuestion("Van wie komt het nieuwe feit?", limit=40),
    "vraag": FieldQuestion("De vraag", limit=120),
    "waar_terecht": FieldQuestion("Waar kan een klantmanager terecht?", rows=2, limit=600),
    "specialist_gezien": FieldQuestion("Las een specialist mee?", choices=YES_NO),
    "#": FieldQuestion("Notities", "Alleen de redactie leest ze.", rows=3, needed=False),
}
_STRENGTHS: Mapping[str, tuple[str, ...]] = {
    "onderzoek": ("sterk", "matig", "zwak"),
    "wet": ("wettekst", "rechtspraak", "uitleg"),
    "client": ("bron", "duiding"),
}
ANYTHING = re.compile(r".*", re.DOTALL)
FITS = {"date": re.compile(r"\d{4}-\d\d-\d\d"), "number": re.compile(r"\d+")}
"""What a browser shows in an input of a type."""
TITLES: Mapping[Place, tuple[str, str]] = {
    ("werkwijzen",): ("Werkwijzen", "Werkwijze"),
    ("kennis", "onderzoek"): ("Onderzoek", "Onderzoek"),
    ("kennis", "wet"): ("Wet en regels", "Wet"),
    ("kennis", "client"): ("Cliënt", "Cliënt"),
    ("vervolg",): ("Vervolg", "Nieuw feit"),
}
"""The heading of a kind of part, and the name of one."""


@dataclass(frozen=True)
class FieldView:
    """A field as its template gets it. `values`: what is ticked, of a field with several."""

    name: str
    asked: FieldQuestion
    value: str
    values: tuple[str, ...]
    has_several: bool
    faults: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()

    @property
    def has_notes(self) -> bool:
        """Whether the check says something of it."""
        return bool(self.faults or self.advice)


@dataclass(frozen=True)
class SectionView:
    """Fields under one heading. `is_empty`: a part that is not there yet, to be filled in."""

    code: str
    title: str
    fields: tuple[FieldView, ...]
    is_empty: bool = False
    remarks: tuple[Remark, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it stands open: where the check, or a colleague, says something."""
        return bool(self.remarks) or any(field.has_notes for field in self.fields)


def name_of(place: Place) -> str:
    """Return the name of the field at a place: "werkwijzen-1-label"."""
    return "-".join(_steps(place))


def _steps(place: Place) -> list[str]:
    """Return the parts of a place in words: of a list it counts from one, as people do."""
    steps = []
    for part in place:
        if isinstance(part, int):
            part += 1
        steps.append(str(part))
    return steps


def places() -> Iterator[Place]:
    """Yield every place that the form of a card can have, in the order of the form."""
    for key in HEAD:
        yield (key,)
    yield STORY
    for path, of in PARTS.items():
        for number in range(of.most):
            for key in of.keys:
                yield (*path, number, key)
    yield ("vragen",)
    for key in SAFETY:
        yield ("veiligheid", key)
    yield NOTES


def values_from(form: MultiDict[str, str]) -> Values:
    """Return what was sent, cleaned: of a text that goes on over lines, one."""
    values: Values = {}
    for place in places():
        name = name_of(place)
        if name in form:
            values[place] = _cleaned(place, form)
    return values


def _cleaned(place: Place, form: MultiDict[str, str]) -> str | list[str]:
    key, name = str(place[-1]), name_of(place)
    typed = form.get(name, "")
    if place in (STORY, NOTES):
        return clean_text(typed)
    if key not in LISTS:
        return " ".join(clean_text(typed).split())
    asked = ASKED[key]
    if asked.choices:
        chosen = []
        for value in form.getlist(name):
            if value.strip():
                chosen.append(clean_line(value))
        return chosen
    pieces = typed.split(",") if asked.by_comma else typed.splitlines()
    return list(filter(None, map(clean_line, pieces)))


def sections_of(
    values: Values, themes: Sequence[str], notes: Mapping[Place, "Notes"]
) -> tuple[SectionView, ...]:
    """Return the form of a card with these values, and with what the check says beside them."""

    def views(found: Iterable[Place]) -> tuple[FieldView, ...]:
        return tuple(_view(place, values, themes, notes) for place in found)

    sections = [
        SectionView("kaart", "Over de kaart", views((key,) for key in SHOWN_HEAD)),
        SectionView("verhaal", "Verhaal", views([STORY])),
    ]
    for path in PARTS:
        sections += _part_sections(path, values, views)
        if path == ("kennis", "client"):
            sections.append(SectionView("vragen", "Vragen", views([("vragen",)])))
    safety = views(("veiligheid", key) for key in SAFETY)
    is_empty = not any(one.value for one in safety)
    sections.append(SectionView("veiligheid", "Veiligheid", safety, is_empty))
    sections.append(SectionView("notities", "Notities van de redactie", views([NOTES])))
    return tuple(sections)


SHOWN_HEAD = tuple(key for key in HEAD if key != "ingetrokken")
"""Withdrawing has a button of its own; what stands there is kept."""


def _part_sections(path: Place, values: Values, views: Any) -> Iterator[SectionView]:
    """Yield the parts of one kind that are there, and an empty one where one more may be."""
    of = PARTS[path]
    filled = set()
    for place in values:
        if place[: len(path)] == path and values[place]:
            filled.add(place[len(path)])
    count = max((int(number) + 1 for number in filled), default=0)
    _, name = TITLES[path]
    for number in range(min(count + 1, of.most)):
        fields = views((*path, number, key) for key in of.keys)
        yield SectionView(
            name_of((*path, number)), f"{name} {number + 1}", fields, is_empty=number not in filled
        )


def _view(
    place: Place, values: Values, themes: Sequence[str], notes: Mapping[Place, "Notes"]
) -> FieldView:
    key = str(place[-1])
    asked = _asked(place, themes)
    value = values.get(place, "")
    several: tuple[str, ...] = (value,) if isinstance(value, str) else tuple(value)
    if asked.choices:
        # a value that somebody wrote in the text and that cannot be chosen is not lost either
        known = dict(asked.choices)
        unknown = []
        for one in several:
            if one and one not in known:
                unknown.append(one)
        asked = replace(asked, choices=(*asked.choices, *by_their_words(unknown)))
    if isinstance(value, list):
        value = ", ".join(value) if asked.by_comma else "\n".join(value)
    elif value and not FITS.get(asked.kind, ANYTHING).fullmatch(value):
        # a browser empties a field of days in which something else stands
        asked = replace(asked, kind="text")
    own_notes = notes.get(place, Notes())
    return FieldView(
        name_of(place), asked, value, several, key in LISTS, own_notes.faults, own_notes.advice
    )


def _asked(place: Place, themes: Sequence[str]) -> FieldQuestion:
    key = str(place[-1])
    if key == "thema":
        return FieldQuestion("Thema", choices=(("", "Kies een thema"), *by_their_words(themes)))
    if key == "sterkte":
        strengths = _STRENGTHS[str(place[1])]
        return FieldQuestion("Hoe sterk?", choices=(("", "Kies"), *by_their_words(strengths)))
    if key == "tekst" and place[0] == "vervolg":
        return FieldQuestion("Het nieuwe feit", f"Hoogstens {CHAPTER_WORDS} woorden.", rows=3)
    return ASKED[key]


@dataclass(frozen=True)
class Notes:
    """The faults of one field and the advice on it, as sentences."""

    faults: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()


def notes_on(
    text: str, faults: Sequence[Fault], advice: Sequence[Fault]
) -> tuple[dict[Place, Notes], list[Fault]]:
    """Return what the check says by the field that it is about, and the faults of no field."""
    lines = _lines_of(text)
    notes_by_place: dict[Place, Notes] = {}
    loose = []
    for is_fault, told in ((True, faults), (False, advice)):
        for fault in told:
            place, sentence = _place_of(fault, lines)
            if place is None:
                if is_fault:
                    loose.append(fault)
                continue
            notes = notes_by_place.get(place, Notes())
            if is_fault:
                notes = Notes((*notes.faults, sentence), notes.advice)
            else:
                notes = Notes(notes.faults, (*notes.advice, sentence))
            notes_by_place[place] = notes
    return notes_by_place, loose


def _place_of(fault: Fault, lines: Sequence[tuple[int, Place]]) -> tuple[Place | None, str]:
    """Return the field of a fault, by the words before its sentence or else by its line."""
    where, colon, sentence = fault.sentence.partition(": ")
    best: Place | None = None
    for place in places() if colon else ():
        words = " › ".join(_steps(place))
        # a fault of a whole part stands at its first field, one of a line of a list at the list
        if where == words or where.startswith(f"{words} › "):
            return place, sentence
        if best is None and words.startswith(f"{where} › "):
            best = place
    if best is not None:
        return best, sentence
    # the last field that begins before the line, or on it
    for line, place in lines:
        if line <= fault.line:
            best = place
    return best, fault.sentence


def _lines_of(text: str) -> list[tuple[int, Place]]:
    """Return the line on which each field begins, in order."""
    try:
        parts = split_card(text)
        raw = read_yaml(parts.front, first_line=2)
    except CardFaults:
        return []
    lines = []
    for place in places():
        part: Any = raw
        try:
            for step in place:
                part = part[step]
        except (KeyError, IndexError, TypeError):
            continue
        lines.append((2 + line_of(raw, place), place))
    lines.append((parts.story_line, STORY))
    return sorted(lines, key=lambda line: line[0])
