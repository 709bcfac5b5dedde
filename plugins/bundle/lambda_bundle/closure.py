"""The closure of a function's imports.

It has the service's own modules that the function imports, those that they import, and so on, and
the distributions that any of these imports directly.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch

from lambda_bundle.imports import Import, find_imports
from lambda_bundle.package import Package
from lambda_bundle.problems import BundleError

# Part of Lambda's runtime; shipping the SDK again would lengthen cold starts.
PROVIDED_BY_LAMBDA = {
    "awslambdaric",
    "boto3",
    "botocore",
    "jmespath",
    "s3transfer",
    "snapshot_restore_py",
}


@dataclass
class Closure:
    """What a function reaches by its imports.

    `files` has the paths of the service's own files, `modules` the paths of its own modules by
    name, and `distributions` the names of the distributions that these import directly.
    """

    files: set[str] = field(default_factory=set)
    modules: dict[str, str] = field(default_factory=dict)
    distributions: set[str] = field(default_factory=set)


def find_closure(package: Package, module: str, include: Iterable[str] = ()) -> Closure:
    """Return the closure of a module's imports.

    `include` adds what imports do not show: names of modules, and patterns of paths, in which `*`
    also matches slashes.

    Raises:
        BundleError: a module does not exist; names the chain of imports that leads to it.
    """
    closure = Closure()
    waiting = [(module, ["serverless.yml"]), *_include(package, closure, include)]
    while waiting:
        name, chain = waiting.pop()
        if name in closure.modules:
            continue
        if path := package.find_own_module(name):
            closure.modules[name] = path
            closure.files.add(path)
            if "." in name:
                waiting.append((name.rpartition(".")[0], chain))
            found = find_imports(package.files[path], name, path)
            waiting += [(each, [*chain, name]) for each in _list_required(package, found)]
        elif not package.has_own_folder(name):
            closure.distributions |= _find_distributions(package, name, chain)
    closure.files |= set(_find_data(package, closure))
    return closure


def _include(
    package: Package, closure: Closure, include: Iterable[str]
) -> Iterator[tuple[str, list[str]]]:
    """Add the included files to the closure; yield the included modules, with their chain."""
    for name in include:
        files = [path for path in package.files if fnmatch(path, name)]
        for path in files:
            if path in package.owners:
                closure.distributions.add(package.owners[path])
            elif path.endswith(".py"):
                module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
                yield module, [f"`include: {name}` in serverless.yml"]
            else:
                closure.files.add(path)
        if not files:
            yield name, [f"`include: {name}` in serverless.yml"]


def _find_data(package: Package, closure: Closure) -> Iterator[str]:
    """Yield the data files of the packages that are reached, also those in subfolders."""
    for path in package.files:
        if path not in package.owners and not path.endswith(".py"):
            folder = path.rpartition("/")[0]
            while folder and f"{folder}/__init__.py" not in package.files:
                folder = folder.rpartition("/")[0]
            if f"{folder}/__init__.py" in closure.files:
                yield path


def _list_required(package: Package, imports: Iterable[Import]) -> Iterator[str]:
    """Yield the names of imported modules, except optional ones that do not exist."""
    for each in imports:
        if each.optional and not _exists(package, each.module):
            continue
        yield each.module
        names = package.list_submodules(each.module) if "*" in each.names else each.names
        for name in names:
            inner = f"{each.module}.{name}"
            if package.find_own_module(inner) or package.has_own_folder(inner):
                yield inner


def _exists(package: Package, module: str) -> bool:
    top = module.partition(".")[0]
    if package.find_own_module(top) or package.has_own_folder(top):
        return bool(package.find_own_module(module) or package.has_own_folder(module))
    return top in sys.stdlib_module_names or bool(package.find_distributions(top))


def _find_distributions(package: Package, module: str, chain: list[str]) -> set[str]:
    top = module.partition(".")[0]
    own = package.find_own_module(top) or package.has_own_folder(top)
    if not own and (top in sys.stdlib_module_names or top in PROVIDED_BY_LAMBDA):
        return set()
    found = set() if own else package.find_distributions(top)
    if not found:
        raise BundleError(
            f"There is no module {module}. Imported by: {' → '.join(chain)}.\n"
            "A library must be in requirements.txt; the service's own modules must match "
            "`package: patterns:` in serverless.yml."
        )
    return found
