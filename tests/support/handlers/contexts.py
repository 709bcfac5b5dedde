"""What handlers see of their invocation."""

import copy
import os
import pickle

ATTRIBUTES = [
    "aws_request_id",
    "log_group_name",
    "log_stream_name",
    "function_name",
    "memory_limit_in_mb",
    "function_version",
    "invoked_function_arn",
    "tenant_id",
]


def handler(event, context):
    """Return everything."""
    copied = copy.deepcopy(context)
    return {
        "event": repr(event),
        "attributes": {name: repr(getattr(context, name)) for name in ATTRIBUTES},
        "members": sorted(vars(context)),
        "public names": sorted(name for name in dir(context) if not name.startswith("_")),
        "repr": repr(context),
        "copied": repr(copied) == repr(context),
        "pickled": repr(pickle.loads(pickle.dumps(context))) == repr(context),
        "w3c": context.w3c(),
        "identity": describe(context.identity),
        "client context": describe(context.client_context),
        "client": describe(getattr(context.client_context, "client", None)),
        "time is left": min(1, context.get_remaining_time_in_millis()),
        "kind of time": type(context.get_remaining_time_in_millis()).__name__,
        "trace id": os.environ.get("_X_AMZN_TRACE_ID"),
    }


def describe(thing):
    """Return what a program may see of a part of the context."""
    if thing is None:
        return None
    names = list(type(thing).__slots__)
    values = [repr(getattr(thing, name, "missing")) for name in names]
    return [type(thing).__name__, repr(thing), names, values]
