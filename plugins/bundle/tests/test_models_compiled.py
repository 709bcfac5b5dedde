"""What becomes of the code around models when it is compiled."""

import pytest
from lambda_bundle.problems import BundleError
from services import compile_service

HEAD = "import os\nfrom pydantic import BaseModel, Field\n"


def test_lines_keep_their_numbers() -> None:
    source = '''"""Models."""
from typing import Annotated

from pydantic import BaseModel, Field, field_validator

Name = Annotated[
    str,
    Field(min_length=1),
]


class User(BaseModel):
    name: Name
    tags: Annotated[
        list[str],
        Field(max_length=3),
    ] = Field(default_factory=list)

    @field_validator("name")
    @classmethod
    def check(
        cls, value: Annotated[
            str, "a name"
        ]
    ) -> str:
        raise ValueError("in line 26")


LAST = 29
'''
    compiled = compile_service({"m.py": source}).files["m.py"]
    lines = compiled.splitlines()
    assert "in line 26" in lines[25]
    assert lines[28] == "LAST = 29"
    compile(compiled, "m.py", "exec")


READS_FOLDER = """
from pathlib import Path
class M(BaseModel):
    a: int = Field(le=len([*Path("/").glob("*")]))
"""
TYPED_DICT = """
from typing import Annotated, TypedDict
class D(TypedDict):
    a: Annotated[int, Field(le=len(os.environ))]
class M(BaseModel):
    a: D
"""


@pytest.mark.parametrize(
    "code",
    [
        'class M(BaseModel):\n    a: int = Field(le=int(os.environ["LIMIT"]))',
        'LIMIT = int(os.getenv("LIMIT", "3"))\nclass M(BaseModel):\n    a: int = Field(le=LIMIT)',
        'class M(BaseModel, frozen=os.getenv("LIMIT") == "3"):\n    a: int',
        "from settings import LIMIT\nclass M(BaseModel):\n    a: int = Field(le=LIMIT)",
        "import settings\nclass M(BaseModel):\n    a: int = Field(le=settings.LIMIT)",
        "class C:\n    MAX = len(os.environ)\nclass M(BaseModel):\n    a: int = Field(le=C.MAX)",
        "L = {}\nL[0] = len(os.environ)\nclass M(BaseModel):\n    a: int = Field(le=L[0])",
        "L = []\nL.append(len(os.environ))\nclass M(BaseModel):\n    a: int = Field(le=L[0])",
        "def f():\n    return Field(le=len(os.environ))\nclass M(BaseModel):\n    a: int = f()",
        "F = Field(le=len(os.environ))\nclass M(BaseModel):\n    a: int = F",
        READS_FOLDER,
        TYPED_DICT,
    ],
)
def test_schema_that_depends_on_the_environment_is_refused(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIMIT", "3")
    settings = "import os\nLIMIT = len(os.environ['LIMIT'])\n"
    with pytest.raises(BundleError, match="computed when the module is imported"):
        compile_service({"m.py": f"{HEAD}{code}\n", "settings.py": settings})


@pytest.mark.parametrize(
    "value", ['os.getenv("STAGE", "dev")', 'Field(os.getenv("STAGE"), max_length=9)', "[str()]"]
)
def test_default_that_an_import_computes_stays_code(value: str) -> None:
    code = f"{HEAD}class M(BaseModel):\n    a: object = {value}\n"
    assert f"a = {value}" in compile_service({"m.py": code}).files["m.py"]


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("def f():\n    class N(M):\n        b: int\n", "N is a class that a function makes"),
        ("def f(x):\n    return x.model_json_schema()\n", "line 6, uses x.model_json_schema"),
        ("def f():\n    return M.model_fields['a'].annotation\n", "line 6, uses M.model_fields"),
        ("from pydantic import validate_call as v\n@v\ndef f(x: int): ...\n", "validate_call"),
    ],
)
def test_code_that_needs_pydantic_is_refused(code: str, problem: str) -> None:
    with pytest.raises(BundleError, match=problem.replace("[", r"\[")):
        compile_service({"m.py": f"{HEAD}class M(BaseModel):\n    a: int\n{code}"})


def test_modules_are_imported_without_network() -> None:
    code = f"{HEAD}import socket\nsocket.create_connection(('127.0.0.1', 9))\n"
    with pytest.raises(BundleError, match="there is no network while the artifact is made"):
        compile_service({"m.py": f"{code}class M(BaseModel):\n    a: int\n"})


def test_module_that_ends_the_process_is_refused() -> None:
    code = f"{HEAD}os._exit(3)\nclass M(BaseModel):\n    a: int\n"
    with pytest.raises(BundleError, match="process that imports the service's modules ended"):
        compile_service({"m.py": code})


def test_clients_of_the_sdk_may_be_made_by_imports() -> None:
    client = "s3 = boto3.client('s3')"
    code = f"{HEAD}import boto3\n{client}\nclass M(BaseModel):\n    a: int\n"
    assert client in compile_service({"m.py": code}).files["m.py"]


def test_import_with_an_effect_stays_though_only_an_annotation_named_it() -> None:
    compiled = compile_service(
        {
            "m.py": f"{HEAD}from effect import Name\nfrom plain import Age\n"
            "class M(BaseModel):\n    a: Name\n    b: Age\n",
            "effect.py": "print('imported')\nName = str\n",
            "plain.py": "Age = int\n",
        }
    ).files["m.py"]
    assert "from effect import Name" in compiled
    assert "plain" not in compiled


def test_values_of_settings_are_in_no_message() -> None:
    code = (
        "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    token: int\nS()\n"
    )
    with pytest.raises(BundleError) as caught:
        compile_service({"m.py": code}, {"TOKEN": "hunter2"})
    assert "token" in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "use",
    [
        "M.__annotations__",
        "typing.get_type_hints(M)",
        "type(M(a=1)).__annotations__",
        "getattr(M, '__fields__', {})",
        "hasattr(M, 'model_json_schema')",
    ],
)
def test_code_in_another_module_that_needs_pydantic_is_refused(use: str) -> None:
    model = f"{HEAD}class M(BaseModel):\n    a: int\n"
    with pytest.raises(BundleError, match=r"use\.py, line 2, uses"):
        compile_service({"m.py": model, "use.py": f"from m import M\nprint({use})\n"})


def test_another_module_may_read_the_annotations_of_functions() -> None:
    model = f"{HEAD}class M(BaseModel):\n    a: int\n"
    use = "def route(function):\n    return function.__annotations__\n"
    assert compile_service({"m.py": model, "use.py": use}).models == ["m.py"]
