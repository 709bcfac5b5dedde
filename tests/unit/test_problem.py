"""The type of a problem: a reference to the page that explains it."""

import pytest

from gateway import Problem, endpoint
from tests.support.events import rest_event
from tests.support.responses import problem_of


class SessionLimitExceeded(Problem):
    """A type of problem, as a service adds one."""

    status = 409
    title = "Session Limit Exceeded"


@endpoint
def open_session() -> str:
    """Raise a problem."""
    raise SessionLimitExceeded("A user can have at most 20 sessions.")


@pytest.mark.parametrize("api_path", ["", "/production", "/a/b"])
def test_a_type_is_the_class_s_name_below_the_path_of_the_api(
    api_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_PATH", api_path)
    problem = problem_of(open_session(rest_event(), None), 409)
    assert problem["type"] == f"{api_path}/problems/session-limit-exceeded"
    assert problem["title"] == "Session Limit Exceeded"


def test_in_a_service_without_pages_the_type_is_about_blank(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("API_PATH", raising=False)
    assert problem_of(open_session(rest_event(), None), 409)["type"] == "about:blank"
