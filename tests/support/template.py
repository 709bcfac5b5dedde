"""A compiled CloudFormation template, looked into."""

from typing import Any


def properties(template: Any, kind: str) -> dict[str, Any]:
    """Return the properties of every resource of that kind, by logical id."""
    return {
        name: resource.get("Properties", {})
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def function_id(key: str) -> str:
    """Return the logical id of the function that serverless.yml has under that key."""
    name = key.replace("_", "Underscore")
    return f"{name[0].upper()}{name[1:]}LambdaFunction"


def event_sources(template: Any, function: str) -> list[Any]:
    """Return the properties of the streams and queues that a function of that id is behind."""
    mappings = properties(template, "AWS::Lambda::EventSourceMapping").values()
    return [each for each in mappings if each["FunctionName"]["Fn::GetAtt"][0] == function]
