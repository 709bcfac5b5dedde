"""What entry points are held to at package time: parameters and results that their edge knows."""

import ast
from collections.abc import Iterator

from gateway.arguments import MODELLED, PARTS

# What the decorators of `pipeline` read the model of.
PIPELINE = {"consume": "message", "forward": "image"}
RESULTS = "return a model, a text, or a Reply"
NO_RESULTS = {"bytes", "dict", "float", "int", "list", "set", "tuple", "Dict", "List", "None"}


def find_problems(tree: ast.Module, name: str) -> Iterator[tuple[int, str]]:
    """Return what is wrong with the entry point of that name, each with its line."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            decorators = {_last_name(each) for each in node.decorator_list}
            if "endpoint" in decorators:
                yield from _find_problems_of_endpoint(node)
            for decorator in decorators & PIPELINE.keys():
                yield from _find_problems_of_handler(node, PIPELINE[decorator])


def _find_problems_of_endpoint(function: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    known = ", ".join([*MODELLED, *PARTS])
    for starred in (function.args.vararg, function.args.kwarg):
        if starred:
            told = f"{function.name}: *{starred.arg} is no part of a request: {known}"
            yield starred.lineno, told
    for parameter in _parameters(function):
        name, kind = parameter.arg, parameter.annotation
        if name not in MODELLED and name not in PARTS:
            yield parameter.lineno, f"{function.name}: {name} is no part of a request: {known}"
        elif kind is None:
            yield parameter.lineno, f"{function.name}: {name} has no annotation"
        elif name in MODELLED and isinstance(kind, ast.Constant):
            yield parameter.lineno, f"{function.name}: {name} does not name its model's class"
    result = function.returns
    if result is not None and _last_name(result) in NO_RESULTS:
        told = ast.unparse(result)
        yield result.lineno, f"{function.name} returns {told}, which is no response: {RESULTS}"


def _find_problems_of_handler(function: ast.FunctionDef, name: str) -> Iterator[tuple[int, str]]:
    kinds = {each.arg: each.annotation for each in _parameters(function)}
    if name not in kinds:
        yield function.lineno, f"{function.name} has no parameter {name}"
    elif kinds[name] is None:
        yield function.lineno, f"{function.name}: {name} has no annotation"


def _parameters(function: ast.FunctionDef) -> list[ast.arg]:
    arguments = function.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def _last_name(node: ast.expr) -> str:
    """Return the name of a decorator or a type, without its arguments and where it is from."""
    match node:
        case ast.Call(func=inner) | ast.Subscript(value=inner):
            return _last_name(inner)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case ast.Constant(value=value):
            return str(value)
        case _:
            return ""
