"""Pages of people who chose apart, laid beside each other."""

import re

from werkzeug.test import TestResponse

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.visitor import Visitor
from tests.support.pages import (
    OPTIONS,
    Fields,
    Site,
)
from tests.support.world import World, add_person

AT_MOST_FOR_A_PAGE = 8

CHOICES: list[Fields] = [
    {"optie": option, "doorslag": reason} for option, reason in zip(OPTIONS, "wrbw", strict=True)
]


def voters(site: Site, world: World, name: str = "Collega") -> list[Visitor]:
    """As many colleagues in anna's team as there are choices, alike but for who they are."""
    with site.state.database.transaction() as session:
        return [
            add_person(
                session, f"{name}{number}", world.zaanstad, world.team_noord, Role.KLANTMANAGER
            )
            for number, _ in enumerate(CHOICES)
        ]


def seen(response: TestResponse) -> tuple[object, ...]:
    """Everything that goes over the wire but the form token, which is random, and of one length."""
    body = re.sub(
        r'(name="csrf_token" value=|data-zegels?=)"[^"]+"', r"\1", response.get_data(as_text=True)
    )
    return response.status, sorted(response.headers.items()), len(response.get_data()), body
