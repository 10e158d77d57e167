"""Parts of a page that are the same for many people: rendered once for all of them.

They are rendered from frozen objects alone, without a visitor, a request or a session in sight, so
that nothing of one person can stay in what another is sent. A form's token is therefore not in
them: it stands beside the form and belongs to it by id, as does the team of the person who asks.
"""

from dataclasses import dataclass
from functools import lru_cache

from flask import current_app
from markupsafe import Markup

from kopkrakers.answers.pages.outcome import ResultView
from kopkrakers.answers.pages.outcome_parts import knowledge_view
from kopkrakers.answers.pages.views import CardView, FormView
from kopkrakers.catalogue.cards.story import keep_amounts_whole
from kopkrakers.web.assets.compress import PackedPiece, put_in_page

REMEMBERED = 128
"""Fragments of each kind that a process remembers: up to fifty kilobytes each."""


@dataclass(frozen=True)
class Fragment:
    """A rendered part of a page, with its packed form."""

    html: Markup
    piece: PackedPiece

    def put_in(self) -> Markup:
        """Return the HTML for the page of this request, and have it sent in its packed form."""
        put_in_page(self.piece)
        return self.html


def card_with_form(card: CardView) -> Markup:
    """Return the card and its form as they are before anyone has filled in anything."""
    return _card_with_form(card).put_in()


def result(view: ResultView, *, demo: bool) -> Markup:
    """Return the whole result, but for tokens. Only for a person who may see it."""
    return _result(view, demo=demo).put_in()


@lru_cache(maxsize=REMEMBERED)
def _card_with_form(card: CardView) -> Fragment:
    return _render("answers/card/_card_and_questions.html", card=card, form=FormView())


# D-21
@lru_cache(maxsize=REMEMBERED)
def _result(view: ResultView, *, demo: bool) -> Fragment:
    return _render(
        "answers/result/_shared.html",
        view=view,
        knowledge=knowledge_view(view.card),
        demo=demo,
    )


def _render(template: str, **context: object) -> Fragment:
    rendered = current_app.jinja_env.get_template(template).render(context)
    html = keep_amounts_whole(Markup(rendered))
    return Fragment(html, PackedPiece(html.encode()))
