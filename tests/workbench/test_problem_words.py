"""Problems in Chinese: every template of the catalogues is told with its values, and nothing is lost."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from perirad.errors import InputError, Problem
from perirad.workbench import problem_words
from perirad.workbench.problem_words import error_lines, level_line, phrase, problem_line

FOLDER = Path(str(problem_words.__file__)).parent / "messages" / "zh_problems"
ENTRIES = {
    english: other
    for path in sorted(FOLDER.glob("*.json"))
    for english, other in json.loads(path.read_text(encoding="utf-8")).items()
}


def test_catalogues_are_chinese_and_have_no_place_of_their_own_analytic() -> None:
    assert len(ENTRIES) > 500
    for english, other in ENTRIES.items():
        assert set(re.findall(r"\{\d+\}", other)) <= set(re.findall(r"\{\d+\}", english)), english
        assert re.search("[\u4e00-\u9fff]", other) or not re.search("[a-z]{3} [a-z]{3}", other) or other == english


def test_every_template_is_told_with_its_values_analytic() -> None:
    for english, other in ENTRIES.items():
        text = english.format(*(f"V{n}W" for n in range(10)))
        told = phrase(text, "zh")
        for value in set(re.findall(r"V\dW", other.format(*(f"V{n}W" for n in range(10))))):
            assert value in told, english
        fixed = re.sub(r"\{\d+\}", "", english)
        if other != english and len(re.findall("[a-z]{3,} ", fixed)) > 1:
            assert told != text, english
        assert phrase(text, "en") == text


def test_what_no_catalogue_knows_stays_as_it_is_analytic() -> None:
    assert phrase("purple elephants sing", "zh") == "purple elephants sing"
    assert phrase("case_014.png", "zh") == "case_014.png"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_case_file_and_value_stand_in_every_language_analytic(language: str) -> None:
    problem = Problem("mask must mark a lesion", "no marked pixel", "014", "m.png", "outline the lesion again")
    line = problem_line(problem, language)
    assert "014" in line
    assert "m.png" in line
    assert bool(re.search("[\u4e00-\u9fff]", line)) == (language == "zh")
    assert level_line(problem, language).startswith({"en": "error: ", "zh": "错误："}[language])
    if language == "zh":
        assert not re.search("[a-z]{5}", line)
    assert error_lines(InputError.of(problem), language) == [line]
