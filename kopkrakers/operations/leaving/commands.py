"""The commands with which a gemeente leaves: export, and then remove."""

import json
import os
from pathlib import Path

import click

from kopkrakers.accounts.commands import gemeente
from kopkrakers.accounts.operator.acting import transaction
from kopkrakers.accounts.operator.telling import as_json_option, print_json, tell
from kopkrakers.app import on_removal
from kopkrakers.base.clock import utc_now
from kopkrakers.base.config import load_settings
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.keys import Use, keys_for
from kopkrakers.base.reasons.system import system_reason
from kopkrakers.operations.leaving.exporting import everything_of
from kopkrakers.operations.leaving.removing import remove_gemeente
from kopkrakers.pools.regios import find_gemeente

SURE = (
    "Dit verwijdert alle mensen, teams, sessies en verslagen van {name}. Wat wacht, wordt nooit "
    "geteld. Uitslagen blijven: die zijn van niemand. Maak eerst een kopie: "
    "kopkrakers gemeente export {name!r} FILE. Zeker? Typ --yes erachter."
)


@gemeente.command("export")
@click.argument("name", metavar="GEMEENTE")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@as_json_option
def export(name: str, file: Path, *, as_json: bool) -> None:
    """Schrijf alles van GEMEENTE naar FILE: mensen, teams, verslagen en uitslagen. Geen antwoorden.

    Alleen wie de opdracht geeft, kan FILE lezen.
    """
    settings = load_settings()
    with transaction(settings) as session:
        gemeente_id, name = find_gemeente(session, name)
        kept = everything_of(session, gemeente_id, keys_for(Use.ROWS, settings), utc_now())
    text = json.dumps(kept, ensure_ascii=False, indent=2)
    try:
        # never over another file, and from its first moment for its owner alone
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(f"{text}\n")
    except OSError as error:
        raise ConfigurationError(
            f"{file} kan niet worden geschreven: {system_reason(error)}."
        ) from None
    value = {"gemeente": name, "bestand": str(file)}
    tell(f"Alles van {name} staat in {file}.", value, as_json=as_json)


@gemeente.command("remove")
@click.argument("name", metavar="GEMEENTE")
@click.option("--yes", is_flag=True, help="Doe het echt.")
@as_json_option
def remove(name: str, *, yes: bool, as_json: bool) -> None:
    """Verwijder GEMEENTE met alles wat van haar mensen is. Dit kan niet terug."""
    settings = load_settings()
    with transaction(settings) as session:
        gemeente_id, name = find_gemeente(session, name)
        if not yes:
            raise click.ClickException(SURE.format(name=name))
        gone = remove_gemeente(
            session,
            gemeente_id,
            steps=on_removal(settings),
            row_keys=keys_for(Use.ROWS, settings),
            now=utc_now(),
        )
    numbers = {
        "mensen": gone.people,
        "teams": gone.teams,
        "uitnodigingen": gone.invitations,
        "sessies": gone.sessions,
        "verslagen": gone.reports,
    }
    if as_json:
        print_json({"gemeente": name} | numbers)
        return
    click.echo(f"{name} is weg. Haar uitslagen blijven, met haar naam: die zijn van niemand.")
    click.echo(", ".join(f"{what} {number}" for what, number in numbers.items()))
