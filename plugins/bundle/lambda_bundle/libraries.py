"""Finds what keeps an artifact from running on Lambda: its native libraries, and its size."""

import re
import struct
from collections.abc import Iterator

from lambda_bundle.problems import Note

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
UNZIPPED_LIMIT_BYTES = 250 * 1024 * 1024

# e_machine, https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
ELF_MACHINES = {"arm64": 183, "x86_64": 62}
ELF_MACHINE_OFFSET = 18
ELF_MAGIC = b"\x7fELF"
NATIVE = re.compile(r"\.(so(\.\d+)*|dylib|dll|pyd)$")
# The interpreter in an extension module's file name, such as cpython-313-x86_64-linux-gnu.
EXTENSION_TAG = re.compile(r"\.((?:cpython|pypy|graalpy)[^.]*)\.so$")


def find_problems(files: dict[str, bytes], runtime: str, architecture: str) -> Iterator[Note]:
    """Yield what Lambda cannot load of an artifact, each native library, and what is too large.

    Args:
        files: contents by path.
        runtime: Lambda's name, such as "python3.13".
        architecture: Lambda's name, "arm64" or "x86_64".
    """
    for path in sorted(files):
        if NATIVE.search(path) or files[path].startswith(ELF_MAGIC):
            problem = _find_problem(path, files[path], runtime, architecture)
            if problem:
                yield Note(
                    "libraries",
                    f"{path} {problem}, but the function runs on {runtime} and {architecture}.",
                    "Install the requirements for that platform: see pipCmdExtraArgs of "
                    "serverless-python-requirements, and delete its cache; or options of pip such "
                    "as --platform and --only-binary.",
                )
    size_bytes = sum(map(len, files.values()))
    if size_bytes > UNZIPPED_LIMIT_BYTES:
        largest = sorted(files, key=lambda path: -len(files[path]))[:3]
        yield Note(
            "size",
            f"The artifact has {size_bytes} bytes unzipped; Lambda's limit is "
            f"{UNZIPPED_LIMIT_BYTES}. The largest files: {', '.join(largest)}.",
            "",
        )


def _find_problem(path: str, content: bytes, runtime: str, architecture: str) -> str | None:
    if not content.startswith(ELF_MAGIC):
        return "is not a Linux library"
    (machine,) = struct.unpack_from("<H", content, ELF_MACHINE_OFFSET)
    if machine != ELF_MACHINES[architecture]:
        names = {number: name for name, number in ELF_MACHINES.items()}
        return f"is built for {names.get(machine, f'ELF machine {machine}')}"
    if b"ld-musl" in content or b"libc.musl" in content:
        return "is linked to musl, which Lambda does not have"
    tag = EXTENSION_TAG.search(path)
    version = runtime.removeprefix("python").replace(".", "")
    if tag and not tag[1].startswith(f"cpython-{version}-"):
        return f"is built for {tag[1]}"
    return None
