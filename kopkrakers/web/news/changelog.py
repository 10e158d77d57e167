"""News for the people who use the product: read at the start from the CHANGELOG that ships.

An update in that file is a heading (`## …`) with parts (`**…**`), each a list of sentences in
Dutch. `In het kort` comes first; the others are for everyone, for one role, or for whoever runs the
server and so on no page.
"""

from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markupsafe import Markup

IN_SHORT = "In het kort"
FOR_EVERYONE = frozenset({"Elke dag", "Met je team", "Voor iedereen"})
FOR_A_ROLE = {"Voor de gemeente": "beheerder", "Voor onderzoek": "onderzoeker"}
FOR_THE_SERVER = "Voor wie de server beheert"
_markdown = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True)
class NewsSection:
    """News for some readers: sentences as clean HTML."""

    title: str
    sentences: tuple[Markup, ...]

    def is_for(self, roles: frozenset[str]) -> bool:
        """Whether somebody with these roles has something to do with it."""
        return self.title in FOR_EVERYONE or FOR_A_ROLE.get(self.title) in roles


@dataclass(frozen=True)
class Update:
    """A version of the product: what is new in short, and for whom."""

    name: str
    in_short: tuple[Markup, ...]
    parts: tuple[NewsSection, ...]


@lru_cache(maxsize=1)
def read_news(text: str) -> tuple[Update, ...]:
    """Return the updates of a CHANGELOG, the newest first. Remembered: it is read at each start."""
    sections = []
    for chapter in text.split("\n## ")[1:]:
        name, _, rest = chapter.partition("\n")
        in_short: tuple[Markup, ...] = ()
        others = []
        for piece in f"\n{rest}".split("\n**")[1:]:
            part = _part(piece)
            if part.title == IN_SHORT:
                in_short = part.sentences
            else:
                others.append(part)
        sections.append(Update(name.strip(), in_short, tuple(others)))
    return tuple(sections)


def _part(piece: str) -> NewsSection:
    title, _, rest = piece.partition("**")
    sentences = []
    for line in rest.splitlines():
        if line.startswith("- "):
            # its HTML is off: what is not Markdown comes out as text
            sentences.append(Markup(_markdown.renderInline(line.removeprefix("- "))))
    return NewsSection(title, tuple(sentences))
