"""Which properties of a resource replace it, by CloudFormation's schema of its type."""

import functools

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER, ResourceNotFoundError

FALLBACK_REGION = "us-east-1"  # For regions that cfn-lint does not know.
# https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
# The second may replace the resource: which values do, the schema does not say.
KEYS = ("createOnlyProperties", "conditionalCreateOnlyProperties")


class CreateOnly:
    """The properties whose change replaces the resource, by cfn-lint's schemas."""

    def __init__(self, region: str) -> None:
        self._region = region

    def includes(self, resource_type: str, path: tuple[str, ...]) -> bool:
        """Whether a change at this path of the properties replaces the resource, or may."""
        return any(
            all(theirs in (ours, "*") for theirs, ours in zip(each, path, strict=False))
            for each in self._paths(resource_type)
        )

    @functools.cache  # noqa: B019 (one object a process)
    def _paths(self, resource_type: str) -> list[tuple[str, ...]]:
        for region in (self._region, FALLBACK_REGION):
            try:
                schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, resource_type).schema
            except (KeyError, ResourceNotFoundError):
                continue
            pointers = [pointer for key in KEYS for pointer in schema.get(key, [])]
            return [tuple(pointer.split("/")[2:]) for pointer in pointers]
        return []
