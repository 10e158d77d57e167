"""The library of a process of its own: for each slug in a line it prints the title, or "-"."""

import sys
from pathlib import Path

from kopkrakers.base.db import Database
from kopkrakers.catalogue.library import library_of


def main() -> None:
    folder, database_url = sys.argv[1:]
    library = library_of(Path(folder), Database(database_url))
    for line in sys.stdin:
        card = library.card(line.strip())
        title = "-"
        if card is not None:
            title = card.title
        print(title, flush=True)


if __name__ == "__main__":
    main()
