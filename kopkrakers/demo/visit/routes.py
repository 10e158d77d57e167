"""Pages of the demo alone: have the bus looked into now, and read every mail."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.demo.visit.looking import ask_to_look
from kopkrakers.demo.visit.post import mails
from kopkrakers.web import access
from kopkrakers.web.limits import slow_down
from kopkrakers.web.paths import own_path
from kopkrakers.web.state import state

blueprint = Blueprint("demo", __name__)


@blueprint.post("/demo/kijk-nu")
@access.signed_in
def look_now() -> ResponseReturnValue:
    """Run the real counter and go back to the page of this site in `naar`."""
    slow_down("kijk", str(current_user.id), at_most=30, minutes=10)
    ask_to_look(state().settings, current_user.id)
    return redirect(own_path(request.form.get("naar")), 303)


@blueprint.get("/demo/post")
@access.public
def read_post() -> str:
    """Return the mails of everyone: nobody in the demo is real."""
    return render_template("demo/post.html", mails=mails(state().settings))
