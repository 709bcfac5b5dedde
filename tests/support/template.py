"""Queries of a compiled CloudFormation template."""

from typing import Any


def properties(template: Any, kind: str) -> dict[str, Any]:
    """Return the properties of all resources of a type, such as AWS::SQS::Queue, by logical id."""
    return {
        name: resource.get("Properties", {})
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def logical_id(reference: Any) -> str:
    """Return the logical id in a Ref or a GetAtt."""
    return str(reference.get("Ref") or reference["Fn::GetAtt"][0])


def function_id(key: str) -> str:
    """Return the logical id of the function with that key in serverless.yml."""
    name = key.replace("_", "Underscore")
    return f"{name[0].upper()}{name[1:]}LambdaFunction"


def event_sources(template: Any, function: str) -> list[Any]:
    """Return the properties of the event source mappings of the function with that logical id."""
    mappings = properties(template, "AWS::Lambda::EventSourceMapping").values()
    return [each for each in mappings if each["FunctionName"]["Fn::GetAtt"][0] == function]
