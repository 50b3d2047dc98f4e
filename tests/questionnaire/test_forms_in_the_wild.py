"""Forms as other programs write them are taken, and each can be talked through to its end whatever is answered."""

from __future__ import annotations

import pytest
from made_workbooks import Sheets, refusals, rows, xlsx
from talking import open_question, talked_through

from surveys.questionnaire.form import Form
from surveys.questionnaire.walk import check
from surveys.questionnaire.xlsform import read_form

ONA = {
    "survey": rows(
        """type|name|label::english|label::swahili
        text|name|1. What are you called?|1. Unaitwa nani?
        integer|age|2. How old?|2. Umri?
        begin repeat|pets|3. Pets|3. Wanyama
        text|name|3.1 Its name|3.1 Jina lake
        select_multiple colours|fur.colours|3.2 Its colours|3.2 Rangi zake
        begin repeat|toys|3.3 Toys|3.3 Vitu
        text|name|3.3.1 Toy|3.3.1 Kitu
        select_one state|new_or_old|3.3.2 New or old|3.3.2 Mpya au kuukuu
        end repeat|||
        end repeat|||
        begin group|geo||
        gps|where|4. Where|4. Wapi
        end group|||
        begin group|tel|5. Telephones|5. Simu
        text|tel.home|5.1 At home|5.1 Nyumbani
        end group|||"""
    ),
    "choices": rows(
        """list name|name|label::english|label::swahili
        state|new|New|Mpya
        state|old|Old|Kuukuu
        |||
        colours|black|Black|Nyeusi
        colours|white|White|Nyeupe"""
    ),
    "settings": [["version", "default_language"], [2026111, "swahili"]],
}
OLD_COLLECT = {
    "survey": rows(
        """type|name|label:English|label:French|hint|bind:relevant|bind:constraint|bind:required|default
        today|given||||||||
        select one from kind or_other|kind|What did you see?|Qu'avez-vous vu?|||||
        decimal|size|How long?|Quelle longueur?|In metres||. > 0|yes|
        select one from state|state|In what state?|Dans quel état?||${size} > 1|||
        photo|seen|A picture|Une photo|What you saw||||
        geopoint|gps|Where|Où|So that we find it||||
        imei|imei|||||||
        today|given_again||||||||"""
    ),
    "choices": rows(
        """list name|name|label:English|label:French
        kind|bird|A bird|Un oiseau
        kind|fish|A fish|Un poisson
        ||A label without a name|
        state|good|Good|Bon
        state|bad|Bad|Mauvais"""
    ),
    "license": [["Whose form this is"], ["A club"]],
}
CASCADE = {
    "survey": rows(
        """type|name|label|choice_filter
        select_one provinces|province|province|
        select_one counties|county|county|${province}=up
        select_one towns|town|town|${county}=up"""
    ),
    "choices": rows(
        """list_name|name|label|up
        provinces|north|North|
        provinces|south|South|
        counties|hill|Hill|north
        counties|hill|Hill of the South|south
        counties|lake|Lake|south
        towns|upper|Upper Town|hill
        towns|lower|Lower Town|hill
        towns|ferry|Ferry|lake"""
    ),
    "settings": [["form_title", "form_id", "allow_choice_duplicates"], ["places", "places1", "yes"]],
}
OTHER = {
    "survey": rows(
        """type|name|label|choice_filter
        select_one sweets or_other|liked|Which do you like?|
        select_one sweets|light|Which is light?|light=yes"""
    ),
    "choices": rows(
        """list name|name|label|light
        sweets|cake|cake|no
        sweets|sorbet|sorbet|yes
        sweets|jelly|jelly|yes"""
    ),
}
_KOBO_HEAD = (
    "type|name|label::English (en)|label::中文 (zh)|hint::English (en)|hint::中文 (zh)|required|relevant|constraint"
    "|constraint_message::English (en)|constraint_message::中文 (zh)|calculation|appearance|parameters|repeat_count"
    "|$given_name|kobo--score-choices\n"
)
KOBO = {
    "survey": rows(
        _KOBO_HEAD
        + """start|start|||||||||||||||
        end|end|||||||||||||||
        begin_group|group_a|About you|关于您||||||||field-list||||
        integer|rooms|Rooms?|几间房?|A number|填数字|TRUE||. >= 1 and . <= 3|1 to 3|1 到 3||||||
        select_one yn|water|Tap water?|有自来水吗?|||true||||||likert||||
        end_group||||||||||||||||
        calculate|both||||||||||if(selected(${water}, 'yes'), ${rooms}, 0)|||||
        begin_repeat|room|Room|房间|||||||||||${rooms}||
        text|room_name|What is room ${number} called?|第${number}间叫什么?|||||||||||||
        calculate|number||||||||||position(..)|||||
        end_repeat||||||||||||||||
        range|score|Points?|打几分?||||||||||start=0 end=10 step=1|||
        rank yn2|order|What matters most?|哪项最重要?|||||||||||||
        acknowledge|seen|Thank you.|谢谢。|||||${both} > 0||||||||
        time|at|When may we call?|什么时候打电话?||||${both} > 0|||||||||
        audio|say|Say it|说一说||||false()|||||||||"""
    ),
    "choices": rows(
        """list_name|name|label::English (en)|label::中文 (zh)
        yn|yes|Yes|有
        yn|no|No|没有
        yn2|price|Price|价格
        yn2|taste|Taste|口感
        yn2|smell|Smell|气味"""
    ),
    "settings": [["style", "default_language"], ["pages", "English (en)"]],
}
SURVEYCTO = {
    "survey": rows(
        """type|name|label|relevance|calculation|required|appearance|constraint message|disabled|publishable
        start|starttime||||||||
        caseid|caseid||||||||
        username|username||||||||
        text audit|audit_text||||p=100||||
        select_one yesno|consent|May we ask?|||yes|minimal|||
        begin group|asked|Asked|${consent}=1||||||
        select_multiple tools|tools|Which tools do you use?|||||||||
        calculate_here|how_many|||count-selected(${tools})|||||
        integer|years|For how many years?|${how_many} > 1||||||
        datetime|since|Since when?||||||yes|
        end group|asked||||||||
        note|thanks|Thank you, ${how_many} tools.|||||||||"""
    ),
    "choices": rows(
        """list_name|value|label|image|filter
        yesno|1|Yes||
        yesno|0|No||
        tools|1|Hammer||
        tools|2|Saw||
        tools|-99|None of these||"""
    ),
    "settings": [
        ["form_title", "form_id", "version", "public_key", "submission_url"],
        ["Tools", "tools", 2611021000, "", ""],
    ],
}
WILD: dict[str, Sheets] = {
    "ona": ONA, "old_collect": OLD_COLLECT, "cascade": CASCADE, "or_other": OTHER, "kobo": KOBO, "surveycto": SURVEYCTO,
}  # fmt: skip


def wild(name: str) -> Form:
    return read_form(f"{name}.xlsx", xlsx(WILD[name]))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", WILD)
def test_a_form_of_the_wild_is_talked_through_whatever_is_answered(name: str, seed: int, language: str) -> None:
    read = wild(name)
    trial = talked_through(read, language, seed)
    assert trial.complete, (open_question(trial), [line.text for line in trial.lines][-3:])
    for key, value in trial.interview.values.items():
        question = read.question(key) if "#" not in key else None
        if question is not None and question.kind.value not in {"calculate", "hidden"}:
            assert check(read, question, value, trial.interview.values, trial.world.local, language) is None, key


def test_what_was_answered_decides_what_is_asked() -> None:
    """In the Kobo form: as many rooms are named as were counted, and the rest is asked only of those with tap water."""
    for seed in range(12):
        trial = talked_through(wild("kobo"), "en", seed)
        answers = trial.answers()
        rooms = int(answers["group_a/rooms"])
        named = [path for path in answers if path.startswith("room[")]
        assert named == [f"room[{n}]/room_name" for n in range(1, rooms + 1)]
        assert ("at" in answers) == (answers["group_a/water"] == "yes")
        assert sorted(answers["order"].split()) == ["price", "smell", "taste"]


@pytest.mark.parametrize("what", ["begin_score yn", "begin_rank yn", "begin_kobomatrix yn"])
def test_a_frame_of_kobo_is_refused_once_with_what_to_do(what: str) -> None:
    end = what.split(" ", maxsplit=1)[0].replace("begin", "end")
    survey = f"type|name|label\ntext|a|A?\n{what}|m|M\ntext|b|B?\n{end}||"
    assert refusals(survey, "list_name|name|label\nyn|y|Y") == [("unsupported_type", "survey", 3, "type")]
