"""The page of news about the product, for the roles of its reader."""

from flask import render_template
from flask_login import current_user

from kopkrakers.accounts.pages import blueprint
from kopkrakers.web import access
from kopkrakers.web.news import unread


@blueprint.get("/nieuw")
@access.signed_in
def whats_new() -> str:
    """Return what is new; from then on nothing says that there is something to read."""
    unread.mark_read()
    updates, roles = unread.updates(), current_user.roles
    return render_template("accounts/account/news.html", updates=updates, roles=roles)
