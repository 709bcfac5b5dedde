"""What a compiled model loads, in an artifact without pydantic."""

import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pydantic
import pydantic_core
import pytest

RUNTIME = Path(str(files("lambda_bundle"))) / "runtime"
MODULE = """
from compiled_pydantic import BaseModel, Field
from compiled_pydantic.completion import complete

made = []

@complete(
    lambda cls: {
        "type": "model", "cls": cls, "config": {"title": "Order"},
        "schema": {"type": "model-fields", "model_name": "Order", "fields": {
            "name": {"type": "model-field", "schema": {"type": "str", "pattern": "^[a-z]+$"}},
            "count": {"type": "model-field", "schema": {
                "type": "default", "schema": {"type": "int"}, "default": 1}},
            "tags": {"type": "model-field", "schema": {
                "type": "default", "schema": {"type": "list", "items_schema": {"type": "str"}},
                "default_factory": cls.__captured__["tags"]}},
        }},
    },
    fields=("name", "count", "tags"),
    captured=CAPTURED,
    shape=lambda: {"name": ("name", {str}), "count": ("count", {int}), "tags": ("tags", [{str}])},
)
class Order(BaseModel):
    tags = TAGS
"""
LOADED = "print(sorted(set(sys.modules) - before))"


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    """Return a folder with what is in an artifact, and with a model in `order.py`."""
    shutil.copytree(RUNTIME / "compiled_pydantic", tmp_path / "compiled_pydantic")
    version = f'VERSION = "{pydantic.VERSION}"\n'
    (tmp_path / "compiled_pydantic/version.py").write_text(version)
    core = tmp_path / "pydantic_core"
    core.mkdir()
    shutil.copy(RUNTIME / "pydantic_core.py", core / "__init__.py")
    shutil.copy(pydantic_core._pydantic_core.__file__, core)  # noqa: SLF001 (what is shipped)
    text = MODULE.replace("CAPTURED", '("tags",)')
    (tmp_path / "order.py").write_text(text.replace("TAGS", 'Field(default_factory=lambda: ["a"])'))
    return tmp_path


def run(folder: Path, code: str) -> str:
    """Return what a fresh interpreter without installed packages prints."""
    start = f"import sys; sys.path.insert(0, {str(folder)!r}); before = set(sys.modules)\n"
    command = [sys.executable, "-I", "-S", "-c", start + code]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def test_a_model_loads_only_these_modules(artifact: Path) -> None:
    code = f"import order; order.Order(name='a').model_dump_json(); {LOADED}"
    loaded = run(artifact, code)
    core = run(artifact, f"import pydantic_core; {LOADED}")
    own = ["", ".completion", ".fields", ".json_text", ".model", ".since", ".version"]
    expected = {*eval(core), *(f"compiled_pydantic{each}" for each in own), "order"}
    encoder = eval(run(artifact, f"import json; {LOADED}"))  # For the text; on 3.13, only `_json`.
    assert set(eval(loaded)) - {*encoder} <= expected


def test_an_error_links_to_the_version_of_pydantic(artifact: Path) -> None:
    code = "import order, pydantic_core\ntry: order.Order()\nexcept pydantic_core.ValidationError"
    version = ".".join(pydantic.VERSION.split(".")[:2])
    expected = f"https://errors.pydantic.dev/{version}/v/missing"
    assert run(artifact, f"{code} as e: print(e.errors()[0]['url'])") == expected


def test_pydantic_is_not_there(artifact: Path) -> None:
    code = "import order; order.Order(name='a')\ntry: import pydantic\nexcept ImportError: print(1)"
    assert run(artifact, code) == "1"


def test_a_captured_factory_makes_the_default(artifact: Path) -> None:
    code = "import order; print(order.Order(name='a').tags, hasattr(order.Order, 'tags'))"
    assert run(artifact, code) == "['a'] False"


@pytest.mark.parametrize(
    ("change", "is_warned"),
    [("name='a'", False), ("name=1", True), ("tags=[1]", True)],
)
def test_json_of_values_that_do_not_fit_is_warned_of(
    artifact: Path, change: str, *, is_warned: bool
) -> None:
    code = f"""
import order, warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    order.Order(name="a").model_copy(update=dict({change})).model_dump_json()
print(bool(caught))
"""
    assert run(artifact, code) == str(is_warned)


def test_json_is_loaded_only_to_write_it(artifact: Path) -> None:
    code = (
        "import order; order.Order(name='a'); print('json' in sys.modules, '_json' in sys.modules)"
    )
    assert run(artifact, code) == "False False"


@pytest.mark.parametrize(
    "change",
    [
        "pass",
        "order.name = 'b'",
        "del order.name; order.name = 'b'",
        "del order.name",
        "order.tags = None",
    ],
)
def test_json_by_a_shape_is_what_the_core_writes(artifact: Path, change: str) -> None:
    code = f"""
import order as module, warnings
warnings.simplefilter("ignore")
order = module.Order(name="a")
{change}
print(order.model_dump_json() == type(order).__pydantic_serializer__.to_json(order).decode())
"""
    assert run(artifact, code) == "True"
