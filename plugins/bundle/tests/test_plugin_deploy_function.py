"""`serverless deploy function` deploys a bundle."""

import base64
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from plugin_service import Service, bytecode_of

LOOP = {"AWS_LAMBDA_EXEC_WRAPPER": "/var/task/runtime_loop/wrapper"}


class FakeLambda:
    """The part of Lambda's API that updates a function.

    `updates` has the bodies of all updates, by the last part of their paths: "code" and
    "configuration". `variables` are those that the deployed function has.
    """

    def __init__(self, variables: dict[str, str]) -> None:
        self.variables = variables
        self.updates: dict[str, dict[str, Any]] = {}

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Serve the API within the block; yield its URL."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), self._make_handler())
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def _make_handler(self) -> type[BaseHTTPRequestHandler]:
        configuration = {
            "FunctionName": "shop-dev-f",
            "CodeSha256": "",
            "State": "Active",
            "LastUpdateStatus": "Successful",
            "Environment": {"Variables": self.variables},
        }
        updates = self.updates

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.reply({"Configuration": configuration, "Code": {}})

            def do_PUT(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                updates[self.path.rpartition("/")[2]] = json.loads(body)
                self.reply(configuration)

            def reply(self, document: dict[str, Any]) -> None:
                body = json.dumps(document).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def deploy_function(service: Service, deployed: FakeLambda, *options: str) -> dict[str, bytes]:
    """Deploy the function `f`; return the files of the uploaded artifact, if any."""
    arguments = ["deploy", "function", "-f", "f", *options]
    with deployed.serve() as url:
        result = service.serverless(*arguments, AWS_ENDPOINT_URL=url, AWS_REGION="us-east-1")
    if result.returncode != 0:
        pytest.fail(result.stdout + result.stderr)
    if "code" not in deployed.updates:
        return {}
    artifact = base64.b64decode(deployed.updates["code"]["ZipFile"])
    with zipfile.ZipFile(io.BytesIO(artifact)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("individually", [False, True])
def test_a_bundle_of_the_function_is_uploaded(tmp_path: Path, *, individually: bool) -> None:
    functions = {"f": {"handler": "handler.f"}, "other": {"handler": "missing.f"}}
    service = Service(tmp_path, functions=functions, package={"individually": individually})
    service.add_wheel("greeting", "TEXT = 'hello'\n")
    service.write("handler.py", "from greeting import TEXT\n\n\ndef f(event, context): ...\n")
    files = deploy_function(service, FakeLambda({}))
    assert {"greeting.py", bytecode_of("handler.py")} <= files.keys()


def test_the_runtime_loop_comes_with_its_variable(tmp_path: Path) -> None:
    service = Service(tmp_path, custom={"bundle": {"runtimeLoop": True}})
    deployed = FakeLambda({})
    assert "runtime_loop/wrapper" in deploy_function(service, deployed)
    assert deployed.updates["configuration"]["Environment"] == {"Variables": LOOP}


def test_a_function_that_starts_by_the_loop_keeps_it_until_its_variable_is_gone(
    tmp_path: Path,
) -> None:
    deployed = FakeLambda(LOOP)
    assert "runtime_loop/wrapper" in deploy_function(Service(tmp_path), deployed)
    assert deployed.updates["configuration"]["Environment"] == {"Variables": {}}


@pytest.mark.parametrize("variables", [{}, LOOP], ids=["without loop", "with loop"])
def test_an_update_of_the_configuration_leaves_the_loop_as_it_is_deployed(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    service = Service(tmp_path, custom={"bundle": {"runtimeLoop": True}})
    service.configuration["functions"]["f"]["timeout"] = 7
    deployed = FakeLambda(variables)
    assert deploy_function(service, deployed, "--update-config") == {}
    assert not (service.folder / ".serverless/bundle").exists()
    assert deployed.updates["configuration"]["Timeout"] == 7
    assert "Environment" not in deployed.updates["configuration"]
