"""Sentences about pools for `kopkrakers check`: altered rows, and figures that cannot come."""

from sqlalchemy import select
from sqlmodel import Session

from kopkrakers.accounts.models import GEMEENTE
from kopkrakers.base.keys import Keys
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.pools.models import POOL_ASSIGNMENT
from kopkrakers.pools.regios import regios
from kopkrakers.pools.rules import pools_of
from kopkrakers.pools.service import assignment_holds, edition_holds, is_whole, pools_in
from kopkrakers.pools.sizes import believed_sizes, membership_holds
from kopkrakers.privacy.rules import K_GEMEENTE, K_POOL, K_SESSION

FIND_OUT = "Zoek uit wie in de database kan schrijven."
NO_FIGURES = (
    "Daguitslagen komen er nog niet. Accounts die kunnen stemmen: {accounts}. Daguitslagen komen "
    f"vanaf {K_POOL} accounts, of met een regio van twee kleine gemeenten of meer. In een sessie "
    f"met een team zijn er cijfers vanaf {K_SESSION} stemmen. "
    "Zie docs/beheer.md, Een proef met één team."
)
NOT_TOGETHER = (
    "Regio {regio} heeft geen twee kleine gemeenten met accounts. Haar kleine gemeenten tellen nu "
    "alleen mee voor het land. Zie docs/beheer.md, Een regio."
)
TOO_FEW_TOGETHER = (
    "Regio {regio} heeft samen nog te weinig accounts voor een uitslag: {accounts}. Die komt vanaf "
    f"{K_GEMEENTE}."
)


def changed_pools(session: Session, keys: Keys) -> list[str]:
    """Return a sentence for each kind of row that somebody changed outside the product."""
    in_regio = select(GEMEENTE).where(GEMEENTE.c.regio_id.is_not(None)).order_by(GEMEENTE.c.id)
    moved = []
    for row in session.execute(in_regio):
        if not membership_holds(keys, row):
            moved.append(row.name)
    assigned = session.execute(select(POOL_ASSIGNMENT)).all()
    all_assigned_hold = all(assignment_holds(keys, row) for row in assigned)
    editions = _changed_editions(session, keys)
    said = []
    if moved:
        said.append(
            f"Buiten kopkrakers om in een regio gezet: {', '.join(moved)}. "
            f"Dat telt niet. {FIND_OUT}"
        )
    if editions or not all_assigned_hold:
        if editions:
            where = f" in {'; '.join(editions)}"
        else:
            where = ""
        said.append(
            f"Buiten kopkrakers om is veranderd wie met wie telt{where}. Die antwoorden "
            f"gaan naar de bus van het land. {FIND_OUT}"
        )
    return said


def _changed_editions(session: Session, keys: Keys) -> list[str]:
    """Return the editions whose pools are not the ones they were opened with."""
    chosen = session.execute(select(EDITION).where(EDITION.c.pools.is_not(None))).all()
    pools = {row.pools: pools_in(session, keys, row.pools) for row in chosen}
    changed = []
    for row in chosen:
        if not (edition_holds(keys, row) and is_whole(row, pools[row.pools])):
            changed.append(f"{row.dilemma}, editie {row.number}")
    return changed


def notes_on_pools(session: Session, keys: Keys) -> list[str]:
    """Return what is in order, but good to know: figures that cannot come."""
    known = believed_sizes(session, keys)
    accounts = sum(gemeente.accounts for gemeente in known)
    notes = []
    # before anybody is invited too: then it is to be read
    if known and accounts < K_POOL and not pools_of(known):
        notes.append(NO_FIGURES.format(accounts=accounts))
    for regio in regios(session, keys):
        together = []
        for member in regio.gemeenten:
            if member.counts_here:
                together.append(member.accounts)
        alone = [member for member in regio.gemeenten if member.accounts < K_POOL]
        if together and sum(together) < K_GEMEENTE:
            notes.append(TOO_FEW_TOGETHER.format(regio=regio.name, accounts=sum(together)))
        elif alone and not together:
            notes.append(NOT_TOGETHER.format(regio=regio.name))
    return notes
