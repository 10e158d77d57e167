"""What counts as run, on calls few enough to follow by hand."""

from kopkrakers.base.clock import amsterdam_day, utc_now
from tests.house.journeys import CODE, Trace


def test_only_functions_of_ours_are_counted_while_it_is_on() -> None:
    amsterdam_day(utc_now())
    with Trace() as trace:
        amsterdam_day(utc_now())
        amsterdam_day(utc_now())
        sorted([3, 1])
    utc_now()
    clock = f"{CODE}/base/clock.py"
    assert trace.calls == {(clock, "utc_now"): 2, (clock, "amsterdam_day"): 2}
    assert trace.files == {clock} and trace.deepest == 1 and not trace.templates


def test_steps_together_hold_a_file_once_and_the_deepest_chain() -> None:
    together, step = Trace(), Trace()
    step.calls["base/clock.py", "utc_now"] = 2
    step.deepest = 3
    together.add(step)
    together.add(Trace())
    together.add(step)
    assert together.files == {"base/clock.py"}
    assert together.calls.total() == 4 and together.deepest == 3
