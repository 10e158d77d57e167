"""The page `/spiegel`: where a gemeente or regio stands beside the country, to read together."""

from math import ceil, floor

from flask import Blueprint, render_template, request
from flask_login import current_user

from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.research.mirror.bounds import Difference
from kopkrakers.research.mirror.reading import Reader, mirror_of
from kopkrakers.web import access
from kopkrakers.web.state import state

blueprint = Blueprint("mirror", __name__)
CLOSED = "gesloten"
"""What the address says where only closed dilemmas are asked."""


@blueprint.get("/spiegel")
@access.signed_in
def mirror() -> str:
    """Return the mirror of the own pool, of all that this person may see or of what is closed."""
    closed_only = request.args.get("wat") == CLOSED
    voter = Voter(current_user.id, state().turn_keys)
    reader = Reader(voter, current_user.gemeente_id, closed_only)
    with state().database.reading() as session:
        mirror = mirror_of(session, state().library, reader, state().today())
    return render_template(
        "research/mirror.html", mirror=mirror, closed_only=closed_only, in_points=in_points
    )


def in_points(difference: Difference) -> str:
    """Return between which differences the true one lies, in percentage points, in words.

    Rounded away from the middle, so that it never sounds surer than it is.
    """
    low, high = floor(100 * difference.low), ceil(100 * difference.high)
    if low >= 0:
        return f"{low} tot {high} punten meer"
    if high <= 0:
        return f"{-high} tot {-low} punten minder"
    return f"{-low} punten minder tot {high} meer"
