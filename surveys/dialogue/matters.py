"""What tells of something to be handled, as against an answer that nobody waits for."""

from __future__ import annotations

import re

from surveys.dialogue.nothing import says_nothing
from surveys.dialogue.senses import senses
from surveys.dialogue.spelling import CLAUSE_END, plain, squeezed

#: What goes wrong around a house, or is wanted of an office.
_TROUBLE_ZH = re.compile(
    "坏|漏|堵|塌|破|裂|断[了水电网]|臭|脏|太?乱|吵|噪|坑|爆|倒了|掉了|生锈|缺|停[水电气暖了]|没[有得]?(?:水|电|气|暖|网|信号|路灯|灯|人[管修理来])|没人"
    "|不[亮通管修理热暖]|不[解处]|不发|不退|不给|不合理|不公平|不作为|不安全|不满意|拖[欠了着]|欠[薪款费钱]|乱[收丢扔停]|[收罚]费|扣钱|扰民|污|垃圾|积水|淹|危险|违[章建法规]"
    "|占[道用]|偷|摔|投诉|举报|反映|反应|维权|要求|希望|请(?!问)|麻烦你|能不能|可不可以|能否|怎么还|怎么办|什么时候(?:能|修|来|解决|发)|修一?[下修]|管一?管|太[黑暗慢贵差少]|过期|变质"
)
_TROUBLE_EN = re.compile(
    r"\b(?:broken?|breaks?|leak\w*|burst|block\w*|clog\w*|dirty|smell\w*|stink\w*|nois[ey]\w*|loud|dangerous|unsafe|flood\w*"
    r"|(?:pot)?holes?|rubbish|garbage|trash|sewage|damaged?|crack\w*|stolen|complain\w*|report|fix|repair|mend|please"
    r"|unpaid|overcharg\w*|fault\w*|fail\w*|stuck|wait(?:ing|ed)|nobody|no one|dissatisfied|unfair|illegal|polluted?"
    r"|no (?:water|power|electricity|gas|heating|light|lights|signal|bus|heat)|(?:not|doesnt|isnt|wont|cant) \w+"
    r"|out of order|went out|too (?:dark|loud|slow|dirty|expensive))\b"
)
_PRAISE = re.compile(
    r"(?<!不)满意|谢|点赞|表扬|好评|很好|挺好|不错|越来越好|好多了"
    r"|\b(?:thank|good|great|happy|satisfied|better|well done)"
)
#: What a resident did or did not do, and a bare rating, are what questions ask for: "去年去过两次", "很不满意".
_DID = re.compile(
    r".{0,8}(?:去|来|参加|参与|吃|用|办|坐|看|听说?|接触|了解|见)过.{0,6}|.{0,4}满意.{0,2}"
    r"|(?:i|we) (?:have|havent|did|didnt|never|went|go|was|were)\b.{0,24}"
)
_CHINESE = re.compile("[\u4e00-\u9fff]")
_WORDS = re.compile(r"[a-z']+")


def tells_matter(text: str) -> bool:
    """Whether a message that answers no question tells of something to be handled: a trouble, or a story of its own."""
    clauses = [clause for clause in map(squeezed, CLAUSE_END.split(plain(text))) if clause]
    told = [clause for clause in clauses if not _answers(clause)]
    whole = " ".join(told)
    if not told or says_nothing(text):
        return False
    if tells_trouble(whole):
        return True
    return not _PRAISE.search(whole) and any(_long(clause) for clause in told)


def tells_trouble(text: str) -> bool:
    """Whether a message is likely to tell of something that is wrong."""
    said = squeezed(text)
    if len(_CHINESE.findall(said)) >= 3 and _TROUBLE_ZH.search(said):
        return True
    return len(_WORDS.findall(said)) >= 3 and bool(_TROUBLE_EN.search(said))


def _answers(clause: str) -> bool:
    return bool(senses(clause) or _DID.fullmatch(clause)) or says_nothing(clause) or clause.isdecimal()


def _long(clause: str) -> bool:
    return len(_CHINESE.findall(clause)) >= 8 or len(_WORDS.findall(clause)) >= 5
