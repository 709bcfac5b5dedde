"""`python -m plugins.protection STACK`: protects the tables of a stack from deletion.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html
"""

import sys
from typing import Any

import boto3


def main() -> None:
    """Protect the tables of the stack that the command line names."""
    dynamodb: Any = boto3.client("dynamodb")
    for name in find_tables(sys.argv[1]):
        table = dynamodb.describe_table(TableName=name)["Table"]
        if not table.get("DeletionProtectionEnabled"):
            dynamodb.update_table(TableName=name, DeletionProtectionEnabled=True)


def find_tables(stack: str) -> list[str]:
    """Return the names of the tables of a stack."""
    client: Any = boto3.client("cloudformation")
    pages = client.get_paginator("list_stack_resources").paginate(StackName=stack)
    return [
        resource["PhysicalResourceId"]
        for resource in pages.build_full_result()["StackResourceSummaries"]
        if resource["ResourceType"] == "AWS::DynamoDB::Table"
        and resource["ResourceStatus"] != "DELETE_COMPLETE"
    ]


if __name__ == "__main__":
    main()
