"""The distributions among a package's files, as their metadata describes them."""

import importlib.metadata
import platform
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}  # By Lambda's names of architectures.


@dataclass
class Distribution:
    """A distribution (https://packaging.python.org/en/latest/glossary/) in the package.

    `files` has paths, and `requires` its requirements, some of which may not be in the package.
    `is_complete` is whether its metadata says which files it has.
    """

    name: str
    version: str
    license: str | None
    files: set[str]
    requires: list[Requirement]
    is_complete: bool = True


def find_distributions(folder: Path, files: Iterable[str]) -> Iterator[Distribution]:
    """Yield the distributions in a folder or zip that has these files.

    Metadata without RECORD, which some packagers delete, names the top-level modules at best.
    """
    paths = set(files)
    for found in importlib.metadata.distributions(path=[str(folder)]):
        metadata = found.metadata
        # A folder without a name in its metadata is left over from another version.
        if not metadata or "Name" not in metadata:
            continue
        licenses = metadata.get_all("License-Expression", []) + metadata.get_all("License", [])
        name = canonicalize_name(found.name)
        listed = {str(path) for path in found.files or ()} & paths
        is_recorded = any(path.endswith((".py", ".so")) for path in listed)
        tops = [] if is_recorded else (found.read_text("top_level.txt") or "").split()
        yield Distribution(
            name=name,
            version=found.version or "",
            license=next(filter(None, licenses), None),
            files=listed | set(_find_files(paths, tops, name)) if tops else listed,
            requires=list(_parse(found.requires or ())),
            is_complete=is_recorded or bool(tops) or found.read_text("RECORD") is not None,
        )


def describe_target(runtime: str, architecture: str) -> dict[str, str]:
    """Return what markers of requirements are evaluated with.

    https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers
    """
    version = runtime.removeprefix("python")
    return {
        "implementation_name": "cpython",
        "implementation_version": f"{version}.0",
        "os_name": "posix",
        "platform_machine": MACHINES.get(architecture, platform.machine()),
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": "Linux",
        "platform_version": "",
        "python_full_version": f"{version}.0",
        "python_version": version,
        "sys_platform": "linux",
    }


def with_requirements(
    distributions: dict[str, Distribution], names: Iterable[str], target: dict[str, str]
) -> set[str]:
    """Return these distributions and all that they require, except those not in the package.

    Extras count only if a requirement asks for them.
    """
    reached: set[tuple[str, str]] = set()
    waiting = [(name, "") for name in names]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in reached or name not in distributions:
            continue
        reached.add((name, extra))
        for each in distributions[name].requires:
            if each.marker is None or each.marker.evaluate({**target, "extra": extra}):
                required = canonicalize_name(each.name)
                waiting += [(required, asked) for asked in ("", *each.extras)]
    return {name for name, _ in reached}


def _find_files(paths: set[str], tops: list[str], name: str) -> Iterator[str]:
    """Yield the paths of top-level modules, and of the metadata of the distribution `name`."""
    for path in paths:
        top, _, inner = path.partition("/")
        is_module = (top if inner else top.partition(".")[0]) in tops
        is_metadata = inner and top.endswith((".dist-info", ".egg-info"))
        owner = top.rpartition(".")[0].partition("-")[0]
        if is_module or (is_metadata and canonicalize_name(owner) == name):
            yield path


def _parse(requirements: Iterable[str]) -> Iterator[Requirement]:
    for text in requirements:
        try:
            yield Requirement(text)
        except InvalidRequirement:  # Old metadata, in which the name is all that matters.
            name = text.replace("(", " ").replace(";", " ").split()[0]
            try:
                yield Requirement(name)
            except InvalidRequirement:
                continue
