"""Makes one function's artifact: the files that the function reaches, compiled."""

from dataclasses import dataclass

from lambda_bundle.bytecode import RUNTIME, compile_bytecode
from lambda_bundle.closure import PROVIDED_BY_LAMBDA, Closure, find_closure
from lambda_bundle.function import Function
from lambda_bundle.libraries import check_libraries
from lambda_bundle.minify import minify
from lambda_bundle.models.compile import Compiled, ModelCompiler, with_compiled
from lambda_bundle.package import Distribution, Package
from lambda_bundle.requirements import CORE, check_requirements
from lambda_bundle.runtime_loop import WRAPPER, runtime_loop_files

# The names of distributions, where PROVIDED_BY_LAMBDA has those of modules.
NEVER_SHIPPED = {name.replace("_", "-") for name in PROVIDED_BY_LAMBDA}


@dataclass(frozen=True)
class Artifact:
    """The content of an artifact.

    `files` has contents by path, `executable` the paths of executable files, and `compiled` the
    paths of compiled models. `distributions` are those that are shipped, whole or in part.
    """

    files: dict[str, bytes]
    executable: set[str]
    compiled: list[str]
    distributions: list[Distribution]


def make_artifact(
    package: Package, function: Function, closure: Closure, compiler: ModelCompiler
) -> Artifact:
    """Return the artifact of a function, whose closure this is.

    Raises:
        BundleError: it cannot be made; says why, and what to change.
    """
    compiled = Compiled() if function.pydantic else compiler.compile(closure.modules)
    if compiled.files:  # Compiled models import less, so the function reaches less.
        package = with_compiled(package, compiled.files)
        closure = find_closure(package, function.module, (*function.include, *compiled.loaded))
    files = {path: package.files[path] for path in closure.files}
    files |= minify({path: files[path] for path in files if _can_be_minified(path)})
    modules, imported = dict(closure.modules), closure.distributions
    ships_only_core = CORE in imported and not function.pydantic
    if ships_only_core:
        imported = imported - {CORE}
        files |= _core_files(package)
        modules["pydantic_core"] = "pydantic_core/__init__.py"
    shipped = package.with_requirements(imported) - NEVER_SHIPPED
    if not function.pydantic:
        check_requirements(package, imported, shipped)
    for name in shipped:
        files |= {path: package.files[path] for path in package.distributions[name].files}
    if function.runtime_loop:
        files |= runtime_loop_files(function.target)
    files |= compile_bytecode(files, function.module, modules)
    if function.target == "lambda":
        check_libraries(files, function.runtime, function.architecture)
    distributions = shipped | ({CORE} if ships_only_core else set())
    return Artifact(
        files=files,
        executable=(package.executable | {WRAPPER}) & files.keys(),
        compiled=sorted(compiled.models),
        distributions=[package.distributions[name] for name in distributions],
    )


def _can_be_minified(path: str) -> bool:
    """Whether a file is a script or a style of the service's own; libraries stay as they are."""
    return path.endswith((".js", ".css")) and not path.startswith("node_modules/")


def _core_files(package: Package) -> dict[str, bytes]:
    """Return the files of pydantic-core, reduced to its extension module."""
    core = package.distributions[CORE].files
    kept = [path for path in core if path.endswith(".so") or ".dist-info/" in path]
    initializer = (RUNTIME / "pydantic_core.py").read_bytes()
    return {
        **{path: package.files[path] for path in kept},
        "pydantic_core/__init__.py": initializer,
    }
