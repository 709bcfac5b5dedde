"""Patches for ministack, where it differs from AWS in ways that matter here.

The version of ministack is pinned. Check each patch when it changes.
"""

# ruff: noqa: SLF001 - The patched names are private.

import copy
import hmac
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any

from ministack.core import iam_actions
from ministack.core import lambda_runtime as ministack_lambda
from ministack.core.responses import get_request_client_ip
from ministack.services import apigateway_v1, dynamodb
from ministack.services.cloudformation import provisioners


def apply_patches(secret: str) -> None:
    """Apply all patches. `secret` is the secret access key of the root user."""
    check_batches_as_single_messages()
    hide_errors_of_functions()
    derive_role_credentials_from(secret)
    save_stream_records()
    decode_paths_of_method_settings()
    accept_alarms_on_expressions()
    remember_transactions_as_sent()
    identify_callers()
    take_bodies_without_a_type_as_binary()


def check_batches_as_single_messages() -> None:
    """Check `sqs:SendMessage` for SendMessageBatch, and so on: IAM has no actions for batches.

    ministack checks `sqs:SendMessageBatch`.
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
    """
    find_action = iam_actions._action_from_target

    def find_single_action(headers: dict[str, str]) -> str | None:
        action: str | None = find_action(headers)
        is_sqs = headers.get("x-amz-target", "").startswith("AmazonSQS.")
        return action.removesuffix("Batch") if action and is_sqs else action

    iam_actions._action_from_target = find_single_action


def hide_errors_of_functions() -> None:
    """Respond with the gateway response DEFAULT_5XX when a function fails.

    ministack responds with the function's error, status 502 and no CORS headers.
    https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html
    """
    make_response = apigateway_v1._lambda_proxy_response
    invoke = apigateway_v1._invoke_lambda_proxy_v1
    has_failed: ContextVar[bool] = ContextVar("has_failed")

    def make_response_and_note_error(result: Any) -> Any:
        response, error = make_response(result)
        has_failed.set(bool(error))
        return response, error

    async def invoke_and_hide_error(*arguments: Any, **options: Any) -> Any:
        has_failed.set(False)
        response = await invoke(*arguments, **options)
        if has_failed.get():
            return apigateway_v1._gw_error("DEFAULT_5XX", "Internal server error")
        return response

    apigateway_v1._lambda_proxy_response = make_response_and_note_error
    apigateway_v1._invoke_lambda_proxy_v1 = invoke_and_hide_error


def derive_role_credentials_from(secret: str) -> None:
    """Derive the credentials of roles' sessions from a secret, so that nobody can guess them.

    ministack derives them from the names of the function and its role alone.
    """

    class KeyedHash:
        @staticmethod
        def sha256(names: bytes) -> Any:
            return hmac.new(secret.encode(), names, "sha256")

    ministack_lambda.hashlib = KeyedHash


def save_stream_records() -> None:
    """Save the records of streams with the tables.

    ministack saves only how far functions have read them.
    """
    get_state, load = dynamodb.get_state, dynamodb.load_persisted_state
    saved = {"stream_records": dynamodb._stream_records, "stream_trimmed": dynamodb._stream_trimmed}

    def get_state_with_streams() -> dict[str, Any]:
        return {**get_state(), **copy.deepcopy(saved)}

    def load_with_streams(state: dict[str, Any]) -> None:
        load(state)
        for name, records in saved.items():
            records.update(state.get(name, {}))

    dynamodb.get_state = get_state_with_streams
    dynamodb.load_persisted_state = load_with_streams


def decode_paths_of_method_settings() -> None:
    """Decode the paths of a stage's method settings, so that their limits apply to their routes.

    A template has `/~1users~1{id}` for the path `/users/{id}`; ministack expects the latter.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigateway-stage-methodsetting.html
    """
    convert = provisioners._apigw_method_settings

    def decode(path: str) -> str:
        return path.replace("/~1", "~1").replace("~1", "/")

    def convert_decoded(settings: Any) -> Any:
        return convert(
            [{**each, "ResourcePath": decode(each["ResourcePath"])} for each in settings or []]
        )

    provisioners._apigw_method_settings = convert_decoded


def accept_alarms_on_expressions() -> None:
    """Accept alarms on an expression, as alarms on a metric that nothing reports.

    ministack refuses their template.
    """
    make_record = provisioners._cw_metric_alarm_record

    def make_record_without_expression(name: str, alarm: dict[str, Any]) -> Any:
        if metrics := alarm.get("Metrics"):
            alarm = {**alarm, "Namespace": "Expressions", "MetricName": metrics[0]["Id"]}
            del alarm["Metrics"]
        return make_record(name, alarm)

    provisioners._cw_metric_alarm_record = make_record_without_expression


def remember_transactions_as_sent() -> None:
    """Recognize a repeated TransactWriteItems with the same token by what was sent.

    ministack remembers the request with its numbers as they are stored: 1.5 instead of 1.50. It
    then takes the same request for another one.
    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
    """
    transact = dynamodb._transact_write_items

    def transact_and_remember(data: dict[str, Any]) -> Any:
        sent = copy.deepcopy(data)
        response = transact(data)
        token = sent.pop("ClientRequestToken", None)
        if token and response[0] == HTTPStatus.OK:
            dynamodb._txn_idempotency[token]["signature"] = sent
        return response

    dynamodb._transact_write_items = transact_and_remember


def identify_callers() -> None:
    """Put into events who the caller is: the address that it connected from, and its API key.

    ministack takes the address from the header X-Forwarded-For, which anyone can set.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#context-variable-reference
    """
    build_event = apigateway_v1._build_lambda_event_v1

    def build_event_with_caller(*arguments: Any, **options: Any) -> Any:
        event = build_event(*arguments, **options)
        _, _, _, resource, _, method, headers, *_ = arguments
        identity = event["requestContext"]["identity"]
        identity["sourceIp"] = get_request_client_ip()
        methods = resource.get("resourceMethods", {})
        if (methods.get(method) or methods.get("ANY", {})).get("apiKeyRequired"):
            key = apigateway_v1._resolve_api_key(apigateway_v1._api_key_from_request(headers))
            identity |= {"apiKey": key["value"], "apiKeyId": key["id"]}
        return event

    apigateway_v1._build_lambda_event_v1 = build_event_with_caller


def take_bodies_without_a_type_as_binary() -> None:
    """Pass bodies on as they are if a request has no Content-Type or no Accept header.

    API Gateway assumes application/json, which the API's binary type `*/*` matches. ministack takes
    such a body as text, in which it replaces what is not UTF-8.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
    """
    matches = apigateway_v1._media_type_matches

    def matches_with_default(media_type: str | None, binary_media_types: Any) -> Any:
        return matches(media_type or "application/json", binary_media_types)

    apigateway_v1._media_type_matches = matches_with_default
