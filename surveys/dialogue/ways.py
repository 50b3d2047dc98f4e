"""How a question may be answered: the line below its wording."""

from __future__ import annotations

from surveys.language import Message, message
from surveys.questionnaire.form import Kind, Question

_WAYS = {
    Kind.SELECT_MULTIPLE: message("(Several may apply, e.g. reply 1 3)"),
    Kind.RANK: message("(Reply all the numbers in your order, e.g. 3 1 2)"),
    Kind.DATE: message("(e.g. 2026-10-03)"),
    Kind.TIME: message("(e.g. 15:30 or 3 pm)"),
    Kind.DATETIME: message("(e.g. 2026-10-03 15:30)"),
    Kind.GEOPOINT: message("(Send the place from your map, or its coordinates, e.g. 31.128, 104.399)"),
    Kind.IMAGE: message("(Please send a picture)"),
    Kind.AUDIO: message("(Please send a voice message)"),
    Kind.VIDEO: message("(Please send a video)"),
    Kind.FILE: message("(Please send the file)"),
}


def way(question: Question) -> Message | None:
    """Return how to answer, None where it goes without saying."""
    if question.kind is Kind.DATE and question.appearance:
        appearances = question.appearance.split()
        if "year" in appearances:
            return message("(e.g. 2026)")
        if "month-year" in appearances:
            return message("(e.g. 2026-10)")
    bounds = question.parameters
    if "step" in bounds:
        if bounds["step"] == "1":
            return message("(A number from {start} to {end})", start=bounds["start"], end=bounds["end"])
        return message("(A number from {start} to {end} in steps of {step})", **bounds)
    return _WAYS.get(question.kind)
