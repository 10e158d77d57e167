"""Two figures from a Kopkrakers dataset, with polars and nothing else.

    python figuren.py kopkrakers-uitgave-1.zip figuren/

The same in R and SPSS stands in README.md beside this script; the columns have the same names
everywhere, and `codebook.md` says what they mean. Three rules carry the whole reading. Totals come
from `choice`, whose `n` is empty where it may not be told. Cells of the other tables are protected:
use `n_low` and `n_high`, never the text in `n` as if it were a number. And option A of one dilemma
has nothing to do with option A of another: put together what leans on the same.
"""

import io
import sys
import zipfile
from html import escape
from pathlib import Path

import polars as pl

COLOURS = {"w": "#0E5A66", "r": "#C2491A", "b": "#84408E", "niet": "#55606E"}
MEANING = {
    "w": "wet",
    "r": "rendement",
    "b": "betrokkenheid",
    "niet": "niet vermeld, of niet veilig apart te tellen",
}
TOP = 0.8
ROW, BAR, LABELS, WIDTH = 30, 18, 400, 1000


def table(dataset: Path, name: str) -> pl.DataFrame:
    """One table of a dataset, as Parquet: types and empty cells are kept."""
    with zipfile.ZipFile(dataset) as archive:
        return pl.read_parquet(io.BytesIO(archive.read(f"parquet/{name}.parquet")))


def divided(dataset: Path) -> pl.DataFrame:
    """Every counted edition with the share of its largest group, the most divided first."""
    titles = table(dataset, "dilemmas").select("dilemma", "edition", "title", "answers")
    largest = (
        table(dataset, "choice")
        .group_by("dilemma", "edition")
        .agg(pl.col("n").max().alias("largest"), pl.col("percent").max())
    )
    return (
        largest.join(titles, on=["dilemma", "edition"])
        .with_columns(
            # without a number of people there is a share in tens, or only that it is above 80 %
            (pl.col("largest") / pl.col("answers"))
            .fill_null(pl.col("percent") / 100)
            .fill_null(TOP)
            .alias("share")
        )
        .sort("share", "title")
    )


def leaning(dataset: Path) -> pl.DataFrame:
    """Return the grounds of options, a row for each: an option that leans on two things has two."""
    options = table(dataset, "options").select("dilemma", "edition", "option", "leans_on")
    return (
        options.drop_nulls("leans_on")
        .with_columns(pl.col("leans_on").str.split(", "))
        .explode("leans_on")
    )


def reasons(dataset: Path) -> pl.DataFrame:
    """Return what tipped the balance, by what the option leans on: between which bounds it was
    counted, over all dilemmas.

    "niet apart" stands for no number: those people are in the row `niet`, so it is nothing here and
    shown there. More people than `n_high` can have given a value: as many as `niet` has besides.
    """
    cells = table(dataset, "choice_by_consideration").with_columns(
        pl.col("n_low", "n_high").fill_null(0)
    )
    return (
        cells.join(leaning(dataset), on=["dilemma", "edition", "option"])
        .group_by("leans_on", "consideration")
        .agg(pl.col("n_low").sum(), pl.col("n_high").sum())
        .sort("leans_on", "consideration")
    )


def svg(title: str, rows: list[str]) -> str:
    """A drawing with one bar a row."""
    body = "".join(
        f'<g transform="translate(0 {40 + ROW * at})">{row}</g>' for at, row in enumerate(rows)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {60 + ROW * len(rows)}" '
        f'font-family="sans-serif" font-size="14" role="img"><title>{escape(title)}</title>'
        f'<text y="20" font-weight="bold">{escape(title)}</text>{body}</svg>\n'
    )


def bar(label: str, start: float, end: float, colour: str, words: str) -> str:
    """A label, a bar from one share to another (0 to 1), and a number in words."""
    room = WIDTH - LABELS - 120
    return (
        f'<text y="{BAR - 4}">{escape(label)}</text>'
        f'<rect x="{LABELS + room * start:.1f}" width="{max(room * (end - start), 1):.1f}" '
        f'height="{BAR}" fill="{colour}"/>'
        f'<text x="{LABELS + room * end + 8:.1f}" y="{BAR - 4}">{escape(words)}</text>'
    )


def figure_divided(dataset: Path) -> str:
    """The first figure: the largest group of every dilemma."""
    rows = [
        bar(
            f"{row['title']} ({row['edition']})",
            0,
            row["share"],
            COLOURS["w"],
            f"{row['share']:.0%}",
        )
        for row in divided(dataset).iter_rows(named=True)
    ]
    return svg("Grootste groep per dilemma; bovenaan zijn mensen het meest verdeeld", rows)


def figure_reasons(dataset: Path) -> str:
    """The second figure: what tipped the balance;
    a bar runs from the lowest to the highest possible number.
    """
    frame = reasons(dataset)
    most = max([1, *frame["n_high"].to_list()])
    rows = [
        bar(
            f"leunt op {row['leans_on']}: {MEANING[row['consideration']]}",
            row["n_low"] / most,
            row["n_high"] / most,
            COLOURS[row["consideration"]],
            f"{row['n_low']} tot {row['n_high']}",
        )
        for row in frame.iter_rows(named=True)
    ]
    return svg(
        "Wat de doorslag gaf bij werkwijzen die leunen op wet, rendement of betrokkenheid", rows
    )


def main(dataset: Path, out: Path) -> None:
    """Write both figures."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "verdeeld.svg").write_text(figure_divided(dataset), encoding="utf-8")
    (out / "doorslag.svg").write_text(figure_reasons(dataset), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
