"""The zip of an artifact has the same bytes in every build."""

import io
import zipfile

from lambda_bundle.archive import make_zip


def test_a_zip_has_sorted_paths_and_fixed_times_and_modes() -> None:
    made = make_zip({"b": b"2", "a": b"1", "c": b"3"}, executable={"c"})
    assert made == make_zip({"c": b"3", "a": b"1", "b": b"2"}, executable={"c"})
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        entries = [
            (each.filename, each.date_time, oct(each.external_attr >> 16))
            for each in archive.infolist()
        ]
    epoch = (1980, 1, 1, 0, 0, 0)
    assert entries == [
        ("a", epoch, "0o100644"),
        ("b", epoch, "0o100644"),
        ("c", epoch, "0o100755"),
    ]
