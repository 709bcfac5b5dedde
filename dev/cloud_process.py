"""The process that a `dev.cloud.Cloud` lives in: ministack, ending with its standard input."""

import atexit
import os
import shutil
import signal
import sys
import threading
from pathlib import Path

from ministack.app import main
from ministack.core import iam_actions

from dev.brought import SDK, folder_of
from dev.cloud import base_python

RUNTIME = Path(__file__).parent / "runtime"


def _stop_with_owner(folder: str) -> None:
    sys.stdin.buffer.read()
    # Nobody is left to read the log, or has read it.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.kill(os.getpid(), signal.SIGTERM)


def _name_actions_as_iam_does() -> None:
    """Have who may send a message to a queue send a batch of them, too.

    IAM knows no actions of SQS's batches, and ministack 1.5 asks for such.
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
    """
    name = iam_actions._action_from_target  # noqa: SLF001

    def name_action(headers: dict[str, str]) -> str | None:
        action: str | None = name(headers)
        is_sqs = headers.get("x-amz-target", "").startswith("AmazonSQS.")
        return action.removesuffix("Batch") if action and is_sqs else action

    iam_actions._action_from_target = name_action  # noqa: SLF001


if __name__ == "__main__":
    # Functions run on the interpreter without this project's packages: what is neither in the
    # artifact nor brought by AWS's runtime is missing, as it would be on Lambda.
    sys.executable = base_python()
    os.environ["PYTHONPATH"] = f"{RUNTIME}{os.pathsep}{folder_of(SDK)}"
    _name_actions_as_iam_does()
    threading.Thread(target=_stop_with_owner, args=[sys.argv.pop()], daemon=True).start()
    main()
