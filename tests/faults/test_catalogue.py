"""Every fault of docs/faults.md has a test that carries its number, and says what its user sees."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.faults.corpus.feeds import FEEDS
from tests.faults.corpus.pages import READABLE, REFUSED
from tests.faults.corpus.specimen import Specimen

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "docs" / "faults.md"
FAULTS = range(1, 51)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    number: int
    cells: tuple[str, ...]

    @property
    def tests(self) -> list[str]:
        """The tests in its last column, with or without their files."""
        return re.findall(r"`((?:[\w/]+\.py::)?test_\w+)`", self.cells[-1])


def rows() -> list[Row]:
    lines = [line.strip().strip("|").split("|") for line in CATALOGUE.read_text(encoding="utf-8").splitlines()]
    return [
        Row(number=int(cells[0]), cells=tuple(cell.strip() for cell in cells[1:]))
        for cells in lines
        if cells[0].strip().isdigit()
    ]


@cache
def marked() -> dict[str, set[int]]:
    """The numbers that each test carries: by its own mark, its module's, or its parameters'."""
    found: dict[str, set[int]] = {}
    for file in (ROOT / "tests").rglob("test_*.py"):
        module = ast.parse(file.read_text(encoding="utf-8"))
        everywhere = {
            number
            for statement in module.body
            if isinstance(statement, ast.Assign) and "pytestmark" in ast.unparse(statement.targets[0])
            for number in _numbers(statement)
        }
        for statement in module.body:
            if isinstance(statement, ast.FunctionDef) and statement.name.startswith("test_"):
                own = {number for decorator in statement.decorator_list for number in _numbers(decorator)}
                found[f"{file.relative_to(ROOT).as_posix()}::{statement.name}"] = own | everywhere
    return found


def _numbers(node: ast.AST) -> Iterator[int]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "fault":
            for argument in call.args:
                yield from (value.value for value in ast.walk(argument) if isinstance(value, ast.Constant))  # type: ignore[misc]


def test_the_faults_are_all_there_and_once() -> None:
    assert [row.number for row in rows()] == list(FAULTS)


@pytest.mark.parametrize("number", FAULTS)
def test_a_fault_is_held_by_a_test_that_carries_its_number(number: int) -> None:
    assert [name for name, numbers in marked().items() if number in numbers]


@pytest.mark.parametrize("row", rows(), ids=lambda row: str(row.number))
def test_a_row_is_full_and_names_tests_that_are_there(row: Row) -> None:
    assert all(row.cells), "every column says something"
    assert row.tests
    carried = set()
    for test in row.tests:
        named = [numbers for name, numbers in marked().items() if name.endswith(test)]
        assert named, f"{test} is not there"
        carried |= set().union(*named)
    assert row.number in carried, "one of them carries the number"


@pytest.mark.parametrize(
    ("test", "specimens"),
    [
        ("test_feeds.py::test_a_feed_is_read_as_far_as_it_goes_and_the_rest_is_said", FEEDS),
        ("test_texts.py::test_a_page_says_the_same_in_whatever_letters_it_comes", READABLE),
        ("test_texts.py::test_a_page_that_is_no_article_is_refused_by_name", REFUSED),
    ],
)
def test_a_test_of_the_corpus_carries_the_numbers_of_its_specimens(test: str, specimens: tuple[Specimen, ...]) -> None:
    assert marked()[f"tests/faults/{test}"] == {number for specimen in specimens for number in specimen.faults}
