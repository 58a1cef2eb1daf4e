"""Curves over time as an SVG picture: panels one above the other, each with a scale of its own."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH: Final = 860
_PANEL: Final = 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 150, 34, 26
_COLOURS: Final = ("#1b1b1b", "#0b66c3", "#c2410c", "#15803d")
_TICKS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    name: str
    xs: Sequence[float]
    ys: Sequence[float]


def drawn(panels: Mapping[str, Sequence[Curve]], *, across: str) -> str:
    """The picture. All panels share the horizontal axis, whose unit is `across`; vertical axes begin at 0."""
    height = _PANEL * len(panels) + _BOTTOM
    end = max(curve.xs[-1] for curves in panels.values() for curve in curves)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="system-ui, sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
    ]
    for number, (title, curves) in enumerate(panels.items()):
        parts += _panel(title, curves, top=number * _PANEL, end=end)
    parts.append(f'<text x="{WIDTH - _RIGHT}" y="{height - 8}" text-anchor="end" fill="#555">{escape(across)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _panel(title: str, curves: Sequence[Curve], *, top: float, end: float) -> list[str]:
    bottom, right = top + _PANEL - _BOTTOM, WIDTH - _RIGHT
    step = _step(max(max(curve.ys) for curve in curves))
    most = step * math.ceil(max(max(curve.ys) for curve in curves) / step) or step

    def x(value: float) -> float:
        return _LEFT + (right - _LEFT) * value / end

    def y(value: float) -> float:
        return bottom - (bottom - top - _TOP) * value / most

    parts = [f'<text x="{_LEFT}" y="{top + 20}" font-weight="600" fill="#1b1b1b">{escape(title)}</text>']
    for tick in range(round(most / step) + 1):
        level = y(tick * step)
        parts.append(f'<line x1="{_LEFT}" x2="{right}" y1="{level:.1f}" y2="{level:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{level + 4:.1f}" text-anchor="end" fill="#555">{tick * step:g}</text>')
    pace = _step(end)
    for tick in range(int(end / pace) + 1):
        place = f'x="{x(tick * pace):.1f}" y="{bottom + 16}"'
        parts.append(f'<text {place} text-anchor="middle" fill="#555">{tick * pace:g}</text>')
    for number, curve in enumerate(curves):
        points = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in zip(curve.xs, curve.ys, strict=True))
        colour = _COLOURS[number % len(_COLOURS)]
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        label = f"{curve.name} {curve.ys[-1]:,.0f}"
        place = f'x="{right + 10}" y="{top + _TOP + 6 + 18 * number}"'
        parts.append(f'<text {place} fill="{colour}" font-weight="600">{escape(label)}</text>')
    return parts


def _step(most: float) -> float:
    """A round distance (1, 2 or 5 times a power of ten) that leaves about four lines."""
    rough = max(most, 1.0) / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    return power * next(factor for factor in (1, 2, 5, 10) if factor * power >= rough)
