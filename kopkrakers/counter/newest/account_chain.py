"""The chain of changes to accounts, held against its MACs and against its head in the key folder.

The head stands there as the count number does: whoever takes the last links off the chain, and
puts the accounts back as they were, cannot reach it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.accounts.chain.changes import LAST_LINK, NOTHING, SIGN_ACCOUNT, begin_change
from kopkrakers.accounts.chain.remembered import EVERY_LINK, verified_once
from kopkrakers.accounts.chain.signing import (
    account_fields,
    account_holds,
    all_accounts,
    invitation_fields,
    invitation_holds,
    link_fields,
)
from kopkrakers.accounts.models import ACCOUNT_CHANGE, INVITATION, Change
from kopkrakers.base.db import AT_A_TIME
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.keys import Keys
from kopkrakers.base.macs import Fields, of_former_key, sign, verify_mac
from kopkrakers.counter.keys import KeyFolder

HEAD_FILE = "account-changes"
"""The file in the key folder with the number of the last link and its MAC, in hexadecimal.

Two MACs while the chain is signed anew: the counter may be killed before or after the commit.
"""
STOPPED = (
    "Er is niets geteld of gewist. Zoek uit wie in de database kan schrijven. Stop de dienst, zet "
    "een reservekopie terug en draai `kopkrakers restore`."
)
OLDER = (
    "Deze database is ouder dan de sleutels: de laatste wijziging van een account is hier nummer "
    "{here}, bij de sleutels nummer {there}. Er is niets geteld of gewist. Stop de dienst en draai "
    "`kopkrakers restore`."
)
MISSING = "In de lijst van wijzigingen van accounts ontbreekt nummer {number}. " + STOPPED
CHANGED = (
    "In de lijst van wijzigingen van accounts is nummer {number} buiten kopkrakers om veranderd. "
    + STOPPED
)
CHANGED_BEFORE = (
    "In de lijst van wijzigingen van accounts is iets van voor nummer {number} buiten kopkrakers "
    "om veranderd. " + STOPPED
)
(_LINKS,) = EVERY_LINK
_MAC_OF_LINK = select(ACCOUNT_CHANGE.c.mac).where(ACCOUNT_CHANGE.c.number == bindparam("number"))
_LAST_RESTORE = select(func.max(ACCOUNT_CHANGE.c.number)).where(
    ACCOUNT_CHANGE.c.what == Change.RESTORED.value
)
_OPEN_INVITATIONS = select(INVITATION).where(INVITATION.c.ended.is_(None))
_SIGN_INVITATION = (
    update(INVITATION).where(INVITATION.c.id == bindparam("of")).values(mac=bindparam("signed"))
)
_REWRITE = (
    update(ACCOUNT_CHANGE)
    .where(ACCOUNT_CHANGE.c.number == bindparam("number_"))
    .values({name: bindparam(f"{name}_") for name in ("state", "previous", "mac")})
)
_COVERED = ("number", "what", "user_id", "state", "previous")
"""The columns of a link that its MAC covers."""


class Head(NamedTuple):
    """The last link that the keys know: its number, and the MACs it may have."""

    number: int
    macs: tuple[bytes, ...]


def check_chain(session: Session, folder: KeyFolder, keys: Keys) -> None:
    """Make sure that no link is missing or changed; let the key folder know the newest.

    Call this in a snapshot.
    Raises: ConfigurationError that says which link is.
    """
    last = session.execute(LAST_LINK).first()
    head = recalled_head(folder)
    _check_head(session, head, last=0 if last is None else last.number)

    # the head names one link; only this finds that an older one was changed
    def unbroken() -> tuple[int, ...]:
        _check_links(session, keys)
        return ()

    verified_once(session, keys, EVERY_LINK, unbroken)
    if last is not None and head != Head(last.number, (last.mac,)):
        _remember(folder, last.number, last.mac)


def recalled_head(folder: KeyFolder) -> Head:
    """Return the last link that the keys know; number 0 in a new folder."""
    line = folder.recall(HEAD_FILE)
    if line is None:
        return Head(0, ())
    number, *macs = line.split()
    return Head(int(number), tuple(map(bytes.fromhex, macs)))


def chain_is_behind(session: Session, folder: KeyFolder) -> bool:
    """Whether the keys know links that this database does not have."""
    last = session.execute(LAST_LINK).first()
    return recalled_head(folder).number > (0 if last is None else last.number)


def continue_chain(session: Session, folder: KeyFolder, keys: Keys) -> None:
    """Let the chain of a database that was put back go on after the last link that the keys know.

    What was in it before is from then on held against the new link alone.
    """
    begin_change(session)
    links = session.execute(_LINKS).all()
    last, previous = recalled_head(folder).number, NOTHING
    if links:
        # the new link comes after both, whichever went further
        last = max(last, links[-1].number)
        previous = links[-1].mac
    state = sign(keys, *_fields_of_all([link._asdict() for link in links]))
    row: dict[str, Any] = {
        "number": last + 1,
        "what": Change.RESTORED.value,
        "user_id": None,
        "state": state,
        "previous": previous,
    }
    mac = sign(keys, *link_fields(**row))
    # before the commit: should that fail, the database is behind, and `restore` runs again
    _remember(folder, last + 1, mac)
    session.connection().execute(insert(ACCOUNT_CHANGE), row | {"mac": mac})


def expect_head(session: Session, folder: KeyFolder) -> None:
    """Let the key folder know, before the commit, the MAC of its last link once signed anew."""
    head = recalled_head(folder)
    of_head = _LINKS.where(ACCOUNT_CHANGE.c.number == head.number)
    link = session.execute(of_head).first()
    if link is not None and link.mac not in head.macs:
        # the former MAC stays beside it, for the commit that is to come may fail
        _remember(folder, head.number, *head.macs, link.mac)


def chain_of_former_key(session: Session, keys: Keys) -> list[Row[Any]]:
    """Return accounts, links and open invitations that hold by a former key alone."""
    accounts = session.execute(all_accounts()).all()
    invitations = session.execute(_OPEN_INVITATIONS).all()
    links = session.execute(_LINKS).all()
    return [
        *of_former_key(keys, accounts, account_holds),
        *of_former_key(keys, invitations, invitation_holds),
        *of_former_key(keys, links, link_holds),
    ]


def sign_chain_anew(session: Session, keys: Keys, found: Sequence[Row[Any]]) -> None:
    """Sign accounts, open invitations and the whole chain by the current key, if any was found.

    What fails by every key keeps the MAC that it has. Call `expect_head` before the commit.
    """
    if not found:
        return
    begin_change(session)
    for invitation in session.execute(_OPEN_INVITATIONS).all():
        if invitation_holds(keys, invitation):
            signed = sign(keys, *invitation_fields(invitation))
            session.execute(_SIGN_INVITATION, {"of": invitation.id, "signed": signed})
    # a link holds the MAC of its account, so accounts come before links
    state_of_link = {}
    for account in session.execute(all_accounts()).all():
        if account_holds(keys, account):
            signed = sign(keys, *account_fields(account))
            state_of_link[account.link_number] = signed
            session.execute(SIGN_ACCOUNT, {"user_id": account.id, "signed": signed})
    _rewrite_links(session, keys, state_of_link)


def link_holds(keys: Keys, link: Row[Any]) -> bool:
    """Whether a link is as it was added."""
    fields = link_fields(link.number, link.what, link.user_id, link.state, link.previous)
    return verify_mac(keys, link.mac, *fields)


def _check_head(session: Session, head: Head, *, last: int) -> None:
    """Hold the link that the keys know best against them. `last`: the number of the last link."""
    if last < head.number:
        raise ConfigurationError(OLDER.format(here=last, there=head.number))
    # a new folder knows of no link, and there is nothing to hold against it
    if head.number == 0:
        return
    mac = session.execute(_MAC_OF_LINK, {"number": head.number}).scalar()
    if mac is None:
        raise ConfigurationError(MISSING.format(number=head.number))
    if mac not in head.macs:
        raise ConfigurationError(CHANGED.format(number=head.number))


def _check_links(session: Session, keys: Keys) -> None:
    """Hold links against their MACs and against the ones before, from the last restore on."""
    last_restore = session.execute(_LAST_RESTORE).scalar() or 0
    before: list[Mapping[str, Any]] = []
    number, previous = 0, NOTHING
    for link in session.execute(_LINKS).yield_per(AT_A_TIME):
        # all before a restore is held against the one MAC in its link, see `continue_chain`
        if link.number < last_restore:
            before.append(link._asdict())
            continue
        if not link_holds(keys, link):
            raise ConfigurationError(CHANGED.format(number=link.number))
        if link.number == last_restore:
            if not verify_mac(keys, link.state, *_fields_of_all(before)):
                raise ConfigurationError(CHANGED_BEFORE.format(number=link.number))
        elif link.number != number + 1:
            raise ConfigurationError(MISSING.format(number=number + 1))
        elif link.previous != previous:
            # told of the link before: it is that one that is no longer what this one was tied to
            raise ConfigurationError(CHANGED.format(number=number))
        number, previous = link.number, link.mac


def _fields_of_all(links: Sequence[Mapping[str, Any]]) -> Fields:
    """Return what the state of a link after a restore covers: all links before it."""
    fields: list[Any] = ["account changes before"]
    for link in links:
        fields += [link["mac"], *_fields_of(link)]
    return tuple(fields)


def _fields_of(link: Mapping[str, Any]) -> Fields:
    """Return what the MAC of a link covers."""
    return link_fields(**{name: link[name] for name in _COVERED})


def _rewrite_links(session: Session, keys: Keys, state_of_link: Mapping[int, bytes]) -> None:
    """Sign every link by the current key, with the new MACs of accounts and of the link before."""
    former: list[dict[str, Any]] = []
    current: list[dict[str, Any]] = []
    parameters = []
    for link in session.execute(_LINKS).all():
        row = link._asdict()
        # a link that somebody changed keeps its MAC, so that it goes on failing
        if link_holds(keys, link):
            row["state"] = state_of_link.get(link.number, link.state)
            is_restore = link.what == Change.RESTORED
            if is_restore and verify_mac(keys, link.state, *_fields_of_all(former)):
                row["state"] = sign(keys, *_fields_of_all(current))
            # one that did not follow the link before it must not seem to do so now
            if former and link.previous == former[-1]["mac"]:
                row["previous"] = current[-1]["mac"]
            row["mac"] = sign(keys, *_fields_of(row))
        former.append(link._asdict())
        current.append(row)
        parameters.append({f"{name}_": value for name, value in row.items()})
    session.connection().execute(_REWRITE, parameters)


def _remember(folder: KeyFolder, number: int, *macs: bytes) -> None:
    folder.remember(HEAD_FILE, " ".join([str(number), *map(bytes.hex, macs)]))
