"""A workbook with twenty mistakes is told all twenty in one pass, each where it stands, and nothing else."""

from __future__ import annotations

import pytest
from made_workbooks import one_csv, place, rows, xlsx

from surveys.problem import Refused, Severity
from surveys.questionnaire.xlsform import read_form

SURVEY = """
type|name|label|relevant|constraint|calculation|choice_filter|default|required|label|parameters
text|who|Your name?||||||||
texte|street|Your street?||||||||
integer|age|Your age?|${street} = 'x'|. > 0 and||||||
select_one yesno|used|Have you used it?||||||||
select_one yn|liked|Did you like it?|${usd} = 'yes'||||||
text||What else?|||||||
decimal|my sum|What did it cost?|||||||
text|who|Your name again?||||||||
integer|rooms||||||||
calculate|total|||||||||
calculate|one|||| ${two} + 1||||
calculate|two|||| ${one} + 1||||
text|why|Why?|${later} = 'x'|||||||
text|later|And later?||||||||
begin group|house|House|||||||
select_one yn|warm|Is it warm?|||||maybe|||
range|score|How many points?||||||||start=9 end=1
geoshape|area|Where is it?||||||||
text|note|Anything else?|regx(${who}, 'a')|||||||
|lost|Who wrote this?|||||||
select_multiple spaced|many|Which ones?|||||||
"""
CHOICES = """
list_name|name|label|hidden
yn|yes|Yes|
yn|no|No|perhaps
yn|yes|Yes again|
yn||Nobody|
|stray|Stray|
spaced|a b|A and B|
"""
PLANTED = {
    ("duplicate_header", "survey", 1, "label"): "two columns of one name",
    ("unknown_type", "survey", 3, "type"): "a type misspelt; what refers to its row is no second mistake",
    ("syntax", "survey", 4, "constraint"): "an expression cut off",
    ("missing_list", "survey", 5, "type"): "a list nobody wrote",
    ("unknown_name", "survey", 6, "relevant"): "a name misspelt",
    ("missing_name", "survey", 7, "name"): "no name",
    ("bad_name", "survey", 8, "name"): "a blank in a name",
    ("duplicate_name", "survey", 9, "name"): "a name used twice",
    ("missing_label", "survey", 10, "label"): "nothing to say",
    ("missing_calculation", "survey", 11, "calculation"): "nothing to compute",
    ("cycle", "survey", 12, "calculation"): "two that need each other",
    ("forward_reference", "survey", 14, "relevant"): "an answer not given yet",
    ("unbalanced_group", "survey", 16, "type"): "a group never closed",
    ("unknown_choice", "survey", 17, "default"): "a default that is no choice",
    ("bad_range", "survey", 18, "parameters"): "a range upside down",
    ("unsupported_type", "survey", 19, "type"): "a type no message can answer",
    ("unknown_function", "survey", 20, "relevant"): "a function misspelt",
    ("missing_type", "survey", 21, "type"): "no type",
    ("bad_name", "choices", 7, "name"): "a choice with a blank, of which several may be chosen",
    ("not_yes_or_no", "choices", 3, "hidden"): "neither yes nor no",
    ("duplicate_choice", "choices", 4, "name"): "a choice twice",
    ("missing_name", "choices", 5, "name"): "a choice without a name",
    ("missing_list", "choices", 6, "list_name"): "a choice of no list",
}


def sheets() -> dict[str, list[list[str]]]:
    return {"survey": rows(SURVEY), "choices": rows(CHOICES)}


def test_every_planted_mistake_is_found_in_one_pass_and_nothing_else() -> None:
    with pytest.raises(Refused) as caught:
        read_form("form.xlsx", xlsx(sheets()))
    errors = [problem for problem in caught.value.problems if problem.severity is Severity.ERROR]
    assert sorted(map(place, errors)) == sorted(PLANTED)
    assert len(errors) >= 20
    assert len({problem.what.text("en") + problem.place() for problem in errors}) == len(errors)


def test_the_same_mistakes_are_found_in_a_csv() -> None:
    """There the rows are those of the file: the survey sheet begins in its second row."""
    with pytest.raises(Refused) as caught:
        read_form("form.csv", one_csv(sheets()))
    errors = [problem for problem in caught.value.problems if problem.severity is Severity.ERROR]
    below = {"survey": 1, "choices": 1 + len(rows(SURVEY)) + 1}
    assert sorted(map(place, errors)) == sorted((code, s, row + below[s], field) for code, s, row, field in PLANTED)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_finding_says_what_to_do(language: str) -> None:
    with pytest.raises(Refused) as caught:
        read_form("form.xlsx", xlsx(sheets()))
    for problem in caught.value.problems:
        assert problem.fix.text(language), problem
        assert "{" not in problem.text(language).replace("${", ""), problem
