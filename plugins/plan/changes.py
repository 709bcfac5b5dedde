"""What differs between two templates, resource by resource, as CloudFormation would deploy it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from plugins.plan.schemas import CreateOnly
from plugins.plan.template import Template, find_references

Path = tuple[str, ...]
# Attributes of a resource that do not change what exists.
WITHOUT_EFFECT = {"DependsOn", "Metadata", "Properties", "Type"}


@dataclass
class Change:
    """A change of a resource: "added", "changed", "replaced" or "removed".

    `paths` are the properties that differ, such as "Environment.Variables.TABLE", and `replacing`
    those of them that replace the resource.
    """

    kind: str
    id: str
    type: str
    paths: list[str] = field(default_factory=list)
    replacing: list[str] = field(default_factory=list)


def find_changes(old: Template, new: Template, create_only: CreateOnly) -> list[Change]:
    """Return the changes between two templates, those of dependents included.

    A resource that refers to a replaced one changes too, and is replaced if the property is one
    whose change replaces the resource.
    """
    changes = {}
    for name in new.resources.keys() - old.resources.keys():
        changes[name] = Change("added", name, new.resources[name]["Type"])
    for name in old.resources.keys() - new.resources.keys():
        changes[name] = Change("removed", name, old.resources[name]["Type"])
    both = sorted(new.resources.keys() & old.resources.keys())
    redefined = find_redefined(old, new)
    replaced: set[str] = set()
    while True:
        for name in both:
            resources = (old.resources[name], new.resources[name])
            if change := compare(name, *resources, replaced | redefined, create_only):
                changes[name] = change
        found = {name for name, change in changes.items() if change.kind == "replaced"}
        if found == replaced:
            return list(changes.values())
        replaced = found


def compare(
    name: str, before: Any, after: Any, differing: set[str], create_only: CreateOnly
) -> Change | None:
    """Return the change of a resource, or None. References to what is `differing` differ too."""
    if before["Type"] != after["Type"]:
        return Change("replaced", name, after["Type"], ["Type"], ["Type"])
    properties = [before.get("Properties", {}), after.get("Properties", {})]
    paths = [*find_differences(*properties), *find_dependent(properties[1], differing)]
    names = sorted((before.keys() | after.keys()) - WITHOUT_EFFECT)
    attributes = [
        each
        for each in names
        if before.get(each) != after.get(each) or (each == "Condition" and after[each] in differing)
    ]
    if not paths and not attributes:
        return None
    texts = list(dict.fromkeys(".".join(path) for path in paths))
    replacing = dict.fromkeys(
        ".".join(path) for path in paths if create_only.includes(after["Type"], path)
    )
    kind = "replaced" if replacing else "changed"
    return Change(kind, name, after["Type"], [*texts, *attributes], list(replacing))


def find_redefined(old: Template, new: Template) -> set[str]:
    """Return the parameters, conditions and mappings that differ, and conditions that use them."""
    names = old.definitions.keys() | new.definitions.keys()
    found = {name for name in names if old.definitions.get(name) != new.definitions.get(name)}
    while more := {
        name for name in names - found if find_references(new.definitions.get(name)) & found
    }:
        found |= more
    return found


def find_differences(before: Any, after: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the paths at which two values differ. A list differs as a whole."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict) and not is_intrinsic(before | after):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from find_differences(before.get(key), after.get(key), (*path, key))
    else:
        yield path


def find_dependent(value: Any, names: set[str], path: Path = ()) -> Iterator[Path]:
    """Yield the paths of values that refer to one of the names."""
    if not find_references(value) & names:
        return
    if isinstance(value, dict) and not is_intrinsic(value):
        for key, each in value.items():
            yield from find_dependent(each, names, (*path, key))
    else:
        yield path


def is_intrinsic(value: dict[str, Any]) -> bool:
    """Whether a value has an intrinsic function."""
    return any(key == "Ref" or key.startswith("Fn::") for key in value)
