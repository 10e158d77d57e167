"""The pages of the daily dilemma: the day with its result, the archive, the index and the diary."""

from flask import Flask

from kopkrakers.answers.pages import day, diary, experience
from kopkrakers.answers.pages.archive import index
from kopkrakers.answers.pages.archive import routes as archive
from kopkrakers.answers.pages.unfolding import routes as unfolding
from kopkrakers.answers.pages.without_network import late, offline


def install(app: Flask, *, wishes: day.Wishes) -> None:
    """Add the pages. `wishes` tells how many colleagues want to talk about a dilemma."""
    app.extensions[day.WISHES] = wishes
    for part in (day, unfolding, archive, index, diary, experience, late, offline):
        app.register_blueprint(part.blueprint)
