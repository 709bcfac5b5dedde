"""The settings of a function that the bundler needs."""

import sys
from dataclasses import dataclass

from lambda_bundle.problems import BundleError


@dataclass(frozen=True)
class Function:
    """A function of serverless.yml.

    `runtime` and `architecture` are Lambda's names, such as "python3.13" and "arm64". `target` is
    "lambda", or "machine" for an artifact that runs on the machine that builds it. `include` has
    names of modules and patterns of paths. With `pydantic`, the artifact has pydantic, and models
    are not compiled. With `runtime_loop`, it has what runs the function in place of AWS's runtime
    client.
    """

    name: str
    handler: str
    runtime: str
    architecture: str
    target: str = "lambda"
    include: tuple[str, ...] = ()
    pydantic: bool = False
    runtime_loop: bool = False

    @property
    def module(self) -> str:
        """The module of the handler: `shop.cart` for the handler `shop/cart.sell`."""
        return self.handler.rpartition(".")[0].replace("/", ".")

    def check_runtime(self) -> None:
        """Check that this interpreter can compile bytecode for the function's runtime.

        Raises:
            BundleError: the runtime is another version of Python.
        """
        here = f"{sys.version_info[0]}.{sys.version_info[1]}"
        if self.runtime != f"python{here}":
            raise BundleError(
                f"its runtime is {self.runtime}, but the bundler runs on Python {here}, and "
                f"bytecode is specific to a version. Set `runtime: python{here}`, or make .venv "
                "with the version of the runtime."
            )
