"""The file of UPNs: one a line, each once, and nothing that is not a UPN."""

from sen2dash.output.upns import upns, upns_file


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
