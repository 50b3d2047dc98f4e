"""Every sentence of results and reports has its Chinese, with the same placeholders, in the house's terms."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import bot.reports
import surveys.statistics
from surveys.language import catalogue

FOLDERS = tuple(Path(package.__path__[0]) for package in (bot.reports, surveys.statistics))

#: The functions whose text reaches people, and which argument the sentence is.
SAY = {"t": 0, "_t": 0, "message": 0, "translate": 1}


def sentences() -> set[str]:
    """Return every literal sentence in code and templates."""
    found: set[str] = set()
    for folder in FOLDERS:
        for path in folder.rglob("*.html"):
            found |= set(re.findall(r'\bt\("([^"]*)"', path.read_text(encoding="utf-8")))
        for path in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                    place = SAY.get(name, 99)
                    if len(node.args) > place and isinstance(text := node.args[place], ast.Constant):
                        found.add(text.value)
    return found


@pytest.mark.parametrize("sentence", sorted(sentences()))
def test_a_sentence_has_its_chinese_with_the_same_placeholders(sentence: str) -> None:
    chinese = catalogue()[sentence]
    dates = {"{mm}", "{dd}", "{month}", "{day}"}
    assert set(re.findall(r"{\w+}", chinese)) - dates == set(re.findall(r"{\w+}", sentence)) - dates


def test_no_other_term_is_used_for_what_the_glossary_names() -> None:
    path = Path(surveys.statistics.__path__[0]).parent / "locale" / "zh_CN" / "results.po"
    with path.open("rb") as file:
        written = " ".join(str(entry.string) for entry in read_po(file, locale="zh_CN") if entry.id)
    assert not re.findall("案件|选票|主管|回收率|投诉|权重|问询|电话访问|置信度|响应率|回覆率", written)


def test_the_catalogue_holds_nothing_nobody_says() -> None:
    path = Path(surveys.statistics.__path__[0]).parent / "locale" / "zh_CN" / "results.po"
    with path.open("rb") as file:
        assert {str(entry.id) for entry in read_po(file, locale="zh_CN") if entry.id} - sentences() == set()
