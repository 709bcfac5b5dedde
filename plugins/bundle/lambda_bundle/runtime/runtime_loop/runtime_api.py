"""The Runtime API, over one connection: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html."""

import _socket
import sys

PATH = "/2018-06-01/runtime"
CLOSED = "The Runtime API closed the connection."
SUCCESSFUL, PAYLOAD_TOO_LARGE = range(200, 300), 413


class Invocation:
    """An invocation: its event, and what the headers say of it. A missing or empty one is None."""

    def __init__(self, headers, body):
        self.body = body
        self.request_id = headers["lambda-runtime-aws-request-id"]
        self.content_type = headers.get("content-type")
        self.deadline_ms = int(headers.get("lambda-runtime-deadline-ms", 0))
        self.function_arn = headers.get("lambda-runtime-invoked-function-arn", "")
        self.trace_id = headers.get("lambda-runtime-trace-id") or None
        self.client_context = headers.get("lambda-runtime-client-context")
        self.cognito_identity = headers.get("lambda-runtime-cognito-identity")
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id") or None
        # Lambda sends it to get it back.
        self.invocation_id = headers.get("lambda-runtime-invocation-id") or None


class RuntimeApi:
    """A client of the Runtime API at an address such as "127.0.0.1:9001"."""

    def __init__(self, address):
        host, _, port = address.partition(":")
        self._host, self._port = host, int(port or 80)
        self._version = sys.version.partition(" ")[0]
        self._socket = self._file = None

    def next(self):
        """Wait for the next invocation, and return it."""
        request = "GET", "/invocation/next", {}, None
        try:
            status, headers, body = self._exchange(*request)
        except ConnectionError:  # Lambda may have closed it meanwhile.
            self.close()
            status, headers, body = self._exchange(*request)
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

    def close(self):
        """Close the connection. The next request opens another one."""
        if self._socket is not None:
            self._socket.close()
        self._socket = self._file = None

    def _exchange(self, method, path, headers, body):
        """Send a request, and return the response's status, headers and body."""
        lines = [f"{method} {PATH}{path} HTTP/1.1", f"host: {self._host}:{self._port}"]
        lines.append(f"user-agent: runtime-loop/{self._version}")
        lines += [f"{name}: {value}" for name, value in headers.items() if value is not None]
        if body is not None:
            lines.append(f"content-length: {len(body)}")
        if not self._is_open():
            self._connect()
        self._socket.sendall("\r\n".join([*lines, "\r\n"]).encode() + (body or b""))
        return self._read_response()

    def _is_open(self):
        """Whether there is a connection that Lambda has not closed."""
        if self._socket is None:
            return False
        try:
            self._socket.recv(1, _socket.MSG_PEEK | _socket.MSG_DONTWAIT)
        except BlockingIOError:  # Nothing to read, as it should be.
            return True
        except ConnectionError:
            pass
        return False

    def _connect(self):
        self.close()
        self._socket = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
        self._socket.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        self._socket.connect((self._host, self._port))
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
        if headers.get("connection", "").lower() == "close":
            self.close()
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
            raise ConnectionError(CLOSED)
        return line.rstrip(b"\r\n").decode()

    def _read(self, size):
        body = self._file.read(size)
        if len(body) < size:
            raise ConnectionError(CLOSED)
        return body


def _check(status, body, purpose):
    if status not in SUCCESSFUL:
        raise RuntimeError(f"Cannot {purpose}: status {status}, {body.decode(errors='replace')}")
