"""Finds code that uses parts of pydantic's models that compiled models do not have."""

import ast
from collections.abc import Iterator

from lambda_bundle.models.class_body import SCHEMA_METHODS
from lambda_bundle.models.names import find_root, walk_evaluated

# What needs pydantic's own machinery: JSON schemas, the types of fields.
NOT_OFFERED = {
    "__fields__",
    "__get_pydantic_core_schema__",
    "__get_pydantic_json_schema__",
    "__pydantic_core_schema__",
    "__pydantic_decorators__",
    "__signature__",
    "model_json_schema",
    "model_parametrized_name",
    "parse_file",
    "schema_json",
    "settings_cached",
    "settings_clear_cache",
}
# Arguments of settings that read from elsewhere than their class says.
SOURCES = ("_build_sources", "_case_sensitive", "_cli_", "_env_", "_secrets_dir")
FIELDS = {"model_fields", "__pydantic_fields__"}
# Functions that only go through the names of fields.
ITERATES = {
    "dict.fromkeys",
    "enumerate",
    "frozenset",
    "iter",
    "len",
    "list",
    "set",
    "sorted",
    "tuple",
}
READS_ANNOTATIONS = {"__annotations__", "get_annotations", "get_type_hints", "signature"}


def find_uses(
    tree: ast.Module, *, has_models: bool, has_whole_configs: bool
) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each use of what is not there.

    `has_models` says whether the module defines models, and `has_whole_configs` whether all models
    of the service have their whole configuration.
    """
    not_offered = NOT_OFFERED if has_whole_configs else {*NOT_OFFERED, "model_config"}
    made = [node for node in ast.walk(tree) if getattr(node, "name", None) in SCHEMA_METHODS]
    left_out = {inner for node in made for inner in ast.walk(node)}
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    imported = _list_imported(tree)
    for node in walk_evaluated(tree, skips_annotations=True):
        if isinstance(node, ast.Call):
            yield from _find_sources(node)
            yield from _find_named(node, not_offered | FIELDS)
        name = getattr(node, "attr", None) or getattr(node, "id", None)
        if not isinstance(node, ast.Attribute | ast.Name) or not isinstance(node.ctx, ast.Load):
            continue
        if node in left_out:
            continue
        if isinstance(node, ast.Attribute):
            is_call = isinstance(parents[node], ast.Call) and parents[node].func is node  # type: ignore[attr-defined]
            if name in not_offered or (name == "schema" and is_call and _is_bare(parents[node])):
                yield node.lineno, ast.unparse(node)
            elif name in FIELDS and not _is_iterated(node, parents):
                yield node.lineno, ast.unparse(parents[node]).partition("\n")[0]
        if name in READS_ANNOTATIONS and (has_models or _is_of_class(node, parents, imported)):
            yield node.lineno, ast.unparse(node)


def _find_sources(call: ast.Call) -> Iterator[tuple[int, str]]:
    for keyword in call.keywords:
        if (keyword.arg or "").startswith(SOURCES):
            yield call.lineno, f"{ast.unparse(call.func)}({keyword.arg}=…)"


def _find_named(call: ast.Call, names: set[str]) -> Iterator[tuple[int, str]]:
    """Yield `hasattr(x, "model_json_schema")` and `getattr(x, "model_fields", {})`."""
    match call:
        case ast.Call(
            func=ast.Name(id="getattr" | "hasattr"), args=[_, ast.Constant(value=str(name)), *_]
        ) if name in names:
            yield call.lineno, ast.unparse(call)


def _list_imported(tree: ast.Module) -> set[str]:
    return {
        each.asname or each.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for each in node.names
    }


def _is_of_class(node: ast.expr, parents: dict[ast.AST, ast.AST], imported: set[str]) -> bool:
    """Whether annotations are read of an imported class, or of that of an instance.

    Those of functions stay, so code may read the annotations of what it is given.
    """
    if isinstance(node, ast.Attribute) and node.attr == "__annotations__":
        read: ast.expr = node.value
    else:
        parent = parents[node]
        if not (isinstance(parent, ast.Call) and parent.func is node and parent.args):
            return False
        read = parent.args[0]
    return find_root(read) in {*imported, "type"}


def _is_bare(call: ast.AST) -> bool:
    """Whether a call has no arguments, or those of pydantic's `schema`."""
    known = {"by_alias", "ref_template"}
    return isinstance(call, ast.Call) and not call.args and {
        each.arg for each in call.keywords
    } <= known  # fmt: skip


def _is_iterated(node: ast.Attribute, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether code only goes through the names of fields, or looks for one."""
    parent = parents[node]
    match parent:
        case ast.Compare(ops=[ast.In() | ast.NotIn()]):
            return parent.left is not node
        case ast.For() | ast.comprehension():
            return parent.iter is node
        case ast.Call():
            return node in parent.args and ast.unparse(parent.func) in ITERATES
        case ast.Attribute(attr="keys"):
            return True
        case ast.Starred():
            return isinstance(parents[parent], ast.List | ast.Set | ast.Tuple)
    return False
