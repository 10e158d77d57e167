"""What is counted as dense, on a text small enough to count by hand."""

from tests.house.measures import Counts, counts_in

TEXT = '''"""A docstring
of two lines.
"""


def _doubled(numbers):
    # why
    return [2 * number for number in numbers if number]


def shown(numbers):
    return _doubled(numbers) if numbers else []
'''


def test_what_stands_in_a_text_is_counted() -> None:
    assert counts_in(TEXT) == Counts(
        lines=12,
        code_lines=5,
        tokens=1 + 6 + 12 + 6 + 10,
        comments=1,
        functions=2,
        used_once=1,
        comprehensions=1,
        conditions=1,
    )


def test_who_is_called_twice_is_not_used_once() -> None:
    assert counts_in(TEXT + "\n\n_doubled([1])\n").used_once == 0
