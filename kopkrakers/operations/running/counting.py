"""The command of the counter. It imports what a counter needs: it stays in memory all day."""

from logging.config import dictConfig

import click

from kopkrakers.base import logs
from kopkrakers.base.clock import utc_now
from kopkrakers.base.db import Database
from kopkrakers.base.processes.closed import close_memory
from kopkrakers.catalogue.library import library_of
from kopkrakers.counter.build import QUICK_JOBS, make_counter
from kopkrakers.counter.loop import keep_looking, tick, tick_by_a_right_clock
from kopkrakers.operations.running.keeping import until_told_to_stop
from kopkrakers.operations.running.ready import CLOCK_IS_RIGHT, ready_settings


@click.command()
@click.option("--serve", "keep_on", is_flag=True, help="Blijf kijken, elk kwartier.")
@click.option("--yes", is_flag=True, help=CLOCK_IS_RIGHT)
@click.option("--child", is_flag=True, hidden=True, help="Stop zodra de standaardinvoer stopt.")
def count(*, keep_on: bool, yes: bool, child: bool) -> None:
    """Kijk in de bussen en tel wat geteld kan worden."""
    close_memory()
    settings = ready_settings()
    logs.configure(settings.log_level)
    dictConfig(logs.libraries(settings.log_level))
    with Database(settings.database_url) as database:
        library = library_of(settings.cards_dir, database)
        counter = make_counter(settings, database, library)
        if not keep_on:
            if yes:
                look = tick
            else:
                look = tick_by_a_right_clock
            click.echo(f"Geleegde bussen: {look(counter, library, utc_now())}")
            return
        with until_told_to_stop(child=child) as stop:
            keep_looking(counter, library, utc_now, stop, QUICK_JOBS)
