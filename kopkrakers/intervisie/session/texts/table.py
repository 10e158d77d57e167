"""The table that phones fill, such as partij, waarde and norm: sealed as reasons are."""

from collections.abc import Sequence

from sqlmodel import Session

from kopkrakers.base.errors import TooLate, WrongInput
from kopkrakers.base.keys import Keys
from kopkrakers.intervisie.session.ballot import PADDED_TABLE, rows_of, table_ballot
from kopkrakers.intervisie.session.rounds import put_ballot
from kopkrakers.intervisie.session.store import find, script_of
from kopkrakers.intervisie.werkvormen.reading import TABLE

NOTHING = "Schrijf iets op, of kies ‘Ik heb niets toe te voegen’."
WAS_IN = "Wat je schreef was al binnen. De eerste keer telt."


# D-86
def write_rows(
    session: Session,
    *,
    code: str,
    token: str,
    rows: Sequence[Sequence[str]],
    passes: bool,
    mac_keys: Keys,
) -> None:
    """Seal what a phone adds to the table and put it in the session's box.

    `passes`: it adds nothing. That is sealed too, equally long, so that nothing tells who wrote.
    Raises: WrongInput for nothing at all or too much of it; else as `rounds.cast_vote`.
    """
    live_session = find(session, code)
    columns = script_of(live_session).columns
    # cut to the columns that there are: a page of another werkvorm may still stand open
    ballot = table_ballot([row[: len(columns)] for row in rows])
    if passes:
        ballot = table_ballot([])
    elif not rows_of(ballot):
        raise WrongInput(NOTHING, "cel_0_0")
    is_in = put_ballot(
        session,
        live_session,
        ballot,
        token=token,
        number=TABLE,
        padded=PADDED_TABLE,
        mac_keys=mac_keys,
    )
    if not is_in:
        raise TooLate(WAS_IN)
