"""Makes bundles: one artifact for each function of a packaged service."""

import contextlib
import functools
import hashlib
import importlib.metadata
import json
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lambda_bundle.archive import COMPRESSION_LEVELS, make_zip
from lambda_bundle.artifact import Artifact, Tools, find_function_closure, make_artifact
from lambda_bundle.cache import Cache
from lambda_bundle.checks import check_handler
from lambda_bundle.closure import Closure
from lambda_bundle.distributions import describe_target
from lambda_bundle.function import Function
from lambda_bundle.manifest import make_manifest
from lambda_bundle.minify import find_esbuild
from lambda_bundle.models.compile import ModelCompiler
from lambda_bundle.package import Package
from lambda_bundle.package_size import TooLargeError
from lambda_bundle.problems import BundleError
from lambda_bundle.runtime_loop import WRAPPER
from lambda_bundle.shipped import find_shipped

FOLDER = Path(__file__).parent
RESULT = "result.json"


def make_bundles(request: dict[str, Any]) -> list[dict[str, Any]]:
    """Make an artifact and a manifest for each function.

    Args:
        request: has the path `package`, of a zip or a folder with the whole service, and `output`,
            of the folder to write to; and `functions`, each with the fields of `Function`.
            Optional: `cache`, a folder for artifacts of earlier builds; `checks`, the names of
            modules as checks.py describes them; `esbuild`, the folder of an installed esbuild,
            by default one in a `node_modules` at or above the current folder; `strict`, for all
            functions that do not say; `sources`, a folder to take the service's own files from,
            instead of the package, with their `patterns`.

    Returns:
        For each function a dict of its name `function`, the path `artifact`, its sizes in bytes
        `zipped` and `unzipped`, the number of `modules`, and the paths of `compiled` models;

        - `kept`, what was not done, and `warnings`, what may fail on Lambda: each a dict of `what`
          (such as "models"), `why`, and `advice` on what would change it;
        - `libraries`, the shipped distributions, each a dict of `name` and `version`, and
          `left_out`, the others, each with its size `unzipped`.

        For a function whose package is too large, a dict of `function`, and why in `left`.

    Raises:
        BundleError: an artifact cannot be made; says why, and what to change. Unless a function is
            strict, that is only if its handler does not exist, or a file cannot be read or written.
    """
    common = {"strict": request.get("strict")}
    functions = [Function.parse(common | each) for each in request["functions"]]
    try:
        package = Package.read(Path(request["package"]))
    except TooLargeError as error:
        if strict := [function.name for function in functions if function.strict]:
            problem = f"The function {strict[0]} cannot be bundled: {error}"
            raise BundleError(problem) from None
        return [{"function": function.name, "left": str(error)} for function in functions]
    if "sources" in request:
        package = package.with_sources(Path(request["sources"]), request["patterns"])
    cache = Path(request["cache"]) if request.get("cache") else None
    esbuild = Path(request["esbuild"]) if request.get("esbuild") else find_esbuild(Path.cwd())
    output = Path(request["output"])
    with _explaining(output):
        output.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        cached = stack.enter_context(Cache(cache))
        folder = cache or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        tools = Tools(stack.enter_context(ModelCompiler(package, folder / "pydantic")), esbuild)
        builder = _Builder(package, output, cached, tools, request.get("checks", []))
        threads = stack.enter_context(ThreadPoolExecutor())  # zlib releases the GIL.
        writing = [threads.submit(builder.prepare(function)) for function in functions]
        return [each.result() for each in writing]


class _Builder:
    """Makes the artifacts of one request."""

    def __init__(
        self, package: Package, output: Path, cache: Cache, tools: Tools, checks: list[str]
    ) -> None:
        self._package = package
        self._output = output
        self._cache = cache
        self._tools = tools
        self._checks = checks

    def prepare(self, function: Function) -> "functools.partial[dict[str, Any]]":
        """Return what writes a function's artifact and returns its result, in any thread.

        Raises:
            BundleError: it cannot be made.
        """
        try:
            closure = self._find_checked_closure(function)
            key = self._make_key(function, closure)
            files = self._cache.read(key)
            if files:
                return functools.partial(self._write, function, files)
            artifact = make_artifact(self._package, function, closure, self._tools)
        except BundleError as error:
            problem = f"The function {function.name} cannot be bundled: {error}"
            raise BundleError(problem) from None
        return functools.partial(self._pack, function, key, artifact)

    def _find_checked_closure(self, function: Function) -> Closure:
        """Return the closure of a function, after checking its handler."""
        closure = find_function_closure(self._package, function)
        check_handler(
            self._package,
            function.handler,
            self._checks,
            folders=closure.folders,
            external=function.external,
        )
        return closure

    def _make_key(self, function: Function, closure: Closure) -> str:
        """Return a key that changes with everything that the artifact depends on."""
        target = describe_target(function.runtime, function.architecture)
        names = find_shipped(self._package, closure.distributions, target)
        owned = {path for name in names for path in self._package.distributions[name].files}
        inputs = {path: self._package.digest(path) for path in sorted(closure.files | owned)}
        notes = closure.unclear, closure.by_name, closure.folders, sorted(closure.external)
        return repr((_digest_bundler(self._tools.esbuild), function, notes, inputs))

    def _pack(self, function: Function, key: str, artifact: Artifact) -> dict[str, Any]:
        """Write an artifact, add it to the cache, and return its result."""
        level = COMPRESSION_LEVELS[function.target]
        zipped = make_zip(artifact.files, artifact.executable, level, artifact.links)
        manifest = make_manifest(function.name, artifact.files, artifact.distributions)
        files = {
            "artifact.zip": zipped,
            "artifact.cdx.json": manifest.encode(),
            RESULT: json.dumps(_describe(function, artifact, len(zipped))).encode(),
        }
        self._cache.add(key, files)
        return self._write(function, files)

    def _write(self, function: Function, files: dict[str, bytes]) -> dict[str, Any]:
        """Write an artifact and its manifest to the output, and return its result."""
        for name in ("artifact.zip", "artifact.cdx.json"):
            write_file(self._output / name.replace("artifact", function.name, 1), files[name])
        result = json.loads(files[RESULT])
        shipped = {each["name"] for each in result["libraries"]}
        left_out = [
            {"name": name, "unzipped": sum(len(self._package.files[path]) for path in each.files)}
            for name, each in sorted(self._package.distributions.items())
            if name not in shipped
        ]
        artifact = str(self._output / f"{function.name}.zip")
        return {**result, "left_out": left_out, "artifact": artifact}


def write_file(path: Path, content: bytes) -> None:
    """Write a file: the whole of it or nothing.

    Raises:
        BundleError: it cannot be written, as when the disk is full.
    """
    with _explaining(path), tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(content)
            file.close()
            Path(file.name).chmod(0o666 & ~_umask())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


@contextlib.contextmanager
def _explaining(path: Path) -> Any:
    try:
        yield
    except OSError as error:
        raise BundleError(f"{path} cannot be written: {error.strerror}.") from None


@functools.cache
def _umask() -> int:
    """Return the mask that new files of this process get; to read it is to set it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _describe(function: Function, artifact: Artifact, zipped_bytes: int) -> dict[str, Any]:
    """Return the result for an artifact, without what depends on the rest of the package."""
    return {
        "function": function.name,
        "zipped": zipped_bytes,
        "unzipped": sum(map(len, artifact.files.values())),
        "modules": sum(path.endswith(".py") for path in artifact.files),
        "compiled": artifact.compiled,
        "kept": [asdict(each) for each in artifact.notes.kept],
        "warnings": [asdict(each) for each in artifact.notes.warnings],
        "libraries": [
            {"name": each.name, "version": each.version} for each in artifact.distributions
        ],
    }


@functools.cache
def _digest_bundler(esbuild: Path | None) -> str:
    """Return a digest of what artifacts depend on besides their inputs: this code and its tools."""
    versions = _version("pydantic"), _version("pydantic-core"), sys.version
    digest = hashlib.sha256(repr(versions).encode())
    for source in [path for name in ("*.py", WRAPPER) for path in sorted(FOLDER.rglob(name))]:
        digest.update(source.read_bytes())
    if esbuild:
        digest.update((esbuild / "package.json").read_bytes())
    return digest.hexdigest()


def _version(distribution: str) -> str | None:
    """Return the version of a distribution that this interpreter has, or None."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None
