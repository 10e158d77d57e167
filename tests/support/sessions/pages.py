"""The pages of a live session for tests:
one begeleider's browser, phones without an account, and the counter.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kopkrakers.intervisie.session.states import RoundState
from kopkrakers.intervisie.session.store import WAY_BACK
from kopkrakers.intervisie.werkvormen.reading import has_own_roster
from tests.support.pages import Fields, send, words
from tests.support.sessions.scene import SessionScene
from tests.support.world import World, browser_of

NOT_ALONG = {"meestemmen": "nee"}
"""The answer to whether the begeleider votes along."""
MARK = re.compile(r'name="keuzes" value="([^"]*)"')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class SessionPages:
    """A session with its pages.

    `gerda`: the browser of its begeleider; `phones`: of those who came in by a page.
    """

    app: Flask
    scene: SessionScene
    world: World
    gerda: FlaskClient
    phones: list[FlaskClient] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.scene.code

    def at(self, what: str = "") -> str:
        """The address of this session on a phone."""
        return f"/m/{self.code}{what}"

    def lead(self, what: str, **fields: Any) -> TestResponse:
        """A button of the regie. Before a vote opens, people said that their number is right."""
        if what == "stemming/open":
            self.scene.agree_on_heads()
        texts: Fields = {name: str(value) for name, value in fields.items()}
        return send(self.gerda, f"/intervisie/{self.code}/regie/{what}", **texts)

    def regie(self) -> str:
        return words(self.gerda.get(f"/intervisie/{self.code}/regie"))

    def scherm(self) -> str:
        return words(self.gerda.get(f"/intervisie/{self.code}/scherm"))

    def phone(self, number: int = 0) -> str:
        return words(self.phones[number].get(self.at()))

    def come_in(self, how_many: int = 1, *, client: FlaskClient | None = None) -> FlaskClient:
        """New phones that open the address and press the button; gives the last."""
        for _ in range(how_many):
            phone = client or self.app.test_client()
            post(phone, self.at(), "/doe-mee")
            self.phones.append(phone)
        return self.phones[-1]

    def vote(
        self, number: int = 0, option: str = "a", reason: str = "", stemming: int = 1
    ) -> TestResponse:
        """Send the form of a phone."""
        fields = {"optie": option, "reden": reason, "stemming": str(stemming)}
        phone = self.phones[number]
        page = phone.get(self.at()).text
        mark = MARK.search(page)
        if mark is not None:
            fields["keuzes"] = mark[1]
        return post_from(page, phone, self.at("/stem"), **fields)

    def next(self) -> TestResponse:
        return self.lead("stap", van=self.scene.step, naar=self.scene.step + 1)

    def close(self, number: int = 1) -> None:
        self.lead("stemming/sluit", stemming=number, zeker="ja")
        self.scene.quick()

    def to_vote(self, number: int = 1, along: str = "nee") -> None:
        """Walk to a vote and open it. `along`: whether the begeleider votes unseen."""
        self.scene.go_to_vote(number)
        answer = {"meestemmen": along} if has_own_roster(number) else {}
        self.lead("stemming/open", stemming=number, **answer)

    def end(self) -> None:
        """The end, and the minutes in which it can be taken back."""
        self.lead("einde", zeker="ja")
        self.scene.clock.moment += WAY_BACK
        self.scene.quick()

    def hold(self, options: str, number: int = 1, along: str = "nee") -> None:
        """A whole vote by pages, counted at its end."""
        self.to_vote(number, along)
        for place, option in enumerate(options):
            assert (
                self.vote(
                    place, option, f"reden {place}" if number == 1 else "", number
                ).status_code
                == 303
            )
        self.close(number)

    def reveal_first(self) -> None:
        """The figures of the first vote, in their own step."""
        self.scene.go_to(4)
        self.lead("stemming/onthul", stemming=1)

    def state_of(self, number: int = 1) -> RoundState:
        vote = self.scene.regie().now.round(number)
        assert vote is not None
        return vote.state


def post(client: FlaskClient, page: str, what: str, **fields: Any) -> TestResponse:
    """Open a page as people do, then send one of its forms with the token it gave."""
    return post_from(client.get(page).text, client, page + what, **fields)


def post_from(page: str, client: FlaskClient, address: str, **fields: Any) -> TestResponse:
    """Send a form of a page that was opened: of this text, or of this browser where it has none."""
    found = TOKEN.search(page)
    if found is None:
        return send(client, address, **fields)
    return client.post(address, data={"csrf_token": found[1], **fields})


def make_session_pages(app: Flask, scene: SessionScene, world: World) -> SessionPages:
    """A lobby with a box, and the begeleider's browser."""
    scene.open()
    return SessionPages(app, scene, world, browser_of(app, world.gerda))


__all__ = ["SessionPages", "make_session_pages", "post", "words"]
