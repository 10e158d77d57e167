"""Pages of the demo alone: have the bus looked into now, go to tomorrow, and read every mail."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.base.dutch import day as in_words
from kopkrakers.base.typed import own_path
from kopkrakers.demo.visit.asking import QuestionKind, ask
from kopkrakers.demo.visit.post import mails
from kopkrakers.web import access
from kopkrakers.web.limits import slow_down
from kopkrakers.web.state import state

blueprint = Blueprint("demo", __name__)


@blueprint.post("/demo/kijk-nu")
@access.signed_in
def look_now() -> ResponseReturnValue:
    """Run the real counter and go back to the page of this site in `naar`."""
    slow_down("kijk", str(current_user.id), at_most=30, minutes=10)
    ask(state().settings, QuestionKind.LOOK, current_user.id)
    return redirect(own_path(request.form.get("naar")), 303)


@blueprint.get("/demo/morgen")
@access.signed_in
def tomorrow() -> str:
    """Return the page that says what going to tomorrow does, and asks."""
    today = state().today()
    return render_template("demo/tomorrow.html", today=today, next_day=today + timedelta(days=1))


@blueprint.post("/demo/morgen")
@access.signed_in
def go_to_tomorrow() -> ResponseReturnValue:
    """Leave the day in `dag`, unless somebody just did; go to Vandaag."""
    slow_down("morgen", str(current_user.id), at_most=30, minutes=10)
    left = request.form.get("dag", default=0, type=int)
    if left == state().today().toordinal():
        ask(state().settings, QuestionKind.TOMORROW, left)
    flash(f"Het is nu {in_words(state().today())}.", "ok")
    return redirect("/", 303)


@blueprint.get("/demo/post")
@access.public
def read_post() -> str:
    """Return the mails of everyone: nobody in the demo is real."""
    return render_template("demo/post.html", mails=mails(state().settings))
