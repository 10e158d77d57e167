"""What is pasted into a session from Word, a PDF or a phone stays as it was read."""

import pytest

from kopkrakers.base.errors import WrongInput
from kopkrakers.intervisie.session.cases import OwnCase, plain_case
from kopkrakers.intervisie.session.reporting.reports import agreements_of, set_agreement
from kopkrakers.intervisie.session.store import find
from tests.support.sessions.scene import SessionScene

PASTED = "Samen\u00adwerking\u200b met  klant\u200bmanager 👨\u200d👩\u200d👧 می\u200cخواهم\u202e"
READ = "Samenwerking met klantmanager 👨\u200d👩\u200d👧 می\u200cخواهم"


def test_a_reason_is_not_broken_up(scene: SessionScene) -> None:
    scene.open()
    scene.join(6)
    scene.open_round()
    # two: of a reason that is alone everybody could tell whose it is, so it is not shown
    for phone in scene.phones[:2]:
        scene.vote(phone, "a", PASTED)
    scene.close()
    assert [reason.text for reason in scene.regie().reasons] == [READ, READ]


def test_a_case_and_its_werkwijzen_are_not_broken_up(scene: SessionScene) -> None:
    scene.plan(OwnCase(PASTED, PASTED, (PASTED, "Anders\u00ad")))
    with scene.database.reading() as session:
        case = plain_case(find(session, scene.code))
    assert (case.title, case.question) == (READ, READ)
    assert [option.label for option in case.options[:2]] == [READ, "Anders"]


@pytest.mark.parametrize("title", ["\u200b", "\u3164", "\u0301"])
def test_a_title_that_shows_nothing_is_refused(scene: SessionScene, title: str) -> None:
    with pytest.raises(WrongInput, match="Geef de casus een titel"):
        scene.plan(OwnCase(title, "Wat doe je?", ("Zo", "Anders")))
    with pytest.raises(WrongInput, match="Noem twee, drie of vier werkwijzen"):
        scene.plan(OwnCase("Titel", "Wat doe je?", ("Zo", title)))


def test_an_agreement_is_not_broken_up(scene: SessionScene) -> None:
    scene.open()
    scene.join(1)
    scene.lead(set_agreement, number=1, text=PASTED)
    with scene.database.reading() as session:
        kept = agreements_of(session, find(session, scene.code))
    assert [agreement.text for agreement in kept] == [READ]
