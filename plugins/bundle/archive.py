"""An artifact: its bytecode, its fitness for Lambda, and its zip, the same from build to build."""

import functools
import importlib.util
import io
import marshal
import re
import struct
import zipfile
from collections.abc import Container
from pathlib import Path

from plugins.bundle.problems import BundleError

RUNTIME = Path(__file__).parent / "runtime"
TASK_ROOT = "/var/task"
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
UNZIPPED_LIMIT_BYTES = 250 * 1024 * 1024

EPOCH = (1980, 1, 1, 0, 0, 0)  # The earliest time that a zip can tell.
# Where it runs on this machine, it is to be made soon. Level 9 takes twice as long as 6, for 0.4 %.
COMPRESSION_LEVELS = {"lambda": 6, "machine": 1}

# e_machine, https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
ELF_MACHINES = {"arm64": 183, "x86_64": 62}
ELF = b"\x7fELF"
NATIVE = re.compile(r"\.(so(\.\d+)*|dylib|dll|pyd)$")
# What an extension module's name says it was built for, such as cpython-313-x86_64-linux-gnu.
EXTENSION_TAG = re.compile(r"\.((?:cpython|pypy|graalpy)[^.]*)\.so$")


def compile_bytecode(
    files: dict[str, bytes], entry: str, modules: dict[str, str]
) -> dict[str, bytes]:
    """Return the bytecode of every module, which Python takes without a look at the source.

    That of the module `entry` brings all of `modules`, paths by name, as runtime/entry.py tells.
    Python that does not compile is left alone where it is no module: packages ship templates.
    https://docs.python.org/3/library/py_compile.html#py_compile.PycInvalidationMode.UNCHECKED_HASH
    """
    bytecode = {}
    for path in sorted(each for each in files if each.endswith(".py")):
        try:
            bytecode[path] = _compile(path, files[path])
        except SyntaxError as error:
            if path in modules.values():
                raise BundleError(f"{path}, line {error.lineno}: {error.msg}") from None
    if entry in modules:
        brought = {name: bytecode[modules[name]] for name in sorted(modules)}
        bytecode[modules[entry]] = _bring(modules, entry, brought)
    flags = struct.pack("<I", 0b01)  # By hash, unchecked: PEP 552.
    return {
        importlib.util.cache_from_source(path, optimization=""): b"".join(
            [importlib.util.MAGIC_NUMBER, flags, importlib.util.source_hash(files[path]), code]
        )
        for path, code in bytecode.items()
    }


@functools.cache  # Functions share most modules.
def _compile(path: str, source: bytes) -> bytes:
    code = compile(source, f"{TASK_ROOT}/{path}", "exec", dont_inherit=True, optimize=0)
    return marshal.dumps(code)


def _bring(modules: dict[str, str], entry: str, brought: dict[str, bytes]) -> bytes:
    """Return bytecode that brings the modules, in a namespace of its own, and is the entry's."""
    finder = (RUNTIME / "entry.py").read_bytes()
    constants = f"PATHS = {dict(sorted(modules.items()))!r}\nBYTECODE = {brought!r}\n".encode()
    loads = "__import__('marshal').loads"
    path = modules[entry]
    source = (
        f"exec({loads}({_compile('<bundle>', constants + finder)!r}),"
        f" {{'__name__': '<bundle>', 'TASK_ROOT': __file__[:-{len(path)}]}})\n"
        f"exec({loads}({brought[entry]!r}))\n"
    )
    return _compile(path, source.encode())


def check_fitness(files: dict[str, bytes], runtime: str, architecture: str) -> None:
    """Hold every native library to the function's architecture and runtime, and all to the limit.

    Raises:
        BundleError: says which file does not fit, and why.
    """
    version = runtime.removeprefix("python")
    for path in sorted(files):
        if NATIVE.search(path) or files[path].startswith(ELF):
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


def make_zip(files: dict[str, bytes], executable: Container[str] = (), level: int = 6) -> bytes:
    """Return the zip of these files, in one order, at one time, with one mode or the other."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.create_system = 3  # Unix, on every machine that builds it.
            entry.external_attr = (0o100755 if path in executable else 0o100644) << 16
            out.writestr(entry, files[path], zipfile.ZIP_DEFLATED, level)
    return buffer.getvalue()


def _find_misfit(path: str, content: bytes, version: str, architecture: str) -> str | None:
    if not content.startswith(ELF):
        return "is no Linux library"
    (machine,) = struct.unpack_from("<H", content, 18)
    if machine != ELF_MACHINES[architecture]:
        names = {number: name for name, number in ELF_MACHINES.items()}
        return f"is for {names.get(machine, f'ELF machine {machine}')}"
    if b"ld-musl" in content or b"libc.musl" in content:
        return "is linked to musl, and Lambda has glibc"
    tag = EXTENSION_TAG.search(path)
    if tag and not tag[1].startswith(f"cpython-{version.replace('.', '')}-"):
        return f"is for {tag[1]}"
    return None
