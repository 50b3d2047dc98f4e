"""Words that are no answers: leaving, coming back, and what can be asked for in every conversation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from surveys.dialogue.declining import refusal
from surveys.dialogue.spelling import CLAUSE_END, plain, squeezed
from surveys.dialogue.suspicion import Doubt, suspicion
from surveys.dialogue.vocabulary import sayings, shown, unclear_numbers
from surveys.language import message
from surveys.problem import Problem, Severity
from surveys.questionnaire.form import ASKED, Choice, Form

__all__ = [
    "Command",
    "Doubt",
    "collisions",
    "command",
    "erase_word",
    "keep_case_word",
    "refusal",
    "resume_word",
    "stop_word",
    "suspicion",
]

#: The carriers' words and ours, without blanks and punctuation ("/stop", "opt-out", "T D"); the whole message.
STOP = frozenset(
    [
        "stop",
        "stopall",
        "unsubscribe",
        "end",
        "quit",
        "revoke",
        "optout",
        "cancel",
        "t",
        "td",
        "退订",
        "取消",
        "停止",
        "不要再发",
        "取消订阅",
    ],
)
RESUME = frozenset(["start", "resume", "unstop", "恢复", "恢复接收", "恢复订阅", "重新接收", "重新订阅", "继续接收"])
#: After DELETE MY DATA, and then only: a phrase nobody types by accident.
ERASE = frozenset(["确认删除", "確認删除", "deleteall"])
KEEP_CASE = frozenset(["办理", "继续办理", "请办理", "请继续办理", "keep", "keepcase", "keepmycase"])


class Command(StrEnum):
    """What a resident can ask for at any time, always by words, never by a digit or a single letter."""

    HELP = "help"
    SKIP = "skip"
    BACK = "back"
    LATER = "later"
    PERSON = "person"
    COMPLAIN = "complain"
    LANGUAGE_ZH = "language_zh"
    LANGUAGE_EN = "language_en"
    MY_DATA = "my_data"
    DELETE_MY_DATA = "delete_my_data"
    TELEGRAM = "telegram"


SAID: Mapping[Command, str] = {
    Command.HELP: (
        "帮助|什么意思|啥意思|这是什么意思|怎么回复|怎么回答|怎么回|怎么答|怎么选|看不懂|没看懂|不明白"
        "|看不明白|help|help me"
        "|what does this mean|what does it mean|what do you mean|what do i do|how do i answer|how do i reply"
        "|i dont understand"
    ),
    Command.SKIP: (
        "跳过|跳过这题|跳过此题|这题跳过|跳过这个|下一题|skip|skip it|skip this|skip this one"
        "|skip this question"
        "|skip question|next question"
    ),
    Command.BACK: (
        "上一题|回上一题|返回|返回上一题|回到上一题|退回|退回上一题|改上一题|back|go back|previous|previous question"
    ),
    Command.LATER: (
        "稍后|稍后再说|稍后再答|稍后再填|稍后回复|晚上再说|明天再说|等一哈|等一哈哈|等哈儿|等会儿|等会|等一会|等一会儿|等一下|等下|待会儿|待会|晚点|晚点再说|晚些时候"
        "|过会儿|过一会儿"
        "|回头再说|有空再说|改天|改天再说|忙|很忙|太忙|正忙|在忙|我在忙|正在忙|我正忙|现在忙|现在很忙|我很忙"
        "|忙着|正忙着|没空|现在没空|没时间"
        "|现在没时间|在开会|在上班|在开车|later|maybe later|not now|busy|im busy|i am busy|in a meeting|ask me later"
        "|another time|no time|no time now"
    ),
    Command.PERSON: (
        "人工|转人工|人工服务|找人工|要人工|接人工|真人|找真人|人工客服|请工作人员来电|工作人员来电"
        "|人工请工作人员来电|请来电"
        "|请回电|给我打电话|请给我打电话|打电话给我|请打电话给我|person|a person|human|a human|operator|agent|call me"
        "|please call me|phone me|real person|talk to a person|talk to someone|speak to a person|speak to someone"
    ),
    Command.COMPLAIN: (
        "反映|反映问题|反映事项|我要反映|我要反映问题|我想反映问题|我有问题要反映|有问题要反映|反应问题"
        "|我要反应问题|投诉"
        "|我要投诉|举报|我要举报|report|complain|complaint|report a problem|i want to report a problem"
        "|i have a complaint|i want to complain|make a complaint"
    ),
    Command.LANGUAGE_ZH: "中文|说中文|用中文|汉语|换中文|切换中文|chinese|in chinese|chinese please",
    Command.LANGUAGE_EN: "英文|英语|说英文|用英文|换英文|切换英文|english|in english|english please",
    Command.MY_DATA: "我的数据|查看我的数据|我的资料|我的信息|my data|show my data|show me my data",
    Command.DELETE_MY_DATA: (
        "删除我的数据|请删除我的数据|删掉我的数据|删除我的资料|删除我的信息|delete my data"
        "|please delete my data"
        "|erase my data|remove my data|确认删除|delete all"  # the phrase of a confirmation nobody waits for (any more)
    ),
    Command.TELEGRAM: (
        "电报|用电报|我用电报|改用电报|换电报|换用电报|转到电报|用telegram|改用telegram|换telegram"
        "|telegram|use telegram|by telegram|on telegram|switch to telegram|telegram please"
    ),
}
COMMANDS = {phrase: wanted for wanted, phrases in SAID.items() for phrase in phrases.split("|")}

ASKING = re.compile(r"\s*\?[\s?!]*")
PARTICLES = "啊呀呢吧哦喔嘛了啦哈咯喽哟么吗诶"

#: Opting out in one's own words. Nothing but these words may stand in the message: "停止供水了" is an answer.
NOT_ZH = "(?:不要|莫|嫑|不准|不许|不用|不必|停止|别|勿|甭|莫)"
SEND_ZH = "(?:找|发送|发|推送|骚扰|打扰|联系|烦|打电话|来电话|来信息|来短信)"
TEXTS_ZH = "(?:这些|这种|这个|任何)?(?:垃圾)?(?:短信|信息|消息|微信|电话|东西)"
MANNERS_ZH = (
    "(?:请|麻烦|求求|拜托|你们?|您们?|能不能|可不可以|可以|以后|今后|都|快|赶紧|我说|烦死了|谢谢|算了"
    "|再|他妈的?|妈的|龟儿子|老子|狗日的|操|靠|日|滚|求你了?)"
)
SOFT_ZH = re.compile(
    rf"{MANNERS_ZH}*(?:"
    f"{NOT_ZH}(?:再|老|总|一直|继续|天天|来)*(?:给我们?|跟我们?|向我们?|往我这)?(?:再|来)*{SEND_ZH}(?:我们?"
    f"|人)?(?:来)?{TEXTS_ZH}?"
    rf"|(?:我们?)?(?:不想|不愿意?|拒绝|不)(?:再)?(?:接收|接受|收到|收|看到)(?:你们?的?)?{TEXTS_ZH}"
    "|(?:我|帮我|给我|我要|我想|怎么|如何|我要求|申请|同意|立即|马上|回复?|stop|td|t)*(?:退订|退定|退钉|退丁|退顶|推订|取消订阅)(?:短信|所有|全部)?|拒收"
    r"|再(?:发|来|打|骚扰).{0,4}(?:就|我就|我)(?:要)?(?:报警|投诉|举报|拉黑)"
    r"|(?:把我|把)的?(?:电话|手机|手机号|号码|电话号码)+(?:删了|删掉|删除|拉黑)"
    r")(?:了|啦|吧|啊|呀|哦|好吗|行吗|行不行|好不好|可以吗|谢谢|拜托|烦死了|烦人)*",
)
MESSAGES_EN = "(?:texts?|text messages?|messages?|sms|this|these|these texts|these messages|it|anything)"
TAIL_EN = "(?: me| us| my number| this number| please| now| again| ever| any ?more| thanks| thank you| to me)*"
SOFT_EN = re.compile(
    rf"(?:please |pls |just |kindly |ok |and |can you |could you |fuck off |piss off |get lost |for gods sake )*(?:"
    "(?:stop|quit) (?:texting|messaging|contacting|bothering|spamming|harassing|calling|sending)(?: me"
    f"| us)*(?: {MESSAGES_EN})?"
    r"|(?:stop|quit)(?: (?:the |these |this |your )?(?:texts?|text messages?|messages?|sms|this|these))?"
    "|(?:do not|dont|never) (?:text|message|contact|bother|spam|sms|send)(?: me"
    f"| us)*(?: any)?(?: more)?(?: {MESSAGES_EN})?"
    rf"|no more {MESSAGES_EN}"
    r"|(?:unsubscribe|remove)(?: me| my number)(?: from (?:the|this|your) list| from (?:this|it))?|opt (?:me )?out"
    r"|take me off(?: (?:the|this|your))?(?: list| this| it)?"
    r"|(?:i )?(?:want|would like|wish) to (?:stop|unsubscribe|opt out|be removed)"
    r"|how (?:do|can) i (?:unsubscribe|opt out|stop (?:this|it|these(?: texts| messages)?))"
    rf"|leave me alone){TAIL_EN}",
)


def stop_word(text: str) -> str | None:
    """Return "keyword" when the whole message is an opt-out word, "soft" when it says so in other words, else None."""
    said = squeezed(text)
    if len(said) > 60:
        return None
    if said.replace(" ", "") in STOP:
        return "keyword"
    soft = SOFT_EN if said.isascii() else SOFT_ZH
    if soft.fullmatch(said):
        return "soft"
    parts = [squeezed(part) for part in CLAUSE_END.split(plain(text))]
    # An opt-out stands whatever is said beside it: "满意,以后别发了".
    return "soft" if len(parts) > 1 and any(part and beside_stop(part, soft) for part in parts) else None


def beside_stop(clause: str, soft: re.Pattern[str]) -> bool:
    """Whether a clause of a longer message opts out: in so many words, not by a keyword that may be an answer."""
    return clause in {"不要再发", "退订"} or bool(soft.fullmatch(clause) and len(clause) > 2 and clause != "stop it")


def resume_word(text: str) -> bool:
    """Whether the whole message asks for messages again."""
    return squeezed(text).replace(" ", "") in RESUME


def keep_case_word(text: str) -> bool:
    """Whether the whole message asks, after an opt-out, to keep the messages about an open case (办理, KEEP)."""
    return squeezed(text).replace(" ", "") in KEEP_CASE


def erase_word(text: str) -> bool:
    """Whether the whole message confirms that everything be deleted (确认删除, DELETE ALL)."""
    return squeezed(text).replace(" ", "") in ERASE


def command(text: str) -> Command | None:
    """Return the command the whole message is, or None."""
    if ASKING.fullmatch(plain(text)):
        return Command.HELP
    said = squeezed(text)
    for form in (said, said.rstrip(PARTICLES), said.removeprefix("请"), said.removesuffix(" please")):
        if form in COMMANDS:
            return COMMANDS[form]
    return None


def taken(saying: str) -> bool:
    """Whether a reply with these words would never reach the open question."""
    return bool(
        stop_word(saying) or resume_word(saying) or keep_case_word(saying) or command(saying),
    )


def collisions(form: Form) -> list[Problem]:
    """Return a problem for each option that a resident could not choose by saying it.

    An error where its words are an opt-out or a command; a warning where its letter is T, which opts out, or where a
    number it consists of is not the number it is offered with.
    """
    found: list[Problem] = []
    for question in form.questions:
        if question.kind not in ASKED:
            continue
        for choice in question.choices:
            found += [word_taken(question.name, choice, saying, question.row) for saying in said_for(choice)]
        if len(shown(question)) >= 20:
            found.append(letter_taken(question.name, question.row))
        if numbers := unclear_numbers(question):
            found.append(number_unclear(question.name, numbers, question.row))
    return found


def said_for(choice: Choice) -> list[str]:
    """Return the words for `choice` that are taken, each once."""
    return [saying for saying in dict.fromkeys(sayings(choice)) if taken(saying)]


def word_taken(question: str, choice: Choice, saying: str, row: int) -> Problem:
    """Return the problem of an option whose words are an opt-out or a command."""
    return Problem(
        code="option_is_command",
        what=message(
            'Question "{question}": option "{option}" can be said as "{word}", which is an opt-out or command word.',
            question=question,
            option=choice.name,
            word=saying,
        ),
        fix=message("Word the option or its synonym differently."),
        sheet="survey",
        row=row,
        field="label",
    )


def letter_taken(question: str, row: int) -> Problem:
    """Return the warning about a list so long that one of its letters is T."""
    return Problem(
        code="option_letter_opts_out",
        what=message(
            'Question "{question}" has 20 options or more: T would be the letter of one, but a reply "T" opts out.',
            question=question,
        ),
        fix=message("Shorten the list or split the question; the numbers still work."),
        sheet="survey",
        row=row,
        severity=Severity.WARNING,
    )


def number_unclear(question: str, numbers: tuple[int, ...], row: int) -> Problem:
    """Return the warning about numbers that are one option's place and begin another's label."""
    return Problem(
        code="option_number_unclear",
        what=message(
            'Question "{question}": a reply {numbers} may mean the option with that place or the one with that label.',
            question=question,
            numbers=", ".join(map(str, numbers)),
        ),
        fix=message("Order the options so that both agree, or write the numbers in the labels as words."),
        sheet="survey",
        row=row,
        severity=Severity.WARNING,
    )
