"""Native libraries that Lambda cannot load, and artifacts over its limit, are found."""

import struct

import pytest
from lambda_bundle.libraries import find_problems

X86_64 = b"\x7fELF" + bytes(14) + struct.pack("<H", 62)
ARM64 = b"\x7fELF" + bytes(14) + struct.pack("<H", 183)


@pytest.mark.parametrize(
    ("path", "content", "problem"),
    [
        ("a.so", X86_64, "a.so is built for x86_64, but the function runs on python3.13 and arm64"),
        ("a.so.1.2", X86_64, "is built for x86_64"),
        ("a.dylib", b"\xcf\xfa\xed\xfe" + bytes(20), "is not a Linux library"),
        ("a.pyd", b"MZ" + bytes(20), "is not a Linux library"),
        ("a.cpython-312-aarch64-linux-gnu.so", ARM64, "is built for cpython-312-aarch64-linux-gnu"),
        ("a.cpython-313t-aarch64-linux-gnu.so", ARM64, "is built for cpython-313t"),
        ("a.pypy310-pp73-aarch64-linux-gnu.so", ARM64, "is built for pypy310"),
        ("bin/tool", X86_64, "is built for x86_64"),
        ("a.so", ARM64 + b"libc.musl-aarch64.so.1", "is linked to musl"),
    ],
)
def test_a_library_for_another_platform_is_found(path: str, content: bytes, problem: str) -> None:
    (note,) = find_problems({path: content}, "python3.13", "arm64")
    assert problem in note.why


def test_a_library_for_the_function_s_platform_is_accepted() -> None:
    fitting = {"a.cpython-313-aarch64-linux-gnu.so": ARM64, "b.abi3.so": ARM64}
    assert not list(find_problems(fitting, "python3.13", "arm64"))


def test_an_artifact_over_lambda_s_limit_is_found() -> None:
    files = {"big": bytes(250 * 1024 * 1024), "small": b"x"}
    (note,) = find_problems(files, "python3.13", "arm64")
    assert "limit is 262144000. The largest files: big, small." in note.why
