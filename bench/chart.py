"""A bar chart in SVG, readable on light and dark pages."""

from html import escape

# In pixels.
WIDTH, LABELS_WIDTH, ROW_HEIGHT, BAR_HEIGHT = 760, 270, 26, 16
BARS_WIDTH = WIDTH - LABELS_WIDTH - 70  # Leaves room for the numbers after the bars.
COLOURED_ROW = 2  # This service.
STYLE = (
    "<style>text{font:13px system-ui,sans-serif;fill:#57606a}"
    "@media(prefers-color-scheme:dark){text{fill:#9ea7b3}}</style>"
)


def draw_bars(title: str, bars: list[tuple[str, float]]) -> str:
    """Return an SVG document with a bar for each name and value.

        draw_bars("Cold start", [("empty function", 1.0), ("this service", 1.12)])

    The second bar has a colour.
    """
    height = ROW_HEIGHT * (len(bars) + 1) + 16
    longest = max(value for _, value in bars)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        "<!-- Written by npm run bench. -->",
        f"<title>{escape(title)}</title>",
        STYLE,
        f'<text x="8" y="20" font-weight="bold">{escape(title)}</text>',
    ]
    for row, (name, value) in enumerate(bars, start=1):
        y = ROW_HEIGHT * row + 8
        colour = "#0969da" if row == COLOURED_ROW else "#8c959f"
        length = max(2, BARS_WIDTH * value / longest)
        parts += [
            f'<text x="{LABELS_WIDTH - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>',
            _bar(y, length, colour),
            f'<text x="{LABELS_WIDTH + length + 8:.0f}" y="{y + 13}">{value:.2f}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])


def _bar(y: int, length: float, colour: str) -> str:
    size = f'width="{length:.0f}" height="{BAR_HEIGHT}"'
    return f'<rect x="{LABELS_WIDTH}" y="{y}" {size} rx="2" fill="{colour}"/>'
