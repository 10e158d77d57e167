"""Dates and numbers in Dutch form, for templates."""

from flask import Flask

from kopkrakers.base.dutch import day, day_with_year, moment, month, number


def install(app: Flask) -> None:
    """Give the filters to every template: `dag`, `dag_jaar`, `maand`, `moment`, `getal`."""
    app.jinja_env.filters.update(
        dag=day, dag_jaar=day_with_year, maand=month, moment=moment, getal=number
    )
