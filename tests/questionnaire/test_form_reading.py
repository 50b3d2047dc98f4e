"""A workbook is read into a form, or everything that is wrong with it is said at once, each with its place."""

from __future__ import annotations

import hashlib

import pytest
from made_workbooks import form, one_csv, refusals, remarks, sheets, xlsx

from surveys.problem import Refused, Severity
from surveys.questionnaire.form import Choice, Kind
from surveys.questionnaire.xlsform import inspect_form, read_form

YES_NO = "list_name|name|label\nyn|yes|Yes\nyn|no|No"


def test_every_type_that_is_asked_here_is_read() -> None:
    read = form(
        """type|name|label|calculation
        text|t|Text?|
        integer|i|Integer?|
        decimal|d|Decimal?|
        date|when|Date?|
        note|n|Note|
        select_one yn|one|One?|
        select_multiple yn|many|Many?|
        calculate|c||1 + 1
        hidden|h||""",
        YES_NO,
    )
    assert [question.kind for question in read.questions] == [
        Kind.TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.NOTE, Kind.SELECT_ONE, Kind.SELECT_MULTIPLE,
        Kind.CALCULATE, Kind.HIDDEN,
    ]  # fmt: skip
    assert read.question("one").choices == (Choice("yes", {"en": "Yes"}), Choice("no", {"en": "No"}))
    assert [question.row for question in read.questions] == list(range(2, 11))


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Text", Kind.TEXT), ("string", Kind.TEXT), ("add text prompt", Kind.TEXT), ("int", Kind.INTEGER),
        ("q decimal", Kind.DECIMAL), ("select one yn", Kind.SELECT_ONE), ("select1 yn", Kind.SELECT_ONE),
        ("select one from yn", Kind.SELECT_ONE), ("Select_One  yn", Kind.SELECT_ONE),
        ("select all that apply from yn", Kind.SELECT_MULTIPLE), ("select multiple yn", Kind.SELECT_MULTIPLE),
    ],
)  # fmt: skip
def test_types_are_read_in_the_spellings_of_old_workbooks(written: str, kind: Kind) -> None:
    assert form(f"type|name|label\n{written}|q|Q?", YES_NO).question("q").kind is kind


def test_the_digest_is_that_of_the_file() -> None:
    data = xlsx(sheets("type|name|label\ntext|q|Q?"))
    assert read_form("f.xlsx", data).digest == hashlib.sha256(data).hexdigest()


def test_the_same_form_comes_from_excel_and_from_csv() -> None:
    made = sheets("type|name|label|relevant\nselect_one yn|a|A?|\ntext|b|B?|${a} = 'yes'", YES_NO, "form_id\nsame")
    excel, text = read_form("f.xlsx", xlsx(made)), read_form("f.csv", one_csv(made))
    assert [q.label("en") for q in excel.questions] == [q.label("en") for q in text.questions]
    assert [q.relevant for q in excel.questions] == [q.relevant for q in text.questions]
    assert (excel.name, text.name) == ("same", "same")
    assert [q.row for q in text.questions] == [3, 4]


def test_translations_are_kept_by_language() -> None:
    read = form(
        "type|name|label::中文 (zh)|label::English (en)|hint::English\nselect_one yn|q|问题|Question|Help",
        "list_name|name|label::Chinese|label::en\nyn|yes|是|Yes\nyn|no|否|No",
        "form_title|form_title_en|default_language\n标题|Title|中文 (zh)",
    )
    question = read.question("q")
    assert question.labels == {"zh": "问题", "en": "Question"}
    assert question.hints == {"en": "Help"}
    assert question.choices[0].labels == {"zh": "是", "en": "Yes"}
    assert (read.languages, read.default_language) == (("zh", "en"), "zh")
    assert (read.title("zh"), read.title("en")) == ("标题", "Title")


@pytest.mark.parametrize(
    ("survey", "settings", "languages", "labels", "why"),
    [
        ("type|name|label\ntext|q|Why?", "", ("en",), {"en": "Why?"}, "plain labels in Latin letters"),
        ("type|name|label\ntext|q|为什么?", "", ("zh",), {"zh": "为什么?"}, "plain labels in Chinese"),
        (
            "type|name|label|label::en\ntext|q|Pourquoi?|Why?", "default_language\nFrench", ("fr", "en"),
            {"fr": "Pourquoi?", "en": "Why?"}, "plain labels are in the default language",
        ),
        (
            "type|name|label|label::en\ntext|q|Pourquoi?|Why?", "", ("en",), {"": "Pourquoi?", "en": "Why?"},
            "a language that cannot be told stays unnamed",
        ),
        (
            "type|name|label|label::zh\ntext|q|old|新", "default_language\nzh", ("zh",), {"zh": "新"},
            "a column of the default language wins over the plain one",
        ),
    ],
)  # fmt: skip
def test_labels_without_a_language_are_in_the_default_language(
    survey: str, settings: str, languages: tuple[str, ...], labels: dict[str, str], why: str
) -> None:
    read = form(survey, "", settings)
    assert (read.languages, read.question("q").labels) == (languages, labels), why


def test_conditions_of_groups_reach_their_questions() -> None:
    read = form(
        """type|name|label|relevant
        integer|age|Age?|
        begin group|g|Group|${age} > 17
        text|a|A?|
        begin_group|h|Inner|${a} != ''
        text|b|B?|${age} < 60
        end_group||
        end group|||"""
    )
    assert read.question("a").relevant == "${age} > 17"
    assert read.question("b").relevant == "(${age} > 17) and (${a} != '') and (${age} < 60)"
    assert read.question("b").path == "g/h/b"


def test_or_other_adds_a_choice_and_the_question_which() -> None:
    read = form("type|name|label\nselect_one yn or_other|q|Q?", YES_NO)
    assert read.question("q").choices[-1] == Choice("other", {"en": "Other"})
    which = read.question("q_other")
    assert (which.kind, which.relevant, which.required) == (Kind.TEXT, "selected(${q}, 'other')", "")


def test_or_other_speaks_the_languages_of_the_form() -> None:
    read = form(
        "type|name|label::zh|label::en\nselect_multiple l or other|q|问|Q?",
        "list_name|name|label::zh|label::en\nl|a|甲|A",
    )
    assert read.question("q").choice("other") == Choice("other", {"zh": "其他", "en": "Other"})


def test_extra_columns_give_synonyms_hidden_choices_and_satisfaction() -> None:
    read = form(
        "type|name|label|role\nselect_one l|q|Q?|key\ntext|t|T?|complaint",
        "list_name|name|label|synonyms|hidden|satisfied\nl|a|A|fine; good ｜great||yes\nl|b|B|||\nl|c|C||yes|",
    )
    assert read.question("q").choices[0].synonyms == ("fine", "good", "great")
    assert [choice.hidden for choice in read.question("q").choices] == [False, False, True]
    assert read.satisfied == {"q": ("a",)}
    assert [question.role for question in read.questions] == ["key", "complaint"]


def test_metadata_rows_are_passed_over_unless_something_refers_to_them() -> None:
    read = form(
        """type|name|label|relevant
        start|start||
        today|day||
        deviceid|device||
        audit|audit||
        text|q|Said on ${day}?|${device} = ''"""
    )
    assert {q.name: q.calculation for q in read.questions if q.name != "q"} == {"day": "today()", "device": "''"}


def test_required_is_read_as_people_write_it() -> None:
    read = form("type|name|label|required\ntext|a|A|yes\ntext|b|B|TRUE\ntext|c|C|no\ntext|d|D|${a} = 'x'\ntext|e|E|")
    assert [question.required for question in read.questions] == ["true()", "true()", "", "${a} = 'x'", ""]


def test_constraints_and_messages_are_read() -> None:
    read = form(
        "type|name|label|constraint|constraint_message|required|required_message\ninteger|a|A|. < 9|Below 9|yes|Please"
    )
    question = read.question("a")
    assert (question.constraint, question.constraint_messages) == (". < 9", {"en": "Below 9"})
    assert question.required_messages == {"en": "Please"}


def test_a_choice_filter_keeps_only_the_columns_it_asks_for() -> None:
    read = form(
        "type|name|label|choice_filter\nselect_one s|state|S?|\nselect_one c|county|C?|in=${state}",
        "list_name|name|label|in|colour\ns|t|T||\nc|k|K|t|red\nc|m|M|w|blue",
    )
    assert [choice.columns for choice in read.question("county").choices] == [{"in": "t"}, {"in": "w"}]
    assert [choice.columns for choice in read.question("state").choices] == [{}]


def test_a_bare_word_in_a_choice_filter_that_is_no_column_is_a_text_and_said_so() -> None:
    survey = "type|name|label|choice_filter\nselect_one c|q|Q?|pastel=yes"
    assert remarks(survey, "list_name|name|label|pastel\nc|a|A|yes\nc|b|B|no") == [
        ("unknown_column", "survey", 2, "choice_filter")
    ]


def test_calculations_stand_after_those_they_use() -> None:
    read = form(
        """type|name|label|calculation
        calculate|last||${first} + 1
        integer|a|A?|
        calculate|first||${a} + 1"""
    )
    assert [question.name for question in read.questions] == ["first", "a", "last"]


def test_one_name_in_two_groups_is_kept_under_two_names() -> None:
    survey = """type|name|label
        begin group|g|
        text|why|Why?
        end group||
        begin group|h|
        text|why|And why?
        end group||"""
    assert [question.name for question in form(survey).questions] == ["why", "h_why"]
    assert remarks(survey) == [("renamed", "survey", 6, "name")]


def test_rows_that_are_switched_off_or_remarks_are_left_out() -> None:
    read = form("type|name|label|disabled|remark\ntext|a|A?|yes|\n||||only a remark\ntext|b|B?||")
    assert [question.name for question in read.questions] == ["b"]


def test_a_note_needs_no_name() -> None:
    assert form("type|name|label\nnote||Hello\ntext|q|Q?").questions[0].name == "note_2"


def test_a_read_only_text_is_a_note_and_a_computed_one_a_calculation() -> None:
    read = form("type|name|label|read_only|calculation\ntext|a|A|yes|\ntext|b|B||1 + 1\ntext|c|C||")
    assert [question.kind for question in read.questions] == [Kind.NOTE, Kind.CALCULATE, Kind.TEXT]


def test_the_only_sheet_is_the_survey_if_it_looks_like_one() -> None:
    read = read_form("f.xlsx", xlsx({"Sheet1": [["type", "name", "label"], ["text", "q", "Q?"]]}))
    assert [question.name for question in read.questions] == ["q"]


HEAD = "type|name|label\n"
#: (survey, choices, settings, code, sheet, row, column): one row for each reason to refuse.
REFUSED = [
    ("name|label\nq|Q?", "", "", "missing_column", "survey", 1, "type"),
    (HEAD + "select_one yn|q|Q?", "list_name|label\nyn|Yes", "", "missing_column", "choices", 1, "name"),
    ("type|name|label|caption\ntext|q|Q?|Q", "", "", "duplicate_header", "survey", 1, "caption"),
    ("type|name|label::en|label::English\ntext|q|Q?|Q", "", "", "duplicate_header", "survey", 1, "label::English"),
    (HEAD + "note|n|Hello", "", "", "no_question", "survey", 0, ""),
    (HEAD + "|q|Q?", "", "", "missing_type", "survey", 2, "type"),
    (HEAD + "txt|q|Q?", "", "", "unknown_type", "survey", 2, "type"),
    (HEAD + "wizard|q|Q?", "", "", "unknown_type", "survey", 2, "type"),
    (HEAD + "geotrace|q|Q?", "", "", "unsupported_type", "survey", 2, "type"),
    (HEAD + "osm|q|Q?", "", "", "unsupported_type", "survey", 2, "type"),
    (HEAD + "rank yn or_other|q|Q?", YES_NO, "", "unsupported_type", "survey", 2, "type"),
    (HEAD + "select_one_from_file a.csv|q|Q?", "", "", "missing_list", "survey", 2, "type"),
    (HEAD + "select_one_from_file a.xml|q|Q?", "", "", "unsupported_type", "survey", 2, "type"),
    (HEAD + "select_one_from_file|q|Q?", "", "", "missing_list", "survey", 2, "type"),
    (HEAD + "select_one a.csv|q|Q?", "", "", "unsupported_type", "survey", 2, "type"),
    (HEAD + "select_one_external a|q|Q?", "", "", "unsupported_type", "survey", 2, "type"),
    (
        HEAD + "text|a|A\nbegin loop over yn|l|L\ntext|q|Q?\nend loop||",
        YES_NO, "", "unsupported_type", "survey", 3, "type",
    ),
    ("type|name|label|parameters\nrange|q|Q?|start=5 end=1", "", "", "bad_range", "survey", 2, "parameters"),
    (
        "type|name|label|appearance\nselect_one yn|q|Q?|search('a')",
        YES_NO, "", "unsupported_appearance", "survey", 2, "appearance",
    ),
    ("type|name|label|default\nselect_one yn|q|Q?|maybe", YES_NO, "", "unknown_choice", "survey", 2, "default"),
    ("type|name|label|default\ntext|q|Q?|${nope}", "", "", "unknown_name", "survey", 2, "default"),
    ("type|name|label|label\ntext|q|Q?|Q", "", "", "duplicate_header", "survey", 1, "label"),
    (
        "type|name|label|calculation\ntext|q|Q?|\ncalculate|c||pulldata('f', 'a', 'b', ${q})",
        "", "", "missing_list", "survey", 3, "calculation",
    ),
    (HEAD + "select_one ${a}|q|Q?", "", "", "unsupported_type", "survey", 2, "type"),
    (HEAD + "select_one|q|Q?", YES_NO, "", "missing_list", "survey", 2, "type"),
    (HEAD + "select_one or_other|q|Q?", YES_NO, "", "missing_list", "survey", 2, "type"),
    (HEAD + "text|a|A\nselect_one nope|q|Q?", YES_NO, "", "missing_list", "survey", 3, "type"),
    (HEAD + "text||Q?", "", "", "missing_name", "survey", 2, "name"),
    (HEAD + "text|1st|Q?", "", "", "bad_name", "survey", 2, "name"),
    (HEAD + "text|my name|Q?", "", "", "bad_name", "survey", 2, "name"),
    (HEAD + "text|q|Q?\ntext|q|Q?", "", "", "duplicate_name", "survey", 3, "name"),
    (HEAD + "text|q|", "", "", "missing_label", "survey", 2, "label"),
    (HEAD + "text|q|Q?\ncalculate|c|", "", "", "missing_calculation", "survey", 3, "calculation"),
    (HEAD + "text|q|Q?\nbegin group|g|", "", "", "unbalanced_group", "survey", 3, "type"),
    (HEAD + "text|q|Q?\nend group||", "", "", "unbalanced_group", "survey", 3, "type"),
    (HEAD + "text|q|Q?", "list_name|name|label\nyn||Yes", "", "missing_name", "choices", 2, "name"),
    (HEAD + "text|q|Q?", "list_name|name|label\n|yes|Yes", "", "missing_list", "choices", 2, "list_name"),
    (HEAD + "text|q|Q?", YES_NO + "\nyn|yes|Again", "", "duplicate_choice", "choices", 4, "name"),
    (HEAD + "text|q|Q?", "list name|name|label|hidden\nyn|a|A|maybe", "", "not_yes_or_no", "choices", 2, "hidden"),
    (HEAD + "select_multiple l|q|Q?", "list_name|name|label\nl|a b|A", "", "bad_name", "choices", 2, "name"),
    ("type|name|label|relevant\ntext|q|Q?|${nope} = 1", "", "", "unknown_name", "survey", 2, "relevant"),
    ("type|name|label|constraint\ntext|q|Q?|. > ${nope}", "", "", "unknown_name", "survey", 2, "constraint"),
    ("type|name|label|required\ntext|q|Q?|${nope} = 1", "", "", "unknown_name", "survey", 2, "required"),
    ("type|name|label|calculation\ntext|q|Q?|\ncalculate|c||${x}", "", "", "unknown_name", "survey", 3, "calculation"),
    ("type|name|label::en\ntext|q|Dear ${nope}?", "", "", "unknown_name", "survey", 2, "label::en"),
    (HEAD + "select_one l|q|Q?", "list_name|name|label\nl|a|${nope}", "", "unknown_name", "choices", 2, "label"),
    ("type|name|label|relevance\ntext|q|Q?|1 ==", "", "", "syntax", "survey", 2, "relevance"),
    ("type|name|label|relevant\ntext|a|A|\ntext|q|Q?|a = 1", "", "", "syntax", "survey", 3, "relevant"),
    ("type|name|label|relevant\ntext|q|Q?|foo(1)", "", "", "unknown_function", "survey", 2, "relevant"),
    ("type|name|label|relevant\ntext|q|Q?|not()", "", "", "arguments", "survey", 2, "relevant"),
    ("type|name|label|relevant\ntext|q|Q?|${z} = 1\ntext|z|Z|", "", "", "forward_reference", "survey", 2, "relevant"),
    ("type|name|label|relevant\ntext|q|Q?|${q} = 1", "", "", "forward_reference", "survey", 2, "relevant"),
    (
        "type|name|label|relevant|calculation\ncalculate|c|||${q}\ntext|q|Q?|${c} = 1|",
        "", "", "forward_reference", "survey", 3, "relevant",
    ),
    (
        "type|name|label|relevant\nbegin group|g||${q} = 1\ntext|q|Q?|\nend group|||",
        "", "", "forward_reference", "survey", 2, "relevant",
    ),
    (
        "type|name|label|calculation\ntext|q|Q?|\ncalculate|a||${b}\ncalculate|b||${a}",
        "", "", "cycle", "survey", 3, "calculation",
    ),
    (
        HEAD.strip() + "|relevant\nbegin group|g||\ntext|a|A|\nend group|||\nbegin group|h||\ntext|a|A|\nend group|||\n"
        "text|q|Q?|${a} = 1",
        "", "", "ambiguous_name", "survey", 8, "relevant",
    ),
    (HEAD + "text|meta|Q?", "", "", "not_xlsform", "survey", 2, ""),
    (HEAD + "text|a|A\n\ntext|instanceID|Q?\ntext|meta|Q?", "", "", "not_xlsform", "survey", 5, ""),
]  # fmt: skip


@pytest.mark.parametrize("fault", REFUSED)
def test_each_fault_is_named_with_sheet_row_and_column(fault: tuple[str, str, str, str, str, int, str]) -> None:
    survey, choices, settings, *place = fault
    assert refusals(survey, choices, settings) == [tuple(place)]


def test_all_faults_are_said_at_once_in_the_order_of_the_workbook() -> None:
    found = refusals(
        "type|name|label|relevant\ngeotrace|g|G?|\ntext||Q?|\nselect_one l|s|S?|${nope}\ntext|t||foo()",
        "list_name|name|label\nyn|yes|Yes\nyn|yes|Yes",
    )
    assert found == [
        ("unsupported_type", "survey", 2, "type"),
        ("missing_name", "survey", 3, "name"),
        ("missing_list", "survey", 4, "type"),
        ("unknown_name", "survey", 4, "relevant"),
        ("missing_label", "survey", 5, "label"),
        ("unknown_function", "survey", 5, "relevant"),
        ("duplicate_choice", "choices", 3, "name"),
    ]


@pytest.mark.parametrize(
    ("survey", "choices", "code", "place"),
    [
        (HEAD + "select_one l|q|Q?", "list_name|name|label\nl|a|", "missing_label", ("choices", 2, "label")),
        (
            "type|name|label|constraint_message\ntext|q|Q?|No!", "",
            "message_without_constraint", ("survey", 2, "constraint_message"),
        ),
        ("type|name|label::en|label::zh\ntext|q|Q?|", "", "missing_translation", ("survey", 2, "label::zh")),
        ("type|name|label|default\nselect_one yn|q|Q?|yes", YES_NO, "leading_default", ("survey", 2, "default")),
        ("type|name|label|relevent\ntext|q|Q?|", "", "unknown_column", ("survey", 1, "relevent")),
        ("type|name|label|media::image\ntext|q|Q?|a.png", "", "ignored", ("survey", 2, "media::image")),
        (
            "type|name|label|parameters\nselect_one yn|q|Q?|randomize=true", YES_NO,
            "ignored", ("survey", 2, "parameters"),
        ),
        ("type|name|label|appearance\ntext|q|Q?|ex:org.app(x='1')", "", "ignored", ("survey", 2, "appearance")),
        (
            HEAD + "select_one yn|q|Q?", "list_name|name|label|image\nyn|yes|Yes|a.png",
            "ignored", ("choices", 2, "image"),
        ),
        (
            "type|name|label|calculation|trigger\ntext|a|A||\ncalculate|c||now()|${a}", "",
            "ignored", ("survey", 3, "trigger"),
        ),
        (
            HEAD + "select_one l|q|Q?", "list_name|name|label\n" + "\n".join(f"l|c{n}|C{n}" for n in range(21)),
            "long_list", ("survey", 2, "type"),
        ),
        (
            "type|name|label::en|label::zh\nselect_one yn|q|Q?|问", "list_name|name|label::en|label::zh\nyn|yes|Yes|",
            "missing_translation", ("choices", 2, "label::zh"),
        ),
        ("type|name|label|role\ntext|q|Q?|boss", "", "unknown_role", ("survey", 2, "role")),
        ("type|name|label|calculation\ntext|a|A|\ntext|q|Q?|1", "", "computed", ("survey", 3, "calculation")),
    ],
)  # fmt: skip
def test_what_is_only_odd_is_a_warning(survey: str, choices: str, code: str, place: tuple[str, int, str]) -> None:
    assert remarks(survey, choices) == [(code, *place)]


def test_a_warning_never_refuses_a_form() -> None:
    _, problems = inspect_form("f.xlsx", xlsx(sheets("type|name|label|role\ntext|q|Q?|boss")))
    assert [problem.severity for problem in problems] == [Severity.WARNING]


def test_rows_are_named_as_the_spreadsheet_program_numbers_them_even_after_blank_rows() -> None:
    made = {"survey": [[], ["type", "name", "label"], [], [], ["geotrace", "g", "G?"]]}
    with pytest.raises(Refused) as caught:
        read_form("f.xlsx", xlsx(made))
    assert [problem.row for problem in caught.value.problems] == [5]


def test_a_refusal_reads_well_in_both_languages() -> None:
    with pytest.raises(Refused) as caught:
        read_form("表.xlsx", xlsx(sheets(HEAD + "geotrace|g|G?")))
    (problem,) = caught.value.problems
    assert problem.text("en") == (
        "表.xlsx, sheet survey, row 2, type: “geotrace” is not supported in a phone conversation. "
        "Ask for one place with geopoint, or leave the row out."
    )
    assert problem.what.text("zh") == "手机对话不支持“geotrace”。"


def test_a_workbook_without_a_survey_sheet_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        read_form("f.xlsx", xlsx({"people": [["id"], ["1"]]}))
    assert [problem.code for problem in caught.value.problems] == ["no_survey"]


def test_a_list_too_long_to_choose_from_is_refused() -> None:
    lines = "list_name|name|label\n" + "\n".join(f"l|c{n}|C{n}" for n in range(201))
    assert refusals(HEAD + "select_one l|q|Q?", lines) == [("too_many_choices", "survey", 2, "type")]
