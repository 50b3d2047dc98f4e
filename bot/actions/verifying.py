"""Checking a certified draw from its published files: needs neither settings nor database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.actions.collector import collector_resting
from bot.actions.files import read_file
from surveys.sampling.frame import read_frame
from surveys.sampling.verifying import read_certificate, remark, verify


def verify_draw(certificate: Path, frame: Path, language: str) -> dict[str, Any]:
    """Draw again from published files and say what agrees; needs no house. Refused if one of them cannot be read."""
    record = read_certificate(read_file(certificate), certificate.name)
    with collector_resting():
        lines = verify(record, read_frame(read_file(frame), frame.name), certificate.name)
    return {
        "campaign": record["campaign"]["name"],
        "agrees": all(line.agrees for line in lines),
        "remark": said.text(language) if (said := remark(lines)) else "",
        "lines": [
            {
                "name": line.name,
                "what": line.what.text(language),
                "agrees": line.agrees,
                "certificate": line.said,
                "found": line.found,
            }
            for line in lines
        ],
    }
