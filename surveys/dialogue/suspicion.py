"""The first questions people ask back, before they trust a message from an office they never wrote to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from surveys.dialogue.spelling import squeezed


class Doubt(StrEnum):
    """What a resident wants to know before answering."""

    SCAM = "scam"
    WHO = "who"
    NUMBER = "number"
    SEES = "sees"
    COST = "cost"
    WHY = "why"


#: Longer messages tell something of their own.
LONGEST = 60

YOU = "(?:你们?|您|恁)"
NUMBERS = "(?:手机|电话)?(?:号码|号|电话|手机|联系方式|信息|资料)"
OFFICES = "(?:单位|社区|村里|村委会|居委会|街道|领导|他们|别人|老板|政府|物业|熟人|邻居)"
SEEING = "(?:看到|看见|看得到|看得见|能看|看|知道|晓得|查到)"

#: What each doubt sounds like, as parts of a message that is nothing else.
CHINESE: Mapping[Doubt, str] = {
    Doubt.SCAM: (
        f"(?:{YOU}|这|这个|这是|该)?(?:是不是|不会是|会不会是|该不是|怕不是|怕是|肯定是|一看就是|就是|不是"
        "|又是|又|都是|是)?(?:搞|来|在)?"
        r"(?:电信)?(?:骗子|诈骗|骗人|骗钱|骗局|骗谁|豁我|豁人|哄人|哄我|麻我|日弄人|忽悠|套路|钓鱼)(?:短信|电话|信息|网站|的)*"
        f"|(?:{YOU}|这|这个|这是)?(?:是)?真的?(?:还是)?假的?|(?:{YOU}|这|这个|这是)?(?:是不是|不会是|是"
        "|肯定是)?假的|(?:这|这个|这是)?(?:是不是|是)真的"
        r"|(?:这|这个|你们?)?(?:靠不靠谱|靠谱|可信|可靠)|官方的|是官方的?|正规(?:单位|机构)?"
    ),
    Doubt.WHO: (
        f"{YOU}(?:到底|究竟)?(?:是)?(?:谁|阿里|阿达|哪达|哪哈|(?:哪个|什么|啥|哪家|哪一个)(?:单位|部门|机构|公司|人)|哪位|哪里"
        "|哪儿|哪个|哪|干什么|干嘛|干啥|做什么)(?:的)?"
        "|(?:这|这里|这边)?(?:是)?(?:哪个|什么|啥|哪家)(?:单位|部门|机构|公司)(?:的|发的)?|(?:这|这是|是)?(?:谁"
        "|哪位|哪个)(?:发的)?|这是哪里?|谁(?:发|给我发)的?"
        rf"|我?不认识{YOU}|贵姓"
    ),
    Doubt.NUMBER: (
        f"{YOU}?(?:是)?(?:怎么|咋|从哪里|从哪儿|从哪|哪里|哪儿|如何|为什么|为啥|凭什么)(?:会)?(?:有|知道"
        "|晓得|得到|弄到|拿到|搞到|来|查到|获得|找到)(?:的)?"
        rf"(?:我们?|俺)的?{NUMBERS}(?:的)?"
        f"|(?:哪来|哪里来|哪儿来|从哪来|哪弄|哪搞)的?我们?的?{NUMBERS}|我们?的?{NUMBERS}{YOU}?(?:是)?(?:怎么"
        "|从哪里|从哪儿|从哪|哪里|哪儿|哪|谁)"
        rf"(?:来|知道|得到|得|给|弄|弄到|拿到|泄露)(?:{YOU})?(?:的)?"
        rf"|谁(?:给|告诉|把)(?:了)?(?:{YOU})?(?:的)?我们?的?{NUMBERS}(?:给{YOU})?(?:的)?|谁告诉{YOU}(?:的)?"
    ),
    Doubt.SEES: (
        "(?:这个|这些|这|我们|我)?的?(?:回答|回复|答案|评价|信息|意见|填的|说的|写的|内容)?(?:会被|会|都"
        f"|到底)?(?:有)?(?:谁|哪些人|什么人|有谁)(?:都)?(?:能|可以|会|能够)?{SEEING}"
        r"(?:我的|我们的|我|这些|这个|这)?(?:回答|回复|答案|评价|信息|意见|填的|说的|写的|内容)?"
        f"|(?:{YOU})?(?:会不会|会|能不能)(?:告诉|让|给|转给|发给)(?:我们?的?)?{OFFICES}(?:知道|看到|看)?"
        f"|{OFFICES}(?:会不会|能不能|会|能|可以|是不是能)(?:{SEEING})(?:我的|我写的|我)?(?:回答|评价)?"
        r"|(?:这|这个)?(?:是不是|是)?匿名(?:不匿名)?(?:的)?(?=吗|么|嘛|不|\?|吧|的)|(?:这|这个)?(?:会不会|会"
        r"|能不能|能)?(?:给我)?(?:保密|泄露|泄密)(?=吗|么|嘛|不|\?|吧)"
        r"|(?:这|这个)?(?:是不是|是)?实名(?:的)?(?=吗|么|嘛|不|\?|吧|的)|(?:写了|填了|说了)?(?:这个)?给谁看(?:的)?|(?:会不会"
        r"|会)(?:被)?(?:泄露|泄密|公开)(?:我们?的?)?(?:信息|隐私|名字|电话)?"
        r"|(?:说|写|选|打)?(?:了)?(?:不满意|差评|真话|实话)?(?:会不会|会)(?:给我|被)?(?:穿小鞋|报复|打击报复|秋后算账)(?:我)?|(?:这)?保不保密"
        r"|会不会(?:保密|泄露|泄密)|(?:会不会|会)(?:被)?(?:打击)?报复(?=吗|么|嘛|不|\?|吧|$)"
        "|(?:会不会|会)(?:给我)?穿小鞋"
    ),
    Doubt.COST: (
        "(?:这|这个|回复|回|回短信|发|发短信|参加|短信|打电话)?(?:要不要|收不收|用不用|扣不扣|需不需要"
        "|花不花)(?:钱|费|收费|花钱|扣费|话费|扣钱|付费|给钱)"
        "|(?:这|这个|回复|回|回短信|发|发短信|参加|短信|打电话)*(?:是|要|会|会不会|是不是|需要|用|收)?(?:收费"
        r"|要钱|花钱|扣费|扣钱|扣话费|免费|付费|交钱|费用|钱)(?:的)?(?=吗|么|嘛|不|\?|吧|的)"
        r"|(?:会不会|是不是)(?:收费|要钱|花钱|扣费|扣钱|扣话费)|(?:回|发)?(?:一条)?(?:短信)?(?:要)?(?:多少|好多)钱(?:一条)?"
    ),
    Doubt.WHY: (
        f"(?:{YOU})?(?:为什么|为啥|为何|凭什么|怎么|咋)(?:就|要|会|偏偏)*(?:是我|(?:选|找|问|抽|挑|轮|给"
        "|发)(?:到|中|上|了)?(?:我们?|俺)(?:了|发|发短信|打电话|做|填)?)"
        f"|(?:{YOU})?(?:是)?怎么(?:选|抽|挑)(?:的人|的我|出来的|到我|上我|中我|人|的)|我是怎么(?:被)?(?:选|抽"
        "|挑)(?:中|上|到|出来)?的?|为什么不(?:找|问)别人"
    ),
}
ENGLISH: Mapping[Doubt, str] = {
    Doubt.SCAM: (
        "(?:is this|is it|are you|this is|its|this must be|you are|youre|sounds like|looks like)? ?(?:a "
        "|an |another )?"
        "(?:scam|fraud|scammers?|spam|phishing|fake|hoax|con|a trick|swindle)|is (?:this|it) (?:real|genuine"
        "|legit|legitimate|true|for real|official)|legit|real or fake"
    ),
    Doubt.WHO: (
        "who (?:are you|is this|is it|r u|are u|sent this|is texting(?: me)?|is writing"
        "|are you with)(?: guys| people)?|whos this|who dis|who|(?:which|what)"
        " (?:office|organi[sz]ation|department|company|agency|unit)(?: is this| are you| are you from)?"
        "|i dont know you|where are you from"
    ),
    Doubt.NUMBER: (
        "(?:how|where) (?:did|do|have) (?:you|u) (?:get|have|got|know|find"
        "|come by)(?: a hold of)? my (?:phone |mobile |cell )?(?:number|phone|contact|details)(?: from)?"
        "|how come you have my (?:phone )?number|where is my number from|who gave you my (?:phone )?number"
        "|why do you have my (?:phone )?number"
    ),
    Doubt.SEES: (
        "who (?:can |will |is going to |gets to )?(?:sees?|reads?|knows?|seeing|reading|know about) (?:this"
        "|it|that|my answers?|my repl(?:y|ies)|what i (?:say|write|answer))"
        r"|(?:is|are) (?:this|it|my answers?|my repl(?:y|ies)) (?:anonymous|confidential|private|secret)"
        "|will (?:my |the )?(?:boss|office|neighbou?rs?|village|they|you|anyone|anybody|unit) (?:see|know|read"
        "|tell|find out|tell them|tell anyone)(?: about)?"
        r"(?: this| it| my answers?| my name| anyone)?"
    ),
    Doubt.COST: (
        "is (?:this|it) free(?: of charge)?|(?:how much )?(?:does|will|do) (?:this|it|replying|a reply|i"
        "|that) (?:cost|have to pay|pay|be charged)(?: me)?(?: anything| money| something)?(?: to "
        "(?:reply|answer|take part|send))?"
        "|how much(?: is it| is this| is a reply)?|is there (?:a|any) (?:fee|charge|cost)|(?:will"
        "|do) i (?:have to pay|need to pay|be charged|pay|get charged)(?: for this| for it| anything)?|free"
    ),
    Doubt.WHY: (
        "why me|why (?:did|do|have|are) you (?:choose|pick|select|text|contact|ask|write to|chosen|picked"
        "|choosing|asking|texting|contacting)(?: to)? me(?: for this)?"
        "|how (?:did|do) you (?:choose|pick|select) (?:me|people)|how (?:was|were) i (?:chosen|picked|selected)"
        "|why am i getting this|why was i (?:chosen|picked|selected)"
    ),
}
FILLER_ZH = (
    "你好|您好|喂|请问一下|请问|请|我想问一下|我想问问|我想问|我问一下|问一下|问下|问问|那|这个|这|到底"
    "|究竟|就|还|都|呵呵|哈哈|嗯|咦|诶|哎|哦|喔|啊|呀|吧|呢|哟|嘛|吗|么|了|哈|的|我说|又|不|真|有"
    "|老实说|不会吧|先|[?]"
)
FILLER_EN = (
    "(?:hi|hello|hey|excuse me|please|pls|sorry|so|and|but|well|ok|um|wait|what|then|first|tell me"
    r"|may i ask|can i ask|anyway|exactly|really|again|actually|or|you)\b"
)

DOUBTS_ZH = {doubt: re.compile(pattern) for doubt, pattern in CHINESE.items()}
DOUBTS_EN = {doubt: re.compile(rf"(?:{pattern})(?![a-z])") for doubt, pattern in ENGLISH.items()}
FILLERS_ZH = re.compile(FILLER_ZH)
FILLERS_EN = re.compile(FILLER_EN)
#: In a statement these are no doubts: "免费" or "free" may be an answer.
MUST_ASK = frozenset({"who", "free", "how much"})


def suspicion(text: str) -> frozenset[Doubt]:
    """Return the doubts the message consists of; empty when it says anything else as well.

    "骗子吧?" and "你好请问你是谁怎么有我号码" are doubts; a complaint in which somebody was cheated is none.
    """
    said = squeezed(text, keep="?")
    if len(said) > LONGEST or not said:
        return frozenset()
    latin = said.isascii()
    doubts, filler = (DOUBTS_EN, FILLERS_EN) if latin else (DOUBTS_ZH, FILLERS_ZH)
    if latin and said in MUST_ASK:
        return frozenset()
    found: set[Doubt] = set()
    place = 0
    while place < len(said):
        if said[place] in " ?":
            place += 1
            continue
        matches = [(match.end(), doubt) for doubt, pattern in doubts.items() if (match := pattern.match(said, place))]
        skipped = filler.match(said, place)
        end = max([end for end, _ in matches], default=0)
        if skipped and skipped.end() > end:
            place = skipped.end()
        elif end > place:
            found.update(doubt for stop, doubt in matches if stop == end)
            place = end
        else:
            return frozenset()
    return frozenset(found)
