"""What a figure amounts to, in digits or in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

_TEN: Final = 10
_THOUSAND: Final = 1000
_GROUP: Final = 3


def value(keys: Sequence[str], numbers: Mapping[str, int]) -> float | None:
    """The figure among these tokens: "1.260" -> 1260, "hai mươi ba" -> 23, "1,2 triệu" -> 1200000.

    `numbers` are the words of figures: 0 for "about", -1 for what is no exact figure ("hàng nghìn"). None without one.
    """
    total, below, found = 0.0, 0.0, False
    for key in keys:
        part = _digits(key) if key[0].isdigit() else numbers.get(key, 0)
        if part < 0:
            return None
        if part == 0 and not key[0].isdigit():
            continue
        found = True
        if key[0].isdigit() or part < _TEN:
            below += part
        elif part == _TEN:  # tens take the digit before them: một trăm hai mươi
            ones = below % _TEN
            below += max(ones, 1) * _TEN - ones
        elif part < _THOUSAND:
            below = max(below, 1) * part
        else:
            total += max(below, 1) * part
            below = 0.0
    return total + below if found else None


def _digits(written: str) -> float:
    """A point before three digits parts thousands; a comma, or any other point, begins the decimals."""
    whole, _, decimals = written.partition(",")
    groups = whole.split(".")
    if len(groups) > 1 and any(len(group) != _GROUP for group in groups[1:]):
        return float(".".join((groups[0], "".join(groups[1:]) + decimals)))
    return float("".join(groups) + ("." + decimals.replace(",", "").replace(".", "") if decimals else ""))
