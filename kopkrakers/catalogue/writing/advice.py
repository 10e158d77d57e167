"""Advice to writers, never a fault: on reading level, on options alike, on facts to check again."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations

from kopkrakers.base.typed import fold
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.cards.faults import Fault

LONGEST_SENTENCE = 20
"""Words of a sentence that is not called long yet."""
LARGEST_DIFFERENCE = 1.6
"""The most that the longest line of a card may be, in lengths of its shortest."""
LARGEST_SHARE = 70
SMALLEST_SHARE = 10
"""Percents of an estimated split outside which a card hardly is a dilemma."""
LARGEST_OVERLAP = 0.5
"""Part of the words of the shorter of two werkwijzen that they may share before they look alike."""
PRONOUNS = {"ik", "we", "wij"}
OF_A_TEAM = re.compile(r"\b(jullie|(je|jouw) (team|gemeente))\b", re.IGNORECASE)
"""Words of a question that only a team can answer."""
HARD_WORDS = {
    "aangaande": "over",
    "aanvangen": "beginnen",
    "adequaat": "goed",
    "alsmede": "en ook",
    "beschikking": "besluit",
    "betreffende": "over",
    "conform": "volgens",
    "derhalve": "daarom",
    "desbetreffende": "deze",
    "dient te": "moet",
    "dienen te": "moeten",
    "discrepantie": "verschil",
    "faciliteren": "helpen",
    "geschieden": "gebeuren",
    "hetgeen": "wat",
    "implementeren": "invoeren",
    "inclusief": "met",
    "indien": "als",
    "ingevolge": "volgens",
    "inzake": "over",
    "jegens": "tegenover",
    "krachtens": "volgens",
    "met betrekking tot": "over",
    "middels": "met",
    "omtrent": "over",
    "onverwijld": "meteen",
    "op grond van": "door",
    "participeren": "meedoen",
    "prevaleren": "voorgaan",
    "reeds": "al",
    "significant": "duidelijk",
    "ten aanzien van": "over",
    "ten behoeve van": "voor",
    "teneinde": "om",
    "tevens": "ook",
    "verstrekken": "geven",
    "voornemens": "van plan",
}
"""Words that B1 readers stumble over, each with a plainer one."""
_HARD = re.compile(rf"\b({'|'.join(map(re.escape, HARD_WORDS))})\b", re.IGNORECASE)
_PASSIVE = re.compile(r"\b(word|wordt|worden|werd|werden|geworden)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?:])[’”\"']?\s+")


def advise(card: Card, today: date) -> tuple[Fault, ...]:
    """Return what could be better about a card, each with its line."""
    advice = {
        *_on_language(card),
        *_on_lines(card),
        *_on_split(card),
        *_on_overlap(card),
        *_on_first_question(card),
        *_on_checking(card, today),
    }
    return tuple(sorted(advice))


def _on_language(card: Card) -> Iterator[Fault]:
    for sentence in _sentences(card):
        line = line_holding(card.source, sentence)
        words = len(sentence.split())
        if words > LONGEST_SENTENCE:
            yield Fault(line, f"Lange zin ({words} woorden). Knip ‘{_start(sentence)}’ in tweeën.")
        for hard in sorted(set(map(str.lower, _HARD.findall(sentence)))):
            yield Fault(line, f"Moeilijk woord: schrijf liever ‘{HARD_WORDS[hard]}’ dan ‘{hard}’.")
        if len(_PASSIVE.findall(sentence)) > 1:
            yield Fault(
                line, f"Vaak ‘worden’ in één zin. Zeg bij ‘{_start(sentence)}’ wie het doet."
            )


def _on_lines(card: Card) -> Iterator[Fault]:
    lengths = [len(option.line) for option in card.options]
    shortest, longest = min(lengths), max(lengths)
    if longest > LARGEST_DIFFERENCE * shortest:
        sentence = (
            f"De regels van de werkwijzen zijn ongelijk lang ({shortest} tot {longest} tekens). "
            "De langste trekt dan de meeste aandacht."
        )
        yield Fault(line_holding(card.source, "werkwijzen:"), sentence)


def _on_split(card: Card) -> Iterator[Fault]:
    line = line_holding(card.source, "schatting:")
    for percents in card.estimate:
        if not SMALLEST_SHARE <= percents <= LARGEST_SHARE:
            yield Fault(line, f"Eén werkwijze krijgt naar schatting {percents} procent.")
    first_words = {option.label.split()[0].lower() for option in card.options}
    if len(first_words) == 1 and first_words <= PRONOUNS:
        sentence = f"Alle labels beginnen met ‘{card.options[0].label.split()[0]}’. Wissel dat af."
        yield Fault(line_holding(card.source, "werkwijzen:"), sentence)


def _on_overlap(card: Card) -> Iterator[Fault]:
    """Yield pairs of werkwijzen that use mostly the same words: they may be the same thing."""
    for one, other in combinations(card.options, 2):
        words = telling_words(one.label, one.line)
        others = telling_words(other.label, other.line)
        shared = len(words & others)
        if shared > LARGEST_OVERLAP * min(len(words), len(others)):
            sentence = (
                f"Werkwijze {one.letter} en {other.letter} gebruiken bijna dezelfde woorden. "
                "Sluiten ze elkaar uit?"
            )
            yield Fault(line_holding(card.source, other.label), sentence)


def _on_first_question(card: Card) -> Iterator[Fault]:
    """Yield advice on the question that stands under a result, also for whoever reads alone."""
    question = card.questions[0]
    if OF_A_TEAM.search(question):
        sentence = "De eerste vraag leest iemand ook alleen. Vraag daar naar eigen werk."
        yield Fault(line_holding(card.source, question), sentence)


def telling_words(*texts: str) -> set[str]:
    """Return the words that say something: folded, of at least five letters."""
    return {word for word in re.findall(r"[a-z]+", fold(" ".join(texts))) if len(word) >= 5}


def _on_checking(card: Card, today: date) -> Iterator[Fault]:
    if card.recheck_on is not None and card.recheck_on <= today:
        line = line_holding(card.source, "controleren_voor:")
        yield Fault(line, f"Kijk de feiten opnieuw na: dat moest voor {card.recheck_on:%d-%m-%Y}.")
    if card.safety is not None and not card.safety.specialist_seen:
        yield Fault(
            line_holding(card.source, "specialist_gezien:"),
            "Laat een specialist deze kaart nog lezen.",
        )


def _sentences(card: Card) -> Iterator[str]:
    for text in _texts(card):
        for paragraph in text.split("\n\n"):
            yield from filter(None, _SENTENCE_END.split(paragraph))


def _texts(card: Card) -> Iterable[str]:
    yield card.story_text
    for option in card.options:
        yield option.line
        yield from option.arguments_for
        yield from option.arguments_against
    for item in (*card.research, *card.law, *card.client):
        yield from (item.heading, item.text, item.not_shown or "")
    yield from card.questions
    for chapter in card.chapters:
        yield chapter.text
        yield chapter.question
    if card.safety is not None:
        yield card.safety.where_to_turn


def _start(sentence: str) -> str:
    return " ".join(sentence.split()[:5]) + " …"


def line_holding(source: str, text: str) -> int:
    """Return the line on which a text begins, bold marks aside; 0 when it is not found."""
    # four words: a text that goes on over more lines of its file is found by its first
    beginning = " ".join(text.split()[:4])
    for number, line in enumerate(source.split("\n"), start=1):
        if beginning in line.replace("*", ""):
            return number
    return 0
