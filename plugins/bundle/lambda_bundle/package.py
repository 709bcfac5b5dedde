"""The packaged service: its own files, and the distributions packaged with it."""

import functools
import hashlib
import importlib.metadata
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from lambda_bundle.distributions import Distribution, find_distributions
from lambda_bundle.package_size import check_size
from lambda_bundle.problems import BundleError

# How the file names of modules without Python source end.
COMPILED_SUFFIXES = (".so", ".pyc")


@dataclass
class Package:
    """The files of a packaged service, contents by path, and the distributions among them.

    `owners` has the name of the distribution that a file belongs to; the service's own files are
    not in it. `links` are symbolic links, whose content is the path that they point to.
    """

    files: dict[str, bytes]
    distributions: dict[str, Distribution] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    executable: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    _digests: dict[str, str] = field(default_factory=dict)
    _mentioned: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "Package":
        """Return the package in a zip or a folder, without its bytecode, which is compiled anew.

        Raises:
            BundleError: there is no such zip or folder, or it cannot be read.
            TooLargeError: it is too large to be read.
        """
        try:
            package = _read_folder(path) if path.is_dir() else _read_zip(path)
        except (OSError, zipfile.BadZipFile, RuntimeError) as error:
            raise BundleError(f"The package {path} cannot be read: {error}") from None
        for each in find_distributions(path, package.files):
            package.distributions[each.name] = each
            package.owners.update(dict.fromkeys(each.files, each.name))
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
        links = {path for path in self.links if path in self.owners}
        return replace(
            self, files=files, executable=executable, links=links, _digests={}, _mentioned={}
        )

    def with_files(self, files: dict[str, bytes]) -> "Package":
        """Return this package with files added or replaced."""
        return replace(self, files=self.files | files, _digests={}, _mentioned={})

    def digest(self, path: str) -> str:
        """Return a digest of a file's content and of its kind."""
        if path not in self._digests:
            content = hashlib.sha256(self.files[path]).hexdigest()
            self._digests[path] = f"{content} {path in self.executable} {path in self.links}"
        return self._digests[path]

    @functools.cached_property
    def own_modules(self) -> dict[str, str]:
        """The paths of the service's own Python files, by the names of their modules."""
        return {
            module_name(path): path
            # A package comes before a module of the same name, as for Python.
            for path in sorted(self.files, key=lambda each: each.endswith("/__init__.py"))
            if path.endswith(".py") and path not in self.owners
        }

    def find_own_module(self, module: str, folder: str = "") -> str | None:
        """Return the path of one of the service's own modules, or None.

        `folder` is where to look, such as "src/", by default in the root.
        """
        return self.own_modules.get(folder.replace("/", ".") + module)

    def find_compiled_module(self, module: str, folder: str = "") -> str | None:
        """Return the path of an own module that has no Python source, or None."""
        return self._compiled_modules.get(folder.replace("/", ".") + module)

    def has_own_folder(self, module: str, folder: str = "") -> bool:
        """Whether the service has a package of that name, with or without `__init__.py`."""
        return folder + module.replace(".", "/") in self._own_folders

    def list_submodules(self, module: str) -> list[str]:
        """Return the names of the modules directly inside one of the service's packages."""
        start = f"{module}."
        inner = {name.removeprefix(start) for name in self.own_modules if name.startswith(start)}
        return sorted(name for name in inner if "." not in name)

    def find_distributions(self, module: str) -> set[str]:
        """Return the names of the distributions that provide a top-level module."""
        return self.providers.get(module, set())

    @functools.cached_property
    def lacks_metadata(self) -> bool:
        """Whether pydantic or another library is in the package, but the metadata of none."""
        if self.distributions:
            return False
        tops = {path.partition("/")[0].removesuffix(".py") for path in self.files}
        return bool(tops & set(importlib.metadata.packages_distributions()) - {"tests"})

    def list_mentioned(self, distribution: str) -> set[str]:
        """Return the names of top-level modules that are words in a distribution's code."""
        if distribution not in self._mentioned:
            names = "|".join(sorted(filter(str.isidentifier, self.providers)))
            pattern = re.compile(rf"\b(?:{names})\b".encode())
            self._mentioned[distribution] = {
                name.decode()
                for path in self.distributions[distribution].files
                if path.endswith((".py", ".so", "entry_points.txt"))
                for name in pattern.findall(self.files[path])
            }
        return self._mentioned[distribution]

    @functools.cached_property
    def providers(self) -> dict[str, set[str]]:
        """Names of distributions, by the top-level modules that they provide."""
        providers: dict[str, set[str]] = {}
        for path, owner in self.owners.items():
            if path.endswith((".py", ".so")):
                top = path.partition("/")[0].partition(".")[0]
                providers.setdefault(top, set()).add(owner)
        return providers

    @functools.cached_property
    def _own_folders(self) -> set[str]:
        own = [PurePosixPath(path) for path in self.files if path not in self.owners]
        return {str(folder) for path in own for folder in path.parents}

    @functools.cached_property
    def _compiled_modules(self) -> dict[str, str]:
        return {
            path.partition(".")[0].replace("/", "."): path
            for path in self.files
            if path.endswith(COMPILED_SUFFIXES) and path not in self.owners
        }


def module_name(path: str) -> str:
    """Return the name of a Python file's module: `shop.cart` for `shop/cart.py`."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def is_executable(path: Path) -> bool:
    """Whether the file's owner may execute it."""
    return bool(path.stat().st_mode & stat.S_IXUSR)


def _read_zip(path: Path) -> Package:
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.getinfo(name) for name in archive.namelist()}
        check_size({name: entry.file_size for name, entry in entries.items()})
        files = {name: archive.read(name) for name in sorted(_list_kept(set(entries)))}
    modes = {name: entries[name].external_attr >> 16 for name in files}
    return Package(
        files,
        executable={name for name, mode in modes.items() if mode & stat.S_IXUSR},
        links={name for name, mode in modes.items() if stat.S_ISLNK(mode)},
    )


def _read_folder(folder: Path) -> Package:
    """Read a folder. What symbolic links point to is read in their place, as by `zip -r`."""
    paths = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        around = [Path(place).resolve(), *Path(place).resolve().parents]
        # A link to a folder around it would never end.
        folders[:] = [name for name in folders if Path(place, name).resolve() not in around]
        found = [Path(place, name) for name in names]
        paths |= {path.relative_to(folder).as_posix() for path in found if path.is_file()}
    check_size({path: (folder / path).stat().st_size for path in paths})
    kept = sorted(_list_kept(paths))
    return Package(
        {path: (folder / path).read_bytes() for path in kept},
        executable={path for path in kept if is_executable(folder / path)},
    )


def _list_kept(paths: set[str]) -> Iterator[str]:
    """Yield the paths of files, without bytecode that Python would not use without its source."""
    for path in paths:
        is_redundant = "__pycache__/" in path or path.removesuffix("c") in paths
        if not path.endswith("/") and not (path.endswith(".pyc") and is_redundant):
            yield path
