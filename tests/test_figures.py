"""Figures in digits and in words."""

from __future__ import annotations

import pytest

from classifier.figures import value
from classifier.words import cut
from config import knowledge


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1.260", 1260),
        ("137", 137),
        ("1,2 triệu", 1_200_000),
        ("3.5", 3.5),
        ("hai", 2),
        ("mười", 10),
        ("hai mươi ba", 23),
        ("một trăm hai mươi ba", 123),
        ("hai trăm", 200),
        ("ba nghìn", 3000),
        ("hơn 40.000", 40_000),
        ("khoảng 300", 300),
        ("hàng nghìn", None),
        ("nhiều", None),
        ("vài chục", None),
        ("người", None),
    ],
)
def test_value(written: str, amount: float | None) -> None:
    assert value(cut(written).keys, knowledge.lexicon().numbers) == amount
