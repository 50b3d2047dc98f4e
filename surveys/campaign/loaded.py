"""Questions that push towards an answer without asking for it: presuming, praising, two questions in one.

`leading` lists what is refused because it asks for a particular answer. This list is for questionnaires, and warns:
public questionnaires in use contain such wordings, and the office may be bound to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from surveys.dialogue.spelling import folded, legible
from surveys.language import Message, message
from surveys.problem import Problem, Severity


class Push(StrEnum):
    """How a wording pushes."""

    PRESUMING = "presuming_question"
    LOADED = "loaded_wording"
    DOUBLE = "double_question"


@dataclass(frozen=True, slots=True)
class Pushed:
    """One phrase as it stands in a wording."""

    push: Push
    words: str


#: The answer is taken for granted, or agreement is asked for instead of an opinion.
_PRESUMING = (
    r"难道",
    r"(?:您|你)(?:是否|是不是)?(?:也|都|一定|肯定|当然|想必|应该)(?:会)?(?:认为|觉得|同意|支持|赞成|感到|认可)",
    r"(?:是不是|对不对|不是吗|对吧|是吧|好吧|没错吧)(?=$|[?!.。,，])",
    r"众所周知|大家都(?:知道|说|认为|觉得)|毫无疑问|不言而喻|(?:大多数|绝大多数|多数)(?:人|居民|群众)(?:都)?(?:认为|觉得|表示|满意)",
    r"(?:您|你)(?:有多|多么)(?:满意|支持|喜欢|感谢)",
    r"(?:您|你)(?:是否|是不是)?(?:同意|赞成|认同).{0,30}(?:的说法|的观点|的看法|这一说法|这种说法|这种看法)",
    r"\b(?:do not|dont|don't|wouldnt|wouldn't) you (?:think|agree|say|feel|find|like)\b",
    r"\b(?:isnt|isn't|arent|aren't|wasnt|wasn't|doesnt|doesn't) (?:it|that|this|they|he|she)\s*\?",
    r"\b(?:surely|of course|obviously|undoubtedly|needless to say|as (?:you|we all) know|everyone knows|most people)\b",
    r"\b(?:do|would) you (?:also )?agree (?:that|with)\b",
    r"\bhow much (?:do|did) you (?:like|love|enjoy|appreciate)\b",
)  # fmt: skip
#: Praise or blame within the question; behind 是否 or "whether" the quality is what is asked.
_LOADED = (
    (
        r"(?:(?<!是否)(?<!有没有)(?<!有无)(?<!没有)取得了?|(?<!取得)(?<!取得了)(?<!是否有)(?<!有没有)(?<!有无))(?:显著|明显|巨大|丰硕|可喜|突出|辉煌|卓越|长足)(?:的)?"
        r"(?:成效|成果|成绩|成就|进步|进展|业绩|贡献)"
    ),
    r"卓有成效|行之有效|深得人心|深受(?:好评|欢迎|群众)|无微不至|来之不易|兢兢业业|任劳任怨|呕心沥血|英明|伟大|辉煌",
    (
        r"(?<!是否)(?<!不够)(?<!够不够)(?:热情周到|优质高效|高效便民|贴心周到|优质|先进|一流|模范)的"
        r"(?:服务|工作|窗口|队伍|干部|单位|社区)"
    ),
    r"(?:糟糕|恶劣|可恶|丢人|令人(?:失望|气愤|发指)|无能|黑心|蛮横)(?:透顶)?的",
    (
        r"\b(?:our|the|this|their) (?:excellent|outstanding|wonderful|great|superb|remarkable|tireless|hard ?-?working"
        r"|dedicated|world ?-?class|first ?-?class|award ?-?winning|terrible|awful|disgraceful|incompetent|corrupt"
        r"|shameful|disappointing|greedy|lazy)\b"
    ),
    r"\b(?:remarkable|great|tremendous|outstanding|significant) (?:achievements?|progress|success(?:es)?)\b",
)  # fmt: skip
_QUALITY_ZH = (
    "(?:服务态度|办事效率|工作作风|服务质量|业务能力|环境卫生|态度|效率|质量|速度|能力|水平|环境|价格|作风|卫生|秩序"
    "|便利|公开|公正|公平|透明|廉洁|及时|热情|专业|准时|干净|安全|舒适|快捷|方便)"
)
_QUALITY_EN = (
    "(?:attitude|speed|quality|price|prices|staff|service|services|facilities|cleanliness|safety|efficiency|honesty"
    "|fairness|openness|helpfulness|politeness|friendliness|competence|fast|quick|friendly|polite|helpful|clean|safe"
    "|fair|honest|open|cheap|easy|efficient|professional|punctual|reliable)"
)
_JOINED_EN = f"{_QUALITY_EN} (?:and|or|as well as|,) (?:the |their |its |how )?{_QUALITY_EN}"
#: Two things are rated with one answer: nobody can say that one of them is well and the other is not.
_DOUBLE = (
    (
        rf"{_QUALITY_ZH}(?:和|与|及|以及|并且|而且|同时|,|又|且){_QUALITY_ZH}(?!(?:中|里|当中|之中)?(?:哪|最))"
        r"(?=.{0,12}(?:满意|怎么样|怎样|如何|评价|几分|打分|好吗|吗|么|好不好))"
    ),
    r"(?:满意|支持|了解|信任|方便|安全)(?:并且|而且|且|和|并)(?:满意|支持|了解|信任|方便|安全|放心)(?=.{0,4}(?:吗|么|\?))",
    rf"\b(?:satisfied with|happy with|rate|is|are|was|were|find)\b[^.?!]{{0,40}}?\b{_JOINED_EN}\b",
    rf"\bhow {_JOINED_EN}\b",
)  # fmt: skip

_PATTERNS = tuple(
    (push, tuple(map(re.compile, patterns)))
    for push, patterns in ((Push.PRESUMING, _PRESUMING), (Push.LOADED, _LOADED), (Push.DOUBLE, _DOUBLE))
)
_SAID: dict[Push, tuple[Message, Message]] = {
    Push.PRESUMING: (
        message("The question takes an answer for granted: {words}."),
        message("Ask openly, and offer both directions."),
    ),
    Push.LOADED: (
        message("The question praises or blames: {words}."),
        message("Name the thing without the adjective."),
    ),
    Push.DOUBLE: (
        message("The question asks about two things at once: {words}."),
        message("Make two questions of it; one answer cannot tell which is meant."),
    ),
}


def pushes(text: str) -> tuple[Pushed, ...]:
    """Return what pushes in the wording of a question, in the order of the list; width and case make no difference."""
    return tuple(_pushes(folded(legible(text))))


def _pushes(even: str) -> Iterator[Pushed]:
    for push, patterns in _PATTERNS:
        for pattern in patterns:
            found = pattern.search(even)
            if found:
                yield Pushed(push, found[0].strip())
                break


def warn_of_pushes(text: str, *, file: str = "", sheet: str = "", row: int = 0, field: str = "") -> tuple[Problem, ...]:
    """Return a warning for each way in which the wording of a question pushes."""
    return tuple(
        Problem(
            found.push.value,
            message(_SAID[found.push][0].template, words=f"“{found.words}”"),
            _SAID[found.push][1],
            file,
            sheet,
            row,
            field,
            Severity.WARNING,
        )
        for found in pushes(text)
    )
