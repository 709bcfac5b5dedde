"""The settings of a function that the bundler needs."""

import posixpath
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lambda_bundle.bytecode import TASK_ROOT
from lambda_bundle.interpreters import OLDEST, is_supported
from lambda_bundle.libraries import ELF_MACHINES
from lambda_bundle.problems import BundleError, Note

HERE = f"python{sys.version_info[0]}.{sys.version_info[1]}"


@dataclass(frozen=True)
class Function:
    """A function of a service.

    `handler`, `runtime` and `architecture` are as Lambda has them: "shop/cart.sell", "python3.13",
    "arm64".

    - `target` is "lambda", or "machine" for an artifact that runs on the machine that builds it.
    - `include` has what imports do not show: names of modules and patterns of paths.
    - `external` has patterns of the names of modules that are in a layer.
    - `python_path` has the folders of the variable PYTHONPATH that the function runs with.
    - `environment` has the function's variables, as far as they are known: modules with models are
      imported with them when the artifact is made.
    - With `pydantic`, the artifact has pydantic, and models are not compiled.
    - With `runtime_loop`, it has what runs the function in place of AWS's runtime client.
    - `data` is "all" to ship all files of the service's own that are not Python, or "reached" for
      those in packages that the function reaches.
    - With `minify`, own scripts and style sheets are minified.
    - With `strict`, it is an error if something of the function cannot be bundled.
    """

    name: str
    handler: str
    runtime: str
    architecture: str
    target: str = "lambda"
    include: tuple[str, ...] = ()
    external: tuple[str, ...] = ()
    python_path: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict, hash=False)
    pydantic: bool = False
    runtime_loop: bool = False
    data: str = "all"
    minify: bool = False
    strict: bool = False

    @classmethod
    def parse(cls, request: dict[str, Any]) -> "Function":
        """Return the function that a request describes.

        Raises:
            BundleError: a field is unknown or missing, or has a value that it cannot have.
        """
        name = request.get("name", "?")
        given = {key: value for key, value in request.items() if value is not None}
        lists = {key: tuple(value) for key, value in given.items() if isinstance(value, list)}
        try:
            function = cls(**{**given, **lists})
        except TypeError as error:
            raise BundleError(f"The function {name}: {error}") from None
        _check(name, "target", function.target, ("lambda", "machine"))
        _check(name, "architecture", function.architecture, ELF_MACHINES)
        _check(name, "data", function.data, ("all", "reached"))
        return function

    @property
    def module(self) -> str:
        """The module of the handler: `shop.cart` for the handler `shop/cart.sell`."""
        return self.handler.rpartition(".")[0].replace("/", ".")

    @property
    def folders(self) -> list[str]:
        """The folders of the artifact that PYTHONPATH names, such as "src/"."""
        inside = [each for each in self.python_path if f"{each}/".startswith(f"{TASK_ROOT}/")]
        relative = [each for each in self.python_path if not each.startswith("/")]
        folders = [each.removeprefix(TASK_ROOT).strip("/") for each in [*inside, *relative]]
        return [f"{posixpath.normpath(each)}/" for each in folders if each not in ("", ".")]

    @property
    def note_on_runtime(self) -> Note | None:
        """Why this interpreter cannot compile bytecode for the function's runtime, or None."""
        if self.runtime == HERE:
            return None
        if not is_supported(self.runtime):
            why = f"its runtime is {self.runtime}; bundles are made for python3.{OLDEST} and later."
            return Note("bytecode", why, f"Set `runtime: python3.{OLDEST}` or later.")
        return Note(
            "bytecode",
            f"its runtime is {self.runtime}, but the bundler runs on Python "
            f"{HERE.removeprefix('python')}, and bytecode is specific to a version.",
            f"Set `runtime: {HERE}`, or install {self.runtime} on the machine that builds.",
        )


def _check(name: str, field: str, value: str, allowed: Iterable[str]) -> None:
    if value not in allowed:
        choices = " or ".join(allowed)
        raise BundleError(f"The function {name}: {field} must be {choices}, not {value!r}.")
