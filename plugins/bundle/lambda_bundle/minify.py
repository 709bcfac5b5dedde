"""Minifies JavaScript and CSS with esbuild."""

import subprocess
import tempfile
from pathlib import Path

from lambda_bundle.problems import BundleError

ESBUILD = Path(__file__).resolve().parents[3] / "node_modules" / "esbuild"


def minify(sources: dict[str, bytes]) -> dict[str, bytes]:
    """Return JavaScript modules and style sheets, minified, by their paths.

    They are minified together, since each start of esbuild takes some 60 ms.
    https://esbuild.github.io/api/#minify

    Raises:
        BundleError: names the file and line of a syntax error.
    """
    if not sources:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        for path, source in sources.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(source)
        output = ["--outdir=minified", "--outbase=.", "--log-level=error", "--color=false"]
        command = [str(ESBUILD / "bin/esbuild"), *sources, "--minify", "--format=esm", *output]
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            message, _, _ = run.stderr.partition("\n\nnode:")  # Node's own traceback follows.
            raise BundleError(f"{message.strip()}\nSo it cannot be minified.")
        return {path: Path(folder, "minified", path).read_bytes() for path in sources}
