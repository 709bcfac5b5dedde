"""What an import binds stays where other code may look for it."""

from pathlib import Path

import pytest
from lambda_bundle.models.compile import ModelCompiler
from services import compile_service, make_package

HEAD = "from pydantic import BaseModel, Field, ValidationError\n"
MODEL = f"{HEAD}class M(BaseModel):\n    a: int\n"
LIMITED = f"{HEAD}from typing import Annotated\nAge = Annotated[int, Field(ge=3)]\n"


def test_handler_that_a_module_only_imports_stays() -> None:
    files = {"handler.py": f"from app import f\n{MODEL}", "app.py": "def f(event, context): ...\n"}
    assert "from app import f" in compile_service(files).files["handler.py"]


@pytest.mark.parametrize(
    "use",
    [
        "import importlib\nm = importlib.import_module('m')\nm.Age\n",
        "import sys\ngetattr(sys.modules['m'], 'Age')\n",
        "import inspect, m\ninspect.getmembers(m)\n",
    ],
)
def test_names_of_a_module_that_code_looks_for_stay(use: str) -> None:
    files = {"m.py": f"{LIMITED}class M(BaseModel):\n    a: Age\n", "use.py": use}
    assert "Age = Annotated[" in compile_service(files).files["m.py"]


def test_name_of_a_package_stays_where_a_module_in_it_is_imported() -> None:
    files = {
        "shop/__init__.py": f"from shop.money import Money\n{MODEL}    b: Money\n",
        "shop/money.py": "Money = int\n",
        "shop/models.py": "",
        "use.py": "import shop.models\nshop.Money\n",
    }
    assert "from shop.money import Money" in compile_service(files).files["shop/__init__.py"]


def test_import_that_is_deleted_stays() -> None:
    use = "from pydantic import ValidationError\nimport json\ndel json\nValidationError\n"
    assert "import json" in compile_service({"m.py": MODEL, "use.py": use}).files["use.py"]


@pytest.mark.parametrize(
    "code",
    [
        "@dataclass\nclass D:\n    a: ClassVar[int] = 3\n",
        "@dataclass\nclass D:\n    a: 'ClassVar[int]' = 3\n",
        "@register\ndef f(a: ClassVar): ...\n",
    ],
)
def test_names_in_postponed_annotations_stay_where_code_may_read_them(code: str) -> None:
    head = (
        "from __future__ import annotations\nfrom typing import ClassVar\n"
        "from dataclasses import dataclass\ndef register(f): return f\n"
    )
    compiled = compile_service({"m.py": f"{head}{MODEL}{code}"}).files["m.py"]
    assert "from typing import ClassVar" in compiled


def test_modules_of_one_function_do_not_change_the_models_of_another() -> None:
    base = f"{HEAD}class Base(BaseModel):\n    a: int\n"
    sub = "from base import Base\nclass {0}(Base):\n    b: int = 0\n"
    every = "import one\nfrom base import Base\nfrom pydantic import RootModel\n"
    every += (
        "from typing import Union\nclass Any(RootModel[Union[tuple(Base.__subclasses__())]]): ...\n"
    )
    files = {"base.py": base, "one.py": sub.format("One"), "two.py": sub.format("Two")}
    package = make_package({**files, "every.py": every})
    with ModelCompiler(package, Path("unused")) as compiler:
        compiler.compile({"base": "base.py", "two": "two.py"})
        modules = {"base": "base.py", "one": "one.py", "every": "every.py"}
        assert "Two" not in compiler.compile(modules).files["every.py"]
