"""The context object of an invocation: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html."""

import sys
import time
from os import environ

TRACE_FIELDS = ("traceparent", "tracestate", "baggage")


class LambdaContext:
    """What a function may know of its invocation, as in AWS's runtime client."""

    def __init__(self, invocation):
        self.aws_request_id = invocation.request_id
        self.log_group_name = environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = invocation.function_arn
        self.tenant_id = invocation.tenant_id
        client_context = _parse(invocation.client_context, "Client Context")
        self._w3c_fields = _find_trace_fields(client_context)
        self.client_context = _fill(ClientContext(), client_context)
        if self.client_context is not None:
            self.client_context.client = _fill(Client(), self.client_context.client)
        identity = _parse(invocation.cognito_identity, "Cognito Identity")
        if identity is None:
            identity = {}
        self.identity = CognitoIdentity()
        self.identity.cognito_identity_id = identity.get("cognitoIdentityId")
        self.identity.cognito_identity_pool_id = identity.get("cognitoIdentityPoolId")
        self._epoch_deadline_time_in_ms = invocation.deadline_ms

    def get_remaining_time_in_millis(self):
        """Return the milliseconds until Lambda stops the invocation."""
        return max(0, self._epoch_deadline_time_in_ms - int(time.time() * 1000))

    def w3c(self):
        """Return the W3C trace context that the client context had."""
        return dict(self._w3c_fields)

    def log(self, msg):
        """Write a message to the function's log."""
        import logging

        for handler in logging.getLogger().handlers:
            if hasattr(handler, "log_sink"):
                handler.log_sink.log(str(msg))
                return
        sys.stdout.write(str(msg))

    def __repr__(self):
        names = ("aws_request_id", "log_group_name", "log_stream_name", "function_name")
        names += ("memory_limit_in_mb", "function_version", "invoked_function_arn")
        return _describe(self, (*names, "client_context", "identity", "tenant_id"))


class CognitoIdentity:
    """The Cognito identity that authorized the request."""

    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")

    def __repr__(self):
        return _describe(self, self.__slots__)


class Client:
    """The mobile application that sent the request."""

    __slots__ = (  # noqa: RUF023 (the order of AWS's)
        "installation_id",
        "app_title",
        "app_version_name",
        "app_version_code",
        "app_package_name",
    )

    def __repr__(self):
        return _describe(self, self.__slots__)


class ClientContext:
    """The client context that the caller gave."""

    __slots__ = ("custom", "env", "client")  # noqa: RUF023 (the order of AWS's)

    def __repr__(self):
        return _describe(self, self.__slots__)


def _describe(thing, names):
    members = ",".join(f"{name}={getattr(thing, name)}" for name in names)
    return f"{type(thing).__name__}([{members}])"


def _fill(thing, values):
    if values is None:
        return None
    for name in thing.__slots__:
        setattr(thing, name, values.get(name))
    return thing


def _parse(text, name):
    """Return the value of a header of JSON, or None without it."""
    if not text:
        return None
    import json

    try:
        return json.loads(text)
    except Exception as error:
        from runtime_loop import faults

        raise faults.bad_context(name, error) from None


def _find_trace_fields(client_context):
    if type(client_context) is not dict:
        return {}
    given = client_context.get("w3c")
    if type(given) is not dict:
        return {}
    return {name: given[name] for name in TRACE_FIELDS if type(given.get(name)) is str}
