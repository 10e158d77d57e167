"""Before a session: choosing, planning, figures to prepare with; and reports to take along."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import update
from sqlmodel import Session

import kopkrakers
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import Turn, Vote, cast_answer, turn_of
from kopkrakers.base.errors import NotYours, TooLate, WrongInput
from kopkrakers.base.typed import clean_code
from kopkrakers.intervisie.pages import listing
from kopkrakers.intervisie.pages.drawing import Comparison, compare
from kopkrakers.intervisie.pages.planning import choosing
from kopkrakers.intervisie.pages.planning.subjects import SubjectSearch
from kopkrakers.intervisie.pages.report import report_files
from kopkrakers.intervisie.session import planning, running, states
from kopkrakers.intervisie.session.cases import Dilemma, OwnCase
from kopkrakers.intervisie.session.planning import ALPHABET
from kopkrakers.intervisie.session.reporting import reports
from kopkrakers.intervisie.session.store import LIVE_SESSION, REPORT, USED_CODE
from kopkrakers.privacy.release import ReleasedDistribution
from kopkrakers.privacy.rules import K_POOL
from kopkrakers.tallies.models import TALLY
from tests.support.polling import give_pools
from tests.support.sessions.scene import OWN, SessionScene, reading
from tests.support.signed_totals import sign_by_hand
from tests.support.tally_guard import unhooked
from tests.support.world import add_people


def turn(scene: SessionScene, user_id: int) -> Turn:
    with scene.database.reading() as session:
        return turn_of(session, scene.voter(user_id), scene.slug, 1)


def agreed(scene: SessionScene) -> str:
    """A session with an agreement and a day to look back; gives its report."""
    scene.open(OWN).join(2)
    scene.lead(running.start)
    scene.lead(reports.set_agreement, number=2, text="We *bellen* eerst.")
    scene.lead(reports.set_look_back, day=date(2026, 12, 21), today=scene.today)
    report_id = scene.end()
    assert report_id is not None
    return report_id


def test_a_code_has_six_characters_without_look_alikes_and_is_never_given_twice(
    scene: SessionScene,
) -> None:
    codes = [scene.plan(OWN) for _ in range(5)]
    assert len(set(codes)) == 5
    assert all(len(code) == 6 and set(code) <= set(ALPHABET) for code in codes)
    assert not set(ALPHABET) & set("01258OILSZB")
    scene.lead(planning.cancel, now=scene.now)
    scene.quick()
    assert {row.code for row in scene.rows(USED_CODE)} == set(codes)


def test_a_typed_code_may_have_spaces_and_small_letters() -> None:
    assert clean_code(" abc-d3f ", states.LONGEST_CODE) == "ABCD3F"
    assert clean_code("ａｂｃ\u200b–ｄ３ｆ", states.LONGEST_CODE) == "ABCD3F"


def test_the_plan_page_offers_what_there_is(scene: SessionScene) -> None:
    who = {"user_id": scene.world.gerda.id, "team_id": scene.world.team_noord, "today": scene.today}
    page = reading(
        scene,
        lambda session, **how: choosing.plan_page(session, scene.library, SubjectSearch(), **how),
        **who,
    )
    subjects = [subject for group in page.subjects.groups for subject in group.subjects]
    assert [subject.slug for subject in subjects] == [scene.slug]
    assert page.werkvormen[0].is_default
    assert page.candidates == ()


@pytest.mark.parametrize("name", ["chris", "dewi"])
def test_nobody_plans_for_a_team_of_others(scene: SessionScene, name: str) -> None:
    who = getattr(scene.world, name).id
    with pytest.raises(NotYours), scene.database.transaction() as session:
        plan = planning.SessionPlan(scene.world.team_noord, "kraak-45", OWN)
        planning.plan_session(session, scene.library, plan, user_id=who, today=scene.today)


@pytest.mark.parametrize(
    ("title", "question", "options", "field"),
    [
        ("", "Wat nu?", ("a", "b"), "titel"),
        ("Titel", "x" * 601, ("a", "b"), "vraag"),
        ("Titel", "Wat nu?", ("a", " "), "werkwijzen"),
        ("Titel", "Wat nu?", ("Bellen", "bellen"), "werkwijzen"),
        ("Titel", "Wat nu?", ("a", "b", "c", "d", "e"), "werkwijzen"),
        ("Titel", "Wat nu?", ("a", "b" * 121), "werkwijzen"),
    ],
)
def test_an_own_case_is_held_against_its_form(
    scene: SessionScene, title: str, question: str, options: tuple[str, ...], field: str
) -> None:
    with pytest.raises(WrongInput) as refused:
        scene.plan(OwnCase(title, question, options))
    assert refused.value.field == field


@pytest.mark.parametrize(
    "wrong",
    [
        {"werkvorm": "bestaat-niet"},
        {"planned_for": date(2026, 11, 22)},
        {"planned_for": date(9999, 12, 31)},
    ],
)
def test_a_plan_needs_a_werkvorm_and_a_day_within_a_year(
    scene: SessionScene, wrong: dict[str, str]
) -> None:
    with pytest.raises(WrongInput):
        scene.plan(**wrong)


def test_an_unknown_dilemma_cannot_be_planned(scene: SessionScene) -> None:
    with pytest.raises(NotYours):
        scene.plan(Dilemma("bestaat-niet"))


def test_the_team_sees_what_is_planned_but_rehearsals_only_their_maker(scene: SessionScene) -> None:
    planned, rehearsal = scene.plan(planned_for=scene.today), scene.plan(rehearsal=True)

    def seen_by(name: str) -> set[str]:
        who = getattr(scene.world, name).id
        team = scene.world.team_noord
        sessions = reading(scene, listing.team_sessions, user_id=who, team_id=team)
        return {line.code for line in sessions.lines.items}

    assert seen_by("gerda") == {planned, rehearsal}
    assert seen_by("anna") == {planned}
    with pytest.raises(NotYours):
        seen_by("chris")


def test_a_session_that_began_cannot_be_called_off(scene: SessionScene) -> None:
    scene.open().lead(running.start)
    with pytest.raises(TooLate):
        scene.lead(planning.cancel, now=scene.now)


def test_figures_beforehand_use_up_the_turn_and_not_before(scene: SessionScene) -> None:
    gerda = scene.world.gerda.id
    who: dict[str, Any] = {"voter": scene.voter(gerda), "slug": scene.slug, "today": scene.today}

    def look(session: Session) -> object:
        return choosing.figures_beforehand(
            session,
            scene.library,
            row_keys=scene.keys,
            gemeente_id=scene.world.zaanstad,
            **who,
        ).figures

    assert reading(scene, look) is None
    assert turn(scene, gerda) == Turn.NONE
    scene.act(choosing.use_turn_for_figures, **who)
    assert reading(scene, look) is not None
    assert turn(scene, scene.world.gerda.id) == Turn.SEEN


def count(scene: SessionScene, scope: str, numbers: tuple[int, ...]) -> None:
    """Write the totals of a scope, in the order of the options."""
    with (
        unhooked("figures of the land, for a session to show"),
        scene.database.transaction() as session,
    ):
        rows = [
            {"dilemma": scene.slug, "edition": 1, "scope": scope, "option": option, "n": n}
            for option, n in zip("abcx", numbers, strict=True)
        ]
        session.connection().execute(TALLY.insert(), rows)
    sign_by_hand(scene.database, scene.keys)


def test_a_gemeente_of_nearly_one_mind_stands_beside_a_session_without_numbers(
    scene: SessionScene,
) -> None:
    count(scene, "NL", (60, 30, 20, 3))
    count(scene, str(scene.world.zaanstad), (2, 1, 3, 41))
    scene.act(give_pools, keys=scene.keys, today=scene.today)
    comparison = compared_after_a_reveal(scene)
    assert comparison.missing == ("Zaanstad: ruim 80% koos ‘Ik zou iets anders doen’.",)
    assert [group.name for group in comparison.columns] == ["Jullie", "Alle gemeenten"]


@pytest.mark.parametrize(
    ("people", "words"),
    [
        (0, "geen cijfers, want er doen nog te weinig mensen mee."),
        (K_POOL, "nog te weinig stemmen geteld."),
    ],
)
def test_a_pilot_is_not_promised_figures_that_never_come(
    scene: SessionScene, people: int, words: str
) -> None:
    national_only(scene)
    scene.act(add_people, gemeente_id=scene.world.zaanstad, how_many=people)
    assert compared_after_a_reveal(scene).missing == (f"Alle gemeenten: {words}",)


def test_totals_that_somebody_changed_are_not_called_too_few(scene: SessionScene) -> None:
    count(scene, "NL", (9, 9, 9, 9))
    national_only(scene)
    with unhooked("totals changed by hand"), scene.database.transaction() as session:
        session.connection().execute(update(TALLY).values(n=TALLY.c.n + 7))
    missing = compared_after_a_reveal(scene).missing
    assert missing == ("Alle gemeenten: we weten niet zeker of de cijfers kloppen.",)


def national_only(scene: SessionScene) -> None:
    """Let the gemeente of the team be counted with the whole country alone."""
    elsewhere = {scene.world.almere: str(scene.world.almere)}
    scene.act(give_pools, keys=scene.keys, today=scene.today, pools=elsewhere)


def compared_after_a_reveal(scene: SessionScene) -> Comparison:
    """Return what the phones of a group of five see beside their own vote."""
    scene.open().join(5)
    scene.hold("aabbc")
    scene.reveal()
    now = scene.phone(scene.phones[0]).now
    return compare(now, now.round(1))


def test_the_reveal_uses_up_the_turns_of_those_signed_in_and_of_no_other(
    scene: SessionScene,
) -> None:
    for scope in ("NL", str(scene.world.zaanstad)):
        count(scene, scope, (9, 9, 9, 9))
    answer(scene, scene.world.bram.id)
    scene.act(give_pools, keys=scene.keys, today=scene.today)
    scene.open().join(5)
    for who in (scene.world.anna, scene.world.bram):
        scene.join(user_id=who.id)
    assert scene.phone(scene.phones[-2], scene.world.anna.id).uses_turn
    scene.hold("aabbccc")
    assert turn(scene, scene.world.anna.id) == Turn.NONE
    scene.reveal()
    turns = {
        name: turn(scene, getattr(scene.world, name).id)
        for name in ("anna", "bram", "gerda", "farid")
    }
    assert turns == {"anna": Turn.SEEN, "bram": Turn.IN_BOX, "gerda": Turn.SEEN, "farid": Turn.NONE}
    figures = scene.phone(scene.phones[0]).now.figures
    assert figures is not None and figures.local is not None
    assert isinstance(figures.national, ReleasedDistribution)
    assert (figures.national.total, figures.local_name) == (36, "Zaanstad")


def answer(scene: SessionScene, user_id: int) -> None:
    scene.act(
        cast_answer,
        vote=Vote(
            voter=scene.voter(user_id),
            gemeente_id=scene.world.zaanstad,
            dilemma=scene.slug,
            edition=1,
            answer=Answer("a", "w"),
        ),
        today=scene.today,
        mac_keys=scene.keys,
    )


def test_someone_signed_in_who_joins_after_the_reveal_uses_their_turn(scene: SessionScene) -> None:
    scene.open().join(5)
    scene.hold("aabbc")
    scene.reveal()
    scene.join(user_id=scene.world.anna.id)
    assert turn(scene, scene.world.anna.id) == Turn.SEEN


def test_who_leaves_before_the_reveal_keeps_their_turn(scene: SessionScene) -> None:
    scene.open().join(5)
    (token,) = scene.join(user_id=scene.world.anna.id)
    scene.act(running.leave, code=scene.code, token=token, user_id=scene.world.anna.id)
    scene.hold("aabbc")
    scene.reveal()
    assert turn(scene, scene.world.anna.id) == Turn.NONE


def test_the_next_session_looks_back_at_the_last_agreements(scene: SessionScene) -> None:
    report_id = agreed(scene)
    scene.open()
    look_back = scene.regie().now.look_back
    assert look_back is not None
    assert (look_back.report_id, look_back.agreements) == (report_id, ("We *bellen* eerst.",))


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2027, 11, 30)])
def test_looking_back_is_after_today_and_within_a_year(scene: SessionScene, day: date) -> None:
    scene.open()
    with pytest.raises(WrongInput):
        scene.lead(reports.set_look_back, day=day, today=scene.today)


def test_three_agreements_at_most_and_an_empty_one_goes(scene: SessionScene) -> None:
    scene.open()
    for number, text in ((1, "een"), (2, "twee"), (3, "drie"), (2, " ")):
        scene.lead(reports.set_agreement, number=number, text=text)
    assert [line.text for line in scene.regie().now.agreements] == ["een", "drie"]
    with pytest.raises(WrongInput):
        scene.lead(reports.set_agreement, number=4, text="vier")


def test_a_report_is_deleted_by_the_team_only(scene: SessionScene) -> None:
    report_id = agreed(scene)
    with pytest.raises(NotYours):
        scene.act(reports.delete_report, report_id=report_id, user_id=scene.world.chris.id)
    scene.act(reports.delete_report, report_id=report_id, user_id=scene.world.gerda.id)
    assert scene.count(REPORT) == 0
    with pytest.raises(NotYours):
        reading(scene, reports.read_report, report_id=report_id)


def test_a_report_as_markdown_and_in_a_calendar(scene: SessionScene) -> None:
    report = reading(scene, reports.read_report, report_id=agreed(scene))
    text = report_files.as_markdown(report, "https://voorbeeld.nl/verslag/1")
    assert "# Eigen casus" in text
    assert "1. We \\*bellen\\* eerst." in text
    assert "Terugkijken op 21 december 2026." in text
    ics = report_files.as_calendar(
        report, "https://voorbeeld.nl/verslag/1", now=datetime(2026, 11, 23, tzinfo=UTC)
    )
    assert ics is not None
    (event,) = Calendar.from_ical(ics).walk("VEVENT")
    start, end = event.decoded("DTSTART"), event.decoded("DTEND")
    assert start == date(2026, 12, 21)
    assert end - start == timedelta(days=1)
    assert event["TRANSP"] == "TRANSPARENT"
    (alarm,) = event.walk("VALARM")
    assert (alarm["ACTION"], alarm["DESCRIPTION"]) == ("DISPLAY", "Terugkijken: Eigen casus")
    assert alarm.decoded("TRIGGER") == timedelta(hours=9)
    assert ics.count(b"TRIGGER:PT9H\r\n") == 1


def test_only_one_module_makes_calendars() -> None:
    """So what a calendar assumes of a day without a word about it is settled in one place."""
    sources = Path(kopkrakers.__file__).parent.rglob("*.py")
    makers = [path.stem for path in sources if "icalendar" in path.read_text()]
    assert makers == ["calendar_files"]


def test_planning_writes_one_row(scene: SessionScene) -> None:
    scene.plan()
    (row,) = scene.rows(LIVE_SESSION)
    assert (row.state, row.dilemma, row.edition) == ("planned", scene.slug, 1)
