"""A compiled CloudFormation template, looked into."""

from typing import Any


def properties(template: Any, kind: str) -> dict[str, Any]:
    """Return the properties of every resource of that kind, by logical id."""
    return {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }
