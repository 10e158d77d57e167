"""The pages of the daily dilemma: the day with its result, and the archive."""

from kopkrakers.answers.pages import archive, day, offline

BLUEPRINTS = (day.blueprint, archive.blueprint, offline.blueprint)
