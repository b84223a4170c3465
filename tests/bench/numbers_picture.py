"""Draws bad days against slack, a panel per set of traces, as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT = 480, 330
LEFT, RIGHT, TOP, BOTTOM = 48, 16, 34, 44
STEP_PCT = 10
LINE_PX = 11
STYLE = (
    "text{font:11px sans-serif;fill:#3a4354}.title{font-weight:600;font-size:13px}"
    ".ours{fill:#2b4fc7}.other{fill:#fff;stroke:#935200;stroke-width:2}.grid{stroke:#e2e5ea}"
)


class Point(NamedTuple):
    """One rule: the share of its days that were bad, and its slack at the peak, per cent."""

    name: str
    bad_pct: float
    slack_pct: float
    ours: bool


def draw(sets: Mapping[str, Sequence[Point]]) -> str:
    """Return the picture of all sets, one beside the other."""
    panels = [_panel(name, points, number * WIDTH) for number, (name, points) in enumerate(sets.items())]
    size = f'width="{WIDTH * len(panels)}" height="{HEIGHT}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
            f"<title>Bad days against slack</title><style>{STYLE}</style>",
            '<rect width="100%" height="100%" fill="#fff"/>',
            *panels,
            "</svg>\n",
        ]
    )


def _panel(name: str, points: Sequence[Point], offset: int) -> str:
    most_x = _rounded(max(point.bad_pct for point in points))
    most_y = _rounded(max(point.slack_pct for point in points))

    def x(bad_pct: float) -> float:
        return offset + LEFT + (WIDTH - LEFT - RIGHT) * bad_pct / most_x

    def y(slack_pct: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * slack_pct / most_y

    lines = [f'<text class="title" x="{offset + LEFT}" y="18">{escape(name)}</text>']
    for tick in range(0, most_x + 1, STEP_PCT):
        lines.append(_line(x(tick), y(0), x(tick), y(most_y)))
        lines.append(f'<text x="{x(tick):.1f}" y="{y(0) + 14:.1f}" text-anchor="middle">{tick}</text>')
    for tick in range(0, most_y + 1, STEP_PCT):
        lines.append(_line(x(0), y(tick), x(most_x), y(tick)))
        lines.append(f'<text x="{x(0) - 6:.1f}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick}</text>')
    lines.append(f'<text x="{x(most_x):.1f}" y="{HEIGHT - 10}" text-anchor="end">bad days, %</text>')
    lines.append(f'<text x="{offset + 6}" y="{TOP - 4}">slack, %</text>')
    taken: list[tuple[float, float]] = []
    for point in sorted(points, key=lambda one: -one.slack_pct):
        lines += _mark(point, x(point.bad_pct), y(point.slack_pct), x(most_x), taken)
    return "\n".join(lines)


def _mark(point: Point, x: float, y: float, right: float, taken: list[tuple[float, float]]) -> list[str]:
    """Draw a point and its name, moved down until it covers no other name."""
    at_left = x > right - 130
    text_y = y + 4
    while any(abs(text_y - other_y) < LINE_PX and abs(x - other_x) < 170 for other_x, other_y in taken):
        text_y += 1
    taken.append((x, text_y))
    kind, anchor, shift = (
        ("ours" if point.ours else "other"),
        ("end" if at_left else "start"),
        -9 if at_left else 9,
    )
    return [
        f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="5"/>',
        f'<text x="{x + shift:.1f}" y="{text_y:.1f}" text-anchor="{anchor}">{escape(point.name)}</text>',
    ]


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="grid" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _rounded(value: float) -> int:
    return max(STEP_PCT, STEP_PCT * -int(-value // STEP_PCT))
