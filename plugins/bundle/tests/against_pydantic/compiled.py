"""Bundles a case of the corpus as a function that imports its modules."""

import contextlib
import tempfile
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Self

from lambda_bundle.artifact import Tools, find_function_closure, make_artifact
from lambda_bundle.function import HERE, Function
from lambda_bundle.models.compile import ModelCompiler
from lambda_bundle.package import Package
from requests_for import this_architecture

from against_pydantic.cases import TESTS, Case, list_cases

# What the corpus imports, with their requirements. Some are of some versions of pydantic only.
LIBRARIES = (
    *("pydantic", "pydantic-core", "pydantic-settings", "email-validator"),
    *("annotated-types", "dnspython", "idna", "python-dotenv"),
    *("typing-extensions", "typing-inspection", "tzdata"),
)


@dataclass(frozen=True)
class Kept:
    """A case that keeps pydantic, and why."""

    reason: str


class CorpusCompiler:
    """Bundles cases with the pydantic of this interpreter."""

    def __init__(self) -> None:
        self._exit = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._folder = Path(self._exit.enter_context(tempfile.TemporaryDirectory()))
        packaged = self._folder / "package"
        for name in LIBRARIES:
            _copy_library(name, packaged)
        for path in {path for case in list_cases() for path in _files(case)}:
            _write(packaged / path, (TESTS / path).read_bytes())
        self._package = Package.read(packaged)
        compiler = ModelCompiler(self._package, self._folder / "cache")
        self._tools = Tools(self._exit.enter_context(compiler), esbuild=None)
        return self

    def __exit__(self, *_error: object) -> None:
        self._exit.close()

    def compile(self, case: Case) -> Path | Kept:
        """Return a folder with the artifact of a case, or why it keeps pydantic."""
        function = Function(
            name=case.name,
            handler=f"{case.modules[0].replace('.', '/')}.handler",
            runtime=HERE,
            architecture=this_architecture(),
            target="machine",
            include=tuple(case.modules),
        )
        own = {path for path in self._package.files if path not in self._package.owners}
        files = self._package.files.items()
        left_out = own - set(_files(case))
        package = replace(
            self._package,
            files={path: content for path, content in files if path not in left_out},
            _digests={},
            _mentioned={},
        )
        artifact = make_artifact(
            package, function, find_function_closure(package, function), self._tools
        )
        for note in artifact.notes.kept:
            if note.what == "models":
                return Kept(str(note))
        folder = self._folder / case.chapter / case.name
        for path, content in artifact.files.items():
            _write(folder / path, content)
        return folder


def _files(case: Case) -> tuple[str, ...]:
    return ("corpus/__init__.py", f"corpus/{case.chapter}/__init__.py", *case.paths)


def _copy_library(name: str, folder: Path) -> None:
    """Copy what is installed, as `pip install --target` writes it."""
    with contextlib.suppress(PackageNotFoundError):
        for path in distribution(name).files or ():
            if ".." not in path.parts and path.suffix != ".pyc":
                _write(folder / path, path.read_binary())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
