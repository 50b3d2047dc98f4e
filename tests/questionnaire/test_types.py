"""Each type of the standard is asked in words, and what residents reply is kept as the standard stores it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_workbooks import form, remarks, sheets, xlsx
from talking import last, talk

from surveys.dialogue.trying import read_reply, replied
from surveys.questionnaire.form import Kind
from surveys.questionnaire.record import form_text, read_form_text
from surveys.questionnaire.xlsform import digest_of, inspect_form, read_form

HEAD = "type|name|label\n"
THREE = "list_name|name|label\nl|a|Cleanliness\nl|b|Safety\nl|c|Traffic"


@pytest.mark.parametrize(
    ("replied", "kept", "why"),
    [
        ("3 1 2", "c a b", "the numbers in order"),
        ("312", "c a b", "run together"),
        ("3>1>2", "c a b", "with signs between"),
        ("C A B", "c a b", "letters"),
        ("Safety, Traffic, Cleanliness", "b c a", "labels"),
        ("safety then traffic then cleanliness", "b c a", "in words"),
        ("2 3", "b c a", "the one left is the last"),
        ("2", "", "one alone is no order"),
        ("1 1 2", "", "one twice is no order"),
        ("1=2>3", "", "equal ranks are no order"),
        ("traffic is bad", "", "an opinion is no order"),
    ],
)
def test_rank_takes_an_order_of_all_choices(replied: str, kept: str, why: str) -> None:
    assert talk(HEAD + "rank l|r|Order?", replied, choices=THREE).answers().get("r", "") == kept, why


def test_rank_shows_how_to_answer() -> None:
    assert last(talk(HEAD + "rank l|r|Order?", choices=THREE)).endswith(
        "1 Cleanliness\n2 Safety\n3 Traffic\n(Reply all the numbers in your order, e.g. 3 1 2)\n"
        "(Reply skip to leave it out)"
    )


@pytest.mark.parametrize(
    ("parameters", "replied", "kept", "why"),
    [
        ("start=0 end=10 step=1", "10", "10", "the end belongs to it"),
        ("start=0 end=10 step=1", "0", "0", "so does the start"),
        ("start=0 end=10 step=1", "11", "", "beyond the end"),
        ("start=0;end=10;step=2", "4", "4", "on a step, parameters parted by semicolons"),
        ("start=0 end=10 step=2", "5", "", "between two steps"),
        ("start=1 end=3 step=0.5", "2.5", "2.5", "a decimal step makes decimals"),
        ("start=1 end=3 step=0.1", "1.7", "1.7", "tenths are no exact binary numbers"),
        ("start=1 end=3 step=0.5", "2.2", "", "between two steps"),
        ("start=-5 end=5", "-3", "-3", "negative numbers"),
        ("", "7", "7", "1 to 10 where nothing is said"),
        ("", "11", "", "1 to 10 where nothing is said"),
    ],
)
def test_range_is_a_number_within_its_bounds(parameters: str, replied: str, kept: str, why: str) -> None:
    made = f"type|name|label|parameters\nrange|r|How much?|{parameters}"
    assert talk(made, replied).answers().get("r", "") == kept, why


def test_range_says_its_bounds_in_the_question_and_when_they_are_missed() -> None:
    trial = talk("type|name|label|parameters\nrange|r|How much?|start=0 end=10 step=5", "11")
    assert "(A number from 0 to 10 in steps of 5)" in last(trial)
    assert last(trial).startswith("Please reply with a number from 0 to 10 in steps of 5.")


def test_a_constraint_of_the_row_holds_beside_the_range() -> None:
    made = "type|name|label|parameters|constraint\nrange|r|How much?|start=0 end=10|. != 4"
    assert talk(made, "4").answers() == {}
    assert talk(made, "5").answers() == {"r": "5"}


@pytest.mark.parametrize(("written", "most"), [("percentage", 100), ("number of days in last month", 31)])
def test_percentage_and_its_like_are_numbers_within_bounds(written: str, most: int) -> None:
    assert talk(HEAD + f"{written}|p|How much?", str(most)).answers() == {"p": str(most)}
    assert talk(HEAD + f"{written}|p|How much?", str(most + 1)).answers() == {}


@pytest.mark.parametrize(("written", "replied"), [("acknowledge", "OK"), ("trigger", "1"), ("acknowledge", "got it")])
def test_acknowledge_takes_one_word(written: str, replied: str) -> None:
    assert talk(HEAD + f"{written}|a|Please read this.", replied).answers() == {"a": "OK"}


def test_acknowledge_is_said_in_chinese_too() -> None:
    trial = talk("type|name|label\nacknowledge|a|请阅读以上说明", "知道了", language="zh")
    assert trial.answers() == {"a": "OK"}


@pytest.mark.parametrize(
    ("written", "replied", "kept", "why"),
    [
        ("time", "15:30", "15:30:00", ""),
        ("time", "3 pm", "15:00:00", ""),
        ("time", "下午三点半", "15:30:00", "whatever the language"),
        ("time", "quarter to 3 in the afternoon", "14:45:00", ""),
        ("time", "晚上12点", "00:00:00", "midnight"),
        ("time", "noon", "12:00:00", ""),
        ("time", "8点", "", "morning or evening: asked again"),
        ("time", "25:00", "", "no such hour"),
        ("time", "soon", "", ""),
        ("datetime", "2026-10-03 15:30", "2026-10-03T15:30:00", ""),
        ("dateTime", "昨天下午3点", "2026-11-01T15:00:00", "yesterday"),
        ("datetime", "3 October at 3 pm", "2026-10-03T15:00:00", ""),
        ("datetime", "yesterday", "", "the time is missing"),
        ("datetime", "15:30", "", "the day is missing"),
        ("geopoint", "<location>", "31.12783 104.39865 0 0", "sent from the map"),
        ("gps", "31.128, 104.399", "31.128 104.399 0 0", "as coordinates"),
        ("location", "北纬31.1 东经104.4", "31.1 104.4 0 0", "in Chinese words"),
        ("geopoint", "Main Street 5", "", "an address would have to be looked up"),
        ("geopoint", "31 104", "", "whole numbers may mean anything"),
        ("geopoint", "131.1, 104.2", "", "beyond the pole"),
        ("barcode", "6901234567892", "6901234567892", "as a text"),
        ("image", "<photo>", "[picture]", "kept beside the answer"),
        ("photo", "<photo> the lamp", "[picture]", "with words beside it"),
        ("image", "I have none", "", "words are no picture"),
        ("image", "<voice>", "", "nor is a voice message"),
        ("audio", "<voice>", "[voice message]", ""),
        ("video", "<video>", "[video]", ""),
        ("file", "<file>", "[file]", ""),
        ("file", "<photo>", "[picture]", "a picture is a file"),
    ],
)
def test_what_is_replied_is_kept_as_the_standard_stores_it(written: str, replied: str, kept: str, why: str) -> None:
    assert talk(HEAD + f"{written}|q|Q?", replied).answers().get("q", "") == kept, why


@pytest.mark.parametrize(
    ("appearance", "replied", "kept"),
    [("year", "2024", "2024-01-01"), ("month-year", "2024-10", "2024-10-01"), ("month-year", "上个月", "2026-10-01"),
     ("year", "soon", ""), ("no-calendar", "2026-10-03", "2026-10-03")],
)  # fmt: skip
def test_a_date_may_ask_for_a_year_or_month_only(appearance: str, replied: str, kept: str) -> None:
    made = f"type|name|label|appearance\ndate|d|When?|{appearance}"
    assert talk(made, replied).answers().get("d", "") == kept


TOWNS = "list_name|name|label\n" + "\n".join(f"l|t{n}|Town {n} {'North' if n % 5 else 'South'}" for n in range(1, 51))


def test_a_long_list_is_searched_by_words() -> None:
    asked = "type|name|label|appearance\nselect_one l|town|Which town?|minimal autocomplete\ntext|t|T?|"
    begun = talk(asked, choices=TOWNS)
    assert "A long list: reply with a word of your answer" in last(begun)
    assert "Town 7 North" not in last(begun)
    found = talk(asked, "south", choices=TOWNS)
    assert "1 Town 5 South\n2 Town 10 South" in last(found)
    assert talk(asked, "south", "2", choices=TOWNS).answers() == {"town": "t10"}


def test_a_number_is_no_place_in_a_list_that_was_not_shown() -> None:
    asked = "type|name|label|appearance\nselect_one l|town|Which town?|search"
    labels = "list_name|name|label\n" + "\n".join(f"l|t{n}|{chr(64 + n)}ville" for n in range(1, 26))
    assert talk(asked, "3", choices=labels).answers() == {}


def test_a_choice_that_was_found_is_tapped_and_the_buttons_of_another_search_are_stale() -> None:
    asked = "type|name|label|appearance\nselect_one l|town|Which town?|search\ntext|t|T?|"
    assert talk(asked, "south", "<tap 2>", choices=TOWNS, channel="telegram").answers() == {"town": "t10"}
    first = talk(asked, "south", choices=TOWNS, channel="telegram")
    second = replied(first, read_reply("town 11"))
    assert second.guard != first.guard
    assert replied(replace(second, guard=first.guard), read_reply("<tap 1>")).answers() == {}


def test_words_that_too_many_choices_hold_are_asked_for_again() -> None:
    asked = "type|name|label|appearance\nselect_one l|town|Which town?|search\ntext|t|T?|"
    many = talk(asked, "north", choices=TOWNS)
    assert last(many).startswith("40 answers hold that; please write more of yours.")
    assert talk(asked, "north", "town 7 north", choices=TOWNS).answers() == {"town": "t7"}


def test_words_may_be_given_anew_while_choices_are_offered() -> None:
    asked = "type|name|label|appearance\nselect_one l|town|Which town?|search\ntext|t|T?|"
    assert "1 Town 11 North" in last(talk(asked, "south", "11", "town 11", choices=TOWNS))


def test_a_default_is_offered_and_taken_with_a_word() -> None:
    made = "type|name|label|default\ntext|home|Where do you live?|Qingjiang\ninteger|age|Age?|"
    assert "(Reply OK for: Qingjiang)" in last(talk(made))
    assert talk(made, "ok").answers() == {"home": "Qingjiang"}
    assert talk(made, "Deyang").answers() == {"home": "Deyang"}


def test_a_default_may_be_computed_from_what_was_said_before() -> None:
    made = (
        "type|name|label|default\ninteger|people|How many?|\ninteger|beds|Beds?|${people} + 1\ndate|day|When?|today()"
    )
    assert talk(made, "3", "yes", "ok").answers() == {"people": "3", "beds": "4", "day": "2026-11-02"}


def test_a_default_that_cannot_be_the_answer_is_not_offered() -> None:
    made = "type|name|label|default|constraint\ninteger|n|N?|99|. < 9"
    assert "Reply OK for" not in last(talk(made))


def test_a_default_choice_is_offered_by_its_label() -> None:
    asked = "type|name|label|default\nselect_one l|q|Q?|b\ntext|t|T?|"
    assert "(Reply OK for: Safety)" in last(talk(asked, choices=THREE))
    assert talk(asked, "ok", choices=THREE).answers() == {"q": "b"}


def test_a_read_only_value_is_said_and_not_asked() -> None:
    made = (
        "type|name|label|read_only|calculation|default\ninteger|a|A?|||\ninteger|b|Twice that:|yes|${a} * 2|\n"
        "text|c|Place:|yes||Qingjiang\ntext|d|D?|||"
    )
    trial = talk(made, "4", "x")
    assert trial.answers() == {"a": "4", "d": "x"}
    assert trial.computed() == {"b": "8", "c": "Qingjiang"}
    assert "Twice that: 8\nPlace: Qingjiang" in "\n".join(line.text for line in trial.lines)


def test_a_default_of_a_calculation_is_its_value() -> None:
    read = form("type|name|label|default\ntext|q|Q?|\nhidden|h||my town\nhidden|i||today()\ncalculate|d||${q}")
    assert {q.name: q.calculation for q in read.questions if q.calculation} == {
        "h": '"my town"', "i": "today()", "d": "${q}",
    }  # fmt: skip


def test_help_says_hint_and_guidance() -> None:
    made = "type|name|label|hint|guidance_hint\ntext|q|Q?|In a few words|Whatever you saw\ntext|r|R?||"
    said = last(talk(made, "help"))
    assert "In a few words\nWhatever you saw\n1/2 Q?" in said


def test_answers_are_filled_into_labels_hints_and_choices() -> None:
    made = "type|name|label|hint\ntext|who|Who?|\nselect_one l|q|How is ${who}?|About ${who}"
    choices = "list_name|name|label\nl|good|${who} is well\nl|bad|${who} is not"
    trial = talk(made, "Li", choices=choices)
    assert "How is Li?\n1 Li is well\n2 Li is not" in last(trial)
    assert "About Li" in last(talk(made, "Li", "help", choices=choices))
    assert talk(made, "Li", "Li is not", choices=choices).answers() == {"who": "Li", "q": "bad"}


def test_or_other_speaks_the_languages_of_the_form() -> None:
    made = "type|name|label::en|label::zh\nselect_one l or_other|q|Q?|问?"
    choices = "list_name|name|label::en|label::zh\nl|a|A|甲"
    trial = talk(made, "其他", "游泳", choices=choices, language="zh")
    assert trial.answers() == {"q": "other", "q_other": "游泳"}


def test_a_cascade_offers_only_what_fits() -> None:
    made = (
        "type|name|label|choice_filter\nselect_one p|province|Where?|\nselect_one c|city|Which city?|in = ${province}"
    )
    choices = "list_name|name|label|in\np|sc|Sichuan|\np|gs|Gansu|\nc|dy|Deyang|sc\nc|jq|Jiuquan|gs\nc|lz|Lanzhou|gs"
    trial = talk(made, "Gansu", choices=choices)
    assert "1 Jiuquan\n2 Lanzhou" in last(trial)
    assert "Deyang" not in last(trial)


def test_choices_of_one_name_are_told_apart_by_a_filter() -> None:
    made = "type|name|label|choice_filter\nselect_one p|p|Where?|\nselect_one c|c|Which?|in = ${p}"
    choices = "list_name|name|label|in\np|a|A|\np|b|B|\nc|king|King of A|a\nc|king|King of B|b"
    read = form(made, choices, "allow_choice_duplicates\nyes")
    assert "1 King of B" in last(talk(read, "B"))
    assert talk(read, "B", "1").answers() == {"p": "b", "c": "king"}


FRUIT = b"name,label::en,label::zh,season\nmango,Mango,\xe8\x8a\x92\xe6\x9e\x9c,summer\npear,Pear,\xe6\xa2\xa8,autumn\n"


def test_choices_come_from_a_table_handed_in_with_the_form() -> None:
    made = xlsx(
        sheets(
            "type|name|label::en\nselect_one_from_file fruit.csv|f|Which?\nselect_multiple_from_file fruit.csv|g|All?"
        )
    )
    read = read_form("f.xlsx", made, {"fruit.csv": FRUIT})
    assert [choice.label("en") for choice in read.question("f").choices] == ["Mango", "Pear"]
    assert (read.question("f").kind, read.question("g").kind) == (Kind.SELECT_ONE, Kind.SELECT_MULTIPLE)
    assert talk(read, "pear").answers() == {"f": "pear"}
    assert read_form_text(form_text(read)) == read


def test_choices_come_from_a_sheet_of_the_name_of_the_table() -> None:
    made = sheets(HEAD + "select_one_from_file fruit.csv|f|Which?")
    made["fruit"] = [["name", "label"], ["mango", "Mango"], ["pear", "Pear"]]
    assert talk(read_form("f.xlsx", xlsx(made)), "2").answers() == {"f": "pear"}


def test_parameters_name_the_columns_of_a_table_and_a_filter_asks_for_others() -> None:
    made = xlsx(
        sheets(
            "type|name|label|parameters|choice_filter\ntext|when|When?||\n"
            "select_one_from_file f.csv|f|Which?|value=code label=called|season = ${when}"
        )
    )
    table = b"code,called,season\nm,Mango,summer\np,Pear,autumn\n"
    trial = talk(read_form("f.xlsx", made, {"f.csv": table}), "autumn")
    assert "1 Pear" in last(trial)
    assert "Mango" not in last(trial)


def test_a_table_saved_in_a_chinese_spreadsheet_is_read() -> None:
    made = xlsx(sheets("type|name|label\nselect_one_from_file f.csv|f|哪个?"))
    read = read_form("f.xlsx", made, {"f.csv": "name,label\na,芒果\n".encode("gb18030")})
    assert read.question("f").choices[0].label("zh") == "芒果"


def test_a_form_with_tables_is_another_form_when_a_table_changes() -> None:
    assert (
        len({digest_of(b"x"), digest_of(b"x", {"a": b"1"}), digest_of(b"x", {"a": b"2"}), digest_of(b"x", {"b": b"1"})})
        == 4
    )


def test_pulldata_looks_up_the_first_row_of_a_key() -> None:
    made = xlsx(
        sheets(
            "type|name|label|calculation\ntext|item|Item?|\n"
            "calculate|price||pulldata('prices', 'price', 'item', ${item})\n"
            "note|n|It costs ${price}.|\ntext|t|T?|"
        )
    )
    table = b"item,price,other\ntea,5,x\ntea,6,x\nrice,7,x\n"
    read = read_form("f.xlsx", made, {"prices.csv": table})
    assert read.tables["prices"][0] == {"item": "tea", "price": "5"}
    assert "It costs 5." in last(talk(read, "tea"))
    assert "It costs ." in last(talk(read, "gold"))
    assert read_form_text(form_text(read)) == read


def test_itext_is_the_label_or_hint_of_a_row() -> None:
    made = (
        "type|name|label::en|label::zh|hint::en|calculation\ntext|q|Your town?|您的城镇?|By name|\n"
        "calculate|c||||jr:itext('/data/q:label')\ncalculate|d||||jr:itext('/data/q:hint')\ntext|t|${c} ${d}|问|||"
    )
    assert "Your town? By name" in last(talk(made, "x"))


def test_choice_name_speaks_in_a_label() -> None:
    made = (
        HEAD.strip() + "|calculation\nselect_one l|q|Q?|\ncalculate|c||jr:choice-name(${q}, '${q}')\ntext|t|So: ${c}?|"
    )
    assert "So: Safety?" in last(talk(made, "2", choices=THREE))


def test_once_keeps_what_was_first() -> None:
    made = "type|name|label|calculation\ncalculate|first||once(now())\ntext|a|A?|\ntext|b|B?|"
    trial = talk(made, "x", "y")
    assert trial.computed()["first"] == "2026-11-02T10:00:00.000+08:00"


def test_messages_of_the_author_are_said() -> None:
    made = (
        "type|name|label|constraint|constraint_message|required|required_message\n"
        "integer|n|N?|. < 9|Below nine.|yes|We need it."
    )
    assert last(talk(made, "12")).startswith("Below nine.")
    assert "We need it." in last(talk(made, "skip"))


def test_sheets_and_settings_that_change_nothing_are_named() -> None:
    made = sheets(HEAD + "text|q|Q?", "", "form_title|public_key|defualt_language\nT|abc|en")
    made["entities"] = [["list_name", "label"], ["trees", "x"]]
    made["osm"] = [["list_name"], ["x"]]
    _, problems = inspect_form("f.xlsx", xlsx(made))
    found = [(problem.code, problem.sheet, problem.row, problem.field) for problem in problems]
    assert found == [
        ("ignored", "settings", 2, "public_key"),
        ("unknown_setting", "settings", 2, "defualt_language"),
        ("ignored", "entities", 0, ""),
        ("ignored", "osm", 0, ""),
    ]


def test_a_sheet_whose_name_is_a_slip_is_named() -> None:
    made = sheets(HEAD + "text|q|Q?")
    made["choises"] = [["list_name", "name"], ["l", "a"]]
    _, problems = inspect_form("f.xlsx", xlsx(made))
    assert [(problem.code, problem.sheet) for problem in problems] == [("unknown_sheet", "choises")]


@pytest.mark.parametrize(
    "appearance", ["multiline", "numbers", "likert", "horizontal", "columns-2", "quick", "signature"]
)
def test_appearances_for_screens_change_nothing(appearance: str) -> None:
    assert remarks(f"type|name|label|appearance\ntext|q|Q?|{appearance}") == []
    assert remarks(f"type|name|label|appearance\nselect_one l|q|Q?|{appearance}", THREE) == []
