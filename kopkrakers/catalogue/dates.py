"""The date of a source in words, as a page shows it."""

import re
from datetime import date

from kopkrakers.base.dutch import day_with_year, month


def date_in_words(written: str) -> str:
    """Return a date of a card in words: "2017-04" is "april 2017", "2017-04-24" "24 april 2017".

    A year alone, and words with a year in them ("gelezen november 2026"), stay as they are.
    """
    if re.fullmatch(r"\d{4}-\d\d-\d\d", written):
        return day_with_year(date.fromisoformat(written))
    if re.fullmatch(r"\d{4}-\d\d", written):
        return month(date.fromisoformat(f"{written}-01"))
    return written
