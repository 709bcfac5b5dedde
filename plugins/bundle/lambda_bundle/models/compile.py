"""Compiles the models that a function reaches, in a process that imports the service's modules."""

import contextlib
import json
import select
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from packaging.version import Version

from lambda_bundle.bytecode import RUNTIME
from lambda_bundle.models.lambda_image import describe_environment
from lambda_bundle.models.names import STAND_INS
from lambda_bundle.package import Package
from lambda_bundle.problems import BundleError

LIBRARIES = ("pydantic", "pydantic-core")
FLOOR = (2, 11)  # Older versions serialize in another way.
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
    """Compiles models of a packaged service.

    Each set of modules is compiled in a worker process of its own:

        with ModelCompiler(package, Path(".cache/pydantic")) as compiler:
            files = compiler.compile({"shop.payload": "shop/payload.py"})
    """

    def __init__(self, package: Package, cache: Path) -> None:
        self._package = package
        self._cache = cache  # For versions of pydantic that this interpreter does not have.
        self._exit = contextlib.ExitStack()
        self._worker: subprocess.Popen[str] | None = None
        self._folder = Path()
        self._compiled: dict[object, Compiled] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop()
        self._exit.close()

    def _stop(self) -> None:
        if self._worker:
            self._worker.kill()
            self._worker.communicate()
            self._worker = None

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
        try:
            response = self._ask({"modules": modules, "environment": environment})
        finally:
            # What one function's modules do when they are imported must not reach another's.
            self._stop()
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

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        worker = self._worker or self._start()
        assert worker.stdin
        assert worker.stdout
        worker.stdin.write(json.dumps(request) + "\n")
        worker.stdin.flush()
        ready, _, _ = select.select([worker.stdout], [], [], TIME_LIMIT_S)
        line = worker.stdout.readline() if ready else ""
        if not line:
            self._stop()
            self._errors.seek(0)
            last = self._errors.read().strip().rpartition("\n")[2]
            what = "ended" if ready else f"was not ready after {TIME_LIMIT_S} s"
            raise BundleError(f"the process that imports the service's modules {what}. {last}")
        response: dict[str, Any] = json.loads(line)
        if "problem" in response:
            raise BundleError(response["problem"])
        return response

    def _start(self) -> subprocess.Popen[str]:
        pydantic = self._find_pydantic()
        if self._folder == Path():
            self._folder = Path(self._exit.enter_context(tempfile.TemporaryDirectory()))
            self._unpack(leaving_out=pydantic is not None)
            errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 (`_exit` closes it)
            self._errors = self._exit.enter_context(errors)
        paths = [str(self._folder), *([str(pydantic)] if pydantic else [])]
        self._worker = subprocess.Popen(
            [sys.executable, "-c", _script("worker", paths), str(self._folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            cwd=self._folder,
            env=describe_environment({}),
        )
        return self._worker

    def _unpack(self, *, leaving_out: bool) -> None:
        owners, left_out = self._package.owners, LIBRARIES if leaving_out else ()
        files = self._package.files.items()
        _write_files(
            {path: each for path, each in files if owners.get(path) not in left_out}, self._folder
        )

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
        with tempfile.TemporaryDirectory() as compiled:
            owners = self._package.owners.keys()
            contents = {
                path: self._package.files[path] for path in self._package.files.keys() - owners
            }
            contents |= {path: text.encode() for path, text in files.items()}
            _write_files(contents, Path(compiled))
            pydantic = self._find_pydantic()
            paths = [compiled, str(self._folder), *([str(pydantic)] if pydantic else [])]
            _add_core(Path(compiled), pydantic or self._folder)
            run = subprocess.run(
                [sys.executable, "-c", _script("check", paths), compiled, *names],
                capture_output=True,
                text=True,
                check=False,
                cwd=compiled,
                env=describe_environment(environment),
                timeout=TIME_LIMIT_S,
            )
        if run.returncode != 0:
            last = run.stderr.strip().rpartition("\n")[2]
            raise BundleError(f"the compiled models do not run: {last}")
        return set(run.stdout.strip().rpartition("\n")[2].split())


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
