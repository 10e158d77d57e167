"""One page with a choice and one with what everybody chose, as oTree's documentation does it."""

import json
from collections import Counter
from pathlib import Path

from otree.api import (
    BaseConstants,
    BaseGroup,
    BasePlayer,
    BaseSubsession,
    Page,
    models,
    widgets,
)

TOLD = json.loads((Path(__file__).parent.parent / "card.json").read_text())


class C(BaseConstants):
    """The constants that oTree asks of every app."""

    NAME_IN_URL = "keuze"
    PLAYERS_PER_GROUP = None
    NUM_ROUNDS = 1


class Subsession(BaseSubsession):
    """Everybody of a session."""


class Group(BaseGroup):
    """Everybody of a session, once more."""


class Player(BasePlayer):
    """Somebody with their choice."""

    optie = models.StringField(choices=TOLD["options"], widget=widgets.RadioSelect, label="")


class Kies(Page):
    """The card."""

    form_model = "player"
    form_fields = ("optie",)

    @staticmethod
    def vars_for_template(player: Player) -> dict[str, str]:
        """Return the title and the story."""
        return {"title": TOLD["title"], "story": TOLD["story"]}


class Uitslag(Page):
    """The page with the shares."""

    @staticmethod
    def vars_for_template(player: Player) -> dict[str, object]:
        """Return the share of each option, counted over the players."""
        chosen = Counter(one.field_maybe_none("optie") for one in player.subsession.get_players())
        together = sum(chosen[code] for code, _text in TOLD["options"]) or 1
        shares = []
        for code, text in TOLD["options"]:
            shares.append((text, round(100 * chosen[code] / together)))
        return {"title": TOLD["title"], "story": TOLD["story"], "shares": shares}


page_sequence = [Kies, Uitslag]
