"""What npm and PyPI would have works in an empty project, as README.md says."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from plugin_service import bytecode_of, read_zip
from requests_for import RUNTIME, this_architecture

PACKAGE = Path(__file__).parents[1]
REPOSITORY = PACKAGE.parents[1]
README = (PACKAGE / "README.md").read_text(encoding="utf-8")
PYDANTIC = re.search(
    r"^pydantic==[\d.]+", (REPOSITORY / "requirements.txt").read_text(), re.MULTILINE
)
LOCK = json.loads((REPOSITORY / "package-lock.json").read_text())["packages"]
MODELS = "from pydantic import BaseModel\n\n\nclass Order(BaseModel):\n    count: int\n"
HANDLER = """from models import Order


def handler(event, context):
    return Order.model_validate(event).count
"""


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command in a shell with nothing but the basics; return what it prints."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    kept.pop("VIRTUAL_ENV", None)
    result = subprocess.run(
        [str(each) for each in command],
        cwd=cwd,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        pytest.fail(f"{command}\n{result.stdout}\n{result.stderr}")
    return result.stdout


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the npm tarball, the wheel and the source distribution; return their folder."""
    folder = tmp_path_factory.mktemp("published")
    ignored = shutil.ignore_patterns("__pycache__", "*.whl")
    source = Path(shutil.copytree(PACKAGE, folder / "source", ignore=ignored))
    run("npm", "pack", "--pack-destination", folder, cwd=source, PYTHON=sys.executable)
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, cwd=source)
    return folder


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """Return an interpreter of an environment with nothing but pip."""
    run(sys.executable, "-m", "venv", tmp_path / "environment", cwd=tmp_path)
    return tmp_path / "environment/bin/python"


def test_the_tarball_has_the_plugin_and_what_it_needs_and_no_more(published: Path) -> None:
    with tarfile.open(published / "lambda-bundle-0.1.0.tgz") as archive:
        names = {name.removeprefix("package/") for name in archive.getnames()}
    required = {"LICENSE", "README.md", "index.js", "package.json"}
    required |= {f"lambda_bundle/{path}" for path in list_sources()}
    assert required <= names
    others = {name for name in names - required if not name.startswith(("docs/", "plugin/"))}
    assert {re.sub(r"[\d.]+", "*", name) for name in others} == {
        "vendor/packaging-*-py*-none-any*whl"
    }


def test_the_wheel_and_the_source_distribution_have_the_bundler_and_no_more(
    published: Path,
) -> None:
    sources = {f"lambda_bundle/{path}" for path in list_sources()}
    wheel = read_zip(published / "lambda_bundle-0.1.0-py3-none-any.whl").keys()
    assert {name for name in wheel if ".dist-info/" not in name} == sources
    with tarfile.open(published / "lambda_bundle-0.1.0.tar.gz") as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    files = {name for name in names if not name.startswith("docs/")}
    metadata = {"LICENSE", "PKG-INFO", "README.md", "pyproject.toml"}
    assert files - {".gitignore"} == sources | metadata


def list_sources() -> set[str]:
    """Return the paths of the bundler's files."""
    folder = PACKAGE / "lambda_bundle"
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)) for path in files if "__pycache__" not in path.parts}


def test_the_two_lines_of_the_readme_work_in_an_empty_project(
    tmp_path: Path, published: Path, python: Path
) -> None:
    project = tmp_path / "shop"
    project.mkdir()
    write_service(project)
    cli = LOCK["node_modules/serverless"]["version"]
    requirements = LOCK["node_modules/serverless-python-requirements"]["version"]
    run("npm", "init", "--yes", cwd=project)
    others = [f"serverless@npm:osls@{cli}", f"serverless-python-requirements@{requirements}"]
    install = ["npm", "install", "--save-dev", "--prefer-offline", "--ignore-scripts"]
    run(*install, *others, cwd=project)
    (line,) = re.findall(r"(?m)^npm install --save-dev lambda-bundle$", README)
    command = line.replace("lambda-bundle", f"{published}/lambda-bundle-0.1.0.tgz")
    run(*command.split(), cwd=project)
    (plugins,) = re.findall(r"(?s)```yml\n# serverless.yml\n(plugins:.*?)```", README)
    with (project / "serverless.yml").open("a") as configuration:
        configuration.write(plugins)
    run(
        project / "node_modules/.bin/serverless",
        "package",
        cwd=project,
        VIRTUAL_ENV=str(python.parents[1]),
        XDG_CACHE_HOME=str(tmp_path / "cache"),
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
    )
    report = json.loads((project / ".serverless/bundle/report.json").read_text())
    (function,) = report["functions"]
    assert function["compiled"] == ["models.py"]
    assert any((tmp_path / "cache/lambda-bundle").iterdir())
    check_bundle(project / ".serverless/bundle/order.zip", tmp_path)


def test_the_command_of_the_wheel_bundles_a_folder(
    tmp_path: Path, published: Path, python: Path
) -> None:
    run(
        python,
        "-m",
        "pip",
        "install",
        published / "lambda_bundle-0.1.0-py3-none-any.whl",
        cwd=tmp_path,
    )
    package = tmp_path / "package"
    package.mkdir()
    write_service(package)
    run(
        python,
        "-m",
        "pip",
        "install",
        "--target",
        package,
        "-r",
        package / "requirements.txt",
        cwd=tmp_path,
    )
    (line,) = re.findall(r"(?m)^lambda-bundle build package.zip (.*)$", README)
    arguments = line.replace("python3.13", RUNTIME).replace("app.handler", "order.handler").split()
    arguments += ["--architecture", this_architecture()]
    run(python.with_name("lambda-bundle"), "build", package, *arguments, cwd=tmp_path)
    check_bundle(tmp_path / "bundle.zip", tmp_path)


def write_service(folder: Path) -> None:
    """Write a service with one function, and one model."""
    assert PYDANTIC
    configuration = {
        "service": "shop",
        "provider": {"name": "aws", "runtime": RUNTIME, "architecture": this_architecture()},
        "functions": {"order": {"handler": "order.handler"}},
        "package": {"patterns": ["!**", "*.py"]},
        "custom": {"pythonRequirements": {"pythonBin": sys.executable}},
    }
    lines = [f"{key}: {json.dumps(value)}\n" for key, value in configuration.items()]
    (folder / "serverless.yml").write_text("".join(lines))
    (folder / "requirements.txt").write_text(f"{PYDANTIC[0]}\n")
    (folder / "models.py").write_text(MODELS)
    (folder / "order.py").write_text(HANDLER)


def check_bundle(artifact: Path, tmp_path: Path) -> None:
    """Check that an artifact of the service has valid bytecode, no pydantic, and responds."""
    files = read_zip(artifact)
    assert bytecode_of("order.py") in files
    assert not {name for name in files if name.startswith("pydantic/")}
    with zipfile.ZipFile(artifact) as archive:
        archive.extractall(tmp_path / "task")
    call = f"import sys; sys.path.insert(0, {str(tmp_path / 'task')!r}); import order; "
    code = f"{call} print(order.handler({{'count': 3}}, None))"
    assert run(sys.executable, "-I", "-S", "-c", code, cwd=tmp_path) == "3\n"
