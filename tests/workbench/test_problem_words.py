"""Problems in Chinese: every template of the catalogues is told with its values, and nothing is lost."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from perirad.errors import InputError, Problem
from perirad.workbench import problem_words
from perirad.workbench.problem_words import error_lines, level_line, phrase, problem_line, said

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


# What a workbench can say: the rooms that read a study, and the workbench itself. The rooms of the numbers below them
# are given checked tables, and speak to who calls them from Python.
ROOMS = ("study", "image", "regions", "hospital", "workbench")


def _template(node: ast.expr) -> list[str]:
    """English templates of an argument, "{}" for each value; none where it is made elsewhere."""
    if isinstance(node, ast.IfExp):
        return _template(node.body) + _template(node.orelse)
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    text = ""
    for part in parts:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            text += part.value.replace("{", "{{").replace("}", "}}")
        elif isinstance(part, ast.FormattedValue):
            text += "{}"
        else:
            return []
    return [text]


def _said_in(path: Path) -> list[tuple[int, str]]:
    found = []
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = getattr(call, "func", None)
        if not isinstance(call, ast.Call) or getattr(name, "id", getattr(name, "attr", "")) not in {
            "InputError", "Problem", "StudyError",
        }:  # fmt: skip
            continue
        given = [*call.args[:2], *(word.value for word in call.keywords if word.arg in {"expected", "found", "mend"})]
        found += [(call.lineno, text) for node in given for text in _template(node)]
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_every_problem_of_the_source_is_in_the_catalogues_analytic(room: str) -> None:
    """A problem that is new in the source would stay English; figures and names alone need no translation."""
    known = {re.sub(r"\{\d+\}", "{}", english) for english in ENTRIES}
    said = [
        (path.name, line, text)
        for path in sorted((FOLDER.parents[2] / room).rglob("*.py"))
        for line, text in _said_in(path)
    ]
    assert len(said) > 3
    words = [item for item in said if " " in item[2].strip() and re.search("[a-z]{3}", item[2])]
    assert [item for item in words if item[2] not in known] == []


def test_a_whole_line_is_read_as_a_problem_before_it_is_read_as_a_phrase_analytic() -> None:
    """A template such as "{0} in {1}" fits nearly every line, and tells it wrongly."""
    problem = Problem("a file must lie in the study's folder", "'../a.png'", "7", "cases.csv")
    assert said(problem.line(), "zh") == problem_line(problem, "zh")
    assert said("35 % of P8 lost", "zh") == "P8 缺失 35 %"
    assert said("no outline yet", "zh") == "尚无轮廓"
