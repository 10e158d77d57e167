"""What a process remembers for a hall: versions and fragments, never what is somebody's own."""

import time

import pytest
from sqlalchemy import event

from kopkrakers.intervisie.pages import memory
from kopkrakers.intervisie.pages.views import RegieView
from kopkrakers.intervisie.session import store
from tests.support.live_pages import TOKEN, Hall, words
from tests.support.live_room import Room, reading
from tests.support.pages import statements


def subject_of(token: str) -> str:
    """The part of a form token that is the browser's own; the rest is a moment and a mark."""
    return token.split(".")[0]


@pytest.fixture(autouse=True)
def remembering(no_page_is_a_moment_late: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "VERSION_SECONDS", 0.25)


def nothing_new(room: Room, seen: int | None, code: str = "") -> bool:
    """What a page of the room is told that shows this version."""
    return memory.nothing_new(room.memory, room.database, code or room.code, seen)


def fragments_of(hall: Hall) -> list[str]:
    """What the application remembers of pages."""
    remembered: memory.PageMemory = hall.app.extensions["kopkrakers_session_pages"]
    return [html for _, html in remembered.fragments._values.values()]


def test_many_questions_at_once_ask_the_database_once(room: Room) -> None:
    version = room.open().regie().room.version
    with statements() as sent:
        assert all(nothing_new(room, version) for _ in range(50))
    assert len(sent) == 1


def test_a_change_is_seen_a_quarter_of_a_second_later_at_most(room: Room) -> None:
    version = room.open().regie().room.version
    assert nothing_new(room, version)
    room.join()
    time.sleep(0.25)
    assert not nothing_new(room, version)


def test_who_already_shows_the_change_is_not_sent_back(room: Room) -> None:
    version = room.open().regie().room.version
    assert nothing_new(room, version)
    room.join()
    assert nothing_new(room, version + 1)


@pytest.mark.parametrize("seen", [None, -1, 0, 9999])
def test_what_is_not_the_version_is_news_and_an_unknown_code_always(
    room: Room, seen: int | None
) -> None:
    room.open()
    assert not nothing_new(room, seen)
    assert not nothing_new(room, seen, "XXXXXX")


def test_what_is_remembered_is_small_and_goes(room: Room) -> None:
    for _ in range(3):
        nothing_new(room, 0, room.open().code)
    time.sleep(0.3)
    nothing_new(room, 0)
    assert list(room.memory.versions._values) == [room.code]


def test_a_fragment_is_rendered_once_and_carries_the_token_of_whoever_asks(hall: Hall) -> None:
    hall.come_in(2)
    hall.to_vote()
    first, second = (TOKEN.findall(phone.get(hall.at("/nu?seen=0")).text) for phone in hall.phones)
    own = [TOKEN.findall(phone.get(hall.at()).text)[0] for phone in hall.phones]
    assert len(set(first)) == len(set(second)) == 1 and first != second
    assert [subject_of(first[0]), subject_of(second[0])] == [subject_of(token) for token in own]
    kept = "".join(fragments_of(hall))
    assert "optie" in kept and not any(token in kept for token in (*first, *second, *own))


def test_who_voted_watches_or_did_not_come_in_gets_another_fragment(hall: Hall) -> None:
    hall.come_in(2)
    hall.to_vote()
    hall.come_in()
    outside = hall.app.test_client()
    outside.get(hall.at())
    hall.vote(0, "a", "een reden die niemand ziet")
    seen = [words(phone.get(hall.at("/nu?seen=0"))) for phone in (*hall.phones, outside)]
    for text, page in zip(
        seen,
        ("Je stem is binnen", "Doe mijn stem in de bus", "later binnen", "nog meekijken"),
        strict=True,
    ):
        assert page in text and sum(page in other for other in seen) == 1
    assert not any("een reden die niemand ziet" in html for html in fragments_of(hall))


def test_a_refused_vote_is_never_kept_for_others(hall: Hall) -> None:
    hall.come_in(2)
    hall.to_vote()
    assert "mijn lange reden" in hall.vote(0, "b", "mijn lange reden " * 40).text
    for phone in hall.phones:
        fragment = phone.get(hall.at("/nu?seen=0")).text
        assert "mijn lange reden" not in fragment and " checked>" not in fragment


def test_a_vote_that_comes_while_the_regie_is_read_is_shown_at_the_next_question(
    room: Room,
) -> None:
    """Between any two statements of the read: what the regie misses, its mark must not claim to have."""
    room.open().join(12)
    room.open_round()
    room.regie()
    with statements() as sent:
        room.regie()
    assert len(sent) < len(room.phones)
    for place, token in enumerate(room.phones[: len(sent)]):
        seen = read_while_voting(room, token, after=place)
        votes_in, mark = room.regie().room.round(1), reading(room, store.regie_mark, code=room.code)
        assert votes_in is not None and votes_in.votes_in == place + 1
        missed = seen.room.round(1)
        assert missed is not None and (missed.votes_in == place + 1 or seen.seen != mark), place


def read_while_voting(room: Room, token: str, *, after: int) -> RegieView:
    """What the regie reads when this phone votes just after so many of its statements."""
    passed = 0

    def vote(*_: object) -> None:
        nonlocal passed
        passed += 1
        if passed == after + 1:
            room.vote(token)

    event.listen(room.database.reader, "after_cursor_execute", vote)
    try:
        return room.regie()
    finally:
        event.remove(room.database.reader, "after_cursor_execute", vote)
