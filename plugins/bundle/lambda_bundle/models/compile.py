"""Compiles the models that a function reaches, in a process that imports the service's modules."""

import contextlib
import functools
import json
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any, Self

from packaging.version import Version

from lambda_bundle.bytecode import RUNTIME
from lambda_bundle.lambda_image import describe_environment
from lambda_bundle.models.names import STAND_INS
from lambda_bundle.package import Package
from lambda_bundle.problems import BundleError

LIBRARIES = ("pydantic", "pydantic-core")
FLOOR = (2, 11)  # Older versions serialize in another way.
ENDED = "the process that imports the service's modules ended."
TIME_LIMIT_S = 120  # For importing and compiling what one function reaches.


@dataclass
class Compiled:
    """Compiled files, texts by path.

    `models` has the paths of those that define models, `loaded` the modules that are imported by
    name, and `late` those of them that importing the models does not import.
    """

    files: dict[str, str] = field(default_factory=dict)
    models: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    late: set[str] = field(default_factory=set)


class ModelCompiler:
    """Compiles models of a packaged service, which is unpacked when it is first needed.

    For example:

        with ModelCompiler(package, Path(".cache/pydantic")) as compiler:
            files = compiler.compile({"shop.payload": "shop/payload.py"}).files
    """

    def __init__(self, package: Package, cache: Path) -> None:
        self._package = package
        self._cache = cache  # For versions of pydantic that this interpreter does not have.
        self._temporary = tempfile.TemporaryDirectory()
        self._compiled: dict[object, Compiled] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._temporary.cleanup()

    def compile(
        self, modules: dict[str, str], environment: dict[str, str] | None = None
    ) -> Compiled:
        """Compile the models of a function, and what uses them.

        `modules` has the paths of all modules that the function reaches, by name. They are imported
        with the variables of `environment`.

        Raises:
            BundleError: the models cannot be compiled; says why.
        """
        key = tuple(sorted(modules.items())), tuple(sorted((environment or {}).items()))
        if key not in self._compiled:  # Functions of one package reach the same modules.
            self._compiled[key] = self._compile(modules, environment or {})
        return self._compiled[key]

    def _compile(self, modules: dict[str, str], environment: dict[str, str]) -> Compiled:
        mention = [path for path in modules.values() if b"pydantic" in self._package.files[path]]
        if not mention:
            return Compiled()
        folder, paths = self._unpacked
        # A process of its own: what one function's imports do must not reach another's.
        command = [_script("worker", paths), str(folder)]
        printed = _run(command, folder, environment, ENDED, json.dumps(modules))
        response: dict[str, Any] = json.loads(printed)
        if "problem" in response:
            raise BundleError(response["problem"])
        stand_ins = _read_stand_ins()
        files = response["files"] | stand_ins
        first = self._check(response["checked"], files, environment)
        models = [modules[name] for name in response["models"]]
        # They load each other by name, too.
        loaded = [
            path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            for path in stand_ins
        ]
        late = set(loaded) - first
        return Compiled(files, models, [*response["loaded"], *loaded], late)

    @functools.cached_property
    def _unpacked(self) -> tuple[Path, list[str]]:
        """The folder with the package, and the paths to import from: this and pydantic's."""
        folder, pydantic = Path(self._temporary.name), self._find_pydantic()
        left_out, owners = LIBRARIES if pydantic else (), self._package.owners
        files = self._package.files.items()
        _write_files(
            {path: each for path, each in files if owners.get(path) not in left_out}, folder
        )
        return folder, [str(folder), *([str(pydantic)] if pydantic else [])]

    def _find_pydantic(self) -> Path | None:
        """Return a folder that has the packaged version of pydantic; None if the package has it.

        The packaged pydantic-core may be for another machine.
        """
        packaged = {name: self._package.distributions.get(name) for name in LIBRARIES}
        versions = {name: each.version for name, each in packaged.items() if each}
        version = versions.get("pydantic")
        if version and Version(version).release < FLOOR:
            raise BundleError(
                f"pydantic {version} is packaged, and models compile from "
                f"{FLOOR[0]}.{FLOOR[1]} on. Upgrade pydantic."
            )
        if missing := [name for name in LIBRARIES if name not in versions]:
            raise BundleError(f"{' and '.join(missing)} is not in the package.")
        suffix = sysconfig.get_config_var("EXT_SUFFIX")
        if f"pydantic_core/_pydantic_core{suffix}" in self._package.files:
            return None
        with contextlib.suppress(PackageNotFoundError):
            if all(installed_version(name) == version for name, version in versions.items()):
                return Path(sysconfig.get_path("platlib"))
        return self._install(versions)

    def _install(self, versions: dict[str, str]) -> Path:
        """Install a version of pydantic for this machine into the cache."""
        wanted = [f"{name}=={version}" for name, version in versions.items()]
        python = f"{sys.version_info[0]}.{sys.version_info[1]}"
        folder = self._cache / f"pydantic-{versions['pydantic']}-python{python}"
        if not folder.exists():
            self._cache.mkdir(parents=True, exist_ok=True)
            unfinished = tempfile.mkdtemp(dir=self._cache)
            command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", unfinished]
            run = subprocess.run([*command, *wanted], capture_output=True, text=True, check=False)
            if run.returncode != 0:
                shutil.rmtree(unfinished)
                raise BundleError(
                    f"{wanted[0]} is packaged for another machine, and cannot be installed for "
                    f"this one: {run.stderr.strip().rpartition(chr(10))[2]}"
                )
            with contextlib.suppress(OSError):  # Another process has installed the same.
                Path(unfinished).rename(folder)
            shutil.rmtree(unfinished, ignore_errors=True)
        return folder

    def _check(
        self, names: list[str], files: dict[str, str], environment: dict[str, str]
    ) -> set[str]:
        """Check that the compiled modules run without pydantic.

        Returns the names of the stand-ins that importing them loads.
        """
        with tempfile.TemporaryDirectory() as folder:
            owners = self._package.owners.keys()
            contents = {
                path: self._package.files[path] for path in self._package.files.keys() - owners
            }
            contents |= {path: text.encode() for path, text in files.items()}
            _write_files(contents, Path(folder))
            _, paths = self._unpacked
            _add_core(Path(folder), Path(paths[-1]))
            command = [_script("check", [folder, *paths]), folder, *names]
            printed = _run(command, Path(folder), environment, "the compiled models do not run:")
        return set(printed.strip().rpartition("\n")[2].split())


def _run(
    command: list[str], folder: Path, environment: dict[str, str], failure: str, text: str = ""
) -> str:
    """Run Python code, with its arguments, in a folder, and return what it prints.

    Raises:
        BundleError: it fails, takes too long or prints nothing; the message starts with `failure`.
    """
    with tempfile.TemporaryFile("w+") as errors:
        try:
            ran = subprocess.run(
                [sys.executable, "-c", *command],
                input=text,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                check=False,
                cwd=folder,
                env=describe_environment(environment),
                timeout=TIME_LIMIT_S,
            )
        except subprocess.TimeoutExpired:
            raise BundleError(f"{failure} It took more than {TIME_LIMIT_S} s") from None
        if ran.returncode != 0 or not ran.stdout:
            errors.seek(0)
            raise BundleError(f"{failure} {errors.read().strip().rpartition(chr(10))[2]}")
    return ran.stdout


def _script(module: str, paths: list[str]) -> str:
    """Return Python code that runs a module of this package, and finds others in `paths` first."""
    own = str(Path(__file__).parents[2])
    return (
        f"import sys; sys.path[:1] = {paths!r}; sys.path.append({own!r}); "
        f"from lambda_bundle.models.{module} import main; main()"
    )


def _write_files(files: dict[str, bytes], folder: Path) -> None:
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _add_core(folder: Path, source: Path) -> None:
    """Put pydantic-core into a folder as artifacts have it: only its extension module."""
    core = folder / "pydantic_core"
    core.mkdir()
    shutil.copyfile(RUNTIME / "pydantic_core.py", core / "__init__.py")
    for library in (source / "pydantic_core").glob("*.so"):
        (core / library.name).symlink_to(library)


def _read_stand_ins() -> dict[str, str]:
    folder = RUNTIME / STAND_INS
    return {
        path.relative_to(RUNTIME).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.py"))
    }


def with_compiled(package: Package, compiled: dict[str, str]) -> Package:
    """Return the package with compiled modules in place of their sources, and the stand-ins."""
    return package.with_files({path: text.encode() for path, text in compiled.items()})
