"""Labels said within a sentence, and the guards against losing a negation, a question or a condition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from surveys.dialogue.degrees import BY_LENGTH, DEGREES, by_degree
from surveys.dialogue.spelling import CLAUSE_END, squeezed
from surveys.dialogue.vocabulary import Vocabulary, alike, key, sayings
from surveys.questionnaire.form import Choice

#: Longer than this, a sentence is about more than the question.
LONGEST = 80

FILLED_TAIL = "(?:吧|啊|呀|呢|哦|喔|嘛|了|的|啦|哈|咯|喽|嗯|哟|撒|噻|哩|咧|嘞|哒|非常谢谢|谢谢|感谢|多谢|您|你们?)*"
TAIL = re.compile(
    r"(?:吧|啊|呀|呢|哦|喔|嘛|了|的|啦|哈|咯|喽|嗯|哟|撒|噻|哩|咧|嘞|哒|着|得(?=嘛)|非常谢谢|谢谢您?|感谢|多谢|辛苦了"
    r"| ?\b(?:thanks|thank you|thx"
    "|please|really|indeed|of course"
    r"|with it|with that|with them|overall|i think|i guess|so far|very much|all in all)\b)+$",
)
HEAD = re.compile(
    "(?:我们?|俺|本人|个人|自己|觉得|感觉|认为|想|看|那|肯定|当然|应该|应该是|绝对|真的|确实|实在|反正"
    "|总的来说|总体来说|总体上?|整体上?"
    r"|对此|这个|他们|社区|政府|服务|工作|还是|就|也|都|是|要|嗯|哦|啊|哎|对|可以说|说|来说|答案|回答|选择?|表示|算是"
    "|(?:oh|well|um|ok|okay|yes|i|im|we|am|are|is|was|it|its|they|this|that|the|think|thought|feel|felt"
    "|would|say|id|guess|believe|"
    r"just|definitely|certainly|really|honestly|overall|generally|my|answer|with|service|services|work)\b ?)",
)
#: "好的" agrees to something; it does not rate anything.
AGREED = (
    "好的|好吧|好啊|好嘛|好嘞|好呀|好哒|好了|好哦|嗯好|好谢谢|好的谢谢|好谢谢您|行|行吧|可以|可以吧"
    "|ok|okay|ok thanks|okay thanks"
)
AGREEING = frozenset(AGREED.split("|"))
#: Short labels that, ahead of a further clause, may do no more than agree.
NODS = frozenset({"好", "行", "可以", "对", "good", "fine", "ok", "okay"})

#: Harmless phrases that look like a negation or a condition.
HARMLESS = re.compile(
    "不错|不过|不光|不但|不仅|没错|没得说|没的说|不用说|没话说|不管怎么说|无论如何|差不多|特别|非常|分别"
    "|级别|没问题|没意见"
    r"|\b(?:i would say|i should say|i must say|id say|no doubt|not bad|no problems?|no complaints?|if i may say)\b",
)
#: Before a label within its clause: what turns it round, or makes it a wish, a memory or hearsay.
TURNS = re.compile(
    "[不没未无莫甭勿别难冇嫑唔布步]|并非|绝非|谈何|哪|除|假如|如果|(?<!主)要是|希望|但愿|盼|以前|过去|曾|从前|原来"
    "|原本|本来|当初|之前|去年|别人|人家|他们说|你们?说|还能|好像|似乎|可能|也许|不确定"
    "|听说|据说|老伴|老公|老婆|爱人|儿子|女儿|孩子|邻居|朋友|谁|怎|何时|什么时候|啥时候|只有|才|等到|直到|比|让|使|叫|请|介于|之间|算"
    r"|\b(?:not|no|never|n?t|isnt|arent|wasnt|werent|dont|doesnt|didnt|cant|cannot|couldnt|wouldnt|hardly"
    "|barely|scarcely|nor|neither"
    "|without|far from|less|if|used to|hope|wish|would|could|should|unless|until|before|than|nothing|none"
    "|nobody|anything but|last year"
    r"|they say|people say|he says|she says|claims?|way|vary|between|neighbours?|others|to be|who|how"
    r"|why|when|almost|nearly|aint|maybe|perhaps|possibly|seems?)\b",
)
#: The speaker begins anew here, so that a negation further left belongs to something else: "没人修我很不满意".
ANEW = re.compile("(?:(?<![说讲得为让使叫给对跟以信怪是能算见逼骗求哄])我们?|所以|因此|但是|总的来说|总之|总体|整体)")
#: After a label: a question, a measure ("满意度"), a condition, an idiom that denies it, a noun it describes.
DENIES = re.compile(
    "吗|么|第|好(?=了?$)|不行|你个|你妹|个锤子|个铲铲|不$|没$|没有$|否|不满|度|率|的话|个(?:啥|屁|鬼|头|什么)|才|不了|不起|还是|或|与|什么|啥|就"
    "|不不|是不|也不|谈不|不到|不是|不对|不算|除外"
    "|的(?!$|吧|啊|呀|呢|哦|了|嘛|哈|谢|很|呢)"
    r"| (?:or|if|when|only|not|unless|enough to|people|customers?|residents?)\b",
)
#: After a label that says something is done or good: it did not last.
AGAIN = re.compile(
    "又(?:坏|堵|停|不|没|漏|出|脏|乱|开始|是|来|犯|黑|被|给|这|那)|复发|反弹|老样子|没多久|没几天|过几天|第二天|后来(?:又|还|就)"
    r"|还(?:是)?(?:不|没|漏|坏|堵|那样|这样)|仍然|依然|\b(?:again|still|yet|not (?:for )?long|anymore|any more)\b",
)
BUT = re.compile(r"但|可是|不过|却|只是|然而|\b(?:but|however|although|though|except|only)\b")
#: Ratings stand although something is added to them; that a thing is done does not.
RATING = re.compile(
    "满意|支持|愿意|改善|参与|一样|安全|好$|一般|差|same|better|worse|part|satisf|safe|good|support|average|fair|bad|poor"
)
NEGATIVE = re.compile("[不没未无差]|(?:not|no|never|un|dis|bad)")
#: What follows 好 is easy or hard to do: "不好说", "好久".
TO_DO = re.compile("[^的了啊呀吧呢哦嘛很而又还也但就因所是我这那他、 ]")
#: 一般 is also "usually".
USUALLY = re.compile("人|来|情况|都|不|没|会|是|在|说|而言|家庭|住户|时候|要|去|谁")


@dataclass(frozen=True, slots=True)
class Mention:
    """A choice's words within one clause."""

    choices: tuple[Choice, ...]
    word: str
    clause: str
    start: int

    @property
    def before(self) -> str:
        """What stands before the words in their clause."""
        return self.clause[: self.start].rstrip()

    @property
    def after(self) -> str:
        """What stands after the words in their clause, with the blank."""
        return self.clause[self.start + len(self.word) :]


def stripped(said: str) -> str:
    """Return squeezed words without the particles and thanks at their end."""
    # Only the end is looked at: to look for it all along a long message would take the square of its length.
    return (said[:-LONGEST] + TAIL.sub("", said[-LONGEST:])).strip()


def clauses(text: str) -> list[str]:
    """Return the clauses of a folded text, squeezed, with degrees made alike."""
    return [clause for clause in (alike(squeezed(part)) for part in CLAUSE_END.split(text)) if clause]


def short(word: str) -> bool:
    """Whether a label is too short to be sought inside a sentence: 好, 是, no, good."""
    return len(word) <= 4 if word.isascii() else len(word) == 1


def mentions(vocabulary: Vocabulary, clause: str) -> list[Mention]:
    """Return where labels and synonyms stand in a clause, only the longest at each place."""
    found = []
    for word, choices in vocabulary.words.items():
        if short(word):
            continue
        for match in re.finditer(re.escape(word), clause):
            start, end = match.span()
            edge = clause[start - 1 : start] + "|" + clause[end : end + 1]
            if word.isascii() and re.search("[a-z0-9][|]|[|][a-z0-9]", edge):
                continue
            found.append(Mention(choices, word, clause, start))
    return [
        m
        for m in found
        if not any(
            o is not m
            and o.start <= m.start
            and o.start + len(o.word) >= m.start + len(m.word)
            and len(o.word) > len(m.word)
            for o in found
        )
    ]


def words_within(vocabulary: Vocabulary, text: str) -> Iterator[tuple[Choice, ...]]:
    """Yield the choices whose words stand anywhere in a folded text; the short ones only as a clause of their own."""
    for clause in clauses(text):
        yield from (mention.choices for mention in mentions(vocabulary, clause))
        core = stripped(clause)
        if short(core) and core in vocabulary.words:
            yield vocabulary.words[core]


def doubtful(mention: Mention) -> bool:
    """Whether the words around a label may turn it round, ask for it, or speak of something else."""
    before = HARMLESS.sub("", mention.before)
    before = ANEW.split(before)[-1]
    if TURNS.search(before):
        return True
    word = mention.word
    if word[0] in "不没" and len(word) > 1 and mention.before.endswith(word[1]):
        return True  # 满不满意, 有没有
    if word.endswith("好") and TO_DO.match(mention.after):
        return True
    return bool(DENIES.match(mention.after) or (word == "一般" and USUALLY.match(mention.after)))


def turned(choice: Choice, after: str) -> bool:
    """Whether what follows the words of `choice` takes them back: "修好了又坏了", "fixed but it leaks"."""
    words = [key(saying) for saying in sayings(choice)]
    if any(NEGATIVE.match(word) or RATING.search(word) for word in words):
        return False
    return bool(AGAIN.search(after) or BUT.search(after))


def core_choice(vocabulary: Vocabulary, text: str) -> tuple[Choice, float] | None:
    """Return the choice when the whole of a folded text is one label among fillers ("那肯定是好的"), or None."""
    said = alike(squeezed(text))
    if said in AGREEING:
        return None
    core = stripped(said)
    while core:
        if len(core) < len(said) and core in vocabulary.words:
            choices = vocabulary.words[core]
            return (choices[0], 0.85) if len(choices) == 1 else None
        for degree in BY_LENGTH:
            word = core.removeprefix(degree).strip()
            if word != core and word in vocabulary.words:
                return by_degree(vocabulary, word, degree)
        head = HEAD.match(core)
        if not head:
            return None
        core = core[head.end() :].strip()
    return None


def filler_only(said: str) -> bool:
    """Whether squeezed words say nothing beyond "I think … thanks"."""
    rest = stripped(said)
    while rest and (head := HEAD.match(rest)):
        rest = stripped(rest[head.end() :].strip())
    return not rest or rest in DEGREES
