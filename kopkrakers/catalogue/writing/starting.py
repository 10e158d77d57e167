"""The beginning of a new card, and the schema that text editors check it with."""

import json
from collections.abc import Sequence
from datetime import date

from kopkrakers.catalogue.cards.front_matter import FrontMatter

SCHEMA_FILE = "kaart.schema.json"
_OPTION = """  - label:
    regel:
    leunt_op: []          # een of twee van: wet, rendement, betrokkenheid
    voor:
      -
    tegen:
      -
"""


def new_card(themes: Sequence[str], today: date) -> str:
    """Return an empty card: every field is there, and `check` names the ones that are empty."""
    return f"""---
titel:
thema:                    # {" · ".join(themes)}
doelgroep: [klantmanager]
trefwoorden:              # drie tot zes, zoals [huur, mantelzorg, tolk]
editie: 1
gecontroleerd_op: {today.isoformat()}
herkomst:
werkwijzen:               # twee tot vier, elk verdedigbaar
{_OPTION * 2}kennis:
  onderzoek:
    - kop:
      tekst:
      toont_niet:
      bron:
      datum:              # tussen aanhalingstekens: "2017" of "2017-04-24"
      adres:              # of vindplaats, als er geen adres is
      sterkte:            # sterk, matig of zwak
  wet:
    - kop:
      tekst:
      artikel:
      datum:
      adres:
      sterkte: wettekst   # of rechtspraak, of uitleg
  client:
    - kop:
      tekst:
      bron:
      datum:
      vindplaats:
      sterkte: duiding    # of bron
vragen:
  -
  -
---
"""


def card_schema() -> str:
    """Return the JSON Schema of the fields, as it stands in `kaart.schema.json`."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **FrontMatter.model_json_schema(),
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
