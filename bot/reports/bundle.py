"""The files a campaign's results are published as, each there as a whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from bot.reports.page import PAGES, render_page
from bot.reports.table import results_csv
from surveys.language import CHINESE
from surveys.statistics.results import Results

JSON_FILE = "results.json"
CSV_FILE = "results.csv"

#: Readable by all, as published results are; a temporary file alone would be its owner's.
PUBLIC = 0o644


def results_json(results: Results) -> str:
    """Return the results as JSON text, the same wherever it is printed: on a terminal or into a file."""
    return json.dumps(results.as_json(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def write_bundle(results: Results, folder: Path, language: str = CHINESE) -> list[Path]:
    """Write JSON, CSV (labels in `language`) and the page in both languages; return the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        JSON_FILE: results_json(results),
        CSV_FILE: results_csv(results, language),
        **{name: render_page(results, page_language) for page_language, name in PAGES.items()},
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
