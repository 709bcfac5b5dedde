"""A deployed stack, for the commands that look at or work on one.

They take the options --stage, --region and --aws-profile, and say plainly why they find no stack.
"""

import argparse
import functools
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from dev.cloud import LOOPBACK, local_api_url
from dev.service import SERVICE, STAGE

STACK_OPTIONS = {"aws_profile", "region", "stage"}


class Ids(dict[str, str]):
    """Physical ids by logical id. To ask for one that the stack has not ends the command."""

    def __missing__(self, logical_id: str) -> str:
        sys.exit(f"The stack has no {logical_id}. Its deploy failed, or was of another version.")


class Stack:
    """The stack of a stage, through the session of who runs the command."""

    def __init__(self, session: Any, stage: str) -> None:
        self.stage = stage
        self.name = f"{SERVICE}-{stage}"
        self.region: str = session.region_name
        self.client = session.client  # Takes the name of a service of AWS.

    @functools.cached_property
    def ids(self) -> Mapping[str, str]:
        """The physical id of each resource, by its logical id."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources")
        return Ids(
            (each["LogicalResourceId"], each["PhysicalResourceId"])
            for page in pages.paginate(StackName=self.name)
            for each in page["StackResourceSummaries"]
            if "PhysicalResourceId" in each
        )

    @property
    def api_url(self) -> str:
        """The URL of the API's stage, without a trailing slash."""
        if is_local():
            port = urlsplit(os.environ["AWS_ENDPOINT_URL"]).port
            return local_api_url(port or 80, self.ids["ApiGatewayRestApi"], self.stage)
        stacks = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        outputs = {each["OutputKey"]: each["OutputValue"] for each in stacks[0]["Outputs"]}
        return str(outputs["ServiceEndpoint"])


def is_local() -> bool:
    """Whether AWS tools reach the local cloud."""
    return urlsplit(os.environ.get("AWS_ENDPOINT_URL", "")).hostname in LOOPBACK


def make_parser(command: str, description: str) -> argparse.ArgumentParser:
    """Return a parser of the command line of `npm run COMMAND`, with the options of a stack."""
    region = os.environ.get("AWS_REGION", "us-east-1")
    parser = argparse.ArgumentParser(
        prog=f"npm run {command} --", description=description, allow_abbrev=False
    )
    parser.add_argument("-s", "--stage", default="dev", help="the stage (default: dev)")
    parser.add_argument("-r", "--region", default=region, help=f"the region (default: {region})")
    parser.add_argument("--aws-profile", help="the profile of your AWS credentials")
    return parser


def check_npm_options(command: str, example: str, *own: str) -> None:
    """Exit if npm took options for its own, as it does without -- before them."""
    if {f"npm_config_{name}" for name in STACK_OPTIONS.union(own)} & os.environ.keys():
        sys.exit(
            f"npm took the options for its own. Put -- before them: npm run {command} -- {example}"
        )


@contextmanager
def find_stack(options: argparse.Namespace) -> Iterator[Stack]:
    """Find the stack of the options; on an error of AWS within the block, exit and say what it is.

    >>> with find_stack(make_parser("redrive", "…").parse_args()) as stack:
    ...     stack.ids["OrdersTable"]
    """
    if options.stage == STAGE and not is_local():
        sys.exit("The stage local exists only on this machine. Paste npm start's export line.")
    try:
        session = boto3.Session(profile_name=options.aws_profile, region_name=options.region)
        yield Stack(session, options.stage)
    except NoCredentialsError:
        sys.exit(
            "No AWS credentials: name an --aws-profile or, for the local cloud, paste the export "
            "line that npm start prints."
        )
    except ClientError as error:
        if is_missing(error):
            hint = f" For the local cloud, add --stage {STAGE}." if is_local() else ""
            sys.exit(f"There is no stack {SERVICE}-{options.stage} in {options.region}.{hint}")
        sys.exit(str(error))
    except BotoCoreError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


def is_missing(error: ClientError) -> bool:
    """Whether CloudFormation says that a stack does not exist."""
    of_stack = {"DescribeStacks", "ListStackResources"}
    return "does not exist" in str(error) and error.operation_name in of_stack
