"""Checks that nothing that ships needs the pydantic that compiled models do without."""

from lambda_bundle.package import Package
from lambda_bundle.problems import ADVICE, BundleError

CORE = "pydantic-core"
# Not shipped with compiled models, except the core's extension module.
PYDANTIC = {"pydantic", CORE}


def check_requirements(package: Package, imported: set[str], shipped: set[str]) -> None:
    """Check that neither the service's own code nor a shipped distribution needs pydantic.

    Raises:
        BundleError: names what needs it.
    """
    needed = {"the service's own code": imported} | {
        name: set(package.distributions[name].requires) for name in shipped
    }
    for name, requirements in needed.items():
        if name not in PYDANTIC and requirements & PYDANTIC:
            raise BundleError(
                f"{name} needs {min(requirements & PYDANTIC)}, which is not shipped with compiled "
                f"models. Remove it. {ADVICE}"
            )
