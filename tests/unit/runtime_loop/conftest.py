"""What the tests of runtime_loop share."""

from pathlib import Path

import pytest

from tests.support.two_runtimes import make_task


@pytest.fixture(scope="session")
def task(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a function that has all handlers of tests/support/handlers."""
    return make_task(tmp_path_factory.mktemp("runtime_loop") / "task")
