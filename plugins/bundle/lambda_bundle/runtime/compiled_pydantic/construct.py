"""`BaseModel.model_construct`."""

from pydantic_core import PydanticUndefined

from compiled_pydantic.model import set_attribute


class Methods:
    """Taken by a `Late` attribute of `BaseModel`."""

    @classmethod
    def model_construct(cls, _fields_set=None, **values):
        """Return a model with these values, not validated, and with defaults."""
        model = cls.__new__(cls)
        data = {}
        found = set()
        for name, field in cls.__pydantic_fields__.items():
            value = field.pop_by_alias(values)
            if value is PydanticUndefined:
                value = values.pop(name, PydanticUndefined)
            if value is not PydanticUndefined:
                data[name] = value
                found.add(name)
            elif not field.is_required():
                data[name] = field.get_default(data)
        set_attribute(model, "__dict__", data)
        set_attribute(
            model, "__pydantic_fields_set__", found if _fields_set is None else _fields_set
        )
        if not cls.__pydantic_root_model__:
            allows_extra = cls.model_config.get("extra") == "allow"
            set_attribute(model, "__pydantic_extra__", values if allows_extra else None)
            set_attribute(model, "__pydantic_private__", None)
        if cls.__pydantic_post_init__:
            model.model_post_init(None)
            private = getattr(model, "__pydantic_private__", None)
            if private is not None:
                names = cls.__private_attributes__
                private.update({name: value for name, value in values.items() if name in names})
        return model
