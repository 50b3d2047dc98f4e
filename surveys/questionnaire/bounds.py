"""Numbers within bounds: the parameters of a range, as a constraint with its message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from surveys.language import Message, message
from surveys.questionnaire.draft import Draft
from surveys.questionnaire.findings import Findings
from surveys.questionnaire.form import Kind

#: What a range goes by when its row does not say (XLSForm reference).
USUAL: Mapping[str, str] = {"start": "1", "end": "10", "step": "1"}
_PARAMETER = re.compile(r"\s*([\w-]+)\s*=\s*([^\s;,]+)\s*[;,]?")


def parameters(text: str) -> dict[str, str]:
    """Return `start=0 end=10` (parted by blanks, commas or semicolons) by lower-case name; nonsense is left out."""
    return {name.lower(): value for name, value in _PARAMETER.findall(text)}


def bound(draft: Draft, given: Mapping[str, str] | None, findings: Findings) -> None:
    """Make `draft` a number from `start` to `end` in steps; `given` are the bounds of the type, else the row's."""
    place = draft.row.at("parameters")
    written = {**USUAL, **(given or parameters(draft.row.get("parameters")))}
    try:
        start, end, step = (Decimal(written[name]) for name in USUAL)
        finite = start.is_finite() and end.is_finite() and step.is_finite()
    except InvalidOperation:
        finite = False
    if not finite or step <= 0 or start >= end:
        findings.error(
            "bad_range",
            place,
            message("The range of “{name}” needs a start below its end, and a step above 0.", name=draft.name),
            message("Write {example}.", example="start=0 end=10 step=1"),
        )
        return
    if any(number != number.to_integral_value() for number in (start, end, step)):
        draft.kind = Kind.DECIMAL
    draft.parameters = {"start": f"{start:f}", "end": f"{end:f}", "step": f"{step:f}"}
    within = f". >= {start:f} and . <= {end:f}"
    if step != 1 or start != start.to_integral_value():
        within += (
            f" and round((. - {_bracketed(start)}) div {step:f}, 6) = round((. - {_bracketed(start)}) div {step:f})"
        )
    draft.constraint = f"({draft.constraint}) and {within}" if draft.constraint else within


def outside(given: Mapping[str, str]) -> Message:
    """Return what is said to a number outside the bounds `given` (start, end, step), or between two steps."""
    if given["step"] == "1":
        return message("Please reply with a number from {start} to {end}.", start=given["start"], end=given["end"])
    return message("Please reply with a number from {start} to {end} in steps of {step}.", **given)


def _bracketed(number: Decimal) -> str:
    return f"({number:f})" if number < 0 else f"{number:f}"
