"""The command of the courier."""

from logging.config import dictConfig

import click

from kopkrakers.base import logs
from kopkrakers.base.clock import utc_now
from kopkrakers.base.db import Database
from kopkrakers.catalogue.library import library_of
from kopkrakers.desk.inbox.daily import tell_redactie
from kopkrakers.operations.running.keeping import until_told_to_stop
from kopkrakers.operations.running.ready import ready_settings
from kopkrakers.reminders.sending.courier import Courier
from kopkrakers.reminders.sending.loop import ROADS, keep_sending, look


@click.command()
@click.option("--serve", "keep_on", is_flag=True, help="Blijf kijken, elke 20 seconden.")
def remind(*, keep_on: bool) -> None:
    """Stuur de herinneringen waar mensen om vroegen en die nu aan de beurt zijn."""
    settings = ready_settings()
    logs.configure(settings.log_level)
    dictConfig(logs.libraries(settings.log_level))
    with (
        Database(settings.database_url) as database,
        until_told_to_stop(child=False) as stop,
    ):
        library = library_of(settings.cards_dir, database)
        courier = Courier(settings, database, library, stop.is_set)
        roads = (*ROADS, tell_redactie)
        if not keep_on:
            click.echo(f"Verstuurde herinneringen: {look(courier, utc_now(), roads)}")
            return
        keep_sending(courier, utc_now, stop, roads)
