"""The client in R gives the numbers and the refusals of the one in Python, where R is installed."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from kopkrakers.research.release.dataset import CLIENTS
from tests.research.clients.loading import client
from tests.research.small import OTHER, SLUG

RSCRIPT = shutil.which("Rscript")
ASKS = """
source(commandArgs(TRUE)[1])
release <- kk_open(commandArgs(TRUE)[2])
refused <- function(what) tryCatch({what; ""}, kk_cannot_conclude = function(e) conditionMessage(e))
choice <- kk_table(release, "choice")
reasons <- kk_table(release, "choice_by_consideration")
certainty <- kk_table(release, "choice_by_certainty")
local <- kk_table(release, "choice_by_gemeente")
one <- choice[choice$dilemma == "SLUG", ]
as_list <- function(sums) lapply(split(sums, rownames(sums)), function(row) unlist(row))
cat(jsonlite::toJSON(auto_unbox = TRUE, digits = 12, list(
  citation = kk_citation(release),
  invented = kk_is_invented(release),
  n = one$n,
  types = lapply(choice, function(column) class(column)[1]),
  opened = format(kk_table(release, "dilemmas")$opens_on[1]),
  levels = levels(certainty$certainty),
  ordered = is.ordered(certainty$certainty),
  labels = as.list(kk_labels(reasons, "consideration")),
  sums = as_list(kk_by(reasons, "consideration")),
  share = as.list(kk_share(kk_by(reasons, "consideration"), "w")),
  gave = as.list(kk_who_gave(certainty, "certainty", "1")),
  options = as_list(kk_by(one, "option")),
  like = unique(kk_table(release, "options", like = one)$dilemma),
  refusals = list(
    refused(kk_by(reasons, "option")),
    refused(kk_by(local[local$dilemma == "SLUG", ], "gemeente")),
    refused(kk_by(kk_table(release, "response"), "dilemma")),
    refused(kk_table(release, "choice_by_certainty", like = reasons)),
    refused(kk_by(local[local$dilemma == "OTHER", ], "option"))
  )
)))
"""


def has_r() -> bool:
    if RSCRIPT is None:
        return False
    asked = subprocess.run([RSCRIPT, "-e", "library(jsonlite)"], capture_output=True, check=False)
    return asked.returncode == 0


pytestmark = pytest.mark.skipif(not has_r(), reason="R with jsonlite is not installed")


def test_r_says_the_same_as_python(dataset: Path, tmp_path: Path) -> None:
    assert RSCRIPT is not None
    script = tmp_path / "asks.R"
    script.write_text(ASKS.replace("SLUG", SLUG).replace("OTHER", OTHER))
    answer = subprocess.run(
        [RSCRIPT, str(script), str(CLIENTS[1]), str(dataset)],
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(answer.stdout)
    release = client.open_release(dataset)
    choice = release.table("choice")
    reasons = release.table("choice_by_consideration")
    assert told["citation"] == release.citation
    assert told["invented"] is False
    assert told["n"] == [row["n"] for row in choice.where(dilemma=SLUG)]
    assert told["types"]["n"] == "integer" and told["types"]["top"] == "logical"
    assert told["opened"] == "2026-11-02"
    assert told["ordered"] and told["levels"] == ["1", "2", "3", "niet"]
    assert told["labels"] == reasons.labels("consideration")
    for value, (low, high) in reasons.by("consideration").items():
        assert told["sums"][value] == [low, high]
    share = client.share(reasons.by("consideration"), "w")
    assert told["share"] == pytest.approx(share._asdict())
    gave = release.table("choice_by_certainty").who_gave("certainty", "1")
    assert told["gave"] == pytest.approx(gave._asdict())
    assert told["like"] == SLUG
    for reason, start in zip(told["refusals"], REASONS, strict=True):
        assert reason.startswith(start), reason


REASONS = (
    "Werkwijze A van het ene dilemma",
    "Gemeenten van verschillende grootte",
    "Hoeveel mensen een dilemma zagen",
    "Losse gegevens zijn los geteld",
    "Hier staat geen aantal",
)
