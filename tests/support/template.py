"""Queries of a compiled CloudFormation template."""

from collections.abc import Iterator
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


def failure_destinations(template: Any) -> Iterator[Any]:
    """Yield the destinations of records that Lambda gives up on."""
    for source in properties(template, "AWS::Lambda::EventSourceMapping").values():
        if on_failure := source.get("DestinationConfig", {}).get("OnFailure"):
            yield on_failure["Destination"]


def dead_letter_queues(template: Any) -> set[str]:
    """Return the logical ids of the dead-letter queues."""
    queues = properties(template, "AWS::SQS::Queue").values()
    redriven = [queue["RedrivePolicy"] for queue in queues if "RedrivePolicy" in queue]
    found = {logical_id(policy["deadLetterTargetArn"]) for policy in redriven}
    return found | {logical_id(destination) for destination in failure_destinations(template)}
