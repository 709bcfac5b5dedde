"""The authorizers that docs/access.md shows, in the template that `serverless` makes of them."""

import json
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from dev.cloud import Cloud
from dev.service_copy import THIS_PYTHON, ServiceCopy
from tests.support.docs import find_blocks, read_page
from tests.support.template import properties

KEYED = "          private: true\n"
IAM, USER_POOL, FUNCTION = find_blocks(read_page("docs/access.md"), "yaml")
AUTHORIZATION = "authorization"


def methods(template: Any, **wanted: Any) -> set[str]:
    """Return the logical ids of the methods of the API that have these properties."""
    found = properties(template, "AWS::ApiGateway::Method")
    return {name for name, each in found.items() if wanted.items() <= each.items()}


@pytest.mark.parametrize(
    ("authorizer", "kind"),
    [(IAM, "AWS_IAM"), (USER_POOL, "COGNITO_USER_POOLS"), (FUNCTION, "CUSTOM")],
    ids=["iam", "user pool", "function"],
)
def test_an_authorizer_of_the_docs_replaces_the_api_key(
    cloud: Cloud, template: Any, tmp_path: Path, authorizer: str, kind: str
) -> None:
    service = ServiceCopy(tmp_path)
    file = tmp_path / "serverless.yml"
    text = file.read_text(encoding="utf-8").replace(KEYED, indent(authorizer, " " * 10))
    file.write_text(text.replace("x-api-key", AUTHORIZATION), encoding="utf-8")
    service.run(cloud, "package", "--stage", "production", "--package", "packaged", THIS_PYTHON)
    compiled = tmp_path / "packaged/cloudformation-template-update-stack.json"
    changed = json.loads(compiled.read_text(encoding="utf-8"))

    protected = methods(template, ApiKeyRequired=True)
    assert methods(changed, AuthorizationType=kind) == protected
    assert not methods(changed, ApiKeyRequired=True)
    assert methods(changed, AuthorizationType="NONE") == methods(changed) - protected
    preflights = properties(changed, "AWS::ApiGateway::Method").values()
    assert AUTHORIZATION in str([each for each in preflights if each["HttpMethod"] == "OPTIONS"])
