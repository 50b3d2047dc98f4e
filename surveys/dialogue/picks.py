"""Choices named by number, letter or label: alone, several at once, or ahead of an explanation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from surveys.dialogue.mentions import AGAIN, AGREEING, FILLED_TAIL, short, stripped, turned, words_within
from surveys.dialogue.numerals import NUMERAL_CHARACTERS, chinese_number, english_number
from surveys.dialogue.polarity import taken_back
from surveys.dialogue.spelling import folded, squeezed
from surveys.dialogue.vocabulary import Vocabulary, alike
from surveys.questionnaire.form import Choice

#: The choice that or_other adds; what follows it is its free text.
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Pick:
    """The choices a reply names, the rule that found them and how sure it is; what else was said."""

    choices: tuple[Choice, ...]
    rule: str
    confidence: float
    comment: str = ""
    other: str = ""


#: A reply that names a choice and speaks against it.
DOUBT = Pick((), "doubt", 0.0)

COUNT = rf"(?:\d{{1,3}}|[{NUMERAL_CHARACTERS}]{{1,4}})"
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
ENGLISH_COUNT = "(?:first|second|third|fourth|fifth|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
CHOOSING = "(?:我|俺)?(?:就|还是|想|要)?(?:选择|选项|选|勾选|勾|填|回复|回|答案是|答案|答)?(?:option ?)?"
NAMED = re.compile(
    rf"{CHOOSING}(?:第)?(?P<count>{COUNT})(?:个|项|号|条|种|款|选项)?{FILLED_TAIL}"
    rf"|{CHOOSING}(?P<letter>[a-z])(?:项|选项)?{FILLED_TAIL}"
    "|(?:(?:my )?answer is |no |i choose |i pick |id say |i would say |its )?(?:the )?(?:option "
    "|number |answer |choice )?"
    rf"(?:(?P<digits>\d{{1,3}})(?:st|nd|rd|th)?|(?P<word>{ENGLISH_COUNT})|(?P<sign>[a-z]))(?: one| option"
    "| please| thanks| thank you)*",
)
POINTS = re.compile(rf"(?:我)?(?:就)?(?:打|给|评)?(?:个)?(?P<count>{COUNT})(?:分| points?){FILLED_TAIL}")

#: A number that is part of something else: a decimal, a fraction, a range, a time, a share, a negative number.
PART_OF_MORE = re.compile(r"\d\s*[./:~\-–—×*]\s*\d|(?:^|[^\d\s])-\s*\d|^-\s*\d|\d\s*[%°]|\+\s*\d")


def number_named(count: str) -> int | None:
    """Return the value of digits, a Chinese numeral or an English word."""
    if count.isascii() and count.isdecimal():
        return int(count) if len(count) <= 6 else None
    if count in ORDINALS:
        return ORDINALS[count]
    value = chinese_number(count)
    return english_number(count) if value is None else value


def named(vocabulary: Vocabulary, text: str) -> list[tuple[Choice, str]]:
    """Return the choices that `text` (folded) as a whole may mean, each with its rule; two of them are a doubt."""
    said = squeezed(text)
    found: list[tuple[Choice, str]] = []
    if not PART_OF_MORE.search(text):
        found += named_by_place(vocabulary, said)
    forms = (said,) if said in AGREEING else (said, stripped(said))
    for form in dict.fromkeys(map(alike, forms)):
        for choice in vocabulary.words.get(form, ()):
            found.append((choice, "synonym" if form in vocabulary.synonyms else "label"))
        if form in vocabulary.words:
            break
    return found


def named_by_place(vocabulary: Vocabulary, said: str) -> list[tuple[Choice, str]]:
    """Return the choice whose number or letter the squeezed words are, at most one."""
    match = NAMED.fullmatch(said) or (POINTS.fullmatch(said) if vocabulary.points else None)
    if not match:
        return []
    parts = match.groupdict()
    letter = parts.get("letter") or parts.get("sign")
    if letter:
        return [(vocabulary.letters[letter], "letter")] if letter in vocabulary.letters else []
    count = parts.get("count") or parts.get("digits") or parts.get("word") or ""
    if not vocabulary.points and re.search("[两俩仨](?:个|项|种|款|条)", said):
        return []  # "two of them", not the second
    number = number_named(count)
    if number is None or number not in vocabulary.numbers:
        return []
    return [(vocabulary.numbers[number], "number" if count.isdecimal() and count.isascii() else "numeral")]


#: Punctuation between an answer and what is said beside it.
EDGES = ' 、,.:;,。:;!-—=()"'

#: What makes a number before it a quantity: "3个月没人管", "5 stars", "2楼", "A栋".
MEASURES = (
    "个年月日号天小时分秒点刻次岁元块毛角万千百亿度米斤里公栋幢楼层室单户条星成倍折名位人遍家口届路排组队周季期座区级类班股片届只"
    "台辆间套份件顿趟"
)
MEASURE = re.compile(
    f"[{MEASURES}]|(?:km|m|kg|g|years?|months?|weeks?|days?|hours?|minutes?|mins?|times?|people|stars?"
    "|points?|percent|st|nd|rd"
    r"|th|of|in|out|per|pm|am|more|or|and|to|hundred|thousand|million)\b",
)
BECAUSE = re.compile("因为|由于|理由|原因|毕竟|主要|主要是|是因为|because|since |as |cause |cuz |the reason|reason")
AGAINST = re.compile(
    r"不是|不对|不选|不要|错|哦不|没选|除|以外|改|或|还是|到|至|和|跟|与|or |and |to |not |no,|no "
    r"|sorry(?=[ ,]*\w)|except|but not"
)
CORRECTED = re.compile(
    r"(?:或者?|还是|要么|改成?|不对|错了|哦不|应该是|不是|\b(?:or|no|maybe|rather)\b)\s*,?\s*(?:选"
    rf"|第)?(?:{COUNT}|[a-z])(?![{MEASURES}\w])",
)
LEAD = re.compile(
    rf"[(\[\s]*(?:我?(?:选择|选|填|回复|回|答))?\s*(?:第)?(?:(?P<digits>\d+)|(?P<numeral>[{NUMERAL_CHARACTERS}]{{1,3}})"
    r"|(?P<letter>[a-z]))(?:[)\]]|(?:个|项|选项)(?=[\s,.:;!]))?(?P<gap>[\s,.:;!\-~)=]*)",
)


def leading(vocabulary: Vocabulary, text: str, shown: str) -> Pick | None:
    """Return the choice whose number or letter stands before an explanation, or None.

    `text` is folded, `shown` the same places with case. "1 因为…" is 1; "1 不满意" where 1 is 很满意 is DOUBT.
    """
    match = LEAD.match(text)
    if not match:
        return None
    gap, rest = match["gap"], text[match.end() :]
    if not squeezed(rest) or not is_mark(vocabulary, match, gap, rest):
        return None
    number = number_named(match["digits"] or match["numeral"] or "")
    choice = vocabulary.letters.get(match["letter"]) if match["letter"] else vocabulary.numbers.get(number or 0)
    glued = not gap and not match["letter"] and not match[0].endswith((")", "]", "个", "项"))
    other = choice is not None and choice.name == OTHER
    if glued and not other and not BECAUSE.match(rest) and not begins_with(vocabulary, rest):
        return None
    if choice is None:
        return None if match["letter"] else DOUBT
    comment = shown[match.end() :].strip(EDGES)
    return beside(vocabulary, choice, rest, comment)


def is_mark(vocabulary: Vocabulary, match: re.Match[str], gap: str, rest: str) -> bool:
    """Whether what a text begins with is a mark of its own, not part of a word, a number or a quantity."""
    if not gap.strip() and MEASURE.match(rest) and not begins_with(vocabulary, rest):
        return False
    if match["letter"]:
        latin = rest[:1].isascii() and rest[:1].isalnum()
        return not (latin and (not gap.strip() or match["letter"] == "i"))
    if rest[:1].isdecimal() and (not gap or PART_OF_MORE.match(match[0][-3:].lstrip() + rest[:1])):
        return False
    return bool(match["digits"] or gap)


def begins_with(vocabulary: Vocabulary, rest: str) -> bool:
    """Whether the remainder begins with the words of any choice, e.g. 月收入 after "3"."""
    said = alike(squeezed(rest))
    return any(said.startswith(word) for word in vocabulary.words if not short(word))


def beside(vocabulary: Vocabulary, choice: Choice, rest: str, comment: str) -> Pick:
    """Return the pick of `choice` with what stands beside it, or DOUBT when that contradicts it."""
    said = alike(squeezed(rest))
    whole = vocabulary.words.get(alike(stripped(said))) or vocabulary.words.get(said)
    if whole:
        return Pick((choice,), "leading", 1.0) if whole == (choice,) else DOUBT
    if not stripped(said) or said in {"谢谢", "thanks", "thank you", "please"}:
        return Pick((choice,), "leading", 0.95)
    if taken_back(rest):
        return DOUBT
    if not BECAUSE.match(said):
        start = rest.lstrip(" ,.:;!吧啊呀呢哦嘛了")
        if AGAINST.match(start) or LEAD_AGAIN.match(start) or CORRECTED.search(rest):
            return DOUBT
        if any(choice not in choices for choices in words_within(vocabulary, rest)):
            return DOUBT
        if (AGAIN.search(rest) and turned(choice, rest)) or another_number(vocabulary, choice, rest):
            return DOUBT
    if choice.name == OTHER:
        return Pick((choice,), "leading", 0.95, other=comment)
    return Pick((choice,), "leading", 0.9, comment=comment)


def another_number(vocabulary: Vocabulary, choice: Choice, rest: str) -> bool:
    """Whether the number of another choice stands by itself in what is said beside one: "4 but also 5"."""
    for match in _LONE.finditer(rest):
        counted = MEASURE.match(rest[match.end() :].lstrip())
        if not counted and vocabulary.numbers.get(int(match[1]), choice) is not choice:
            return True
    return False


_LONE = re.compile(r"(?<![\d.:/%a-z])(\d{1,2})(?=[\s,;!)]|\.(?!\d)|$)")
LEAD_AGAIN = re.compile(rf"(?:选|第)?(?:\d|[{NUMERAL_CHARACTERS}](?![{NUMERAL_CHARACTERS}\w])|[a-z](?![a-z']))")

SEPARATORS = re.compile(
    r"(?:[\s,.;:!/+&|]|和|跟|与|及|以及|还有|加上|再加|外加|同|选项|选择|选|第|都有|都选|都|我|and\b|plus\b|个|项|号)+",
)
TOKEN = re.compile(
    rf"(?P<digits>\d+)|(?P<numeral>[{NUMERAL_CHARACTERS}]+)|(?P<letters>[a-z]+)(?![a-z'])",
)


def several(vocabulary: Vocabulary, text: str, shown: str, *, spelled: bool) -> Pick | None:
    """Return the choices a list names ("1、3", "13", "A C", "第一和第三", "节水和护水 8钓鱼"), or None.

    `spelled` tells that letters run together may be a word of the conversation's language ("be", "ad").
    """
    chosen: list[Choice] = []
    place, run, marked, gap = 0, False, False, None
    while place < len(text):
        if parted := SEPARATORS.match(text, place):
            place, gap = parted.end(), parted
            continue
        found = token_at(vocabulary, text, place, spelled=spelled and not shown[place:].isupper())
        if found is None:
            break
        choices, end, runs = found
        mark = TOKEN.match(text[place:end]) is not None and len(choices) == 1
        if mark or not (marked and chosen[-1] is choices[0]):  # "4 垃圾分类" says one choice twice
            chosen += choices
            run |= runs
        marked, place = mark, end
    if not chosen or len({choice.name for choice in chosen}) < len(chosen):
        return None
    confidence = 0.85 if run else 0.95
    rest = shown[place:].strip(EDGES)
    tail = stripped(squeezed(rest))
    if not tail or tail in {"谢谢", "thanks", "thank you", "please"}:
        return Pick(tuple(chosen), "several", confidence)
    if chosen[-1].name == OTHER:
        return Pick(tuple(chosen), "several", 0.9, other=rest)
    if BECAUSE.match(folded(rest)):
        return Pick(tuple(chosen), "several", 0.85, comment=rest)
    ended = gap is not None and gap.end() == place and re.search("[,.;:]", gap[0])
    apart = ended or text[place : place + 1] in {"(", "["}
    if len(chosen) > 1 and apart and remark(vocabulary, folded(rest)):
        return Pick(tuple(chosen), "several", 0.8, comment=rest)
    return None


#: What makes a remark beside a list more than one.
_NO_REMARK = re.compile(r"[0-9?]|[不没未无除只]|\b(?:not|no|never|except|but|only|or)\b|或|还是|以外")


def remark(vocabulary: Vocabulary, rest: str) -> bool:
    """Whether what stands behind a list adds nothing to it and takes nothing away."""
    return not _NO_REMARK.search(rest) and not any(True for _ in words_within(vocabulary, rest))


def token_at(vocabulary: Vocabulary, text: str, place: int, *, spelled: bool) -> tuple[list[Choice], int, bool] | None:
    """Return the choices one token of a list names, where it ends, and whether it was a run like "13"; else None."""
    label = label_at(vocabulary, text, place)
    match = TOKEN.match(text, place)
    if label and (not match or label[1] >= match.end()):
        return [label[0]], label[1], False
    if not match:
        return None
    after = text[match.end() :]
    if match["letters"]:
        choices = letters_run(vocabulary, match["letters"], spelled=spelled)
    elif match["numeral"] in {"两", "俩", "仨"}:
        return None  # how many, not which
    elif MEASURE.match(after) and after[:1] not in {"个", "项", "号"}:
        return None
    elif match["digits"]:
        choices = digits_run(vocabulary, match["digits"])
    else:
        number = chinese_number(match["numeral"])
        choices = [vocabulary.numbers[number]] if number in vocabulary.numbers else digits_run_zh(vocabulary, match[0])
    return (choices, match.end(), len(choices) > 1) if choices else None


def label_at(vocabulary: Vocabulary, text: str, place: int) -> tuple[Choice, int] | None:
    """Return the choice whose words, longest first, stand at `place`, and where they end."""
    for word in sorted(vocabulary.words, key=len, reverse=True):
        if text.startswith(word, place) and len(vocabulary.words[word]) == 1:
            end = place + len(word)
            if not (word[-1].isascii() and text[end : end + 1].isascii() and text[end : end + 1].isalnum()):
                return vocabulary.words[word][0], end
    return None


def digits_run(vocabulary: Vocabulary, digits: str) -> list[Choice]:
    """Return the choices of "3", or of "13" when there is no choice 13; [] when a digit is out of range or said twice.

    "10" is never 1 and 0, and "11" is not 1.
    """
    number = int(digits) if len(digits) <= 3 else -1
    if number in vocabulary.numbers:
        return [vocabulary.numbers[number]]
    if len(digits) < 2 or "0" in digits or len(set(digits)) < len(digits):
        return []
    if max(vocabulary.numbers, default=0) > 9 and len(digits) > 2:
        return []
    choices = [vocabulary.numbers.get(int(digit)) for digit in digits]
    return [choice for choice in choices if choice] if all(choices) else []


def digits_run_zh(vocabulary: Vocabulary, digits: str) -> list[Choice]:
    """Return the choices of Chinese digits run together ("一三"), when there is no doubt of it."""
    values = [chinese_number(digit) for digit in digits]
    if any(value is None or not 1 <= value <= 9 for value in values):
        return []
    return digits_run(vocabulary, "".join(str(value) for value in values))


def letters_run(vocabulary: Vocabulary, letters: str, *, spelled: bool) -> list[Choice]:
    """Return the choices of "c" or of rising letters "acd"; [] when they may be a word."""
    letters = re.sub(r"(.)\1+", r"\1", letters) if len(letters) > 2 else letters  # AAB: a key held too long
    rising = all(a < b for a, b in pairwise(letters))
    if not rising or (len(letters) > 1 and spelled):
        return []
    choices = [vocabulary.letters.get(letter) for letter in letters]
    return [choice for choice in choices if choice] if all(choices) else []
