"""`npm run audit`: compares every lock file with the known vulnerabilities.

pip-audit asks OSV (https://osv.dev) about Python's packages, and `npm audit` asks npm's registry.
If one cannot be reached, that is a notice; with `--must-reach`, as on GitHub, it is an error.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from dev.lock_files import LOCKS, NODE_PROJECTS
from dev.service import ROOT

# Not in .venv: only this command needs it, and it brings 30 packages.
PIP_AUDIT, PIP_AUDIT_LOCK = ROOT / ".cache/audit", "requirements-audit.txt"


class UnreachableError(Exception):
    """Raised when a tool got no answer about vulnerabilities; the text says why."""


def main() -> None:
    """Audit the lock files. The exit status is 1 for a vulnerability."""
    parser = argparse.ArgumentParser(prog="npm run audit --", description=__doc__)
    parser.add_argument(
        "--must-reach", action="store_true", help="fail if a service is unreachable"
    )
    must_reach = parser.parse_args().must_reach
    found: list[str] = []
    missed: list[str] = []
    for name, audit in {"pip-audit": audit_python, "npm audit": audit_node}.items():
        try:
            found.extend(audit())  # Keeps what was found before an error.
        except UnreachableError as error:
            missed.append(
                f"{name} did not check everything, since it could not reach its data: {error}"
            )
    print("\n".join([*found, *missed]) or "No known vulnerability.")
    sys.exit(1 if found or (missed and must_reach) else 0)


def audit_python() -> Iterator[str]:
    """Yield a line for each vulnerable Python package of a lock file."""
    install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--require-hashes"]
    installed = run([*install, "--target", str(PIP_AUDIT), "-r", PIP_AUDIT_LOCK])
    if installed.returncode:
        raise UnreachableError(installed.stderr.strip())
    # The lock files have every package, so pip need not resolve them.
    options = ["--disable-pip", "--no-deps", "--strict", "--progress-spinner=off", "--format=json"]
    command = [sys.executable, "-m", "pip_audit", "--vulnerability-service=osv", *options]
    for lock in LOCKS:
        report = run_audit([*command, "-r", lock], PYTHONPATH=str(PIP_AUDIT))
        for package in report["dependencies"]:
            for each in package["vulns"]:
                fixes = ", ".join(each["fix_versions"]) or "no version"
                name = f"{package['name']} {package['version']}"
                yield f"{lock}: {name}: {each['id']}; fixed by {fixes}"


def audit_node() -> Iterator[str]:
    """Yield a line for each vulnerable npm package of a lock file."""
    for project in NODE_PROJECTS:
        command = ["npm", "audit", "--json", "--package-lock-only", "--prefix", project]
        report = run_audit(command)
        if "vulnerabilities" not in report:
            raise UnreachableError(report.get("message", "no report"))
        for name, each in report["vulnerabilities"].items():
            for via in each["via"]:
                if isinstance(via, dict):  # Else, the name of a package that it depends on.
                    yield f"{project}/package-lock.json: {name}: {via['title']}; {via['url']}"


def run_audit(command: list[str], **environment: str) -> Any:
    """Return the report of an audit, which also exits with 1 if it has found something."""
    result = run(command, **environment)
    try:
        return json.loads(result.stdout)
    except ValueError:
        lines = result.stderr.strip().splitlines() or ["no report"]
        raise UnreachableError(lines[-1]) from None


def run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in this clone, and return what it writes."""
    settings = {**os.environ, **environment}
    return subprocess.run(
        command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False
    )


if __name__ == "__main__":
    main()
