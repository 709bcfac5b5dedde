"""A bar chart as SVG, readable on light and dark pages."""

from html import escape

WIDTH, LABELS, ROW, BAR = 760, 270, 26, 16
BARS = WIDTH - LABELS - 70
STYLE = (
    "<style>text{font:13px system-ui,sans-serif;fill:#57606a}"
    "@media(prefers-color-scheme:dark){text{fill:#9ea7b3}}</style>"
)


def draw_bars(title: str, bars: list[tuple[str, float]]) -> str:
    """Return the chart of these values by name, the second one in colour."""
    height = ROW * (len(bars) + 1) + 16
    longest = max(value for _, value in bars)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        "<!-- Written by npm run bench. -->",
        f"<title>{escape(title)}</title>",
        STYLE,
        f'<text x="8" y="20" font-weight="bold">{escape(title)}</text>',
    ]
    for row, (name, value) in enumerate(bars, start=1):
        y = ROW * row + 8
        colour = "#0969da" if row == 2 else "#8c959f"  # noqa: PLR2004
        length = max(2, BARS * value / longest)
        parts += [
            f'<text x="{LABELS - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>',
            _bar(y, length, colour),
            f'<text x="{LABELS + length + 8:.0f}" y="{y + 13}">{value:.2f}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])


def _bar(y: int, length: float, colour: str) -> str:
    size = f'width="{length:.0f}" height="{BAR}"'
    return f'<rect x="{LABELS}" y="{y}" {size} rx="2" fill="{colour}"/>'
