"""A set of stellingen: one data file, checked like a card. Adding a set is adding a file."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from kopkrakers.base.config import asset_folder
from kopkrakers.base.typed import fold
from kopkrakers.catalogue.cards.card import is_slug
from kopkrakers.catalogue.cards.faults import CardFaults, Fault
from kopkrakers.catalogue.cards.front_matter import (
    Address,
    Body,
    CardFields,
    DateText,
    Line,
    Title,
    WholeDate,
    YesNo,
    plain,
    wrong,
)
from kopkrakers.catalogue.cards.yaml_lines import parse_model, read_utf8

LONGEST = 90
"""Characters of a stelling: what stands on a scherm of 1280 pixels wide in letters of 60."""
FEWEST_STELLINGEN, MOST_STELLINGEN = 3, 8
"""Of one set."""


def _code(text: str) -> str:
    if not is_slug(text):
        raise wrong("Gebruik kleine letters, cijfers en losse streepjes, bijvoorbeeld meer-ruimte.")
    return text


class Stelling(CardFields):
    """One sentence, what the begeleider must know of it, and a question for after the vote."""

    code: Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_code)] = Field(
        alias="code",
        description="Vaste naam van de stelling. Andere woorden? Dan ook een andere code.",
    )
    text: Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(plain)] = Field(
        alias="tekst", description="Eén zin waar je het mee eens of oneens kunt zijn."
    )
    explanation: Annotated[str, Field(min_length=1, max_length=300), AfterValidator(plain)] = Field(
        alias="toelichting", description="Wat de begeleider erbij kan zeggen, vóór het stemmen."
    )
    question: Line = Field(alias="vraag", description="Vraag voor het gesprek na de cijfers.")
    of_the_day: YesNo = Field(
        default=False,
        alias="van_de_dag",
        description="ja: ook op een werkdag, voor wie hem alleen leest op een telefoon.",
    )


class StellingenSet(CardFields):
    """Three to eight stellingen on one subject, with where they come from."""

    name: Title = Field(alias="naam")
    audience: list[Literal["klantmanager", "leidinggevende"]] = Field(
        alias="doelgroep", min_length=1
    )
    checked_on: WholeDate = Field(alias="gecontroleerd_op")
    origin: Body = Field(
        alias="herkomst", description="Waar de stellingen vandaan komen en wat erbij is bedacht."
    )
    source: Body = Field(alias="bron", description="Wie het schreef en hoe het heet.")
    date: DateText = Field(alias="datum")
    address: Address | None = Field(default=None, alias="adres")
    place: Body | None = Field(default=None, alias="vindplaats")
    stellingen: list[Stelling] = Field(
        alias="stellingen", min_length=FEWEST_STELLINGEN, max_length=MOST_STELLINGEN
    )

    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        if self.address is None and self.place is None:
            raise wrong("Deze bron heeft geen ‘adres’ en geen ‘vindplaats’. Vul er één in.")
        return self

    @model_validator(mode="after")
    def _stellingen_differ(self) -> Self:
        # the same sentence twice in a session is a second vote: the difference between the two
        # totals would be the choice of whoever came or left
        codes = {stelling.code for stelling in self.stellingen}
        texts = {fold(stelling.text) for stelling in self.stellingen}
        if len(codes) < len(self.stellingen):
            raise wrong("Twee stellingen hebben dezelfde code. Geef elke stelling een eigen code.")
        if len(texts) < len(self.stellingen):
            raise wrong("Twee stellingen zijn hetzelfde. Haal er één weg.")
        return self


def stellingen_folder() -> Path:
    """Return the folder of the sets."""
    return asset_folder("stellingen")


def read_set(path: Path) -> StellingenSet:
    """Return one set from its file.

    Raises: CardFaults, every fault with its line.
    """
    return parse_set(read_utf8(path))


# an edition keeps the whole set, and the sets of several editions may be one text
@lru_cache(maxsize=64)
def parse_set(source: str) -> StellingenSet:
    """Return the set in a text. Raises: CardFaults, every fault with its line."""
    return parse_model(source, StellingenSet)


# they are part of the product and change with a release only
@lru_cache(maxsize=1)
def stellingen_sets() -> dict[str, StellingenSet]:
    """Return all sets by slug, in the order of their names."""
    sets = {}
    for path in stellingen_folder().glob("*.yaml"):
        sets[path.stem] = read_set(path)
    return dict(sorted(sets.items(), key=lambda named: named[1].name))


def faults_in(path: Path) -> Sequence[Fault]:
    """Return what is wrong with one file; empty when it can be used."""
    if not is_slug(path.stem):
        return [Fault(0, "Gebruik in de bestandsnaam kleine letters, cijfers en losse streepjes.")]
    try:
        read_set(path)
    except CardFaults as error:
        return error.faults
    return []


def faults_together(paths: Sequence[Path]) -> list[str]:
    """Return what is wrong with sets that are right one by one: a stelling that stands in two."""
    codes: dict[str, str] = {}
    texts: dict[str, str] = {}
    faults = []
    for path in paths:
        for stelling in read_set(path).stellingen:
            # a code is what an answer is counted under, whatever set it was read from
            first = codes.setdefault(stelling.code, path.name)
            if first != path.name:
                faults.append(f"{path.name}: de code {stelling.code} staat ook in {first}.")
            # under another code it would be counted as if nobody had ever answered it
            same = texts.setdefault(fold(stelling.text), path.name)
            if same not in (path.name, first):
                faults.append(f"{path.name}: ‘{stelling.text}’ staat ook in {same}.")
    return faults


def new_set(today: date) -> str:
    """Return an empty set: every field is there, and `check` names the ones that are empty."""
    empty = """  - code:                 # vaste naam, bijvoorbeeld meer-ruimte
    tekst:                # één zin, hoogstens 90 tekens
    toelichting:
    vraag:
    van_de_dag: nee       # ja: ook op een werkdag, zonder begeleider
"""
    return f"""naam:
doelgroep: [klantmanager]
gecontroleerd_op: {today.isoformat()}
herkomst:
bron:
datum:                    # tussen aanhalingstekens: "2017" of "2017-06-15"
vindplaats:               # of adres
stellingen:               # drie tot acht
{empty * 3}"""
