"""What may stand around a rating, a yes or a no in a sentence, so that the sentence still says it of oneself and now.

Whoever rates may be the speaker or somebody else, the thing asked about or another, for good or on a condition: only
words that are known to change nothing of this are let pass. Where options are things ("parking", "60 to 70"), what
stands beside one matters less.
"""

from __future__ import annotations

import re

from surveys.dialogue.degrees import BY_LENGTH
from surveys.dialogue.meanings import meanings
from surveys.dialogue.mentions import ANEW, HEAD, Mention, stripped
from surveys.dialogue.polarity import felt, negative
from surveys.dialogue.senses import Sense
from surveys.dialogue.spelling import squeezed
from surveys.dialogue.vocabulary import Vocabulary
from surveys.kept import Kept
from surveys.questionnaire.form import Question

#: Others than the speaker, as the one who rates; or a wish of the speaker.
_OTHERS = re.compile(
    "领导|大家|老百姓|百姓|群众|别人|人家|[他她它]|你|您|恁|邻居|家人|家里人|老伴|老婆|老公|爱人|妻|夫|[爸妈爹娘爷奶]|父母|儿子|女儿|孩子|娃|干部"
    "|书记|主任|[村组]长|居民|村民|市民|同事|老师|外人|上级|政府|谁|有[人些的]|全家|多数|部分|一半|少数|个别|想要?(?=满意|安全)"
    r"|\b(?:you|he|she|they|everyone|everybody|people|husband|wife|boss|mayor|leaders?|neighbou?rs?|half|some)\b"
)
#: "想去过" tells of no visit.
_WISHED = re.compile("想要?(?:去|来|参|做|吃|用|$)")
#: On whom or what the speaker's own rating is, so that they are no others who rate.
_ABOUT = re.compile(
    "(?:对|跟|和|关于|就)(?:你们?|您|他们?|咱们?|我们?|政府|领导|社区|干部|村[里委]?|大家)?[^不没未无说觉就]{0,8}?(?=$|[我很都还是真比较非基挺十特最])"
)
#: Things that are rated, after which a rating may stand without 对.
_THING = re.compile(
    "[\\u4e00-\\u9fff]{0,6}?(?:窗口|服务|态度|工作|环境|卫生|治安|水质|物业|社区|村里|小区|办事|效率|质量|结果|整改|处理|路灯|道路|交通|食堂|饭菜"
    "|医院|学校|河道|大厅|方面|情况|晚上|夜里|半夜|白天|出门)(?:的|这块|方面|情况|工作|服务|上|来说|里|质量|态度)*"
)
#: What makes a rating of a thing a wish, a pretence, a condition, a lack.
_TAINTED = re.compile(
    "[不没未无零缺拒休被假装等再争取只要若果万如希盼但愿让叫逼骗比才即将差快]|以前|过去|去年|前年|曾|从前|原来|当时|有时|偶尔|好久|很久"
)
_CONDITION = re.compile("如果|要是|假如|若|只要|除非|等|希望|万一|不管|一旦")
#: Before a negative label: it strengthens or dates it without changing it.
_FIRMLY = re.compile(
    "从来|从|一直|始终|至今|到现在|到目前|目前|根本|压根|一满|一次|一回|也|都|还|仍|反正|真心|确实|其实"
)
_OWN = re.compile("其实|真心|老实说|说真的|说实话|总的|一直|现在|目前|这次|这回|整体|本人|一致|十分|最后|终于|那就|选")
#: After a label.
_THEN = re.compile(
    "(?:但|可是|不过|情况|只是|然而|因为|由于|所以|主要|谢|感谢|辛苦|得很|得不得了|极了|这个|这项|这一项|选项|而且|又而且|这是|[0-9])"
)
#: How often, after a plain yes: 去过两次. After a no it would change it: 没去过两次.
_SO_OFTEN = re.compile("(?:好|很)?(?:[一两二三四五六七八九十几多]|[0-9]{1,3}|不少)(?:次|回|趟)")
_THEN_NO = re.compile("(?:很|太|又|而且|老是?|总是?|天天|因|这|叫)(?!满意|安全|好)")
_SERVICES = (
    "(?:the |your |this |their |our |all )*(?:services?|work|results?|outcome|response|handling|repairs?|staff|way"
    "|it|this|that|them|everything|answer|help|community|place|area|water|team|solution)"
)
_THEN_EN = re.compile(
    rf" (?:(?:with|by|about) {_SERVICES}|overall|so far|now|today|already|quickly|fast|soon|here|too|but|though"
    r"|although|because|since|especially|mainly|mostly because|thanks|thank you|finally|well|completely|properly|one)\b"
)
_THEN_NO_EN = re.compile(r" (?:at all|in the slightest|ever|yet)\b")
_ANEW_EN = re.compile(r"\b(?:so|and|therefore|but|overall) (?:i am|im|i feel|we are|were)\b")
_PAST = re.compile(r"\b(?:was|were|had been|used)\b")
_FEELING_EN = re.compile("satisf|happy|safe|pleased")


def strict(question: Question) -> bool:
    """Whether the options of `question` rate something, or say yes and no, of the one who replies."""
    return _STRICT.of(question)


def _strict(question: Question) -> bool:
    known = meanings(question)
    return felt(question) or (Sense.YES in known and Sense.DONE not in known)


_STRICT = Kept(_strict)


def _asked(question: Question) -> str:
    return squeezed(" ".join(question.labels.values()))


_ASKED = Kept(_asked)


_PERIOD = re.compile(
    "今年|本年|今天|本月|这个月|上个?月|最近|近[一二两三几半0-9]|过去|这次|本次"
    "|this (?:year|month|week)|last|past|recent|since"
)
_EARLIER = re.compile(
    "去年|大?前年|往年|前几年|早几年|那年|上个?月|小时候|年轻"
    "|\\b(?:last|years? ago|before|back in|previous)\\b|(?<!\\d)(?:19|20)\\d\\d年?(?!\\d)"
)


def at_another_time(question: Question, said: str) -> bool:
    """Whether a folded text tells of a time before the one the question names: "去年去过" where this year is asked."""
    asked = _ASKED.of(question)
    return bool(_PERIOD.search(asked)) and any(found[0] not in asked for found in _EARLIER.finditer(said))


def by_another(question: Question, said: str) -> bool:
    """Whether a folded text tells how somebody else rates, how the speaker once did, or what was only wished."""
    if not felt(question):
        return strict(question) and bool(_WISHED.search(squeezed(said)))
    if _FEELING_EN.search(said) and _PAST.search(said) and not re.search(r"\b(?:was|were|did)\b", _ASKED.of(question)):
        return True
    return bool(_OTHERS.search(_ABOUT.sub("", squeezed(said))))


def alone(question: Question, known: Vocabulary, mention: Mention) -> bool:
    """Whether all that stands around the words of a choice in their clause is known to change nothing."""
    if not strict(question):
        return True
    no = negative(mention.choices[0])
    return _before(question, mention.before, no=no) and _after(question, known, mention, no=no)


def _before(question: Question, before: str, *, no: bool) -> bool:
    parts = ANEW.split(before)
    if len(parts) > 1:
        if parts[-1][:1] in {"就", "才", "也"} or _CONDITION.search(before):
            return False  # 你们修好了我就满意
        before = parts[-1]
    elif begun_anew := _ANEW_EN.search(before):
        before = before[begun_anew.end() :]
    rest = before.strip()
    if by_another(question, rest):
        return False
    patterns = (_FIRMLY, _OWN) if no else (_OWN,)
    if len(rest) > 1 and rest in _ASKED.of(question) and not _TAINTED.search(rest):
        return True  # words of the question itself
    while rest:
        for pattern in (_ABOUT, *patterns, HEAD):
            if (found := pattern.match(rest)) and not (pattern is _ABOUT and _TAINTED.search(found[0])):
                rest = rest[found.end() :].strip()
                break
        else:
            degree = next((degree for degree in BY_LENGTH if rest.startswith(degree)), "")
            if not degree:
                break
            rest = rest[len(degree) :].strip()
    if not rest:
        return True
    thing = _THING.match(rest)
    if not thing or _TAINTED.search(thing[0]):
        return False
    return _before(question, rest[thing.end() :], no=no)


def _after(question: Question, known: Vocabulary, mention: Mention, *, no: bool) -> bool:
    after = mention.after
    left = stripped(after)
    if not left or left in known.words:
        return True
    if len(left) == 1 and left in _SLIPS.get(mention.word[-1], mention.word[-1]):
        return True
    if _THEN.match(left) or _THEN_EN.match(after):
        return True
    if after.startswith(" with "):
        named = [word for word in after.split() if word not in {"with", "the", "your", "this", "their", "our"}]
        return all(word in _ASKED.of(question) for word in named)
    if not no and not felt(question) and _SO_OFTEN.fullmatch(left):
        return True
    return no and bool(_THEN_NO.match(left) or _THEN_NO_EN.match(after))


#: A last character typed twice, or its neighbour in the list of an input method.
_SLIPS = {"意": "意议义思", "般": "般班", "好": "好", "全": "全", "清": "楚"}
