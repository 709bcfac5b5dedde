"""The routes of serverless.yml, each with its entry point."""

import importlib
import os
import re
import sys
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from dev.service import ROOT
from gateway.response import Success

# For the settings of an `http` event: how API Gateway authenticates its callers.
API_KEY, SIGNATURE, TOKEN = "apiKey", "signature", "token"


@dataclass(frozen=True)
class Route:
    """A route, the function behind it, and the schemes by which its callers authenticate."""

    method: str  # In lower case.
    path: str
    operation: str  # Unique: from the function's name, or for one with several routes, the route's.
    package: str
    handler: Any
    schemes: tuple[str, ...]

    @property
    def entry_point(self) -> Callable[..., Any]:
        """The function that `endpoint` has decorated."""
        inner: Callable[..., Any] = self.handler.__wrapped__
        return inner

    @property
    def parts(self) -> dict[str, Any]:
        """The annotations of the entry point's parameters, by their names."""
        hints = typing.get_type_hints(self.entry_point)
        return {name: hint for name, hint in hints.items() if name != "return"}

    @property
    def result(self) -> Any:
        """The annotation of the entry point's result.

        Raises:
            TypeError: there is none.
        """
        hints = typing.get_type_hints(self.entry_point)
        if "return" not in hints:
            raise TypeError(f"{self.operation} has no annotation of what it returns")
        return None if hints["return"] is type(None) else hints["return"]

    @property
    def model(self) -> type[BaseModel] | None:
        """The model of the entry point's result, unless it returns something else."""
        result = self.result
        return result if isinstance(result, type) and issubclass(result, BaseModel) else None

    @property
    def success(self) -> Success:
        """How the entry point responds when it succeeds."""
        declared: Success = self.handler.success
        return declared

    @property
    def is_conditional(self) -> bool:
        """Whether the preconditions of a GET request are evaluated."""
        return self.method == "get" and self.success.etag is not None


def find_routes(settings: Any) -> list[Route]:
    """Return the routes of serverless.yml whose functions are an `endpoint`, in its order."""
    _set_environment(settings)
    functions = settings["functions"].items()
    return [route for name, function in functions for route in _find_routes(name, function)]


def _set_environment(settings: Any) -> None:
    """Set what the modules of the functions read when they are imported."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    os.environ.setdefault("AWS_REGION", "us-east-1")
    for each in [settings["provider"], *settings["functions"].values()]:
        for variable in each.get("environment", {}):
            os.environ.setdefault(variable, "")


def _find_routes(name: str, function: Any) -> Iterator[Route]:
    events = [each["http"] for each in function.get("events", []) if "http" in each]
    module, _, attribute = function["handler"].replace("/", ".").rpartition(".")
    handler = getattr(importlib.import_module(module), attribute) if events else None
    if not hasattr(handler, "success"):  # It is no `endpoint`, so it declares nothing.
        return
    for settings in map(_expand, events):
        method, path = settings["method"].lower(), "/" + settings["path"].strip("/")
        yield Route(
            method=method,
            path=path,
            operation=_name_operation(name if len(events) == 1 else f"{method} {path}"),
            package=name if module == "handler" else module.partition(".")[0],
            handler=handler,
            schemes=tuple(_find_schemes(settings)),
        )


def _expand(settings: Any) -> Any:
    """Return the settings of an event, which may be in short form, such as "GET /hello"."""
    if isinstance(settings, str):
        method, path = settings.split(" ")
        return {"method": method, "path": path}
    return settings


def _name_operation(name: str) -> str:
    """Return the id of an operation, from a function's name or a route.

    It is in camelCase. Generators of clients find its words, and name functions and types after it
    in the style of their language.

    >>> _name_operation("get_item"), _name_operation("get /"), _name_operation("get /files/{name}")
    ("getItem", "getPage", "getFile")
    """
    without_details = re.sub(r"s?/\{\w+\}|\.\w+$", "", name)
    first, *others = re.findall(r"[A-Za-z0-9]+", without_details) + ["page"] * name.endswith("/")
    return "".join([first, *(each.title() for each in others)])


def _find_schemes(settings: Any) -> Iterator[str]:
    if settings.get("private"):
        yield API_KEY
    if authorizer := settings.get("authorizer"):
        yield SIGNATURE if str(authorizer).lower() == "aws_iam" else TOKEN
