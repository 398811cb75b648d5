"""The file of UPNs: one a line, each once, and nothing that is not a UPN."""

import io
import zipfile

from sen2dash.output.upns import MAX_IN_PART, n_parts, upns, upns_file, upns_parts


def test_only_what_has_the_form_of_a_upn_is_in_it() -> None:
    texts = [
        "a123456789012",
        "A1234 5678 9012",
        None,
        "",
        "=A12345678901",
        "B12345678901X",
        "H12345678901",
        "É123456789012",
    ]
    found = upns(texts)
    assert found == ("A123456789012", "B12345678901X")
    assert upns_file(found) == b"A123456789012\r\nB12345678901X\r\n"
    assert upns_file(()) == b""


def test_more_than_the_service_takes_are_numbered_files_in_a_zip() -> None:
    found = [f"A{place:012}" for place in range(2 * MAX_IN_PART + 1)]
    assert (n_parts(found), n_parts(found[:MAX_IN_PART]), n_parts(found[: MAX_IN_PART + 1])) == (3, 1, 2)
    data = upns_parts(found, "sen2_333_2025_cohort_upns")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        names = packed.namelist()
        assert names == [f"sen2_333_2025_cohort_upns_{place}_of_3.csv" for place in (1, 2, 3)]
        parts = [packed.read(name).decode().split() for name in names]
    assert [len(part) for part in parts] == [MAX_IN_PART, MAX_IN_PART, 1]
    assert [upn for part in parts for upn in part] == found
    assert upns_parts(found, "sen2_333_2025_cohort_upns") == data
    with zipfile.ZipFile(io.BytesIO(upns_parts([f"A{n:012}" for n in range(10 * MAX_IN_PART)], "x"))) as packed:
        assert (packed.namelist()[0], packed.namelist()[-1]) == ("x_01_of_10.csv", "x_10_of_10.csv")
