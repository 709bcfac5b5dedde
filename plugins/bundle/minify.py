"""JavaScript that pages load, without what only its reader needs."""

import subprocess
from pathlib import Path

from plugins.bundle.problems import BundleError

ESBUILD = Path(__file__).resolve().parents[2] / "node_modules" / "esbuild"


def minify(path: str, source: bytes) -> bytes:
    """Return a module that does the same in fewer bytes (https://esbuild.github.io/api/#minify).

    Raises:
        BundleError: it is not JavaScript; says where.
    """
    esbuild = [str(ESBUILD / "bin/esbuild"), "--minify", "--format=esm", "--loader=js"]
    options = [f"--sourcefile={path}", "--log-level=error", "--color=false"]
    run = subprocess.run([*esbuild, *options], input=source, capture_output=True, check=False)
    if run.returncode != 0:
        told, _, _ = run.stderr.decode().partition("\n\nnode:")  # Then Node complains of esbuild.
        raise BundleError(f"{path} cannot be minified: {told.strip()}")
    return run.stdout
