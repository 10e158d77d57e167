"""The forms of a team's page: which dilemma, for which team."""

from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange

from kopkrakers.base.db import LARGEST_ID


class AgendaForm(FlaskForm):  # type: ignore[misc]
    """A dilemma on, or off, the agenda of a team."""

    dilemma = StringField(validators=[InputRequired()])
    team = IntegerField(validators=[InputRequired(), NumberRange(1, LARGEST_ID)])
