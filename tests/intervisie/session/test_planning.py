"""Before a session: choosing, planning, figures to prepare with; and reports to take along."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from icalendar import Calendar

from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import Turn, cast_answer, turn_of
from kopkrakers.base.errors import NotYours, TooLate, WrongInput
from kopkrakers.intervisie.pages import choosing, looking, report_files
from kopkrakers.intervisie.session import planning, reports, running, states
from kopkrakers.intervisie.session.cases import Dilemma, OwnCase
from kopkrakers.intervisie.session.planning import ALPHABET
from kopkrakers.intervisie.session.store import LIVE_SESSION, REPORT, USED_CODE
from kopkrakers.tallies.models import TALLY
from tests.support.live_room import OWN, Room, reading
from tests.support.tally_guard import unhooked


def turn(room: Room, user_id: int) -> Turn:
    with room.database.reading() as session:
        return turn_of(session, user_id, room.slug, 1)


def agreed(room: Room) -> str:
    """A session with an agreement and a day to look back; gives its report."""
    room.open(OWN).join(2)
    room.lead(running.start)
    room.lead(reports.set_agreement, number=2, text="We *bellen* eerst.")
    room.lead(reports.set_look_back, day=date(2026, 12, 21), today=room.today)
    report_id = room.end()
    assert report_id is not None
    return report_id


def test_a_code_has_six_signs_without_look_alikes_and_is_never_given_twice(room: Room) -> None:
    codes = [room.plan(OWN) for _ in range(5)]
    assert len(set(codes)) == 5
    assert all(len(code) == 6 and set(code) <= set(ALPHABET) for code in codes)
    assert not set(ALPHABET) & set("01258OILSZB")
    room.lead(planning.cancel, now=room.now)
    room.quick()
    assert {row.code for row in room.rows(USED_CODE)} == set(codes)


def test_a_typed_code_may_have_spaces_and_small_letters() -> None:
    assert states.clean_code(" abc-d3f ") == "ABCD3F"


def test_the_plan_page_offers_what_there_is(room: Room) -> None:
    who = {"user_id": room.world.gerda.id, "team_id": room.world.team_noord, "today": room.today}
    page = reading(
        room, lambda session, **how: choosing.plan_page(session, room.library, **how), **who
    )
    assert [subject.slug for subject in page.subjects] == [room.slug]
    assert page.werkvormen[0].is_default
    assert page.seconds == ()


@pytest.mark.parametrize("name", ["chris", "dewi"])
def test_nobody_plans_for_a_team_of_others(room: Room, name: str) -> None:
    who = getattr(room.world, name).id
    with pytest.raises(NotYours), room.database.transaction() as session:
        planning.plan_session(
            session,
            room.library,
            user_id=who,
            team_id=room.world.team_noord,
            werkvorm="kraak-45",
            subject=OWN,
            today=room.today,
        )


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
    room: Room, title: str, question: str, options: tuple[str, ...], field: str
) -> None:
    with pytest.raises(WrongInput) as refused:
        room.plan(OwnCase(title, question, options))
    assert refused.value.field == field


@pytest.mark.parametrize(
    "wrong",
    [
        {"werkvorm": "bestaat-niet"},
        {"planned_for": date(2026, 11, 22)},
        {"planned_for": date(9999, 12, 31)},
    ],
)
def test_a_plan_needs_a_werkvorm_and_a_day_within_a_year(room: Room, wrong: dict[str, str]) -> None:
    with pytest.raises(WrongInput):
        room.plan(**wrong)


def test_an_unknown_dilemma_cannot_be_planned(room: Room) -> None:
    with pytest.raises(NotYours):
        room.plan(Dilemma("bestaat-niet"))


def test_the_team_sees_what_is_planned_but_rehearsals_only_their_maker(room: Room) -> None:
    planned, rehearsal = room.plan(planned_for=room.today), room.plan(rehearsal=True)
    seen = {
        name: {
            line.code
            for line in reading(
                room, looking.team_sessions, user_id=who, team_id=room.world.team_noord
            ).lines
        }
        for name, who in (("gerda", room.world.gerda.id), ("anna", room.world.anna.id))
    }
    assert seen == {"gerda": {planned, rehearsal}, "anna": {planned}}
    with pytest.raises(NotYours):
        reading(
            room, looking.team_sessions, user_id=room.world.chris.id, team_id=room.world.team_noord
        )


def test_a_session_that_began_cannot_be_called_off(room: Room) -> None:
    room.open().lead(running.start)
    with pytest.raises(TooLate):
        room.lead(planning.cancel, now=room.now)


def test_figures_beforehand_use_up_the_turn_and_not_before(room: Room) -> None:
    who = {"user_id": room.world.gerda.id, "slug": room.slug, "today": room.today}

    def look(session: object) -> object:
        return choosing.figures_beforehand(
            session, room.library, gemeente_id=room.world.zaanstad, **who
        ).figures  # type: ignore[arg-type]

    assert reading(room, look) is None
    assert turn(room, room.world.gerda.id) == Turn.NONE
    room.act(choosing.use_turn_for_figures, **who)
    assert reading(room, look) is not None
    assert turn(room, room.world.gerda.id) == Turn.SEEN


def test_the_reveal_uses_up_the_turns_of_those_signed_in_and_of_no_other(room: Room) -> None:
    with (
        unhooked("figures of the land, for a session to show"),
        room.database.transaction() as session,
    ):
        rows = [
            {"dilemma": room.slug, "edition": 1, "scope": scope, "option": option, "n": 9}
            for scope, option in product(("NL", str(room.world.zaanstad)), "abcx")
        ]
        session.connection().execute(TALLY.insert(), rows)
    answer(room, room.world.bram.id)
    room.open().join(5)
    for who in (room.world.anna, room.world.bram):
        room.join(user_id=who.id)
    assert room.phone(room.phones[-2], room.world.anna.id).uses_turn
    room.hold("aabbccc")
    assert turn(room, room.world.anna.id) == Turn.NONE
    room.reveal()
    turns = {
        name: turn(room, getattr(room.world, name).id)
        for name in ("anna", "bram", "gerda", "farid")
    }
    assert turns == {"anna": Turn.SEEN, "bram": Turn.IN_BOX, "gerda": Turn.SEEN, "farid": Turn.NONE}
    figures = room.phone(room.phones[0]).room.figures
    assert figures is not None and figures.land is not None and figures.gemeente is not None
    assert (figures.land.total, figures.gemeente_name) == (36, "Zaanstad")


def answer(room: Room, user_id: int) -> None:
    room.act(
        cast_answer,
        user_id=user_id,
        gemeente_id=room.world.zaanstad,
        dilemma=room.slug,
        edition=1,
        answer=Answer("a", "w"),
        today=room.today,
        mac_keys=room.keys,
    )


def test_who_signs_in_after_the_reveal_uses_their_turn_by_joining(room: Room) -> None:
    room.open().join(5)
    room.hold("aabbc")
    room.reveal()
    room.join(user_id=room.world.anna.id)
    assert turn(room, room.world.anna.id) == Turn.SEEN


def test_who_leaves_before_the_reveal_keeps_their_turn(room: Room) -> None:
    room.open().join(5)
    (token,) = room.join(user_id=room.world.anna.id)
    room.act(running.leave, code=room.code, token=token, user_id=room.world.anna.id)
    room.hold("aabbc")
    room.reveal()
    assert turn(room, room.world.anna.id) == Turn.NONE


def test_the_next_session_looks_back_at_the_last_agreements(room: Room) -> None:
    report_id = agreed(room)
    room.open()
    look_back = room.regie().look_back
    assert look_back is not None
    assert (look_back.report_id, look_back.agreements) == (report_id, ("We *bellen* eerst.",))


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2027, 11, 30)])
def test_looking_back_is_after_today_and_within_a_year(room: Room, day: date) -> None:
    room.open()
    with pytest.raises(WrongInput):
        room.lead(reports.set_look_back, day=day, today=room.today)


def test_three_agreements_at_most_and_an_empty_one_goes(room: Room) -> None:
    room.open()
    for number, text in ((1, "een"), (2, "twee"), (3, "drie"), (2, " ")):
        room.lead(reports.set_agreement, number=number, text=text)
    assert [line.text for line in room.regie().room.agreements] == ["een", "drie"]
    with pytest.raises(WrongInput):
        room.lead(reports.set_agreement, number=4, text="vier")


def test_a_report_is_deleted_by_the_team_only(room: Room) -> None:
    report_id = agreed(room)
    with pytest.raises(NotYours):
        room.act(reports.delete_report, report_id=report_id, user_id=room.world.chris.id)
    room.act(reports.delete_report, report_id=report_id, user_id=room.world.gerda.id)
    assert room.count(REPORT) == 0
    with pytest.raises(NotYours):
        reading(room, reports.report, report_id=report_id)


def test_a_report_as_markdown_and_in_a_calendar(room: Room) -> None:
    report = reading(room, reports.report, report_id=agreed(room))
    text = report_files.as_markdown(report, "https://voorbeeld.nl/verslag/1")
    assert "# Eigen casus" in text
    assert "1. We \\*bellen\\* eerst." in text
    assert "Terugkijken op 21 december 2026." in text
    ics = report_files.as_calendar(
        report, "https://voorbeeld.nl/verslag/1", now=datetime(2026, 11, 23, tzinfo=UTC)
    )
    assert ics is not None
    (event,) = Calendar.from_ical(ics).walk("VEVENT")
    assert event["DTSTART"].dt == date(2026, 12, 21)
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(days=1)


def test_planning_writes_one_row(room: Room) -> None:
    room.plan()
    (row,) = room.rows(LIVE_SESSION)
    assert (row.state, row.dilemma, row.edition) == ("planned", room.slug, 1)
