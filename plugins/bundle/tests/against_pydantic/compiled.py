"""Compiles a case of the corpus as the bundler compiles a function that reaches its modules."""

import contextlib
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Self

import pydantic_core
from lambda_bundle.bytecode import RUNTIME
from lambda_bundle.models.compile import ModelCompiler
from lambda_bundle.package import Distribution, Package
from lambda_bundle.problems import BundleError

from against_pydantic.cases import TESTS, Case, list_cases

LIBRARIES = ("pydantic", "pydantic-core", "pydantic-settings", "email-validator", "annotated-types")


@dataclass(frozen=True)
class Kept:
    """A case that keeps pydantic, and why."""

    reason: str


class CorpusCompiler:
    """Compiles cases with the pydantic of this interpreter."""

    def __init__(self) -> None:
        self._exit = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._folder = Path(self._exit.enter_context(tempfile.TemporaryDirectory()))
        package = _package()
        self._files = package.files
        self._compiler = self._exit.enter_context(ModelCompiler(package, self._folder / "cache"))
        return self

    def __exit__(self, *_error: object) -> None:
        self._exit.close()

    def compile(self, case: Case) -> Path | Kept:
        """Return a folder with what an artifact has of the case, or why it keeps pydantic."""
        paths = [*_parents(case.paths[0]), *case.paths]
        modules = {
            path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path
            for path in paths
        }
        try:
            compiled = self._compiler.compile(modules)
        except BundleError as error:
            return Kept(str(error))
        folder = self._folder / case.chapter / case.name
        for path in paths:
            _write(folder / path, self._files[path])
        for path, text in compiled.files.items():
            _write(folder / path, text.encode())
        _add_core(folder)
        return folder


def _package() -> Package:
    """Return the corpus as a package with the libraries that its modules import."""
    paths = {path for case in list_cases() for path in (*_parents(case.paths[0]), *case.paths)}
    package = Package({path: (TESTS / path).read_bytes() for path in sorted(paths)})
    for name in LIBRARIES:
        found = distribution(name)
        contents = {
            path.as_posix(): path.read_binary()
            for path in found.files or ()
            if ".." not in path.parts and path.suffix != ".pyc"
        }
        package.files.update(contents)
        package.owners.update(dict.fromkeys(contents, name))
        package.distributions[name] = Distribution(name, found.version, None, set(contents), [])
    return package


def _parents(path: str) -> list[str]:
    chapter = path.split("/")[1]
    return ["corpus/__init__.py", f"corpus/{chapter}/__init__.py"]


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _add_core(folder: Path) -> None:
    """Add pydantic-core as artifacts have it: only its extension module."""
    core = folder / "pydantic_core"
    core.mkdir()
    shutil.copyfile(RUNTIME / "pydantic_core.py", core / "__init__.py")
    for library in Path(pydantic_core.__file__).parent.glob("*.so"):
        (core / library.name).symlink_to(library)
