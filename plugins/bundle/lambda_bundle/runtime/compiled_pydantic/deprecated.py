"""Methods of pydantic's first version. Each warns that it is deprecated."""

import warnings

from pydantic_core import PydanticCustomError, PydanticUndefined, ValidationError

from compiled_pydantic.methods import get_private
from compiled_pydantic.model import BaseModel, set_attribute
from compiled_pydantic.warnings import PydanticDeprecatedSince20


class Methods:
    """Taken by `Late` attributes of `BaseModel`."""

    def dict(
        self,
        *,
        include=None,
        exclude=None,
        by_alias=False,
        exclude_unset=False,
        exclude_defaults=False,
        exclude_none=False,
    ):
        """Return `model_dump`."""
        _warn("The `dict` method is deprecated; use `model_dump` instead.")
        return self.model_dump(
            include=include,
            exclude=exclude,
            by_alias=by_alias,
            exclude_unset=exclude_unset,
            exclude_defaults=exclude_defaults,
            exclude_none=exclude_none,
        )

    def json(
        self,
        *,
        include=None,
        exclude=None,
        by_alias=False,
        exclude_unset=False,
        exclude_defaults=False,
        exclude_none=False,
        encoder=PydanticUndefined,
        models_as_dict=PydanticUndefined,
        **dumps_kwargs,
    ):
        """Return `model_dump_json`."""
        _warn("The `json` method is deprecated; use `model_dump_json` instead.")
        if encoder is not PydanticUndefined:
            raise TypeError(
                "The `encoder` argument is no longer supported; use field serializers instead."
            )
        if models_as_dict is not PydanticUndefined:
            raise TypeError(
                "The `models_as_dict` argument is no longer supported; "
                "use a model serializer instead."
            )
        if dumps_kwargs:
            raise TypeError("`dumps_kwargs` keyword arguments are no longer supported.")
        return self.model_dump_json(
            include=include,
            exclude=exclude,
            by_alias=by_alias,
            exclude_unset=exclude_unset,
            exclude_defaults=exclude_defaults,
            exclude_none=exclude_none,
        )

    def copy(self, *, include=None, exclude=None, update=None, deep=False):
        """Return a copy with some of the fields, and with the values of `update`."""
        _warn(
            "The `copy` method is deprecated; use `model_copy` instead. See the docstring of "
            "`BaseModel.copy` for details about how to handle `include` and `exclude`."
        )
        values = {**_select(self, include, exclude), **(update or {})}
        private, extra = get_private(self), self.__pydantic_extra__
        if extra is not None:
            extra = {name: values.pop(name) for name in extra if name in values}
        fields_set = {*self.__pydantic_fields_set__, *(update or ())} - set(exclude or ())
        if deep:
            from copy import deepcopy

            values, extra, private = deepcopy(values), deepcopy(extra), deepcopy(private)
        copied = type(self).__new__(type(self))
        set_attribute(copied, "__dict__", values)
        set_attribute(copied, "__pydantic_extra__", extra)
        set_attribute(copied, "__pydantic_fields_set__", fields_set)
        set_attribute(copied, "__pydantic_private__", private)
        return copied

    @classmethod
    def parse_obj(cls, obj):
        """Return `model_validate`."""
        _warn("The `parse_obj` method is deprecated; use `model_validate` instead.")
        return cls.model_validate(obj)

    @classmethod
    def parse_raw(cls, b, *, content_type=None, encoding="utf8", proto=None, allow_pickle=False):
        """Return the model for a text of JSON.

        Raises:
            TypeError: the text is said to be something else.
        """
        _warn(
            "The `parse_raw` method is deprecated; if your data is JSON use `model_validate_json`, "
            "otherwise load the data then use `model_validate` instead."
        )
        obj = _load(cls, b, content_type, encoding, proto, allow_pickle=allow_pickle)
        return cls.model_validate(obj)

    @classmethod
    def from_orm(cls, obj):
        """Return `model_validate` of an object's attributes."""
        from compiled_pydantic.errors import PydanticUserError

        _warn(
            "The `from_orm` method is deprecated; set `model_config['from_attributes']=True` and "
            "use `model_validate` instead."
        )
        if not cls.model_config.get("from_attributes"):
            raise PydanticUserError(
                "You must set the config attribute `from_attributes=True` to use from_orm",
                code=None,
            )
        return cls.model_validate(obj)

    @classmethod
    def construct(cls, _fields_set=None, **values):
        """Return `model_construct`."""
        _warn("The `construct` method is deprecated; use `model_construct` instead.")
        return cls.model_construct(_fields_set=_fields_set, **values)

    @classmethod
    def validate(cls, value):
        """Return `model_validate`."""
        _warn("The `validate` method is deprecated; use `model_validate` instead.")
        return cls.model_validate(value)

    @classmethod
    def update_forward_refs(cls, **localns):
        """Do nothing: the model is complete."""
        _warn("The `update_forward_refs` method is deprecated; use `model_rebuild` instead.")
        if localns:
            raise TypeError("`localns` arguments are not longer accepted.")
        cls.model_rebuild(force=True)

    @property
    def __fields_set__(self):
        """Return `model_fields_set`."""
        _warn("The `__fields_set__` attribute is deprecated, use `model_fields_set` instead.")
        return self.__pydantic_fields_set__


def _warn(message):
    # The caller of the method, past the method.
    warnings.warn(message, PydanticDeprecatedSince20, stacklevel=3)


def _load(cls, text, content_type, encoding, proto, *, allow_pickle):
    import json

    _warn("`load_str_bytes` is deprecated.")
    is_json = content_type is None or content_type.endswith(("json", "javascript"))
    if not is_json or proto not in (None, "json") or allow_pickle:
        raise TypeError("A compiled model's `parse_raw` takes only JSON.")
    try:
        return json.loads(text.decode(encoding) if isinstance(text, bytes) else text)
    except ValueError as error:
        kinds = {UnicodeDecodeError: "unicodedecode", json.JSONDecodeError: "jsondecode"}
        kind = f"value_error.{kinds[type(error)]}" if type(error) in kinds else "value_error"
        details = {
            "type": PydanticCustomError(kind, str(error)),
            "loc": ("__root__",),
            "input": text,
        }
        raise ValidationError.from_exception_data(cls.__name__, [details]) from error


def _select(model, include, exclude):
    """Return the values, as pydantic selects them: with `include` or `exclude`, they are copied.

    Raises:
        TypeError: parts of values are selected.
    """
    values = {**model.__dict__, **(model.__pydantic_extra__ or {})}
    if include is None and exclude is None:
        return values
    for each in (include, exclude):
        if hasattr(each, "values") and not all(part in (True, ...) for part in each.values()):
            raise TypeError("A compiled model's `copy` takes only names of whole fields.")
    fields = type(model).__pydantic_fields__
    left_out = set(exclude or ())
    if exclude is not None:
        left_out |= {name for name, field in fields.items() if field.exclude}
    if include is not None:
        left_out |= {name for name in values if name not in include or name not in fields}
    return {name: _copy_value(value) for name, value in values.items() if name not in left_out}


def _copy_value(value):
    if isinstance(value, BaseModel):
        return value.copy()
    if isinstance(value, dict):
        return {key: _copy_value(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        copied = map(_copy_value, value)
        return type(value)(*copied) if hasattr(value, "_fields") else type(value)(copied)
    return value
