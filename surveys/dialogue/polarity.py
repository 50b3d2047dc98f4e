"""Which way a choice points, and what said beside it points the other way or takes it back."""

from __future__ import annotations

import re

from surveys.dialogue.mentions import HARMLESS
from surveys.dialogue.senses import Sense, senses
from surveys.dialogue.spelling import CLAUSE_END, squeezed
from surveys.dialogue.vocabulary import key, sayings
from surveys.kept import Kept
from surveys.questionnaire.form import Choice, Question

_FELT = re.compile("(?:满意|安全|支持|放心|好)$|(?:satisfied|safe|good|happy)$")
_NEGATIVE = re.compile(
    "(?:很|非常|特别|十分|极|完全|太|较|较为|有点)?(?:[不没未差]|否$)"
    "|(?:very |fairly |rather |quite )?(?:not\\b|no\\b|un|dis|bad|poor|worse|never)"
)
_MIDDLE = re.compile("一般|普通|中等|average|fair$|neutral|neither|so so|soso")
#: Faces and hands that go against praise, and those that go against blame.
_SOUR = re.compile(
    "[\U0001f44e\U0001f4a9\U0001f92e\U0001f922\U0001f595\U0001f644\U0001f612\U0001f624\U0001f62d\U0001f621\U0001f620\U0001f92c\U0001f643\U0001f60f"
    "\U0001f923\U0001f921]"
)
_SWEET = re.compile("[\U0001f44d\U0001f389\U0001f973\U0001f60d\U0001f970\u2764\U0001f44f\U0001f4af]")
#: What takes an answer back, puts a condition on it or gives it to another time; at the beginning of a clause.
_TAKEN_BACK = re.compile(
    "(?:那|这|都|我|就|也)*(?:是|要)*(?:才怪|骗|假|才不|开玩笑|说笑|说着玩|反话|反语|做梦|想得美|不可能|怎么可能|以前|从前|过去|原来|当初|你信|哄|讽刺|个屁|个鬼|个锤)"
    "|(?:除非|如果|要是|假如|只要|前提|等[^级]{0,10}再|等你|等到|等把|倘若|万一|条件是)"
    "|(?:not|lol|kidding|just kidding|joking|as if|yeah right"
    "|unless|if|once|when|until|as long as|provided|on condition|in your dreams"
    "|sarcasm|used to|only if|that was|they say)\\b"
)
_BACK_AT_END = re.compile("(?:的话|才行|再说|就行|才怪)$|\\b(?:lol|kidding|joking)$")
_YES_HEAD = re.compile("是的?|对的?|有的?|嗯+|要得|yes|yeah|yep|yup|y")
_NO_HEAD = re.compile("否|不是的?|没有?|没得|不|no|nope|nah|n")
_NEGATION = re.compile(
    r"[不没未别莫冇]|\b(?:not|no|never|none|nothing|(?:have|has|had|did|do|does|is|are|was|were|ca|could|wo|would)nt|cannot)\b"
)
#: The other way round in English: "no, they have".
_AFFIRMED = re.compile(
    r"^(?:they|it|we|i|he|she|there|that) (?:have|has|had|did|do|does|is|are|was|were|can"
    r"|will)\b(?! not\b|nt\b| never\b)"
)
_FUNCTION = frozenset("的了吗呢吧您你我他这那是在有过不没得和与对于被把上下里请问路家人大小")


def negative(choice: Choice) -> bool:
    """Whether the labels of a choice deny or blame."""
    return any(_NEGATIVE.match(key(label)) for label in choice.labels.values())


def middle(choice: Choice) -> bool:
    """Whether a label of a choice stands for neither good nor bad."""
    return any(_MIDDLE.match(key(label)) for label in choice.labels.values())


def felt(question: Question) -> bool:
    """Whether two or more options of a question say how good somebody finds something."""
    return _FELTS.of(question)


def _felt(question: Question) -> bool:
    rungs = [choice for choice in question.choices if any(_FELT.search(key(label)) for label in choice.labels.values())]
    return len(rungs) >= 2


_FELTS = Kept(_felt)


def wry_face(choice: Choice, shown: str) -> bool:
    """Whether a face or a hand beside the words of a choice goes against them: 满意👎."""
    return bool((_SWEET if negative(choice) else _SOUR).search(shown))


def taken_back(rest: str) -> bool:
    """Whether a clause of what is said beside an answer takes it back or puts a condition on it."""
    for part in map(squeezed, CLAUSE_END.split(rest)):
        if part and (_TAKEN_BACK.match(part) or (len(part) <= 16 and _BACK_AT_END.search(part))):
            return True
    return False


def clashes(question: Question, choice: Choice, rest: str) -> bool:
    """Whether what is said beside a rating says that one does not know, or praises where the choice blames."""
    if not felt(question) or middle(choice):
        return False
    against = {Sense.GOOD, Sense.BEST} if negative(choice) else {Sense.POOR, Sense.WORST}
    for part in map(squeezed, CLAUSE_END.split(rest)):
        heard = senses(part)
        if heard & against or (Sense.UNKNOWN in heard and choice not in _unknown(question)):
            return True
    return False


def _unknown(question: Question) -> list[Choice]:
    return [c for c in question.choices if any(Sense.UNKNOWN in senses(key(saying)) for saying in sayings(c))]


def contradicted(question: Question, head: str, rest: str) -> bool:
    """Whether a yes is followed by a denial, or a no by an affirmation: "是,没修", "no, they have".

    An affirmation repeats a word of the question without denying it; "没有,太忙了" gives a reason.
    """
    first = squeezed(head)
    for part in (squeezed(part) for part in CLAUSE_END.split(rest)):
        said = HARMLESS.sub("", part)
        denied = bool(_NEGATION.search(said))
        if _YES_HEAD.fullmatch(first) and denied:
            return True
        if _NO_HEAD.fullmatch(first) and said and not denied:
            if _AFFIRMED.match(said):
                return True
            asked = {c for label in question.labels.values() for c in label if "\u4e00" <= c <= "\u9fff"} - _FUNCTION
            if len(said) <= 8 and asked & set(said):
                return True
    return False
