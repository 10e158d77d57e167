"""The pages of the daily dilemma: the day with its result, and the archive."""

from flask import Flask

from kopkrakers.answers.pages import archive, day, experience, offline


def install(app: Flask, *, wishes: day.Wishes) -> None:
    """Add the pages. `wishes` tells how many colleagues want to talk about a dilemma."""
    app.extensions[day.WISHES] = wishes
    for blueprint in (day.blueprint, archive.blueprint, experience.blueprint, offline.blueprint):
        app.register_blueprint(blueprint)
