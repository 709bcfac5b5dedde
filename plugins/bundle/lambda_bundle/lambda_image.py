"""What Lambda's image has, which the machine that builds may not have."""

import importlib.util
import os
import sys
from collections.abc import Mapping
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
VARIABLES = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info[0]}.{sys.version_info[1]}",
    "AWS_LAMBDA_FUNCTION_NAME": "function",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_REGION": "us-east-1",
    "LAMBDA_TASK_ROOT": "/var/task",
}
# Lambda's runtime has them, for functions that do not bring their own.
PROVIDED_BY_LAMBDA = {
    "awslambdaric",
    "boto3",
    "botocore",
    "dateutil",
    "jmespath",
    "s3transfer",
    "six",
    "snapshot_restore_py",
    "urllib3",
}


def describe_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process that imports a function's modules.

    `variables` are those of the function, as far as they are known before a deploy.
    """
    known = {name: value for name, value in variables.items() if not name.startswith("PYTHON")}
    # What depends on the order of a set must be the same in every build.
    return {**VARIABLES, **os.environ, **known, "PYTHONHASHSEED": "0"}


class ImageFinder(MetaPathFinder, Loader):
    """Finds the modules of Lambda's image where they are not installed.

    They do nothing. Code that only makes clients when it is imported can be imported with them.
    """

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> ModuleSpec | None:
        """Return the specification of a module of Lambda's image."""
        del path, target
        top = fullname.partition(".")[0]
        if top not in PROVIDED_BY_LAMBDA or PathFinder.find_spec(top) is not None:
            return None
        return importlib.util.spec_from_loader(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return a module that has every name."""
        from unittest.mock import MagicMock  # noqa: PLC0415 (few builds need it)

        module = MagicMock(name=spec.name, __path__=[], __all__=[])
        module.__name__ = spec.name
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: the module is complete."""


def add_modules_of_image() -> None:
    """Let this process import the modules of Lambda's image where they are not installed."""
    sys.meta_path.append(ImageFinder())
