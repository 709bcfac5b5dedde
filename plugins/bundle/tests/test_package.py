"""What a package contains: the service's own files, and distributions."""

from pathlib import Path

import pytest
from lambda_bundle.bundle import make_bundles
from lambda_bundle.package import Package
from lambda_bundle.problems import BundleError
from requests_for import declare_size, distribution, request_for


def test_package_patterns_match_as_in_serverless(tmp_path: Path) -> None:
    for path in ("a.py", "b/c.py", "b/d/e.py", "b/d/f.txt", "g/h.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()

    def matched(*patterns: str) -> set[str]:
        return set(Package({}).with_sources(tmp_path, list(patterns)).files)

    assert matched("!**", "a.py", "b/**/*.py") == {"a.py", "b/c.py", "b/d/e.py"}
    assert matched("**", "!b/d/**", "b/d/f.txt") == {"a.py", "b/c.py", "b/d/f.txt", "g/h.py"}
    assert matched("b/**") == {"b/c.py", "b/d/e.py", "b/d/f.txt"}
    assert matched("**/*.py", "!b/**/*.py") == {"a.py", "g/h.py"}


def test_leftover_and_vendored_metadata_is_no_distribution(tmp_path: Path) -> None:
    vendored = {f"a/_vendor/{path}": text for path, text in distribution("b").items()}
    leftover = {"a-0.dist-info/direct_url.json": "{}"}
    request = request_for(
        tmp_path, {"handler.py": "import a", **leftover, **distribution("a", *vendored), **vendored}
    )
    package = Package.read(Path(request["package"]))
    assert package.distributions.keys() == {"a"}
    assert package.distributions["a"].version == "1"
    make_bundles(request)


def test_a_package_that_is_too_large_is_left_and_its_largest_folders_are_named(
    tmp_path: Path,
) -> None:
    request = request_for(tmp_path, {"handler.py": "", "node_modules/a.js": ""})
    declare_size(Path(request["package"]), "node_modules/a.js", 1_200_000_000)
    (result,) = make_bundles(request)
    assert result["function"] == "f"
    assert "1.20 GB unzipped" in result["left"]
    assert "node_modules (1.20 GB)" in result["left"]
    with pytest.raises(BundleError, match="The function f cannot be bundled: the package has"):
        make_bundles({**request, "strict": True})
