"""The cover of a card without a drawing: two interlocking shapes that do not quite fit.

A slug always has the same one. Colours are the tokens of the style sheet, so a cover follows the
dark theme and the theme of a gemeente.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

Choice = TypeVar("Choice")
WIDTH, HEIGHT = 640, 208
PAIRS = ("ab", "ba", "bc", "cb", "ac", "ca", "cd", "dc", "bd", "db")
"""Pairs of option colours that are far enough apart; petrol beside mos is not."""


@dataclass(frozen=True)
class Paint:
    """The two colours of a cover, and choices that hang on the slug alone."""

    one: str
    two: str
    seed: bytes

    def pick(self, place: int, choices: Sequence[Choice]) -> Choice:
        """Return one of the choices, always the same for the slug."""
        return choices[self.seed[place] % len(choices)]


def pattern_of(slug: str) -> str:
    """Return the shapes of a slug's cover, in a field of 640 × 208."""
    # each choice hangs on a byte of its own, so that one does not go with another
    seed = sha256(slug.encode()).digest()
    pair = PAIRS[seed[0] % len(PAIRS)]
    paint = Paint(_option(pair[0]), _option(pair[1]), seed)
    ground = f'<path fill="var(--kk-cover-{pair[seed[1] % 2]})" d="M0 0H{WIDTH}V{HEIGHT}H0Z"/>'
    shapes = FAMILIES[seed[2] % len(FAMILIES)](paint)
    if seed[3] % 2:
        shapes = f'<g transform="matrix(-1 0 0 1 {WIDTH} 0)">{shapes}</g>'  # mirrored
    return ground + shapes


def _option(letter: str) -> str:
    return f"var(--kk-option-{letter})"


def _disc(x: float, y: float, radius: float, fill: str) -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}"/>'


def _path(d: str, fill: str) -> str:
    return f'<path d="{d}" fill="{fill}"/>'


def _outline(d: str, colour: str, width: int, style: str) -> str:
    return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width}" {style}/>'


def _stroke(d: str, colour: str, width: int) -> str:
    return _outline(d, colour, width, 'stroke-linecap="round"')


def _corners(d: str, colour: str, width: int) -> str:
    return _outline(d, colour, width, 'stroke-linejoin="round"')


def _dots(d: str) -> str:
    return _outline(d, "var(--kk-card)", 5, 'stroke-linecap="round" stroke-dasharray="1 14"')


def _frame(d: str) -> str:
    style = 'stroke-linecap="round" stroke-linejoin="round"'
    return _outline(d, "var(--kk-cover-ink)", 9, style)


def _spot(x: float, y: float) -> str:
    return _disc(x, y, 11, "var(--kk-mosterd)")


def _ring(x: float, y: float, radius: float) -> str:
    half = f"a{radius:g} {radius:g} 0 1 1"
    return f"M{x - radius:g} {y:g}{half} {2 * radius:g} 0{half} {-2 * radius:g} 0"


def wheels(paint: Paint) -> str:
    """Two wheels that overlap, one larger than the other, with a bar between their axles."""
    large, small = paint.pick(4, ((128, 96), (118, 118), (140, 84)))
    left, right, low = 320 - large + 14, 320 + small - 14, paint.pick(5, (150, 168, 132))
    high = low - paint.pick(6, (18, 40, 64))
    return (
        _disc(left, low, large, paint.one)
        + _disc(right, high, small, paint.two)
        + _dots(_ring(left, low, large * 0.66) + _ring(right, high, small * 0.62))
        + _frame(f"M{left} {low}L{right} {high}")
        + _spot(left, low)
        + _spot(right, high)
    )


def bite(paint: Paint) -> str:
    """A block with a round bite, and the disc that almost fits it."""
    radius, middle = paint.pick(4, (66, 78, 58)), paint.pick(5, (104, 92, 116))
    off = paint.pick(6, (18, -18, 26))
    edge, x = 300, 300 + radius + 22
    arc = f"a{radius} {radius} 0 0"
    start, end = paint.pick(7, (("M0 0", "V208H0Z"), ("M70 208V40a40 40 0 0 1 40 -40", "V208Z")))
    block = f"{start}H{edge + 20}V{middle - radius}{arc} 0 0 {2 * radius}{end}"
    disc = f"M{x} {middle + off - radius}H560v{2 * radius}H{x}{arc} 1 0 {-2 * radius}Z"
    return (
        _path(block, paint.one)
        + _path(disc, paint.two)
        + _dots(f"M{x} {middle + off}H550")
        + _spot(180, middle)
    )


def halves(paint: Paint) -> str:
    """A disc cut in two, the halves slid along the cut."""
    radius, slide = paint.pick(4, (88, 98, 108)), paint.pick(5, (30, 44, 20))
    top, low = 104 - slide / 2, 104 + slide / 2
    return (
        _path(f"M314 {top - radius:g}a{radius} {radius} 0 0 0 0 {2 * radius}Z", paint.one)
        + _path(f"M326 {low - radius:g}a{radius} {radius} 0 0 1 0 {2 * radius}Z", paint.two)
        + _path("M0 208a70 70 0 0 1 140 0Z", paint.two)
        + _path("M500 0a70 70 0 0 0 140 0Z", paint.one)
        + _dots(f"M{314 - radius * 0.7:g} {top:g}H300M340 {low:g}H{326 + radius * 0.7:g}")
        + _spot(paint.pick(6, (150, 176)), 56)
    )


def links(paint: Paint) -> str:
    """Two rings through each other, as in a chain."""
    large, small = paint.pick(4, ((76, 62), (68, 68), (62, 80)))
    left, right, tilt = 320 - large + 18, 320 + small - 18, paint.pick(5, (14, -14, 22))
    first, second = 104 + tilt, 104 - tilt
    over = f"M{left} {first - large}A{large} {large} 0 0 1 {left + large} {first}"
    return (
        _stroke(_ring(left, first, large), paint.one, 30)
        + _stroke(_ring(right, second, small), paint.two, 30)
        + _stroke(over, paint.one, 30)
        + _dots(_ring(left, first, large))
        + _stroke(f"M{-30} {first}H{left - large}", paint.one, 30)
        + _stroke(f"M{right + small} {second}H670", paint.two, 30)
        + _spot(right, second)
    )


def knob(paint: Paint) -> str:
    """Two pieces of a puzzle whose knob and socket stand at different heights."""
    first, second = paint.pick(4, ((76, 128), (128, 80), (88, 120)))
    gap = paint.pick(5, (56, 70, 46))
    left, right = 320 - gap // 2, 320 + gap // 2
    return (
        _path(f"M0 0H{left}V{first - 26}a36 36 0 1 1 0 52V208H0Z", paint.one)
        + _path(f"M640 0H{right + 34}V{second - 26}a36 36 0 1 0 0 52V208H640Z", paint.two)
        + _dots(f"M40 {first}H{left - 40}M{right + 90} {second}H620")
        + _spot(left + 24, first)
    )


def stairs(paint: Paint) -> str:
    """Two flights of stairs that almost meet, and someone on the lower one."""
    step, other = paint.pick(4, ((52, 40), (40, 52), (46, 36)))
    stand = paint.pick(5, (0, 1))
    x, y = 89 + 58 * stand, 188 - step * (stand + 1)
    return (
        _path(f"M60 208v-20{f'v{-step}h58' * 4}h14V208Z", paint.one)
        + _path(f"M584 0v22{f'v{other}h-58' * 4}h-18V0Z", paint.two)
        + _frame(f"M{x} {y - 8}v-22")
        + _spot(x, y - 50)
        + _dots(f"M366 {28 + other * 0.4:g}H560")
    )


def waves(paint: Paint) -> str:
    """Two shores whose waves run out of step."""
    length = paint.pick(4, (107, 128, 160))
    depth, shift = paint.pick(5, (44, 56, 36)), paint.pick(6, (0.35, 0.5, 0.22)) * length
    above = f"q{-length / 4:g} {depth} {-length / 2:g} 0t{-length / 2:g} 0" * 8
    below = f"q{length / 4:g} {-depth} {length / 2:g} 0t{length / 2:g} 0" * 8
    return (
        _path(f"M0 0H{700 + shift:g}V84{above}V0Z", paint.one)
        + _path(f"M{-shift:g} 208V132{below}V208Z", paint.two)
        + _dots(f"M24 30H616M24 {182}H616")
        + _spot(paint.pick(7, (168, 320, 452)), 108)
    )


def arches(paint: Paint) -> str:
    """Two gates that stand through each other."""
    wide, narrow = paint.pick(4, ((112, 78), (96, 96), (84, 116)))
    left, right = 320 - paint.pick(5, (62, 74)), 320 + paint.pick(5, (62, 74))
    first, second = 30 + wide, paint.pick(6, (56, 40)) + narrow
    return (
        _stroke(f"M{left - wide} 240V{first}a{wide} {wide} 0 0 1 {2 * wide} 0V240", paint.one, 38)
        + _stroke(
            f"M{right - narrow} 240V{second}a{narrow} {narrow} 0 0 1 {2 * narrow} 0V240",
            paint.two,
            38,
        )
        + _stroke(f"M{left + wide} {first}V240", paint.one, 38)
        + _dots(f"M{left - wide} 200V{first}a{wide} {wide} 0 0 1 {2 * wide} 0V200")
        + _spot(paint.pick(7, (left, right)), 186)
    )


def combs(paint: Paint) -> str:
    """Two combs whose teeth go between each other without touching."""
    teeth = paint.pick(4, (4, 5, 6))
    pitch = 440 / teeth
    tooth, length = pitch * 0.42, paint.pick(5, (112, 128, 100))
    end = f"a{tooth / 2:g} {tooth / 2:g} 0 0"
    down, up = [], []
    for index in range(teeth):
        left = 80 + index * pitch
        down.append(f"M{left:g} 30v{length}{end} 0 {tooth:g} 0v{-length}Z")
    # the teeth from below stand in the gaps of those from above
    start = 80 + pitch * 0.54
    for index in range(teeth):
        up.append(f"M{start + index * pitch:g} 178v{-length}{end} 1 {tooth:g} 0v{length}Z")
    return (
        _path("M60 0V36H580V0Z" + "".join(down), paint.one)
        + _path("M60 208V172H580V208Z" + "".join(up), paint.two)
        + _dots("M84 18H560")
        + _spot(80 + tooth / 2 + pitch * paint.pick(6, (1, 2, 3)), length + 28)
    )


def frames(paint: Paint) -> str:
    """A square and a square on its point, linked."""
    side, point = paint.pick(4, ((124, 92), (112, 104), (140, 84)))
    left, middle = 320 - side + 6, paint.pick(5, (104, 112, 96))
    right = 320 + point - 26
    top, low = middle - side / 2, middle + side / 2
    diamond = (
        f"M{right - point} {middle}L{right} {middle - point}"
        f"L{right + point} {middle}L{right} {middle + point}Z"
    )
    return (
        _corners(f"M{left} {top:g}H{left + side}V{low:g}H{left}Z", paint.one, 30)
        + _corners(diamond, paint.two, 30)
        + _stroke(f"M{left + side} {top + 20:g}V{middle}", paint.one, 30)
        + _dots(f"M{left + side} {middle}V{top:g}H{left}V{low:g}H{left + side}Z")
        + _spot(right, middle)
    )


def voices(paint: Paint) -> str:
    """Two speech balloons that talk across each other."""
    wide, other = paint.pick(4, ((236, 200), (208, 232), (220, 220)))
    low, left, right = paint.pick(5, (0, 12)), 330 - wide, 302
    right_side = "a34 34 0 0 1 34 34v36a34 34 0 0 1 -34 34"
    left_side = "a34 34 0 0 1 -34 -34v-36a34 34 0 0 1 34 -34Z"
    first = f"M{left + 34} {18 + low}h{wide - 68}{right_side}h{86 - wide}l-34 40v-40h-18"
    second = f"M{right + 34} {74 - low}h{other - 68}{right_side}h-4v34l-34 -34h{106 - other}"
    end = right + other
    return (
        _path(first + left_side, paint.one)
        + _path(second + left_side, paint.two)
        + _dots(f"M{left + 44} {56 + low}H{right - 20}M{left + 44} {84 + low}H{right - 60}")
        + _dots(f"M{right + 44} {112 - low}H{end - 40}M{right + 44} {140 - low}H{end - 84}")
        + _spot(end + 34, 54)
    )


def quarters(paint: Paint) -> str:
    """Quarter discs on a grid, one of them turned the wrong way."""
    size, odd = 104, paint.pick(4, (1, 2, 4, 7))
    shapes = []
    for index in range(8):
        x, y = 112 + index % 4 * size, index // 4 * size
        straight = (index + index // 4) % 2 == 0
        if straight != (index == odd):
            d = f"M{x} {y}h{size}a{size} {size} 0 0 1 {-size} {size}Z"
        else:
            d = f"M{x + size} {y + size}h{-size}a{size} {size} 0 0 1 {size} {-size}Z"
        if straight:
            colour = paint.one
        else:
            colour = paint.two
        shapes.append(_path(d, colour))
    x, y = 112 + odd % 4 * size, odd // 4 * size
    return "".join(shapes) + _dots("M40 20V190M600 20V190") + _spot(x + size / 2, y + size / 2)


FAMILIES: tuple[Callable[[Paint], str], ...] = (
    wheels,
    bite,
    halves,
    links,
    knob,
    stairs,
    waves,
    arches,
    combs,
    frames,
    voices,
    quarters,
)
