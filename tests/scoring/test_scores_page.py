"""The page of scores is read on a phone as on a wide screen: no column of words is squeezed, no label cut off."""

from __future__ import annotations

import re

import pytest
from lxml import html

from bot.reports.scorecharts import Dot, score_dots
from bot.reports.scorespage import render_scores
from bot.reports.svg import text_width
from storage.database import Database
from storage.ratings import read_scoring
from surveys.language import LANGUAGES
from surveys.scoring.design import ScoringDesign
from surveys.scoring.report import report
from tests.scoring.rated_town import rated


@pytest.mark.parametrize("language", LANGUAGES)
def test_rank_and_pass_mark_stand_below_the_figures_over_the_whole_width(database: Database, language: str) -> None:
    """As columns of their own they were one letter wide where there are six dimensions, or out of sight on a phone."""
    rated(database, size=40, design=ScoringDesign(pass_mark=80))
    with database.read() as connection:
        found = report(read_scoring(connection, database.vault, "offices"), flagged=())
    assert found is not None
    page = html.fromstring(render_scores(found, language).encode())
    bodies = [
        body for table in page.xpath("//table[@class='units'][.//tr[@class='said']]") for body in table.xpath("tbody")
    ]
    assert len(bodies) == 12
    for body in bodies:
        figures, said = body.xpath("tr")
        assert all(cell.get("data-label") for cell in figures.xpath("td")), "on a phone a figure stands beside its name"
        (words,) = said.xpath("td")
        assert int(words.get("colspan")) == len(figures.xpath("td"))
        assert len(words.xpath("p/b")) == 2, "rank and pass mark are named"
    style = page.xpath("string(//style)")
    assert re.search(r"@media screen and \(max-width: \d+px\) \{\s*table\.units[^}]*display: block", style)


@pytest.mark.parametrize("mark", [0.0, 50.0, 100.0])
def test_the_words_of_the_pass_mark_stay_inside_the_picture(mark: float) -> None:
    """The drawing is 338 wide; the words stand in the middle of where they are put."""
    words = "pass mark 100"
    drawn = score_dots([Dot("a", 50.0, 40.0, 60.0, "50")], 338, (0.0, 100.0, 20.0), (mark, words), "x", "t")
    (found,) = [shape for shape in html.fromstring(str(drawn)).xpath("//text") if shape.text == words]
    half = text_width(words, float(found.get("font-size"))) / 2
    assert half <= float(found.get("x")) <= 338 - half
