"""The house itself: rooms, files, wake kinds, schema and wheel are what the architecture says they are."""

from __future__ import annotations

import ast
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from scheduler.wakes import HANDLERS
from storage import migrate
from storage.database import Database
from storage.tables import metadata

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "scheduler", "storage", "surveys")
LONGEST = 320
#: What the top level holds, and what tools leave there.
TOP = {
    ".ci", ".gitignore", "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "README.zh-CN.md", "docs",
    "pyproject.toml", "requirements.lock", "tests", *ROOMS,
}  # fmt: skip
DUMPING_GROUNDS = {"utils", "util", "helpers", "helper", "common", "models", "base", "misc"}


def sources() -> list[Path]:
    """Return every Python file of the four rooms."""
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "__pycache__" not in path.parts)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def kept() -> set[str]:
    """Return the files of the repository by path: what git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip
    if listed.returncode:  # an unpacked source archive: there everything is kept
        return {name_of(path) for path in ROOT.rglob("*") if path.is_file()}
    return {line for line in listed.stdout.splitlines() if (ROOT / line).exists()}


def test_the_top_level_is_what_the_architecture_says() -> None:
    found = {PurePosixPath(path).parts[0] for path in kept()}
    assert found <= TOP, sorted(found - TOP)
    assert {*ROOMS, "tests", "pyproject.toml", "README.md", "Makefile"} <= found


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_a_file_is_short_and_named_after_what_it_knows(path: Path) -> None:
    assert path.stem not in DUMPING_GROUNDS
    assert path.parent.name not in DUMPING_GROUNDS
    if "migrations" not in path.parts:
        assert len(path.read_text().splitlines()) <= LONGEST


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_a_module_says_in_its_docstring_what_it_knows(path: Path) -> None:
    tree = ast.parse(path.read_text())
    if "versions" not in path.parts and tree.body:
        assert ast.get_docstring(tree)


def wake_kinds() -> Iterator[tuple[str, str]]:
    """Yield every kind of wake that stands as a literal in the code, with its place."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and called(node) == "Wake":
                kind = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "kind"), None)
                place = f"{name_of(path)}:{node.lineno}"
                if isinstance(kind, ast.Constant):
                    yield str(kind.value), place
                elif isinstance(kind, ast.IfExp):
                    for branch in (kind.body, kind.orelse):
                        assert isinstance(branch, ast.Constant), place
                        yield str(branch.value), place
                else:
                    yield from named(path, kind, place)


def called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def named(path: Path, kind: ast.expr | None, place: str) -> Iterator[tuple[str, str]]:
    """Yield the literals a name may stand for: those assigned to it in this file, or handed over as `kind=`."""
    assert isinstance(kind, ast.Name), f"{place}: the kind of a wake must be readable from the code"
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == kind.id for t in node.targets):
            found += [n.value for n in ast.walk(node.value) if isinstance(n, ast.Constant) and n.value in HANDLERS]
        elif isinstance(node, ast.keyword) and node.arg == kind.id and isinstance(node.value, ast.Constant):
            found.append(node.value.value)
    assert found, f"{place}: nothing says what {kind.id} may be"
    for literal in found:
        yield str(literal), place


def test_every_wake_kind_written_anywhere_has_a_handler_and_every_handler_is_used() -> None:
    found = dict(wake_kinds())
    assert found.keys() - HANDLERS.keys() == set(), found
    assert HANDLERS.keys() - found.keys() == set()


def test_the_migrations_lead_to_the_very_tables_of_the_code(database: Database) -> None:
    """Autogenerate finds nothing to do at the newest revision, on either database."""

    def differences(connection: Connection) -> tuple[list[object], str | None]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata)), migrate.current(connection)

    assert database.write(differences) == ([], migrate.head())


def test_migrating_again_changes_nothing(database: Database) -> None:
    before, after = database.write(migrate.upgrade)
    assert before == after == migrate.head()


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Build the wheel once, as a package index would get it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True, capture_output=True, timeout=110,
    )  # fmt: skip
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


def test_the_wheel_ships_the_four_rooms_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {PurePosixPath(name).parts[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(ROOMS)
    assert len(tops) == len(ROOMS) + 1


def test_the_wheel_ships_every_file_of_the_rooms(wheel: zipfile.ZipFile) -> None:
    """Catalogues, questionnaires, page templates, migrations and type markers among them."""
    shipped = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert shipped == {path for path in kept() if PurePosixPath(path).parts[0] in ROOMS}
    for pattern in (
        "surveys/locale/*/*.po",
        "surveys/questionnaire/templates/*.csv",
        "bot/reports/templates/*.html",
        "storage/migrations/versions/*.py",
        *(f"{room}/py.typed" for room in ROOMS),
    ):
        assert any(PurePosixPath(name).match(pattern) for name in shipped), pattern


def test_the_wheel_installs_the_command(wheel: zipfile.ZipFile) -> None:
    (entry,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert "pingyi = bot.cli:main" in wheel.read(entry).decode()


def test_no_file_of_the_rooms_holds_a_path_of_some_machine() -> None:
    for path in sources():
        text = path.read_text()
        for home in ("home", "root", "Users"):
            assert f"/{home}/" not in text, path
