"""A new service leaves parts of this one out, with what only those need."""

import json

from dev.new.configuration import leave_out
from dev.new.definitions import keep_definitions
from dev.new.locks import edit_node_lock, edit_python_lock

REQUIREMENTS = """\
# By npm run lock.
alone==1 \\
    --hash=sha256:1
    # via shared-with
kept==2 ; sys_platform == 'linux' \\
    --hash=sha256:2
    # via service (pyproject.toml:dev)
shared==3 \\
    --hash=sha256:3
    # via
    #   kept
    #   shared-with
shared-with==4 \\
    --hash=sha256:4
    # via service (pyproject.toml:dev)
"""


def test_removing_a_python_package_removes_those_that_only_it_needs() -> None:
    assert edit_python_lock(REQUIREMENTS, ["shared-with"]) == (
        "# By npm run lock.\n"
        "kept==2 ; sys_platform == 'linux' \\\n"
        "    --hash=sha256:2\n"
        "    # via service (pyproject.toml:dev)\n"
        "shared==3 \\\n"
        "    --hash=sha256:3\n"
        "    # via kept\n"
    )


def test_removing_a_node_package_removes_those_that_only_it_needs() -> None:
    kept = {"node_modules/kept": {"dependencies": {"shared": "1"}}, "node_modules/shared": {}}
    gone = {
        "node_modules/gone": {"optionalDependencies": {"shared": "1", "alone": "1"}},
        "node_modules/alone": {},
    }
    lock = {"packages": {"": {"devDependencies": {"gone": "1", "kept": "1"}}, **gone, **kept}}
    edited = json.loads(edit_node_lock(json.dumps(lock), ["gone"]))
    assert edited == {"packages": {"": {"devDependencies": {"kept": "1"}}, **kept}}


def test_removing_a_setting_removes_the_comment_above_it_and_all_below_it() -> None:
    text = "a:\n  # On b.\n  b: # Why.\n    c: 1\n\n    d: 2\n\n  # On e.\n  e: 3\n"
    assert leave_out(text, "b", indent=2) == "a:\n\n  # On e.\n  e: 3\n"


def test_removing_a_definition_removes_its_decorators_and_imports() -> None:
    source = (
        '"""A module."""\n\nimport json\nfrom a import b, c\n\n\n'
        "@c\ndef gone() -> None:\n    json.dumps(1)\n\n\ndef kept() -> None:\n    b()\n"
    )
    assert keep_definitions(source, {"kept"}.__contains__) == (
        '"""A module."""\n\nfrom a import b\n\n\ndef kept() -> None:\n    b()\n'
    )
