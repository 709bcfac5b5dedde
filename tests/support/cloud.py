"""AWS clients of the local cloud, to look at what a deploy made."""

from typing import Any

import botocore.session

from dev.cloud import REGION, Cloud
from dev.service import STAGE


def aws_client(cloud: Cloud, service: str, credentials: dict[str, str] | None = None) -> Any:
    """Return botocore's client of that service of that cloud, the root user's or another's."""
    credentials = credentials or cloud.settings()
    return botocore.session.Session().create_client(
        service,
        region_name=REGION,
        endpoint_url=cloud.url,
        aws_access_key_id=credentials["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=credentials["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=credentials.get("AWS_SESSION_TOKEN"),
    )


def function_name(key: str) -> str:
    """Return the name on the cloud of the function that serverless.yml has under that key."""
    return f"lucky-numbers-{STAGE}-{key}"


def function_environment(cloud: Cloud, key: str) -> dict[str, str]:
    """Return the environment variables that serverless.yml gives a deployed function."""
    configuration = aws_client(cloud, "lambda").get_function_configuration(
        FunctionName=function_name(key)
    )
    variables: dict[str, str] = configuration["Environment"]["Variables"]
    return variables
