"""Plays a golden conversation of a template: `pingyi form try` with the replies that stand in the file.

Above the first blank line stands which form, language and channel it is. `> ` is what the resident does, `< ` what is
said back, `[ ` the buttons below it, `# ` a remark; `<< ` at the end are the questions asked and the answers by path.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from surveys.dialogue.trying import Trial, begin, read_reply, replied
from surveys.questionnaire.templates import template_form

START = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)  # a Monday, ten in the morning in Shanghai


def play_template(text: str) -> str:
    """Return the transcript with everything but the replies written anew."""
    head, _, rest = text.partition("\n\n")
    scene = dict(line.split(": ", 1) for line in head.splitlines() if not line.startswith("#"))
    trial = begin(
        template_form(scene["form"]), language=scene["language"], channel=scene.get("channel", "sms"), now=START
    )
    lines = [head, "", *said(trial, 0)]
    for line in rest.splitlines():
        if line.startswith("# "):
            lines.append(line)
        elif line.startswith("> "):
            lines.append(line)
            before = len(trial.lines)
            trial = replied(trial, read_reply(line[2:]))
            lines += said(trial, before)
    lines += [f"<< asked: {' '.join(trial.asked_paths())}"]
    lines += [f"<< {path} = {value}" for path, value in trial.answers().items()]
    lines.append("<< complete" if trial.complete else "<< not complete")
    return "\n".join(lines) + "\n"


def said(trial: Trial, since: int) -> list[str]:
    """Return what was said to the resident from a place in the transcript on."""
    found = []
    for line in trial.lines[since:]:
        if line.by == "office":
            found += [f"< {part}" for part in line.text.split("\n")]
            found += [f"[ {' | '.join(line.options)} ]"] if line.options else []
    return found


def template_transcripts() -> list[Path]:
    """Return the golden conversations of the templates."""
    return sorted(Path(__file__).parents[1].joinpath("conversations", "templates").glob("*.txt"))
