"""The pages of onderzoek: tables, overview, download, terms and keys."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.pages.trail import note
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.db import LARGEST_ID
from kopkrakers.base.errors import NotYours, WrongInput
from kopkrakers.base.paging import list_page
from kopkrakers.research import selection
from kopkrakers.research.pages import terms, tokens
from kopkrakers.research.pages.chart import overview_chart
from kopkrakers.research.pages.forms import TermsForm, TokenForm, research_query
from kopkrakers.research.pages.guide import guide_html
from kopkrakers.research.pages.page import ORDERS, SHOWN, research_page
from kopkrakers.research.release import releases
from kopkrakers.web import access
from kopkrakers.web.forms import asked_page
from kopkrakers.web.limits import slow_down
from kopkrakers.web.state import state

blueprint = Blueprint("research", __name__)
RELEASE = f"/onderzoek/uitgaven/<int(min=1, max={LARGEST_ID}):number>"
BARS_ON_A_PAGE = 50
"""Dilemmas on a page of the overview."""
TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "sav": "application/x-spss-sav",
}
FOLDERS = {"csv": "csv", "parquet": "parquet", "sav": "spss"}
"""The folder of each kind of file in the dataset."""
EXCEL = "xlsx"
"""Made from the CSV when it is fetched: it is not part of the release."""


def promised(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Open a page only to people who accepted the terms; others are sent there first."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        with state().database.reading() as session:
            accepted = terms.has_accepted(session, current_user.id)
        if accepted:
            return view(*args, **kwargs)
        return redirect(url_for("research.terms_"), 303)

    return checked


@blueprint.get("/onderzoek")
@access.role(Role.ONDERZOEKER)
@promised
def research() -> str:
    """Tables of counted choices."""
    with state().database.reading() as session:
        page = research_page(session, research_query())
    return render_template("research/table.html", page=page, tables=SHOWN, orders=ORDERS)


@blueprint.get("/onderzoek/overzicht")
@access.role(Role.ONDERZOEKER)
@promised
def overview() -> str:
    """All dilemmas by how divided people are."""
    number = research_query().release
    with state().database.reading() as session:
        names = releases.release_names(session)
        release = chart = bars = None
        if number or names:
            release = releases.release(session, number or names[0].number)
            dilemmas = selection.dilemmas_in(release)
            # a dilemma is told by letters, which need no words
            stellingen = set()
            for one in dilemmas:
                if one.is_stelling:
                    stellingen.add(one.dilemma)
            texts = selection.option_texts(session, release, stellingen)
            chart = overview_chart(dilemmas, texts)
            bars = list_page(chart.bars, asked_page("pagina"), BARS_ON_A_PAGE)
    return render_template(
        "research/overview.html", release=release, releases=names, chart=chart, bars=bars
    )


@blueprint.get("/onderzoek/voorwaarden")
@access.role(Role.ONDERZOEKER)
def terms_() -> str:
    """Show what an onderzoeker promises."""
    return render_template("research/terms.html", fault=None)


@blueprint.post("/onderzoek/voorwaarden")
@access.role(Role.ONDERZOEKER)
def accept_terms() -> ResponseReturnValue:
    """Store the promise."""
    if not TermsForm().beloofd.data:
        fault = "Zet eerst het vinkje. Zonder deze afspraak kun je de cijfers niet bekijken."
        return render_template("research/terms.html", fault=fault), 422
    with state().database.transaction() as session:
        terms.accept(session, current_user.id)
        note(session, Deed.TERMS)
    return redirect(url_for("research.research"), 303)


@blueprint.get(f"{RELEASE}/dataset")
@access.role(Role.ONDERZOEKER)
@promised
def dataset(number: int) -> Response:
    """The whole dataset, byte for byte as it was made."""
    with state().database.reading() as session:
        content = releases.zip_of(session, number)
        name = releases.release(session, number).file_name
    return _download(content, "application/zip", name)


@blueprint.get(f"{RELEASE}/<form>/<table>")
@access.role(Role.ONDERZOEKER)
@promised
def one_file(number: int, form: str, table: str) -> Response:
    """One table out of the dataset, or made from it for Excel."""
    spec = selection.spec_of(table)
    with state().database.reading() as session:
        mark = releases.release(session, number).mark
    name = f"{spec.id}-{number}{mark}.{form}"
    if form == EXCEL:
        # it costs some seconds of processor for a table of a hundred thousand rows
        slow_down("workbook", str(current_user.id), at_most=30, minutes=10)
        # here: it takes 2 MB, and hardly anybody asks for one
        from kopkrakers.research.release.workbook import MEDIA_TYPE, workbook

        content = workbook(_from_zip(number, f"csv/{spec.id}.csv"), spec, release=number)
        return _download(content, MEDIA_TYPE, name)
    if form not in TYPES:
        raise NotYours(f"Kies uit: {', '.join((*TYPES, EXCEL))}.")
    path = f"{FOLDERS[form]}/{spec.id}.{form}"
    return _download(_from_zip(number, path), TYPES[form], name)


@blueprint.get(f"{RELEASE}/codeboek")
@access.role(Role.ONDERZOEKER)
@promised
def codebook(number: int) -> Response:
    """The codebook out of the dataset."""
    return _download(_from_zip(number, "codebook.md"), "text/markdown", f"codeboek-{number}.md")


@blueprint.get(f"{RELEASE}/leeswijzer")
@access.role(Role.ONDERZOEKER)
@promised
def reading_guide(number: int) -> str:
    """The README out of the dataset, to read before the numbers."""
    guide = guide_html(_from_zip(number, "README.md").decode())
    return render_template("research/guide.html", guide=guide, number=number)


@blueprint.get("/onderzoek/sleutels")
@access.role(Role.ONDERZOEKER)
@promised
def keys() -> str:
    """The keys to the API."""
    return _keys_page({})


@blueprint.post("/onderzoek/sleutels")
@access.role(Role.ONDERZOEKER)
@promised
def make_key() -> ResponseReturnValue:
    """Make a key and show it, this once."""
    form = TokenForm()
    try:
        with state().database.transaction() as session:
            token = tokens.make_token(
                session,
                current_user.id,
                form.bereik.data or "",
                form.dagen.data or "",
                state().today(),
                name=form.naam.data or "",
            )
            # in the order of their numbers: the last is the one that was just made
            key = tokens.own_tokens(session, current_user.id, state().today())[-1]
            note(session, Deed.KEY_MADE)
    except WrongInput as error:
        return _keys_page({error.field or "": error.sentence}, form), 422
    # no redirect: the key is stored as its hash alone, so this answer is the only page that has it
    return render_template(
        "research/token.html", token=token, key=key, address=state().settings.base_url
    )


@blueprint.post(f"/onderzoek/sleutels/<int(max={LARGEST_ID}):token_id>/intrekken")
@access.role(Role.ONDERZOEKER)
@promised
def revoke_key(token_id: int) -> ResponseReturnValue:
    """Revoke a key."""
    with state().database.transaction() as session:
        tokens.revoke(session, current_user.id, token_id)
        note(session, Deed.KEY_REVOKED)
    flash("De sleutel werkt niet meer.", "ok")
    return redirect(url_for("research.keys"), 303)


def _keys_page(faults: dict[str, str], form: TokenForm | None = None) -> str:
    """Return the page of keys, with what was typed in a form that was refused."""
    with state().database.reading() as session:
        keys = tokens.own_tokens(session, current_user.id, state().today())
        latest = releases.latest_number(session)
    return render_template(
        "research/tokens.html",
        keys=keys,
        faults=faults,
        form=form,
        longest=tokens.LONGEST_NAME,
        lasts=tokens.LASTS,
        latest=latest or 1,
        address=state().settings.base_url,
    )


def _from_zip(number: int, path: str) -> bytes:
    with state().database.reading() as session:
        return releases.file_in(session, number, path)


def _download(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
