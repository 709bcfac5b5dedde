"""The service as the other plugins packaged it: its own files and whole distributions."""

import csv
import functools
import hashlib
import io
import stat
import zipfile
from dataclasses import dataclass, field, replace
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from plugins.bundle.problems import BundleError


@dataclass
class Distribution:
    """An installed distribution, as its .dist-info describes it."""

    name: str
    version: str
    licence: str | None
    files: set[str]
    requires: list[str]


@dataclass
class Package:
    """The files of a packaged service, by path, and to which distribution each belongs."""

    files: dict[str, bytes]
    distributions: dict[str, Distribution] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    executable: set[str] = field(default_factory=set)
    _digests: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, artifact: str) -> "Package":
        """Return the package that a zip holds; bytecode is left out, since it is made anew."""
        with zipfile.ZipFile(artifact) as archive:
            names = [name for name in archive.namelist() if not name.endswith(("/", ".pyc"))]
            package = cls({name: archive.read(name) for name in sorted(names)})
            modes = {name: archive.getinfo(name).external_attr >> 16 for name in names}
        package.executable = {name for name, mode in modes.items() if mode & stat.S_IXUSR}
        for path in package.files:
            if path.endswith(".dist-info/METADATA"):
                package._add_distribution(path.rpartition("/")[0])
        return package

    def with_sources(self, folder: Path, patterns: list[str]) -> "Package":
        """Return this package with the own files that a folder has, as serverless packages them.

        The last pattern that matches a path decides; one that begins with `!` leaves it out.
        https://www.serverless.com/framework/docs/providers/aws/guide/packaging#patterns

        Raises:
            BundleError: a pattern has braces or parentheses, which Python does not know.
        """
        own: set[Path] = set()
        for pattern in patterns:
            if set("{}()") & set(pattern):
                raise BundleError(f"package.patterns: {pattern} is more than Python's globs can.")
            # `**` alone is all folders to Python, and all files to serverless.
            name = pattern.removeprefix("!") + ("/*" if pattern.endswith("**") else "")
            if pattern == "!**":
                own.clear()
            elif pattern.startswith("!"):
                own.difference_update(folder.glob(name))
            else:
                own.update(path for path in folder.glob(name) if path.is_file())
        files = {path: content for path, content in self.files.items() if path in self.owners}
        files |= {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(own)}
        executable = {path for path in self.executable if path in self.owners}
        executable |= {path.relative_to(folder).as_posix() for path in own if is_executable(path)}
        return replace(self, files=files, executable=executable, _digests={})

    def digest(self, path: str) -> str:
        """Return a digest of a file's content and its executable bit."""
        if path not in self._digests:
            content = hashlib.sha256(self.files[path]).hexdigest()
            self._digests[path] = f"{content} {path in self.executable}"
        return self._digests[path]

    def _add_distribution(self, info: str) -> None:
        metadata = HeaderParser().parsestr(self.files[f"{info}/METADATA"].decode())
        record = csv.reader(io.StringIO(self.files[f"{info}/RECORD"].decode()))
        files = {path for path, *_ in record if path in self.files}
        files |= {path for path in self.files if path.startswith(f"{info}/")}
        name = canonicalize_name(metadata["Name"])
        self.distributions[name] = Distribution(
            name=name,
            version=metadata["Version"],
            licence=metadata["License-Expression"] or metadata["License"],
            files=files,
            # Whatever their markers and extras: what is not wanted is not packaged.
            requires=[
                canonicalize_name(Requirement(each).name)
                for each in metadata.get_all("Requires-Dist", [])
            ],
        )
        self.owners.update(dict.fromkeys(files, name))

    def find_own_module(self, module: str) -> str | None:
        """Return the path of a module of the service's own, or None."""
        path = module.replace(".", "/")
        for candidate in (f"{path}/__init__.py", f"{path}.py"):
            if candidate in self.files and candidate not in self.owners:
                return candidate
        return None

    def has_own_folder(self, module: str) -> bool:
        """Whether a package of the service's own has that name, with or without __init__.py."""
        return module.replace(".", "/") in self._own_folders

    def list_submodules(self, module: str) -> list[str]:
        """Return the names of the modules right within an own package."""
        start = module.replace(".", "/") + "/"
        own = [path for path in self.files if path.startswith(start) and path not in self.owners]
        inner = {path.removeprefix(start).partition("/")[0].removesuffix(".py") for path in own}
        return sorted(name for name in inner if self.find_own_module(f"{module}.{name}"))

    def find_distributions(self, module: str) -> set[str]:
        """Return the names of the distributions that provide a top-level module."""
        return self._providers.get(module, set())

    def with_requirements(self, names: set[str]) -> set[str]:
        """Return these distributions and those that they require, as far as they are packaged."""
        reached: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in reached and name in self.distributions:
                reached.add(name)
                waiting += self.distributions[name].requires
        return reached

    @functools.cached_property
    def _own_folders(self) -> set[str]:
        own = [PurePosixPath(path) for path in self.files if path not in self.owners]
        return {str(folder) for path in own for folder in path.parents}

    @functools.cached_property
    def _providers(self) -> dict[str, set[str]]:
        """The distributions by the top-level modules that they provide."""
        providers: dict[str, set[str]] = {}
        for path, owner in self.owners.items():
            if path.endswith((".py", ".so")):
                top = path.partition("/")[0].partition(".")[0]
                providers.setdefault(top, set()).add(owner)
        return providers


def is_executable(path: Path) -> bool:
    """Whether its owner may run a file."""
    return bool(path.stat().st_mode & stat.S_IXUSR)
