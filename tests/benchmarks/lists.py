"""`python -m tests.benchmarks.lists`: memory and time of inviting a long list, on both databases.

Memory is the highest of the whole command, mails included. Time is that in which nobody else can
write, in seconds of processor, in a process that did such a thing before: the first also prepares
what SQLAlchemy keeps.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from kopkrakers.accounts.bulk import inviting
from kopkrakers.accounts.bulk.reading import read_lines
from kopkrakers.base.clock import utc_now
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Keys
from kopkrakers.operations.running.keeping import own_command
from tests.benchmarks.__main__ import databases
from tests.benchmarks.stage import environment
from tests.support.mailbox import Choosy, mail_server

KEYS = Keys(b"k" * 32)
HEAD = "gemeente;team;naam;adres"
TEAMS = 40
REPETITIONS = 5


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="*", default=[5000, 10_000])
    options = parser.parse_args()
    table = Table("database", "people", "highest memory, MB", "seconds nobody else writes")
    with tempfile.TemporaryDirectory(prefix="kopkrakers-lists-") as folder:
        Path(folder).chmod(0o755)
        for kind, fresh in databases(Path(folder)):
            here = Path(folder) / kind
            here.mkdir()
            for people in options.people:
                environ = environment(here, fresh(f"lijst{people}"))
                for words in (["migrate"], ["gemeente", "add", "Zaanstad"]):
                    subprocess.run(own_command(*words), env=environ, check=True)
                highest = memory(environ, here / "mensen.csv", people)
                alone = seconds_alone(environ["KOPKRAKERS_DATABASE_URL"], people)
                table.add_row(kind, f"{people:,}", f"{highest:.0f}", alone)
    Console(width=110).print(table)


def listed(people: int, turn: int) -> bytes:
    """Return a file of people whom nobody invited before this turn."""
    lines = [HEAD]
    for one in range(people):
        name = f"gast{turn}.van.der.naam{one}"
        lines.append(f"Zaanstad;Team {one % TEAMS};Gast van der Naam {one};{name}@zaanstad.nl")
    return "\n".join(lines).encode()


def memory(environ: dict[str, str], file: Path, people: int) -> float:
    """Return the most memory that the command took, in millions of bytes."""
    file.write_bytes(listed(people, 0))
    with mail_server(Choosy()) as port:
        more = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_STARTTLS": "false"}
        named = {f"KOPKRAKERS_{name}": value for name, value in more.items()}
        command = own_command("import", str(file))
        process = subprocess.Popen(command, env=environ | named, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"the import ended with {status}")
    return used.ru_maxrss * 1024 / 1e6


def seconds_alone(url: str, people: int) -> str:
    """Return for how long a transaction with a list lasts: the median and the extremes."""
    lasted = []
    with Database(url) as database:
        for turn in range(1, REPETITIONS + 2):
            lines = read_lines(listed(people, turn))
            terms = inviting.InvitingTerms((b"k" * 32,), (), by_courier=True)
            with database.transaction() as session:
                begins = time.process_time()
                inviting.invite_all(session, lines, terms, now=utc_now(), row_keys=KEYS)
            lasted.append(time.process_time() - begins)
    rest = lasted[1:]
    return f"{statistics.median(rest):.2f} ({min(rest):.2f} to {max(rest):.2f})"


if __name__ == "__main__":
    main()
