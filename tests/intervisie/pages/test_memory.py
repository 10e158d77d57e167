"""Versions and fragments are remembered for hundreds of phones, never what is somebody's own."""

import time

import pytest
from sqlalchemy import event

from kopkrakers.intervisie.pages import memory
from kopkrakers.intervisie.pages.shown.views import RegieView
from kopkrakers.intervisie.session import store
from tests.support.pages import statements
from tests.support.sessions.pages import TOKEN, SessionPages, words
from tests.support.sessions.scene import SessionScene, reading


def subject_of(token: str) -> str:
    """The part of a form token that is the browser's own; the rest is a moment and a mark."""
    return token.split(".")[0]


@pytest.fixture(autouse=True)
def remembering(no_page_is_a_moment_late: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "VERSION_SECONDS", 0.25)


def nothing_new(scene: SessionScene, seen: int | None, code: str = "") -> bool:
    """Return whether a page that shows this version of the session hears of nothing new."""
    return memory.nothing_new(scene.memory, scene.database, code or scene.code, seen)


def fragments_of(pages: SessionPages) -> list[str]:
    """Return the fragments that the application remembers."""
    remembered: memory.PageMemory = pages.app.extensions["kopkrakers_session_pages"]
    return [html for _, html in remembered.fragments._values.values()]


def test_many_questions_at_once_ask_the_database_once(scene: SessionScene) -> None:
    version = scene.open().regie().now.version
    with statements() as sent:
        assert all(nothing_new(scene, version) for _ in range(50))
    assert len(sent) == 1


def test_a_change_is_seen_a_quarter_of_a_second_later_at_most(scene: SessionScene) -> None:
    version = scene.open().regie().now.version
    assert nothing_new(scene, version)
    scene.join()
    time.sleep(0.25)
    assert not nothing_new(scene, version)


def test_who_already_shows_the_change_is_not_sent_back(scene: SessionScene) -> None:
    version = scene.open().regie().now.version
    assert nothing_new(scene, version)
    scene.join()
    assert nothing_new(scene, version + 1)


@pytest.mark.parametrize("seen", [None, -1, 0, 9999])
def test_what_is_not_the_version_is_news_and_an_unknown_code_always(
    scene: SessionScene, seen: int | None
) -> None:
    scene.open()
    assert not nothing_new(scene, seen)
    assert not nothing_new(scene, seen, "XXXXXX")


def test_what_is_remembered_is_small_and_goes(scene: SessionScene) -> None:
    for _ in range(3):
        nothing_new(scene, 0, scene.open().code)
    time.sleep(0.3)
    nothing_new(scene, 0)
    assert list(scene.memory.versions._values) == [scene.code]


def test_a_fragment_is_rendered_once_and_carries_the_token_of_whoever_asks(
    pages: SessionPages,
) -> None:
    pages.come_in(2)
    pages.to_vote()
    first, second = (
        TOKEN.findall(phone.get(pages.at("/nu?seen=0")).text) for phone in pages.phones
    )
    own = [TOKEN.findall(phone.get(pages.at()).text)[0] for phone in pages.phones]
    assert len(set(first)) == len(set(second)) == 1 and first != second
    assert [subject_of(first[0]), subject_of(second[0])] == [subject_of(token) for token in own]
    kept = "".join(fragments_of(pages))
    assert "optie" in kept and not any(token in kept for token in (*first, *second, *own))


def test_who_voted_watches_or_did_not_come_in_gets_another_fragment(pages: SessionPages) -> None:
    pages.come_in(2)
    pages.to_vote()
    pages.come_in()
    outside = pages.app.test_client()
    outside.get(pages.at())
    pages.vote(0, "a", "een reden die niemand ziet")
    seen = [words(phone.get(pages.at("/nu?seen=0"))) for phone in (*pages.phones, outside)]
    for text, page in zip(
        seen,
        ("Je stem is binnen", "Doe mijn stem in de bus", "later binnen", "nog meekijken"),
        strict=True,
    ):
        assert page in text and sum(page in other for other in seen) == 1
    assert not any("een reden die niemand ziet" in html for html in fragments_of(pages))


def test_a_refused_vote_is_never_kept_for_others(pages: SessionPages) -> None:
    pages.come_in(2)
    pages.to_vote()
    assert "mijn lange reden" in pages.vote(0, "b", "mijn lange reden " * 40).text
    for phone in pages.phones:
        fragment = phone.get(pages.at("/nu?seen=0")).text
        assert "mijn lange reden" not in fragment and " checked>" not in fragment


def test_a_vote_that_comes_while_the_regie_is_read_is_shown_at_the_next_question(
    scene: SessionScene,
) -> None:
    """Between any two statements: what the regie missed, its version does not claim to have."""
    scene.open().join(12)
    scene.open_round()
    scene.regie()
    with statements() as sent:
        scene.regie()
    assert len(sent) < len(scene.phones)
    for place, token in enumerate(scene.phones[: len(sent)]):
        seen = read_while_voting(scene, token, after=place)
        votes_in, version = (
            scene.regie().now.round(1),
            reading(scene, store.regie_version, code=scene.code),
        )
        assert votes_in is not None and votes_in.votes_in == place + 1
        missed = seen.now.round(1)
        assert missed is not None and (missed.votes_in == place + 1 or seen.version != version), (
            place
        )


def read_while_voting(scene: SessionScene, token: str, *, after: int) -> RegieView:
    """Return the regie as read when this phone votes just after so many of its statements."""
    passed = 0

    def vote(*_: object) -> None:
        nonlocal passed
        passed += 1
        if passed == after + 1:
            scene.vote(token)

    event.listen(scene.database.reader, "after_cursor_execute", vote)
    try:
        return scene.regie()
    finally:
        event.remove(scene.database.reader, "after_cursor_execute", vote)
