"""The README of a release as a page."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {"h1", "h2", "p", "ul", "ol", "li", "strong", "em", "code"}
_markdown = MarkdownIt("commonmark", {"html": False})


def guide_html(readme: str) -> Markup:
    """Return the README as clean HTML: headings, paragraphs and lists."""
    return Markup(nh3.clean(_markdown.render(readme), tags=TAGS, attributes={}))
