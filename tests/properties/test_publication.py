"""Any order and spelling of columns and rows gives the same figures, and no bytes cause a traceback."""

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sen2dash.errors import BadPublication
from sen2dash.reading import publication
from tests.publications import files_2025, files_2026, rows_of, table, zipped

FILES = {**{f"2025/{name}": data for name, data in files_2025().items() if name.startswith("data/")},
         **{f"2026/{name}": data for name, data in files_2026().items()}}  # fmt: skip
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def told(found: publication.Publication) -> tuple[list[str], list[str], list[tuple[int, int, int]]]:
    """Everything that was read, in a fixed order."""
    return (
        sorted(str(sorted(row.items())) for row in found.figures),
        sorted(str(sorted(row.items())) for row in found.breakdowns),
        [(file.n_rows, file.n_used, file.n_not_shown) for file in found.summary.files],
    )


PLAIN = {name: told(publication.read([(name, data)])) for name, data in FILES.items() if name.endswith(".csv")}


@SLOW
@given(name=st.sampled_from(sorted(PLAIN)), seed=st.integers(0, 10_000))
def test_columns_and_rows_in_any_order_and_case_give_the_same(name: str, seed: int) -> None:
    rng = random.Random(seed)
    heading, *rows = rows_of(FILES[name])
    order = rng.sample(range(len(heading)), len(heading))
    rng.shuffle(rows)
    names = ["".join(rng.choice((str.upper, str.lower))(letter) for letter in heading[at]) for at in order]
    names = [f" {each} " if rng.random() < 0.1 else each for each in names]
    data = table([names, *([row[at] for at in order] for row in rows)])
    assert told(publication.read([("renamed.csv", data)])) == PLAIN[name]


@SLOW
@given(name=st.sampled_from(sorted(PLAIN)), cell=st.text(max_size=30), seed=st.integers(0, 10_000))
def test_any_text_in_any_cell_is_used_or_named(name: str, cell: str, seed: int) -> None:
    rng = random.Random(seed)
    rows = rows_of(FILES[name])
    rng.choice(rows)[rng.randrange(12)] = cell
    try:
        found = publication.read([("changed.csv", table(rows))])
    except BadPublication as error:
        assert error.message
        return
    file = found.summary.files[0]
    unnamed = file.n_rows - file.n_used - file.n_not_shown
    assert unnamed == 0 or file.notes
    for row in (*found.figures, *found.breakdowns):
        number = row["number"]
        assert number in ("", "x", "z") or float(number) >= 0


@SLOW
@given(st.binary(max_size=300), st.integers(0, 60_000))
def test_damaged_zips_end_in_words(junk: bytes, at: int) -> None:
    whole = zipped({"data/requests.csv": FILES["2026/data/requests.csv"]})
    at %= len(whole)
    for data in (whole[:at] + junk + whole[at + len(junk) :], whole[:at], b"PK\x03\x04" + junk, junk):
        try:
            publication.read([("publication.zip", data)])
        except BadPublication as error:
            assert error.title
