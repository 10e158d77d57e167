"""Parts of a page that are the same for many people: rendered once for all of them.

They are rendered from frozen objects alone, without a visitor, a request or a session in sight, so
that nothing of one person can stay in what another is sent. A form's token is therefore not in
them: it stands beside the form and belongs to it by id, as does the team of the person who asks.
"""

from functools import lru_cache

from flask import current_app
from markupsafe import Markup

from kopkrakers.answers.pages.outcome import ResultView, knowledge_view
from kopkrakers.answers.pages.views import CardView, FormView
from kopkrakers.catalogue.cards.story import keep_amounts_whole

REMEMBERED = 256
"""Fragments of each kind that a process remembers: some twenty kilobytes each."""


@lru_cache(maxsize=REMEMBERED)
def card_with_form(card: CardView) -> Markup:
    """Return the card and its form as they are before anyone has filled in anything."""
    return _render("answers/card/_card_and_questions.html", card=card, form=FormView())


# D-21
@lru_cache(maxsize=REMEMBERED)
def result(view: ResultView, *, demo: bool) -> Markup:
    """Return the whole result, but for tokens. Only for a person who may see it."""
    return _render(
        "answers/result/_shared.html",
        view=view,
        knowledge=knowledge_view(view.card),
        demo=demo,
    )


def _render(template: str, **context: object) -> Markup:
    html = current_app.jinja_env.get_template(template).render(context)
    return keep_amounts_whole(Markup(html))
