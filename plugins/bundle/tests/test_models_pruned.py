"""What an import binds stays where other code may look for it."""

import pytest
from services import compile_service

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
