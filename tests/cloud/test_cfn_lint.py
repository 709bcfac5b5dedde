"""AWS's linter finds nothing in the templates that are deployed."""

import subprocess

import pytest

from dev.cloud import Cloud
from dev.service import ROOT
from dev.service_copy import THIS_PYTHON, ServiceCopy

REGIONS = ["us-east-1", "eu-central-1"]
# Every parameter that adds resources, but those of stages that have them by default.
OPTIONAL = {
    "alarmEmail": "you@example.com",
    "firewallLimit": "1000",
    "reservedConcurrency": "20",
    "routeMetrics": "true",
    "tracing": "true",
}


@pytest.mark.parametrize(
    ("stage", "parameters"), [("dev", {}), ("production", {}), ("production", OPTIONAL)], ids=str
)
def test_the_template_has_no_findings(
    service: ServiceCopy, cloud: Cloud, stage: str, parameters: dict[str, str]
) -> None:
    given = [f"--param={name}={value}" for name, value in parameters.items()]
    service.run(cloud, "package", "--stage", stage, "--package", "linted", THIS_PYTHON, *given)
    for name in ("create", "update"):
        template = service.folder / f"linted/cloudformation-template-{name}-stack.json"
        command = [
            str(ROOT / ".venv/bin/cfn-lint"),
            "--regions",
            *REGIONS,
            "--template",
            str(template),
        ]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout
