"""Which functions the runtime loop runs, by `serverless.yml`."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from dev.cloud import Cloud
from dev.service_copy import ServiceCopy
from tests.support.template import properties

VARIABLE = "AWS_LAMBDA_EXEC_WRAPPER"
WRAPPER = "runtime_loop/wrapper"


def package(cloud: Cloud, folder: Path, **changes: str) -> tuple[dict[str, str], set[str]]:
    """Package a copy whose functions have lines added, or other lines for the whole service.

    Returns the wrappers that Lambda is told to start, by handler, and the names of the functions
    whose artifact has the loop.
    """
    service = ServiceCopy(folder)
    configuration = service.folder / "serverless.yml"
    text = configuration.read_text(encoding="utf-8")
    for place, lines in changes.items():
        old = "    runtimeLoop: true\n" if place == "bundle" else f"\n  {place}:\n"
        assert text.count(old) == 1
        text = text.replace(old, lines if place == "bundle" else old + lines)
    configuration.write_text(text, encoding="utf-8")
    service.run(cloud, "package")
    built = service.folder / ".serverless"
    template = json.loads((built / "cloudformation-template-update-stack.json").read_text())
    functions: list[Any] = list(properties(template, "AWS::Lambda::Function").values())
    wrappers = {
        each["Handler"]: each["Environment"]["Variables"][VARIABLE]
        for each in functions
        if VARIABLE in each["Environment"]["Variables"]
    }
    with_loop = set()
    for path in (built / "bundle").glob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            if WRAPPER in archive.namelist():
                with_loop.add(path.stem)
    return wrappers, with_loop


def test_a_function_turns_it_off_has_its_own_wrapper_or_uses_snapstart(
    cloud: Cloud, tmp_path: Path
) -> None:
    wrappers, with_loop = package(
        cloud,
        tmp_path,
        hello="    bundle: { runtimeLoop: false }\n",
        lucky_numbers=f"    environment: {{ {VARIABLE}: /opt/monitor }}\n",
        get_asset="    snapStart: true\n",
    )
    off = {"hello", "lucky_numbers", "get_asset"}
    assert wrappers.pop("handler.lucky_numbers") == "/opt/monitor"
    assert set(wrappers.values()) == {f"/var/task/{WRAPPER}"}
    assert {handler.rpartition(".")[2] for handler in wrappers} == with_loop
    assert with_loop
    assert not with_loop & off


def test_a_mistyped_setting_is_an_error(cloud: Cloud, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"custom\.bundle\.runtimeLop is not an option"):
        package(cloud, tmp_path, bundle="    runtimeLop: false\n")


def test_one_line_turns_it_off_for_all_functions(cloud: Cloud, tmp_path: Path) -> None:
    assert package(cloud, tmp_path, bundle="    runtimeLoop: false\n") == ({}, set())
