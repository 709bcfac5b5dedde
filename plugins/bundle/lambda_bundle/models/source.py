"""Reads the definitions in a module's source, and takes away what an artifact does not need."""

import ast
import copy
import symtable
import sys
from collections.abc import Iterator

Bindings = dict[str, list[ast.stmt]]
# What `Generic` does for classes that nobody asks for their parameters; `typing` takes 10 ms.
SUBSCRIPTABLE = "__class_getitem__ = classmethod(type(list[int]))"
RUN_AT_ONCE = {"dictcomp", "genexpr", "lambda", "listcomp", "setcomp"}
# Methods that only pydantic calls, while it makes a schema.
SCHEMA_METHODS = {
    "__get_pydantic_core_schema__",
    "__get_pydantic_json_schema__",
    "__modify_schema__",
    "__prepare_pydantic_annotations__",
}


def read_bindings(module: str, tree: ast.Module) -> Bindings:
    """Return the statements of a module that bind each name, with absolute imports."""
    bindings: Bindings = {}
    for statement in _flatten(tree.body):
        absolute = make_absolute(module, statement)
        for name in _names(absolute):
            bindings.setdefault(name, []).append(absolute)
    return bindings


def make_absolute(module: str, statement: ast.stmt) -> ast.stmt:
    """Make the relative imports in a statement absolute."""
    for node in ast.walk(statement):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = module.split(".")[: -node.level]
            node.module = ".".join([*base, *([node.module] if node.module else [])])
            node.level = 0
    return statement


def _flatten(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements, with those under `if TYPE_CHECKING:` left out."""
    for statement in body:
        if isinstance(statement, ast.If) and _is_type_checking(statement.test):
            yield from _flatten(statement.orelse)
        elif not _is_overload(statement):
            yield statement


def _is_type_checking(test: ast.expr) -> bool:
    return ast.unparse(test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")


def _is_overload(statement: ast.stmt) -> bool:
    decorators = getattr(statement, "decorator_list", [])
    return any(ast.unparse(each).rpartition(".")[2] == "overload" for each in decorators)


def _names(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (each.asname or each.name.partition(".")[0] for each in names)
        case ast.If() | ast.Try():
            for child in ast.iter_child_nodes(statement):
                yield from _names(child) if isinstance(child, ast.stmt) else ()
        case ast.Assign() | ast.AnnAssign():
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id


class Strip(ast.NodeTransformer):
    """Takes away annotations, docstrings and the methods that make schemas."""

    def __init__(self, *, keeps_schema: bool = False) -> None:
        self.keeps_schema = keeps_schema

    def strip(self, statement: ast.stmt) -> ast.stmt:
        """Return a stripped copy of a statement."""
        stripped = self.visit(copy.deepcopy(statement))
        assert isinstance(stripped, ast.stmt)
        return ast.fix_missing_locations(stripped)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        """Strip a class. Dataclasses keep their annotations, which are their fields."""
        is_dataclass = any("dataclass" in ast.unparse(each) for each in node.decorator_list)
        body: list[ast.stmt] = []
        for each in _without_docstring([*_flatten(node.body)]):
            if getattr(each, "name", "") in SCHEMA_METHODS and not self.keeps_schema:
                continue
            if isinstance(each, ast.AnnAssign) and is_dataclass:
                body.append(each)
            elif stripped := self.visit(each):
                body.append(stripped)
        node.bases, is_generic = _without_parameters(node.bases)
        body += ast.parse(SUBSCRIPTABLE).body if is_generic else []
        node.body = body or [ast.Pass()]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Strip a function."""
        node.returns = None
        arguments = node.args
        for each in ast.walk(arguments):
            if isinstance(each, ast.arg):
                each.annotation = None
        body = [self.visit(each) for each in _without_docstring(node.body)]
        node.body = [each for each in body if each is not None] or [ast.Pass()]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt | None:
        """Make an assignment of it, or nothing if it has no value."""
        if node.value is None:
            return None
        assigned = ast.Assign([node.target], self.visit(node.value))
        return ast.copy_location(assigned, node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Take away `cast`, which is for type checkers."""
        if ast.unparse(node.func) in ("cast", "typing.cast"):
            value = self.visit(node.args[1])
            assert isinstance(value, ast.expr)
            return value
        self.generic_visit(node)
        return node


def _without_parameters(bases: list[ast.expr]) -> tuple[list[ast.expr], bool]:
    """Return bases without what only `typing` reads, and whether `Generic` is among them."""
    plain = [each.value if isinstance(each, ast.Subscript) else each for each in bases]
    left = [each for each in plain if ast.unparse(each) not in ("Generic", "typing.Generic")]
    return left, len(left) < len(bases)


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    is_docstring = (
        body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    )
    return body[1:] if is_docstring else body


def find_globals(statement: ast.stmt, *, only_now: bool = False) -> set[str]:
    """Return the names that a statement finds in its module, or among the builtins.

    With `only_now`, those in functions are left out, which run later.
    """
    text = ast.unparse(_WithoutAnnotations().visit(copy.deepcopy(statement)))
    waiting, found = [symtable.symtable(text, "<statement>", "exec")], set()
    while waiting:
        table = waiting.pop()
        is_later = table.get_type() == "function" and table.get_name() not in RUN_AT_ONCE
        if only_now and is_later:
            continue
        waiting += table.get_children()
        is_top = table.get_type() == "module"
        found |= {
            each.get_name()
            for each in table.get_symbols()
            if each.is_referenced() and (is_top or each.is_global())
        }
    return found


def import_late(statements: list[ast.stmt], imports: list[str]) -> list[str]:
    """Move imports of the standard library into the functions that need them.

    Most take long, such as that of `secrets`, and the functions may never run. Returns the imports
    that are left.
    """
    left = []
    now = set().union(*(find_globals(each, only_now=True) for each in statements))
    for text in imports:
        node = ast.parse(text).body[0]
        assert isinstance(node, ast.Import | ast.ImportFrom)
        module = getattr(node, "module", None) or node.names[0].name
        name = node.names[0].asname or node.names[0].name.partition(".")[0]
        if name in now or module.partition(".")[0] not in sys.stdlib_module_names:
            left.append(text)
            continue
        for function in _list_functions(statements):
            if name in find_globals(function):
                function.body.insert(0, node)
    return left


def _list_functions(statements: list[ast.stmt]) -> Iterator[ast.FunctionDef]:
    for each in statements:
        if isinstance(each, ast.FunctionDef):
            yield each
        elif isinstance(each, ast.ClassDef):
            yield from _list_functions(each.body)


class _WithoutAnnotations(ast.NodeTransformer):
    """Takes away the annotations of a dataclass, which nothing evaluates."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        return ast.Assign([node.target], node.value or ast.Constant(None), lineno=node.lineno)


def find_attributes(node: ast.AST, name: str) -> list[str]:
    """Return the attributes of a variable that a piece of code uses."""
    found = {
        each.attr
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute) and ast.unparse(each.value) == name
    }
    return sorted(found)
