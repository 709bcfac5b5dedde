"""Edits of a module's source that keep every line at its number, so that tracebacks stay right."""

import ast
import re

BREAK = re.compile(rb"\n")
QUOTES = set(b"\"'")  # A line that starts with `#` may be the end of a text.
FIRST_LINES = 2  # May say how the file is encoded: https://peps.python.org/pep-0263/


class Edits:
    """Replacements of nodes of a module's syntax tree, which `apply` makes all at once.

    Columns of nodes are in bytes of UTF-8, so the source is bytes, too.
    """

    def __init__(self, source: bytes) -> None:
        self.source = source
        self._starts = [0, *(each.end() for each in BREAK.finditer(source))]
        self._edits: list[tuple[int, int, bytes]] = []

    def start(self, node: ast.AST) -> int:
        """Return the offset of a node's first byte."""
        return self._starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined, no-any-return]

    def end(self, node: ast.AST) -> int:
        """Return the offset after a node's last byte."""
        return self._starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined, no-any-return]

    def replace(self, node: ast.AST, text: str) -> None:
        """Replace a statement by text of one line, or an expression by a call."""
        self.cut(self.start(node), self.end(node), text)

    def remove(self, statement: ast.stmt, *, is_needed: bool = False) -> None:
        """Remove a statement. With `is_needed`, its block has no other."""
        start, end = self.start(statement), self.end(statement)
        for decorator in getattr(statement, "decorator_list", []):
            start = min(start, self.source.rindex(b"@", 0, self.start(decorator)))
        line_start = self.source.rfind(b"\n", 0, start) + 1
        line_end = self.source.find(b"\n", end) % (len(self.source) + 1)
        before, after = self.source[line_start:start], self.source[end:line_end]
        is_alone = not before.strip() and (not after.strip() or after.lstrip()[:1] == b"#")
        self.cut(start, end, "" if is_alone and not is_needed else "pass")

    def cut(self, start: int, end: int, text: str = "") -> None:
        """Replace the bytes between two offsets, and keep the breaks of lines among them."""
        breaks = self.source.count(b"\n", start, end) - text.count("\n")
        new = text.encode()
        # A statement's own line breaks may follow it, but those of an expression must stay inside.
        new = new[:-1] + b"\n" * breaks + new[-1:] if new.endswith(b")") else new + b"\n" * breaks
        self._edits.append((start, end, new))

    def cut_annotation(self, start: int, end: int) -> None:
        """Cut the bytes between two offsets, where a line may go on only after a backslash."""
        breaks = self.source.count(b"\n", start, end)
        self._edits.append((start, end, b" \\\n" * breaks))

    def insert_above(self, line: int, text: str, indent: int) -> None:
        """Put a line above a line, in place of an empty one or a comment, if there is one."""
        start = self._starts[line - 1]
        written = b" " * indent + text.encode() + b"\n"
        above = self.source[self._starts[line - 2] : start] if line > 1 else b"x"
        is_comment = line > FIRST_LINES and above.strip()[:1] == b"#" and not QUOTES & set(above)
        is_free = is_comment or not above.strip()
        self._edits.append((self._starts[line - 2] if is_free else start, start, written))

    def apply(self) -> bytes:
        """Return the edited source."""
        edited = self.source
        for start, end, new in sorted(self._edits, reverse=True):
            if not self._is_inside_another(start, end):
                edited = edited[:start] + new + edited[end:]
        return edited

    def _is_inside_another(self, start: int, end: int) -> bool:
        return any(
            (first <= start and end <= last) and last - first > end - start and first < end
            for first, last, _ in self._edits
        )
