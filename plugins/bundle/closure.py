"""What a function reaches: the service's own modules, and the distributions that they import."""

import ast
import functools
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch

from plugins.bundle.package import Package
from plugins.bundle.problems import BundleError

# Lambda's runtime brings these; the house keeps an SDK out of what it ships.
BROUGHT_BY_LAMBDA = {
    "awslambdaric",
    "boto3",
    "botocore",
    "jmespath",
    "s3transfer",
    "snapshot_restore_py",
}


@dataclass
class Closure:
    """The paths of the own files, and the names of the distributions, that a function reaches."""

    files: set[str] = field(default_factory=set)
    modules: dict[str, str] = field(default_factory=dict)
    distributions: set[str] = field(default_factory=set)


def find_closure(package: Package, module: str, include: list[str]) -> Closure:
    """Follow the imports from a module, and from what `include` names besides: modules or files.

    Raises:
        BundleError: a module cannot be found; says by which chain of imports it was wanted.
    """
    closure = Closure()
    waiting = [(module, ["the handler"]), *_include(package, closure, include)]
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
            waiting += [(wanted, [*chain, name]) for wanted in _required(package, found)]
        elif not package.has_own_folder(name):
            closure.distributions |= _find_distributions(package, name, chain)
    closure.files |= set(_find_data(package, closure))
    return closure


def _find_data(package: Package, closure: Closure) -> Iterator[str]:
    """Return the files that are no Python, and lie in a reached package or in a folder below it."""
    for path in package.files:
        if path not in package.owners and not path.endswith(".py"):
            folder = path.rpartition("/")[0]
            while folder and f"{folder}/__init__.py" not in package.files:
                folder = folder.rpartition("/")[0]
            if f"{folder}/__init__.py" in closure.files:
                yield path


def _include(
    package: Package, closure: Closure, include: list[str]
) -> Iterator[tuple[str, list[str]]]:
    """Add the files that are named, and return the modules, each with why it is wanted."""
    for name in include:
        files = [path for path in package.files if fnmatch(path, name)]
        for path in files:
            if path in package.owners:
                closure.distributions.add(package.owners[path])
            elif path.endswith(".py"):
                module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
                yield module, [f"bundle: include: {name}"]
            else:
                closure.files.add(path)
        if not files:
            yield name, ["bundle: include:"]


@dataclass
class Import:
    """An import: of a module, or of a name from one, which may be a module too."""

    module: str
    names: list[str]
    optional: bool


@functools.cache  # Functions share most modules.
def find_imports(source: bytes, module: str, path: str) -> tuple[Import, ...]:
    """Return the imports of a module, in functions too; not those for type checkers.

    Those under a condition, or where their failure is caught, are optional.
    """
    return tuple(_find_imports(source, module, path))


def _find_imports(source: bytes, module: str, path: str) -> Iterator[Import]:
    try:
        tree = ast.parse(source, path)
    except SyntaxError as error:
        raise BundleError(f"{path}, line {error.lineno}: {error.msg}") from None
    parent = module if path.endswith("__init__.py") else module.rpartition(".")[0]
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, optional = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, [], optional) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = [alias.name for alias in node.names]
            yield Import(_resolve(node, parent), names, optional)
        elif isinstance(node, ast.If):
            body = [] if _is_type_checking(node.test) else node.body
            waiting += [(child, True) for child in body]
            # What stands where type checkers do not look is what runs.
            waiting += [(child, bool(body)) for child in node.orelse]
        elif isinstance(node, ast.Try):
            guarded = optional or any(_catches_import_error(each.type) for each in node.handlers)
            waiting += [(child, guarded) for child in node.body]
            rest = [*node.handlers, *node.orelse, *node.finalbody]
            waiting += [(child, optional) for child in rest]
        elif isinstance(node, ast.With):
            guarded = optional or any(_is_suppress(item.context_expr) for item in node.items)
            waiting += [(child, guarded) for child in node.body]
        else:
            waiting += [(child, optional) for child in ast.iter_child_nodes(node)]


def _resolve(node: ast.ImportFrom, parent: str) -> str:
    above = parent.split(".")
    base = above[: len(above) - node.level + 1] if node.level else []
    return ".".join([*base, *([node.module] if node.module else [])])


def _required(package: Package, imports: Iterable[Import]) -> Iterator[str]:
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
    if not own and (top in sys.stdlib_module_names or top in BROUGHT_BY_LAMBDA):
        return set()
    found = set() if own else package.find_distributions(top)
    if not found:
        raise BundleError(
            f"There is no module {module}, which is wanted by {' → '.join(chain)}.\n"
            "Is it in requirements.txt, and, if it is the service's own, in package.patterns?"
        )
    return found


def _is_type_checking(test: ast.expr) -> bool:
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", None)
    return name == "TYPE_CHECKING"


def _is_suppress(context: ast.expr) -> bool:
    if not isinstance(context, ast.Call):
        return False
    name = getattr(context.func, "attr", None) or getattr(context.func, "id", None)
    return name == "suppress" and any(map(_catches_import_error, context.args))


def _catches_import_error(caught: ast.expr | None) -> bool:
    if not caught:
        return True
    names = {getattr(node, "id", None) for node in ast.walk(caught)}
    return bool(names & {"ImportError", "ModuleNotFoundError", "Exception"})
