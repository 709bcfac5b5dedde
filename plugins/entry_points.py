"""Checks of entry points at package time: their parameters and what they return."""

import ast
from collections.abc import Iterator

from gateway.arguments import MODELLED, PARTS

# By the package that has a decorator: its name, and what is checked under it.
EDGES = {"gateway": {"endpoint": ""}, "pipeline": {"consume": "message", "forward": "image"}}
RESPONSES = "return a model, a text, or a Reply"
NO_RESPONSES = {"bytes", "dict", "float", "int", "list", "set", "tuple", "None"}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Problem = tuple[int, str]  # The line, and what is wrong there.


def find_problems(tree: ast.Module, name: str) -> Iterator[Problem]:
    """Return what is wrong with the entry point of that name, under a decorator of an edge."""
    imported = _imported(tree)
    for function in ast.walk(tree):
        if isinstance(function, Function) and function.name == name:
            for decorator in function.decorator_list:
                called = decorator.func if isinstance(decorator, ast.Call) else decorator
                edge = imported.get(ast.unparse(called), "")
                if edge and isinstance(function, ast.AsyncFunctionDef):
                    yield function.lineno, f"{name} is async; Lambda calls plain functions"
                elif edge == "endpoint":
                    yield from _check_endpoint(function)
                elif edge:
                    yield from _check_handler(function, EDGES["pipeline"][edge])


def _imported(tree: ast.Module) -> dict[str, str]:
    """Return the edges' decorators by what this module calls them."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str() as module, names=aliases):
                known = EDGES.get(module.partition(".")[0], {})
                names |= {
                    each.asname or each.name: each.name for each in aliases if each.name in known
                }
            case ast.Import(names=aliases):
                for each in aliases:
                    for name in EDGES.get(each.name, {}):
                        names[f"{each.asname or each.name}.{name}"] = name
    return names


def _check_endpoint(function: Function) -> Iterator[Problem]:
    known = ", ".join([*MODELLED, *PARTS])
    starred = [each for each in (function.args.vararg, function.args.kwarg) if each]
    for parameter in [*_parameters(function), *starred]:
        name, kind = parameter.arg, parameter.annotation
        which = f"{function.name}: {name}"
        if parameter in starred or (name not in MODELLED and name not in PARTS):
            yield parameter.lineno, f"{which} is no part of a request: {known}"
        elif kind is None:
            yield parameter.lineno, f"{which} has no annotation"
        elif name in MODELLED and not isinstance(kind, ast.Name | ast.Attribute):
            yield parameter.lineno, f"{which} does not name its model's class"
    result = function.returns
    if result is not None and ast.unparse(result).partition("[")[0] in NO_RESPONSES:
        told = f"{function.name} returns {ast.unparse(result)}, which is no response: {RESPONSES}"
        yield result.lineno, told


def _check_handler(function: Function, name: str) -> Iterator[Problem]:
    kinds = {each.arg: each.annotation for each in _parameters(function)}
    if name not in kinds:
        yield function.lineno, f"{function.name} has no parameter {name}"
    elif kinds[name] is None:
        yield function.lineno, f"{function.name}: {name} has no annotation"


def _parameters(function: Function) -> list[ast.arg]:
    arguments = function.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
