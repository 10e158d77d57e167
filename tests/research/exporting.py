"""`kopkrakers export`, run as a command."""

from click.testing import Result

from kopkrakers.base.config import Settings
from tests.support.running import Shell


def export(settings: Settings, *args: str) -> Result:
    shell = Shell(settings, "export", KOPKRAKERS_CARDS_DIR=str(settings.cards_dir))
    return shell(*args)
