"""Checks entry points when they are packaged: their parameters, and what they return.

`custom.bundle.checks` in serverless.yml names this module; lambda_bundle/checks.py calls it.
"""

import ast
from collections.abc import Iterator

from gateway.arguments import MODELLED, PARTS

# The decorators of entry points by package, each with the parameters that its function must have,
# the one for the model first. An endpoint's are its own choice: MODELLED and PARTS.
DECORATORS: dict[str, dict[str, list[str]]] = {
    "gateway": {"endpoint": []},
    "pipeline": {"consume": ["message", "deadline"], "forward": ["image"]},
}
ADVICE = "return a model, a string, a Response, or None with status=204"
NOT_RESPONSES = {"bytes", "dict", "float", "int", "list", "set", "tuple", "None"}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Problem = tuple[int, str]  # A line number, and what is wrong there.


def find_problems(tree: ast.Module, name: str) -> Iterator[Problem]:
    """Yield what is wrong with the function `name`, if a decorator makes it an entry point.

    For example `(12, "get_item: unknown parameter body; use one of headers, path, …")`.
    """
    imported = _find_imported(tree)
    for function in ast.walk(tree):
        if isinstance(function, Function) and function.name == name:
            for node in function.decorator_list:
                called = node.func if isinstance(node, ast.Call) else node
                decorator = imported.get(ast.unparse(called), "")
                if decorator and isinstance(function, ast.AsyncFunctionDef):
                    yield function.lineno, f"{name} is async, which Lambda does not support"
                elif decorator == "endpoint":
                    yield from _check_endpoint(function)
                elif decorator:
                    required = DECORATORS["pipeline"][decorator]
                    yield from _check_event_function(function, required)


def _find_imported(tree: ast.Module) -> dict[str, str]:
    """Return the names of imported decorators, by the names that the module gives them."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str() as module, names=aliases):
                known = DECORATORS.get(module.partition(".")[0], {})
                names |= {
                    each.asname or each.name: each.name for each in aliases if each.name in known
                }
            case ast.Import(names=aliases):
                for each in aliases:
                    for name in DECORATORS.get(each.name, {}):
                        names[f"{each.asname or each.name}.{name}"] = name
    return names


def _check_endpoint(function: Function) -> Iterator[Problem]:
    known = ", ".join([*MODELLED, *PARTS])
    starred = [each for each in (function.args.vararg, function.args.kwarg) if each]
    for parameter in [*_list_parameters(function), *starred]:
        name, annotation = parameter.arg, parameter.annotation
        which = f"{function.name}: {name}"
        if parameter in starred or (name not in MODELLED and name not in PARTS):
            yield parameter.lineno, f"{function.name}: unknown parameter {name}; use one of {known}"
        elif annotation is None:
            yield parameter.lineno, f"{which} has no annotation"
        elif name in MODELLED and not isinstance(annotation, ast.Name | ast.Attribute):
            yield parameter.lineno, f"{which}: the annotation is not the class of a model"
    if function.returns is not None:
        yield from _check_result(function, function.returns)


def _check_result(function: Function, result: ast.expr) -> Iterator[Problem]:
    name = ast.unparse(result)
    if _has_status_204(function):
        if name != "None":
            yield result.lineno, f"{function.name} returns {name}: with status=204, return None"
    elif name.partition("[")[0] in NOT_RESPONSES:
        yield result.lineno, f"{function.name} returns {name}: {ADVICE}"


def _has_status_204(function: Function) -> bool:
    calls = [each for each in function.decorator_list if isinstance(each, ast.Call)]
    options = {ast.unparse(each) for call in calls for each in call.keywords}
    return "status=204" in options


def _check_event_function(function: Function, required: list[str]) -> Iterator[Problem]:
    annotations = {each.arg: each.annotation for each in _list_parameters(function)}
    if list(annotations) != required:
        names = " and ".join(required)
        kind = "parameter" if len(required) == 1 else "parameters"
        yield function.lineno, f"{function.name} must have the {kind} {names}, and no others"
    elif annotations[required[0]] is None:
        yield function.lineno, f"{function.name}: {required[0]} has no annotation"


def _list_parameters(function: Function) -> list[ast.arg]:
    arguments = function.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
