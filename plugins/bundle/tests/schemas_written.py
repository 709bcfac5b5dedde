"""Writes the schemas of types, and reads them in an interpreter that has no pydantic."""

import ast
import functools
import json
import subprocess
import sys
import types
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pydantic
import pydantic_core
from lambda_bundle.bytecode import RUNTIME
from lambda_bundle.models.schema import SchemaWriter
from lambda_bundle.models.shake import Shaken
from lambda_bundle.models.shared import Shared
from pydantic import TypeAdapter

# What both interpreters run: the results of a schema for inputs, as texts to compare.
OUTCOMES = '''
import json
import warnings
from pydantic_core import SchemaSerializer, SchemaValidator

def outcomes(schema, inputs, config=None):
    """Return what a schema makes of each input, in Python, in JSON, and strictly."""
    validator, serializer = SchemaValidator(schema, config), SchemaSerializer(schema, config)
    return [[outcome(validator, serializer, each, strict) for strict in (None, True)]
            for each in inputs]

def outcome(validator, serializer, each, strict):
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        told = [attempt(lambda: show(validator.validate_python(each, strict=strict)))]
        if isinstance(each, str):
            told.append(attempt(lambda: show(validator.validate_json(each, strict=strict))))
            quoted = json.dumps(each)
            told.append(attempt(lambda: show(validator.validate_json(quoted, strict=strict))))
        try:
            value = validator.validate_python(each, strict=strict)
        except Exception:
            value = each  # Serializers must cope with wrong values as well.
        told.append(attempt(lambda: show(serializer.to_python(value))))
        told.append(attempt(lambda: show(serializer.to_python(value, mode="json"))))
        told.append(attempt(lambda: serializer.to_json(value).decode()))
    return told + [clean(str(each.message)) for each in warned]

def attempt(function):
    try:
        return function()
    except Exception as error:
        return clean(f"{type(error).__name__}: {error}")

def show(value):
    return clean(f"{type(value).__name__} {value!r}")

def clean(text):
    import re
    text = text.replace("compiled_pydantic._pydantic.", "pydantic.")
    text = re.sub("pydantic.dev/[^/]+/", "pydantic.dev/", text)
    return re.sub(" at 0x[0-9a-f]+", "", text)
'''


@dataclass
class Written:
    """Schemas that were written for one module."""

    shared: Shared = field(default_factory=Shared)
    texts: dict[str, tuple[str, list[str]]] = field(default_factory=dict)

    def add(self, name: str, kind: Any) -> None:
        """Write the schema of a type."""
        module = types.ModuleType("written")
        writer = SchemaWriter(module, ast.parse(""), self.shared)
        text = writer.write_schema(name, TypeAdapter(kind).core_schema)
        self.texts[name] = text, sorted(writer.imports)


def expected(kind: Any, inputs: list[Any]) -> Any:
    """Return what pydantic's own schema of a type makes of inputs."""
    namespace: dict[str, Any] = {}
    exec(OUTCOMES, namespace)
    return namespace["outcomes"](TypeAdapter(kind).core_schema, inputs)


def read(written: Written, folder: Path, inputs: dict[str, str]) -> dict[str, Any]:
    """Return what the written schemas make of inputs, by name, where there is no pydantic.

    `inputs` are expressions of lists.
    """
    write_taken(written.shared.pydantic, folder / "task")
    cases = [[name, *written.texts[name], inputs[name]] for name in inputs]
    (folder / "cases.json").write_text(json.dumps(cases))
    program = f"""
{bare_interpreter(folder)}
{OUTCOMES}
results = {{}}
for name, text, imports, inputs in json.loads(open({str(folder / "cases.json")!r}).read()):
    namespace = {{}}
    try:
        exec("\\n".join(imports), namespace)
        schema = eval(text, namespace)
        results[name] = outcomes(schema, eval(inputs, {{**globals(), **namespace}}))
    except Exception as error:
        import traceback
        results[name] = traceback.format_exc()
assert "pydantic" not in sys.modules
print(json.dumps(results))
"""
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", program],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    results: dict[str, Any] = json.loads(run.stdout)
    return results


def write_taken(taken: Shaken, folder: Path) -> None:
    """Write what was taken from pydantic to a folder, beside the stand-ins."""
    stand_ins = RUNTIME / "compiled_pydantic"
    sources = {
        f"compiled_pydantic/{each.name}": each.read_text() for each in stand_ins.glob("*.py")
    }
    version = f"VERSION = {pydantic.VERSION!r}\n"
    files = {**sources, **taken.files(), "compiled_pydantic/version.py": version}
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def bare_interpreter(folder: Path) -> str:
    """Return code that finds in `folder / "task"` what an artifact has, and no pydantic.

    The libraries that ship with a service are there, too.
    """
    libraries, core = folder / "libraries", folder / "task/pydantic_core"
    libraries.mkdir()
    core.mkdir(parents=True)
    (core / "__init__.py").write_text((RUNTIME / "pydantic_core.py").read_text())
    packages = Path(pydantic_core.__file__).parent.parent
    for library in (packages / "pydantic_core").glob("*.so"):
        (core / library.name).symlink_to(library)
    for name in ("email_validator", "dns", "idna", "typing_extensions.py"):
        if (packages / name).exists():
            (libraries / name).symlink_to(packages / name)
    return f"import sys; sys.path[:0] = {[str(folder / 'task'), str(libraries)]!r}"


@functools.cache
def evaluate(inputs: str) -> Any:
    """Return the inputs of a case."""
    return eval(inputs, {"__builtins__": __builtins__})
