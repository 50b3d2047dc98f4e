"""Made-up residents who answer a questionnaire at random, to learn how long it takes them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from surveys.campaign.segments import segments
from surveys.dialogue.asking import offered
from surveys.dialogue.attachment import AttachmentKind
from surveys.dialogue.trying import Reply, Trial, begin, page, replied
from surveys.dialogue.vocabulary import shown, vocabulary
from surveys.questionnaire.form import Form, Kind, Question
from surveys.questionnaire.keys import is_more, parted, row_of
from surveys.questionnaire.walk import check, open_question

#: Replies all walkers of a language give together, and walkers at least and at most.
REPLIES, FEWEST, MOST = 2_000, 4, 50
#: Replies of one walker: repeats could go on for ever.
LONGEST_TALK = 1_000

_CONDITION = re.compile(r"\$\{\s*([^{}]+?)\s*\}\s*(?:=|,)\s*['\"]([^'\"]*)['\"]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_TEXTS = ("路口的路灯坏了", "A1", "13900000001", "12345", "12")
_SENT = {
    "image": AttachmentKind.PHOTO,
    "audio": AttachmentKind.VOICE,
    "video": AttachmentKind.VIDEO,
    "file": AttachmentKind.FILE,
    "geopoint": AttachmentKind.LOCATION,
}


@dataclass(frozen=True, slots=True)
class Length:
    """How much is said to one resident: questions put, messages sent, SMS segments they take."""

    questions: float
    messages: float
    segments: float


@dataclass(frozen=True, slots=True)
class Lengths:
    """`expected` is the mean over residents who choose at random, `longest` the longest talk that was found."""

    expected: Length
    longest: Length


def lengths(
    form: Form, *, language: str, now: datetime, random: Random, given: Mapping[str, str] | None = None
) -> Lengths:
    """Let residents talk `form` through by SMS; the same `random` gives the same numbers.

    `given` fills hidden questions beside the samples.
    """
    walkers = max(FEWEST, min(MOST, REPLIES // max(1, len(form.asked))))
    found = [_length(wander(form, language=language, now=now, random=random, given=given)) for _ in range(walkers)]
    eager = _length(wander(form, language=language, now=now, random=random, eager=True, given=given))
    mean = Length(*(round(sum(values) / len(found), 1) for values in zip(*map(_counts, found), strict=True)))
    return Lengths(mean, max([*found, eager], key=lambda length: (length.questions, length.segments)))


def _counts(length: Length) -> tuple[float, float, float]:
    return length.questions, length.messages, length.segments


def _length(trial: Trial) -> Length:
    said = [line.text for line in trial.lines if line.by == "office"]
    return Length(len(trial.asked), len(said), sum(map(segments, said)))


def wander(
    form: Form,
    *,
    language: str,
    now: datetime,
    random: Random,
    eager: bool = False,
    given: Mapping[str, str] | None = None,
) -> Trial:
    """Return a talk to its end; who is `eager` answers so that as many questions as possible follow."""
    trial = begin(form, language=language, channel="sms", now=now, given=given)
    leads = Counter(pair for question in form.questions for pair in _CONDITION.findall(question.relevant))
    tries: Iterator[Reply] = iter(())
    asked = -1
    for _ in range(LONGEST_TALK):
        floor = trial.conversation.floor
        if floor is None or floor.id != trial.interview.id:
            break
        if trial.interview.asked != asked:
            asked = trial.interview.asked
            tries = iter((*_replies(trial, language, random, leads if eager else None), Reply("skip")))
        reply = next(tries, None)
        if reply is None:
            break
        trial = replied(trial, reply)
    return trial


def _replies(trial: Trial, language: str, random: Random, leads: Counter[tuple[str, str]] | None) -> list[Reply]:
    """Return replies to try one after the other on the open question."""
    form, key, values, now = trial.form, trial.interview.position, trial.interview.values, trial.world.local
    if is_more(key):  # one instance of each repeat is talked through
        return [Reply("1" if parted(key)[1][-1] == 0 else "2")]
    question = open_question(form, key, values, now)
    together = page(trial)
    if together:
        most = len(shown(question))
        return [Reply(" ".join(str(random.randint(1, most)) for _ in together))]
    if question.choices:
        return _choosing(question, language, random, leads)
    if question.kind.value in _SENT:
        return [Reply("", sent=_SENT[question.kind.value])]
    said = _sayings(question, now, random)
    if question.kind in {Kind.INTEGER, Kind.DECIMAL, Kind.TEXT}:
        said = [text for text in said if check(form, question, text, values, now, language) is None] or said
    return [Reply(text) for text in said[:3]]


def _choosing(question: Question, language: str, random: Random, leads: Counter[tuple[str, str]] | None) -> list[Reply]:
    places = list(range(len(shown(question))))
    random.shuffle(places)
    if leads is not None:
        name = row_of(question.name)
        places.sort(key=lambda place: -leads[name, shown(question)[place].name])
    if not places:
        return []
    if question.kind is Kind.SELECT_ONE:
        if vocabulary(question).points:
            return [Reply(offered(question, language)[place]) for place in places[:2]]
        return [Reply(str(place + 1)) for place in places[:2]]
    some = places if leads is not None or question.kind.value == "rank" else places[: random.randint(1, 3)]
    return [Reply(" ".join(str(place + 1) for place in sorted(some)))]


def _sayings(question: Question, now: datetime, random: Random) -> list[str]:
    match question.kind.value:
        case "integer" | "decimal":
            limits = " ".join([question.constraint, *map(str, question.parameters.values())])
            near = {float(number) + by for number in _NUMBER.findall(limits) for by in (-1, 0, 1)}
            numbers = [f"{number:g}" for number in sorted(near | {0, 1, 5, 30, 45, 70, 100}) if number >= 0]
            random.shuffle(numbers)
            return numbers
        case "date":
            return [f"{now:%Y-%m-%d}", "2000-01-01", "2035-01-01"]
        case "time":
            return ["10:30", "16:00"]
        case "datetime":
            return [f"{now:%Y-%m-%d} 10:30"]
        case _:
            return list(_TEXTS)
