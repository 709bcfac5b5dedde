"""Describes pydantic-settings' classes which read only environment variables.

What others read, such as files or the command line, is left to pydantic-settings.
"""

import importlib.metadata
import types
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import AliasChoices, BaseModel, ConfigDict
from pydantic.fields import FieldInfo

from lambda_bundle.problems import BundleError

# Its private functions say how each field is read. Tests hold these versions to it.
TESTED_VERSIONS = {"2.16"}
# Settings of pydantic-settings that the stand-in takes into account.
UNDERSTOOD = {
    "case_sensitive",
    "env_file",
    "env_file_encoding",
    "env_ignore_empty",
    "env_nested_delimiter",
    "env_nested_max_split",
    "env_prefix",
}


def is_settings(cls: type[BaseModel]) -> bool:
    """Whether a model is one of pydantic-settings."""
    bases = {f"{each.__module__}.{each.__qualname__}" for each in cls.__mro__}
    return "pydantic_settings.main.BaseSettings" in bases


def describe_settings(cls: type[BaseModel]) -> dict[str, Any]:
    """Return what runtime/compiled_pydantic/settings.py reads settings by, as plain data.

    Raises:
        BundleError: the class reads its settings in other ways, too. Says which.
    """
    from pydantic_settings import EnvSettingsSource  # noqa: PLC0415 (few services have it)

    _check_class(cls)
    config: dict[str, Any] = dict(cls.model_config)
    source: Any = EnvSettingsSource(cls)  # type: ignore[arg-type] # A BaseSettings.
    return {
        "case_sensitive": bool(config.get("case_sensitive")),
        "ignore_empty": bool(config.get("env_ignore_empty")),
        "delimiter": config.get("env_nested_delimiter"),
        "max_split": config.get("env_nested_max_split"),
        "files": _list_files(cls),
        "fields": {
            name: _describe_field(cls, source, name, field)
            for name, field in cls.model_fields.items()
        },
    }


def _list_files(cls: Any) -> list[str]:
    """Return the files that the class reads where they exist. The package has none of them."""
    named = cls.model_config.get("env_file") or ()
    files = [str(each) for each in ([named] if isinstance(named, str | Path) else named)]
    for file in files:
        if file.startswith(("/", "~")) or Path(file).exists():
            raise _error(cls, f"reads {Path(file).name}")
    return files


def _check_class(cls: Any) -> None:
    from pydantic_settings import BaseSettings, SettingsConfigDict  # noqa: PLC0415

    version = ".".join(importlib.metadata.version("pydantic-settings").split(".")[:2])
    if version not in TESTED_VERSIONS:
        raise _error(cls, f"uses pydantic-settings {version}, which was not tested")
    for name in ("settings_customise_sources", "_settings_build_values", "_settings_init_sources"):
        if getattr(cls, name).__func__ is not getattr(BaseSettings, name).__func__:
            raise _error(cls, f"has {name}")
    if cls.__init__ is not BaseSettings.__init__:
        raise _error(cls, "has `__init__`")
    own = SettingsConfigDict.__annotations__.keys() - ConfigDict.__annotations__.keys()
    for key in sorted(own - UNDERSTOOD):
        if cls.model_config.get(key) != BaseSettings.model_config.get(key):
            raise _error(cls, f"sets {key}")
    if cls.model_config.get("strict"):
        raise _error(cls, "is strict")


def _describe_field(cls: Any, source: Any, name: str, field: FieldInfo) -> dict[str, Any]:
    from pydantic_settings.sources import utils  # noqa: PLC0415

    if _has_path(field.validation_alias):
        raise _error(cls, f"has a path as an alias of {name}")
    by_name = utils._validate_by_name_enabled(cls.model_config)  # noqa: SLF001
    by_alias = utils._validate_by_alias_enabled(cls.model_config)  # noqa: SLF001
    aliases, _ = utils._get_alias_names(name, field, validate_by_alias=by_alias)  # noqa: SLF001
    candidates = source._extract_field_info(field, name)  # noqa: SLF001
    preferred, _, is_preferred_complex = candidates[0]

    def final_key(key: str, *, is_complex: bool) -> str:
        keeps = is_complex or is_preferred_complex or (by_name and key == name)
        return key if keeps else str(preferred)

    decode = _describe_decoding(cls, source, name, field)
    return {
        "variables": [
            (variable, final_key(key, is_complex=is_complex))
            for key, variable, is_complex in candidates
        ],
        "aliases": list(aliases),
        "by_name": by_name and name not in aliases,
        "decode": decode,
        "parts": _describe_parts(cls, source, field, ()) if decode else None,
    }


def _has_path(alias: Any) -> bool:
    if isinstance(alias, AliasChoices):
        return not all(isinstance(each, str) for each in alias.choices)
    return not isinstance(alias, str | None)


def _describe_decoding(cls: Any, source: Any, name: str, field: FieldInfo) -> str:
    from pydantic_settings.sources import utils  # noqa: PLC0415
    from pydantic_settings.sources.types import ForceDecode, NoDecode  # noqa: PLC0415

    annotation, metadata = utils._get_field_annotation_and_metadata(field)  # noqa: SLF001
    if utils._literal_has_numeric_enum(annotation) or (  # noqa: SLF001
        _is_union(annotation) and utils._union_has_strict_types(annotation)  # noqa: SLF001
    ):
        raise _error(cls, f"converts values of {name} itself")
    is_complex, may_fail = source._field_is_complex(field)  # noqa: SLF001
    if not is_complex:
        return ""
    if ForceDecode in metadata or NoDecode in metadata:
        if ForceDecode not in metadata:
            return "raw"
        raise _error(cls, f"decodes {name} always")
    return "try" if may_fail else "json"


def _describe_parts(
    cls: Any, source: Any, field: FieldInfo, above: tuple[Any, ...]
) -> dict[str, Any] | None:
    """Return the fields of a model by the keys that variables can have for them."""
    model = _find_model(field.annotation)
    if model is None:
        whole = _strip(field.annotation)
        inner = [whole, *map(_strip, get_args(whole))]
        if source.env_nested_delimiter and _has_parts(whole):
            raise _error(cls, f"has variables for parts of {field.annotation}")
        if any(map(_has_fields, inner)):
            raise _error(cls, f"has {field.annotation}, which is no model")
        return None
    if model in above:
        raise _error(cls, f"has {model.__name__} inside itself")
    parts = {}
    for name, each in model.model_fields.items():
        if each.validation_alias is not None or each.alias is not None:
            raise _error(cls, f"has an alias of {name} in {model.__name__}")
        part = {
            "name": name,
            "decode": _describe_decoding(cls, source, name, each),
            "parts": _describe_parts(cls, source, each, (*above, model)),
        }
        for key in {name, source.env_prefix + name}:
            parts[key if source.case_sensitive else key.lower()] = part
    return dict(sorted(parts.items()))


def _find_model(annotation: Any) -> type[BaseModel] | None:
    """Return the model that an annotation is, or that it is if it is not None."""
    annotation = _strip(annotation)
    inner = [each for each in get_args(annotation) if each is not type(None)]
    if _is_union(annotation) and len(inner) == 1:
        annotation = _strip(inner[0])
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return annotation if is_model else None


def _strip(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = annotation.__origin__
    return annotation


def _has_parts(annotation: Any) -> bool:
    """Whether variables may stand for parts of a value: of a dict, or of a class in it."""
    kinds = [annotation, get_origin(annotation)]
    if any(isinstance(each, type) and issubclass(each, dict) for each in kinds):
        return True
    return _has_fields(annotation) or any(map(_has_parts, get_args(annotation)))


def _has_fields(annotation: Any) -> bool:
    # Of a dataclass, or of a type alias, which may stand for one.
    return hasattr(annotation, "__pydantic_fields__") or hasattr(annotation, "__value__")


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, types.UnionType)


def _error(cls: type[Any], what: str) -> BundleError:
    return BundleError(
        f"{cls.__module__}: {cls.__qualname__} {what}. Only settings from environment variables "
        "are compiled."
    )
