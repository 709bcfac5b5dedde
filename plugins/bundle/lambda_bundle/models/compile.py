"""Compiles the modules of models, each named `payload.py`, that a function reaches."""

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version as installed_version
from pathlib import Path
from types import ModuleType

from lambda_bundle.bytecode import RUNTIME
from lambda_bundle.models.module import compile_models
from lambda_bundle.package import Package
from lambda_bundle.problems import BundleError

# The modules that compiled models import.
COMPILED_MODEL = ("compiled_json.py", "compiled_model.py", "compiled_schema.py")


def compile_payloads(package: Package, modules: dict[str, str]) -> dict[str, str]:
    """Return the compiled source, by path, of every `payload.py` among the modules.

    Args:
        package: has the sources.
        modules: paths by module name of every module that the function reaches, because a
            `payload.py` may import others.

    Raises:
        BundleError: a module cannot be compiled; names the model and the field.
    """
    payloads = sorted(name for name in modules if name.rpartition(".")[2] == "payload")
    if not payloads:
        return {}
    _check_pydantic(package)
    with tempfile.TemporaryDirectory() as folder:
        for path in modules.values():
            Path(folder, path).parent.mkdir(parents=True, exist_ok=True)
            Path(folder, path).write_bytes(package.files[path])
        with _importing_from(folder):
            return {
                modules[name]: compile_models(name, package.files[modules[name]].decode())
                for name in payloads
            }


def with_compiled(package: Package, compiled: dict[str, str]) -> Package:
    """Return the package with compiled modules in place of their sources."""
    sources = {path: text.encode() for path, text in compiled.items()}
    shared = {path: (RUNTIME / path).read_bytes() for path in COMPILED_MODEL}
    return package.with_files({**sources, **shared})


def _check_pydantic(package: Package) -> None:
    """Check that the pydantic that compiles the models is the packaged one."""
    for name in ("pydantic", "pydantic-core"):
        packaged = package.distributions.get(name)
        if packaged and packaged.version != installed_version(name):
            raise BundleError(
                f"{name} {packaged.version} is packaged, but {name} {installed_version(name)} "
                "would compile the models. Install the packaged version in the bundler's "
                "environment."
            )


@contextlib.contextmanager
def _importing_from(folder: str) -> Iterator[None]:
    """Import the service's modules from a folder, and at the end restore those imported before."""
    tops = {path.name.partition(".")[0] for path in Path(folder).iterdir()}

    def remove_modules() -> dict[str, ModuleType]:
        names = [name for name in sys.modules if name.partition(".")[0] in tops]
        return {name: sys.modules.pop(name) for name in names}

    before = remove_modules()
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)
        remove_modules()
        sys.modules.update(before)
