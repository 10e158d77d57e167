"""Boards: what the begeleider writes in a step stands on all pages and in the report."""

import pytest

from kopkrakers.intervisie.session.store import BOARD_TEXT
from kopkrakers.intervisie.session.texts.boards import LONGEST_BOARD, LONGEST_PIECE, pieces_of
from kopkrakers.intervisie.werkvormen.reading import werkvormen
from tests.support.pages import Fields, send, words
from tests.support.sessions.pages import SessionPages
from tests.support.world import browser_of

QUESTION = "Moet ik de auto noemen?\nDoe ik A, dan raakt ze haar werk kwijt."
MORAL, CONCLUSION = 3, 9


def dilemma(pages: SessionPages, step: int = MORAL) -> SessionPages:
    pages.scene.open(werkvorm="dilemmamethode")
    pages.come_in(1)
    pages.scene.go_to(step)
    return pages


def test_what_is_written_stands_on_the_scherm_and_on_phones(pages: SessionPages) -> None:
    dilemma(pages)
    assert "Morele vraag" not in pages.scherm()
    assert pages.lead("afspraken", bord_3=QUESTION).status_code == 303
    for page in (pages.scherm(), pages.phone(), pages.regie()):
        assert "Morele vraag" in page and "Doe ik A, dan raakt ze haar werk kwijt." in page


def test_it_can_be_put_on_the_scherm_in_a_later_step(pages: SessionPages) -> None:
    dilemma(pages)
    pages.lead("afspraken", bord_3=QUESTION)
    pages.next()
    assert "Moet ik de auto noemen?" not in pages.scherm()
    assert "Moet ik de auto noemen?" in pages.phone(), "in a fold"
    assert pages.lead("toon", wat="bord-3").status_code == 303
    assert "Moet ik de auto noemen?" in pages.scherm()
    assert pages.lead("toon", wat="bord-9").status_code == 422, "nothing stands on it"


@pytest.mark.parametrize("what", ["stap", "toon", "einde", "afspraken"])
def test_every_way_on_saves_what_was_typed(pages: SessionPages, what: str) -> None:
    dilemma(pages)
    fields = {"van": MORAL, "naar": MORAL + 1, "zeker": "ja", "wat": ""}
    assert pages.lead(what, bord_3=QUESTION, was_bord_3="", **fields).status_code == 303
    assert [row.text for row in pages.scene.rows(BOARD_TEXT)] == [QUESTION]


def test_the_large_button_sends_the_field_along(pages: SessionPages) -> None:
    page = dilemma(pages).gerda.get(f"/intervisie/{pages.code}/regie").text
    button = page[page.index("Volgende stap:") - 300 : page.index("Volgende stap:")]
    assert 'form="afspraken-vorm"' in button and 'name="naar" value="4"' in button
    form = page[page.index('id="afspraken-vorm"') : page.index("</form>", page.index('name="van"'))]
    assert 'name="van" value="3"' in form and 'name="bord_3"' in form and 'name="bord_9"' in form


def test_enter_in_a_field_saves_and_goes_nowhere(pages: SessionPages) -> None:
    page = dilemma(pages).gerda.get(f"/intervisie/{pages.code}/regie").text
    first = page[
        page.index('form="afspraken-vorm"') - 40 : page.index('form="afspraken-vorm"') + 60
    ]
    assert "formaction" not in first and "hidden" in first


def test_two_begeleiders_write_on_different_boards(pages: SessionPages) -> None:
    dilemma(pages)
    pages.lead("afspraken", bord_3="Van Gerda", was_bord_3="", bord_9="", was_bord_9="")
    pages.lead("afspraken", bord_3="", was_bord_3="", bord_9="Van Bram", was_bord_9="")
    assert {row.text for row in pages.scene.rows(BOARD_TEXT)} == {"Van Gerda", "Van Bram"}


def test_an_emptied_board_is_wiped(pages: SessionPages) -> None:
    dilemma(pages)
    pages.lead("afspraken", bord_3=QUESTION)
    pages.lead("afspraken", bord_3=" \n ", was_bord_3=QUESTION)
    assert pages.scene.count(BOARD_TEXT) == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("x" * LONGEST_BOARD, "x" * LONGEST_BOARD),
        ("😀" * LONGEST_BOARD, "😀" * LONGEST_BOARD),
        ("a\x00b", "ab"),
        ("a\r\nb\r\n\r\nc", "a\nb\n\nc"),
        ("האם אני אומר", "האם אני אומר"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_what_people_type_is_kept_whole(pages: SessionPages, typed: str, kept: str) -> None:
    dilemma(pages)
    assert pages.lead("afspraken", bord_3=typed).status_code == 303
    assert [row.text for row in pages.scene.rows(BOARD_TEXT)] == [kept]
    assert "<script>alert" not in pages.gerda.get(f"/intervisie/{pages.code}/scherm").text


def test_a_text_that_is_too_long_says_so_and_stays_in_the_field(pages: SessionPages) -> None:
    dilemma(pages)
    long = "y" * (LONGEST_BOARD + 7)
    refused = pages.lead("stap", van=MORAL, naar=MORAL + 1, bord_3=long, afspraak_1="Bellen.")
    assert refused.status_code == 422 and long in refused.text and "Bellen." in refused.text
    assert "Maak er hoogstens 2000 tekens van: nu zijn het er 2007." in words(refused)
    assert (pages.scene.step, pages.scene.count(BOARD_TEXT)) == (MORAL, 0)


@pytest.mark.parametrize("field", ["bord_0", "bord_99", "bord_99999999999999999999", "bord_x"])
def test_a_step_without_a_board_has_none(pages: SessionPages, field: str) -> None:
    dilemma(pages)
    assert pages.lead("afspraken", **{field: "iets"}).status_code in {303, 422}
    assert pages.scene.count(BOARD_TEXT) == 0


def test_a_name_is_asked_about(pages: SessionPages) -> None:
    dilemma(pages)
    pages.lead("afspraken", bord_3="Anna belt de moeder.")
    assert "Staat hier een naam in van iemand uit je team?" in pages.regie()
    assert "Staat hier een naam" not in pages.scherm() + pages.phone()


def test_the_report_and_its_markdown_hold_the_boards(pages: SessionPages) -> None:
    dilemma(pages)
    pages.lead("afspraken", bord_3=QUESTION, bord_9="- We zijn het *niet* eens.\n1. En dat mag.")
    pages.lead("einde", zeker="ja")
    report = f"/verslag/{pages.scene.regie().now.report_id}"
    page = words(pages.app.test_client().get(report))
    assert "Wat jullie opschreven Morele vraag Moet ik de auto noemen?" in page
    text = pages.app.test_client().get(f"{report}.md").text
    assert "## Morele vraag\n\nMoet ik de auto noemen?\\\nDoe ik A" in text
    assert "## Conclusie\n\n\\- We zijn het \\*niet\\* eens.\\\n1\\. En dat mag.\n" in text


def test_nothing_is_left_but_the_report(pages: SessionPages) -> None:
    dilemma(pages)
    pages.lead("afspraken", bord_3=QUESTION)
    pages.end()
    assert pages.scene.count(BOARD_TEXT) == 0


def test_who_only_has_the_code_sees_no_board(pages: SessionPages) -> None:
    dilemma(pages)
    pages.lead("afspraken", bord_3=QUESTION)
    stranger = pages.app.test_client()
    assert "auto noemen" not in stranger.get(pages.at()).text
    for person in (pages.world.anna, pages.world.chris):
        where = f"/intervisie/{pages.code}/regie/afspraken"
        answer = browser_of(pages.app, person).post(where, data={"bord_3": "van mij"})
        assert answer.status_code in {400, 403, 404}


def test_the_sheet_names_what_to_write_on_paper(pages: SessionPages) -> None:
    assert "Schrijf op een flap: Morele vraag." in words(
        pages.gerda.get("/werkvormen/dilemmamethode")
    )


def test_pieces_are_short_and_lose_nothing() -> None:
    text = "Eerst dit. " * 40 + "\n\n" + "woord " * 90 + "\n" + "z" * 700
    pieces = pieces_of(text)
    assert all(0 < len(piece) <= LONGEST_PIECE for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "slug", ["dilemmamethode", "socratisch-gesprek", "action-learning", "effect-eerst"]
)
def test_werkvormen_in_which_a_group_writes_have_boards(slug: str) -> None:
    assert sum(1 for step in werkvormen()[slug].stappen if step.bord) > 1


def test_a_board_is_mended_in_the_report_until_the_day_after(pages: SessionPages) -> None:
    url = report_with_board(pages)
    was: Fields = {"was_bord_0": QUESTION, "was_bord_1": ""}
    fields = was | {"bord_0": "Mag zij blijven?", "bord_1": "Pas later bedacht."}
    assert "Verander de afspraken en de borden" in words(pages.gerda.get(url))
    assert send(pages.gerda, f"{url}/afspraken", **fields).status_code == 303
    for text in ("Mag zij blijven?", "Pas later bedacht."):
        assert text in words(pages.app.test_client().get(url))
        assert text in pages.gerda.get(f"{url}.md").text
    # only a page that still has the earlier text sends it along: what it did not change stays
    stale: Fields = {"was_bord_0": QUESTION, "bord_0": QUESTION, "was_bord_1": "", "bord_1": ""}
    assert send(pages.gerda, f"{url}/afspraken", **stale).status_code == 303
    assert "Mag zij blijven?" in words(pages.gerda.get(url))
    emptied: Fields = {"was_bord_0": "Mag zij blijven?", "bord_0": ""}
    send(pages.gerda, f"{url}/afspraken", **emptied)
    assert "Mag zij blijven?" not in words(pages.app.test_client().get(url))
    pages.scene.clock.move(days=2)
    late = send(pages.gerda, f"{url}/afspraken", bord_1="Te laat.", was_bord_1="")
    assert late.status_code == 409 and "Te laat." in late.text


def test_a_board_that_is_wrong_in_the_report_comes_back(pages: SessionPages) -> None:
    url = report_with_board(pages)
    for name, text in (("bord_1", "x" * 2001), ("bord_9", "Geen bord")):
        fields: Fields = {name: text, "bord_0": "Dit typte ik ook."}
        answer = send(pages.gerda, f"{url}/afspraken", **fields)
        assert answer.status_code == 422 and "Dit typte ik ook." in answer.text
    anna = browser_of(pages.app, pages.world.anna)
    assert send(anna, f"{url}/afspraken", bord_0="Van mij").status_code == 403
    assert QUESTION.splitlines()[0] in words(pages.gerda.get(url))


def report_with_board(pages: SessionPages) -> str:
    """The report of a session in which one board was written on."""
    dilemma(pages)
    pages.lead("afspraken", bord_3=QUESTION)
    pages.end()
    return f"/verslag/{pages.scene.regie().now.report_id}"
