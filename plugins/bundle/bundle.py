"""From the packaged service to one artifact a function, which holds what the function reaches."""

import contextlib
import hashlib
import json
import os
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.metadata import version as installed_version
from pathlib import Path
from types import ModuleType
from typing import Any

from plugins.bundle.archive import COMPRESSION_LEVELS, make_zip
from plugins.bundle.bytecode import RUNTIME, compile_bytecode
from plugins.bundle.checks import check_handler
from plugins.bundle.closure import BROUGHT_BY_LAMBDA, Closure, find_closure
from plugins.bundle.libraries import check_libraries
from plugins.bundle.manifest import make_manifest
from plugins.bundle.minify import ESBUILD, minify
from plugins.bundle.models import compile_models
from plugins.bundle.package import Package
from plugins.bundle.problems import BundleError
from plugins.bundle.uses import check_uses

FOLDER = Path(__file__).parent
CORE = "pydantic-core"
NEVER_SHIPPED = {name.replace("_", "-") for name in BROUGHT_BY_LAMBDA}
KEPT = 50  # Artifacts in the cache, the newest ones.
# What compiled models do without; of the core they have the extension module.
PYDANTIC = {"pydantic", CORE}


@dataclass(frozen=True)
class Function:
    """A function as serverless.yml has it."""

    name: str
    handler: str
    runtime: str
    architecture: str
    target: str = "lambda"  # Or "machine": whichever one builds it.
    include: tuple[str, ...] = ()
    pydantic: bool = False

    @property
    def module(self) -> str:
        """The module that the handler string names."""
        return self.handler.rpartition(".")[0].replace("/", ".")


def make_bundles(request: dict[str, Any]) -> list[dict[str, Any]]:
    """Make the artifacts of `functions` from the zip `artifact`, into the folder `output`.

    Where `sources` names a folder, the service's own files are those that `patterns` match in it,
    and not the zip's. The modules that `checks` name hold each handler to rules of their own, as
    `plugins/bundle/checks.py` says.

    Returns for each its function, artifact, sizes in bytes, number of modules and compiled models.
    Those that were made before from the same are taken from the folder `cache`.

    Raises:
        BundleError: an artifact cannot be made as asked.
    """
    package = Package.read(request["artifact"])
    if "sources" in request:
        package = package.with_sources(Path(request["sources"]), request["patterns"])
    output, cache = Path(request["output"]), Path(request["cache"])
    output.mkdir(parents=True, exist_ok=True)
    cache.mkdir(parents=True, exist_ok=True)
    compilers = _digest_compilers()
    folders, writing = {}, []
    with ThreadPoolExecutor() as threads:  # Compression leaves the interpreter to others.
        for each in request["functions"]:
            function = Function(**{**each, "include": tuple(each.get("include", ()))})
            try:
                check_handler(package, function.handler, request.get("checks", []))
                bundle = _Bundle(package, function)
                key = repr((compilers, function, bundle.inputs()))
                folder = cache / hashlib.sha256(key.encode()).hexdigest()
                if not _is_kept(folder):
                    writing.append(threads.submit(_write, folder, bundle, bundle.make()))
            except BundleError as error:
                told = f"The function {function.name} cannot be bundled: {error}"
                raise BundleError(told) from None
            folders[function.name] = folder
    for each in writing:
        each.result()
    for old in _oldest_first(cache)[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return [_take(folder, name, output) for name, folder in folders.items()]


def _is_kept(folder: Path) -> bool:
    """Whether the cache has that folder, which is then the last to be forgotten."""
    try:
        os.utime(folder)
    except FileNotFoundError:
        return False
    return True


def _oldest_first(cache: Path) -> list[Path]:
    """Return the folders of the cache by their last use; others may be at work in it."""
    times = {}
    for folder in cache.iterdir():
        with contextlib.suppress(FileNotFoundError):
            times[folder] = folder.stat().st_mtime
    return sorted(times, key=lambda folder: times[folder])


def _take(folder: Path, name: str, output: Path) -> dict[str, Any]:
    """Copy what the cache has of a function, and return what there is to tell of it."""
    for path in folder.glob("artifact.*"):
        shutil.copyfile(path, output / path.name.replace("artifact", name, 1))
    result = json.loads((folder / "made.json").read_text())
    return {**result, "artifact": str(output / f"{name}.zip")}


def _write(folder: Path, bundle: "_Bundle", files: dict[str, bytes]) -> None:
    """Write an artifact of these files into the cache, with what there is to tell of it."""
    function = bundle.function
    archive = make_zip(files, bundle.package.executable, COMPRESSION_LEVELS[function.target])
    made = {
        "function": function.name,
        "zipped": len(archive),
        "unzipped": sum(map(len, files.values())),
        "modules": sum(path.endswith(".py") for path in files),
        "compiled": sorted(bundle.compiled),
    }
    making = Path(tempfile.mkdtemp(dir=folder.parent))
    (making / "artifact.zip").write_bytes(archive)
    manifest = make_manifest(function.name, files, bundle.distributions())
    (making / "artifact.cdx.json").write_text(manifest, encoding="utf-8")
    (making / "made.json").write_text(json.dumps(made))
    try:
        making.rename(folder)  # Whole or not at all.
    except OSError:
        shutil.rmtree(making)  # Another process has made the same.


class _Bundle:
    """One function's files in the making."""

    def __init__(self, package: Package, function: Function) -> None:
        here = f"{sys.version_info[0]}.{sys.version_info[1]}"
        if function.runtime != f"python{here}":
            raise BundleError(
                f"it runs on {function.runtime}, and .venv has Python {here}, which makes no "
                "bytecode for that."
            )
        self.package = package
        self.function = function
        self.closure = find_closure(package, function.module, list(function.include))
        self.compiled: dict[str, str] = {}
        self.reached: set[str] = set()
        self.holds_core = False

    def inputs(self) -> dict[str, str]:
        """Return the digest of each file that the artifact is made from, by path."""
        names = self.package.with_requirements(self.closure.distributions)
        owned = {path for name in names for path in self.package.distributions[name].files}
        paths = sorted(self.closure.files | owned)
        return {path: self.package.digest(path) for path in paths}

    def make(self) -> dict[str, bytes]:
        """Return every file of the artifact."""
        closure = self.closure if self.function.pydantic else self._compile_models()
        files = {path: self.package.files[path] for path in closure.files}
        files |= {path: minify(path, files[path]) for path in files if path.endswith(".js")}
        modules = dict(closure.modules)
        imported = closure.distributions
        if CORE in imported and not self.function.pydantic:
            check_uses(self.package, closure, self.compiled)
            imported = imported - {CORE}
            files |= self._core_alone()
            modules["pydantic_core"] = "pydantic_core/__init__.py"
        self.reached = self.package.with_requirements(imported) - NEVER_SHIPPED
        if not self.function.pydantic:
            self._refuse_pydantic(imported)
        for name in self.reached:
            owned = self.package.distributions[name].files
            files |= {path: self.package.files[path] for path in owned}
        self.holds_core = "pydantic_core" in modules
        files |= compile_bytecode(files, self.function.module, modules)
        if self.function.target == "lambda":
            check_libraries(files, self.function.runtime, self.function.architecture)
        return files

    def distributions(self) -> list[Any]:
        """Return the distributions that the artifact holds, whole or, of the core, in part."""
        names = self.reached | ({CORE} if self.holds_core else set())
        return [self.package.distributions[name] for name in names]

    def _compile_models(self) -> Closure:
        """Compile the payload.py modules, and return what is reached without their imports."""
        modules = [name for name in self.closure.modules if name.rpartition(".")[2] == "payload"]
        if not modules:
            return self.closure
        self._check_same_pydantic()
        with tempfile.TemporaryDirectory() as folder:
            for path in self.closure.modules.values():
                Path(folder, path).parent.mkdir(parents=True, exist_ok=True)
                Path(folder, path).write_bytes(self.package.files[path])
            with _importing_from(folder):
                for name in sorted(modules):
                    path = self.closure.modules[name]
                    source = self.package.files[path].decode()
                    self.compiled[path] = compile_models(name, source)
        files = dict(self.package.files)
        files |= {path: text.encode() for path, text in self.compiled.items()}
        files["compiled_model.py"] = (RUNTIME / "compiled_model.py").read_bytes()
        self.package = replace(self.package, files=files)
        return find_closure(self.package, self.function.module, list(self.function.include))

    def _refuse_pydantic(self, imported: set[str]) -> None:
        """Hold everything that is shipped to do without pydantic, and with its core alone."""
        wanting = {"the service's own code": imported} | {
            name: set(self.package.distributions[name].requires) for name in self.reached
        }
        for who, wanted in wanting.items():
            if who not in PYDANTIC and wanted & PYDANTIC:
                raise BundleError(
                    f"{who} needs {min(wanted & PYDANTIC)}, which compiled models do without. Do "
                    "without it, or move models to payload.py, or declare "
                    "`bundle: {pydantic: true}`."
                )

    def _check_same_pydantic(self) -> None:
        for name in ("pydantic", CORE):
            packaged = self.package.distributions.get(name)
            if packaged and packaged.version != installed_version(name):
                raise BundleError(
                    f"it ships {name} {packaged.version}, and models would be compiled by "
                    f"{installed_version(name)}: requirements.txt and requirements-dev.txt differ. "
                    "Run `npm run lock`."
                )

    def _core_alone(self) -> dict[str, bytes]:
        core = self.package.distributions[CORE].files
        kept = [path for path in core if path.endswith(".so") or ".dist-info/" in path]
        initialiser = (RUNTIME / "pydantic_core.py").read_bytes()
        return {
            **{path: self.package.files[path] for path in kept},
            "pydantic_core/__init__.py": initialiser,
        }


class _importing_from:  # noqa: N801
    """While it lasts, the service's own modules are imported from that folder, anew."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.tops = {path.name.partition(".")[0] for path in Path(folder).iterdir()}

    def __enter__(self) -> None:
        self.set_aside = self._take_out()
        sys.path.insert(0, self.folder)

    def __exit__(self, *_: object) -> None:
        sys.path.remove(self.folder)
        self._take_out()
        sys.modules.update(self.set_aside)

    def _take_out(self) -> dict[str, ModuleType]:
        names = [name for name in sys.modules if name.partition(".")[0] in self.tops]
        return {name: sys.modules.pop(name) for name in names}


def _digest_compilers() -> str:
    """Return what names everything that makes artifacts."""
    compilers = installed_version("pydantic"), installed_version(CORE), sys.version
    digest = hashlib.sha256(repr(compilers).encode())
    for source in (*sorted(FOLDER.rglob("*.py")), ESBUILD / "package.json"):
        digest.update(source.read_bytes())
    return digest.hexdigest()
