"""The command for the key of push messages."""

import click

from kopkrakers.reminders.push.server_key import new_key


@click.command("push-key")
def push_key() -> None:
    """Maak de sleutel waarmee pushdiensten deze server herkennen.

    De regel komt op de standaarduitvoer, de uitleg ernaast.
    """
    click.echo(f"KOPKRAKERS_PUSH_KEY={new_key()}")
    click.echo(
        "Zet deze regel in kopkrakers.env en herstart de website en de bode. Het is een geheim. "
        "Was er al een sleutel? Dan moet iedereen de meldingen opnieuw aanzetten.",
        err=True,
    )


COMMANDS = (push_key,)
