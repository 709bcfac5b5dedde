"""Compiles small services, given by their files, as the bundler does."""

from importlib.metadata import version
from pathlib import Path

from lambda_bundle.distributions import Distribution
from lambda_bundle.models.compile import Compiled, ModelCompiler
from lambda_bundle.package import Package


def make_package(files: dict[str, str]) -> Package:
    """Return a package of these files, texts by path, with this interpreter's pydantic."""
    package = Package({path: text.encode() for path, text in files.items()})
    for name in ("pydantic", "pydantic-core"):
        package.distributions[name] = Distribution(name, version(name), None, set(), [])
    return package


def compile_service(files: dict[str, str], environment: dict[str, str] | None = None) -> Compiled:
    """Compile the modules of a service, texts by path, with variables for their import.

    Raises:
        BundleError: they cannot be compiled.
    """
    package = make_package(files)
    modules = {
        path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path
        for path in files
        if path.endswith(".py")
    }
    with ModelCompiler(package, Path("unused")) as compiler:
        return compiler.compile(modules, environment)
