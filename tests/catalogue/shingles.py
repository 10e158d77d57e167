"""Finds copied sentences without keeping what they were copied from.

Of the documents the dilemmas began with, only a short hash of every run of seven words is kept.
`python -m tests.catalogue.shingles FOLDER` makes the file anew from the .txt documents in a folder.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

RUN = 7
"""Words in a row that count as copied."""
HASH_BYTES = 6
"""Of 100,000 runs of ours, one meets one of 40,000 stored ones by chance once in 70,000 times."""
KEPT = Path(__file__).with_name("source_shingles.bin")


def runs(text: str) -> Iterator[str]:
    """Every run of seven words; capitals, accents, punctuation and line ends make no difference."""
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)
    )
    words = re.findall(r"[^\W_]+", bare.casefold())
    return (" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1))


def kept_hashes() -> frozenset[bytes]:
    """The hashes of all runs in the sources."""
    packed = KEPT.read_bytes()
    return frozenset(
        packed[start : start + HASH_BYTES] for start in range(0, len(packed), HASH_BYTES)
    )


def copied_runs(text: str, kept: frozenset[bytes]) -> list[str]:
    """The runs of a text that stand in a source too."""
    return [run for run in runs(text) if _hash(run) in kept]


def _hash(run: str) -> bytes:
    return blake2b(run.encode(), digest_size=HASH_BYTES).digest()


def _keep(folder: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    hashes = {_hash(run) for text in texts for run in runs(text)}
    KEPT.write_bytes(b"".join(sorted(hashes)))
    print(f"{len(texts)} documents, {len(hashes)} runs of {RUN} words")


if __name__ == "__main__":
    _keep(Path(sys.argv[1]))
