"""A drawn cover: of an SVG file, only known shapes, attributes and colours are taken."""

import re
from collections.abc import Mapping
from xml.parsers import expat

from markupsafe import Markup

from kopkrakers.catalogue.cards.faults import CardFaults, Fault

LARGEST_DRAWING = 20_000
"""Bytes in a drawing, at most."""
VIEW_BOX = "0 0 640 208"
COLOURS: Mapping[str, str] = {
    "#0e5a66": "var(--kk-option-a)",
    "#c2491a": "var(--kk-option-b)",
    "#84408e": "var(--kk-option-c)",
    "#4a7740": "var(--kk-option-d)",
    "#dcebec": "var(--kk-cover-a)",
    "#f8e3d6": "var(--kk-cover-b)",
    "#eee2f1": "var(--kk-cover-c)",
    "#e2ecdf": "var(--kk-cover-d)",
    "#1b2430": "var(--kk-cover-ink)",
    "#f0b23c": "var(--kk-mosterd)",
    "#7e2f14": "var(--kk-both)",
    "#ffffff": "var(--kk-card)",
    "none": "none",
}
"""The colours of a drawing, and the token of the style sheet that takes their place on a page."""
_SVG = "http://www.w3.org/2000/svg"
_SHAPES = {"g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon"}
_SKIPPED = {"title", "desc"}
_PAINT = {"fill", "stroke"}
# all that could fetch, run or point elsewhere (`href`, `style`, `on…`, `url(`) is in none of these
_NUMBERS = re.compile(r"[-+0-9eE.,\s]{1,200}")
_WORD = re.compile(r"[a-z]{1,10}")
_PLACES = ("cx", "cy", "r", "rx", "ry", "x", "y", "x1", "x2", "y1", "y2", "width", "height")
_STROKES = ("stroke-width", "stroke-dasharray", "stroke-dashoffset")
_OPACITIES = ("opacity", "fill-opacity", "stroke-opacity")
_VALUES: Mapping[str, re.Pattern[str]] = {
    **dict.fromkeys((*_PLACES, *_STROKES, *_OPACITIES), _NUMBERS),
    **dict.fromkeys(("fill-rule", "stroke-linecap", "stroke-linejoin"), _WORD),
    "points": re.compile(r"[-+0-9eE.,\s]+"),
    "d": re.compile(r"[-+0-9eE.,\sMmLlHhVvCcSsQqTtAaZz]+"),
    "transform": re.compile(r"((matrix|translate|scale|rotate|skewX|skewY)\([-+0-9eE.,\s]+\)\s*)+"),
}
"""The attributes beside colours that a shape may have, and how their values look."""
_SLICE = f'viewBox="{VIEW_BOX}" preserveAspectRatio="xMidYMid slice"'
_OPEN = f'<svg class="kk-cover" {_SLICE} aria-hidden="true" focusable="false">'
_CLOSE = "</svg>"


def framed(shapes: str) -> Markup:
    """Return shapes as a whole cover. It is decoration, so it has no words."""
    return Markup(_OPEN + shapes + _CLOSE)


def as_symbol(cover: Markup, name: str) -> str:
    """Return a whole cover as a part of a file of covers, to be shown by this name."""
    shapes = str(cover).removeprefix(_OPEN).removesuffix(_CLOSE)
    return f'<symbol id="{name}" {_SLICE}>{shapes}</symbol>'


def read_drawing(source: bytes) -> Markup:
    """Return the cover in an SVG file, written anew from its known shapes.

    Raises: CardFaults when it holds anything else, each with its line.
    """
    if len(source) > LARGEST_DRAWING:
        sentence = f"De tekening is te groot: hoogstens {LARGEST_DRAWING // 1000} kB."
        raise CardFaults([Fault(0, sentence)])
    reader = _Reader()
    try:
        reader.parser.Parse(source, True)
    except expat.ExpatError as error:
        reader.faults.append(Fault(error.lineno, "Dit is geen geldige SVG."))
    if reader.faults:
        raise CardFaults(reader.faults)
    return framed("".join(reader.shapes))


class _Reader:
    """Walks an SVG file and collects its known shapes, and faults for all else."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        # in a DOCTYPE stand entities, which can unfold without end or name files of this machine
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.shapes: list[str] = []
        self.faults: list[Fault] = []
        self._depth = 0

    def _fault(self, sentence: str) -> None:
        self.faults.append(Fault(self.parser.CurrentLineNumber, sentence))

    def _doctype(self, *_: object) -> None:
        self._fault("Haal de regel met DOCTYPE weg.")

    def _start(self, full_name: str, attributes: dict[str, str]) -> None:
        name = full_name.removeprefix(f"{_SVG} ")
        self._depth += 1
        if self._depth == 1:
            if name != "svg" or attributes.get("viewBox") != VIEW_BOX:
                self._fault(f'Begin met <svg xmlns="{_SVG}" viewBox="{VIEW_BOX}">.')
        elif name in _SHAPES:
            written = []
            for attribute in attributes.items():
                written.append(self._attribute(*attribute))
            self.shapes.append(f"<{name}{''.join(written)}>")
        elif name not in _SKIPPED:
            self._fault(
                f"Het onderdeel <{name.split(' ')[-1]}> mag niet. "
                "Gebruik alleen vormen: path, circle, rect, …"
            )

    def _end(self, full_name: str) -> None:
        name = full_name.removeprefix(f"{_SVG} ")
        self._depth -= 1
        if self._depth and name in _SHAPES:
            self.shapes.append(f"</{name}>")

    def _attribute(self, name: str, value: str) -> str:
        value = value.strip()
        if name in _PAINT:
            return self._paint(name, value)
        if name not in _VALUES:
            self._fault(f"Het kenmerk {name.split(' ')[-1]} mag niet. Haal het weg.")
            return ""
        if not _VALUES[name].fullmatch(value):
            self._fault(f"De waarde van {name} klopt niet.")
            return ""
        return f' {name}="{value}"'

    def _paint(self, name: str, colour: str) -> str:
        token = COLOURS.get(colour.lower())
        if token is None:
            self._fault(
                f"De kleur {colour[:30]} hoort niet bij onze kleuren. "
                f"Kies uit: {', '.join(COLOURS)}."
            )
            return ""
        return f' {name}="{token}"'
