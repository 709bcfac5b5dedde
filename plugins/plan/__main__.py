"""Reads what is deployed and what would be from standard input, as JSON, and prints the plan.

The status is 0, or 3 if the plan is refused.
"""

import json
import sys

from plugins.plan.changes import Change, find_changes
from plugins.plan.guard import find_refusals
from plugins.plan.schemas import CreateOnly
from plugins.plan.template import comparable

REFUSED = 3
KINDS = ["added", "changed", "replaced", "removed"]
# In these states there is no stack yet, or only its bucket.
NEW = {None, "REVIEW_IN_PROGRESS", "DELETE_COMPLETE"}
HINTS = {
    "CREATE_FAILED": "Its first deploy failed. Remove it, and deploy again.",
    "DELETE_FAILED": "Its removal failed. Look at the stack's events, and remove it again.",
    "ROLLBACK_COMPLETE": "Its first deploy failed. Remove it, and deploy again.",
    "ROLLBACK_FAILED": "Its first deploy failed. Remove it, and deploy again.",
    "UPDATE_ROLLBACK_FAILED": "Run `aws cloudformation continue-update-rollback`.",
}


def main() -> None:
    """Print the plan of the request."""
    request = json.load(sys.stdin)
    stack, status = request["stack"], request["status"]
    print(f"\nPlan for {stack} in {request['region']}\n")
    if status not in NEW and (status in HINTS or status.endswith("_IN_PROGRESS")):
        hint = HINTS.get(status, "Wait until the other deploy has ended.")
        print(f"Refused: the stack is in the state {status}. {hint}")
        sys.exit(REFUSED)
    if status in NEW:
        print("There is no such stack yet: the deploy makes everything.\n")
    deployed = request["deployed"] if status not in NEW else None
    old = comparable(deployed or {}, request["deployed_digests"])
    new = comparable(request["packaged"], request["digests"])
    changes = find_changes(old, new, CreateOnly(request["region"]))
    print_changes(changes, unchanged=len(new.resources.keys() & old.resources.keys()))
    allowed = set(request["allowed"])
    refusals = find_refusals(changes, old, allowed)
    if refusals:
        print("\nRefused:", *(f"  {each.reason}" for each in refusals), sep="\n")
        ids = sorted(allowed.union(each.id for each in refusals))
        allow = " ".join(f"--allow {each}" for each in ids)
        print(f"\nTo deploy nevertheless: npm run deploy -- --stage {request['stage']} {allow}")
        sys.exit(REFUSED)


def print_changes(changes: list[Change], unchanged: int) -> None:
    """Print a line for each change, and how many there are of each kind."""
    for each in sorted(changes, key=lambda each: (KINDS.index(each.kind), each.id)):
        print(f"  {each.kind:8}  {each.id} ({each.type}){describe(each)}")
    counts = {kind: sum(each.kind == kind for each in changes) for kind in KINDS}
    unchanged -= counts["changed"] + counts["replaced"]
    numbers = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS)
    print(f"{'' if not changes else chr(10)}{numbers}, {unchanged} unchanged")


def describe(change: Change) -> str:
    """Return which properties change, and which of them replace the resource."""
    if not change.paths:
        return ""
    others = [path for path in change.paths if path not in change.replacing]
    by = [f"by {', '.join(change.replacing)}"] if change.replacing else []
    return f": {'; '.join([*by, *([', '.join(others)] if others else [])])}"


if __name__ == "__main__":
    main()
