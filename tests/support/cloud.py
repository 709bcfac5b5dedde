"""The names and settings of deployed functions."""

from dev.clients import aws_client
from dev.cloud import Cloud
from dev.service import SERVICE, STAGE


def function_name(key: str) -> str:
    """Return the name on the cloud of the function that serverless.yml has under that key."""
    return f"{SERVICE}-{STAGE}-{key}"


def function_environment(cloud: Cloud, key: str) -> dict[str, str]:
    """Return the environment variables that serverless.yml gives a deployed function."""
    configuration = aws_client(cloud, "lambda").get_function_configuration(
        FunctionName=function_name(key)
    )
    variables: dict[str, str] = configuration["Environment"]["Variables"]
    return variables
