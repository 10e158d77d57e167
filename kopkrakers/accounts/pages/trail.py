"""The trail in the browser: beheerders read what was done, a person what concerned them."""

from collections.abc import Iterable

from flask import render_template
from flask_login import current_user
from sqlmodel import Session

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.pages import blueprint
from kopkrakers.accounts.pages.words import DEEDS, ROLE_NAMES
from kopkrakers.accounts.trail import chain
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.accounts.trail.reading import actions_of_gemeente, actions_on
from kopkrakers.web import access
from kopkrakers.web.forms import asked_page
from kopkrakers.web.state import state


@blueprint.get("/beheer/handelingen")
@access.role(Role.BEHEERDER)
def beheer_actions() -> str:
    """Return what was done in beheer of the own gemeente."""
    with state().database.reading() as session:
        lines = actions_of_gemeente(session, current_user.gemeente_id, asked_page("pagina"))
    return render_template(
        "accounts/teams/actions.html", actions=lines, deeds=DEEDS, of_person=False
    )


@blueprint.get("/account/handelingen")
@access.signed_in
def own_actions() -> str:
    """Return what beheerders did to the own account."""
    with state().database.reading() as session:
        lines = actions_on(session, current_user.id, asked_page("pagina"))
    return render_template(
        "accounts/teams/actions.html", actions=lines, deeds=DEEDS, of_person=True
    )


def note(session: Session, what: Deed, *, person_id: int | None = None, detail: str = "") -> None:
    """Write down what the visitor just did. Call this last in its transaction."""
    note_in(session, current_user.gemeente_id, what, person_id=person_id, detail=detail)


def note_in(
    session: Session,
    gemeente_id: int | None,
    what: Deed,
    *,
    person_id: int | None = None,
    detail: str = "",
) -> None:
    """Write down in the trail of a gemeente what the visitor just did, who may be of another."""
    entry = chain.TrailEntry(
        what=what,
        gemeente_id=gemeente_id,
        actor_id=current_user.id,
        person_id=person_id,
        detail=detail,
    )
    chain.write(session, state().row_keys, entry, state().today())


def role_words(roles: Iterable[str]) -> str:
    """Return roles as the trail keeps them, in the order of the pages."""
    chosen = set(roles)
    names = []
    for role, name in ROLE_NAMES.items():
        if role in chosen:
            names.append(name)
    return ", ".join(names)
