"""The Runtime API, over one connection: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html."""

import _socket
import sys

PATH = "/2018-06-01/runtime"
SUCCESSFUL, PAYLOAD_TOO_LARGE = range(200, 300), 413


class Invocation:
    """An invocation: its event, and what the headers say of it. A missing header is None."""

    def __init__(self, headers, body):
        self.body = body
        self.content_type = headers.get("content-type")
        self.request_id = headers.get("lambda-runtime-aws-request-id")
        self.deadline_ms = int(headers.get("lambda-runtime-deadline-ms", 0))
        self.function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.trace_id = headers.get("lambda-runtime-trace-id")
        self.client_context = headers.get("lambda-runtime-client-context")
        self.cognito_identity = headers.get("lambda-runtime-cognito-identity")
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        # Lambda sends it to get it back.
        self.invocation_id = headers.get("lambda-runtime-invocation-id")


class RuntimeApi:
    """A client of the Runtime API at an address such as "127.0.0.1:9001"."""

    def __init__(self, address):
        host, _, port = address.partition(":")
        self._address = host, int(port or 80)
        self._version = sys.version.partition(" ")[0]
        self._socket = self._file = None

    def next(self):
        """Wait for the next invocation, and return it."""
        status, headers, body = self._exchange("GET", "/invocation/next", {}, None)
        _check(status, body, "get the next invocation")
        return Invocation(headers, body)

    def post_result(self, invocation, result, content_type):
        """Report the result of an invocation, which is bytes."""
        headers = {
            "content-type": content_type,
            "lambda-runtime-invocation-id": invocation.invocation_id,
        }
        path = f"/invocation/{invocation.request_id}/response"
        status, _, body = self._exchange("POST", path, headers, result)
        if status == PAYLOAD_TOO_LARGE:  # Lambda has reported the error to the caller.
            print(f"[ERROR] Lambda refused the response: {body.decode(errors='replace')}")
        else:
            _check(status, body, "report the result")

    def post_error(self, invocation, error, xray_cause):
        """Report the error of an invocation, in bytes of JSON. `xray_cause` may be None."""
        headers = {
            "content-type": "application/json",
            "lambda-runtime-function-xray-error-cause": xray_cause,
            "lambda-runtime-invocation-id": invocation.invocation_id,
        }
        path = f"/invocation/{invocation.request_id}/error"
        status, _, body = self._exchange("POST", path, headers, error)
        _check(status, body, "report the error")

    def post_init_error(self, error, error_type):
        """Report the error of the init phase, in bytes of JSON."""
        headers = {"lambda-runtime-function-error-type": error_type}
        status, _, body = self._exchange("POST", "/init/error", headers, error)
        _check(status, body, "report the error of the init phase")

    def _exchange(self, method, path, headers, body):
        """Send a request, and return the response's status, headers and body.

        It is sent again if a kept connection turns out to be closed.
        """
        lines = [f"{method} {PATH}{path} HTTP/1.1", f"host: {':'.join(map(str, self._address))}"]
        lines.append(f"user-agent: runtime-loop/{self._version}")
        lines += [f"{name}: {value}" for name, value in headers.items() if value is not None]
        if body is not None:
            lines.append(f"content-length: {len(body)}")
        request = "\r\n".join([*lines, "\r\n"]).encode() + (body or b"")
        if self._socket:
            try:
                self._socket.sendall(request)
                return self._read_response()
            except ConnectionError:
                self._socket.close()
        self._connect()
        self._socket.sendall(request)
        return self._read_response()

    def _connect(self):
        self._socket = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
        self._socket.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        self._socket.connect(self._address)
        self._file = open(self._socket.fileno(), "rb", closefd=False)

    def _read_response(self):
        status = int(self._read_line().split(None, 2)[1])
        headers = {}
        while line := self._read_line():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = self._read_chunks()
        else:
            body = self._read(int(headers.get("content-length", 0)))
        return status, headers, body

    def _read_chunks(self):
        chunks = []
        while size := int(self._read_line().partition(";")[0], 16):
            chunks.append(self._read(size))
            self._read_line()
        while self._read_line():  # Trailers.
            pass
        return b"".join(chunks)

    def _read_line(self):
        line = self._file.readline()
        if not line.endswith(b"\n"):
            raise ConnectionError("The Runtime API closed the connection.")
        return line.rstrip(b"\r\n").decode()

    def _read(self, size):
        body = self._file.read(size)
        if len(body) < size:
            raise ConnectionError("The Runtime API closed the connection.")
        return body


def _check(status, body, purpose):
    if status not in SUCCESSFUL:
        raise RuntimeError(f"Cannot {purpose}: status {status}, {body.decode(errors='replace')}")
