"""Speech that is written down: dialect spellings, slips of dictation, pinyin, typing errors; as the plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from surveys.dialogue.vocabulary import Vocabulary, alike

#: What is written for a word in some place or by some habit, and the word; in this order.
_SPELLINGS = tuple(
    (re.compile(pattern), word)
    for pattern, word in (
        ("莫得|没得(?!说|法)|木有|么有|冇(?!问题)|没有得", "没有"),
        ("嫑|莫(?=再|来|发|要|打|给)", "不要"),
        ("唔(?=满|好|知|清|安|系|愿)", "不"),
        ("不咋个|不咋们|不太咋|不怎么个", "不太"),
        ("(?:灰|肥|飞|费|废|匪)[常肠长场](?=满|不|好|安|支|愿)", "非常"),
        ("(?:非常){2,}", "非常"),
        ("很{2,}", "很"),
        ("部份", "部分"),
        ("(不?(?:满意|安全|支持|愿意))(?:得很|的很|惨了|得板|得不得了|扎咧|极了)", r"很\1"),
        ("不满(?![意足]|[0-9一二三四五六七八九十])", "不满意"),
    )
)
_QUICK = re.compile("[莫没木么冇嫑唔咋灰肥飞费废匪非很份惨板扎极得的满]")


def standard(said: str) -> str:
    """Return a folded text with dialect and chat spellings written out; the same object if there are none."""
    if said.isascii() or not _QUICK.search(said):
        return said
    plain = said
    for pattern, word in _SPELLINGS:
        plain = pattern.sub(word, plain)
    return plain


#: Characters that dictation and input methods put for one another, by their sound without its tone.
_SOUNDS = {
    character: sound
    for sound, characters in {
        "man": "满慢瞒漫蛮曼馒",
        "yi": "意一亿以易义议已异忆译",
        "ban": "般班搬斑板",
        "fei": "非飞废肥费",
        "chang": "常长场肠",
        "bu": "不步布部补",
        "an": "安按暗案",
        "quan": "全权泉圈",
        "can": "参餐惨",
        "yu": "与于余鱼预雨",
        "guo": "过国果",
        "jie": "解接姐洁街",
        "jue": "决绝觉",
        "fen": "分份芬粉",
        "gai": "改盖该",
        "shan": "善扇山闪",
        "ming": "明名鸣",
        "xian": "显险现",
        "qing": "清请轻青情",
        "chu": "楚处出",
        "cha": "差查茶叉",
        "duo": "多朵夺",
        "yuan": "愿原源园",
        "bian": "变便边",
        "tai": "太态泰",
        "bi": "比笔",
        "jiao": "较教叫交",
        "ji": "基及机",
        "ben": "本",
        "hao": "好号",
        "hen": "很狠恨",
        "xun": "巡寻",
        "he": "河和合",
        "shuo": "说",
        "zhi": "知支只",
        "chi": "持吃",
        "dao": "道到",
        "mei": "没每",
        "you": "有友又",
        "juan": "捐",
        "kuan": "款宽",
        "le": "了",
        "shi": "是事",
        "fou": "否",
        "wei": "未为",
        "suo": "所",
        "jia": "加家",
        "liao": "聊",
        "zao": "糟",
        "yang": "样",
        "jing": "经",
    }.items()
    for character in characters
}
#: Common sayings that are looked for by sound beside the labels.
_SAYINGS = ("没有", "有", "是", "不是", "一般", "没解决", "解决了", "没参与过", "参与过", "不知道", "不清楚", "不错")


def by_sound(vocabulary: Vocabulary, said: str) -> str | None:
    """Return the label or common saying that squeezed words sound like, written in pinyin or with other characters.

    None where several do, and where the one slip is in a negation ("布满意"): that must not be guessed.
    """
    if not 2 <= len(said) <= 30:
        return None
    found: set[str] = set()
    words: Iterable[str] = (*vocabulary.words, *_SAYINGS)
    if said.isascii():
        letters = said.replace(" ", "")
        if len(letters) < 5:
            return None
        for word in words:
            if len(word) > 1 and _sound(word) == letters:
                found.add(word)
    else:
        heard = [_SOUNDS.get(character, character) for character in alike(said)]
        for word in words:
            if 2 <= len(word) == len(heard) and not word.isascii() and [_SOUNDS.get(c, c) for c in word] == heard:
                found.add(word)
    if len(found) != 1:
        return None
    word = found.pop()
    opposed = any(other != word and other.endswith(word[1:]) for other in vocabulary.words)
    slipped = not said.isascii() and word[0] in "不没未无" and said[0] != word[0] and opposed
    return None if slipped else word


def _sound(word: str) -> str:
    """Return the pinyin of a word, '' if it holds a character whose sound is not known here."""
    sounds = [_SOUNDS.get(character, "") for character in word]
    return "".join(sounds) if all(sounds) else ""


def by_typing(vocabulary: Vocabulary, said: str) -> str | None:
    """Return the Latin label that differs from squeezed words in one typing error of one word; None where two do.

    The word must have five letters or more, "very" apart.
    """
    if not said.isascii() or not 4 <= len(said) <= 60:
        return None
    parts = said.split()
    found = {word for word in vocabulary.words if word.isascii() and _one_error(parts, word.split())}
    return found.pop() if len(found) == 1 else None


def _one_error(these: list[str], those: list[str]) -> bool:
    if len(these) != len(those):
        return False
    unlike = [(this, that) for this, that in zip(these, those, strict=True) if this != that]
    return len(unlike) == 1 and (len(unlike[0][1]) >= 5 or unlike[0][1] == "very") and near(*unlike[0])


def near(this: str, that: str) -> bool:
    """Whether two words are one error apart: a letter more, less or other, or two neighbours swapped."""
    if abs(len(this) - len(that)) > 1 or this == that:
        return False
    start = 0
    while start < min(len(this), len(that)) and this[start] == that[start]:
        start += 1
    a, b = this[start:], that[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (len(a) > 1 and a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]


#: Greetings and the copied heading of a question, which stand before an answer and mean nothing.
_FRONT = re.compile(
    r"^(?:(?:你好|您好|喂|hi|hello|dear sir|good (?:morning|afternoon|evening))[\s,.!:;]+|(?:问"
    r"|第)?\s*\d{1,2}/\d{1,2}\s*[:.,]\s*)+(?=\S)"
)
#: One option is turned down and another named.
_RATHER = re.compile(
    r"^(?:(?:不是|不选|并非|不要)(?P<no>[^,.;]{1,10})[,;.\s]+(?:而?是|应该是|选|要选)(?P<zh>.{1,20})"
    r"|not (?P<not>[^,.;]{1,20})[,;.\s]+(?:but |more like |its |it is |rather |make it |i mean )(?P<en>.{1,30})"
    r"|(?P<was>[^,.;\s]{1,8})[,;.\s]*(?:不对|错了|哦不|打错了)[,;.\s]*(?:应该是|我?选的?是|是|改成)(?P<now>.{1,12}))$"
)


def bare(said: str) -> str:
    """Return a folded text without greeting and copied heading."""
    return _FRONT.sub("", said)


def rather(said: str) -> str | None:
    """Return what a folded text names in the stead of what it turns down, or None."""
    match = _RATHER.match(said.strip())
    if not match:
        return None
    return next((match[name] for name in ("zh", "en", "now") if match[name]), None)


#: Faces that are made at what is said; beside praise they turn it round.
_WRY = re.compile("[\U0001f644\U0001f612\U0001f643\U0001f60f]")
_SNEER = re.compile(
    r"呵呵|你个(?:头|鬼)|你妹|个锤子|个铲铲|才怪|想哭|^(?:不是吧|是否|是不是|有没有)"
    r"|\b(?:yeah right|oh sure|as if|my ass|not that i care)\b|(?:^"
    r"|\b)(?:very )?(?:satisfied|happy) to wait"
    r"|\b(?:they|people|he|she) (?:say|says|said|claim)\b|^太.{1,4}了?[,.;!].*[没不坏]"
)


def wry(shown: str, said: str) -> bool:
    """Whether a reply is likely to mean the opposite of what it says: such a one is asked again."""
    return bool(_WRY.search(shown) or _SNEER.search(said))


#: A place told from the end or the beginning of the list.
_FROM_END = re.compile(
    r"(?:选)?(?:(?:最后|末尾|最末)(?:的)?(?:一个|一项|那个|1个|1项)|倒数第?(?P<zh>[一二三1-3])(?:个|项)?"
    r"|(?:the )?(?P<en>last"
    r"|second last|second to last)(?: one| option)?)(?:吧|谢谢|please)*"
)
_ENDS = {"一": 1, "二": 2, "三": 3, "1": 1, "2": 2, "3": 3, "last": 1, "second last": 2, "second to last": 2}


def from_end(said: str) -> int | None:
    """Return how far from the end of the list the squeezed words count: 1 for "the last one"; else None."""
    match = _FROM_END.fullmatch(said)
    return _ENDS[match["zh"] or match["en"] or "一"] if match else None
