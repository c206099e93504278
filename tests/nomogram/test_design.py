"""Design matrix of clinical columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from perirad.errors import InputError
from perirad.nomogram.design import design_matrix, outcome_vector
from perirad.nomogram.records import Variable

AGE = Variable("age", "Age", "continuous", unit="years")
BIRADS = Variable("birads", "BI-RADS", "categorical", ("4A", "4B", "4C"))
FAMILY = Variable("family", "Family history", "categorical", ("0", "1"))


def test_reference_level_has_no_column_analytic() -> None:
    matrix, terms = design_matrix({"age": [40, 51.5, 62], "birads": ["4C", "4A", "4B"]}, [AGE, BIRADS])
    assert terms == ("age", "birads=4B", "birads=4C")
    np.testing.assert_array_equal(matrix, [[40, 0, 1], [51.5, 0, 0], [62, 1, 0]])


@pytest.mark.parametrize(
    "values",
    [
        [0, 1, 1],
        [0.0, 1.0, 1.0],
        ["0", "1", "1"],
        np.array([0, 1, 1]),
        pd.Series([0, 1, 1], dtype="Int64"),
        pd.Series(["0", "1", "1"], dtype="category"),
    ],
)
def test_levels_may_be_text_or_whole_numbers_analytic(values: Sequence[object]) -> None:
    matrix, terms = design_matrix({"family": values}, [FAMILY])
    assert terms == ("family=1",)
    np.testing.assert_array_equal(matrix[:, 0], [0, 1, 1])


@pytest.mark.parametrize("values", [["40", 51], pd.Series([40, 51], dtype="Int64"), np.array([40, 51], dtype=object)])
def test_numbers_may_come_in_any_column_type_analytic(values: Sequence[object]) -> None:
    np.testing.assert_array_equal(design_matrix({"age": values}, [AGE])[0][:, 0], [40, 51])


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ([40, None], "age must be a finite number, got a missing value in row 2"),
        ([40, float("nan")], "age must be a finite number, got a missing value in row 2"),
        (np.array([np.nan, 40]), "age must be a finite number, got a missing value in row 1"),
        ([40, "old"], "age must be a finite number, got 'old' in row 2"),
        ([40, "4_0"], "age must be a finite number, got '4_0' in row 2"),
        ([40, float("inf")], "age must be a finite number, got inf in row 2"),
        (40, "age must be a sequence of values, one per patient, got 40"),
    ],
)
def test_value_that_is_no_number_is_named_mechanics(values: Sequence[object], line: str) -> None:
    with pytest.raises(InputError) as error:
        design_matrix({"age": values}, [AGE])
    assert str(error.value) == line


@pytest.mark.parametrize(
    ("values", "found"), [(["4A", "5"], "'5' in row 2"), (["4A", None], "a missing value in row 2"), ([4, "4A"], "4")]
)
def test_unknown_level_is_named_with_the_allowed_ones_mechanics(values: Sequence[object], found: str) -> None:
    with pytest.raises(InputError, match=r"^birads must be one of 4A, 4B, 4C, got ") as error:
        design_matrix({"birads": values}, [BIRADS])
    assert found in str(error.value)


def test_columns_must_be_there_and_of_one_length_mechanics() -> None:
    with pytest.raises(InputError, match=r"^age must be among the columns, got birads: add age$"):
        design_matrix({"birads": ["4A"]}, [BIRADS, AGE])
    line = r"^all variables must have as many values as age \(2\), got 1 values of birads$"
    with pytest.raises(InputError, match=line):
        design_matrix({"age": [40, 50], "birads": ["4A"]}, [AGE, BIRADS])


def test_variables_must_make_sense_mechanics() -> None:
    with pytest.raises(InputError, match=r"^a model must have at least one variable, got none$"):
        design_matrix({"age": [40]}, [])
    with pytest.raises(InputError, match=r"^every variable must occur once in a model, got age more than once$"):
        design_matrix({"age": [40]}, [AGE, AGE])
    with pytest.raises(InputError, match=r"^x must have at least two levels, all different, got levels \['a', 'a'\]$"):
        design_matrix({"x": ["a"]}, [Variable("x", "x", "categorical", ("a", "a"))])


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        ([0, 1], "the outcome must have one value for each of 3 patients, got shape (2,)"),
        ([0, 1, 2], "the outcome must be 0 or 1, got 2"),
        ([1, 1, 1], "patients with and without the event are needed to fit a model, got 3 events in 3"),
        ([0, 0, 0], "patients with and without the event are needed to fit a model, got 0 events in 3"),
    ],
)
def test_outcome_must_be_zero_or_one_and_both_mechanics(outcome: list[int], line: str) -> None:
    with pytest.raises(InputError) as error:
        outcome_vector(np.array(outcome), 3)
    assert str(error.value) == line
