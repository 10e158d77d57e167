"""What is remembered for a moment: how long, how much, and by many threads at once."""

from concurrent.futures import ThreadPoolExecutor

from kopkrakers.base.memory import Memory


class Seconds:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_value_is_remembered_until_its_seconds_are_over() -> None:
    clock = Seconds()
    memory = Memory[str, int](seconds=2.0, most=10, clock=clock)
    memory.put("a", 0)
    clock.now += 1.9
    assert memory.get("a") == 0
    clock.now += 0.1
    assert memory.get("a") is None


def test_what_was_never_put_is_not_there() -> None:
    assert Memory[str, int](seconds=2.0, most=10).get("a") is None


def test_what_is_forgotten_is_gone_and_the_rest_stays() -> None:
    memory = Memory[str, int](seconds=2.0, most=10)
    for value, key in enumerate("abcd"):
        memory.put(key, value)
    memory.forget("a")
    memory.forget("not there")
    memory.forget_where(lambda value: value > 2)
    assert [memory.get(key) for key in "abcd"] == [None, 1, 2, None]


def test_remembering_again_starts_the_seconds_again() -> None:
    clock = Seconds()
    memory = Memory[str, int](seconds=2.0, most=10, clock=clock)
    memory.put("a", 1)
    clock.now += 1.5
    memory.put("a", 2)
    clock.now += 1.5
    assert memory.get("a") == 2


def test_the_oldest_goes_when_there_are_too_many() -> None:
    memory = Memory[str, int](seconds=2.0, most=2, clock=Seconds())
    memory.put("a", 1)
    memory.put("b", 2)
    memory.put("a", 3)
    memory.put("c", 4)
    assert [memory.get(key) for key in "abc"] == [3, None, 4]


def test_what_is_too_old_is_not_held_any_longer() -> None:
    clock = Seconds()
    memory = Memory[str, int](seconds=2.0, most=10, clock=clock)
    memory.put("a", 1)
    clock.now += 2
    memory.put("b", 2)
    assert list(memory._values) == ["b"]


def test_with_no_seconds_nothing_is_remembered() -> None:
    memory = Memory[str, int](seconds=0.0, most=10, clock=Seconds())
    memory.put("a", 1)
    assert memory.get("a") is None


def test_many_threads_may_share_it() -> None:
    memory = Memory[int, int](seconds=2.0, most=5)

    def remember(number: int) -> int | None:
        memory.put(number % 20, number)
        return memory.get(number % 7)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(remember, range(4000)))
    assert len(memory._values) == 5
