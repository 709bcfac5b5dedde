"""`BaseModel.model_construct`."""

from pydantic_core import PydanticUndefined

from compiled_pydantic.model import set_attribute


def construct(model_class, fields_set, values):
    """Return a model with these values, which are not validated, and with defaults."""
    model = model_class.__new__(model_class)
    data = {}
    found = set()
    for name, field in model_class.__pydantic_fields__.items():
        value = field.pop_by_alias(values)
        if value is PydanticUndefined:
            value = values.pop(name, PydanticUndefined)
        if value is not PydanticUndefined:
            data[name] = value
            found.add(name)
        elif not field.is_required():
            data[name] = field.get_default(data)
    set_attribute(model, "__dict__", data)
    set_attribute(model, "__pydantic_fields_set__", found if fields_set is None else fields_set)
    if not model_class.__pydantic_root_model__:
        allows_extra = model_class.model_config.get("extra") == "allow"
        set_attribute(model, "__pydantic_extra__", values if allows_extra else None)
        set_attribute(model, "__pydantic_private__", None)
    if model_class.__pydantic_post_init__:
        model.model_post_init(None)
        private = getattr(model, "__pydantic_private__", None)
        if private is not None:
            names = model_class.__private_attributes__
            private.update({name: value for name, value in values.items() if name in names})
    return model
