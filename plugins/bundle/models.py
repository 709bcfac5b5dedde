"""From a `payload.py` to the module that takes its place: the same names, without pydantic."""

import ast
import enum
import importlib
import sys
import typing
from types import ModuleType

from pydantic import BaseModel, RootModel

from plugins.bundle.bytecode import RUNTIME
from plugins.bundle.problems import BundleError
from plugins.bundle.schema import SchemaWriter
from plugins.bundle.shape import write_shape

# What only annotations need: they have served their purpose once the schema is built.
ANNOTATION_MODULES = {"__future__", "annotated_types", "pydantic", "typing", "typing_extensions"}
ADVICE = "`bundle: {{pydantic: true}}` at {module}'s functions in serverless.yml ships pydantic."


def compile_models(name: str, source: str) -> str:
    """Return the source of the module that takes the place of the models' module of that name.

    Raises:
        BundleError: something in it cannot be compiled; names the model and the field.
    """
    try:
        module = importlib.import_module(name)
    except Exception as error:
        raise BundleError(f"{name} cannot be imported: {type(error).__name__}: {error}") from error
    compiled = _Compiler(module, ast.parse(source)).compile()
    _try(name, compiled)
    return compiled


def _try(name: str, compiled: str) -> None:
    sys.path.insert(0, str(RUNTIME))
    try:
        exec(compile(compiled, f"{name}, compiled", "exec"), vars(ModuleType(name)))
    except Exception as error:
        raise BundleError(
            f"{name} was compiled into what does not run: {type(error).__name__}: {error}\n"
            + ADVICE.format(module=name)
        ) from error
    finally:
        sys.path.remove(str(RUNTIME))


class _Compiler:
    def __init__(self, module: ModuleType, tree: ast.Module) -> None:
        self.module = module
        self.tree = tree
        self.schemas = SchemaWriter(module.__name__)

    def compile(self) -> str:
        models = self._models()
        for model in models:
            model.model_rebuild()
        body = [part for node in self.tree.body if (part := self._convert(node))]
        completions = [self._complete(model) for model in models]
        used = {
            node.id
            for part in body
            for node in ast.walk(ast.parse(part))
            if isinstance(node, ast.Name)
        }
        path = self.module.__name__.replace(".", "/")
        docstring = ast.get_docstring(self.tree)
        parts = [
            f"# Generated from {path}.py by plugins/bundle (npm run bundle).",
            *([f"{docstring!r}"] if docstring else []),
            "from compiled_model import SCALARS, CompiledModel, complete",
            *self._imports(used),
            *sorted(self.schemas.imports),
            *body,
            *completions,
        ]
        return "\n".join(parts) + "\n"

    def _models(self) -> list[type[BaseModel]]:
        classes = [node.name for node in self.tree.body if isinstance(node, ast.ClassDef)]
        own = [getattr(self.module, name, None) for name in classes]
        return [each for each in own if isinstance(each, type) and issubclass(each, BaseModel)]

    def _imports(self, used: set[str]) -> list[str]:
        """Return the source's imports of what the kept statements use."""
        imports = []
        for node in self.tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [
                    each
                    for each in node.names
                    if each.name == "*" or (each.asname or each.name.partition(".")[0]) in used
                ]
                if names and getattr(node, "module", None) not in ANNOTATION_MODULES:
                    node.names = names
                    imports.append(ast.unparse(node))
        return imports

    def _convert(self, node: ast.stmt) -> str | None:  # noqa: PLR0911
        """Return what takes the place of a statement, or None where nothing does."""
        match node:
            case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
                return None
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                return None
            case ast.ClassDef(name=name):
                kind = getattr(self.module, name)
                if issubclass(kind, enum.Enum):
                    return ast.unparse(node)
                if issubclass(kind, BaseModel):
                    return self._convert_model(node, kind)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                return self._convert_constant(name)
            case ast.Assign(targets=[ast.Tuple(elts=[*names])]) if _are_names(names):
                return "\n".join(filter(None, map(self._convert_constant, map(ast.unparse, names))))
        if type(node).__name__ == "TypeAlias":
            return None
        what = ast.unparse(node).partition("\n")[0]
        raise self._error(what, "is not a model, an enum or a constant")

    def _convert_constant(self, name: str) -> str | None:
        value = getattr(self.module, name)
        if _is_for_annotations(value):
            return None
        return f"{name} = {self.schemas.write_value(name, value)}"

    def _convert_model(self, node: ast.ClassDef, model: type[BaseModel]) -> str:
        where = model.__name__
        if issubclass(model, RootModel):
            raise self._error(where, "is not a plain model")
        if model.__pydantic_generic_metadata__["parameters"]:
            raise self._error(where, "is a generic model")
        for statement in node.body:
            match statement:
                case ast.Expr(value=ast.Constant()) | ast.Pass():
                    pass
                case ast.Assign(targets=[ast.Name(id="model_config")]):
                    pass
                case ast.AnnAssign(target=ast.Name(id=name)) if name in model.model_fields:
                    pass
                case ast.FunctionDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                    raise self._error(f"{where}.{name}", "is Python code, or no field")
                case _:
                    what = ast.unparse(statement).partition("\n")[0]
                    raise self._error(f"{where}: {what}", "is no field")
        for base in model.__bases__:
            if not issubclass(base, BaseModel):
                raise self._error(f"{where}({base.__name__})", "inherits from what is no model")
        bases = ["CompiledModel" if base is BaseModel else self.schemas.name(base)
                 for base in model.__bases__]  # fmt: skip
        docstring = ast.get_docstring(node)
        body = repr(docstring) if docstring else "pass"
        return f"class {where}({', '.join(bases)}):\n    {body}"

    def _complete(self, model: type[BaseModel]) -> str:
        fields = model.model_fields
        options: dict[str, object] = {"fields": tuple(fields)}
        if hidden := tuple(name for name, each in fields.items() if not each.repr):
            options["hidden"] = hidden
        if frozen_fields := tuple(name for name, each in fields.items() if each.frozen):
            options["frozen_fields"] = frozen_fields
        for option in ("frozen", "validate_assignment"):
            if model.model_config.get(option):
                options[option] = True
        schema = self.schemas.write_model(model)
        shape = write_shape(dict(model.__pydantic_core_schema__), self.schemas.name)
        named = ", ".join(f"{name}={value!r}" for name, value in options.items())
        plain = f", shape={shape}" if shape else ""
        return f"complete({model.__name__}, {schema}, {named}{plain})"

    def _error(self, what: str, problem: str) -> BundleError:
        name = self.module.__name__
        return BundleError(
            f"{name}: {what} {problem}, so it cannot be compiled.\n" + ADVICE.format(module=name)
        )


def _are_names(nodes: list[ast.expr]) -> bool:
    return all(isinstance(node, ast.Name) for node in nodes)


def _is_for_annotations(value: object) -> bool:
    """Whether a module's value is a type, or what qualifies one."""
    modules = ANNOTATION_MODULES | {"types"}
    return (
        isinstance(value, type)
        or typing.get_origin(value) is not None
        or type(value).__module__.partition(".")[0] in modules
    )
