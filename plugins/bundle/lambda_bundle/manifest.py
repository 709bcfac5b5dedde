"""The software bill of materials of an artifact: https://cyclonedx.org/docs/1.6/json/."""

import hashlib
import json
from typing import Any

from lambda_bundle.distributions import Distribution


def make_manifest(function: str, files: dict[str, bytes], distributions: list[Distribution]) -> str:
    """Return the manifest of a function's artifact, which lists its distributions and files.

    It has no timestamp and no serial number, so that the same artifact has the same manifest.
    """
    manifest = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": function}},
        "components": [
            *map(_describe_distribution, sorted(distributions, key=lambda each: each.name)),
            *(_describe_file(path, files[path]) for path in sorted(files)),
        ],
    }
    return json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"


def _describe_distribution(distribution: Distribution) -> dict[str, Any]:
    version = distribution.version
    purl = f"pkg:pypi/{distribution.name}" + (f"@{version}" if version else "")
    described: dict[str, Any] = {
        "type": "library",
        "bom-ref": purl,
        "name": distribution.name,
        **({"version": version} if version else {}),
        "purl": purl,
    }
    if distribution.license:
        described["licenses"] = [{"license": {"name": distribution.license}}]
    return described


def _describe_file(path: str, content: bytes) -> dict[str, Any]:
    digest = hashlib.sha256(content).hexdigest()
    hashes = [{"alg": "SHA-256", "content": digest}]
    return {"type": "file", "name": path, "hashes": hashes}
