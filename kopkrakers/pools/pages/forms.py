"""Forms of regio's: names of gemeenten, and of the regio itself."""

from wtforms import StringField

from kopkrakers.pools.regios import clean_regio_name
from kopkrakers.web.forms import Form, by_rule, required


class ProposalForm(Form):
    """Gemeenten to count together with, one a line; and the name where the regio is new."""

    naam = StringField()
    gemeenten = StringField(validators=[required("Noem minstens één andere gemeente.")])


class NameForm(Form):
    """Another name of the regio."""

    nieuwe_naam = StringField(validators=[by_rule(clean_regio_name)])
