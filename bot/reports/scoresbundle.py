"""The files scores are published as: JSON, one long CSV table, and a page in each language."""

from __future__ import annotations

import json
from pathlib import Path

from bot.reports.bundle import write_whole
from bot.reports.scorelines import scores_csv
from bot.reports.scorespage import PAGES, render_scores
from surveys.scoring.report import ScoreReport

JSON_FILE, CSV_FILE = "scores.json", "scores.csv"


def write_scores(report: ScoreReport, folder: Path, language: str) -> list[Path]:
    """Write JSON, CSV (words in `language`) and the page in both languages; return the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        JSON_FILE: json.dumps(report.as_json(), ensure_ascii=False, indent=2, allow_nan=False) + "\n",
        CSV_FILE: scores_csv(report, language),
        **{name: render_scores(report, page_language) for page_language, name in PAGES.items()},
    }
    return [write_whole(folder / name, content) for name, content in contents.items()]
