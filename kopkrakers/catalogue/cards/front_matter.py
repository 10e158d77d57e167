"""The fields above the story of a card and their rules; `kaart.schema.json` is made from them."""

import re
from datetime import date
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from kopkrakers.base.typed import fold

WHOLE = 100
"""Percents that the estimate of a card adds up to."""
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
HTML = re.compile(r"<\s*[a-zA-Z/!?]")
SCRIPT = re.compile(r"(?:java|vb)script\s*:|\bdata:[a-z]+/", re.IGNORECASE)
MARKDOWN_LINK = re.compile(r"\]\s*\(|!\[")
DATE_TEXT = r"^(\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?|(?=.*\b\d{4}\b).*[a-z].*)$"
"""A year, month or day, or words with a year in them ("gelezen november 2026")."""


def wrong(sentence: str) -> PydanticCustomError:
    """Return a fault whose words are a Dutch sentence already."""
    return PydanticCustomError("zin", sentence)


def plain(text: str) -> str:
    """Return the text when it fits on a page as it is: no HTML, script, link or line break."""
    if CONTROL_CHARACTER.search(text):
        raise wrong("Hier staat een onzichtbaar teken. Typ de tekst opnieuw.")
    if HTML.search(text):
        raise wrong("Gebruik geen HTML. Haal de tekens < en > weg.")
    if SCRIPT.search(text):
        raise wrong("Gebruik geen adres met ‘javascript:’ of ‘data:’.")
    if MARKDOWN_LINK.search(text):
        raise wrong("Gebruik hier geen link of plaatje. Een adres hoort bij ‘adres’.")
    if "\n" in text:
        raise wrong("Zet dit op één regel, zonder lege regel ertussen.")
    return text


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s\"'<>\\]", text):
        raise wrong(
            "Begin het adres met https:// en gebruik geen spaties. "
            "Geen adres? Gebruik ‘vindplaats’."
        )
    return text


def _date_text(value: object) -> object:
    # a year without quotes is a number for YAML; True is an int for Python
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not _is_dated(value.strip()):
        raise wrong(
            'Schrijf de datum als "2017", "2017-04", "2017-04-24" of kort met een jaartal erin.'
        )
    return plain(value.strip())


def _is_dated(text: str) -> bool:
    if not re.fullmatch(DATE_TEXT, text) or len(text) > 40:
        return False
    is_whole = re.fullmatch(r"[\d-]{10}", text) is not None
    if is_whole:
        # the pattern takes 31 February
        try:
            date.fromisoformat(text)
        except ValueError:
            return False
    return True


def _whole_date(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip()):
        raise wrong("Schrijf de datum als jaar-maand-dag, bijvoorbeeld 2026-11-21.")
    return value.strip()


def _yes_or_no(value: object) -> object:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word not in ("ja", "nee"):
        raise wrong("Schrijf hier ja of nee.")
    return word == "ja"


def _different(values: list[str]) -> list[str]:
    if len(set(values)) < len(values):
        raise wrong("Hier staat twee keer hetzelfde. Haal er één weg.")
    return values


def _at_most(characters: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=characters)


FEWEST_KEYWORDS = 3
MOST_KEYWORDS = 6
"""Of one card, where it has any."""
MOST_CHAPTERS = 3
"""Of one card."""
LAST_EDITION = 9999
"""Of the words of a card; the column that keeps it takes no number of any length."""
CHAPTER_WORDS = 60
"""Of the text of a chapter, at most."""


def _short_enough(text: str) -> str:
    words = len(text.split())
    if words > CHAPTER_WORDS:
        raise wrong(f"Dit zijn {words} woorden. Maak er hoogstens {CHAPTER_WORDS} van.")
    return text


Ground = Literal["wet", "rendement", "betrokkenheid"]
Title = Annotated[str, _at_most(45), AfterValidator(plain)]
Line = Annotated[str, _at_most(120), AfterValidator(plain)]
Argument = Annotated[str, _at_most(160), AfterValidator(plain)]
Heading = Annotated[str, _at_most(70), AfterValidator(plain)]
Body = Annotated[str, _at_most(600), AfterValidator(plain)]
Address = Annotated[str, _at_most(500), AfterValidator(plain), AfterValidator(_address)]
Keyword = Annotated[str, _at_most(30), AfterValidator(plain)]
WholeDate = Annotated[date, BeforeValidator(_whole_date)]
DateText = Annotated[
    str,
    BeforeValidator(_date_text),
    WithJsonSchema({"type": ["string", "integer"], "pattern": DATE_TEXT}),
]
YesNo = Annotated[
    bool, BeforeValidator(_yes_or_no), WithJsonSchema({"enum": ["ja", "nee", True, False]})
]


class CardFields(BaseModel):
    """Fields of a card: Dutch keys only, and no other keys beside them."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Werkwijze(CardFields):
    """One option."""

    model_config = ConfigDict(
        json_schema_extra={"description": "Eén verdedigbare manier van doen."}
    )

    label: Title = Field(description="Wat je doet, liefst beginnend met ‘Ik’ of een naam.")
    line: Line = Field(alias="regel", description="Eén regel die zegt waarom of hoe.")
    leans_on: Annotated[list[Ground], AfterValidator(_different)] = Field(
        alias="leunt_op", min_length=1, max_length=2, description="Waar deze werkwijze op leunt."
    )
    arguments_for: list[Argument] = Field(
        alias="voor", min_length=1, max_length=3, description="Wat ervoor pleit."
    )
    arguments_against: list[Argument] = Field(
        alias="tegen", min_length=1, max_length=3, description="Wat ertegen pleit."
    )


class KnowledgeItem(CardFields):
    """A piece of knowledge: a claim, its text, its date, and where it can be found."""

    heading: Heading = Field(alias="kop", description="De bewering in gewone woorden.")
    text: Body = Field(alias="tekst", description="Een tot drie korte zinnen.")
    date: DateText = Field(
        alias="datum", description="Jaar of datum van de bron, tussen aanhalingstekens."
    )
    address: Address | None = Field(
        default=None, alias="adres", description="Het webadres van de bron."
    )
    place: Body | None = Field(
        default=None, alias="vindplaats", description="Waar het staat als er geen adres is."
    )

    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        if self.address is None and self.place is None:
            raise wrong("Deze bron heeft geen ‘adres’ en geen ‘vindplaats’. Vul er één in.")
        return self


class Onderzoek(KnowledgeItem):
    """Knowledge from research."""

    model_config = ConfigDict(
        json_schema_extra={"description": "Wat onderzoek laat zien, en wat niet."}
    )

    not_shown: Body = Field(alias="toont_niet", description="Wat dit onderzoek niet laat zien.")
    source: Body = Field(alias="bron", description="Wie het schreef en hoe het heet.")
    strength: Literal["sterk", "matig", "zwak"] = Field(alias="sterkte")


class Wet(KnowledgeItem):
    """Knowledge from law."""

    model_config = ConfigDict(
        json_schema_extra={"description": "Wat de wet zegt, in eigen woorden."}
    )

    source: Body = Field(alias="artikel", description="Wet en artikel, of de uitspraak.")
    strength: Literal["wettekst", "rechtspraak", "uitleg"] = Field(alias="sterkte")


class Client(KnowledgeItem):
    """Knowledge from clients."""

    model_config = ConfigDict(json_schema_extra={"description": "Hoe de cliënt het meemaakt."})

    source: Body = Field(alias="bron", description="Wie dit zegt, of ‘Lezing van de redactie’.")
    strength: Literal["bron", "duiding"] = Field(alias="sterkte")


class Kennis(CardFields):
    """The three kinds of knowledge."""

    model_config = ConfigDict(
        json_schema_extra={"description": "Kennis uit onderzoek, wet en van cliënten."}
    )

    research: list[Onderzoek] = Field(alias="onderzoek", min_length=1, max_length=3)
    law: list[Wet] = Field(alias="wet", min_length=1, max_length=4)
    client: list[Client] = Field(alias="client", min_length=1, max_length=2)


class Veiligheid(CardFields):
    """The place to turn to when someone is in danger."""

    model_config = ConfigDict(
        json_schema_extra={"description": "Alleen bij geweld, misbruik, kinderen of misdrijf."}
    )

    where: Body = Field(alias="waar_terecht", description="Waar een klantmanager terechtkan.")
    specialist_seen: YesNo = Field(
        alias="specialist_gezien", description="Heeft een specialist meegelezen?"
    )


class Hoofdstuk(CardFields):
    """A chapter: somebody brings a new fact, after which the same options are chosen between."""

    model_config = ConfigDict(
        json_schema_extra={"description": "Een nieuw feit na de eerste keuze, en een vraag."}
    )

    voice: Annotated[str, _at_most(40), AfterValidator(plain)] = Field(
        alias="wie", description="Van wie het nieuwe feit komt, bijvoorbeeld ‘De buurvrouw’."
    )
    text: Annotated[Body, AfterValidator(_short_enough)] = Field(
        alias="tekst", description=f"Wat er nu bij komt, in hoogstens {CHAPTER_WORDS} woorden."
    )
    question: Line = Field(alias="vraag", description="De vraag waarmee mensen opnieuw kiezen.")


class FrontMatter(CardFields):
    """All fields of a card."""

    model_config = ConfigDict(
        title="Dilemmakaart",
        json_schema_extra={"description": "De kop van een dilemmakaart van Kopkrakers."},
    )

    title: Title = Field(alias="titel", description="De titel van de kaart.")
    theme: Title = Field(alias="thema", description="Een van de thema’s in themas.yaml.")
    audience: Annotated[
        # D-23
        list[Literal["klantmanager", "leidinggevende"]], AfterValidator(_different)
    ] = Field(alias="doelgroep", min_length=1, description="Voor wie de kaart is.")
    keywords: Annotated[list[Keyword], AfterValidator(_different)] | None = Field(
        default=None,
        alias="trefwoorden",
        min_length=FEWEST_KEYWORDS,
        max_length=MOST_KEYWORDS,
        description="Drie tot zes woorden uit trefwoorden.yaml, voor de lijst van A tot Z.",
    )
    edition: int = Field(
        alias="editie",
        ge=1,
        le=LAST_EDITION,
        strict=True,
        description="Eén hoger bij elke andere woordkeus.",
    )
    checked_on: WholeDate = Field(
        alias="gecontroleerd_op", description="Dag waarop de feiten zijn nagekeken."
    )
    recheck_on: WholeDate | None = Field(
        default=None,
        alias="controleren_voor",
        description="Dag waarvoor ze opnieuw moeten worden nagekeken.",
    )
    touches_choice: YesNo | None = Field(
        default=None,
        alias="raakt_keuze",
        description="ja: verandert de wet op ‘controleren_voor’, dan verandert de keuze mee.",
    )
    season: Literal["vakantiegeld", "1-januari", "kou", "kerst", "schooljaar", "ramadan"] | None = (
        Field(
            default=None,
            alias="seizoen",
            description="De weken van het jaar waarin de kaart wordt gepland.",
        )
    )
    estimate: list[Annotated[int, Field(ge=0, le=100, strict=True)]] | None = Field(
        default=None,
        alias="schatting",
        description="Hoeveel procent elke werkwijze kiest, geschat door de redactie.",
    )
    origin: Body = Field(
        alias="herkomst", description="Waar het dilemma vandaan komt en wat erbij is bedacht."
    )
    cover: str | None = Field(
        default=None,
        alias="omslag",
        pattern=r"^[a-z0-9-]+\.svg$",
        description="Tekening naast de kaart (svg).",
    )
    withdrawn: YesNo = Field(
        default=False, alias="ingetrokken", description="ja: de kaart is meteen overal weg."
    )
    options: list[Werkwijze] = Field(alias="werkwijzen", min_length=2, max_length=4)
    knowledge: Kennis = Field(alias="kennis")
    questions: list[Body] = Field(
        alias="vragen", min_length=2, max_length=3, description="Vragen voor intervisie."
    )
    chapters: list[Hoofdstuk] = Field(
        default=[],
        alias="vervolg",
        max_length=MOST_CHAPTERS,
        description="Nieuwe feiten, een voor een: de werkdagen erna, of in een sessie.",
    )
    safety: Veiligheid | None = Field(default=None, alias="veiligheid")

    @field_validator("options")
    @classmethod
    def _options_differ(cls, options: list[Werkwijze]) -> list[Werkwijze]:
        if len({fold(option.label) for option in options}) < len(options):
            raise wrong(
                "Twee werkwijzen hebben hetzelfde label. Geef elke werkwijze een eigen label."
            )
        if len({frozenset(option.leans_on) for option in options}) == 1:
            raise wrong(
                "Alle werkwijzen leunen op hetzelfde. Laat er minstens één op iets anders leunen."
            )
        return options

    @model_validator(mode="after")
    def _estimate_is_whole(self) -> "FrontMatter":
        if self.estimate is None:
            return self
        if len(self.estimate) != len(self.options) or sum(self.estimate) != WHOLE:
            raise wrong(
                "schatting: zet bij elke werkwijze een getal, in de volgorde van de kaart. "
                "Samen zijn ze 100."
            )
        return self

    @field_validator("recheck_on")
    @classmethod
    def _recheck_comes_later(cls, day: date | None, info: ValidationInfo) -> date | None:
        if day is not None and day <= info.data.get("checked_on", date.min):
            raise wrong("Deze dag moet na ‘gecontroleerd_op’ liggen.")
        return day
