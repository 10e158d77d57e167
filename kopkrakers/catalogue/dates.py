"""The date of a source in words, as a page shows it."""

import re
from datetime import date

from kopkrakers.base.dutch import day_with_year, month


def date_in_words(written: str) -> str:
    """A date as cards hold it, in words: "2017" stays, "2017-04" is "april 2017", with a day "24 april 2017".

    Words with a year in them ("gelezen november 2026") stay as they are.
    """
    if re.fullmatch(r"\d{4}-\d\d-\d\d", written):
        return day_with_year(date.fromisoformat(written))
    if re.fullmatch(r"\d{4}-\d\d", written):
        return month(date.fromisoformat(f"{written}-01"))
    return written
