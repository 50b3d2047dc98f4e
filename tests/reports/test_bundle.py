"""A bundle is four files, each whole, the same for the same results."""

import json
from pathlib import Path

import pytest

from bot.reports import bundle
from bot.reports.bundle import results_json, write_bundle
from surveys.statistics.results import Results, compute_results
from tests.statistics.example_analysis import example_analysis

NAMES = ["results.json", "results.csv", "results.zh.html", "results.en.html"]


@pytest.fixture(scope="module")
def results() -> Results:
    return compute_results(example_analysis(size=200))


def test_a_bundle_is_four_files_and_nothing_else(results: Results, tmp_path: Path) -> None:
    written = write_bundle(results, tmp_path / "new" / "folder")
    assert [path.name for path in written] == NAMES
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == sorted(NAMES)


def test_the_json_file_is_what_a_terminal_prints(results: Results, tmp_path: Path) -> None:
    [path, *_] = write_bundle(results, tmp_path)
    assert path.read_text(encoding="utf-8") == results_json(results)
    assert json.loads(path.read_text(encoding="utf-8")) == results.as_json()


def test_the_same_results_write_the_same_bytes(results: Results, tmp_path: Path) -> None:
    first = [path.read_bytes() for path in write_bundle(results, tmp_path)]
    assert [path.read_bytes() for path in write_bundle(results, tmp_path)] == first


def test_published_files_can_be_read_by_all(results: Results, tmp_path: Path) -> None:
    assert {path.stat().st_mode & 0o777 for path in write_bundle(results, tmp_path)} == {0o644}


def test_a_write_that_fails_leaves_the_old_file_and_no_rest(
    results: Results,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_bundle(results, tmp_path)
    before = (tmp_path / "results.json").read_bytes()

    def full(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(bundle.os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_bundle(compute_results(example_analysis(size=100)), tmp_path)
    assert (tmp_path / "results.json").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES)
