"""Every feature of the XLSForm standard by its public name, and what becomes of it in a conversation.

The names are those of the XLSForm reference table, of pyxform and of the ODK XForms specification. A supported feature
names the test that shows it; one that is ignored changes nothing, which a warning says where somebody might count on
it; one that is refused is refused with its row and what to do instead. `python -m surveys.questionnaire.features`
prints the table as `docs/xlsform.md`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """What becomes of a feature."""

    SUPPORTED = "supported"
    IGNORED = "ignored"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Feature:
    """One name of the standard; `kind` is type, column, choice column, setting, sheet, appearance or function.

    `test` is `file::test` below tests/, '' for what is not supported.
    """

    name: str
    kind: str
    status: Status
    note: str = ""
    test: str = ""


_TYPES, _READING = "questionnaire/test_types.py::", "questionnaire/test_form_reading.py::"
_VALUES = "questionnaire/test_expression.py::test_an_expression_has_the_value_the_specification_gives_it"
_REPEATS = "questionnaire/test_repeats.py::"
_ONE_AFTER_ANOTHER = _REPEATS + "test_instances_are_asked_one_after_another_and_after_each_whether_there_is_another"
_INSIDE = _REPEATS + "test_an_expression_inside_a_repeat_sees_its_own_instance"
_COUNTED = _REPEATS + "test_the_form_may_say_how_many_instances_there_are"
_KEPT = _TYPES + "test_what_is_replied_is_kept_as_the_standard_stores_it"
_EVERY = _READING + "test_every_type_that_is_asked_here_is_read"
_META = _READING + "test_metadata_rows_are_passed_over_unless_something_refers_to_them"
_YES, _NOT, _NO = Status.SUPPORTED, Status.IGNORED, Status.REFUSED


def _all(names: str, kind: str, status: Status, note: str = "", test: str = "") -> Iterator[Feature]:
    """Return one feature for each name, parted by `|`."""
    for name in names.split("|"):
        yield Feature(name, kind, status, note, test)


def _types() -> Iterator[Feature]:
    yield from _all("text|integer|decimal|date|note|calculate|hidden", "type", _YES, "", _EVERY)
    yield from _all("select_one|select_multiple", "type", _YES, "by number, letter, label or synonym", _EVERY)
    yield from _all(
        "select_one … or_other|select_multiple … or_other",
        "type", _YES, "adds “Other” and asks which, in each language",
        _TYPES + "test_or_other_speaks_the_languages_of_the_form",
    )  # fmt: skip
    yield from _all(
        "select_one_from_file|select_multiple_from_file", "type", _YES,
        "a CSV handed in with the form, or a sheet of its name",
        _TYPES + "test_choices_come_from_a_table_handed_in_with_the_form",
    )  # fmt: skip
    yield from _all("rank", "type", _YES, "“3 1 2”, “B>A>C”", _TYPES + "test_rank_takes_an_order_of_all_choices")
    yield from _all("range", "type", _YES, "a number", _TYPES + "test_range_is_a_number_within_its_bounds")
    yield from _all(
        "percentage|number of days in last month|number of days in last six months|number of days in last year",
        "type", _YES, "a whole number within bounds", _TYPES + "test_percentage_and_its_like_are_numbers_within_bounds",
    )  # fmt: skip
    yield from _all("acknowledge|trigger", "type", _YES, "“OK”", _TYPES + "test_acknowledge_takes_one_word")
    yield from _all("time|datetime", "type", _YES, "“15:30”, “3 pm”, “昨天下午三点”", _KEPT)
    yield from _all("geopoint", "type", _YES, "sent from the map, or coordinates; no address", _KEPT)
    yield from _all("image|audio|video|file", "type", _YES, "sent, where the channel carries it", _KEPT)
    yield from _all("barcode", "type", _YES, "typed as a text", _KEPT)
    yield from _all(
        "begin_group|end_group", "type", _YES, "its relevance reaches its questions",
        _READING + "test_conditions_of_groups_reach_their_questions",
    )  # fmt: skip
    yield from _all(
        "begin_repeat|end_repeat", "type", _YES, "counted, or asked “another?” after each", _ONE_AFTER_ANOTHER
    )
    yield from _all("start|end|today", "type", _YES, "computed where something refers to it", _META)
    yield from _all(
        "deviceid|username|email|phonenumber|subscriberid|simserial|audit|start-geopoint|background-geopoint"
        "|background-audio",
        "type", _NOT, "there is no device to ask; empty where something refers to it",
    )  # fmt: skip
    yield from _all("csv-external|xml-external", "type", _NOT, "tables are handed in beside the form")
    yield from _all("geotrace|geoshape", "type", _NO, "no message holds a line or an area")
    yield from _all("osm", "type", _NO, "needs a map application")
    yield from _all("select_one_external", "type", _NO, "use select_one_from_file or the choices sheet")
    yield from _all("begin_loop", "type", _NO, "use a repeat")


def _columns() -> Iterator[Feature]:
    yield from _all("type|name|label", "column", _YES, "", _EVERY)
    yield from _all("label::language", "column", _YES, "", _READING + "test_translations_are_kept_by_language")
    yield from _all("hint|guidance_hint", "column", _YES, "said on “help”", _TYPES + "test_help_says_hint_and_guidance")
    yield from _all("relevant", "column", _YES, "", _READING + "test_conditions_of_groups_reach_their_questions")
    yield from _all(
        "constraint|constraint_message|required_message", "column", _YES, "",
        _READING + "test_constraints_and_messages_are_read",
    )  # fmt: skip
    yield from _all(
        "required", "column", _YES, "yes, no or an expression", _READING + "test_required_is_read_as_people_write_it"
    )
    yield from _all(
        "default",
        "column",
        _YES,
        "offered: “Reply OK for …”",
        _TYPES + "test_a_default_is_offered_and_taken_with_a_word",
    )
    yield from _all(
        "default (dynamic)", "column", _YES, "", _TYPES + "test_a_default_may_be_computed_from_what_was_said_before"
    )
    yield from _all(
        "read_only", "column", _YES, "said, not asked", _TYPES + "test_a_read_only_value_is_said_and_not_asked"
    )
    yield from _all("calculation", "column", _YES, "", _READING + "test_calculations_stand_after_those_they_use")
    yield from _all("choice_filter", "column", _YES, "", _TYPES + "test_a_cascade_offers_only_what_fits")
    yield from _all("repeat_count", "column", _YES, "", _COUNTED)
    yield from _all(
        "disabled", "column", _YES, "", _READING + "test_rows_that_are_switched_off_or_remarks_are_left_out"
    )
    yield from _all(
        "parameters: start, end, step", "column", _YES, "", _TYPES + "test_range_is_a_number_within_its_bounds"
    )
    yield from _all(
        "parameters: value, label", "column", _YES, "",
        _TYPES + "test_parameters_name_the_columns_of_a_table_and_a_filter_asks_for_others",
    )  # fmt: skip
    yield from _all("parameters: randomize, seed", "column", _NOT, "choices keep their order; warned of")
    yield from _all(
        "parameters: rows, max-pixels, quality, app, capture-accuracy, allow-mock-accuracy, tick_interval, placeholder",
        "column", _NOT, "for screens and devices",
    )  # fmt: skip
    yield from _all("appearance", "column", _YES, "see below", _TYPES + "test_a_long_list_is_searched_by_words")
    yield from _all(
        "${name} in texts", "column", _YES, "", _TYPES + "test_answers_are_filled_into_labels_hints_and_choices"
    )
    yield from _all("trigger", "column", _NOT, "computed anew with every answer; warned of")
    yield from _all(
        "media::image|media::big-image|media::audio|media::video", "column", _NOT, "not sent; warned of by row"
    )
    yield from _all(
        "instance::…|bind::…|body::…|save_to|autoplay|rows|compact_tag|no_app_error_string|sms_…", "column", _NOT
    )
    yield from _all("list_name|name|label", "choice column", _YES, "", _EVERY)
    yield from _all(
        "filter columns",
        "choice column",
        _YES,
        "",
        _READING + "test_a_choice_filter_keeps_only_the_columns_it_asks_for",
    )
    yield from _all(
        "synonyms|hidden|satisfied", "choice column", _YES, "Pingyi's own",
        _READING + "test_extra_columns_give_synonyms_hidden_choices_and_satisfaction",
    )  # fmt: skip
    yield from _all("media::image|media::audio|media::video", "choice column", _NOT, "not sent; warned of once")


def _settings() -> Iterator[Feature]:
    yield from _all(
        "form_title|form_id|default_language", "setting", _YES, "", _READING + "test_translations_are_kept_by_language"
    )
    yield from _all(
        "allow_choice_duplicates", "setting", _YES, "", _TYPES + "test_choices_of_one_name_are_told_apart_by_a_filter"
    )
    yield from _all(
        "version|style|name|instance_xmlns|namespaces|prefix|delimiter|sms_keyword|client_editable|clean_text_values"
        "|omit_instanceID",
        "setting", _NOT,
    )  # fmt: skip
    yield from _all("public_key|submission_url|auto_send|auto_delete|instance_name", "setting", _NOT, "warned of")
    yield from _all("survey|choices|settings", "sheet", _YES, "", _READING + "test_translations_are_kept_by_language")
    yield from _all("entities|external_choices|osm", "sheet", _NOT, "warned of")


def _appearances() -> Iterator[Feature]:
    yield from _all(
        "search|autocomplete|minimal", "appearance", _YES, "more than 20 choices are searched by a word",
        _TYPES + "test_a_long_list_is_searched_by_words",
    )  # fmt: skip
    yield from _all("year|month-year", "appearance", _YES, "", _TYPES + "test_a_date_may_ask_for_a_year_or_month_only")
    yield from _all(
        "multiline|numbers|likert|horizontal|quick|signature|columns|columns-n|columns-pack|no-buttons|label|list-nolabel"
        "|list|compact|compact-n|horizontal-compact|quickcompact|image-map|map|url|printer|thousands-sep|bearing|vertical"
        "|no-ticks|rating|picker|distress|no-calendar|ethiopian|islamic|coptic|bikram-sambat|myanmar|persian|buddhist"
        "|new|new-front|new-rear|front|annotate|draw|maps|hide-input|streets|terrain|satellite|placement-map|masked"
        "|field-list|table-list|counter|hidden-answer",
        "appearance", _NOT, "for screens: the question is asked all the same",
    )  # fmt: skip
    yield from _all("ex:… / intent", "appearance", _NOT, "asked in words; warned of")
    yield from _all("search(…)", "appearance", _NO, "use select_one_from_file")


def _functions() -> Iterator[Feature]:
    yield from _all(
        "true|false|not|boolean|string|concat|contains|starts-with|ends-with|substring|substr|substring-before"
        "|substring-after|string-length|normalize-space|translate|join|regex|digest|base64-decode|number|int|round|floor"
        "|ceiling|abs|min|max|pow|sqrt|exp|exp10|log|log10|sin|cos|tan|asin|acos|atan|atan2|pi|selected|selected-at"
        "|count-selected|if|coalesce|once|boolean-from-string|checklist|weighted-checklist|now|today|date|date-time"
        "|format-date|format-date-time|decimal-date-time|decimal-time",
        "function", _YES, "", _VALUES,
    )  # fmt: skip
    yield from _all("count|count-non-empty|sum|position|indexed-repeat", "function", _YES, "", _INSIDE)
    yield from _all("current", "function", _YES, "", _INSIDE)
    yield from _all("jr:choice-name", "function", _YES, "", _TYPES + "test_choice_name_speaks_in_a_label")
    yield from _all(
        "jr:itext", "function", _YES, "of a row's label or hint", _TYPES + "test_itext_is_the_label_or_hint_of_a_row"
    )
    yield from _all("pulldata", "function", _YES, "", _TYPES + "test_pulldata_looks_up_the_first_row_of_a_key")
    yield from _all(
        "random|uuid|randomize", "function", _NO, "a conversation must be repeatable: draw outside the form"
    )
    yield from _all("area|distance|geofence|intersects", "function", _NO, "reckon with places afterwards")
    yield from _all("instance", "function", _NO, "use pulldata or a choice_filter")
    yield from _all("property|extract-signed", "function", _NO, "there is no device to ask")


#: The whole table.
FEATURES: tuple[Feature, ...] = (*_types(), *_columns(), *_settings(), *_appearances(), *_functions())

_HEAD = """# XLSForm features

What becomes of each feature of the [XLSForm standard](https://xlsform.org/en/ref-table/) in a conversation. The table
is written by `make features` from `surveys/questionnaire/features.py`, and a test holds it against the program.

*supported*: asked and answered in words. *ignored*: changes nothing; where somebody might count on it, `pingyi form
check` says so. *refused*: the form is not taken; the row, the column and what to do instead are said.
"""


def table() -> str:
    """Return the table as Markdown, by kind."""
    lines = [_HEAD.rstrip()]
    for kind in dict.fromkeys(feature.kind for feature in FEATURES):
        lines += ["", f"## {kind.capitalize()}s", "", "| name | | note |", "|---|---|---|"]
        lines += [f"| `{f.name}` | {f.status.value} | {f.note} |" for f in FEATURES if f.kind == kind]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
