"""Makes one function's artifact: the files that the function reaches, compiled."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from lambda_bundle.bytecode import RUNTIME, compile_bytecode
from lambda_bundle.closure import ALL, Closure, find_closure
from lambda_bundle.distributions import Distribution, describe_target
from lambda_bundle.function import Function
from lambda_bundle.libraries import find_problems
from lambda_bundle.library_changes import change_libraries
from lambda_bundle.minify import minify
from lambda_bundle.models.compile import ModelCompiler, with_compiled
from lambda_bundle.models.names import STAND_INS
from lambda_bundle.package import Package
from lambda_bundle.problems import BundleError, Note, Notes
from lambda_bundle.runtime_loop import WRAPPER, runtime_loop_files
from lambda_bundle.shipped import PYDANTIC, PYDANTIC_MODULES, find_shipped, find_use_of_pydantic

CORE = "pydantic-core"
LEAVE = "To leave the models as they are, set `models: false` (on the command line, --no-compile)."
METADATA = (
    "Keep the folders *.dist-info in the package: `slim` of serverless-python-requirements deletes "
    "them, unless slimPatternsAppendDefaults is false."
)


@dataclass(frozen=True)
class Artifact:
    """The content of an artifact.

    `files` has contents by path, `executable` the paths of executable files, `links` those of
    symbolic links, and `compiled` those of compiled models. `distributions` are those that are
    shipped, whole or in part. `notes` say what is not as it could be.
    """

    files: dict[str, bytes]
    executable: set[str]
    links: set[str]
    compiled: list[str]
    distributions: list[Distribution]
    notes: Notes


@dataclass
class Content:
    """What an artifact will have, before its bytecode is compiled.

    `modules` are those that the bytecode of the entry module contains, paths by name.
    """

    files: dict[str, bytes]
    modules: dict[str, str]
    distributions: set[str]
    compiled: list[str] = field(default_factory=list)


def find_function_closure(package: Package, function: Function) -> Closure:
    """Return the closure of a function.

    Everything belongs to it if the metadata of libraries is gone, or if the bundler's version of
    Python is not the function's.
    """
    closure = find_closure(package, function)
    unknown = {each.name for each in package.distributions.values() if not each.is_complete}
    # Of a library that is among the service's own modules, all imports would be followed.
    unknown |= {name for name in PYDANTIC_MODULES if name in package.own_modules}
    if unknown or package.lacks_metadata:
        what = f"of {', '.join(sorted(unknown))} " if unknown and not package.lacks_metadata else ""
        why = f"The metadata {what}in the package does not say which files belong to libraries."
        closure.unclear = [Note(ALL, why, METADATA)]
    if note := function.note_on_runtime:
        closure.unclear = [note]
    if closure.unclear:
        closure.files = {path for path in package.files if path not in package.owners}
        closure.distributions = set(package.distributions)
    return closure


@dataclass(frozen=True)
class Tools:
    """What artifacts are made with; `esbuild` is its folder, if it is installed."""

    compiler: ModelCompiler
    esbuild: Path | None


def make_artifact(package: Package, function: Function, closure: Closure, tools: Tools) -> Artifact:
    """Return the artifact of a function, whose closure this is.

    What cannot be done is left out and noted.

    Raises:
        BundleError: the function is strict, and something cannot be done; says why, and what to
            change.
    """
    notes = Notes(function.strict)
    notes.keep(*closure.unclear, *closure.by_name)
    content = None
    if not function.pydantic:
        content = _without_pydantic(package, function, closure, tools.compiler, notes)
    content = content or _with_pydantic(package, function, closure)
    if function.minify:
        content.files |= _minified(content.files, package, tools.esbuild, notes)
    if function.runtime_loop:
        content.files |= runtime_loop_files(function.target)
    if not function.note_on_runtime:
        entry = "" if closure.folders else function.module
        content.files |= compile_bytecode(content.files, entry, content.modules, notes)
    if function.target == "lambda":
        notes.warn(*find_problems(content.files, function.runtime, function.architecture))
    return Artifact(
        files=content.files,
        executable=(package.executable | {WRAPPER}) & content.files.keys(),
        links=package.links & content.files.keys(),
        compiled=content.compiled,
        distributions=[package.distributions[name] for name in sorted(content.distributions)],
        notes=notes,
    )


def _with_pydantic(package: Package, function: Function, closure: Closure) -> Content:
    """Return the files that the function reaches, as they are."""
    if closure.unclear:
        return Content(dict(package.files), closure.modules, set(package.distributions))
    target = describe_target(function.runtime, function.architecture)
    shipped = find_shipped(package, closure.distributions, target)
    files = {path: package.files[path] for path in closure.files}
    return Content(files | _files_of(package, shipped), dict(closure.modules), shipped)


def _without_pydantic(
    package: Package, function: Function, closure: Closure, compiler: ModelCompiler, notes: Notes
) -> Content | None:
    """Return the files that the function reaches, with compiled models.

    None if it does not use pydantic, or if it must have it; this is noted.
    """
    if not closure.distributions & PYDANTIC and not PYDANTIC_MODULES & closure.modules.keys():
        return None
    if closure.unclear:  # The reason is noted already.
        return None
    try:
        _check_whereabouts(closure)
        return _compile(package, function, closure, compiler)
    except BundleError as error:
        why = f"{str(error).rstrip('.')}."
        notes.keep(Note("models", why, LEAVE if function.strict else ""))
        return None


def _check_whereabouts(closure: Closure) -> None:
    """Check that everything that may use pydantic is known, and that it is a packaged library.

    Raises:
        BundleError: it is not.
    """
    if closure.external:
        modules = ", ".join(sorted(closure.external))
        raise BundleError(f"{modules}, which a layer has, may use pydantic.")
    if PYDANTIC_MODULES & closure.modules.keys():
        raise BundleError("pydantic is among the service's own files, not a packaged library.")


def _compile(
    package: Package, function: Function, closure: Closure, compiler: ModelCompiler
) -> Content:
    """Return the files that the function reaches, with compiled models and without pydantic.

    Raises:
        BundleError: models cannot be compiled, or something else needs pydantic.
    """
    package = change_libraries(package)
    _find_shipped(package, function, closure)  # To compile models takes much longer.
    compiled = compiler.compile(closure.modules, function.environment)
    if compiled.files:  # Compiled models import less, so the function reaches less.
        package = with_compiled(package, compiled.files)
        closure = _find_compiled_closure(package, function, compiled.loaded)
    shipped = _find_shipped(package, function, closure)
    needed = closure.distributions & (PYDANTIC - {CORE})
    if closure.unclear:
        raise BundleError(f"with compiled models, {closure.unclear[0].why}")
    if needed:
        raise BundleError(f"the service's own code needs {min(needed)}.")
    files = {path: package.files[path] for path in closure.files} | _files_of(package, shipped)
    # What few invocations need would make the module larger that Lambda reads first.
    first = {name: path for name, path in closure.modules.items() if name not in compiled.late}
    content = Content(files, first, shipped, sorted(compiled.models))
    if CORE in closure.distributions:
        content.files |= _core_files(package)
        content.modules["pydantic_core"] = "pydantic_core/__init__.py"
        content.distributions = shipped | {CORE}
    return content


def _find_shipped(package: Package, function: Function, closure: Closure) -> set[str]:
    """Return the names of the distributions to ship beside compiled models.

    Raises:
        BundleError: one of them uses pydantic.
    """
    target = describe_target(function.runtime, function.architecture)
    shipped = find_shipped(package, closure.distributions - PYDANTIC, target, PYDANTIC)
    if chain := find_use_of_pydantic(package, closure, shipped):
        raise BundleError(f"{chain[-1]} uses pydantic. Imported by: {' → '.join(chain)}.")
    return shipped


def _find_compiled_closure(package: Package, function: Function, loaded: list[str]) -> Closure:
    """Return the closure of a function with compiled models, which load some modules by name."""
    own = [name for name in loaded if name.partition(".")[0] != STAND_INS]
    closure = find_closure(package, replace(function, include=(*function.include, *own)))
    if STAND_INS not in closure.modules:
        return closure
    return find_closure(package, replace(function, include=(*function.include, *loaded)))


def _files_of(package: Package, distributions: set[str]) -> dict[str, bytes]:
    return {
        path: package.files[path]
        for name in distributions
        for path in package.distributions[name].files
    }


def _core_files(package: Package) -> dict[str, bytes]:
    """Return the files of pydantic-core, reduced to its extension module."""
    core = package.distributions[CORE].files
    kept = [path for path in core if path.endswith(".so") or ".dist-info/" in path]
    initializer = (RUNTIME / "pydantic_core.py").read_bytes()
    return {
        **{path: package.files[path] for path in kept},
        "pydantic_core/__init__.py": initializer,
    }


def _minified(
    files: dict[str, bytes], package: Package, esbuild: Path | None, notes: Notes
) -> dict[str, bytes]:
    """Return the scripts and styles of the service's own, minified."""
    sources = {path: files[path] for path in files if _can_be_minified(path, package)}
    if not sources:
        return {}
    if not esbuild:
        note = Note("minify", "esbuild is not installed.", "Install it: npm install -D esbuild")
        notes.keep(note)
        return {}
    try:
        return minify(sources, esbuild)
    except BundleError as error:
        notes.keep(Note("minify", str(error), ""))
        return {}


def _can_be_minified(path: str, package: Package) -> bool:
    """Whether a file is a script or a style of the service's own; libraries stay as they are."""
    is_own = path not in package.owners and "node_modules/" not in path
    return is_own and path.endswith((".js", ".css")) and path not in package.links
