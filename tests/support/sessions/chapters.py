"""Cards that go on in chapters, for sessions that tell them; `samen-thuis` always does."""

from pathlib import Path

from kopkrakers.intervisie.werkvormen.reading import FIRST_CHAPTER
from tests.support.sessions.scene import SessionScene

UNFOLDING = "vervolg"
ONE, TWO = FIRST_CHAPTER, FIRST_CHAPTER + 1
CHAPTERS = """vervolg:
  - wie: De huisarts
    tekst: Ze belt. Sam slaapt al weken niet.
    vraag: Wat doe je nu je dit weet?
  - wie: De buurvrouw
    tekst: Ze kookt voor hem. Niet elke dag.
    vraag: Hij is niet alleen. Verandert dat iets?
vragen:"""


def unfold_cards(folder: Path) -> None:
    """Give each card of a folder two chapters, before the counter opens its editions."""
    for path in folder.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        if "vervolg:" not in text:
            path.write_text(text.replace("vragen:", CHAPTERS, 1), encoding="utf-8")


def cast(scene: SessionScene, number: int, options: str) -> None:
    """Open a vote, and let each phone choose; it stays open."""
    scene.open_round(number)
    for token, option in zip(scene.phones, options, strict=False):
        scene.vote(token, option, number=number)


def walk(scene: SessionScene, *votes: str) -> None:
    """Hold the first vote and those after the chapters, one by one; nothing is revealed."""
    for number, options in zip((1, ONE, TWO), votes, strict=False):
        cast(scene, number, options)
        scene.close(number)
