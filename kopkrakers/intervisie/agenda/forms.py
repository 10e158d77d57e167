"""The forms of a team's page: which dilemma, for which team."""

from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange

from kopkrakers.base.db import LARGEST_ID
from kopkrakers.base.typed import clean_line
from kopkrakers.web.forms import Form, by_rule


class AgendaForm(Form):
    """A dilemma on, or off, the agenda of a team."""

    dilemma = StringField(validators=[InputRequired(), by_rule(clean_line)])
    team = IntegerField(validators=[InputRequired(), NumberRange(1, LARGEST_ID)])
