"""Compiles the models of a service in a process of its own, which imports the service's modules.

The bundler sends one request a line on standard input, and gets one response a line. Both are JSON.
"""

import importlib
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

from pydantic import VERSION

from lambda_bundle.models.candidates import find_candidates
from lambda_bundle.models.imports import Module, prune_all
from lambda_bundle.models.lambda_image import add_sdk, describe_environment
from lambda_bundle.models.module import ModuleCompiler, is_for_annotations
from lambda_bundle.models.names import STAND_INS
from lambda_bundle.models.offered import Offered
from lambda_bundle.models.service_module import Source
from lambda_bundle.models.shared import Shared
from lambda_bundle.models.static import Static
from lambda_bundle.models.uses import find_uses
from lambda_bundle.problems import BundleError


class Compiler:
    """Compiles sets of modules. Each module is imported once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def compile(self, paths: dict[str, str]) -> dict[str, Any]:
        """Return the compiled `files`, texts by path, and the names of modules with `models`.

        `paths` are those of all modules that a function reaches, by name. Modules that have
        nothing to do with pydantic are left out of the files.

        Raises:
            BundleError: something cannot be compiled; says what, and why.
        """
        sources = {
            name: Source(name, path, (self._folder / path).read_bytes())
            for name, path in paths.items()
        }
        trees = {name: source.tree for name, source in sources.items()}
        candidates = find_candidates(trees, paths)
        imported = {name: _import(name, paths[name]) for name in candidates}
        shared = Shared(sources)
        static = Static(trees, {name: source.origins for name, source in sources.items()})
        compilers = {
            name: ModuleCompiler(source, imported.get(name), shared, static)
            for name, source in sources.items()
        }
        for compiler in compilers.values():
            compiler.write()
        modules = {}
        for name, compiler in compilers.items():
            module = imported.get(name)
            definitions = (
                [each for each, value in vars(module).items() if is_for_annotations(value)]
                if module
                else []
            )
            loaded = compiler.writer.loaded
            modules[name] = Module(sources[name], compiler.edit(), definitions, loaded)
        concerned = {
            name for name, source in sources.items() if source.uses_pydantic or name in imported
        }
        prune_all(modules, concerned)
        offered = Offered(shared)
        files = {}
        for name, source in sources.items():
            for line, use in find_uses(
                source.tree,
                has_models=name in imported,
                has_whole_configs=not shared.partial_configs,
            ):
                problem = (
                    f"{source.path}, line {line}, uses {use}, which compiled models do not have"
                )
                raise BundleError(problem)
        for name in concerned:
            text = modules[name].write(compilers[name].header(), offered.find)
            files[paths[name]] = text.decode()
        files[f"{STAND_INS}/version.py"] = f"VERSION = {VERSION!r}\n"
        loaded = set().union(*(each.writer.loaded for each in compilers.values()))
        return {
            "loaded": sorted(loaded - sys.stdlib_module_names),
            "files": files | shared.pydantic.files(),
            "checked": candidates,
            "models": [name for name, each in compilers.items() if each.has_models],
        }


def _import(name: str, path: str) -> Any:
    try:
        return importlib.import_module(name)
    except BaseException as error:
        problem = f"{path} cannot be imported while the artifact is made"
        # Further lines of pydantic's errors have values, which may be secret.
        what = " ".join(str(error).splitlines()[:2])
        raise BundleError(f"{problem}: {type(error).__name__}: {what}") from error


def _refuse(*_arguments: object) -> NoReturn:
    raise OSError("there is no network while the artifact is made")


def main() -> None:
    """Compile what each line of standard input asks for. The argument is the service's folder."""
    # What the service prints must not get into the responses.
    responses = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    socket.socket.connect = socket.socket.connect_ex = _refuse  # type: ignore[method-assign]
    add_sdk()
    compiler = Compiler(Path(sys.argv[1]))
    for line in sys.stdin:
        try:
            request = json.loads(line)
            os.environ.update(describe_environment(request["environment"]))
            response = compiler.compile(request["modules"])
        except BundleError as error:
            response = {"problem": str(error)}
        except Exception as error:  # noqa: BLE001 (the function is kept with pydantic then)
            response = {"problem": f"{type(error).__name__}: {error}".partition("\n")[0]}
        print(json.dumps(response), file=responses, flush=True)


if __name__ == "__main__":
    main()
