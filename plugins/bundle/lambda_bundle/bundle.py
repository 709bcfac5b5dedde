"""Makes bundles: one artifact for each function of a packaged service."""

import functools
import hashlib
import json
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from lambda_bundle.archive import COMPRESSION_LEVELS, make_zip
from lambda_bundle.artifact import Artifact, make_artifact
from lambda_bundle.cache import Cache
from lambda_bundle.checks import check_handler
from lambda_bundle.closure import Closure, find_closure
from lambda_bundle.function import Function
from lambda_bundle.manifest import make_manifest
from lambda_bundle.minify import ESBUILD
from lambda_bundle.models.compile import ModelCompiler
from lambda_bundle.package import Package
from lambda_bundle.problems import BundleError
from lambda_bundle.runtime_loop import WRAPPER

FOLDER = Path(__file__).parent


def make_bundles(request: dict[str, Any]) -> list[dict[str, Any]]:
    """Make an artifact and a manifest for each function.

    Args:
        request: has the paths `package`, of the zip with the whole service, `output`, of the
            folder to write to, and `cache`; and `functions`, each with the fields of `Function`.
            Optional: `checks`, the names of modules as checks.py describes them; `sources`, a
            folder to take the service's own files from, instead of the zip, with their `patterns`.

    Returns:
        For each function a dict of its name `function`, the path `artifact`, its sizes in bytes
        `zipped` and `unzipped`, the number of `modules`, and the paths of `compiled` models.

    Raises:
        BundleError: an artifact cannot be made; says why, and what to change.
    """
    package = Package.read(Path(request["package"]))
    if "sources" in request:
        package = package.with_sources(Path(request["sources"]), request["patterns"])
    output = Path(request["output"])
    output.mkdir(parents=True, exist_ok=True)
    functions = [
        Function(**{**each, "include": tuple(each.get("include", ()))})
        for each in request["functions"]
    ]
    folder = Path(request["cache"])
    with Cache(folder) as cache, ModelCompiler(package, folder / "pydantic") as compiler:
        keys, writing = {}, []
        with ThreadPoolExecutor() as threads:  # zlib releases the GIL.
            for function in functions:
                try:
                    closure = _find_checked_closure(package, function, request.get("checks", []))
                    key = keys[function.name] = _make_key(package, function, closure)
                    if not cache.has(key):
                        artifact = make_artifact(package, function, closure, compiler)
                        writing.append(threads.submit(_write, cache, key, function, artifact))
                except BundleError as error:
                    problem = f"The function {function.name} cannot be bundled: {error}"
                    raise BundleError(problem) from None
        for each in writing:
            each.result()
        return [_copy(cache.entry(key), name, output) for name, key in keys.items()]


def _find_checked_closure(package: Package, function: Function, checks: list[str]) -> Closure:
    """Return the closure of a function, after checking its handler and its runtime."""
    check_handler(package, function.handler, checks)
    function.check_runtime()
    return find_closure(package, function.module, function.include)


def _make_key(package: Package, function: Function, closure: Closure) -> str:
    """Return a key that changes with everything that the artifact depends on."""
    names = package.with_requirements(closure.distributions)
    owned = {path for name in names for path in package.distributions[name].files}
    inputs = {path: package.digest(path) for path in sorted(closure.files | owned)}
    return repr((_digest_bundler(), function, inputs))


@functools.cache
def _digest_bundler() -> str:
    """Return a digest of what artifacts depend on besides their inputs: this code and its tools."""
    versions = installed_version("pydantic"), installed_version("pydantic-core"), sys.version
    digest = hashlib.sha256(repr(versions).encode())
    own = [path for pattern in ("*.py", WRAPPER) for path in sorted(FOLDER.rglob(pattern))]
    for source in (*own, ESBUILD / "package.json"):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _write(cache: Cache, key: str, function: Function, artifact: Artifact) -> None:
    """Add an artifact to the cache, with its manifest and its result for `make_bundles`."""
    files = artifact.files
    zipped = make_zip(files, artifact.executable, COMPRESSION_LEVELS[function.target])
    result = {
        "function": function.name,
        "zipped": len(zipped),
        "unzipped": sum(map(len, files.values())),
        "modules": sum(path.endswith(".py") for path in files),
        "compiled": artifact.compiled,
    }
    manifest = make_manifest(function.name, files, artifact.distributions)
    cache.add(
        key,
        {
            "artifact.zip": zipped,
            "artifact.cdx.json": manifest.encode(),
            "result.json": json.dumps(result).encode(),
        },
    )


def _copy(entry: Path, name: str, output: Path) -> dict[str, Any]:
    """Copy an artifact and its manifest from the cache to a folder, and return its result."""
    for path in entry.glob("artifact.*"):
        shutil.copyfile(path, output / path.name.replace("artifact", name, 1))
    result = json.loads((entry / "result.json").read_text())
    return {**result, "artifact": str(output / f"{name}.zip")}
