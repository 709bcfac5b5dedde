"""Minifies JavaScript and CSS with esbuild."""

import re
import subprocess
import tempfile
from pathlib import Path

from lambda_bundle.problems import BundleError

# What hides words from a search for statements: comments, strings and templates.
HIDING = re.compile(
    r"//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|`(?:\\.|[^`\\])*`", re.DOTALL
)
# `import(...)`, a call, is also in scripts that are no modules.
MODULE_STATEMENT = re.compile(r"^\s*(?:export\b|import\b(?!\s*\())|\bimport\.meta\b", re.MULTILINE)


def find_esbuild(folder: Path) -> Path | None:
    """Return the folder of the esbuild that is installed in a folder or above it, or None."""
    for place in (folder, *folder.parents):
        found = place / "node_modules" / "esbuild"
        if (found / "bin/esbuild").exists():
            return found
    return None


def minify(sources: dict[str, bytes], esbuild: Path) -> dict[str, bytes]:
    """Return scripts and style sheets, minified, by their paths.

    The global names of a script that is no module stay: other scripts may use them. Files of a
    kind are minified together, since each start of esbuild takes some 60 ms.
    https://esbuild.github.io/api/#minify

    Raises:
        BundleError: names the file and line of a syntax error.
    """
    modules = {path for path, source in sources.items() if _is_module(path, source)}
    minified = _run(esbuild, {path: sources[path] for path in modules}, ["--format=esm"])
    others = {path: source for path, source in sources.items() if path not in modules}
    return minified | _run(esbuild, others, [])


def _run(esbuild: Path, sources: dict[str, bytes], options: list[str]) -> dict[str, bytes]:
    if not sources:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        for path, source in sources.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(source)
        output = ["--outdir=minified", "--outbase=.", "--log-level=error", "--color=false"]
        command = [str(esbuild / "bin/esbuild"), *sources, "--minify", *options, *output]
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            message, _, _ = run.stderr.partition("\n\nnode:")  # Node's own traceback follows.
            raise BundleError(f"{message.strip()}\nSo it cannot be minified.")
        return {path: Path(folder, "minified", path).read_bytes() for path in sources}


def _is_module(path: str, source: bytes) -> bool:
    """Whether a file is a style sheet, or a script that is certainly a module."""
    if path.endswith(".js"):
        text = HIDING.sub(" ", source.decode(errors="replace"))
        return MODULE_STATEMENT.search(text) is not None
    return True
