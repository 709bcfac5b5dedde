"""The plugin bundles functions that have layers."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from plugin_service import Service, bytecode_of

HANDLER = "from greeting import TEXT\n\n\ndef f(event, context):\n    return TEXT\n"
NO_STACK = b"""<ErrorResponse><Error><Code>ValidationError</Code>
<Message>Stack with id shop-dev does not exist</Message></Error></ErrorResponse>"""


class NoStack(BaseHTTPRequestHandler):
    """CloudFormation without stacks. Serverless compares layers with those of the last deploy."""

    def do_POST(self) -> None:
        """Respond that there is no such stack."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(400)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(NO_STACK)))
        self.end_headers()
        self.wfile.write(NO_STACK)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def aws() -> Iterator[str]:
    """Serve an AWS with nothing in it; return its URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), NoStack) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_requirements_in_a_layer_need_not_be_in_the_package(tmp_path: Path, aws: str) -> None:
    service = Service(tmp_path, custom={"pythonRequirements": {"layer": True}})
    service.configuration["functions"]["f"]["layers"] = [{"Ref": "PythonRequirementsLambdaLayer"}]
    service.add_wheel("greeting", "TEXT = 'hello'\n")
    service.write("handler.py", HANDLER)
    service.package(AWS_ENDPOINT_URL=aws)
    files = service.deployed()
    assert bytecode_of("handler.py") in files
    assert "greeting.py" not in files


def test_a_layer_of_the_service_provides_modules(tmp_path: Path, aws: str) -> None:
    service = Service(tmp_path, layers={"common": {"path": "layers/common"}})
    service.write("layers/common/python/greeting.py", "TEXT = 'hello'\n")
    service.write("handler.py", HANDLER)
    service.package(AWS_ENDPOINT_URL=aws)
    assert bytecode_of("handler.py") in service.deployed()


def test_a_layer_of_somebody_else_may_have_any_module(tmp_path: Path) -> None:
    service = Service(tmp_path)
    layer = "arn:aws:lambda:us-east-1:123456789012:layer:greetings:1"
    service.configuration["functions"]["f"]["layers"] = [layer]
    service.write("handler.py", HANDLER)
    service.package()
    assert bytecode_of("handler.py") in service.deployed()


def test_a_module_that_nothing_has_is_reported(tmp_path: Path) -> None:
    service = Service(tmp_path)
    service.write("handler.py", HANDLER)
    output = service.package()
    assert "greeting" in output
    assert bytecode_of("handler.py") in service.deployed()
    service.configuration["custom"]["bundle"]["strict"] = True
    assert "greeting" in service.fail()
