"""What people say without naming an option: yes and no, don't know, so-so, solved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum


class Sense(StrEnum):
    """What a saying says, apart from any question."""

    UNKNOWN = "unknown"
    YES = "yes"
    NO = "no"
    ASSENT = "assent"  # "all right": an answer only to "would you …"
    DISSENT = "dissent"
    NOD = "nod"  # "mm": yes to a plain yes or no, and to nothing else
    BEST = "best"
    GOOD = "good"  # good, without a degree
    MIDDLE = "middle"
    POOR = "poor"
    WORST = "worst"
    MUCH_BETTER = "much_better"
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    MUCH_WORSE = "much_worse"
    DONE = "done"
    PARTLY = "partly"
    UNDONE = "undone"


_VERY = "(?:很|非常|特别|最|超|超级|极|极其|老|贼|十二分|确实)"
_INDEED = "(?:得很|的很|得板|惨了|得不得了|不得了|得不行|扎咧|咋咧|扎了|极了|透了|翻了|到家了|得太|完了)"
#: Good in the standard language, in Sichuan (巴适), in Gansu and Shaanxi (攒劲, 嘹).
_GOOD = "(?:巴适|攒劲|嘹|嫽|窝也|干散|撇脱|安逸(?=得|的很|惨)|美(?=得|的很)|好|不错|棒|赞|顶呱呱|满意)"
_BAD = "(?:撇|差劲|差|糟糕|糟|烂|孬|坏)"
_THINGS = "(?:服务|态度|办事|工作|效率|做得|干得|整得|弄得|搞得)?"

#: What each sense sounds like, as the whole of a saying. 没麻达 (no trouble) holds a 没 and is no negation.
CHINESE: Mapping[Sense, str] = {
    Sense.UNKNOWN: (
        "(?:不|没)(?:太|大|咋)?(?:知道|晓得|清楚|了解|懂|熟|熟悉|注意|留意)|晓不得|知不道|搞不清(?:楚)?|弄不清(?:楚)?|搞不(?:醒豁|灵醒|懂)"
        "|记不(?:清|得|到|住|起来)|想不起来?|忘(?:记)?|搞忘|说不(?:清楚?|准|好|上来|来)|不好说|没法说|难说|[唔不]知道?|谁(?:知道|晓得)"
        "|(?:啷个|咋个?|咋么|阿么|哪里?|怎么)(?:会|能)?(?:晓得|知道)|没(?:有)?(?:打过交道|接触过|听过)|说不清(?:是)?满意(?:还是)?不满意"
    ),
    Sense.YES: "有(?:的|过)?|是的?|对的?|对头|参与过?(?:一|几|两|好几|好多|很多)?次?|去过|来过|做过|当然",
    Sense.NO: (
        "没(?:有)?过?|没有没有|无|否|不是的?|从来?(?:没(?:有)?|未)(?:过|参与过?)?|一(?:次|回|个)(?:都|也)?没(?:有)?(?:过|参与过?)?"
        "|没(?:有)?(?:参与|去|来|做)过?|未曾|冇|还没(?:有)?|当然(?:没有?|不是)"
    ),
    Sense.NOD: "嗯{1,4}(?:哪|呐|啊|呢)?",
    Sense.ASSENT: "好的?|好好|(?:行|可以|要得|成)+|得行|中|成|能成|没麻达|没问题|没得问题|乐意|当然|肯定|那?必须",
    Sense.DISSENT: "不|不行|不成|不可以|要不得|不得行|不了|不用|不必|算了|不想|不愿",
    Sense.BEST: (
        f"{_THINGS}(?:{_GOOD}{_INDEED}|{_VERY}(?:巴适|攒劲|嘹|嫽|安逸)|(?:非常|特别|超级?|极其)(?:好|棒|不错)|没得说|没话说|一级棒|杠杠)"
    ),
    Sense.GOOD: (
        f"{_THINGS}(?:很|挺|蛮|真|确实|还是|都|那是)?(?:巴适|攒劲|嘹|嫽|干散|撇脱|不错|好(?!像)|棒|赞)|{_THINGS}(?:整|做|办|弄|搞|干)得(?:很)?好|点赞|好评"
    ),
    Sense.MIDDLE: (
        "(?:还|也)?(?:就)?(?:凑合|将就|马马虎虎|马虎虎|一般般?|普普通通|普通|平平|平常|过得去|说得过去)"
        "|(?:也)?就(?:那样|那么样|那个样子?|这样|那么回事|那么个)|中等|中不溜|中间|不好(?:也)?不坏|不上不下|不高不低|罢咧"
    ),
    Sense.POOR: (
        f"{_THINGS}(?:有点|比较|真|太)?(?:{_BAD}|不好|不咋样|不怎么样|不咋的|不攒劲|不巴适|不得行|要不得|恼火|水|胡日鬼|垃圾|不像话|差评|失望|不满)"
        f"|恼火{_INDEED}|胡日鬼.{{0,4}}|{_THINGS}不太(?:好|样|地|的)"
    ),
    Sense.WORST: f"{_THINGS}(?:{_BAD}{_INDEED}|(?:{_VERY}|太){_BAD}|{_VERY}不满|一满不满意|一塌糊涂)",
    Sense.MUCH_BETTER: (
        "(?:比(?:以|从)?前|比原来|比去年|比过去)?(?:好|强|攒劲|巴适|安逸|干净)(?:太|得)多|好多|(?:比(?:以|从)?前|比原来|比去年|比过去)(?:好|强|攒劲|巴适)多"
        "|大有改善|改善(?:很大|很多|不少)|大变样"
    ),
    Sense.BETTER: (
        "(?:比(?:以|从)?前|比原来|比去年|比过去)?(?:稍微|稍稍|略微|略)?好(?:一)?(?:点点?儿?|些)|(?:有|有点|有些|有一点|有一些|稍有|略有)(?:改善|好转"
        "|进步|改进)|改善了?(?:一)?(?:点|些)"
    ),
    Sense.SAME: (
        "(?:还是)?老样子|还是?(?:那个?样子?|老样|原样)|(?:都|也|基本|基本上)?没(?:有)?(?:啥子?|什么|多大|太大)?(?:变化?|区别|差别|改变)"
        "|(?:跟|和|同)?(?:以前|过去|原来|去年|从前)?(?:都)?(?:一样|差不多)|差唔多|一个样|照旧"
    ),
    Sense.WORSE: "(?:更|变|有点|稍微)(?:差|坏|糟|撇)|差(?:一)?(?:点点?|些)|不如(?:以前|从前|原来|去年|过去)",
    Sense.MUCH_WORSE: "(?:比(?:以|从)?前|比原来|比去年|比过去)(?:差|撇|坏|糟)(?:远|多|得多)|差远|(?:变)?(?:差|坏)得多",
    Sense.DONE: (
        "(?:已经|都|全|全部|一挂|早就?|很快就|一(?:哈|下)+(?:子|哈)?就)*(?:解决(?:好)?(?=了|咯|$)|弄(?:好|归一|成)|整(?:好|归一|巴适)|搞(?:定|好|归一)"
        "|修好|办(?:好|完|成|妥)|处理(?:好|完)|没(?:得)?麻达(?=了))"
    ),
    Sense.PARTLY: (
        "(?:只|才|就|仅)?(?:解决|弄|整|办|处理|修|搞)(?:好)?(?:了)?(?:一)?(?:半截?|部分|些|点|多半|大半)|一半|部分|没(?:有)?(?:完全|全部|全"
        "|彻底)(?:解决|弄好|整好|处理好|办好)"
    ),
    Sense.UNDONE: (
        "(?:还|一直|根本|压根|到现在(?:还|都)?|都)?没(?:有)?(?:人)?(?:解决|弄|整|修|搞|处理|办)(?:好(?<!解决好))?|还没(?:有)?|没人(?:管|理|来)"
        "|没(?:有)?动静|还没fix|原封不动"
    ),
}
_MUCH = "(?:much|a lot|lots|way|far|a great deal)"
_BIT = "(?:a bit|a little|slightly|somewhat|a little bit)"
ENGLISH: Mapping[Sense, str] = {
    Sense.UNKNOWN: (
        "(?:i )?(?:do not|dont|dunno|didnt|did not)(?: really)? (?:know|remember|recall)|dunno|idk|(?:i "
        "have |ive )?no (?:idea|clue|opinion)"
        "|(?:im |i am )?(?:not (?:really )?sure|unsure|not certain)|(?:it is |its )?(?:hard|difficult) to (?:say|tell)"
        "|(?:i )?(?:cannot|cant|could not|couldnt) (?:say|tell|remember|recall|judge)|(?:i )?forgot|who knows|unknown"
    ),
    Sense.YES: (
        "yes(?: (?:i|we) (?:have|did|do|am|was)| it (?:is|was|has))?|yep|yeah|yup|yea|y|ya|(?:yes )?(?:i"
        "|we) (?:have|did)|of course|sure|certainly|definitely|absolutely"
    ),
    Sense.NO: (
        "no(?: (?:i|we) (?:havent|have not|didnt|did not|dont|do not)| not yet| never| it (?:isnt|is not"
        "|hasnt|has not))?|(?:certainly|definitely|absolutely"
        "|of course) not|nope|nah|n|never|not yet|none|not at all|not once"
        "|(?:i|we) (?:havent|have not|didnt|did not|never (?:have|did))"
    ),
    Sense.ASSENT: (
        "ok|okay|k|fine|all right|alright|sure thing|gladly|with pleasure|happy to|i would|id love to"
        "|why not|no problem"
    ),
    Sense.DISSENT: "no(?: thanks| thank you)?|not really|id rather not|i would not|i wouldnt|better not",
    Sense.BEST: (
        "excellent|outstanding|perfect|superb|brilliant|extremely good|could not be better|couldnt be better|top notch"
    ),
    Sense.GOOD: (
        "(?:very |really |pretty |quite )?(?:good|great|happy|pleased|nice)|excellent|perfect|well done"
        "|not bad at all|thumbs up"
    ),
    Sense.MIDDLE: (
        "so so|soso|average|(?:just )?mediocre|middling|neutral|neither(?: .{1,20} nor .{1,20})?|in the "
        "middle|in between|moderate|fifty fifty|50 50"
    ),
    Sense.POOR: (
        "(?:very |really |pretty |quite |rather )?(?:bad|poor|unhappy|disappointed|disappointing)|not "
        "(?:that |very |so |really |too )?(?:good|happy|great|satisfied|pleased)|terrible|awful|horrible"
        "|rubbish|useless|thumbs down"
    ),
    Sense.WORST: (
        "terrible|awful|horrible|dreadful|appalling|the worst|disgusting|extremely (?:bad|poor|unhappy)"
        "|not at all (?:satisfied|happy)|not (?:satisfied|happy) at all"
    ),
    Sense.MUCH_BETTER: f"{_MUCH} better|greatly improved|huge improvement",
    Sense.BETTER: f"{_BIT} better|slight improvement|some improvement",
    Sense.SAME: (
        "(?:about |just |much |pretty much |exactly )?(?:the )?same(?: as (?:before|ever|always|last "
        "year))?|no (?:change|difference)|unchanged|nothing(?: has)? changed"
    ),
    Sense.WORSE: f"{_BIT} worse",
    Sense.MUCH_WORSE: f"{_MUCH} worse",
    Sense.DONE: (
        "(?:its |it is |it was |they |all |has been |been )*(?:fixed|solved|resolved|done|sorted)(?: it| now| already)?"
    ),
    Sense.PARTLY: (
        "(?:its |it is )?(?:half|partly|partially|halfway|in part)(?: (?:done|fixed|solved|resolved))?"
        "|not (?:fully|completely|entirely|totally) (?:solved|fixed|done|resolved)"
    ),
    Sense.UNDONE: (
        "(?:its |it is )?(?:still )?(?:unresolved|unsolved|unfixed|not (?:yet )?(?:solved|fixed|resolved"
        "|done)|broken)(?: yet| at all)?|not yet|nothing(?: has been| was)? done"
    ),
}
_HEAD_ZH = (
    "(?:我们?|俺们?|咱们?|曹们?|额们?|阿|这个|那个|这|那|他们|社区|觉得|感觉|认为|真的?|实在|说实话|反正|总的来说|总体上?|现在|今年|去年|目前|到底|算是|应该说"
    "|看|嗯|哦|唉|哎|啊)*"
)
_TAIL_ZH = (
    "(?:了|的|吧|啊|呀|呢|哦|喔|嘛|啦|哈|咯|喽|嗯|哟|撒|噻|哩|咧|嘞|滴|着|啰|叻|么|得|们"
    "|谢谢|感谢|多谢|辛苦了|你们|您)*"
)
_HEAD_EN = (
    r"(?:(?:i|we|it|its|is|was|are|am|im|well|oh|um|just|honestly|really|think|guess|say|id|would|feel"
    r"|they|this|that|the|service) )*"
)
_TAIL_EN = (
    r"(?: (?:i guess|i think|i suppose|thanks|thank you|really|please|now|so far|overall|to be honest"
    r"|haha|indeed|actually|though|here|too|with it))*"
)
_SAID_ZH = {sense: re.compile(f"{_HEAD_ZH}(?:{pattern}){_TAIL_ZH}") for sense, pattern in CHINESE.items()}
_SAID_EN = {sense: re.compile(f"{_HEAD_EN}(?:{pattern}){_TAIL_EN}") for sense, pattern in ENGLISH.items()}

#: "so so啦"
_CHINESE_TAIL = re.compile("(?<=[a-z])[啦吧的了啊呀呢哦嘛哈]+$")

#: A longer saying tells something of its own.
LONGEST = 24
LONGEST_EN = 40


def senses(said: str) -> frozenset[Sense]:
    """Return what squeezed words say as a whole; several senses where it depends on the question."""
    said = _CHINESE_TAIL.sub("", said)
    latin = said.isascii()
    if not said or len(said) > (LONGEST_EN if latin else LONGEST):
        return frozenset()
    patterns = _SAID_EN if latin else _SAID_ZH
    return frozenset(sense for sense, pattern in patterns.items() if pattern.fullmatch(said))
