"""A log of the AWS calls that functions make to the local cloud: role, action and resource."""

import json
from pathlib import Path
from typing import Any

from ministack.core import iam_evaluator


def log_calls(path: Path) -> None:
    """Append a line of JSON to a file for each call of a role that IAM allows.

    As in IAM, a transaction counts as one call per item.
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
    """
    path.touch()
    enforce = iam_evaluator.enforce

    def enforce_and_log(
        access_key: str, action: str, *rest: Any, resource_arn: str = "*", **context: Any
    ) -> Any:
        denied = enforce(access_key, action, *rest, resource_arn=resource_arn, **context)
        caller: str = iam_evaluator.caller_arn()
        _, is_role, session = caller.partition(":assumed-role/")
        if is_role and not denied:
            call = {"role": session.split("/")[0], "action": action, "resource": resource_arn}
            with path.open("a", encoding="utf-8") as log:
                log.write(f"{json.dumps(call)}\n")
        return denied

    iam_evaluator.enforce = enforce_and_log
