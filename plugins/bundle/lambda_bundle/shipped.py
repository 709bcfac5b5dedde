"""Which of the packaged distributions a function needs, and whether one of them uses pydantic."""

from collections.abc import Collection, Iterable, Iterator

from lambda_bundle.closure import Closure
from lambda_bundle.distributions import with_requirements
from lambda_bundle.imports import Import, find_imports, find_strings
from lambda_bundle.package import Package, module_name
from lambda_bundle.problems import BundleError

# Not shipped with compiled models, except the core's extension module.
PYDANTIC = {"pydantic", "pydantic-core", "pydantic-settings"}
PYDANTIC_MODULES = {"pydantic", "pydantic_core", "pydantic_settings"}


def find_shipped(
    package: Package,
    imported: Iterable[str],
    target: dict[str, str],
    without: Collection[str] = (),
) -> set[str]:
    """Return the names of the distributions to ship, if the service's own code imports some.

    They are these, what they require or mention in their code, and those that the package has for
    a reason that no import shows, such as a database driver that SQLAlchemy finds by a URL.
    Distributions in `without` are not shipped.
    """
    available = {name: each for name, each in package.distributions.items() if name not in without}
    shipped = with_requirements(available, {*imported, *_find_unexplained(package, target)}, target)
    while mentioned := _find_mentioned(package, shipped) & available.keys() - shipped:
        shipped = with_requirements(available, shipped | mentioned, target)
    return shipped


def _find_unexplained(package: Package, target: dict[str, str]) -> Iterator[str]:
    """Yield the distributions that no other requires and no own module of the service imports."""
    required = {
        name
        for each in package.distributions
        for name in with_requirements(package.distributions, [each], target) - {each}
    }
    tops: set[str] = set()
    for module, path in package.own_modules.items():
        tops |= {each.module.partition(".")[0] for each in _imports(package, module, path)}
    explained = {name for top in tops for name in package.find_distributions(top)}
    yield from package.distributions.keys() - required - explained


def _find_mentioned(package: Package, shipped: set[str]) -> set[str]:
    """Return the distributions with a module that the code of shipped ones mentions."""
    tops = {top for name in shipped for top in package.list_mentioned(name)}
    return {name for top in tops for name in package.find_distributions(top)}


def find_use_of_pydantic(package: Package, closure: Closure, shipped: set[str]) -> list[str] | None:
    """Return the chain of modules that leads from an own one to a library that uses pydantic.

    It follows the imports of what is shipped, also those that are optional: a library may behave
    differently if it finds pydantic. A string with its name counts, as for `find_spec`.
    """
    modules = _list_modules(package, shipped)
    waiting = [
        (name, [own])
        for own, path in sorted(closure.modules.items())
        for each in _imports(package, own, path)
        for name in _expand(each, modules)
    ]
    seen: set[str] = set()
    while waiting:
        name, chain = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        path = modules[name]
        if _uses_pydantic(package, name, path):
            return [*chain, name]
        for each in _imports(package, name, path):
            waiting += [(inner, [*chain, name]) for inner in _expand(each, modules)]
        waiting += [(inner, [*chain, name]) for inner in _strings(package, path) & modules.keys()]
    return None


def _list_modules(package: Package, shipped: set[str]) -> dict[str, str]:
    """Return the paths of the modules of shipped distributions, by name, except pydantic's own."""
    modules = {}
    for distribution in sorted(shipped - PYDANTIC):
        for path in sorted(package.distributions[distribution].files):
            if path.endswith(".py"):
                modules[module_name(path)] = path
            elif path.endswith(".so"):
                modules[path.partition(".")[0].replace("/", ".")] = path
    return modules


def _expand(each: Import, modules: dict[str, str]) -> Iterator[str]:
    """Yield the modules among these that an import runs: also those of the packages around it."""
    parts = each.module.split(".")
    names = {".".join(parts[: count + 1]) for count in range(len(parts))}
    names |= {f"{each.module}.{name}" for name in each.names}
    if each.is_prefix or "*" in each.names:
        names |= {name for name in modules if name.startswith(each.module)}
    yield from sorted(names & modules.keys())


def _uses_pydantic(package: Package, name: str, path: str) -> bool:
    if path.endswith(".so"):
        return b"pydantic" in package.files[path]
    imported = {each.module.partition(".")[0] for each in _imports(package, name, path)}
    named = {text.partition(".")[0] for text in _strings(package, path)}
    return bool((imported | named) & PYDANTIC_MODULES)


def _imports(package: Package, name: str, path: str) -> tuple[Import, ...]:
    """Return a module's imports; one that cannot be parsed has none, because it cannot run."""
    try:
        return find_imports(package.files[path], name, path) if path.endswith(".py") else ()
    except BundleError:
        return ()


def _strings(package: Package, path: str) -> frozenset[str]:
    try:
        return find_strings(package.files[path], path) if path.endswith(".py") else frozenset()
    except BundleError:
        return frozenset()
