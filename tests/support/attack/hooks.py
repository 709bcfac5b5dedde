"""What schemathesis cannot know from openapi.json, and how many cases it tried."""

from collections import Counter
from typing import Any

import schemathesis
from schemathesis import Case, HookContext, cli
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.engine import events
from schemathesis.openapi.checks import RejectedPositiveData, UnsupportedMethodResponse

# Problems of a request that matches its schema: whether it has them depends on other requests.
DEPENDS_ON_STATE = ("/items-not-orderable", "/key-reused", "/precondition-failed")
# Of headers. The configuration excludes them, too, but some mutations make them nevertheless.
CONTROLS = {*map(chr, range(0x20)), "\x7f"} - {"\t"}
BAD_CURSOR = [{"parameter": "cursor", "detail": "Not a cursor from an earlier response"}]


@schemathesis.hook
def before_load_schema(context: HookContext, raw_schema: dict[str, Any]) -> None:  # noqa: ARG001
    """Leave out the server, whose relative URL schemathesis would expect in the one it gets."""
    del raw_schema["servers"]


@schemathesis.hook
def filter_failure(
    context: HookContext,  # noqa: ARG001 (schemathesis calls it by these names)
    failure: Failure,
    case: Case[Any],
    response: Response,
) -> bool:
    """Whether a failure is one of the service."""
    if any(CONTROLS & {*str(value)} for value in (case.headers or {}).values()):
        return False  # It is no HTTP (RFC 9110, 5.5), so a server refuses it, not the service.
    match failure:
        case RejectedPositiveData():
            return not _depends_on_state(response)
        case UnsupportedMethodResponse(failure_reason="wrong_status"):
            # To API Gateway, an unknown method is an unknown route, so it cannot respond with 405.
            return _find_problem(response).get("detail") != "No route has this path and method."
    return True


def _depends_on_state(response: Response) -> bool:
    problem = _find_problem(response)
    return problem["type"].endswith(DEPENDS_ON_STATE) or problem.get("errors") == BAD_CURSOR


def _find_problem(response: Response) -> dict[str, Any]:
    problem: dict[str, Any] = response.json()
    return problem


@schemathesis.hook
def map_body(context: HookContext, body: Any) -> Any:  # noqa: ARG001
    """Replace whole floats: 2.0 is an integer to JSON Schema, but not here, nor to Rust."""
    return _without_whole_floats(body)


def _without_whole_floats(value: Any) -> Any:
    match value:
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {name: _without_whole_floats(each) for name, each in value.items()}
        case list():
            return [_without_whole_floats(each) for each in value]
    return value


@cli.handler()
class CasesPerRoute(cli.EventHandler):  # type: ignore[type-arg]
    """Adds to the summary how many cases each route got."""

    def __init__(self, *_arguments: Any, **_options: Any) -> None:
        self.cases: Counter[str] = Counter()

    def handle_event(self, ctx: cli.ExecutionContext, event: events.EngineEvent) -> None:
        """Count the cases of a scenario, or show the counts at the end."""
        if isinstance(event, events.ScenarioFinished):
            nodes = event.recorder.cases.values()
            self.cases.update(node.value.operation.label for node in nodes)
        elif isinstance(event, events.EngineFinished):
            ctx.add_summary_line("Cases per route:")
            for route, count in sorted(self.cases.items()):
                ctx.add_summary_line(f"  {count:6} {route}")
