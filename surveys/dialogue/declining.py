"""Declining to take part, to rate, or to tell."""

from __future__ import annotations

import re
from enum import StrEnum

from surveys.dialogue.spelling import CLAUSE_END, plain, squeezed


class Refusal(StrEnum):
    """What a refusal refuses."""

    TELL = "tell"  # to answer this: "不想说", "none of your business"
    PART = "part"  # to take part: "不想参加", "not interested"
    EITHER = "either"  # may be either: "拒绝", "no thanks"


#: Declining to take part or to rate. "不好评价" and "无法评价" are don't-knows, "不用了" and "no" may be answers.
RATE_ZH = "(?:参加|参与|评价|评议|评分|评|回答|回复|答|填|做|打分|表态|发表意见|配合|作答)"
REFUSED_ZH = re.compile(
    rf"(?:年龄|这个|隐私|个人信息)保密|(?:我)?不敢(?:说|讲|评|评价|答|回答)|滚(?:开|蛋|远点)?|关你(?:们)?(?:什么|啥|屁)事|"
    "(?:不想|不愿意?|不方便|不能|不|凭什么|干嘛|为什么要)(?:跟|和)?告诉你们?|^(?:拒绝|谢绝|婉拒)$|"
    rf"(?:不想|不愿意?|不肯|不打算|不乐意|不方便|拒绝|谢绝|懒得|没心情)(?:再)?{RATE_ZH}"
    rf"|(?:不想|不愿意?|不肯|懒得|拒绝|不方便)(?:说|讲|透露|谈|填写|提供|作答)|不(?:再)?(?:参加|参与|评|评价|答|回答|填|配合)(?:了)?"
    r"|没(?:有)?兴趣|不感兴趣|无可奉告|弃权",
)
BESIDE_ZH = re.compile(
    "(?:你们?|您)的?|我们?|本人|现在|实在|真的|还是|就|也|都|那|没空|没时间|很忙|太忙|忙|谢谢|抱歉|对不起"
    "|不好意思|对不起"
    "|(?:这个|这次|这种|此次|任何)?(?:活动|调查|问卷|评议|测评|问题)|这个|这些|对|[啊呀呢吧哦喔嘛了啦哈的请]",
)
REFUSED_EN = re.compile(
    r"(?:(?:sorry|im sorry|i am sorry|no|well|please|thanks|but) )*(?:"
    r"no (?:thanks|thank you)|none of your business|mind your own business|get lost|go away|no thanks "
    r"im busy|(?:im |i am )?not interested(?: in this| in it| at all)?"
    r"|(?:i )?(?:would )?prefer not(?: to(?: (?:say|answer|tell|share|respond|disclose))?)?"
    r"|(?:i )?(?:would|d|id) rather not(?: say| answer| take part| rate| rate it| participate)?"
    r"|(?:i )?(?:do not|dont|will not|wont|would not|wouldnt) (?:want|wish|like|care) to"
    " (?:take part|participate|answer|do this|do it|rate|say|comment|respond|reply)(?: in)?(?: this| it"
    "| that| anything)?"
    r"|(?:i )?(?:will not|wont) (?:take part|participate|answer|do this|rate)(?: this| it| that)?"
    r"|i (?:decline|refuse)(?: to (?:answer|take part|rate|say|participate))?|decline|refuse|count me out|no comment"
    "|not taking part)(?: (?:sorry|thanks|thank you|please|at all|anyway|in this|in this survey|im busy"
    "|goodbye|bye))*",
)


#: What is said of taking part, and what of telling, within a refusal.
_PART = re.compile(
    "参加|参与|配合|兴趣|滚|活动|调查|问卷|测评|没心情"
    "|take part|participat|interested|get lost|go away|count me out|do this|do it"
)
_TELL = re.compile(
    "说|讲|透露|谈|告诉|答|填|提供|保密|无可奉告|关你|say|answer|tell|comment|business|respond|reply|share|disclose"
)
#: A no that fits many questions.
_NO = frozenset({
    "不", "不用", "不用了", "不需要", "不需要了", "不必", "不必了", "不要", "不了", "没有", "没", "无", "算了", "否",
    "no", "nope", "nah", "none", "n a", "na", "no need", "not needed",
})  # fmt: skip


def refused(text: str) -> Refusal | None:
    """Return what the whole message refuses; a mere "no" refuses nothing.

    To be asked after `read_reply`: "不愿评价" may be a choice of the open question.
    """
    if not refusal(text):
        return None
    said = squeezed(text)
    if _PART.search(said):
        return Refusal.PART
    return Refusal.TELL if _TELL.search(said) else Refusal.EITHER


def plain_no(text: str) -> bool:
    """Whether the whole message is no more than a no."""
    return squeezed(text) in _NO


def refusal(text: str) -> bool:
    """Whether the whole message declines to take part or to rate; a mere "no" does not.

    To be asked after `read_reply`: "不愿评价" may be a choice of the open question.
    """
    said = squeezed(text)
    if len(said) > 60:
        return False
    if said.isascii():
        parts = [squeezed(clause) for clause in CLAUSE_END.split(plain(text))]
        return bool(REFUSED_EN.fullmatch(said)) or (
            any(parts) and all(REFUSED_EN.fullmatch(part) for part in parts if part)
        )
    clauses = [squeezed(clause) for clause in CLAUSE_END.split(plain(text))]
    rest = "".join(clauses)
    left = REFUSED_ZH.sub("|", rest)
    return "|" in left and not BESIDE_ZH.sub("", left).replace("|", "").strip()
