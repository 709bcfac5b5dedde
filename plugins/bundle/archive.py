"""An artifact: its bytecode, its fitness for Lambda, and its zip, the same from build to build."""

import importlib.util
import io
import marshal
import re
import struct
import zipfile
from pathlib import Path
from types import CodeType

from plugins.bundle.problems import BundleError

RUNTIME = Path(__file__).parent / "runtime"
TASK_ROOT = "/var/task"
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
UNZIPPED_LIMIT_BYTES = 250 * 1024 * 1024

EPOCH = (1980, 1, 1, 0, 0, 0)  # The earliest time that a zip can tell.
COMPRESSION_LEVEL = 9

# e_machine, https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
ELF_MACHINES = {"arm64": 183, "x86_64": 62}
NATIVE = re.compile(r"\.(so(\.\d+)*|dylib|dll|pyd)$")
EXTENSION_VERSION = re.compile(r"\.cpython-(\d)(\d+)-")


def compile_bytecode(
    files: dict[str, bytes], entry: str, modules: dict[str, str]
) -> dict[str, bytes]:
    """Return the bytecode of every module, which Python takes without a look at the source.

    That of the module `entry` brings all of `modules`, paths by name, as runtime/entry.py tells.
    https://docs.python.org/3/library/py_compile.html#py_compile.PycInvalidationMode.UNCHECKED_HASH
    """
    codes = {path: _compile(path, files[path]) for path in sorted(files) if path.endswith(".py")}
    bytecode = {path: marshal.dumps(codes[path]) for path in codes}
    if entry in modules:
        brought = {name: modules[name] for name in sorted(modules)}
        held = {
            "ENTRY_PATH": brought[entry],
            "PATHS": brought,
            "BYTECODE": {name: bytecode[path] for name, path in brought.items()},
        }
        constants = "".join(f"{name} = {value!r}\n" for name, value in held.items())
        source = constants + (RUNTIME / "entry.py").read_text(encoding="utf-8")
        path = brought[entry]
        bytecode[path] = marshal.dumps(_compile(path, source.encode()))
    flags = struct.pack("<I", 0b01)  # By hash, unchecked: PEP 552.
    return {
        importlib.util.cache_from_source(path): b"".join(
            [importlib.util.MAGIC_NUMBER, flags, importlib.util.source_hash(files[path]), code]
        )
        for path, code in bytecode.items()
    }


def _compile(path: str, source: bytes) -> CodeType:
    try:
        return compile(source, f"{TASK_ROOT}/{path}", "exec", dont_inherit=True)
    except SyntaxError as error:
        raise BundleError(f"{path}, line {error.lineno}: {error.msg}") from None


def check_fitness(files: dict[str, bytes], runtime: str, architecture: str) -> None:
    """Hold every native library to the function's architecture and runtime, and all to the limit.

    Raises:
        BundleError: says which file does not fit, and why.
    """
    version = runtime.removeprefix("python")
    for path in sorted(files):
        if NATIVE.search(path):
            problem = _find_misfit(path, files[path], version, architecture)
            if problem:
                raise BundleError(
                    f"{path} {problem}; the function is for {runtime} on {architecture}.\n"
                    "Delete .cache/requirements, and see pipCmdExtraArgs in serverless.yml."
                )
    size = sum(map(len, files.values()))
    if size > UNZIPPED_LIMIT_BYTES:
        largest = sorted(files, key=lambda path: -len(files[path]))[:3]
        raise BundleError(
            f"Unzipped it has {size} bytes, and Lambda takes {UNZIPPED_LIMIT_BYTES}. "
            f"The largest files: {', '.join(largest)}."
        )


def make_zip(files: dict[str, bytes]) -> bytes:
    """Return the zip of these files, in one order, at one time, with one mode."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION_LEVEL) as out:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, on every machine that builds it.
            entry.external_attr = 0o100644 << 16
            out.writestr(entry, files[path])
    return buffer.getvalue()


def _find_misfit(path: str, content: bytes, version: str, architecture: str) -> str | None:
    if content[:4] != b"\x7fELF":
        return "is no Linux library"
    (machine,) = struct.unpack_from("<H", content, 18)
    if machine != ELF_MACHINES[architecture]:
        names = {number: name for name, number in ELF_MACHINES.items()}
        return f"is for {names.get(machine, f'ELF machine {machine}')}"
    if b"ld-musl" in content or b"libc.musl" in content:
        return "is linked to musl, and Lambda has glibc"
    built_for = EXTENSION_VERSION.search(path)
    if built_for and ".".join(built_for.groups()) != version:
        return f"is for Python {'.'.join(built_for.groups())}"
    return None
