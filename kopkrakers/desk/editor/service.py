"""Cards of the desk: begun, taken over from a file, saved, asked about, published, withdrawn.

Every version is a row that never changes, so nothing that was saved is lost. The number of a
version is the key: of two who save on the same one, the second hears it and has both texts.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import Session

from kopkrakers.accounts.models import USER
from kopkrakers.base.db import changed, insert_once
from kopkrakers.base.errors import NotAllowed, NotYours, TooLate, WrongInput
from kopkrakers.base.typed import clean_text
from kopkrakers.catalogue.cards.card import LONGEST_FILE, is_slug, says_withdrawn
from kopkrakers.catalogue.library import Library, read_text
from kopkrakers.catalogue.stored.models import CARD_REMARK, CARD_VERSION, STORED_CARD
from kopkrakers.catalogue.writing.checker import likeness
from kopkrakers.desk.editor.draft import title_in

WRONG_NAME = "Gebruik kleine letters, cijfers en losse streepjes, bijvoorbeeld timo-of-kevin."
TAKEN = "Er is al een kaart met deze naam, of bijna dezelfde: {name}. Kies een andere."
SAVED_MEANWHILE = (
    "{who} bewaarde deze kaart intussen ook. Jouw tekst is niet bewaard en staat hieronder nog. "
    "Neem over wat je wilt houden, en bewaar dan opnieuw."
)
MOVED_ON = (
    "Deze kaart is intussen veranderd, teruggestuurd of al gepubliceerd. "
    "Kijk hieronder wat er nu staat."
)
OWN_EYES = (
    "Een kaart gaat pas op de site als een andere redacteur haar las. "
    "Jij schreef deze versie of vroeg er zelf om."
)
TOO_LONG = "Dit zijn {length} tekens, en een kaart heeft er hoogstens {most}. Alles staat er nog."
SOMEBODY = "Iemand anders"
_versions = CARD_VERSION.outerjoin(USER, USER.c.id == CARD_VERSION.c.written_by)
_ALL_VERSIONS = select(CARD_VERSION, USER.c.name.label("writer")).select_from(_versions)
_asker = USER.alias("asker")
_CARDS = select(STORED_CARD, _asker.c.name.label("asker")).select_from(
    STORED_CARD.outerjoin(_asker, _asker.c.id == STORED_CARD.c.asked_by)
)
_NEWEST_TEXT = (
    select(CARD_VERSION.c.source)
    .where(CARD_VERSION.c.slug == STORED_CARD.c.slug)
    .order_by(CARD_VERSION.c.number.desc())
    .limit(1)
    .scalar_subquery()
)
_REMARKS_OPEN = (
    select(func.count())
    .where(CARD_REMARK.c.slug == STORED_CARD.c.slug, CARD_REMARK.c.solved.is_(False))
    .scalar_subquery()
)


@dataclass(frozen=True)
class SavedVersion:
    """A version of a card. `writer` is None for the operator and for whoever is gone."""

    number: int
    source: str
    written_by: int | None
    writer: str | None
    day: date


@dataclass(frozen=True)
class DeskCard:
    """A card of the desk with its versions, the newest first."""

    slug: str
    published: int | None
    asked: int | None
    asked_by: int | None
    asker: str | None
    versions: tuple[SavedVersion, ...]

    @property
    def newest(self) -> SavedVersion:
        """Return the version that was saved last."""
        return self.versions[0]

    def version(self, number: int) -> SavedVersion:
        """Return a version. Raises: NotYours."""
        for version in self.versions:
            if version.number == number:
                return version
        raise NotYours("Deze versie is er niet.")


@dataclass(frozen=True)
class DeskLine:
    """A card of the desk in a list. `remarks`: how many are not done yet."""

    slug: str
    title: str
    remarks: int
    published: int | None
    asked: int | None
    asker: str | None


def desk_cards(session: Session) -> list[DeskLine]:
    """Return the cards of the desk: those that wait for a second reader first."""
    lines = []
    found = _CARDS.add_columns(_NEWEST_TEXT.label("source"), _REMARKS_OPEN.label("remarks"))
    for row in session.execute(found.order_by(STORED_CARD.c.slug)):
        title = title_in(row.source or "") or row.slug
        lines.append(DeskLine(row.slug, title, row.remarks, row.published, row.asked, row.asker))
    return sorted(lines, key=lambda line: line.asked is None)


def desk_card(session: Session, slug: str) -> DeskCard:
    """Return a card with all its versions. Raises: NotYours."""
    row = session.execute(_CARDS.where(STORED_CARD.c.slug == slug)).first()
    if row is None:
        raise NotYours("Deze kaart staat niet bij de redactie.")
    all_versions = _ALL_VERSIONS.where(CARD_VERSION.c.slug == slug)
    versions = []
    for one in session.execute(all_versions.order_by(CARD_VERSION.c.number.desc())):
        versions.append(SavedVersion(one.number, one.source, one.written_by, one.writer, one.day))
    return DeskCard(slug, row.published, row.asked, row.asked_by, row.asker, tuple(versions))


def begin_card(
    session: Session, library: Library, slug: str, text: str, *, by: int, today: date
) -> None:
    """Begin a card that is nowhere yet. Raises: WrongInput for a name that cannot be used."""
    if not is_slug(slug):
        raise WrongInput(WRONG_NAME, "naam")
    names = _names_in_use(session, library)
    for name in sorted(names):
        # also names that are alike, such as with another hyphen: in an address they are confused
        if likeness(name) == likeness(slug):
            raise WrongInput(TAKEN.format(name=name), "naam")
    if not insert_once(session, STORED_CARD, {"slug": slug}):
        raise WrongInput(TAKEN.format(name=slug), "naam")
    _add_version(session, slug, 1, text, by=by, today=today)


def take_over_file(
    session: Session, library: Library, slug: str, *, by: int | None, today: date
) -> bool:
    """Bring a file to the desk as it is; from then on the desk's text counts.

    Return whether it was new: of two who do this at once, the second finds it done.
    Raises: NotYours without such a file.
    """
    path = library.folder / f"{slug}.md"
    if not is_slug(slug) or not path.is_file():
        raise NotYours("Er is geen bestand met deze naam.")
    text = read_text(path)
    if not insert_once(session, STORED_CARD, {"slug": slug, "published": 1}):
        return False
    _add_version(session, slug, 1, text, by=by, today=today)
    return True


def save_version(
    session: Session, slug: str, base: int, text: str, *, by: int | None, today: date
) -> int:
    """Save a text that was made from version `base`; return its number. A question ends with it.

    Raises: TooLate when somebody saved meanwhile; WrongInput when it is too long; NotYours.
    """
    if len(text) > LONGEST_FILE:
        raise WrongInput(TOO_LONG.format(length=len(text), most=LONGEST_FILE), "tekst")
    card = desk_card(session, slug)
    # pressed twice, or saved as it was: no version that differs in nothing
    if card.newest.source == text:
        return card.newest.number
    is_late = card.newest.number != base
    if is_late or not _add_version(session, slug, base + 1, text, by=by, today=today):
        newest = desk_card(session, slug).newest
        raise TooLate(SAVED_MEANWHILE.format(who=newest.writer or SOMEBODY))
    # what was asked was about the text before
    _set(session, slug, asked=None, asked_by=None)
    return base + 1


def ask_reader(session: Session, slug: str, number: int, *, by: int) -> None:
    """Ask another redacteur to read the newest version. Raises: TooLate when it is not; NotYours.

    Call this for a text without faults alone.
    """
    card = desk_card(session, slug)
    if card.newest.number != number or card.published == number:
        raise TooLate(MOVED_ON)
    _set(session, slug, asked=number, asked_by=by)


def send_back(session: Session, slug: str, number: int) -> None:
    """End the question about a version. Raises: TooLate when it is over already."""
    waits = STORED_CARD.c.asked == number
    if not _set(session, slug, waits, asked=None, asked_by=None):
        raise TooLate(MOVED_ON)


def publish(session: Session, slug: str, number: int, *, by: int, alone: bool) -> None:
    """Put the version that waits on the site. `alone`: this desk has one redacteur.

    Of two who press at once the first does. Call this for a text without faults alone.
    Raises: TooLate when it does not wait any more; NotAllowed for whoever wrote it or asked.
    """
    card = desk_card(session, slug)
    if card.asked != number:
        raise TooLate(MOVED_ON)
    if by in (card.asked_by, card.version(number).written_by) and not alone:
        raise NotAllowed(OWN_EYES)
    waits = STORED_CARD.c.asked == number
    # asked again in the statement itself: of two who press at once the second changes nothing
    if not _set(session, slug, waits, published=number, asked=None, asked_by=None):
        raise TooLate(MOVED_ON)


def withdraw_card(session: Session, slug: str, *, by: int, today: date) -> int:
    """Take a card off the site at once, for whoever sees that it is wrong.

    Return the number of the version that does so. Raises: TooLate; NotYours.
    """
    card = desk_card(session, slug)
    if card.published is None:
        raise TooLate("Deze kaart staat nog niet op de site.")
    # the version on the site, for the newest may say what nobody read yet
    text = card.version(card.published).source
    if says_withdrawn(text):
        raise TooLate("Deze kaart is al ingetrokken.")
    number = card.newest.number + 1
    open_text = re.sub(r"^ingetrokken:.*\n", "", text, flags=re.MULTILINE)
    withdrawn = open_text.replace("---\n", "---\ningetrokken: ja\n", 1)
    if not _add_version(session, slug, number, withdrawn, by=by, today=today):
        raise TooLate(MOVED_ON)
    _set(session, slug, published=number, asked=None, asked_by=None)
    return number


# D-150
def put_by_operator(
    session: Session, library: Library, slug: str, text: str, *, today: date, alone: bool
) -> bool:
    """Save a text that was carried in from a file. Return whether anything changed.

    It asks for a second reader, unless `alone`: then it is on the site at once.
    Raises: WrongInput for a name that is nearly that of another card.
    """
    if insert_once(session, STORED_CARD, {"slug": slug}):
        _hold_name_free(session, library, slug)
        _add_version(session, slug, 1, text, by=None, today=today)
    card = desk_card(session, slug)
    number = card.newest.number
    if card.newest.source != text:
        if card.published is not None and card.version(card.published).source == text:
            return False
        number += 1
        _add_version(session, slug, number, text, by=None, today=today)
    if number in (card.published, None if alone else card.asked):
        return False
    if alone:
        return _set(session, slug, published=number, asked=None, asked_by=None)
    return _set(session, slug, asked=number, asked_by=None)


def _names_in_use(session: Session, library: Library) -> set[str]:
    """Return the names of all cards: published, in a file that has faults, and at the desk."""
    names = set(library.cards())
    for path in library.folder.glob("*.md"):
        names.add(path.stem)
    for line in desk_cards(session):
        names.add(line.slug)
    return names


def _hold_name_free(session: Session, library: Library, slug: str) -> None:
    """Raise WrongInput where another card has a name that people would take for this one."""
    names = _names_in_use(session, library)
    for name in sorted(names - {slug}):
        if likeness(name) == likeness(slug):
            raise WrongInput(TAKEN.format(name=name), "naam")


def cleaned_card(text: str) -> str:
    """Return the text of a card as it is kept: without what is invisible, with a last line end."""
    return clean_text(text) + "\n"


def _add_version(
    session: Session, slug: str, number: int, text: str, *, by: int | None, today: date
) -> bool:
    row = {"slug": slug, "number": number, "source": text, "written_by": by, "day": today}
    return insert_once(session, CARD_VERSION, row)


def _set(session: Session, slug: str, *conditions: Any, **values: Any) -> bool:
    statement = update(STORED_CARD).where(STORED_CARD.c.slug == slug, *conditions)
    return changed(session.execute(statement.values(values))) > 0
