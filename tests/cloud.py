"""AWS clients of the local cloud, to look at what a deploy made."""

from typing import Any

import botocore.session

from dev.cloud import REGION, Cloud


def aws_client(cloud: Cloud, service: str) -> Any:
    """Return botocore's client of that service of that cloud."""
    settings = cloud.settings()
    return botocore.session.Session().create_client(
        service,
        region_name=REGION,
        endpoint_url=cloud.url,
        aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
    )
