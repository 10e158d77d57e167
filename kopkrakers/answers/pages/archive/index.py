"""The index from A to Z: trefwoorden, each with its dilemmas and the law that they touch."""

from dataclasses import dataclass, field
from string import ascii_lowercase

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlmodel import Session
from wtforms import StringField

from kopkrakers.answers.pages.views import STANDINGS
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.service import Turn, turns_of
from kopkrakers.base.typed import by_name, clean_line, contains_words, fold
from kopkrakers.catalogue.cards.card import Knowledge
from kopkrakers.catalogue.editions.archive import LONGEST_SEARCH, ArchiveEntry, archive
from kopkrakers.web import access
from kopkrakers.web.forms import Query
from kopkrakers.web.state import state

blueprint = Blueprint("index", __name__)

ALL = "alles"
"""Stands for a letter where every word is asked for, to be printed."""
OTHER = "0-9"
"""The letter of words that begin with none."""


@dataclass(frozen=True)
class IndexedDilemma:
    """A dilemma under a word. `standing`: words for the own turn, empty while it is unused."""

    slug: str
    title: str
    standing: str


@dataclass(frozen=True)
class Word:
    """A trefwoord. `law`: the articles that its dilemmas touch, of those that may be seen."""

    text: str
    letter: str
    dilemmas: tuple[IndexedDilemma, ...]
    law: tuple[Knowledge, ...]
    has_unseen_law: bool

    @property
    def anchor(self) -> str:
        """Return the id of its heading."""
        return "w-" + fold(self.text).replace(" ", "-")


@dataclass
class _Found:
    """What stands under one word, while it is gathered."""

    dilemmas: list[IndexedDilemma] = field(default_factory=list)
    law: dict[tuple[str, str | None], Knowledge] = field(default_factory=dict)
    has_unseen_law: bool = False


class IndexForm(Query):
    """A letter, or words to look for."""

    letter = StringField()
    zoek = StringField(filters=[lambda typed: clean_line(typed or "")[:LONGEST_SEARCH]])


@blueprint.get("/abc")
@access.signed_in
def index() -> ResponseReturnValue:
    """Return the letters with their words; of one letter, or of what is looked for, all of it."""
    form = IndexForm()
    letter, words = (form.letter.data or "").lower(), form.zoek.data or ""
    voter = Voter(current_user.id, state().turn_keys)
    with state().database.reading() as session:
        found = words_of(session, voter)
    letters: dict[str, list[Word]] = {}
    for word in found:
        letters.setdefault(word.letter, []).append(word)
    shown = found if letter == ALL else letters.get(letter, [])
    if words:
        shown = [word for word in found if _suits(word, words)]
    return render_template(
        "answers/index.html", letters=letters, letter=letter, words=words, shown=shown
    )


def words_of(session: Session, voter: Voter) -> list[Word]:
    """Return the trefwoorden of all published dilemmas, from A to Z.

    What is only planned stands under no word. The law of a dilemma that somebody can still answer
    is left out: they read it once their answer is in.
    """
    entries = archive(session, state().library, state().today())
    turns = turns_of(session, voter, [_place(entry) for entry in entries])
    word_entries: dict[str, _Found] = {}
    for entry in by_name(entries, lambda entry: entry.card.title):
        turn = turns.get(_place(entry), Turn.NONE)
        for text in entry.card.keywords:
            _add(word_entries.setdefault(text, _Found()), entry, turn)
    words = []
    for text in by_name(word_entries, str):
        of_word = word_entries[text]
        law = tuple(of_word.law[key] for key in sorted(of_word.law, key=str))
        dilemmas = tuple(of_word.dilemmas)
        words.append(Word(text, _letter(text), dilemmas, law, of_word.has_unseen_law))
    return words


def _add(found: _Found, entry: ArchiveEntry, turn: Turn) -> None:
    standing = ""
    if turn is not Turn.NONE:
        standing = STANDINGS[turn].headline
    found.dilemmas.append(IndexedDilemma(entry.card.slug, entry.card.title, standing))
    if entry.is_open and turn is Turn.NONE:
        found.has_unseen_law = True
        return
    for item in entry.card.law:
        found.law.setdefault((item.source, item.url), item)


def _place(entry: ArchiveEntry) -> tuple[str, int]:
    return entry.card.slug, entry.edition_number


def _letter(text: str) -> str:
    first = fold(text)[:1]
    return first if first in ascii_lowercase else OTHER


def _suits(word: Word, words: str) -> bool:
    titles = " ".join(dilemma.title for dilemma in word.dilemmas)
    return contains_words(fold(f"{word.text} {titles}"), words)
