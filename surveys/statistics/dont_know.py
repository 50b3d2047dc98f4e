"""Which options of a question are not an opinion: "don't know" and its relatives."""

from __future__ import annotations

import re
from typing import Final

from surveys.questionnaire.form import Choice, Question

#: Option names as questionnaires write them, with everything but letters and digits taken out.
NAMES: Final = frozenset(
    {
        *("dk", "dontknow", "donotknow", "doesnotknow", "notknown", "unknown", "notsure", "unsure", "hardtosay"),
        *("cannotsay", "cantsay", "noopinion", "noanswer", "na", "notapplicable", "nr", "refused", "refuse"),
        *("declined", "decline", "rathernotsay", "prefernottosay"),
    },
)

#: Labels, likewise bare; what a resident is shown in either language.
LABELS: Final = NAMES | frozenset(
    {
        *("不了解", "不清楚", "不知道", "说不清", "说不清了", "说不清楚", "不好说", "难说", "不确定", "不晓得"),
        *("没有意见", "不适用", "拒绝回答", "不愿回答", "不愿评价", "不便回答"),
        *("idontknow", "icannotsay", "icantsay", "imnotsure"),
    },
)


def dont_know(question: Question) -> frozenset[str]:
    """Return the names of the options that are counted apart from opinions."""
    return frozenset(choice.name for choice in question.choices if is_dont_know(choice))


def is_dont_know(choice: Choice) -> bool:
    """Whether an option's name or any of its labels says that there is no opinion."""
    return bare(choice.name) in NAMES or any(bare(label) in LABELS for label in choice.labels.values())


def bare(text: str) -> str:
    """Return the words without case, blanks, punctuation and what stands in brackets, e.g. 不清楚(不读出) → 不清楚."""
    return re.sub(r"[\W_]+", "", re.sub(r"[((\[【].*?[))\]】]", "", text)).casefold()
