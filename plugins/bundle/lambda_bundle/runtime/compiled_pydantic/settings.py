"""`BaseSettings` for compiled models: settings from environment variables.

The compiler writes down, in `__settings__`, which variables a field has and how each is read:

- `case_sensitive`, `ignore_empty`, `delimiter` and `max_split`: as pydantic-settings has them;
- `files`: those of `env_file`, which the package does not have;
- `fields`: by name, a field. It has
  - `variables`: names of environment variables, each with the key that its value is validated by;
  - `aliases`: the keys of the field, the first of which is preferred;
  - `by_name`: whether its name is one of the keys, too;
  - `decode`: "" if the value is a text, "json" if it is JSON, "try" if it may be JSON, "raw" if it
    is neither but may have parts;
  - `parts`: for a model its fields by their keys in variables, each with their name; else None.
"""

import os

from compiled_pydantic.config import KEYS
from compiled_pydantic.config import ConfigDict as SettingsConfigDict  # noqa: F401 (offered here)
from compiled_pydantic.model import BaseModel

SETTINGS_KEYS = {
    "case_sensitive",
    "cli_avoid_json",
    "cli_enforce_required",
    "cli_exit_on_error",
    "cli_flag_prefix_char",
    "cli_hide_none_type",
    "cli_ignore_unknown_args",
    "cli_implicit_flags",
    "cli_kebab_case",
    "cli_parse_args",
    "cli_parse_none_str",
    "cli_prefix",
    "cli_prog_name",
    "cli_shortcuts",
    "cli_show_env_vars",
    "cli_use_class_docs_for_groups",
    "dotenv_filtering",
    "enable_decoding",
    "env_file",
    "env_file_depth",
    "env_file_encoding",
    "env_ignore_empty",
    "env_nested_delimiter",
    "env_nested_max_split",
    "env_parse_enums",
    "env_parse_none_str",
    "env_prefix",
    "env_prefix_target",
    "json_file",
    "json_file_encoding",
    "nested_model_default_partial_update",
    "pyproject_toml_depth",
    "pyproject_toml_table_header",
    "secrets_case_sensitive",
    "secrets_dir",
    "secrets_dir_max_size",
    "secrets_dir_missing",
    "secrets_nested_delimiter",
    "secrets_nested_subdir",
    "secrets_prefix",
    "toml_file",
    "toml_table_header",
    "yaml_config_section",
    "yaml_file",
    "yaml_file_encoding",
}

# Class arguments that are configuration, too, once pydantic-settings is imported.
KEYS.update(SETTINGS_KEYS)


class SettingsError(ValueError):
    """Raised when an environment variable is not the JSON that it must be."""


class BaseSettings(BaseModel):
    """A model that takes values from environment variables."""

    __settings__ = None

    def __init__(self, /, **values):
        # Positional-only `self`, because a field may have that name.
        for name in values:
            if name in SOURCES:
                raise TypeError(f"{name}: compiled settings read only environment variables.")
        super().__init__(**_collect(type(self).__settings__, values))


SOURCES = {
    "_build_sources",
    "_case_sensitive",
    "_cli_parse_args",
    "_cli_settings_source",
    "_env_file",
    "_env_file_depth",
    "_env_file_encoding",
    "_env_ignore_empty",
    "_env_nested_delimiter",
    "_env_nested_max_split",
    "_env_parse_enums",
    "_env_parse_none_str",
    "_env_prefix",
    "_env_prefix_target",
    "_nested_model_default_partial_update",
    "_secrets_dir",
}


def _collect(settings, values):
    """Return the values to validate: those given, and those of environment variables."""
    for file in settings["files"]:
        if os.path.exists(file):  # noqa: PTH110 (pathlib takes long to import)
            raise TypeError(f"{file} exists: compiled settings read only environment variables.")
    given = _rename_given(settings, values)
    collected = _merge(_read_environment(settings), given)
    for name, field in settings["fields"].items():
        keys = {*field["aliases"], *([name] if field["by_name"] else [])}
        used = [key for key in values if key in keys]
        found = [key for key in field["aliases"] if key in collected]
        if used and found:
            value = collected[found[0]]
            for key in keys:
                collected.pop(key, None)
            collected[used[0]] = value
    return collected


def _rename_given(settings, values):
    """Return the given values by the preferred key of their field."""
    left, given = dict(values), {}
    for name, field in settings["fields"].items():
        keys = [*field["aliases"], *([name] if field["by_name"] else [])]
        wanted = dict.fromkeys(_normalize(settings, key) for key in keys)
        matched = [key for want in wanted for key in left if _normalize(settings, key) == want]
        if matched:
            given[field["aliases"][0]] = values[matched[0]]
            left = {key: value for key, value in left.items() if key not in matched}
    return given | left


def _read_environment(settings):
    variables = {
        _normalize(settings, name): value
        for name, value in os.environ.items()
        if value or not settings["ignore_empty"]
    }
    read = {}
    for name, field in settings["fields"].items():
        try:
            key, value = _read_field(settings, field, variables)
        except ValueError as error:
            raise SettingsError(
                f'error parsing value for field "{name}" from source "EnvSettingsSource"'
            ) from error
        if value is not None:
            read[key] = value
    return read


def _read_field(settings, field, variables):
    """Return the key and the value of a field; the value is None if no variable is set."""
    key = value = None
    for variable, key in field["variables"]:  # noqa: B007 (that of the last one, if none is set)
        value = variables.get(variable)
        if value is not None:
            break
    if field["decode"]:
        if value is None:
            value = _read_parts(settings, field, variables) or None
        else:
            value = _decode(field, value)
            if isinstance(value, dict):
                value = _merge(value, _read_parts(settings, field, variables))
    if isinstance(value, dict) and not settings["case_sensitive"]:
        value = _rename_parts(field, value)
    return key, value


def _read_parts(settings, field, variables):
    """Return what the variables of a field's parts make, such as `DB__HOST` of `db`."""
    parts = {}
    if not settings["delimiter"]:
        return parts
    starts = [variable + settings["delimiter"] for variable, _key in field["variables"]]
    for name, value in variables.items():
        start = next((each for each in starts if name.startswith(each)), None)
        if start is None:
            continue
        path = name[len(start) :].split(settings["delimiter"], (settings["max_split"] or 0) - 1)
        inner, part = parts, field
        for key in path[:-1]:
            part = _find_part(part, key)
            if isinstance(inner, dict):
                inner = inner.setdefault(key, {})
        part = _find_part(part, path[-1])
        if isinstance(inner, dict):
            inner[path[-1]] = _decode(part, value) if part and part["decode"] and value else value
    return parts


def _find_part(field, key):
    return ((field or {}).get("parts") or {}).get(key)


def _rename_parts(field, values):
    """Return the values of a model by the names of its fields, in whatever case they are."""
    if not field["parts"]:
        return values
    renamed = {}
    for key, value in values.items():
        part = field["parts"].get(key.lower())
        if part and part["name"].lower() != key.lower():
            part = None  # A key with the prefix.
        is_whole = not part or not isinstance(value, dict)
        renamed[part["name"] if part else key] = value if is_whole else _rename_parts(part, value)
    return renamed


def _decode(field, value):
    if field["decode"] == "raw":
        return value
    import json

    try:
        return json.loads(value)
    except ValueError:
        if field["decode"] == "try":
            return value
        raise


def _merge(values, over):
    """Return the values with those of `over` in their place; dicts in both are merged."""
    merged = dict(values)
    for key, value in over.items():
        both = isinstance(merged.get(key), dict) and isinstance(value, dict)
        merged[key] = _merge(merged[key], value) if both else value
    return merged


def _normalize(settings, name):
    return name if settings["case_sensitive"] else name.lower()
