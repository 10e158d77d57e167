"""The pages of the daily dilemma: the day with its result, and the archive."""

from kopkrakers.answers.pages import archive, day

BLUEPRINTS = (day.blueprint, archive.blueprint)
