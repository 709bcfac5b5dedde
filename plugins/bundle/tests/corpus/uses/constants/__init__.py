"""Constants made of models: instances, lists, dicts, comprehension, imported by others."""
