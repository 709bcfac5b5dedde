"""Reports errors as AWS's runtime client does: to the log, and to the Runtime API.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html#runtimes-api-initerror
"""

import os
import traceback

from awslambdaric.lambda_runtime_exception import FaultException

from runtime_loop.error_text import to_lines
from runtime_loop.results import to_json

XRAY_CAUSE_LIMIT_BYTES = 1024 * 1024
OWN_FOLDER = __file__.rpartition("/")[0]


def report_error(api, log, error, invocation):
    """Report the error of an invocation."""
    is_fault = isinstance(error, FaultException)
    document, frames = _describe(error, invocation.request_id)
    cause = {
        "message": document["errorMessage"],
        "type": "LambdaValidationError" if is_fault else document["errorType"],
        "stack": [
            {"label": frame.name, "path": frame.filename, "line": frame.lineno} for frame in frames
        ],
    }
    xray_cause = {
        "working_directory": os.getcwd(),
        "exceptions": [cause],
        "paths": list({frame.filename for frame in frames}),
    }
    header = to_json(xray_cause)
    log.log_error(to_lines(document, is_json=log.is_json))
    api.post_error(
        invocation,
        to_json(document),
        header.decode() if len(header) < XRAY_CAUSE_LIMIT_BYTES else None,
    )


def report_init_error(api, log, error):
    """Report the error of the init phase."""
    import logging

    from awslambdaric.lambda_literals import lambda_unhandled_exception_warning_message

    logging.warning(lambda_unhandled_exception_warning_message)  # noqa: LOG015 (as AWS's client)
    document, _ = _describe(error, "")
    log.log_error(to_lines(document, is_json=log.is_json))
    api.post_init_error(to_json(document), document["errorType"])


def _describe(error, request_id):
    """Return the document that describes an error, and the frames of its traceback."""
    if isinstance(error, FaultException):
        message, kind, frames, lines = error.msg, error.exception_type, [], error.trace or []
    else:
        frames = traceback.extract_tb(error.__traceback__)
        while frames and frames[0].filename.startswith(OWN_FOLDER):
            del frames[0]
        # As tuples, which have no columns, and so no markers below the lines.
        lines = traceback.format_list([tuple(frame) for frame in frames])
        message, kind = str(error), type(error).__name__
    document = {
        "errorMessage": message,
        "errorType": kind,
        "requestId": request_id,
        "stackTrace": lines,
    }
    return document, frames
