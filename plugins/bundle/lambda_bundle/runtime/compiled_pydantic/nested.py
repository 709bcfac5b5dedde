"""Makes functions again that another function had made, such as a validator with a limit."""


def make_again(outer, name, line, values, *, defaults=None, keyword_defaults=None):
    """Return a function that is nested in another, with the values that it had from around it.

    Args:
        outer: the function in which it is defined.
        name: its `__qualname__`.
        line: where it starts in the module.
        values: by the names that it has from around it.
        defaults: those of its arguments, as `__defaults__` has them.
        keyword_defaults: as `__kwdefaults__` has them.
    """
    outer = getattr(outer, "__func__", outer)
    code = _find_code(outer.__code__, name, line)
    cells = tuple(_make_cell(values[each]) for each in code.co_freevars)
    function = type(_make_cell)(code, outer.__globals__, code.co_name, defaults, cells)
    function.__kwdefaults__ = keyword_defaults
    function.__qualname__ = name
    return function


def _find_code(outer, name, line):
    waiting = [outer]
    for code in waiting:
        if code.co_qualname == name and code.co_firstlineno == line:
            return code
        waiting += [each for each in code.co_consts if type(each) is type(outer)]
    raise LookupError(f"there is no {name} in line {line}")


def _make_cell(value):
    return (lambda: value).__closure__[0]
