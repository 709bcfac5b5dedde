"""Provides `packaging` where it is not installed: the npm package brings it along, as a wheel."""

import importlib.util
import os
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
# Has the folder of `packaging` in another interpreter, which starts this one.
VARIABLE = "LAMBDA_BUNDLE_PACKAGING"


def provide_packaging() -> None:
    """Make `packaging` importable: as it is installed, from the wheel, or from what pip has of it.

    Raises:
        ImportError: it is nowhere.
    """
    if importlib.util.find_spec("packaging"):
        return
    wheels = [*FOLDER.glob("vendor/packaging-*.whl"), *FOLDER.parent.glob("vendor/packaging-*.whl")]
    pip = importlib.util.find_spec("pip")
    if wheels:
        sys.path.append(str(wheels[0]))
    elif folder := os.environ.get(VARIABLE):
        _load(Path(folder))
    elif pip and pip.origin:
        _load(Path(pip.origin).parent / "_vendor/packaging")
    else:
        raise ImportError("lambda-bundle needs packaging: pip install packaging")


def _load(folder: Path) -> None:
    """Load `packaging` from its folder."""
    spec = importlib.util.spec_from_file_location("packaging", folder / "__init__.py")
    assert spec
    assert spec.loader
    sys.modules["packaging"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["packaging"])


def describe_packaging() -> dict[str, str]:
    """Return the variables by which another interpreter finds the `packaging` of this one."""
    spec = importlib.util.find_spec("packaging")
    folder = Path(spec.origin).parent if spec and spec.origin else None
    return {VARIABLE: str(folder)} if folder and folder.is_dir() else {}
