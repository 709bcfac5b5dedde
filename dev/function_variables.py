"""The environment variables of the functions of the local cloud."""

import os
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from ministack.core.lambda_runtime import execution_credentials

from dev.cloud import HOST

# Of this process. Without its HOME and TMPDIR, functions would use this machine's files.
KEPT = ("HOME", "LANG", "PATH", "TMPDIR")


def function_variables(config: dict[str, Any]) -> dict[str, str]:
    """Return what Lambda would give a function with this configuration, and its own variables.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    name, version, logging = config["FunctionName"], config["Version"], config["LoggingConfig"]
    region = config["FunctionArn"].split(":")[3]
    log_level = {"AWS_LAMBDA_LOG_LEVEL": logging.get("ApplicationLogLevel")}
    return {
        "AWS_ENDPOINT_URL": f"http://{HOST}:{os.environ['GATEWAY_PORT']}",
        **{key: os.environ[key] for key in KEPT},
        **config.get("Environment", {}).get("Variables", {}),
        **execution_credentials(config),
        **{key: value for key, value in log_level.items() if value},
        "AWS_DEFAULT_REGION": region,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config["MemorySize"]),
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": logging.get("LogFormat", "Text"),
        "AWS_LAMBDA_LOG_GROUP_NAME": logging.get("LogGroup", f"/aws/lambda/{name}"),
        "AWS_LAMBDA_LOG_STREAM_NAME": f"{datetime.now(UTC):%Y/%m/%d}/[{version}]{uuid4().hex}",
        "AWS_REGION": region,
        "TZ": ":UTC",
        "_HANDLER": config["Handler"],
    }
