"""The service as the other plugins packaged it: its own files and whole distributions."""

import csv
import io
import zipfile
from dataclasses import dataclass, field
from email.parser import HeaderParser
from pathlib import PurePosixPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


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

    @classmethod
    def read(cls, artifact: str) -> "Package":
        """Return the package that a zip holds; bytecode is left out, since it is made anew."""
        with zipfile.ZipFile(artifact) as archive:
            names = [name for name in archive.namelist() if not name.endswith(("/", ".pyc"))]
            package = cls({name: archive.read(name) for name in sorted(names)})
            modes = {name: archive.getinfo(name).external_attr >> 16 for name in names}
        package.executable = {name for name, mode in modes.items() if mode & 0o100}
        for path in package.files:
            if path.endswith(".dist-info/METADATA"):
                package._add_distribution(path.rpartition("/")[0])
        return package

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
        start = module.replace(".", "/") + "/"
        return any(path.startswith(start) and path not in self.owners for path in self.files)

    def list_submodules(self, module: str) -> list[str]:
        """Return the names of the modules right within an own package."""
        start = module.replace(".", "/") + "/"
        own = [path for path in self.files if path.startswith(start) and path not in self.owners]
        inner = {path.removeprefix(start).partition("/")[0].removesuffix(".py") for path in own}
        return sorted(name for name in inner if self.find_own_module(f"{module}.{name}"))

    def find_distributions(self, module: str) -> set[str]:
        """Return the names of the distributions that provide a top-level module."""
        return {
            owner
            for path, owner in self.owners.items()
            if PurePosixPath(path).parts[0].partition(".")[0] == module
            and path.endswith((".py", ".so"))
        }

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
