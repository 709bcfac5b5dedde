"""Compiles the models of a service in a process of its own, which imports the service's modules.

It reads the paths of modules by their names from standard input, and prints the result. Both are
JSON.
"""

import importlib
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

from pydantic import VERSION

from lambda_bundle.lambda_image import add_modules_of_image
from lambda_bundle.models.candidates import find_candidates
from lambda_bundle.models.imports import prune_all
from lambda_bundle.models.module import ModuleCompiler
from lambda_bundle.models.names import STAND_INS
from lambda_bundle.models.offered import Offered
from lambda_bundle.models.service_module import Source
from lambda_bundle.models.shared import Shared
from lambda_bundle.models.static import Static
from lambda_bundle.models.uses import find_uses
from lambda_bundle.problems import BundleError


def compile_modules(folder: Path, paths: dict[str, str]) -> dict[str, Any]:
    """Return the compiled `files`, texts by path, and the names of modules with `models`.

    Args:
        folder: has the service.
        paths: of all modules that a function reaches, by name. Modules that have nothing to do with
            pydantic are left out of the files.

    Raises:
        BundleError: something cannot be compiled; says what, and why.
    """
    sources = {
        name: Source(name, path, (folder / path).read_bytes()) for name, path in paths.items()
    }
    candidates = find_candidates(sources)
    imported = {name: _import(name, paths[name]) for name in candidates}
    shared, static = Shared(sources), Static(sources)
    compilers = {
        name: ModuleCompiler(source, imported.get(name), shared, static)
        for name, source in sources.items()
    }
    for compiler in compilers.values():
        compiler.write()
    modules = {name: compiler.edit() for name, compiler in compilers.items()}
    concerned = {
        name for name, source in sources.items() if source.uses_pydantic or name in imported
    }
    prune_all(modules, concerned)
    _check_uses(sources, candidates, has_whole_configs=not shared.partial_configs)
    offered = Offered(shared)
    files = {
        paths[name]: modules[name].write(compilers[name].header(), offered.find).decode()
        for name in concerned
    }
    files[f"{STAND_INS}/version.py"] = f"VERSION = {VERSION!r}\n"
    loaded = set().union(*(each.writer.loaded for each in compilers.values()))
    return {
        "loaded": sorted(loaded - sys.stdlib_module_names),
        "files": files | shared.pydantic.files(),
        "checked": candidates,
        "models": [name for name, each in compilers.items() if each.has_models],
    }


def _check_uses(
    sources: dict[str, Source], candidates: list[str], *, has_whole_configs: bool
) -> None:
    """Check that no module uses what compiled models do not have."""
    for name, source in sources.items():
        for line, use in find_uses(
            source.tree, has_models=name in candidates, has_whole_configs=has_whole_configs
        ):
            raise BundleError(
                f"{source.path}, line {line}, uses {use}, which compiled models do not have"
            )


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
    """Compile what standard input asks for. The argument is the service's folder."""
    # What the service prints must not get into the response.
    response = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    socket.socket.connect = socket.socket.connect_ex = _refuse  # type: ignore[method-assign]
    add_modules_of_image()
    try:
        result = compile_modules(Path(sys.argv[1]), json.load(sys.stdin))
    except BundleError as error:
        result = {"problem": str(error)}
    except Exception as error:  # noqa: BLE001 (the function is kept with pydantic then)
        result = {"problem": f"{type(error).__name__}: {error}".partition("\n")[0]}
    with response:
        json.dump(result, response)


if __name__ == "__main__":
    main()
