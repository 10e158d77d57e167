"""Settings with which a program can begin: those of an installation that is up to date."""

from kopkrakers.base.config import Settings, load_settings
from kopkrakers.base.db import Database
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.migrations.state import differences, is_current

TABLES_DIFFER = (
    "Deze tabellen zijn niet zoals deze versie ze verwacht: {tables}. Er is niets veranderd. Zet "
    "een back-up terug die met deze versie of een eerdere gemaakt is."
)
CLOCK_IS_RIGHT = "De klok klopt, al scheelt hij dagen met de laatste ronde van de teller."
"""Help of the option with which somebody says so."""


def ready_settings() -> Settings:
    """The settings, with a database that is up to date.

    Raises: ConfigurationError when it is not.
    """
    settings = load_settings()
    with Database(settings.database_url) as database:
        if not is_current(database):
            raise ConfigurationError("De database is niet bij. Typ: kopkrakers migrate")
        if altered := differences(database):
            raise ConfigurationError(TABLES_DIFFER.format(tables=", ".join(altered)))
    return settings
