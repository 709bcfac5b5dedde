"""AWS clients for the local cloud."""

from typing import Any

import botocore.session
from botocore.config import Config

from dev.cloud import REGION, Cloud


def aws_client(cloud: Cloud, service: str, credentials: dict[str, str] | None = None) -> Any:
    """Return a botocore client for a service of a cloud.

        aws_client(cloud, "lambda").list_functions()

    `credentials` is a dict by the names of environment variables: AWS_ACCESS_KEY_ID and so on. The
    default is the account's root user.
    """
    credentials = credentials or cloud.settings()
    return botocore.session.Session().create_client(
        service,
        region_name=REGION,
        endpoint_url=cloud.url,
        aws_access_key_id=credentials["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=credentials["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=credentials.get("AWS_SESSION_TOKEN"),
        config=Config(proxies={}),  # A proxy cannot reach loopback.
    )
