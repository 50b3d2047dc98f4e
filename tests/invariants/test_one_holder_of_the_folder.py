"""On SQLite only the holder of the data folder's lock opens the database, and a dead holder holds nothing."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from storage.lock import FolderBusy, FolderLock

HOLD = """
import sys, time
from pathlib import Path
from storage.lock import FolderLock
FolderLock(Path(sys.argv[1])).take()
print("held", flush=True)
time.sleep(600)
"""
TRY = """
import sys
from pathlib import Path
from storage.lock import FolderBusy, FolderLock
try:
    FolderLock(Path(sys.argv[1])).take()
except FolderBusy:
    sys.exit(3)
"""


def attempt(folder: Path) -> int:
    """Return 0 if another process gets the lock, 3 if it is refused."""
    return subprocess.run([sys.executable, "-c", TRY, str(folder)], check=False, timeout=60).returncode


def test_a_second_process_is_refused_until_the_first_is_done(tmp_path: Path) -> None:
    with FolderLock(tmp_path):
        assert attempt(tmp_path) == 3
    assert attempt(tmp_path) == 0


def test_a_holder_that_is_killed_leaves_the_folder_free(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(FolderBusy):
            FolderLock(tmp_path).take()
        holder.send_signal(signal.SIGKILL)
        holder.wait(60)
        with FolderLock(tmp_path) as lock:
            assert lock.path.exists()


def test_two_locks_of_one_process_exclude_each_other_too(tmp_path: Path) -> None:
    with FolderLock(tmp_path), pytest.raises(FolderBusy, match=str(tmp_path)):
        FolderLock(tmp_path).take()


def test_releasing_twice_is_no_harm_and_the_folder_is_made_for_its_owner(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / "data")
    lock.take()
    lock.release()
    lock.release()
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE(lock.path.stat().st_mode) == 0o600
    lock.take()
    lock.release()
