"""Fill a database with so much of everything, by rows as the product keeps them."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path
from secrets import token_hex
from typing import Any

from sqlalchemy import Table, insert, select
from sqlmodel import Session

from kopkrakers.accounts.chain.changes import record_change
from kopkrakers.accounts.invitations import Invitee, invite
from kopkrakers.accounts.models import MEMBERSHIP, TEAM, USER, USER_ROLE, Change, Gemeente, Role
from kopkrakers.accounts.rules import address_keys, address_pseudonym
from kopkrakers.accounts.trail import chain
from kopkrakers.accounts.trail.chain import TrailEntry
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers.service import PARTICIPATION, Turn
from kopkrakers.base.config import asset_folder
from kopkrakers.base.db import new_id
from kopkrakers.base.typed import fold
from kopkrakers.catalogue.editions.editions import last_editions, open_first_edition
from kopkrakers.catalogue.stored.models import CARD_REMARK, CARD_VERSION, STORED_CARD
from kopkrakers.counter.build import make_counter
from kopkrakers.counter.loop import tick
from kopkrakers.desk.sending.models import CARD_REPORT, SENT_CASE, CaseState
from kopkrakers.intervisie.session.cases import Dilemma
from kopkrakers.intervisie.session.planning import SessionPlan, plan_session
from kopkrakers.intervisie.session.store import REPORT
from kopkrakers.research.pages.terms import accept
from kopkrakers.research.pages.tokens import AT_MOST, make_token
from kopkrakers.research.release.releases import PART, RELEASE, make_release
from kopkrakers.tallies.models import TALLY
from kopkrakers.web.state import AppState
from tests.research.small import ORIGIN, quiet
from tests.support.signed_totals import sign_by_hand
from tests.support.world import add_gemeente, add_person, add_team

FIRST = ("Anna", "Bram", "Çağla", "Émile", "Gerda", "Hüseyin", "Łukasz", "Søren", "Zoë")
LAST = ("de Vries", "van den Broek", "’t Hart", "Yılmaz", "O’Brien", "Jansen", "El Amrani")
IN_A_TEAM = 100
"""People of a team other than the one with all the mates."""
AT_ONCE = 50_000
"""Rows that are inserted in one statement."""
A_HASH = "$argon2id$v=19$m=19456,t=2,p=1$" + 22 * "s" + "$" + 43 * "h"
"""As long as the hash of a password is: nobody signs in by it."""
STORY = "Een cliënt belt voor de derde keer over dezelfde brief. " * 8


@dataclass(frozen=True)
class Size:
    """The numbers of accounts, turns, cards, mates, and of each other thing that grows."""

    accounts: int
    answers: int
    cards: int
    mates: int
    rows: int


@dataclass(frozen=True)
class Filled:
    """The people who ask for pages, and the things that these are of.

    `card`: one of the desk, with many versions. `everything`: has every role that goes together.
    """

    everything: Visitor
    onderzoeker: Visitor
    team: int
    person: int
    case: str
    report: str
    card: str


def fill(kept: AppState, size: Size) -> Filled:
    """Fill an empty database, of which the cards were put in their folder before."""
    with kept.database.transaction() as session:
        gemeente = add_gemeente(session, "Zaanstad")
        session.add_all(Gemeente(name=f"Gemeente {n}") for n in range(min(size.rows, 341)))
        team = add_team(session, gemeente, "Team Noord")
        add_people(session, kept, size, gemeente, team)
        roles = (Role.KLANTMANAGER, Role.BEHEERDER, Role.BEGELEIDER, Role.REDACTEUR)
        one = add_person(session, "Anna de Vries", gemeente, team, *roles)
        other = add_person(session, "Dewi Bakker", gemeente, None, Role.ONDERZOEKER)
        accept(session, other.id)
    tick(make_counter(kept.settings, kept.database, kept.library), kept.library, kept.now())
    with kept.database.transaction() as session:
        publish(session, kept)
        use_turns(session, size.answers)
    with kept.database.transaction() as session:
        add_trail(session, kept, size.rows, gemeente, one.id)
        add_invitations(session, kept, size.rows, gemeente)
        add_sessions(session, kept, size.rows, team, one.id)
        case, report = add_inbox(session, kept, size.rows)
        card = add_desk(session, kept, size.rows, one.id)
        for _ in range(min(AT_MOST, size.rows)):
            make_token(session, other.id, "tables", "90", kept.today())
    add_releases(kept, size, kept.today())
    return Filled(one, other, team, one.id, case, report, card)


def publish(session: Session, kept: AppState) -> None:
    """Open an edition of every card that has none yet, the day before."""
    known = last_editions(session)
    for slug, card in kept.library.cards().items():
        if slug not in known:
            open_first_edition(session, card, kept.today() - timedelta(days=1))


def copies(folder: Path, how_many: int) -> Path:
    """Copy our cards to a folder, under other names as often as needed; gives the folder."""
    folder.mkdir()
    ours = asset_folder("dilemmas")
    for other in ours.iterdir():
        if other.suffix != ".md" and other.is_file():
            shutil.copy(other, folder)
    cards = sorted(path for path in ours.glob("*.md") if path.read_text().startswith("---"))
    for number, card in enumerate(islice(cycle(cards), how_many)):
        copy = number // len(cards)
        name = card.name if copy == 0 else f"{card.stem}-{copy}.md"
        shutil.copy(card, folder / name)
    return folder


def put(session: Session, into: Table, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows, many in each statement."""
    left = iter(rows)
    while part := list(islice(left, AT_ONCE)):
        session.connection().execute(insert(into), part)


def name_of(number: int) -> str:
    """Return a name with what names have: accents, apostrophes and tussenvoegsels."""
    return f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]} {number * 7919 % 20_000}"


def add_people(
    session: Session, kept: AppState, size: Size, gemeente: int, with_mates: int
) -> None:
    """Add klantmanagers with a name, an address and a password: first the mates, in one team."""
    key = address_keys(kept.settings)[0]
    rows = []
    for number in range(size.accounts):
        name, address = name_of(number), f"medewerker.{number}@zaanstad.nl"
        row = {"gemeente_id": gemeente, "email": address, "name": name, "sort_name": fold(name)}
        row |= {"address_hmac": address_pseudonym(address, key), "password_hash": A_HASH}
        rows.append(row | {"generation": 0, "status": "active", "address_proved": True})
    put(session, USER, rows)
    ids = session.execute(select(USER.c.id).order_by(USER.c.id)).scalars().all()
    put(session, USER_ROLE, ({"user_id": one, "role": Role.KLANTMANAGER} for one in ids))
    others = range((len(ids) - size.mates) // IN_A_TEAM + 1)
    put(session, TEAM, ({"gemeente_id": gemeente, "name": f"Team {n}"} for n in others))
    teams = session.execute(select(TEAM.c.id).where(TEAM.c.id != with_mates)).scalars().all()
    members = []
    for place, one in enumerate(ids):
        team = with_mates if place < size.mates else teams[place % len(teams)]
        members.append({"user_id": one, "team_id": team})
    put(session, MEMBERSHIP, members)
    record_change(session, kept.row_keys, ids, Change.MADE)


def use_turns(session: Session, how_many: int) -> None:
    """Let turns be used on all open editions: of nobody, for a pseudonym says nothing else."""
    put(session, PARTICIPATION, islice(turns_on(cycle(editions_of(session))), how_many))


def editions_of(session: Session) -> list[dict[str, Any]]:
    """Return the newest edition of each dilemma, as rows name it."""
    found = []
    for slug, edition in last_editions(session).items():
        found.append({"dilemma": slug, "edition": edition.number})
    return found


def turns_on(editions: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield a turn on each of these editions."""
    for edition in editions:
        yield edition | {"pseudonym": token_hex(16), "state": Turn.IN_BOX}


def add_trail(session: Session, kept: AppState, size: int, gemeente: int, actor: int) -> None:
    """Let so much be done in beheer, at the desk, and to one person."""
    for number in range(size):
        what = Deed.DESK_PLANNED if number % 2 else Deed.ROLES
        entry = TrailEntry(what, gemeente, actor, actor, f"kaart-{number}")
        chain.write(session, kept.row_keys, entry, kept.today())


def add_invitations(session: Session, kept: AppState, size: int, gemeente: int) -> None:
    """Invite so many people by mail."""
    keys, roles = address_keys(kept.settings), frozenset({Role.KLANTMANAGER})
    for number in range(size):
        address = f"nieuw.{number}@zaanstad.nl"
        one = Invitee(name_of(number), address, roles, None, mailed=True)
        invite(session, gemeente, one, now=kept.now(), keys=keys, row_keys=kept.row_keys)


def add_sessions(session: Session, kept: AppState, size: int, team: int, leader: int) -> None:
    """Let a team have planned a tenth as many sessions, and have the reports of all others."""
    slug = editions_of(session)[0]["dilemma"]
    for number in range(size // 10):
        day = kept.today() + timedelta(days=1 + number % 300)
        plan = SessionPlan(team, "kraak-45", Dilemma(slug), planned_for=day)
        plan_session(session, kept.library, plan, user_id=leader, today=kept.today())
    reports = []
    for number in range(size):
        row = {"id": new_id(), "team_id": team, "title": f"Verslag {number}", "place": number}
        day = kept.today() - timedelta(days=number % 900)
        agreed = '["We bellen eerst."]' if number % 3 == 0 else "[]"
        reports.append(row | {"held_on": day, "body": f'{{"agreements": {agreed}}}'})
    put(session, REPORT, reports)


def add_inbox(session: Session, kept: AppState, size: int) -> tuple[str, str]:
    """Let so much be sent in, half of it done with; gives the key of a case and of a report."""
    slug = editions_of(session)[0]["dilemma"]
    cases: list[dict[str, Any]] = []
    reports: list[dict[str, Any]] = []
    for number in range(size):
        week = kept.today() - timedelta(weeks=number % 50)
        state = CaseState.DECLINED if number % 2 else CaseState.RECEIVED
        row = {"code_hash": 2 * new_id(), "week": week, "state": state, "theme": "Handhaving"}
        cases.append(row | {"happened": STORY, "ways": "Bellen\nSchrijven", "hard": STORY})
        row = {"id": new_id(), "week": week, "slug": slug, "edition": 1, "part": "verhaal"}
        reports.append(row | {"text": STORY, "done": bool(number % 2)})
    put(session, SENT_CASE, cases)
    put(session, CARD_REPORT, reports)
    return cases[0]["code_hash"], reports[0]["id"]


def add_desk(session: Session, kept: AppState, size: int, writer: int) -> str:
    """Bring cards to the desk, at most all; one has as many versions as rows; gives that card."""
    slugs: list[str] = sorted(kept.library.cards())[: size // 2]
    put(session, STORED_CARD, ({"slug": slug, "published": 1} for slug in slugs))
    versions = []
    for slug in slugs:
        source = (kept.library.folder / f"{slug}.md").read_text()
        how_many = size if slug == slugs[0] else 1
        for number in range(1, how_many + 1):
            row = {"slug": slug, "number": number, "source": source, "written_by": writer}
            versions.append(row | {"day": kept.today()})
    put(session, CARD_VERSION, versions)
    remark = {"slug": slugs[0], "number": 1, "text": STORY, "day": kept.today()}
    put(session, CARD_REMARK, (remark | {"id": new_id()} for _ in range(size // 10)))
    return slugs[0]


def add_releases(kept: AppState, size: Size, today: date) -> None:
    """Make a release of all editions, and put the same under the months before."""
    with kept.database.transaction() as session:
        totals = []
        for edition in editions_of(session):
            card = kept.library.cards()[edition["dilemma"]]
            for n, option in enumerate(card.option_codes):
                totals.append(edition | {"scope": "NL", "option": option, "n": 4000 - 900 * n})
        put(session, TALLY, totals)
    sign_by_hand(kept.database, kept.row_keys)
    make_release(kept.database, kept.library, kept.row_keys, ORIGIN, today, quiet)
    with kept.database.transaction() as session:
        newest = session.execute(select(RELEASE)).one()._asdict()
        months = range(1, min(size.rows, 120) + 1)
        rows = []
        for number in months:
            month = f"{2001 + number // 12}-{1 + number % 12:02}"
            rows.append(newest | {"number": newest["number"] + number, "month": month})
        put(session, RELEASE, rows)
        last = {"number": rows[-1]["number"]}
        parts = session.execute(select(PART)).all()
        put(session, PART, (part._asdict() | last for part in parts))
