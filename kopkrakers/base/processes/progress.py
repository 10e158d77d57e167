"""How far long work on the command line is: told by the work, drawn by one bar."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int], None]
"""Is told how much is done, and of how much."""


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """Yield what draws a bar on standard error until the work is done."""
    # 4 MB that processes of the website do without, which import the type alone
    from rich.console import Console
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    # where no bar can be drawn it would be an empty line
    with Bar(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
