"""The surname of a person, which is all of a name that a message ever shows."""

from __future__ import annotations

import re

#: The compound surnames still in use, by frequency; everybody else's surname is one character.
COMPOUND_SURNAMES = (
    "欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 端木 独孤 南宫 轩辕 长孙 宇文 钟离 闻人 东郭 "
    "百里 呼延 西门 申屠 太史 公羊 澹台 赫连 濮阳 淳于 单于 公冶 宗政 太叔 仲孙 鲜于 闾丘 司空 亓官 司寇 子车 "
    "颛孙 巫马 公西 漆雕 乐正 壤驷 公良 拓跋 夹谷 宰父 谷梁 段干 东门 南门 北宫 左丘 梁丘 第五 达奚 欧陽 司馬 "
    "諸葛 東方 尉遲 公孫 獨孤 南宮 軒轅 長孫 鍾離"
)
COMPOUND = frozenset(COMPOUND_SURNAMES.split())
#: The commonest surnames in pinyin; a Latin name that begins with one is written surname first, as on a passport.
PINYIN_SURNAMES = (
    "wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie "
    "han tang feng yu dong xiao cheng cao yuan deng fu shen zeng peng lv lu su jiang cai jia ding wei xue ye "
    "yan pan du dai xia zhong tian ren fan fang shi yao tan liao zou xiong jin hao kong bai cui kang mao qiu "
    "qin gu hou shao meng long wan duan lei qian yin yi chang qiao lai gong wen ouyang sima shangguan zhuge"
)
PINYIN = frozenset(PINYIN_SURNAMES.split())
HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
DOTS = re.compile("[·•・‧∙.．]")
TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof", "sir", "madam"})
PARTICLES_BEFORE = frozenset(
    [
        "de",
        "da",
        "di",
        "del",
        "della",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "la",
        "le",
        "al",
        "bin",
        "ibn",
        "du",
        "dos",
        "st",
    ]
)
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})


def surname(name: str) -> str:
    """Return the surname of `name`; for names that have none (买买提·艾力) the first part; "" for an empty name.

    "欧阳修" → "欧阳", "王 伟" → "王", "Smith, John" → "Smith",
    "John van der Berg" → "van der Berg", "Wang Wei" → "Wang".
    """
    whole = " ".join(name.split())
    if not whole:
        return ""
    if HAN.match(whole):
        first = DOTS.split(whole, maxsplit=1)
        if len(first) > 1 and first[0]:
            return first[0].strip()
        joined = whole.replace(" ", "")
        return joined[:2] if len(joined) > 2 and joined[:2] in COMPOUND else joined[:1]
    return latin_surname(whole)


def latin_surname(name: str) -> str:
    """Return the surname of a name in Latin letters: before the comma, first in pinyin order, else last."""
    before, comma, _ = name.partition(",")
    if comma and before.strip():
        return before.strip()
    words = [word for word in name.split() if word.strip(".").casefold() not in TITLES]
    while len(words) > 1 and words[-1].strip(".").casefold() in SUFFIXES:
        words.pop()
    if not words:
        return name
    if len(words) > 1 and words[0].casefold() in PINYIN and all(word.isascii() for word in words):
        return words[0]
    first = next((i for i, word in enumerate(words) if i and word.casefold() in PARTICLES_BEFORE), len(words) - 1)
    return " ".join(words[first:])
