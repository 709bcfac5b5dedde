"""Patches for where ministack differs from AWS in ways that matter here.

ministack is pinned: check each patch when its version changes.
"""

# ruff: noqa: SLF001 - What it keeps to itself is what has to be mended.

import copy
import hmac
from contextvars import ContextVar
from typing import Any

from ministack.core import iam_actions, lambda_runtime
from ministack.services import apigateway_v1, dynamodb


def mend(secret: str) -> None:
    """Apply all patches; `secret` is this start's."""
    name_actions_as_iam_does()
    answer_failed_functions_as_api_gateway_does()
    keep_secrets_of_roles(secret)
    keep_streams()


def name_actions_as_iam_does() -> None:
    """Have who may send a message to a queue send a batch of them, too.

    IAM knows no actions of SQS's batches, and ministack asks for such.
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
    """
    name = iam_actions._action_from_target

    def name_action(headers: dict[str, str]) -> str | None:
        action: str | None = name(headers)
        is_sqs = headers.get("x-amz-target", "").startswith("AmazonSQS.")
        return action.removesuffix("Batch") if action and is_sqs else action

    iam_actions._action_from_target = name_action


def answer_failed_functions_as_api_gateway_does() -> None:
    """Answer for a function that fails through the gateway response DEFAULT_5XX.

    ministack tells the caller what the function raised, with 502 and without CORS headers.
    https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html
    """
    shape = apigateway_v1._lambda_proxy_response
    invoke = apigateway_v1._invoke_lambda_proxy_v1
    has_failed: ContextVar[bool] = ContextVar("has_failed")

    def shape_and_note(result: Any) -> Any:
        response, error = shape(result)
        has_failed.set(bool(error))
        return response, error

    async def invoke_and_answer(*arguments: Any, **options: Any) -> Any:
        has_failed.set(False)
        response = await invoke(*arguments, **options)
        if has_failed.get():
            return apigateway_v1._gw_error("DEFAULT_5XX", "Internal server error")
        return response

    apigateway_v1._lambda_proxy_response = shape_and_note
    apigateway_v1._invoke_lambda_proxy_v1 = invoke_and_answer


def keep_secrets_of_roles(secret: str) -> None:
    """Give the sessions of functions' roles keys that nobody can compute from their names.

    ministack makes all of a session by hashing the names of the function and its role.
    """

    class Keyed:
        @staticmethod
        def sha256(names: bytes) -> Any:
            return hmac.new(secret.encode(), names, "sha256")

    lambda_runtime.hashlib = Keyed


def keep_streams() -> None:
    """Save the records of streams with their tables; ministack saves only how far it has read."""
    get_state, load = dynamodb.get_state, dynamodb.load_persisted_state
    kept = {"stream_records": dynamodb._stream_records, "stream_trimmed": dynamodb._stream_trimmed}

    def get_state_with_streams() -> dict[str, Any]:
        return {**get_state(), **copy.deepcopy(kept)}

    def load_with_streams(state: dict[str, Any]) -> None:
        load(state)
        for name, records in kept.items():
            records.update(state.get(name, {}))

    dynamodb.get_state = get_state_with_streams
    dynamodb.load_persisted_state = load_with_streams
