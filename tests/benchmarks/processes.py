"""The processor and the memory that running programs use, as the kernel counts them."""

import os
import re
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
"""Ticks of the processor's clock in a second."""
PROPORTIONAL = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


def tree_of(pid: int) -> set[int]:
    """Return the numbers of a process and of all that it started and still run."""
    children: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        fields = _stat(int(folder.name))
        if fields:
            children[int(fields[1])].append(int(folder.name))
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        process = waiting.pop()
        found.add(process)
        waiting += children[process]
    return found


def processor_seconds(pid: int) -> float:
    """Return the seconds of processor that a process and its children used up to now."""
    ticks = 0
    for process in tree_of(pid):
        fields = _stat(process)
        if fields:
            # utime and stime, fields 14 and 15 of proc(5); two are cut off before these
            ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


def megabytes(pid: int) -> float:
    """Return the memory of a process and its children, in millions of bytes.

    What several of them share is counted once: the sum of their proportional set sizes (PSS).
    """
    kilobytes = 0
    for process in tree_of(pid):
        # a process may end between being found and being asked
        with suppress(OSError):
            text = Path(f"/proc/{process}/smaps_rollup").read_text()
            found = PROPORTIONAL.search(text)
            if found is not None:
                kilobytes += int(found[1])
    return kilobytes * 1024 / 1e6


def _stat(pid: int) -> list[str]:
    """Return the fields of a process after its name; none when it has ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return []
    # the name stands between brackets and may have spaces and brackets itself
    return text.rpartition(")")[2].split()
