"""The closure of a function's imports.

It has the service's own modules that the function imports, those that they import, and so on, and
the distributions that any of these imports directly.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch

from lambda_bundle.function import Function
from lambda_bundle.imports import Import, find_imports, find_strings, find_unknown
from lambda_bundle.lambda_image import PROVIDED_BY_LAMBDA
from lambda_bundle.models.names import STAND_INS
from lambda_bundle.package import Package, module_name
from lambda_bundle.problems import BundleError, Note
from lambda_bundle.search_path import find_added_folders

# Through these, a program loads modules of its own that only data or settings name.
LOAD_BY_NAME = {
    *("celery", "cloudpickle", "dependency_injector", "dill", "django", "hydra", "joblib"),
    *("logging.config", "pickle", "shelve"),
}
MODULE_IN_STRING = re.compile(r"[A-Za-z_]\w*([./]\w+)*[.:]\w+")
ALL = "models and size"  # What is kept if the imports of a function are not clear.
INCLUDE = "Name in `include` what is loaded so; then the rest can be left out."
LIBRARIES = "A library must be packaged, or listed in `external` if a layer has it; the service's "
MISSING = f"{LIBRARIES}own modules must match `package: patterns:` or be in the package's folder."

Chain = list[str] | None  # The modules whose imports lead to one, or None if it may be missing.
Waiting = tuple[str, Chain]


@dataclass
class Closure:
    """What a function reaches by its imports.

    `files` has the paths of the service's own files, `modules` the paths of its own modules by
    name, and `distributions` the names of the distributions that these import directly.

    `folders` are those that own modules are imported from besides the root, such as "src/".
    `external` has the names of modules that layers have. `unclear` says why not all can be known:
    then everything that is packaged belongs to the closure. `by_name` says why all own modules
    belong to it.
    """

    files: set[str] = field(default_factory=set)
    modules: dict[str, str] = field(default_factory=dict)
    distributions: set[str] = field(default_factory=set)
    folders: list[str] = field(default_factory=list)
    external: set[str] = field(default_factory=set)
    unclear: list[Note] = field(default_factory=list)
    by_name: list[Note] = field(default_factory=list)


def find_closure(package: Package, function: Function) -> Closure:
    """Return the closure of what a function imports, and of what its settings include.

    In patterns of paths, `*` also matches slashes.
    """
    search = _Search(package, function, function.folders)
    # A folder that is found last may have the modules that were looked for first.
    while search.find():
        search = _Search(package, function, search.folders)
    closure = search.closure
    if closure.unclear:
        closure.files |= {path for path in package.files if path not in package.owners}
        closure.distributions |= package.distributions.keys()
    closure.files |= set(_find_data(package, closure, function.data))
    return closure


class _Search:
    """One search for a closure, in folders that are known."""

    def __init__(self, package: Package, function: Function, folders: Iterable[str]) -> None:
        self.package = package
        self.function = function
        self.folders = list(dict.fromkeys(["", *folders]))
        self.closure = Closure(folders=[each for each in self.folders if each])
        self.seen: set[str] = set()

    def find(self) -> bool:
        """Find the closure, and return whether that adds to `folders`."""
        known = len(self.folders)
        is_trusted = bool(self.function.include)
        self._find_all([(self.function.module, []), *self._include()], is_trusted=is_trusted)
        if self.closure.by_name:
            # What they import may be missing: most of them are never imported.
            self._find_all([(name, None) for name in self.package.own_modules], is_trusted=False)
        return len(self.folders) > known

    def _find_all(self, waiting: list[Waiting], *, is_trusted: bool) -> None:
        while waiting:
            name, chain = waiting.pop()
            if name not in self.seen:
                self.seen.add(name)
                waiting += self._follow(name, chain, is_trusted=is_trusted)

    def _follow(self, name: str, chain: Chain, *, is_trusted: bool) -> Iterator[Waiting]:
        """Add a module to the closure; yield those that it requires, each with its chain."""
        paths = [(place, self.package.find_own_module(name, place)) for place in self.folders]
        found = [(place, path) for place, path in paths if path]
        for _, path in found:
            self.closure.modules.setdefault(name, path)
            self.closure.files.add(path)
            if "." in name:
                yield name.rpartition(".")[0], chain
            longer = None if chain is None else [*chain, name]
            yield from self._read(name, path, longer, is_trusted=is_trusted)
        if not any(place == "" for place, _ in found):
            self._find_elsewhere(name, chain, is_found=bool(found))

    def _read(self, name: str, path: str, chain: Chain, *, is_trusted: bool) -> Iterator[Waiting]:
        """Yield what a module of the service's own requires."""
        source = self.package.files[path]
        try:
            imports = find_imports(source, name, path)
            added, unknown = find_added_folders(source, path), find_unknown(source, name, path)
        except BundleError as error:
            self._note(f"{error}.", "Such a module cannot be imported.")
            return
        if path.startswith(f"{STAND_INS}/"):  # What it loads by name, the compiler knows.
            imports = tuple(each for each in imports if not each.is_prefix)
            yield from ((each, chain) for each in self._list_required(imports))
            return
        yield from ((each, chain) for each in self._list_required(imports))
        yield from ((each, chain) for each in self._named_in_strings(source, path))
        self.folders += [each for each in added if each is not None and each not in self.folders]
        if None in added:
            self._note(f"{path} changes sys.path in a way that is not understood.", INCLUDE)
        if not is_trusted:
            for each in unknown:
                why = f"{path}, line {each.line}, imports what only its run can tell: {each.call}."
                self._note(why, INCLUDE)
            for loader in sorted(LOAD_BY_NAME & set(_list_names(imports))):
                why = f"{path} imports {loader}, which loads modules that data or settings name."
                self.closure.by_name.append(Note("size", why, INCLUDE))

    def _note(self, why: str, advice: str) -> None:
        note = Note(ALL, why, advice)
        if note not in self.closure.unclear:
            self.closure.unclear.append(note)

    def _include(self) -> Iterator[Waiting]:
        """Add the included files to the closure; yield the included modules, with their chain."""
        for name in self.function.include:
            files = [path for path in self.package.files if fnmatch(path, name)]
            for path in files:
                if path in self.package.owners:
                    self.closure.distributions.add(self.package.owners[path])
                elif path.endswith(".py"):
                    yield module_name(path), [f"`include: {name}`"]
                else:
                    self.closure.files.add(path)
            if not files:
                yield name, [f"`include: {name}`"]

    def _list_required(self, imports: Iterable[Import]) -> Iterator[str]:
        """Yield the names of imported modules, except optional ones that do not exist."""
        for each in imports:
            if each.is_prefix:
                yield from self._list_beginning(each.module)
            elif not each.optional or self._exists(each.module):
                yield each.module
                for place in self.folders:
                    is_star = "*" in each.names
                    base = place.replace("/", ".") + each.module
                    names = self.package.list_submodules(base) if is_star else each.names
                    inner = [f"{each.module}.{name}" for name in names]
                    yield from (name for name in inner if self._is_own(name))

    def _list_beginning(self, prefix: str) -> Iterator[str]:
        """Yield the own modules whose names begin so, or the library, of an import by a name."""
        starts = [place.replace("/", ".") + prefix for place in self.folders]
        names = [
            name.removeprefix(place.replace("/", "."))
            for place, start in zip(self.folders, starts, strict=True)
            for name in self.package.own_modules
            if name.startswith(start)
        ]
        top, dot, _ = prefix.partition(".")
        if names:
            yield from names
        elif dot and self.package.find_distributions(top):
            yield top
        else:
            self._note(f"A module imports a name that begins with {prefix}.", INCLUDE)

    def _named_in_strings(self, source: bytes, path: str) -> Iterator[str]:
        """Yield the own modules that strings name, as "shop.settings" or "shop.app:app" do."""
        for text in find_strings(source, path):
            if MODULE_IN_STRING.fullmatch(text):
                name = text.partition(":")[0].removesuffix(".py").replace("/", ".")
                module, _, attribute = name.rpartition(".")
                if self._find_own(name):
                    yield name
                elif (inner := self._find_own(module)) and self._mentions(inner, attribute):
                    yield module

    def _mentions(self, path: str, name: str) -> bool:
        return re.search(rf"\b{name}\b".encode(), self.package.files[path]) is not None

    def _find_own(self, name: str) -> str | None:
        places = (self.package.find_own_module(name, place) for place in self.folders)
        return next(filter(None, places), None)

    def _is_own(self, name: str) -> bool:
        return bool(
            self._find_own(name)
            or any(self.package.has_own_folder(name, place) for place in self.folders)
            or any(self.package.find_compiled_module(name, place) for place in self.folders)
        )

    def _exists(self, name: str) -> bool:
        top = name.partition(".")[0]
        if self._is_own(top):
            return self._is_own(name)
        is_library = bool(self.package.find_distributions(top))
        return top in sys.stdlib_module_names or is_library or self._is_external(name)

    def _is_external(self, name: str) -> bool:
        names = {name, name.partition(".")[0]}
        return any(fnmatch(each, pattern) for each in names for pattern in self.function.external)

    def _find_elsewhere(self, name: str, chain: Chain, *, is_found: bool) -> None:
        """Find a module that is not one of the service's own in the root."""
        top = name.partition(".")[0]
        places = self.folders
        compiled = [self.package.find_compiled_module(name, place) for place in places]
        if any(compiled):
            what = next(filter(None, compiled))
            self._note(f"{what} has no source, so its imports are not known.", INCLUDE)
        elif distributions := self.package.find_distributions(top):
            self.closure.distributions |= distributions
        elif is_found or any(self.package.has_own_folder(name, place) for place in places):
            return
        elif self._is_own(top) or not (top in sys.stdlib_module_names or top in PROVIDED_BY_LAMBDA):
            self._miss(name, chain)

    def _miss(self, name: str, chain: Chain) -> None:
        if self._is_external(name):
            self.closure.external.add(name)
        elif chain is not None:
            by = f" Imported by: {' → '.join(chain)}." if chain else ""
            self._note(f"There is no module {name}.{by}", MISSING)


def _list_names(imports: Iterable[Import]) -> Iterator[str]:
    """Yield the names of all that is imported: of packages, modules, and what is in them."""
    for each in imports:
        yield from (each.module, each.module.partition(".")[0])
        yield from (f"{each.module}.{name}" for name in each.names)


def _find_data(package: Package, closure: Closure, data: str) -> Iterator[str]:
    """Yield the files of the service's own that are not Python.

    Those are all, or those in the packages that are reached, also in subfolders.
    """
    for path in package.files:
        if path not in package.owners and not path.endswith(".py"):
            folder = path.rpartition("/")[0]
            while folder and f"{folder}/__init__.py" not in package.files:
                folder = folder.rpartition("/")[0]
            if data == "all" or f"{folder}/__init__.py" in closure.files:
                yield path
