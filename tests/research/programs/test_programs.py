"""A dataset is opened and used by R, PSPP and LibreOffice in Dutch, where they are installed."""

import csv
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from kopkrakers.catalogue.library import Library
from kopkrakers.privacy import columns
from kopkrakers.research.teaching.making import teaching_set
from tests.research.small import ORIGIN, files_in

CARDS = Path(__file__).parents[3] / "dilemmas"
RSCRIPT, PSPP, SOFFICE = map(shutil.which, ("Rscript", "pspp", "soffice"))
HAS_PACKAGES = "stopifnot(requireNamespace('readr'), requireNamespace('haven'))"
READS_ALL = """
for (file in list.files("csv", full.names = TRUE)) {
  csv <- readr::read_csv(file, show_col_types = FALSE, progress = FALSE)
  sav <- haven::read_sav(sub("csv", "sav", sub("csv/", "spss/", file)), user_na = TRUE)
  stopifnot(nrow(readr::problems(csv)) == 0, nrow(csv) == nrow(sav), names(csv) == names(sav))
  numbers <- intersect(c("n_low", "n_high", "percent"), names(csv))
  for (name in numbers) stopifnot(identical(as.numeric(csv[[name]]), as.numeric(sav[[name]])))
}
days <- c(readr::read_csv("csv/dilemmas.csv", show_col_types = FALSE)$opens_on[1],
  haven::read_sav("spss/dilemmas.sav")$opens_on[1])
stopifnot(inherits(days, "Date"), days[1] == days[2])
pooled <- haven::read_sav("spss/pooled_by_consideration.sav")
stopifnot("Wet" %in% names(attributes(pooled$consideration)$labels))
stopifnot(any(is.na(pooled$consideration)))
cat(sum(pooled$n_low[pooled$ground == "w"], na.rm = TRUE))
"""
SYNTAX = """
GET FILE='spss/choice.sav'.
WEIGHT BY n.
CROSSTABS /TABLES=dilemma BY option /CELLS=COUNT ROW.
GET FILE='spss/pooled_by_consideration.sav'.
WEIGHT BY n_low.
CROSSTABS /TABLES=ground BY consideration /CELLS=ROW.
"""
DUTCH_CSV = "csv:Text - txt - csv (StarCalc):59,34,76,1,,1043,false,true,false,false,false,-1"
"""With a semicolon and in Dutch (1043), every sheet in a file of its own (-1)."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The teaching set, taken out of its zip."""
    folder = tmp_path_factory.mktemp("set")
    for name, content in files_in(teaching_set(Library(CARDS).cards(), ORIGIN)).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def ran(folder: Path, *command: str) -> str:
    dutch = {**os.environ, "LANG": "nl_NL.UTF-8", "LC_ALL": "nl_NL.UTF-8"}
    done = subprocess.run(
        command, cwd=folder, env=dutch, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def pooled(folder: Path) -> list[dict[str, str]]:
    with (folder / "csv/pooled_by_consideration.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.skipif(RSCRIPT is None, reason="R is not installed")
def test_r_reads_the_same_from_csv_and_spss(folder: Path) -> None:
    assert RSCRIPT is not None
    if subprocess.run([RSCRIPT, "-e", HAS_PACKAGES], capture_output=True, check=False).returncode:
        pytest.skip("readr and haven are not installed")
    named = [
        row for row in pooled(folder) if row["ground"] == "w" and row["consideration"] != "niet"
    ]
    # haven takes the code of no answer for missing, as SPSS does, and keeps its number of people
    everybody = [row for row in pooled(folder) if row["ground"] == "w"]
    told = int(ran(folder, RSCRIPT, "-e", READS_ALL).split()[-1])
    assert told == sum(int(row["n_low"]) for row in everybody) > len(named)


@pytest.mark.skipif(PSPP is None, reason="PSPP is not installed")
def test_pspp_makes_tables_with_labels_and_without_who_said_nothing(folder: Path) -> None:
    assert PSPP is not None
    (folder / "try.sps").write_text(SYNTAX, encoding="utf-8")
    printed = ran(folder, PSPP, "-O", "format=txt", "try.sps")
    named = [
        row for row in pooled(folder) if row["ground"] == "w" and row["consideration"] != "niet"
    ]
    wet = next(int(row["n_low"]) for row in named if row["consideration"] == "w")
    share = 100 * wet / sum(int(row["n_low"]) for row in named)
    [line] = [line for line in printed.splitlines() if "Alleen wet" in line]
    assert f"{share:.1f}%" in line
    assert "error" not in printed.lower()


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_a_dutch_spreadsheet_reads_numbers_days_and_columns(folder: Path, tmp_path: Path) -> None:
    assert SOFFICE is not None
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    target = ("--convert-to", DUTCH_CSV, "--outdir", str(tmp_path / "out"))
    ran(folder, SOFFICE, profile, "--headless", *target, "kopkrakers.xlsx")
    for spec in columns.TABLES:
        path = tmp_path / "out" / f"kopkrakers-{spec.id}.csv"
        with path.open(encoding="utf-8") as file:
            header, *rows = csv.reader(file, delimiter=";")
        assert header == list(spec.names)
        lines = (folder / f"csv/{spec.id}.csv").read_text(encoding="utf-8").count("\n")
        assert len(rows) == lines - 1
    with (tmp_path / "out/kopkrakers-pooled_by_consideration.csv").open(encoding="utf-8") as file:
        assert list(csv.DictReader(file, delimiter=";")) == pooled(folder)
    dilemmas = (tmp_path / "out/kopkrakers-dilemmas.csv").read_text(encoding="utf-8")
    assert ";02-11-2026;" in dilemmas
