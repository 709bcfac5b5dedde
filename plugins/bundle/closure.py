"""What a function reaches: the service's own modules, and the distributions that they import."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch

from plugins.bundle.package import Package
from plugins.bundle.problems import BundleError

# Lambda's runtime brings these; the house keeps an SDK out of what it ships.
RUNTIME = {"awslambdaric", "boto3", "botocore", "jmespath", "s3transfer", "snapshot_restore_py"}


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
    waiting = [(module, ["the handler"])]
    for name in include:
        files = [path for path in package.files if fnmatch(path, name)]
        closure.files.update(path for path in files if path not in package.owners)
        if not files:
            waiting.append((name, ["bundle: include:"]))
    while waiting:
        name, chain = waiting.pop()
        if name in closure.modules:
            continue
        path = package.find_own_module(name)
        if path:
            closure.modules[name] = path
            closure.files.add(path)
            if "." in name:
                waiting.append((name.rpartition(".")[0], chain))
            source = package.files[path]
            found = list(find_imports(source, name, is_package=path.endswith("__init__.py")))
            waiting += [(wanted, [*chain, name]) for wanted in _required(package, found)]
        elif not package.has_own_folder(name):
            closure.distributions |= _find_distributions(package, name, chain)
    return closure


@dataclass
class Import:
    """An import: of a module, or of a name from one, which may be a module too."""

    module: str
    names: list[str]
    optional: bool


def find_imports(source: bytes, module: str, *, is_package: bool) -> Iterator[Import]:
    """Return the imports of a module, in functions too; not those for type checkers."""
    parent = module if is_package else module.rpartition(".")[0]
    waiting: list[tuple[ast.AST, bool]] = [(ast.parse(source), False)]
    while waiting:
        node, optional = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, [], optional) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = [alias.name for alias in node.names]
            yield Import(_resolve(node, parent), names, optional)
        elif isinstance(node, ast.If) and _is_type_checking(node.test):
            waiting += [(child, optional) for child in node.orelse]
        elif isinstance(node, ast.Try):
            guarded = optional or any(_catches_import_error(each) for each in node.handlers)
            waiting += [(child, guarded) for child in node.body]
            rest = [*node.handlers, *node.orelse, *node.finalbody]
            waiting += [(child, optional) for child in rest]
        else:
            waiting += [(child, optional) for child in ast.iter_child_nodes(node)]


def _resolve(node: ast.ImportFrom, parent: str) -> str:
    above = parent.split(".")
    base = above[: len(above) - node.level + 1] if node.level else []
    return ".".join([*base, *([node.module] if node.module else [])])


def _required(package: Package, imports: list[Import]) -> Iterator[str]:
    for each in imports:
        if each.optional and not _exists(package, each.module):
            continue
        yield each.module
        for name in each.names:
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
    if not own and (top in sys.stdlib_module_names or top in RUNTIME):
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


def _catches_import_error(handler: ast.ExceptHandler) -> bool:
    if not handler.type:
        return True
    caught = {getattr(node, "id", None) for node in ast.walk(handler.type)}
    return bool(caught & {"ImportError", "ModuleNotFoundError", "Exception"})
