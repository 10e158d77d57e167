"""The werkvormen: all are right, and a wrong file is named with its line and what to do."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from kopkrakers.catalogue.cards.faults import CardFaults
from kopkrakers.intervisie.werkvormen.commands import werkvorm
from kopkrakers.intervisie.werkvormen.reading import (
    FOLDER,
    Action,
    Werkvorm,
    read_werkvorm,
    werkvormen,
)

GOOD = (FOLDER / "kraak-45.yaml").read_text()


def faults(tmp_path: Path, text: str) -> str:
    path = tmp_path / "fout.yaml"
    path.write_text(text)
    with pytest.raises(CardFaults) as wrong:
        read_werkvorm(path)
    return "\n".join(f"{fault.line}: {fault.sentence}" for fault in wrong.value.faults)


def test_the_command_finds_no_fault_in_ours() -> None:
    result = CliRunner().invoke(werkvorm, ["check"])
    assert result.exit_code == 0, result.output
    assert "fouten: 0" in result.output


def test_kraak_45_comes_first_and_takes_45_minutes() -> None:
    slug, form = next(iter(werkvormen().items()))
    assert (slug, form.minuten, form.standaard) == ("kraak-45", 45, True)


@pytest.mark.parametrize("form", werkvormen().values(), ids=werkvormen())
def test_votes_come_before_what_leans_on_them(form: Werkvorm) -> None:
    vote, revote = form.votes_at(1), form.votes_at(2)
    if vote is None:
        assert not {step.actie for step in form.stappen} & {
            Action.REVEAL,
            Action.REVOTE,
            Action.SHIFT,
        }
        return
    assert form.reveals_at(1) > vote
    assert revote is None or form.reveals_at(2) > revote > form.reveals_at(1)


@pytest.mark.parametrize(
    ("was", "becomes", "sentence"),
    [
        ("minuten: 4", "minuten: 50", "15: stappen › 1 › minuten: Kies 1 tot en met 40 minuten."),
        ("actie: read", "actie: lezen", "stappen › 1 › actie: Kies een actie uit: look_back, read"),
        ("doel: Iedereen", "doelen: Iedereen", "Bedoel je ‘doel’?"),
        ("actie: shift", "actie: reveal", "De stap reveal mag maar één keer voorkomen."),
        ("groep: [4, 12]", "groep: veel", "groep"),
        ("naam: Kraak 45", "naam: [", "geen geldige YAML"),
        ("minuten: 4", f"minuten: {'9' * 5000}", "15: Dit getal is te lang"),
        ("minuten: 4", "minuten: vier", "15: stappen › 1 › minuten: Schrijf hier een heel getal"),
        ("naam: Kraak 45", "naam: !!bool x", "Gebruik geen ! vooraan."),
    ],
)
def test_a_fault_has_its_line_and_says_what_to_do(
    tmp_path: Path, was: str, becomes: str, sentence: str
) -> None:
    assert sentence in faults(tmp_path, GOOD.replace(was, becomes, 1))


def test_the_command_stops_with_1_and_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "fout.yaml"
    path.write_text("naam: Fout\nstappen: []\n")
    result = CliRunner().invoke(werkvorm, ["check", str(path)])
    assert result.exit_code == 1
    assert "fout.yaml, regel 2: stappen" in result.output
