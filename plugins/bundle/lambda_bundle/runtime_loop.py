"""The files that run a function in place of AWS's runtime client; see runtime/runtime_loop/."""

import sys

from lambda_bundle.bytecode import RUNTIME

WRAPPER = "runtime_loop/wrapper"
PYTHON_OF_LAMBDA = b"/var/lang/bin/python3"


def runtime_loop_files(target: str) -> dict[str, bytes]:
    """Return the files by path, for an artifact's target: "lambda" or "machine"."""
    files = {
        path.relative_to(RUNTIME).as_posix(): path.read_bytes()
        for path in (RUNTIME / "runtime_loop").iterdir()
        if path.is_file()
    }
    if target == "machine":
        base = sys._base_executable.encode()  # type: ignore[attr-defined]  # noqa: SLF001
        files[WRAPPER] = files[WRAPPER].replace(PYTHON_OF_LAMBDA, base, 1)
    return files
