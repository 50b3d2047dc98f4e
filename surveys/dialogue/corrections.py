"""Correcting an answer given before: "第2题改成满意", "Q2 should be 3", "刚才那个选错了,是2"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from surveys.dialogue.answering import answer_question
from surveys.dialogue.asking import move_on, put_question
from surveys.dialogue.changes import note_change, without
from surveys.dialogue.concluding import conclude
from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview, Mode, Purpose, Stage
from surveys.dialogue.numerals import NUMERAL_CHARACTERS, chinese_number
from surveys.dialogue.reading import Reading, read_reply
from surveys.dialogue.skipping import put_again
from surveys.dialogue.spelling import plain
from surveys.dialogue.turn import Answer
from surveys.questionnaire.form import Kind, Question
from surveys.questionnaire.keys import is_more, other_key
from surveys.questionnaire.progress import progress
from surveys.questionnaire.walk import check, label_of, open_question, prune

#: A longer message tells something of its own.
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Correction:
    """Which answer is to be another: the question with this number as it was put, 0 for the last one answered.

    -1 stands for a number that no question has. `said` is the answer in the resident's words, '' when they only say
    that it was wrong.
    """

    number: int
    said: str


_COUNT = rf"(?P<count>\d{{1,2}}|[{NUMERAL_CHARACTERS}]{{1,3}})"
_WRONG = "(?:我)?(?:刚才|之前|前面)?(?:选|答|填|回|回复|点|按|打|说|发|写|弄|搞|看)?错了?"
_SORRY = r"(?:(?:对不起|不好意思|抱歉|哦|啊|哎呀|等等|等一下|不对|sorry|oops|wait|no|actually)[\s,.!]*)*"
_BE = (
    r"[\s,.;:!]*(?:(?:应该|我)?(?:改选|改成|改为|改到|更正为|换成|要改成|要选|想改成|想选|应该是|应该选|应该|应为|是|选(?!错)|填(?!错)|为|改)"
    r"|(?:it )?should (?:be|have been)|change(?: it)? to|is|i mean(?:t)?|make it|to|=|:)[\s:]*"
)
_NUMBERED_ZH = re.compile(
    rf"{_SORRY}(?:请)?(?:帮我)?(?:把|将)?(?:我)?(?:的)?第?\s*{_COUNT}\s*(?:题|问|个问题|道题)(?:的)?(?:答案|回答|选项)?"
    rf"(?:{_BE}(?P<said>.+)|[\s,]*{_WRONG}(?:{_BE}(?P<mended>.+))?)"
)
_NUMBERED_EN = re.compile(
    rf"{_SORRY}(?:please )?(?:my answer (?:to|for) |for |change (?:my answer (?:to|for) )?)?"
    r"(?:q|question)\s*(?P<count>\d{1,2})"
    rf"(?:{_BE}(?P<said>.+)|,? (?:was|is) (?:wrong|a mistake|incorrect)(?:{_BE}(?P<mended>.+))?)"
)
_LAST_ZH = re.compile(
    rf"{_SORRY}(?:刚才|刚刚|上面|前面|上一题|上一个|上题|上个问题|前一题|那个|这个|那题|的|我|[\s,])+"
    rf"(?:{_WRONG}(?:{_BE}(?P<said>.+))?|[\s,]*(?:应该是|应该选|改成|改为|改选|更正为|换成|应为)\s*(?P<mended>.+))"
    rf"|{_SORRY}(?:我)?(?:选|答|填|回|点|按|打|发)错了{_BE}(?P<bare>.+)"
)
_LAST_EN = re.compile(
    rf"{_SORRY}(?:my )?(?:last|previous) (?:answer|one|question|reply) (?:was (?:wrong|a mistake)(?:{_BE}(?P<said>.+))?"
    r"|should (?:be|have been) (?P<mended>.+))"
    r"|(?:sorry,? |oops,? )?(?:i (?:made a mistake|(?:pressed|typed) the wrong (?:one|number|key)))"
    rf"(?: (?:on|in|with) the last (?:one|question))?(?:{_BE}(?P<bare>.+))?"
)
#: What says that an answer is to be another; "第3题是空的" may be what somebody has to say.
_CHANGING = re.compile(
    r"改|更正|换成|错|应该[是选为]|应为|\bchange|\bshould (?:be|have)|\bwrong|mistake|incorrect|make it|meant"
)
#: What says that it is an answer that is to be another: "那个应该换成新的" speaks of something else.
_OF_AN_ANSWER = re.compile(
    r"第?\s*[\d一二三四五六七八九十]+\s*(?:题|问|个问题|道题)|上一?题|前一题|答案|[选答填回点按打]错|\bq\s*\d|question|answer|pressed|typed|mistake"
)
_END = re.compile(r"[\s。.!!,,、~]*(?:吧|的|了|谢谢|please|thanks)*[\s。.!!~]*$")


def correction(text: str) -> Correction | None:
    """Return what the whole message corrects, or None when it is no correction."""
    said = plain(text)
    if len(said) > LONGEST:
        return None
    for pattern in (_NUMBERED_ZH, _NUMBERED_EN):
        if found := pattern.fullmatch(said):
            count = found["count"]
            number = int(count) if count.isascii() and count.isdecimal() else chinese_number(count)
            return Correction(number or -1, _answer(found["said"] or found["mended"]))
    for pattern in (_LAST_ZH, _LAST_EN):
        if found := pattern.fullmatch(said):
            return Correction(0, _answer(found["said"] or found["mended"] or found["bare"]))
    return None


def _answer(said: str | None) -> str:
    return _END.sub("", said or "").strip(' "')


def corrects_too_late(draft: Draft, text: str, floor: Interview | None) -> bool:
    """Say that answers handed in stay, if `text` would correct one; `floor` is what is asked now."""
    if correction(text) is None or not _OF_AN_ANSWER.search(plain(text)):
        return False
    live = (i.purpose in {Purpose.SURVEY, Purpose.CALLBACK} and i.begun for i in draft.conversation.interviews)
    if floor is not None and any(live):
        draft.say(draft.words("Please answer this first; after that you can change an answer."), about=floor)
    else:
        draft.say(draft.words("That questionnaire is finished; its answers can no longer be changed."), about=floor)
    if floor is not None:
        put_question(draft, floor)
    return True


def correct(draft: Draft, interview: Interview, text: str, mode: Mode) -> bool:
    """Act on a correction of an answer of `interview`; False if the message is none that can be acted on.

    The new answer is taken where it can be read, and what depends on it is asked. Where the resident only says that
    an answer was wrong, or the new one cannot be read, that question is put again.
    """
    if interview.purpose is Purpose.COMPLAINT:
        return corrects_too_late(draft, text, interview)
    if interview.purpose is Purpose.IDENTITY:
        return False  # there is but one question
    wanted = correction(text)
    if wanted is None:
        return False
    form = draft.world.form(interview.form)
    # Whether another instance follows is asked without a number: that of the answer before it is not the open one's.
    here = 0 if is_more(interview.position) else _number(draft, interview, interview.position)
    if wanted.said and here and wanted.number == here:
        answer_question(draft, interview, wanted.said, mode)
        return True
    name = _question_meant(draft, interview, wanted.number)
    if name is None:
        return _nothing_to_change(draft, interview, wanted, text)
    question = open_question(form, name, interview.values, draft.world.local)
    reading = read_reply(question, wanted.said, draft.language, draft.world.today) if wanted.said else None
    if (
        wanted.said
        and reading is None
        and open_question(form, interview.position, interview.values, draft.world.local).kind is Kind.TEXT
        and not _CHANGING.search(plain(text))
    ):
        return False  # "第三题是空的" may be what somebody has to say
    refused = None
    if reading is not None:
        refused = check(form, question, reading.value, interview.values, draft.world.local, draft.language)
    if reading is None or refused is not None:
        draft.say(refused or "", about=interview)
        put_again(draft, interview, name)
        return True
    _change(draft, interview, question, reading, text=text, mode=mode)
    return True


def _nothing_to_change(draft: Draft, interview: Interview, wanted: Correction, text: str) -> bool:
    """Say that the question whose answer is to be changed has none; False if the message may be an answer itself."""
    if not wanted.number or not _CHANGING.search(plain(text)):
        return False
    draft.say(
        draft.words("You have given no answer to a question {k} that could be changed.", k=max(wanted.number, 0)),
        about=interview,
    )
    put_question(draft, interview)
    return True


def _question_meant(draft: Draft, interview: Interview, number: int) -> str | None:
    """Return the name of an answered question by the number it was put with (0: the newest)."""
    if number < 0:
        return None
    if not number:
        return interview.trail[-1] if interview.trail and not is_more(interview.trail[-1]) else None
    for name in reversed(interview.trail):
        if not is_more(name) and _number(draft, interview, name) == number:
            return name
    return None


def _number(draft: Draft, interview: Interview, name: str) -> int:
    """Return the number with which a question is put."""
    return progress(draft.world.form(interview.form), interview.values, name, draft.world.local)[0]


def _change(draft: Draft, interview: Interview, question: Question, reading: Reading, *, text: str, mode: Mode) -> None:
    form = draft.world.form(interview.form)
    said = {question.name: reading.value}
    if reading.other:
        said[other_key(question.name)] = reading.other
    before = {key: value for key, value in interview.values.items() if key != other_key(question.name)}
    values = prune(form, {**before, **said}, draft.world.local)
    for name in (*interview.trail, other_key(question.name)):
        if name in interview.values and name not in values:
            draft.erase(interview, name)
    plan = draft.plan(interview)
    for name, value in said.items():
        draft.answer(
            Answer(
                interview=interview.id,
                question=name,
                value=value,
                raw=text,
                rule=reading.rule,
                confidence=min(reading.confidence, 0.95),
                at=draft.world.now,
                mode=interview.mode if mode is Mode.SELF else mode,
                comment=reading.comment,
                late=plan is not None and draft.world.now >= plan.closes_at,
            )
        )
    number, _ = progress(form, values, question.name, draft.world.local)
    answer = label_of(question, reading.value, draft.language)
    changed = draft.words("Changed: your answer to question {k} is now {answer}.", k=number, answer=answer)
    draft.say(changed, about=interview)
    note_change(draft, interview, question, reading.value)
    trail = tuple(name for name in interview.trail if name in values or name in interview.skipped)
    settled = interview.changed(
        values=values,
        was=without(interview.was, question.name),
        position=question.name,  # what the new answer makes apply is asked first: the way goes on from here
        trail=trail,
        skipped=tuple(name for name in interview.skipped if name != question.name),
        heard_at=draft.world.now,
        unread="",
    )
    draft.put(settled)
    if move_on(draft, settled).stage is Stage.COMPLETE:
        conclude(draft, draft.conversation.interview(interview.id) or settled)
