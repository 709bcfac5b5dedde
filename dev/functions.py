"""Deployed functions: their names and environment variables."""

from dev.clients import aws_client
from dev.cloud import Cloud
from dev.service import SERVICE, STAGE


def function_name(key: str) -> str:
    """Return the deployed name of the function that serverless.yml lists under `key`."""
    return f"{SERVICE}-{STAGE}-{key}"


def function_environment(cloud: Cloud, key: str) -> dict[str, str]:
    """Return a deployed function's environment variables."""
    configuration = aws_client(cloud, "lambda").get_function_configuration(
        FunctionName=function_name(key)
    )
    variables: dict[str, str] = configuration["Environment"]["Variables"]
    return variables
