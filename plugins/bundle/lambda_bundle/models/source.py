"""Reads the definitions in a module's source, and takes away what an artifact does not need."""

import ast
import copy
import symtable
from collections.abc import Iterator

Bindings = dict[str, list[ast.stmt]]
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


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    is_docstring = (
        body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    )
    return body[1:] if is_docstring else body


def find_globals(statement: ast.stmt) -> set[str]:
    """Return the names that a statement finds in its module, or among the builtins."""
    text = ast.unparse(_WithoutAnnotations().visit(copy.deepcopy(statement)))
    waiting, found = [symtable.symtable(text, "<statement>", "exec")], set()
    while waiting:
        table = waiting.pop()
        waiting += table.get_children()
        is_top = table.get_type() == "module"
        found |= {
            each.get_name()
            for each in table.get_symbols()
            if each.is_referenced() and (is_top or each.is_global())
        }
    return found


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
