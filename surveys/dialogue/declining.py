"""Declining to take part, to rate, or to tell."""

from __future__ import annotations

import re

from surveys.dialogue.spelling import CLAUSE_END, plain, squeezed

#: Declining to take part or to rate. "不好评价" and "无法评价" are don't-knows, "不用了" and "no" may be answers.
RATE_ZH = "(?:参加|参与|评价|评议|评分|评|回答|回复|答|填|做|打分|表态|发表意见|配合|作答)"
REFUSED_ZH = re.compile(
    rf"(?:年龄|这个|隐私|个人信息)保密|(?:我)?不敢(?:说|讲|评|评价|答|回答)|滚(?:开|蛋|远点)?|关你(?:们)?(?:什么|啥|屁)事|"
    rf"(?:不想|不愿意?|不肯|不打算|不乐意|不方便|拒绝|谢绝|懒得|没心情)(?:再)?{RATE_ZH}"
    rf"|(?:不想|不愿意?|不肯|懒得|拒绝|不方便)(?:说|透露|谈)|不(?:再)?(?:参加|参与|评|评价|答|回答|填|配合)(?:了)?"
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
    r"|(?:i )?(?:would|d|id) rather not(?: say| answer| take part| rate| rate it| participate)?"
    r"|(?:i )?(?:do not|dont|will not|wont|would not|wouldnt) (?:want|wish|like|care) to"
    " (?:take part|participate|answer|do this|do it|rate|say|comment|respond|reply)(?: in)?(?: this| it"
    "| that| anything)?"
    r"|(?:i )?(?:will not|wont) (?:take part|participate|answer|do this|rate)(?: this| it| that)?"
    r"|i (?:decline|refuse)(?: to (?:answer|take part|rate|say|participate))?|decline|refuse|count me out|no comment"
    "|not taking part)(?: (?:sorry|thanks|thank you|please|at all|anyway|in this|in this survey|im busy"
    "|goodbye|bye))*",
)


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
