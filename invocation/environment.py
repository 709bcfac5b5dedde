"""Where a function runs."""

import os


def is_on_lambda() -> bool:
    """Whether this process is Lambda's, which has a Runtime API, and not a developer's machine.

    https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
    """
    return "AWS_LAMBDA_RUNTIME_API" in os.environ
