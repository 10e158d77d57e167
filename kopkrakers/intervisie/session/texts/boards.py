"""The boards of a session: texts of the group that its begeleider writes in steps that have one."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap

from sqlalchemy import bindparam, delete, insert, select
from sqlmodel import Session

from kopkrakers.base.errors import WrongInput
from kopkrakers.base.typed import clean_text
from kopkrakers.intervisie.session.store import (
    BOARD_TEXT,
    ONGOING,
    SessionRow,
    in_state,
    led_by,
    must_touch,
    script_of,
)

LONGEST_BOARD = 2000
"""Characters of a board, at most."""
LONGEST_PIECE = 240
"""Characters of what stays together on one page of the scherm: four lines at 1024 by 768."""
OVER = "De sessie is voorbij. Deze tekst is niet bewaard."

_TEXTS = select(BOARD_TEXT.c.step, BOARD_TEXT.c.text).where(
    BOARD_TEXT.c.session_id == bindparam("session_id")
)
_AFTER_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True)
class Board:
    """The board of a step, perhaps empty. `warning`: what to look at in it; for the regie alone."""

    step: int
    heading: str
    text: str = ""
    warning: str = ""

    @property
    def key(self) -> str:
        """Return the key by which it is put on the scherm."""
        return f"bord-{self.step}"

    @property
    def pieces(self) -> tuple[str, ...]:
        """Return the text in pieces that a page of the scherm can hold."""
        return tuple(pieces_of(self.text))


def boards_of(session: Session, live_session: SessionRow) -> tuple[Board, ...]:
    """Return all boards of a session's werkvorm, with what was written on them so far."""
    texts = dict(session.execute(_TEXTS, {"session_id": live_session.id}).all())
    steps = script_of(live_session).stappen
    boards = []
    for n, step in enumerate(steps):
        if step.bord:
            boards.append(Board(n, step.bord, texts.get(n, "")))
    return tuple(boards)


def written(boards: Sequence[Board]) -> tuple[Board, ...]:
    """Return the boards that hold a text."""
    return tuple(board for board in boards if board.text)


def board_at(boards: Iterable[Board], step: int | None) -> Board | None:
    """Return the board of a step; None without one, and before the first step."""
    return next((board for board in boards if board.step == step), None)


def write_board(session: Session, *, code: str, user_id: int, step: int, text: str) -> None:
    """Write on the board of a step, or with an empty text wipe it.

    Raises: WrongInput for a text that is too long or a step without a board; TooLate when the
    session is over.
    """
    live_session = led_by(session, code, user_id)
    board = board_at(boards_of(session, live_session), step)
    if board is None:
        raise WrongInput("Deze stap heeft geen bord.")
    clean = clean_board(board.heading, text, field=f"bord_{step}")
    must_touch(session, live_session, OVER, in_state(*ONGOING))
    this = (BOARD_TEXT.c.session_id == live_session.id, BOARD_TEXT.c.step == step)
    session.execute(delete(BOARD_TEXT).where(*this))
    if clean:
        row = {"session_id": live_session.id, "step": step, "text": clean}
        session.execute(insert(BOARD_TEXT), row)


def clean_board(heading: str, text: str, *, field: str) -> str:
    """Return what was typed for a board as it is kept.

    Raises: WrongInput when it is too long.
    """
    clean = clean_text(text)
    if len(clean) > LONGEST_BOARD:
        sentence = f"Maak er hoogstens {LONGEST_BOARD} tekens van: nu zijn het er {len(clean)}."
        raise WrongInput(f"De tekst bij ‘{heading}’ is te lang. {sentence}", field)
    return clean


def pieces_of(text: str) -> list[str]:
    """Return a text in pieces of at most `LONGEST_PIECE` characters, parted where it can be.

    That is at the end of a line, else of a sentence, else between two words.
    """
    pieces = []
    for line in text.splitlines():
        piece = ""
        for sentence in _AFTER_SENTENCE.split(line):
            longer = f"{piece} {sentence}".strip()
            if len(longer) > LONGEST_PIECE:
                *whole, longer = wrap(sentence, LONGEST_PIECE, break_on_hyphens=False) or [""]
                pieces += [piece, *whole]
            piece = longer
        pieces.append(piece)
    return list(filter(None, pieces))
