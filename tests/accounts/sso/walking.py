"""Walks from the page of a gemeente to its provider and back, as a browser does."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from kopkrakers.accounts.models import USER, WORK_ACCOUNT
from kopkrakers.base.db import Database
from tests.accounts.sso.crooked import Crooked

START = "/inloggen/bij/zaanstad/werkaccount"
ANNA = "anna-op-haar-werk"


@dataclass(frozen=True)
class Place:
    """A site, a browser and a provider between which a sign-in is walked."""

    app: Flask
    browser: FlaskClient
    crooked: Crooked
    database: Database

    def sent_to(self, start: str = START) -> str:
        """Return the address of the provider to which the button leads."""
        answer = self.browser.get(start)
        assert answer.status_code == 302, answer.text
        return str(answer.location)

    def sent_back(self, subject: str = ANNA, start: str = START) -> str:
        """Return the path with which the provider sends this person back."""
        back = urlsplit(self.crooked.visit(self.sent_to(start), subject))
        return f"{back.path}?{back.query}"

    def sign_in(self, subject: str = ANNA, start: str = START) -> TestResponse:
        """Return the answer to coming back from the provider."""
        return self.browser.get(self.sent_back(subject, start))

    def is_signed_in(self) -> bool:
        """Whether the browser opens a page for people with an account."""
        return self.browser.get("/account").status_code == 200

    def accounts(self) -> int:
        """Return how many accounts there are."""
        with self.database.reading() as session:
            return len(session.execute(select(USER.c.id)).all())

    def owners(self) -> list[int]:
        """Return whose accounts belong to a work account."""
        with self.database.reading() as session:
            return sorted(session.execute(select(WORK_ACCOUNT.c.user_id)).scalars())
