"""Writes a package to an output as it is, where it cannot be bundled."""

import shutil
import tempfile
from pathlib import Path

from lambda_bundle.output_folder import is_zip, replace_folder
from lambda_bundle.problems import BundleError


def write_as_packaged(package: Path, output: Path) -> None:
    """Copy a zip or a folder to a zip, if the output's name says so, or else to a folder.

    Contents are not held in memory. The output may be the package itself.

    Raises:
        BundleError: the output cannot be written.
    """
    if output.resolve() == package.resolve():
        return
    try:
        with tempfile.TemporaryDirectory(dir=output.absolute().parent) as folder:
            zipped = package if package.is_file() else _zip(package, Path(folder))
            if is_zip(output):
                Path(shutil.copyfile(zipped, Path(folder, "copy.zip"))).replace(output)
            else:
                replace_folder(zipped, output.resolve())
    except OSError as error:
        raise BundleError(f"{output} cannot be written: {error.strerror}.") from None


def _zip(package: Path, folder: Path) -> Path:
    return Path(shutil.make_archive(str(folder / "package"), "zip", package))
