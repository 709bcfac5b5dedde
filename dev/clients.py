"""AWS clients of the local cloud."""

from typing import Any

import botocore.session
from botocore.config import Config

from dev.cloud import REGION, Cloud


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
        config=Config(proxies={}),  # A proxy would look for the cloud on its own machine.
    )
