"""The surname is all of a name that a message shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.dialogue.surname import surname


@pytest.mark.parametrize(
    ("name", "expected", "why"),
    [
        ("王伟", "王", "one character"),
        ("王 伟", "王", "a blank inside"),
        (" 李小龙 ", "李", "blanks around"),
        ("欧阳修", "欧阳", "compound"),
        ("欧阳娜娜", "欧阳", "compound"),
        ("司马光", "司马", "compound"),
        ("上官婉儿", "上官", "compound"),
        ("諸葛亮", "諸葛", "older script"),
        ("欧阳", "欧", "two characters: surname and given name"),
        ("司空", "司", "two characters: surname and given name"),
        ("第五伦", "第五", "rare compound"),
        ("王", "王", "nothing but a surname"),
        ("买买提·艾力", "买买提", "no surname: the first part"),
        ("阿依古丽·买买提", "阿依古丽", "no surname: the first part"),
        ("迪丽热巴•迪力木拉提", "迪丽热巴", "another dot"),
        ("Wang Wei", "Wang", "pinyin, surname first"),
        ("OUYANG Xiu", "OUYANG", "pinyin, surname first"),
        ("Smith, John", "Smith", "comma"),
        ("John Smith", "Smith", "surname last"),
        ("Dr. Anna Lee Jr.", "Lee", "title and suffix"),
        ("Ludwig van Beethoven", "van Beethoven", "a particle belongs to the surname"),
        ("Smith", "Smith", "one word"),
        ("Mr.", "Mr.", "nothing else is there"),
        ("", "", "empty"),
        ("   ", "", "empty"),
    ],
)
def test_the_surname_of_a_name_is_found(name: str, expected: str, why: str) -> None:
    assert surname(name) == expected, why


@given(st.text(max_size=30))
def test_any_name_has_a_surname_that_is_part_of_it(name: str) -> None:
    found = surname(name)
    assert bool(found) == bool(name.split())
    assert "".join(found.split()) in "".join(name.split())
