"""Secrets a service makes for itself and keeps in its data folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def kept_secret(path: Path) -> str:
    """Return the 64 hexadecimal digits in the file `path`, written first if it does not exist; owner-readable."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = path.with_name(f"{path.stem}.{os.getpid()}.new")
    if not path.exists():
        made.write_text(secrets.token_hex(32), encoding="ascii")
        made.chmod(0o400)
        try:
            os.link(made, path)  # whoever comes second finds the first one's secret
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text(encoding="ascii").strip()
