"""Two figures from a Kopkrakers dataset, with polars and nothing else.

    python figuren.py kopkrakers-uitgave-1.zip figuren/

In R the same tables open with `haven::read_sav("spss/choice.sav")` or `readr::read_csv("csv/choice.csv")`,
in SPSS with File > Open; the columns have the same names everywhere, and `codebook.md` says what they mean.
Two rules carry the whole reading. Totals come from `choice`, which is exact. Cells of the other tables are
protected: use `n_low` and `n_high`, never the text in `n` as if it were a number.
"""

import io
import sys
import zipfile
from html import escape
from pathlib import Path

import polars as pl

COLOURS = {"a": "#0E5A66", "b": "#C2491A", "c": "#84408E", "d": "#4A7740", "x": "#55606E"}
MEANING = {"w": "wet", "r": "rendement", "b": "betrokkenheid"}
ROW, BAR, LABELS, WIDTH = 30, 18, 300, 900


def table(dataset: Path, name: str) -> pl.DataFrame:
    """One table of a dataset, as Parquet: types and empty cells are kept."""
    with zipfile.ZipFile(dataset) as archive:
        return pl.read_parquet(io.BytesIO(archive.read(f"parquet/{name}.parquet")))


def divided(dataset: Path) -> pl.DataFrame:
    """Every counted edition with the share of its largest group, the most divided first."""
    titles = table(dataset, "dilemmas").select("dilemma", "edition", "title", "answers")
    largest = table(dataset, "choice").group_by("dilemma", "edition").agg(pl.col("n").max().alias("largest"))
    return (
        largest.join(titles, on=["dilemma", "edition"])
        .with_columns((pl.col("largest") / pl.col("answers")).alias("share"))
        .sort("share", "title")
    )


def reasons(dataset: Path) -> pl.DataFrame:
    """Per option, over all dilemmas, between which bounds each consideration lies."""
    return (
        table(dataset, "choice_by_consideration")
        .filter(pl.col("consideration") != "niet", pl.col("n_low").is_not_null())
        .group_by("option", "consideration")
        .agg(pl.col("n_low").sum(), pl.col("n_high").sum())
        .sort("option", "consideration")
    )


def svg(title: str, rows: list[str]) -> str:
    """A drawing with one bar a row."""
    body = "".join(f'<g transform="translate(0 {40 + ROW * at})">{row}</g>' for at, row in enumerate(rows))
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
        f'<rect x="{LABELS + room * start:.1f}" width="{max(room * (end - start), 1):.1f}" height="{BAR}" '
        f'fill="{colour}"/><text x="{LABELS + room * end + 8:.1f}" y="{BAR - 4}">{escape(words)}</text>'
    )


def figure_divided(dataset: Path) -> str:
    """The first figure: the largest group of every dilemma."""
    rows = [
        bar(f"{row['title']} ({row['edition']})", 0, row["share"], COLOURS["a"], f"{row['share']:.0%}")
        for row in divided(dataset).iter_rows(named=True)
    ]
    return svg("Grootste groep per dilemma; bovenaan zijn mensen het meest verdeeld", rows)


def figure_reasons(dataset: Path) -> str:
    """The second figure: what tipped the balance; a bar runs from the lowest to the highest possible number."""
    frame = reasons(dataset)
    most = max(frame["n_high"].to_list(), default=1)
    rows = [
        bar(
            f"{row['option'].upper()}, {MEANING[row['consideration']]}",
            row["n_low"] / most,
            row["n_high"] / most,
            COLOURS[row["option"]],
            f"{row['n_low']} tot {row['n_high']}",
        )
        for row in frame.iter_rows(named=True)
    ]
    return svg("Doorslag per werkwijze, tussen welke grenzen", rows)


def main(dataset: Path, out: Path) -> None:
    """Write both figures."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "verdeeld.svg").write_text(figure_divided(dataset), encoding="utf-8")
    (out / "doorslag.svg").write_text(figure_reasons(dataset), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
