"""What Lambda's image gives to code that is imported, for imports on the machine that builds."""

import importlib.util
import os
import sys
from collections.abc import Mapping
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from unittest.mock import MagicMock

# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
VARIABLES = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info[0]}.{sys.version_info[1]}",
    "AWS_LAMBDA_FUNCTION_NAME": "function",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_REGION": "us-east-1",
    "LAMBDA_TASK_ROOT": "/var/task",
}
SDK = {"awslambdaric", "boto3", "botocore", "jmespath", "s3transfer"}


def describe_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process that imports a function's modules.

    `variables` are those of the function, as far as they are known before a deploy.
    """
    known = {name: value for name, value in variables.items() if not name.startswith("PYTHON")}
    # What depends on the order of a set must be the same in every build.
    return {**VARIABLES, **os.environ, **known, "PYTHONHASHSEED": "0"}


class SdkFinder(MetaPathFinder, Loader):
    """Finds the modules of the SDK where they are not installed.

    They do nothing. Code that only makes clients when it is imported can be imported with them.
    """

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> ModuleSpec | None:
        """Return the specification of a module of the SDK."""
        del path, target
        top = fullname.partition(".")[0]
        if top not in SDK or PathFinder.find_spec(top) is not None:
            return None
        return importlib.util.spec_from_loader(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return a module that has every name."""
        module = MagicMock(name=spec.name, __path__=[], __all__=[])
        module.__name__ = spec.name
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: the module is complete."""


def add_sdk() -> None:
    """Let this process import the SDK where it is not installed."""
    sys.meta_path.append(SdkFinder())
