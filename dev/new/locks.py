"""Removes packages from lock files, with the result that `npm run lock` would have."""

import json
import re
from collections.abc import Collection
from typing import Any

# A package of a requirements file: its pin, its hashes, and the comment that says who needs it.
REQUIREMENT = re.compile(r"(?m)^([a-z][\w.-]*)==.*\n(?: .*\n)+")
VIA = re.compile(r"    # via(?: (?P<one>.+)\n|\n(?P<many>(?:    #   .+\n)+))")


def edit_python_lock(text: str, removed: Collection[str]) -> str:
    """Return a requirements file without these packages, and those that only they need."""
    removed = set(removed)
    blocks = {found[1]: found[0] for found in REQUIREMENT.finditer(text)}
    while True:
        orphans = {
            name for name, block in blocks.items() if not set(_find_users(block)) - removed
        } | removed
        if orphans == removed:
            break
        removed = orphans
    for name, block in blocks.items():
        text = text.replace(block, "" if name in removed else _without_users(block, removed))
    return text


def _find_users(block: str) -> list[str]:
    found = VIA.search(block)
    if not found:
        raise LookupError(f"no `# via` in {block}")
    return re.findall(r"(?m)^    #   (.+)$", found["many"]) if found["many"] else [found["one"]]


def _without_users(block: str, removed: Collection[str]) -> str:
    users = [user for user in _find_users(block) if user not in removed]
    if len(users) == 1:
        via = f"    # via {users[0]}\n"
    else:
        via = "    # via\n" + "".join(f"    #   {user}\n" for user in users)
    return VIA.sub(lambda _: via, block)


def leave_out_node_packages(package: dict[str, Any], removed: Collection[str]) -> None:
    """Take packages out of the dependencies that a package.json, or its part of the lock, has."""
    for kind in ("dependencies", "devDependencies"):
        kept = {name: each for name, each in package.get(kind, {}).items() if name not in removed}
        if kept:
            package[kind] = kept
        else:
            package.pop(kind, None)


def edit_node_lock(text: str, removed: Collection[str]) -> str:
    """Return package-lock.json without these packages of its root, and those that only they need.

    This follows dependencies one level deep: enough for the packages in recipe.py.
    """
    lock = json.loads(text)
    packages = lock["packages"]
    leave_out_node_packages(packages[""], removed)
    for name in removed:
        gone = packages.pop(f"node_modules/{name}")
        for needed in _find_needed(gone):
            if not any(needed in _find_needed(each) for each in packages.values()):
                packages.pop(f"node_modules/{needed}", None)
    return json.dumps(lock, indent=2, ensure_ascii=False) + "\n"


def _find_needed(package: dict[str, dict[str, str]]) -> set[str]:
    kinds = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
    return {name for kind in kinds for name in package.get(kind, {})}
