"""The command for a beheerder who lost the phone and the codes, where nobody else can help."""

import click

from kopkrakers.accounts import rules, service
from kopkrakers.accounts.commands import note, of_gemeente, transaction
from kopkrakers.accounts.second_step.keeping import forget_second_step
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.config import load_settings


@click.group("second-step")
def second_step() -> None:
    """De tweede stap bij het inloggen."""


@second_step.command("remove")
@click.argument("gemeente_name", metavar="GEMEENTE")
@click.argument("email")
def remove(gemeente_name: str, email: str) -> None:
    """Haal de tweede stap weg van wie bij GEMEENTE inlogt met EMAIL. Weet zeker wie het vraagt."""
    settings = load_settings()
    with transaction(settings) as session:
        gemeente_id, _ = of_gemeente(session, gemeente_name)
        account = service.account_by_address(session, email, rules.address_keys(settings))
        is_here = account is not None and account.gemeente_id == gemeente_id
        if account is None or not is_here or not forget_second_step(session, account.id):
            raise click.ClickException(f"{email} heeft hier geen tweede stap.")
        note(session, settings, Deed.SECOND_STEP, gemeente_id)
    click.echo(f"{email} logt nu in met alleen een wachtwoord.")


COMMANDS = (second_step,)
"""The commands of this module for `kopkrakers`."""
