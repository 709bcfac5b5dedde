"""Changes to libraries that import pydantic only to call a method of a model.

Without pydantic they would fail, though compiled models have the method. A change is made only if
the library's code is as it was when the change was written, and only beside compiled models. Line
numbers stay.
"""

from dataclasses import dataclass

from lambda_bundle.package import Package


@dataclass(frozen=True)
class Change:
    """A change to a file: `new` in place of `old`, if another file has the text `condition`."""

    path: str
    old: bytes
    new: bytes
    other_path: str
    condition: bytes


CHANGES = [
    # Logger and Metrics of Powertools dump models with it, those with a method `json`.
    Change(
        path="aws_lambda_powertools/shared/functions.py",
        old=b"    from aws_lambda_powertools.event_handler.openapi.compat import _model_dump\n\n"
        b"    return _model_dump(data)\n",
        new=b"    # lambda-bundle: as _model_dump does, which needs pydantic.\n\n"
        b'    return data.model_dump(mode="json")\n',
        other_path="aws_lambda_powertools/event_handler/openapi/compat.py",
        condition=b'\ndef _model_dump(model: BaseModel, mode: Literal["json", "python"] = "json", '
        b"**kwargs: Any) -> Any:\n    return model.model_dump(mode=mode, **kwargs)\n",
    ),
]


def change_libraries(package: Package) -> Package:
    """Return the package with the changes that fit it."""
    changed = {
        change.path: package.files[change.path].replace(change.old, change.new)
        for change in CHANGES
        if change.old in package.files.get(change.path, b"")
        and change.condition in package.files.get(change.other_path, b"")
    }
    return package.with_files(changed) if changed else package
