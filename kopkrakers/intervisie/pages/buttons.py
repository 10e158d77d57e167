"""The buttons of the regie, and the question before what cannot be undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ButtonKind(StrEnum):
    """The look of a button, as `macros/buttons.html` knows it."""

    PRIMARY = "primary-action"
    SECONDARY = "secondary-action"
    SUBTLE = "subtle"


@dataclass(frozen=True)
class Button:
    """A button of the regie. It posts `fields` to `endpoint`; `warning` and `note` stand beside it.

    What it asks travels in `fields`, so that a second click changes nothing. `form`: the form of
    the page whose fields go along, so that nothing that was typed is lost. `stays`: it cannot be
    undone, so it never lies where the button before it lay.
    """

    label: str
    endpoint: str
    fields: Mapping[str, int | str]
    kind: ButtonKind = ButtonKind.PRIMARY
    warning: str = ""
    note: str = ""
    form: str = ""
    stays: bool = False


@dataclass(frozen=True)
class Question:
    """A question of the regie before something that cannot be undone. Each answer goes on."""

    sentence: str
    answers: tuple[Button, ...]


@dataclass(frozen=True)
class Controls:
    """The buttons of the running step. `large` leads on; without one `wait` says why it is away.

    `later`: leads on when the counter is slow. `ends`: the large button ends the session.
    """

    large: Button | None = None
    others: tuple[Button, ...] = ()
    wait: str = ""
    later: Button | None = None
    ends: bool = False

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Return those that can be pressed now, the one that leads on first."""
        return (self.large, *self.others) if self.large else self.others
