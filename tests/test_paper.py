"""What a document may not be made of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desk.paper import MOST_LABELS, Bars, Heading, Run, Series, Shade, Table

CELL = (Run(text="x"),)


def bars(counts: tuple[int | None, ...], labels: tuple[str, ...] = ("a", "b"), **marked: str) -> Bars:
    return Bars(caption="c", labels=labels, series=(Series(name="s", counts=counts, shade=Shade.GREY),), marked=marked)


@pytest.mark.parametrize(
    "made",
    [
        lambda: Heading(text="x", level=3),
        lambda: Table(head=("a", "b"), rows=((CELL,),), widths=(1, 1)),
        lambda: Table(head=("a", "b"), rows=((CELL, CELL),), widths=(1,)),
        lambda: Table(head=("a",), rows=(), widths=(0,)),
        lambda: Table(head=(), rows=(), widths=()),
        lambda: bars((1,)),
        lambda: bars((1, -1)),
        lambda: bars((1, 2), c="a mark on nothing"),
        lambda: bars((1, 2), labels=("a", "a")),
        lambda: bars((), labels=()),
        lambda: Bars(caption="c", labels=("a",), series=()),
        lambda: bars((0,) * (MOST_LABELS + 1), labels=tuple(str(day) for day in range(MOST_LABELS + 1))),
    ],
    ids=[
        "a third level",
        "a short row",
        "a width short",
        "a column of no width",
        "no column",
        "a count short",
        "a count below 0",
        "a mark on no label",
        "two labels alike",
        "no label",
        "no series",
        "too many labels",
    ],
)
def test_a_block_that_does_not_fit_together_is_not_made(made: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"^a (heading|table|chart)"):
        made()


def test_labels_after_one_another_of_which_the_same_is_said_are_told_in_one_line() -> None:
    marked = {"a": "1/8", "b": "1/8", "c": "2/8", "e": "1/8"}
    labels = ("a", "b", "c", "d", "e")
    assert bars((0,) * 5, labels, **marked).marks == ["a – b: 1/8", "c: 2/8", "e: 1/8"]


def test_a_label_without_data_is_not_a_zero() -> None:
    assert bars((None, 0)).series[0].counts == (None, 0)
