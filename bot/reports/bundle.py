"""The files a campaign's results are published as, each there as a whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from bot.reports.page import PAGES, render_page
from bot.reports.scorelines import scores_csv
from bot.reports.table import results_csv
from surveys.language import CHINESE
from surveys.scoring.report import ScoreReport
from surveys.statistics.results import Results

JSON_FILE = "results.json"
CSV_FILE = "results.csv"
SCORES_FILE = "scores.csv"

#: Readable by all, as published results are; a temporary file alone would be its owner's.
PUBLIC = 0o644


def results_record(results: Results, scores: ScoreReport | None = None) -> dict[str, Any]:
    """Return the results as JSON values; where units are rated, their scores stand under `scores`."""
    return results.as_json() | ({"scores": scores.as_json()} if scores else {})


def results_json(results: Results, scores: ScoreReport | None = None) -> str:
    """Return the results as JSON text, the same wherever it is printed: on a terminal or into a file."""
    return json.dumps(results_record(results, scores), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def write_bundle(
    results: Results, folder: Path, language: str = CHINESE, scores: ScoreReport | None = None
) -> list[Path]:
    """Write JSON, CSV (labels in `language`) and the page in both languages; return the files written.

    With `scores` they stand in JSON and pages, and in a CSV of their own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        JSON_FILE: results_json(results, scores),
        CSV_FILE: results_csv(results, language),
        **({SCORES_FILE: scores_csv(scores, language)} if scores else {}),
        **{name: render_page(results, page_language, scores) for page_language, name in PAGES.items()},
    }
    return [write_whole(folder / name, content) for name, content in contents.items()]


def write_whole(path: Path, content: str) -> Path:
    """Put `content` at `path` in one step: a reader sees the old file or the new one, never a part."""
    with NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}.", delete=False) as part:
        temporary = Path(part.name)
        try:
            part.write(content.encode())
            part.flush()
            os.fsync(part.fileno())
            temporary.chmod(PUBLIC)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return path
