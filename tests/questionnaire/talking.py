"""Talking a made form through: what is said, what is kept, and a resident who answers whatever is asked."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from random import Random

from made_workbooks import form

from surveys.dialogue.interview import Stage
from surveys.dialogue.trying import Trial, begin, read_reply, replied
from surveys.questionnaire.appearance import is_searched
from surveys.questionnaire.form import Form, Kind, Question

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=timezone(timedelta(hours=8)))  # a Monday
#: No made form asks more than this; a talk that goes on longer would never end.
MOST = 400


def talk(made: Form | str, *replies: str, choices: str = "", language: str = "en", channel: str = "sms") -> Trial:
    """Talk a form, or the sheets of one, through with these replies."""
    asked = form(made, choices) if isinstance(made, str) else made
    trial = begin(asked, language=language, channel=channel, now=NOW)
    for reply in replies:
        trial = replied(trial, read_reply(reply))
    return trial


def last(trial: Trial) -> str:
    """Return the last thing said to the resident."""
    return [line.text for line in trial.lines if line.by == "office"][-1]


def open_question(trial: Trial) -> Question | None:
    """Return the question that is open, None at the end."""
    here = trial.interview
    return trial.form.question(here.position) if here.position and here.stage is Stage.OPEN else None


def talked_through(asked: Form, language: str, seed: int) -> Trial:
    """Answer whatever is asked, at random but as asked, until the form is at its end."""
    random = Random(seed)
    trial = begin(asked, language=language, channel="telegram", now=NOW)
    for _ in range(MOST):
        question = open_question(trial)
        if question is None:
            return trial
        trial = replied(trial, read_reply(answer(question, random, trial, language)))
    return trial


def answer(question: Question, random: Random, trial: Trial, language: str) -> str:
    """Return a reply that answers the question; where choices are offered, by what stands before them."""
    offered = _offered(last(trial))
    match question.kind:
        case Kind.SELECT_ONE if is_searched(question) and not trial.interview.sought:
            return random.choice(question.choices).label(language)
        case Kind.SELECT_ONE:
            # A question whether there is more is answered with no at last, so that every talk ends.
            more = question.role == "more" and len(trial.asked) > 40
            return "2" if more else random.choice(offered)
        case Kind.SELECT_MULTIPLE:
            return " ".join(sorted(random.sample(offered, random.randint(1, len(offered))), key=int))
        case Kind.RANK:
            return " ".join(random.sample(offered, len(offered)))
        case Kind.IMAGE:
            return "<photo>"
        case Kind.AUDIO:
            return "<voice>"
        case Kind.VIDEO:
            return "<video>"
        case Kind.FILE:
            return "<file>"
        case Kind.GEOPOINT:
            return "<location>"
        case Kind.DATE:
            return "2026-10-03"
        case Kind.TIME:
            return "15:30"
        case Kind.DATETIME:
            return "2026-10-03 15:30"
        case Kind.TEXT:
            return random.choice(["something", "Ms Li", "near the market"])
        case _:
            return str(random.randint(1, 9))


def _offered(said: str) -> list[str]:
    """Return the numbers before the options of a message."""
    return [line.split(" ")[0] for line in said.splitlines() if line.split(" ")[0].isdecimal()]
