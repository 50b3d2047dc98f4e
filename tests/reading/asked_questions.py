"""Questions whose replies the truth tables read: the ladders, lists and scales real forms have."""

from __future__ import annotations

from surveys.questionnaire.form import Choice, Kind, Question


def ladder(name: str, *rungs: tuple[str, str], hidden: tuple[tuple[str, str], ...] = ()) -> Question:
    """Return a select_one whose choices are named c1, c2 … and hidden ones h1 …, labelled in Chinese and English."""
    offered = [Choice(f"c{n}", {"zh": zh, "en": en}) for n, (zh, en) in enumerate(rungs, 1)]
    quiet = [Choice(f"h{n}", {"zh": zh, "en": en}, hidden=True) for n, (zh, en) in enumerate(hidden, 1)]
    return Question(name, Kind.SELECT_ONE, name, {"zh": name}, choices=(*offered, *quiet))


RESULT = ladder(
    "result",
    ("满意", "Satisfied"),
    ("比较满意", "Fairly satisfied"),
    ("一般", "Average"),
    ("不太满意", "Not very satisfied"),
    ("不满意", "Not satisfied"),
)
WATER = ladder(
    "water",
    ("好", "Good"),
    ("较好", "Fairly good"),
    ("一般", "Average"),
    ("不太好", "Not so good"),
    ("不好", "Bad"),
    hidden=(("不清楚", "Don't know"),),
)
SERVICE = ladder(
    "service",
    ("很满意", "Very satisfied"),
    ("满意", "Satisfied"),
    ("一般", "Neither"),
    ("不满意", "Dissatisfied"),
    ("很不满意", "Very dissatisfied"),
)
FIVE = ladder(
    "five",
    ("非常满意", "Very satisfied"),
    ("满意", "Satisfied"),
    ("基本满意", "Basically satisfied"),
    ("不满意", "Dissatisfied"),
    ("非常不满意", "Very dissatisfied"),
)
WINDOW = ladder("window", ("满意", "Satisfied"), ("不满意", "Not satisfied"))
SAFETY = ladder(
    "safety",
    ("安全", "Safe"),
    ("比较安全", "Fairly safe"),
    ("不太安全", "Not very safe"),
    ("不安全", "Unsafe"),
)
TOOK_PART = ladder(
    "took_part",
    ("参与过", "I took part"),
    ("没有参与过", "I did not"),
    ("说不清", "Hard to say"),
)
SOLVED = Question(
    "solved",
    Kind.SELECT_ONE,
    "solved",
    choices=(
        Choice("solved", {"zh": "已解决", "en": "Solved"}, ("解决了", "修好了", "fixed")),
        Choice("partly", {"zh": "部分解决", "en": "Partly solved"}, ("解决了一部分",)),
        Choice("not", {"zh": "未解决", "en": "Not solved"}, ("没解决", "没有解决", "还是不亮", "not fixed")),
        Choice("declined", {"zh": "不愿评价", "en": "Rather not say"}, hidden=True),
    ),
)
HEARD = Question(
    "heard",
    Kind.SELECT_ONE,
    "heard",
    choices=(
        Choice("yes", {"zh": "听说过", "en": "Yes"}, ("有", "是", "是的", "知道")),
        Choice("no", {"zh": "没有听说过", "en": "No"}, ("没有", "没听说过", "不知道", "没听过")),
    ),
)
POINTS = Question(
    "points",
    Kind.SELECT_ONE,
    "points",
    choices=tuple(Choice(f"p{n}", {"zh": f"{n}分", "en": f"{n}"}) for n in range(10, 0, -1)),
)
PART = Question(
    "part",
    Kind.SELECT_MULTIPLE,
    "part",
    choices=(
        Choice("save", {"zh": "节约用水", "en": "Saving water"}, ("节水",)),
        Choice("guard", {"zh": "护水巡河", "en": "Guarding the river"}, ("护水", "巡河")),
        Choice("clean", {"zh": "清理河道", "en": "Cleaning the river"}),
        Choice("sort", {"zh": "垃圾分类", "en": "Sorting waste"}),
        Choice("plant", {"zh": "植树", "en": "Planting trees"}),
        Choice("give", {"zh": "捐款", "en": "Giving money"}),
        Choice("tell", {"zh": "宣传", "en": "Telling others"}),
        Choice("other", {"zh": "其他", "en": "Other"}),
    ),
)
CRIMES = Question(
    "crimes",
    Kind.SELECT_MULTIPLE,
    "crimes",
    choices=tuple(
        Choice(f"k{n}", {"zh": zh})
        for n, zh in enumerate(
            (
                "盗窃",
                "抢劫",
                "诈骗",
                "打架斗殴",
                "赌博",
                "吸毒贩毒",
                "黑恶势力",
                "交通事故",
                "非法集资",
                "传销",
                "校园欺凌",
                "噪声扰民",
            ),
            1,
        )
    ),
)
WHY = Question(
    "why",
    Kind.SELECT_ONE,
    "why",
    choices=(
        *(Choice(f"w{n}", {"zh": zh}) for n, zh in enumerate(("态度", "效率", "能力", "一次没说清", "吃拿卡要"), 1)),
        Choice("other", {"zh": "其他", "en": "Other"}),
    ),
)
AGE = Question("age", Kind.INTEGER, "age", {"zh": "您的年龄?", "en": "How old are you?"})
STAYED = Question(
    "stayed", Kind.INTEGER, "stayed", {"zh": "您在这里住了多少年?", "en": "How many years have you lived here?"}
)
INCOME = Question("income", Kind.DECIMAL, "income", {"zh": "家里有多少亩地?", "en": "How much land do you have?"})
WHEN = Question("when", Kind.DATE, "when", {"zh": "哪天来的?", "en": "Which day was it?"})
SAY = Question("say", Kind.TEXT, "say", {"zh": "还有什么想说的?", "en": "Anything else?"})
