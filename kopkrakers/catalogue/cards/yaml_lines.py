"""YAML 1.2 with the line of every key, and pydantic's faults as Dutch sentences on those lines."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path as FilePath
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import Composer
from ruamel.yaml.constructor import DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, ScalarEvent
from ruamel.yaml.nodes import Node
from ruamel.yaml.reader import ReaderError

from kopkrakers.catalogue.cards.faults import CardFaults, Fault

Path = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)
EMPTY = "Vul dit in; het is nu leeg."
_INVISIBLE = "Hier staat een onzichtbaar teken. Typ de regel opnieuw."
_NO_SUCH_CHARACTER = "Achter \\U staat geen teken dat bestaat. Typ het teken zelf."
_TAG = "Gebruik geen ! vooraan. Zet de tekst tussen aanhalingstekens."
_MERGE = "Gebruik geen <<. Schrijf elk veld op een eigen regel."
_TOO_LONG_A_NUMBER = (
    "Dit getal is te lang: hoogstens {digits} cijfers. "
    "Is het tekst, zet het dan tussen aanhalingstekens."
)
_SENTENCES = {
    "string_type": "Schrijf hier tekst. Zet een getal tussen aanhalingstekens.",
    "string_too_short": EMPTY,
    "string_too_long": "Maak dit korter: hoogstens {max_length} tekens, nu {length}.",
    "string_pattern_mismatch": (
        "Schrijf de naam van een svg-bestand: kleine letters, cijfers en streepjes."
    ),
    "list_type": (
        "Maak hier een lijst van: elk onderdeel op een eigen regel met een streepje ervoor."
    ),
    "too_short": "Minstens {min_length}, nu {actual_length}.",
    "too_long": "Hoogstens {max_length}, nu {actual_length}.",
    "literal_error": "Kies uit {expected}.",
    "model_type": "Hier horen velden onder elkaar, met spaties ervoor.",
    "model_attributes_type": "Hier horen velden onder elkaar, met spaties ervoor.",
    "int_type": "Schrijf hier een heel getal, zonder aanhalingstekens.",
    "int_parsing": "Schrijf hier een heel getal, zonder aanhalingstekens.",
    "greater_than_equal": "Dit getal begint bij {ge}.",
    "less_than_equal": "Dit getal gaat tot en met {le}.",
    "string_unicode": _INVISIBLE,
}
"""By pydantic's name of a fault; the names in braces are from its context."""
_DATE = "Schrijf de datum als jaar-maand-dag, bijvoorbeeld 2026-11-21."
_OTHER = "Dit klopt niet. In docs/redactie.md staat hoe het hoort."
DEEPEST = 10
"""Levels of lists and fields within each other, at most; a card needs four."""
LONGEST_NUMBER = 18
"""Characters of a number, at most. Python refuses to write one of more than 4,300 digits."""


class _RefusedYaml(YAMLError):
    """YAML that is valid, and that we do not take. `line` counts from 0."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line
        self.sentence = sentence


class FlatComposer(Composer):
    """Composes YAML of a few levels, without anchors and aliases: those make much out of little."""

    _depth = 0

    def compose_node(self, parent: Any, index: Any) -> Node:
        """Return the next node. Raises: _Refused, a YAMLError, before going into anything deep."""
        # "billion laughs": a few aliases of aliases unfold to more than fits in memory, and deep
        # nesting exhausts the stack; a card needs neither
        event = self.parser.peek_event()
        line = event.start_mark.line
        if isinstance(event, AliasEvent) or event.anchor is not None:
            raise _RefusedYaml(
                line, "Gebruik geen & of * vooraan. Zet de tekst tussen aanhalingstekens."
            )
        # a tag makes YAML read a text as something that it is not
        if event.tag is not None:
            raise _RefusedYaml(line, _TAG)
        if isinstance(event, ScalarEvent) and event.value == "<<" and event.implicit[0]:
            raise _RefusedYaml(line, _MERGE)
        if self._depth > DEEPEST:
            raise _RefusedYaml(
                line, f"Hier staan meer dan {DEEPEST} lagen in elkaar. Maak het platter."
            )
        self._depth += 1
        try:
            node: Node = super().compose_node(parent, index)
            return node
        finally:
            self._depth -= 1


class _CardConstructor(RoundTripConstructor):
    """Leaves dates as they are written: a day that does not exist is then a fault with a line.

    Makes no number of what is far too long for one.
    """

    def construct_short_int(self, node: Node) -> Any:
        """Return a whole number. Raises: _Refused, when it is longer than any that is needed."""
        if len(node.value) > LONGEST_NUMBER:
            sentence = _TOO_LONG_A_NUMBER.format(digits=LONGEST_NUMBER)
            raise _RefusedYaml(node.start_mark.line, sentence)
        return self.construct_yaml_int(node)


_CardConstructor.add_constructor("tag:yaml.org,2002:timestamp", lambda _self, node: node.value)
_CardConstructor.add_constructor("tag:yaml.org,2002:int", _CardConstructor.construct_short_int)


def read_yaml(text: str, first_line: int) -> CommentedMap:
    """Return the mapping in `text`, which begins at `first_line` of its file.

    Raises: CardFaults when it is not valid YAML or not a mapping.
    """
    yaml = YAML(typ="rt", pure=True)
    yaml.Constructor = _CardConstructor
    yaml.Composer = FlatComposer
    try:
        mapping = yaml.load(text)
    except (YAMLError, ValueError) as error:
        line, sentence = _broken(error, text)
        raise CardFaults([Fault(first_line + line, sentence)]) from None
    if not isinstance(mapping, CommentedMap):
        sentence = "Tussen de strepen --- horen regels als ‘titel: …’ te staan."
        raise CardFaults([Fault(first_line, sentence)])
    return mapping


def _broken(error: Exception, text: str) -> tuple[int, str]:
    """Return the line (from 0) on which YAML cannot be read, and what to do about it."""
    if isinstance(error, _RefusedYaml):
        return error.line, error.sentence
    if isinstance(error, ReaderError):
        return text.count("\n", 0, error.position), _INVISIBLE
    # the scanner makes a character of the number behind it, and gives no mark when there is none
    if not isinstance(error, MarkedYAMLError):
        return text.count("\n", 0, max(0, text.find("\\U"))), _NO_SUCH_CHARACTER
    mark = error.problem_mark
    if isinstance(error, DuplicateKeyError):
        return mark.line if mark else 0, "Deze sleutel staat er twee keer. Haal er één weg."
    # a text whose quotes are never closed goes wrong at its end, and is mended at its beginning
    if mark is None or "quoted" in (error.context or ""):
        mark = error.context_mark
    return mark.line if mark else 0, _broken_line(text, mark)


def _broken_line(text: str, mark: Any) -> str:
    lines = text.split("\n")
    if mark and mark.line < len(lines):
        line = lines[mark.line]
    else:
        line = ""
    if "\t" in line:
        return "Hier staat een tab. Gebruik spaties om in te springen."
    if line.count(": ") > 1:
        return "Zet de tekst tussen aanhalingstekens, want er staat ‘: ’ in."
    return (
        "Dit is geen geldige YAML. "
        "Kijk naar het inspringen, de aanhalingstekens en de dubbele punten."
    )


def faults_of(
    error: ValidationError, raw: CommentedMap, first_line: int, model: type[BaseModel]
) -> Iterator[Fault]:
    """Yield the faults that pydantic found, each on its line."""
    for detail in error.errors(include_url=False):
        path = tuple(part for part in detail["loc"] if isinstance(part, str | int))
        yield Fault(first_line + line_of(raw, path), f"{_where(path)}{_sentence(detail, model)}")


def read_model(path: FilePath, model: type[Model]) -> Model:
    """Return what a data file of YAML holds, as this model.

    Raises: CardFaults, every fault with its line.
    """
    return parse_model(read_utf8(path), model)


def read_utf8(path: FilePath) -> str:
    """Return the text of a data file. Raises: CardFaults when it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CardFaults([Fault(0, "Bewaar dit bestand als UTF-8.")]) from None


def parse_model(text: str, model: type[Model]) -> Model:
    """Return what a text in YAML holds, as this model.

    Raises: CardFaults, every fault with its line.
    """
    raw = read_yaml(text, 1)
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise CardFaults(faults_of(error, raw, 1, model)) from None


def line_of(raw: Any, path: Path) -> int:
    """Return the line (from 0) of a key or list item, or of the nearest thing around it."""
    line = 0
    for part in path:
        if isinstance(raw, CommentedMap) and part in raw:
            line = raw.lc.key(part)[0]
        elif isinstance(raw, CommentedSeq) and isinstance(part, int) and part < len(raw):
            line = raw.lc.item(part)[0]
        else:
            return line
        raw = raw[part]
    return line


def _where(path: Path) -> str:
    words = []
    for part in path:
        # people count from one
        if isinstance(part, int):
            part = str(part + 1)
        words.append(part)
    if words:
        return f"{' › '.join(words)}: "
    return ""


def _sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    kind, value, place = detail["type"], detail["input"], detail["loc"]
    if kind == "zin":
        return detail["msg"]
    if kind == "missing":
        return f"Dit ontbreekt. Voeg ‘{place[-1]}: …’ toe."
    if kind == "extra_forbidden":
        return _unknown(str(place[-1]), keys_at(model, place[:-1]))
    if value is None:
        return EMPTY
    # `- Anna zegt: ja` is a mapping for YAML; a writer sees a sentence
    if kind == "string_type" and isinstance(value, dict):
        return "Zet deze tekst tussen aanhalingstekens, want er staat ‘: ’ in."
    if kind.startswith("date"):
        return _DATE
    # pydantic gives no length, and joins what can be chosen with an English word
    context = {**detail.get("ctx", {}), "length": len(str(value).strip())}
    context["expected"] = str(context.get("expected", "")).replace(" or ", " of ")
    return _SENTENCES.get(kind, _OTHER).format(**context)


def _unknown(key: str, known: Sequence[str]) -> str:
    near = get_close_matches(key.lower(), known, n=1, cutoff=0.6)
    advice = f"Haal het weg of kies uit: {', '.join(known)}."
    if near:
        advice = f"Bedoel je ‘{near[0]}’?"
    return f"Dit veld bestaat niet. {advice}"


def keys_at(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """Return the keys that may stand at a place in the front matter."""
    for part in path:
        # a number is a place in a list, whose parts have the keys of the list's own field
        if not isinstance(part, str):
            continue
        field = _fields_by_key(model)[part]
        model = next(iter(_models_in(field.annotation)), model)
    return list(_fields_by_key(model))


def _fields_by_key(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _models_in(part)
