"""The codes that are sealed and counted, each with the words that people read for it."""

SOMETHING_ELSE = "x"
"""The code of "Ik zou iets anders doen": counted as an option, never "de meesten"."""
SOMETHING_ELSE_LABEL = "Ik zou iets anders doen"
STELLING_ANSWERS = {"a": "Eens", "b": "Oneens", "c": "Hangt ervan af"}
"""The answers to every stelling, by the code that is counted. The third is where the talk is."""
CONSIDERATIONS = {"w": "Wet", "r": "Rendement", "b": "Betrokkenheid"}
CONSIDERATION_LINES = {
    "w": "Wat zegt de regel?",
    "r": "Wat levert het op?",
    "b": "Wat heeft deze mens nodig?",
}
"""The line that people read under each, on the card: the definition that they answered by."""
CERTAINTIES = {"1": "Ik twijfel", "2": "Redelijk", "3": "Zeker"}
EXPERIENCES = {
    "0": "0 tot en met 2 jaar",
    "1": "3 tot en met 5 jaar",
    "2": "6 tot en met 10 jaar",
    "3": "11 jaar of langer",
}
