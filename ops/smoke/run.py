"""One run of the smoke test, as the checks of each route take it."""

import time
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from ops.smoke.api import Api, Response
from ops.smoke.report import Report, differ

if TYPE_CHECKING:
    from collections.abc import Callable

JSON = {"content-type": "application/json"}
NO_STORE = {"cache-control": "no-store"}  # What an API key guards.
# Valid ids that nothing has.
UNKNOWN_ITEM = "01900000-0000-7000-8000-000000000000"
UNKNOWN_ORDER = "00000000-0000-5000-8000-000000000000"


class Smoke:
    """The API, the report, and the name that marks what this run makes.

    Checks add what undoes their work to `cleanups`.
    """

    def __init__(self, api: Api, report: Report, name: str) -> None:
        self.api = api
        self.call = api.call
        self.expect = report.expect
        self.report = report
        self.name = name
        self.started_ms = int(time.time() * 1000)
        self.instance: str | None = None  # The request id of a refusal of hello.
        self.cleanups: list[Callable[[], None]] = []

    def expect_location(self, created: Response, collection: str, path: str) -> None:
        """Check that the Location of a response to a POST to a collection is the URL of a path."""
        location = urljoin(self.api.url + collection, created.headers.get("location", ""))
        differences = list(differ("location", self.api.url + path, location))
        self.report.note("its location is its URL", differences)

    def key(self, purpose: str) -> dict[str, str]:
        """Return the header of an idempotency key of this run."""
        return {"idempotency-key": f"{self.name}-{purpose}"}
