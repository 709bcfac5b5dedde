"""Code in place of that of the deployed function `hello`."""

import io
import zipfile
from types import TracebackType
from typing import Any, Self

from lambda_bundle.runtime_loop import WRAPPER, runtime_loop_files

from dev.clients import aws_client
from dev.cloud import Cloud
from dev.functions import function_name
from tests.support.web import call

WRAPPER_VARIABLE = "AWS_LAMBDA_EXEC_WRAPPER"
HANDLER = "def hello(event, context):\n    "


class DeployedCode:
    """Replaces the code of `GET /hello` within a `with` block.

        with DeployedCode(cloud, api_url, has_wrapper=True) as code:
            response = code.run(f"{HANDLER}return 1")

    The function has a timeout of one second. Without its wrapper, AWS's runtime client runs it.
    """

    name = function_name("hello")

    def __init__(self, cloud: Cloud, api_url: str, *, has_wrapper: bool) -> None:
        self.client = aws_client(cloud, "lambda")
        self._cloud = cloud
        self._url = f"{api_url}/hello"
        self.has_wrapper = has_wrapper
        self._files = runtime_loop_files("machine") if has_wrapper else {}

    def __enter__(self) -> Self:
        location = self.client.get_function(FunctionName=self.name)["Code"]["Location"]
        self._original = call(location, "GET", headers=self._cloud.authorization).content
        self.configuration = self.client.get_function_configuration(FunctionName=self.name)
        variables = dict(self.configuration["Environment"]["Variables"])
        if not self.has_wrapper:
            del variables[WRAPPER_VARIABLE]
        self.configure(Timeout=1, Environment={"Variables": variables})
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        kept = ("Environment", "Layers", "Timeout")
        self.configure(**{key: self.configuration.get(key, []) for key in kept})
        self.client.update_function_code(FunctionName=self.name, ZipFile=self._original)

    def configure(self, **settings: Any) -> None:
        """Change the function's configuration."""
        self.client.update_function_configuration(FunctionName=self.name, **settings)

    def deploy(self, source: str) -> None:
        """Deploy a module with a function `hello`."""
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as out:
            out.writestr("hello/handler.py", source)
            for path, content in self._files.items():
                entry = zipfile.ZipInfo(path)
                entry.external_attr = (0o755 if path == WRAPPER else 0o644) << 16
                out.writestr(entry, content)
        self.client.update_function_code(FunctionName=self.name, ZipFile=archive.getvalue())

    def call(self) -> Any:
        """Return the response of `GET /hello`."""
        return call(self._url, "GET", is_declared=False)

    def run(self, source: str) -> Any:
        """Deploy a module, and return the response of `GET /hello`."""
        self.deploy(source)
        return self.call()
