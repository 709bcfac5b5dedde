"""`npm run lock`: updates the lock files, and what is generated from packages, after a change."""

import subprocess
import sys

from dev.root_certificates import write_root_certificates
from dev.service import ROOT

PINS = ["--no-generate-hashes", "--no-annotate", "--constraint", "requirements-dev.txt"]
# Each lock file, with the arguments of `uv pip compile` that name its sources.
LOCKS = {
    "requirements.txt": ["pyproject.toml"],
    "requirements-dev.txt": ["pyproject.toml", "--group", "start", "--group", "dev"],
    # Some packages of requirements-dev.txt, in the same versions.
    "requirements-start.txt": [
        *("pyproject.toml", "--group", "start"),
        *("--constraint", "requirements-dev.txt"),
    ],
    "requirements-audit.txt": ["--group", "audit"],
    "bench/peers/chalice/requirements.txt": ["--group", "bench-chalice"],
    "bench/peers/fastapi/requirements.txt": ["--group", "bench-fastapi"],
    "bench/peers/powertools/requirements.txt": ["--group", "bench-powertools"],
    # As strangers pin theirs: without hashes.
    "bench/strangers/library/requirements.txt": ["--group", "bench-fastapi", *PINS],
    "bench/strangers/payments/src/api/requirements.txt": ["--group", "bench-powertools", *PINS],
    "bench/strangers/payments/src/settle/requirements.txt": ["--group", "bench-powertools", *PINS],
    "bench/strangers/shipping/requirements.txt": ["pyproject.toml", *PINS],
}
NODE_PROJECTS = [".", "dev/setup/chromium"]
NPM = [
    "npm",
    "install",
    "--package-lock-only",
    "--loglevel=error",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
]


def main() -> None:
    """Update every lock file, and the root certificates."""
    for target, sources in LOCKS.items():
        uv = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", *sources]
        subprocess.run([*uv, "--output-file", target], cwd=ROOT, check=True)
    for folder in NODE_PROJECTS:
        subprocess.run(NPM, cwd=ROOT / folder, check=True)
    write_root_certificates()


if __name__ == "__main__":
    main()
