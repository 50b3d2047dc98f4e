"""A command that needs no database starts without one: what it takes along is told by the modules it leaves behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.actions.verifying import verify_draw
from surveys.problem import Refused

#: Rooms and libraries that only a house with its database needs.
OF_THE_HOUSE = ("sqlalchemy", "alembic", "storage.database", "bot.house", "bot.actions.table")


@pytest.mark.parametrize(
    "arguments",
    [
        ("rates", "codes.csv"),
        ("estimate", "values.csv", "--value", "y"),
        ("draw", "verify", "codes.csv", "--frame", "codes.csv"),
    ],
)
def test_figures_from_files_and_checks_of_a_draw_take_no_database_along(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "codes.csv").write_text("code\n1.1\n2.1\n", encoding="utf-8")
    (tmp_path / "values.csv").write_text("y\n1\n2\n4\n", encoding="utf-8")
    program = (
        "import sys; from bot.cli import main; main(sys.argv[1:]); "
        f"print([name for name in {OF_THE_HOUSE!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr


def test_a_file_that_is_no_certificate_is_refused_without_a_house(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text("code\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        verify_draw(path, path, "en")
    assert [problem.code for problem in refused.value.problems] == ["bad_certificate"]
