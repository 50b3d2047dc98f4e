"""Having nothing to report: "没得了", "暂时没有,谢谢", "都挺好的", "not really", "all good", a thumb up."""

from __future__ import annotations

import re
from collections.abc import Mapping

from surveys.dialogue.spelling import CLAUSE_END, plain, squeezed
from surveys.language import CHINESE, ENGLISH

#: How "nothing" is kept, whatever was said for it.
NOTHING: Mapping[str, str] = {CHINESE: "没有", ENGLISH: "none"}
#: Longer than this it is more than a no.
LONGEST = 40

_PARTICLES = "(?:的|了|啦|哦|喔|啊|吧|呀|哈|咯|喽|嘞|嘛|呢|哎|噻|哟|撒|嗯|诶|勒|喃)*"
_MANNERS_ZH = "(?:谢谢|多谢|感谢|谢了|辛苦|麻烦|再见|拜拜|你们?|您|大家|领导|同志|关心)*"
_HEAD_ZH = (
    "(?:嗯|哦|喔|哎|呃|我们?|这边|这里|这儿|目前|暂时|暂且|现在|眼下|当前|真的?|确实|实在|倒是?|都|也|还|就|那|应该|基本上?"
    "|好像|反正|好的?|行|谢谢|多谢|感谢|你们?|您)*"
)
_NONE_ZH = re.compile(
    f"{_HEAD_ZH}(?:"
    "(?:(?:啥子?|什么|任何|一点)(?:事情?|问题|意见|要求)?(?:都|也))?(?:没有?|没得|莫得|莫有|木有|么有|冇得?|无|暂无|没没|没有没有)(?:啥子?|什么子?|么子|别的|其他|其它|别|另外|特别|太多)*(?:的)?"
    "(?:事情?|问题|意见|要求|需要|需求|需|麻达|麻烦|困难|建议|想法|话|反映|补充|说|办理?|处理|讲|要|想|可|好|用|转)*(?:的|得)?"
    "|不(?:用|需要?|必|要|了|想|反映|说|办|麻烦|转|是|有|存在)?(?:再)?(?:转|办理?|反映|麻烦|处理|说)?|否|算|免"
    f"){_PARTICLES}{_MANNERS_ZH}{_PARTICLES}"
)
_CONTENT_ZH = re.compile(
    "(?:嗯|哦|我们?|这边|这里|现在|目前|都|也|还|就|那|真的?|确实|一切|样样|什么都?|啥子?都?|总体上?|整体上?|各方面|对?你们的?|服务|工作|觉得|感觉"
    "|很|挺|蛮|非常|特别|比较|十分|相当|算|是|基本上?|做得?|办得?)*"
    "(?:满意|好|不错|可以|行|正常|巴适|安逸|攒劲|嘹|要得|得行|没(?:得|啥|什么)?(?:麻达|说的?)|顺利|清楚|知道|收到|明白|理解|支持)"
    f"(?:得很|的很|得板|惨|极|扎|咧)?{_PARTICLES}{_MANNERS_ZH}{_PARTICLES}"
)
_MANNERS_ONLY_ZH = re.compile(f"(?:谢谢|多谢|感谢|谢了|辛苦|再见|拜拜|祝.{{1,8}}){_MANNERS_ZH}{_PARTICLES}")
_HEAD_EN = (
    "(?:(?:no|nope|nah|well|oh|um|sorry|its|it is|thats|that is|i have|ive|ive got|i|we have|there is|theres|im|i am"
    "|we are|everything is|everythings|all is|its all|at the moment|right now|for now|currently|really|just) )*"
)
_TAIL_EN = (
    "(?: (?:thanks|thank you|thx|ty|please|really|at all|here|for now|at the moment|at this time|right now|now|so far"
    "|with everything|cheers|bye|else|today|i think|i guess|so much|very much|you|anymore|any more))*"
)
_NONE_EN = re.compile(
    f"{_HEAD_EN}(?:no|none|nope|nah|nothing|nil|n a|na|zero"
    "|not (?:really|now|today|yet|needed|necessary|at the moment|at this time"
    "|currently)|no need"
    "|no (?:thanks|thank you|problems?|complaints?|issues?|worries|matters?|comments?|requests?)"
    "|nothing (?:else|more|further|to (?:report|add|say|complain about|handle)|in particular|special|comes to mind)"
    "|not that i (?:know of|can think of)|thats all|that is all|never mind|nevermind|dont bother"
    f"|(?:i )?(?:do not|dont) (?:need|want|have)(?: anything| any)?){_TAIL_EN}"
)
_CONTENT_EN = re.compile(
    f"{_HEAD_EN}(?:all (?:good|fine|ok|okay|well|right|clear)|fine|good|great|ok|okay|alright"
    "|(?:very |quite |fully |completely )?(?:satisfied|happy|pleased|content)|everything (?:is )?(?:fine|good|ok|okay)"
    f"|understood|got it|will do|no complaints){_TAIL_EN}"
)
_MANNERS_ONLY_EN = re.compile(
    "(?:thanks?|thank you|thx|ty|cheers|bye|goodbye)(?: (?:you|so much|very much|a lot|bye))*"
)
#: Signs of thanks and approval that stand for a word.
_SIGNS = re.compile(
    "[\U0001f44d\U0001f64f\U0001f44c\U0001f60a\U0001f642\U0001f600\U0001f339\u2764\U0001f91d\U0001f44f]"
)
#: A yes, or discontent, that leaves open what it is.
_SOME_ZH = re.compile(
    f"(?:(?:我|都)?(?:很|非常|特别|太|有点|也)?不(?:太|大|怎么|是很)?(?:满意|好)|有的?|是的?|对|要的?|想|需要|有事|有问题|有个?(?:事|问题)|嗯+){_PARTICLES}"
)
_SOME_EN = re.compile(
    "(?:(?:very |quite )?(?:dis|un|not )(?:satisfied|happy|good)|yes"
    "|yeah|yep|yup|y|sure|i do|we do|there is|yes (?:please|there is|i do|i have))"
)


def says_none(text: str) -> bool:
    """Whether the whole message says that there is nothing: "没得", "不用了,谢谢", "not really"."""
    return _consists(text, _NONE_ZH, _NONE_EN)


def says_nothing(text: str) -> bool:
    """Whether the whole message wants nothing done: it says so, or that all is well, or it is a sign of thanks."""
    if only_signs(text):
        return bool(_SIGNS.search(text)) and len(text) <= LONGEST
    return _consists(text, _NONE_ZH, _NONE_EN, _CONTENT_ZH, _CONTENT_EN)


def says_something(text: str) -> bool:
    """Whether the whole message is a yes to "is there something?", or discontent, that does not say what it is."""
    said = squeezed(text)
    return bool((_SOME_EN if said.isascii() else _SOME_ZH).fullmatch(said))


def only_signs(text: str) -> bool:
    """Whether the message is nothing but signs: "👍", "🙏🙏"."""
    return not squeezed(text)


def _consists(text: str, *patterns: re.Pattern[str]) -> bool:
    """Whether each clause is what one of `patterns` matches, but for thanks beside it."""
    if len(text) > LONGEST:
        return False
    clauses = [clause for clause in map(squeezed, CLAUSE_END.split(plain(text))) if clause]
    told = [c for c in clauses if not (_MANNERS_ONLY_EN if c.isascii() else _MANNERS_ONLY_ZH).fullmatch(c)]
    return bool(told) and all(any(pattern.fullmatch(clause) for pattern in patterns) for clause in told)
