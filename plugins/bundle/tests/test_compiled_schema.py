"""A compiled model builds its validator when it is first used, and loads no more than it needs."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pydantic_core
import pytest
from lambda_bundle.bytecode import RUNTIME
from lambda_bundle.models.module import compile_models

MODELS = """
import re
from decimal import Decimal
from typing import Annotated
from pydantic import BaseModel, ConfigDict, Field

class Word(BaseModel):
    text: Annotated[str, Field(pattern="^[a-z]+$")]

class Price(BaseModel):
    amount: Annotated[Decimal, Field(ge=0)]
"""
PYTHON_RE = """
class Lookahead(BaseModel):
    model_config = ConfigDict(regex_engine="python-re")
    text: Annotated[str, Field(pattern="^a(?=b)")]
"""
COMPILED_PATTERN = """
class AnyCase(BaseModel):
    text: Annotated[str, Field(pattern=re.compile("^[a-z]+$", re.IGNORECASE))]
"""
# What the code of a test may call.
PRELUDE = """
def show(*values):
    print(repr(values))

def loaded(*names):
    return [name for name in names if name in sys.modules]

def refuses(model, **values):
    try:
        model(**values)
    except ValueError:
        return True
    return False
"""

Run = Callable[..., list[Any]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that compiles models, and runs code with them in a bare interpreter.

    It returns all that the code shows. `is_tested` is whether the version of Python is one of
    TESTED_VERSIONS.
    """

    def run(models: str, code: str, *, is_tested: bool = True) -> list[Any]:
        (tmp_path / "models.py").write_text(models)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "models", raising=False)
        task = tmp_path / "task"
        shutil.copytree(RUNTIME, task, ignore=shutil.ignore_patterns("pydantic_core.py"))
        (task / "pydantic_core").mkdir()
        shutil.copy(RUNTIME / "pydantic_core.py", task / "pydantic_core/__init__.py")
        for library in Path(pydantic_core.__file__).parent.glob("*.so"):
            (task / "pydantic_core" / library.name).symlink_to(library)
        if not is_tested:
            source = (task / "compiled_json.py").read_text(encoding="utf-8")
            changed, count = re.subn("(?m)^TESTED_VERSIONS = .*", "TESTED_VERSIONS = ()", source)
            assert count == 1
            (task / "compiled_json.py").write_text(changed, encoding="utf-8")
        (task / "models.py").write_text(compile_models("models", models))
        program = f"import sys; sys.path.insert(0, {str(task)!r})\nimport models\n{PRELUDE}{code}"
        interpreter = [sys.executable, "-I", "-S", "-B", "-c", program]
        done = subprocess.run(interpreter, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return [value for line in done.stdout.splitlines() for value in eval(line)]

    return run


def test_patterns_and_json_need_neither_re_nor_json(run: Run) -> None:
    code = """
show(models.Word(text="a").model_dump_json(), refuses(models.Word, text="A"))
show(loaded("re", "json", "enum", "uuid"))
"""
    assert run(MODELS, code) == ['{"text":"a"}', True, []]


@pytest.mark.parametrize("text", ["a", "é😀", "\x00\x1f\x7f\u2028", '"\\/'])
def test_json_is_the_same_on_other_versions_of_python(run: Run, text: str) -> None:
    models = "from pydantic import BaseModel\nclass Text(BaseModel):\n    text: str\n"
    code = f"show(models.Text(text={text!r}).model_dump_json())"
    expected = json.dumps({"text": text}, ensure_ascii=False, separators=(",", ":"))
    assert run(models, code, is_tested=False) == [expected]


def test_a_model_that_is_not_used_loads_nothing(run: Run) -> None:
    code = """
models.Word(text="a")
show(loaded("decimal"))
models.Price(amount="1.5")
show(loaded("decimal"))
"""
    assert run(MODELS, code) == [[], ["decimal"]]


def test_a_model_can_be_built_before_it_is_used(run: Run) -> None:
    code = """
models.Price.model_rebuild(raise_errors=False)
show(loaded("decimal"))
"""
    assert run(MODELS, code) == [["decimal"]]


def test_a_validator_is_built_once(run: Run) -> None:
    code = "show(models.Word.__pydantic_validator__ is models.Word.__pydantic_validator__)"
    assert run(MODELS, code) == [True]


def test_a_model_does_not_use_the_validator_of_its_base(run: Run) -> None:
    code = """
models.Word(text="a")
show(refuses(models.Longer, text="a"), refuses(models.Longer, text="a", more="b"))
"""
    derived = "class Longer(Word):\n    more: str\n"
    assert run(MODELS + derived, code) == [True, False]


def test_patterns_for_python_s_engine_are_compiled_by_re(run: Run) -> None:
    code = """
show(loaded("re"), refuses(models.Lookahead, text="ab"), refuses(models.Lookahead, text="ac"))
import re
show(isinstance(re.compile(""), re.Pattern))
"""
    assert run(MODELS + PYTHON_RE, code) == [[], False, True, True]


def test_a_compiled_pattern_keeps_its_flags(run: Run) -> None:
    code = "show(refuses(models.AnyCase, text='aB'), refuses(models.AnyCase, text='a1'))"
    assert run(MODELS + COMPILED_PATTERN, code) == [False, True]


def test_code_that_imports_re_while_a_validator_is_built_can_use_it(run: Run) -> None:
    code = """
from compiled_schema import UnloadedRe
sys.modules["re"] = UnloadedRe("re")
import re
show(re.sub("a", "b", "aa"), re.compile("a").pattern, type(sys.modules["re"]).__name__)
"""
    assert run(MODELS, code) == ["bb", "a", "module"]
