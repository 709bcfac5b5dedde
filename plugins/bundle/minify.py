"""Minifies JavaScript and CSS with esbuild."""

import subprocess
from pathlib import Path

from plugins.bundle.problems import BundleError

ESBUILD = Path(__file__).resolve().parents[2] / "node_modules" / "esbuild"


def minify(path: str, source: bytes) -> bytes:
    """Return a JavaScript module or a style sheet, minified (https://esbuild.github.io/api/#minify).

    Raises:
        BundleError: names the file and line of a syntax error.
    """
    loader = path.rpartition(".")[2]
    esbuild = [str(ESBUILD / "bin/esbuild"), "--minify", "--format=esm", f"--loader={loader}"]
    options = [f"--sourcefile={path}", "--log-level=error", "--color=false"]
    run = subprocess.run([*esbuild, *options], input=source, capture_output=True, check=False)
    if run.returncode != 0:
        message, _, _ = run.stderr.decode().partition("\n\nnode:")  # Node's own traceback follows.
        raise BundleError(f"{path} cannot be minified: {message.strip()}")
    return run.stdout
