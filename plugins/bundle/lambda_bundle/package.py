"""The packaged service: its own files, and the distributions packaged with it."""

import functools
import hashlib
import importlib.metadata
import stat
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lambda_bundle.problems import BundleError


@dataclass
class Distribution:
    """A distribution (https://packaging.python.org/en/latest/glossary/) in the package.

    `files` has paths, and `requires` the names of distributions, some of which may not be in the
    package.
    """

    name: str
    version: str
    license: str | None
    files: set[str]
    requires: list[str]


@dataclass
class Package:
    """The files of a packaged service, contents by path, and the distributions among them.

    `owners` has the name of the distribution that a file belongs to; the service's own files are
    not in it.
    """

    files: dict[str, bytes]
    distributions: dict[str, Distribution] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    executable: set[str] = field(default_factory=set)
    _digests: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "Package":
        """Return the package in a zip, without its bytecode, which is compiled anew."""
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not name.endswith(("/", ".pyc"))]
            package = cls({name: archive.read(name) for name in sorted(names)})
            modes = {name: archive.getinfo(name).external_attr >> 16 for name in names}
        package.executable = {name for name, mode in modes.items() if mode & stat.S_IXUSR}
        for each in importlib.metadata.distributions(path=[str(path)]):
            # A folder without a name in its metadata is left over from another version.
            if each.metadata and "Name" in each.metadata:
                package._add_distribution(each)
        return package

    def with_sources(self, folder: Path, patterns: list[str]) -> "Package":
        """Return this package with the service's own files taken from a folder.

        `patterns` are those of `package: patterns:` in serverless.yml. The last one that matches a
        path decides, and one that begins with `!` excludes.
        https://www.serverless.com/framework/docs/providers/aws/guide/packaging#patterns

        Raises:
            BundleError: a pattern has braces or parentheses, which Python's globs do not support.
        """
        own: set[Path] = set()
        for pattern in patterns:
            if set("{}()") & set(pattern):
                raise BundleError(
                    f"package: patterns: {pattern}: braces and parentheses are not supported."
                )
            # Python's `**` matches only folders, serverless's also files.
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

    def with_files(self, files: dict[str, bytes]) -> "Package":
        """Return this package with files added or replaced."""
        return replace(self, files=self.files | files, _digests={})

    def digest(self, path: str) -> str:
        """Return a digest of a file's content and of whether it is executable."""
        if path not in self._digests:
            content = hashlib.sha256(self.files[path]).hexdigest()
            self._digests[path] = f"{content} {path in self.executable}"
        return self._digests[path]

    def find_own_module(self, module: str) -> str | None:
        """Return the path of one of the service's own modules, or None."""
        path = module.replace(".", "/")
        for candidate in (f"{path}/__init__.py", f"{path}.py"):
            if candidate in self.files and candidate not in self.owners:
                return candidate
        return None

    def has_own_folder(self, module: str) -> bool:
        """Whether the service has a package of that name, with or without `__init__.py`."""
        return module.replace(".", "/") in self._own_folders

    def list_submodules(self, module: str) -> list[str]:
        """Return the names of the modules directly inside one of the service's packages."""
        start = module.replace(".", "/") + "/"
        own = [path for path in self.files if path.startswith(start) and path not in self.owners]
        inner = {path.removeprefix(start).partition("/")[0].removesuffix(".py") for path in own}
        return sorted(name for name in inner if self.find_own_module(f"{module}.{name}"))

    def find_distributions(self, module: str) -> set[str]:
        """Return the names of the distributions that provide a top-level module."""
        return self._providers.get(module, set())

    def with_requirements(self, names: set[str]) -> set[str]:
        """Return these distributions and all that they require, except those not in the package."""
        reached: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in reached and name in self.distributions:
                reached.add(name)
                waiting += self.distributions[name].requires
        return reached

    def _add_distribution(self, found: importlib.metadata.Distribution) -> None:
        metadata = found.metadata
        licenses = metadata.get_all("License-Expression", []) + metadata.get_all("License", [])
        files = {str(path) for path in found.files or ()} & self.files.keys()
        name = canonicalize_name(found.name)
        self.distributions[name] = Distribution(
            name=name,
            version=found.version,
            license=next(filter(None, licenses), None),
            files=files,
            # Without markers and extras: what they exclude is not in the package.
            requires=[canonicalize_name(Requirement(each).name) for each in found.requires or ()],
        )
        self.owners.update(dict.fromkeys(files, name))

    @functools.cached_property
    def _own_folders(self) -> set[str]:
        own = [PurePosixPath(path) for path in self.files if path not in self.owners]
        return {str(folder) for path in own for folder in path.parents}

    @functools.cached_property
    def _providers(self) -> dict[str, set[str]]:
        """Names of distributions, by the top-level modules that they provide."""
        providers: dict[str, set[str]] = {}
        for path, owner in self.owners.items():
            if path.endswith((".py", ".so")):
                top = path.partition("/")[0].partition(".")[0]
                providers.setdefault(top, set()).add(owner)
        return providers


def is_executable(path: Path) -> bool:
    """Whether the file's owner may execute it."""
    return bool(path.stat().st_mode & stat.S_IXUSR)
