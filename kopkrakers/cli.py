"""The `kopkrakers` command: gathers the commands of the features."""

import click


@click.group()
def main() -> None:
    """Kopkrakers: a dilemma trainer whose answers nobody can trace."""
