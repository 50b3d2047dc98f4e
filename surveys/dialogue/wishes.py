"""What a message that answers nothing may ask for: its meaning, a call, to be left for later, to report something."""

from __future__ import annotations

import re

from surveys.dialogue.spelling import CLAUSE_END, plain, squeezed
from surveys.dialogue.words import COMMANDS, Command

#: Asking back what a question means. To be asked after it is known that the text is no answer.
WHAT_ZH = "(?:什么|啥子|啥|哪样|么子)"
ASKED_BACK_ZH = re.compile(
    rf"(?:请问|你好|您好|那|这|不好意思|我)*(?:(?:这|那|这个|这题|这道题|这句话|题目|你们?|您|问)*(?:说的|问的)?(?:是)?{WHAT_ZH}意思"
    rf"|{WHAT_ZH}(?:是|叫|叫做|算).{{1,16}}|.{{1,16}}(?:是{WHAT_ZH}(?:意思|东西|概念)?|指(?:的是)?{WHAT_ZH}|(?<!没)(?<!没有){WHAT_ZH}意思)"
    "|(?:怎么|咋|咋个)(?:理解|填|选|回|答|弄|搞)|(?:我)?(?:看|听|搞|弄)?(?:不|没)(?:太)?(?:看|听|搞|弄)?(?:懂|明白|大明白)(?:这题|这个|题目|你的意思|你说的|问题)?"
    "|(?:能|可以)?(?:解释|说明)一下)(?:啊|呀|呢|哦|吗|嘛|哟|撒|噻|了|[?])*",
)
ASKED_BACK_EN = re.compile(
    r"(?:sorry |excuse me |hi |hello |but |and )*(?:what(?: is| are|s)(?: meant by)? .{2,40}|what does .{2,40} mean"
    r"|what do you mean(?: by .{2,30})?|(?:i )?(?:do not|dont) (?:get|understand)(?: this| it| the "
    r"question| what .{2,30})?"
    r"|(?:can you |could you |please )*explain(?: this| it| please)*|meaning|how (?:do|should|can) i "
    r"(?:answer|reply|choose)(?: this| it)?)\?*",
)


_BAFFLED = re.compile(
    rf"(?:{WHAT_ZH}|啊|嗯|哈|咋|咋子|什么东西|什么题目?|(?:你|您)?(?:在)?(?:说|问)(?:的)?(?:是)?{WHAT_ZH}|什么呀|什么鬼)[\s啊呀哦吗嘛]*[?][\s?!]*"
    r"|(?:what|huh|eh|pardon|sorry|excuse me|come again|what do you mean|i do ?n.?t get it)[\s.]*[?][\s?!]*"
    r"|(?:huh|what do you mean|wdym|i do ?n.?t get it)[\s.!]*"
)
#: How much of a message is looked at for a complaint and what it is about.
LONGEST_MATTER = 500

#: Asking for something in a sentence of one's own: each clause of the message, or its last. To be looked for when the
#: message is known to be no answer.
LATER_ZH = re.compile(
    "(?:我|我们|现在|这会儿|正|先|在)*(?:开车|上班|开会|做饭|吃饭|睡觉|忙|带娃|没空|没时间|不方便|不得空|忙得很|有事|医院|干活|地里)(?:呢|着呢|得很|了|哦)*"
    "|(?:等|过|晚)(?:一|两)?(?:哈|下|会|点|阵)+(?:哈|儿|子)*(?:再)?(?:说|回|答|填|弄|搞|看)*(?:你们?|复)?(?:嘛|哦|吧|好不好|行不|可以吗|可以不|行吗)*"
    "|(?:今晚|晚上|明天|明早|下午|中午|回头|改天|二天|二回|空了|有空|回家|下班|等空了)+(?:了|后|以后)*(?:我)?(?:再)?(?:说|回|答|填|弄|搞|看|回复"
    "|做)(?:你们?)?(?:嘛|哦|吧|好不好|行不|可以吗|可以不|行吗|可以)*"
)
LATER_EN = re.compile(
    "(?:sorry )?(?:im |i am )?(?:at work|driving|cooking|busy|in a meeting|at the doctors?|eating"
    "|out)(?: right now| now| at the moment)?"
    "|(?:and )?(?:i )?(?:will|ill|can i|let me) (?:reply|answer|do it|do this|get back|respond)(?: "
    "to (?:you|this|it))? (?:later|tonight|tomorrow|soon|this evening|in the evening|at home)"
)
PERSON_ZH = re.compile(
    "(?:能不能|可以|可不可以|请|麻烦|最好|还是|叫|让|派|找)*(?:你们)?(?:打(?:个)?电话给?(?:我|过来)|给我(?:打|回)(?:个)?电话|来(?:个)?(?:人"
    "|电话)|(?:个)?(?:人|工作人员)(?:来|跟|和|给)(?:我)?(?:说|讲|打电话|联系)?|电话(?:里)?(?:说|讲|联系))"
    "(?:跟|和|给|同)?(?:我)?(?:说|讲|解释|聊)?(?:吧|嘛|好不好|行不行|可以吗|行吗|一下)*"
)
PERSON_EN = re.compile(
    "(?:can|could|would) (?:you|somebody|someone|anybody|a person)(?: please)? (?:please )?(?:call"
    "|ring|phone|telephone)(?: me)?(?: instead| back| please)*"
    "|(?:please )?(?:id like|i want|i would like|i wish|i need|let me|can i|could i|may i)(?: to)? "
    "(?:talk|speak)(?: to| with) (?:a |an |some)?(?:real )?(?:person|human|one|body|operator|someone"
    "|somebody|human being)(?: please| instead)*"
)
COMPLAIN_ZH = re.compile(
    "(?:我|我们)?(?:要|想|得)(?:投诉|举报|反映|告|反应)(?:一下|一个|下)?.{0,16}|(?:我)?(?:有)?(?:个|件)?(?:事|问题)(?:要|想)(?:投诉|反映|举报)"
)
COMPLAIN_EN = re.compile(
    "i (?:want|would like|need|wish)(?: to)? (?:make a complaint|complain|report|file a complaint"
    "|lodge a complaint)(?: .{1,40})?"
)
SKIP_ZH = re.compile("(?:这(?:个|题|道题)?)(?:题)?(?:我)?(?:不|先不|跳过不)(?:答|做|填|回答|说)(?:了)?")
BACK_ZH = re.compile(
    "(?:我)?(?:想|要)(?:改|重选|重新选|重答)(?:上一题|前一题|一下)?|(?:上一?(?:题|个)|刚才(?:那(?:个|题))?)(?:我)?(?:选|答|点|按|填)错了?"
)
HOW_ZH = re.compile(
    "(?:我)?不(?:会|晓得|知道)(?:怎么)?(?:弄|搞|填|用|操作|回|答|整)|(?:咋|咋个|怎么)(?:填|弄|搞|回|答|整|选)"
)
_ASKED_FOR = (
    (Command.LATER, (LATER_ZH, LATER_EN)),
    (Command.PERSON, (PERSON_ZH, PERSON_EN)),
    (Command.COMPLAIN, (COMPLAIN_ZH, COMPLAIN_EN)),
    (Command.SKIP, (SKIP_ZH,)),
    (Command.BACK, (BACK_ZH,)),
    (Command.HELP, (HOW_ZH,)),
)


def wish(text: str) -> Command | None:
    """Return the command that a message which answers nothing comes to: "在开车,晚点回你", "我要投诉物业"."""
    parts = [part for part in map(squeezed, CLAUSE_END.split(plain(text[:LONGEST_MATTER]))) if part]
    if not parts:
        return None
    if len(parts) > 1 and _announces(parts[0]):
        return Command.COMPLAIN  # and then says what: "我要投诉,门口路灯坏了三个月没人管"
    if len(text) > 60 or "\n" in text.strip():
        return None
    for wanted, patterns in _ASKED_FOR:
        hits = [any(pattern.fullmatch(part) for pattern in patterns) or COMMANDS.get(part) is wanted for part in parts]
        if (
            all(hits)
            or (wanted is Command.PERSON and hits[-1])
            or (wanted is Command.LATER and len(hits) > 1 and hits[-1])
        ):
            return wanted
        if wanted in {Command.SKIP, Command.BACK, Command.HELP} and any(hits) and len(hits) <= 2:
            return wanted
    return None


def _announces(clause: str) -> bool:
    """Whether a clause says that something is to be reported, without saying what."""
    return any(pattern.fullmatch(clause) for pattern in (COMPLAIN_ZH, COMPLAIN_EN)) or (
        COMMANDS.get(clause) is Command.COMPLAIN
    )


def baffled(text: str) -> bool:
    """Whether the whole message only wonders: "what?", "啥?", "huh"; no question has that for an answer."""
    return bool(_BAFFLED.fullmatch(plain(text).strip()))


def asks_back(text: str) -> bool:
    """Whether the whole message asks what the open question means; "什么是五水共治?", "what does this mean"."""
    said = squeezed(text, keep="?")
    if len(said) > 60:
        return False
    return bool((ASKED_BACK_EN if said.isascii() else ASKED_BACK_ZH).fullmatch(said))
