"""Templates without what differs between two deploys of the same code."""

import json
import re
from typing import Any, NamedTuple

# Resources of which each deploy has its own: a number or a digest ends their logical ids.
NUMBERED = {
    "AWS::ApiGateway::Deployment": re.compile(r"(ApiGatewayDeployment).+"),
    "AWS::Lambda::Version": re.compile(r"(.+LambdaVersion).+"),
}
SUB_REFERENCE = re.compile(r"\$\{([^!}.][^}.]*)")


class Template(NamedTuple):
    """The resources of a template, and what intrinsic functions in them refer to."""

    resources: dict[str, Any]
    definitions: dict[str, Any]  # Of parameters, conditions and mappings.


def comparable(template: dict[str, Any], digests: dict[str, str]) -> Template:
    """Return a template without its timestamps: `digests` has the code of functions, by their name.

    What a resource takes from parameters, conditions and mappings is written into it, so that a
    change of these is one of the resource.
    """
    text = json.dumps(template)
    for name, resource in template.get("Resources", {}).items():
        pattern = NUMBERED.get(resource["Type"])
        if pattern and (match := pattern.fullmatch(name)):
            text = text.replace(f'"{name}', f'"{match[1]}').replace(f"${{{name}", f"${{{match[1]}")
    template = json.loads(text)
    definitions = {
        name: definition
        for section in ("Parameters", "Conditions", "Mappings")
        for name, definition in template.get(section, {}).items()
    }
    resources = template.get("Resources", {})
    for resource in resources.values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Lambda::Function":
            name = properties.get("FunctionName")
            if isinstance(name, str) and name in digests:
                properties["Code"] = digests[name]
    return Template(resources, definitions)


def find_references(value: Any) -> set[str]:
    """Return the logical ids that intrinsic functions in a value refer to.

    >>> find_references({"Fn::Sub": "${Table.Arn}/index"})
    {"Table"}
    """
    if isinstance(value, list):
        return {name for each in value for name in find_references(each)}
    if not isinstance(value, dict):
        return set()
    found = {name for each in value.values() for name in find_references(each)}
    for function, argument in value.items():
        first = argument[0] if isinstance(argument, list) and argument else argument
        if function in ("Ref", "Condition", "Fn::If", "Fn::FindInMap") and isinstance(first, str):
            found.add(first)
        elif function == "Fn::GetAtt" and isinstance(first, str):
            found.add(first.partition(".")[0])
        elif function == "Fn::Sub" and isinstance(first, str):
            found.update(SUB_REFERENCE.findall(first))
    return found
