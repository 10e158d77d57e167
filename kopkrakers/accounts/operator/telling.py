"""Print results of commands: sentences for people, or JSON for a program."""

import json
from typing import Any

import click

as_json_option = click.option("--json", "as_json", is_flag=True, help="Schrijf het als JSON.")
"""The option that every command has that a supplier's programs may use."""


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def tell(sentence: str, value: Any, *, as_json: bool) -> None:
    """Print a sentence, or the value that says the same."""
    if as_json:
        print_json(value)
    else:
        click.echo(sentence)
