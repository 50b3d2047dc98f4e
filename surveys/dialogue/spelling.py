"""How a message is spelled: one plain form for the many ways of typing the same thing."""

from __future__ import annotations

import re
import unicodedata

#: Characters of the older script that occur in answers and commands; residents' keyboards sometimes produce them.
OLDER_SCRIPT = str.maketrans(
    "滿訂較還說話聽見過沒個這們麼嗎為應該問題誰電會發復誤繫錢費騙號碼數據刪後幫語單選點贊給數據壞變無參與實際時間點覺對錯請謝經決願環態務業區樓燈樣從來開關門車東買價",
    "满订较还说话听见过没个这们么吗为应该问题谁电会发复误系钱费骗号码数据删后帮语单选点赞给数据坏变无参与实际时间点觉对错请谢经决愿环态务业区楼灯样从来开关门车东买价",
)

#: Chinese punctuation that NFKC leaves alone, as its Latin counterpart.
PUNCTUATION = str.maketrans("。、“”「」『』《》【】〈〉—–〜", '.,""""""""[]""--~')

#: No result of the one is a key of the other: both at once.
ONE_SPELLING = OLDER_SCRIPT | PUNCTUATION

#: Roman numeral signs stand for numbers, not for the letters NFKC makes of them (Ⅰ is one, not I).
ROMAN = {0x2160 + place: str(place + 1) for place in range(12)} | {
    0x2170 + place: str(place + 1) for place in range(12)
}

#: Round and square letters that NFKC leaves alone (🅐, 🅰), and the keycap ten.
LETTERS = {start + place: chr(ord("A") + place) for start in (0x1F150, 0x1F170) for place in range(26)} | {
    0x1F51F: "10"
}

#: Marks that decorate a character without changing it: keycap, variation selectors, skin tones, invisible blanks.
DECORATION = re.compile("[\u00ad\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")

#: Printable ASCII and the common Chinese characters: nothing in such a text has to be evened out but blanks.
EVEN = re.compile("[ -~\u4e00-\u9fff]*")

APOSTROPHES = re.compile("['’‘`´ʼ]")
BLANKS = re.compile(r"\s+")
CJK = "\u3007\u3400-\u4dbf\u4e00-\u9fff"
BLANK_BESIDE_CJK = re.compile(rf"(?<=[{CJK}?]) | (?=[{CJK}?])")

#: Clauses end here; a negation does not reach beyond.
CLAUSE_END = re.compile(r"[,.;:!?()\[\]]+")


def legible(text: str) -> str:
    """Return `text` with width, circles, keycaps and invisible marks evened out and blanks single; case is kept.

    "1️⃣" → "1", "①" → "1", "❷" → "2", "Ｂ" → "B", "Ⅲ" → "3". Control characters become blanks.
    """
    if EVEN.fullmatch(text):
        return BLANKS.sub(" ", text).strip()
    shown = unicodedata.normalize("NFKC", DECORATION.sub("", text.translate(ROMAN).translate(LETTERS)))
    return BLANKS.sub(" ", "".join(map(evened, shown))).strip()


def evened(character: str) -> str:
    """Return one character with digits of any script as 0–9 and what cannot be stored as a blank."""
    if " " <= character <= "~":
        return character
    category = unicodedata.category(character)
    if category in {"Nd", "No"}:
        value = unicodedata.numeric(character)
        return str(int(value)) if value == int(value) else character
    return " " if category in {"Cc", "Cs"} else character


def folded(legible_text: str) -> str:
    """Return a legible text without case, older script and Chinese punctuation; every place stays the same."""
    lower = legible_text.casefold()
    if legible_text.isascii():
        return lower
    if len(lower) != len(legible_text):  # some character folds into several: those stay as they are
        lower = "".join(c if len(c.casefold()) != 1 else c.casefold() for c in legible_text)
    return lower.translate(ONE_SPELLING)


def plain(text: str) -> str:
    """Return `text` legible and folded; punctuation and single blanks remain."""
    return folded(legible(text))


def squeezed(text: str, keep: str = "") -> str:
    """Return only the words of `text`: no punctuation but that in `keep`, no blank beside a Chinese character.

    "退 订!" → "退订", "Don't  STOP…" → "dont stop".
    """
    bare = APOSTROPHES.sub("", plain(text))
    if bare.isalnum():
        return bare
    words = "".join(c if c.isalnum() or c in keep else " " for c in bare)
    return BLANK_BESIDE_CJK.sub("", BLANKS.sub(" ", words).strip())
