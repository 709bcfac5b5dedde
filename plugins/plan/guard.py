"""Refuses to replace or delete what holds data, or what callers know by its name or value."""

from typing import NamedTuple

from plugins.plan.changes import Change
from plugins.plan.template import Template

GUARDED = {
    "AWS::ApiGateway::ApiKey": "API key",
    "AWS::ApiGateway::RestApi": "API",
    "AWS::ApiGatewayV2::Api": "API",
    "AWS::DynamoDB::GlobalTable": "table",
    "AWS::DynamoDB::Table": "table",
    "AWS::S3::Bucket": "bucket",
    "AWS::SecretsManager::Secret": "secret",
    "AWS::SQS::Queue": "queue",
}
KEPT = {"Retain", "RetainExceptOnCreate", "Snapshot"}


class Refusal(NamedTuple):
    """The logical id of a guarded resource, and what would happen to it."""

    id: str
    reason: str


def find_refusals(changes: list[Change], old: Template, allowed: set[str]) -> list[Refusal]:
    """Return what must not happen without being allowed."""
    refusals = []
    for change in sorted(changes, key=lambda each: each.id):
        deployed = old.resources.get(change.id, {})
        kind = GUARDED.get(deployed.get("Type", ""))
        if kind is None or change.id in allowed:
            continue
        if change.kind == "removed":
            is_kept = deployed.get("DeletionPolicy") in KEPT
            reason = "would leave the stack, which retains it" if is_kept else "would be deleted"
        elif change.kind == "replaced":
            is_kept = deployed.get("UpdateReplacePolicy") in KEPT
            fate = "stays behind, unused" if is_kept else "is deleted"
            by = ", ".join(change.replacing)
            reason = f"would be replaced by a new one, because {by} differs; the old one {fate}"
        elif "Condition" in change.paths:
            reason = "would be deleted, if its Condition is false"
        else:
            continue
        refusals.append(Refusal(change.id, f"the {kind} {change.id} {reason}"))
    return refusals
