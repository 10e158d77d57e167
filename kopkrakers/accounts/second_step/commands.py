"""The commands for the second step: of whom it is asked, and for whoever lost phone and codes."""

import click

from kopkrakers.accounts import rules, service
from kopkrakers.accounts.operator.acting import note, of_gemeente, transaction
from kopkrakers.accounts.second_step.keeping import forget_second_step
from kopkrakers.accounts.second_step.requiring import ROLES, ask_of, people_without, roles_to_ask
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.clock import amsterdam_day, utc_now
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


@second_step.command("require")
@click.argument("gemeente_name", metavar="GEMEENTE")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in ROLES]),
    help="Vraag het van deze rol; mag vaker.",
)
@click.option("--nobody", is_flag=True, help="Vraag het van niemand meer.")
def require(gemeente_name: str, roles: tuple[str, ...], *, nobody: bool) -> None:
    """Vraag in GEMEENTE een tweede stap van precies deze rollen, vanaf morgen."""
    # a forgotten --role must not read as "of nobody"
    if bool(roles) == nobody:
        raise click.UsageError("Geef --role, of --nobody.")
    settings = load_settings()
    with transaction(settings) as session:
        gemeente_id, gemeente_name = of_gemeente(session, gemeente_name)
        chosen = roles_to_ask(roles)
        words = ", ".join(chosen) or "niemand"
        if ask_of(session, gemeente_id, chosen, today=amsterdam_day(utc_now())):
            note(session, settings, Deed.SECOND_STEP_ROLES, gemeente_id, words)
        lacking = people_without(session, gemeente_id)
    click.echo(f"{gemeente_name} vraagt een tweede stap van: {words}.")
    for role in chosen:
        click.echo(f"{role}: {lacking.get(role, 0)} zonder tweede stap.")


COMMANDS = (second_step,)
"""The commands of this module for `kopkrakers`."""
