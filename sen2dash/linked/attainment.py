"""Prior attainment of the people in a return: the stage expected by NC year, and whether there is a result.

Only exact matches count. What is not held nationally and what was not loaded is never called unmatched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash import reference
from sen2dash.linked.linking import LazyValue, Linking
from sen2dash.linked.queries import query
from sen2dash.reading.linked.attainment import HEADLINES, STAGES, AttainmentReading
from sen2dash.text import flat

Row = dict[str, Any]
COUNTS = ("expected", "matched", "not_held", "not_loaded", "unmatched", "headline", "assessed")


@dataclass(frozen=True)
class ExpectedResults:
    """stages: rows of counts. people: one row per person and expected stage.

    other_year: one row per person, expected stage and academic year of a result that does not fit, and counts nowhere.
    """

    stages: list[Row]
    people: pa.Table
    other_year: pa.Table


@dataclass(frozen=True)
class AttainmentFigures:
    """files: rows of counts. kept: the results of people in the return, to be matched again.

    later: who should have a result, and has one. It is worked out when it is first asked for.
    """

    files: list[Row]
    log: tuple[str, ...]
    kept: AttainmentReading
    later: LazyValue[ExpectedResults]

    @property
    def stages(self) -> list[Row]:
        """Counts by stage."""
        return self.later.value().stages

    @property
    def people(self) -> pa.Table:
        """One row per person and expected stage."""
        return self.later.value().people

    @property
    def other_year(self) -> pa.Table:
        """One row per result of an expected stage that is of another year, and does not count."""
        return self.later.value().other_year


def link_attainment(linking: Linking, reading: AttainmentReading) -> AttainmentFigures:
    """Match results with the people of a return; rows of anyone else are dropped. Reads the table person_year."""
    space = linking.space
    space.keep("raw_attainment", reading.result)
    space.keep("attainment_loaded", reading.loaded)
    space.keep("attainment_not_held", _not_held())
    linking.make("attainment_result")
    kept = {row["number"]: row for row in space.rows(query("attainment_kept"))}
    space.forget("raw_attainment")
    files = []
    for each in reading.files:
        own = kept.get(each.number, {"kept": 0, "other_codes": 0})
        counts = {
            "rows": each.rows,
            "kept": own["kept"],
            "dropped": each.rows - each.bad - own["kept"],
            "bad": each.bad,
        }
        files.append({"file": each.name, "stage": each.stage, **counts, "other_codes": own["other_codes"]})
    return AttainmentFigures(
        files,
        tuple(_log(files)),
        _kept(linking, reading),
        LazyValue(partial(_expected, linking)),
    )


def _expected(linking: Linking) -> ExpectedResults:
    space = linking.space
    with linking.making("attainment_expected", "person_attainment"):
        found = {row["stage"]: row for row in space.rows(query("attainment_stage"))}
        blank = {**dict.fromkeys((*COUNTS, "basics_5", "attainment8_children"), 0), "attainment8_mean": None}
        return ExpectedResults(
            [found.get(stage, {"stage": stage, **blank}) for stage in STAGES],
            space.table("select * from person_attainment order by person_id, stage"),
            space.table(query("attainment_other_year")),
        )


def _log(files: list[Row]) -> Iterator[str]:
    """Yield a sentence for what cannot be used, and one for codes that are not in their list, without values."""
    for row in files:
        name, bad, other = flat(row["file"]), row["bad"], row["other_codes"]
        if bad:
            verb = "row cannot be used, and is" if bad == 1 else "rows cannot be used, and are"
            yield f"{name}: {bad:,} {verb} left out."
        if other:
            columns = ", ".join(HEADLINES[row["stage"]]).upper()
            verb = "code is not in the list of its" if other == 1 else "codes are not in the list of their"
            kept = "It is kept, and does not count" if other == 1 else "They are kept, and none of them counts"
            yield f"{name}: {other:,} {verb} column ({columns}). {kept} as met."


def _kept(linking: Linking, reading: AttainmentReading) -> AttainmentReading:
    wanted = linking.space.table("select read_no from attainment_result")["read_no"]
    result = reading.result
    return replace(reading, result=result.filter(pc.is_in(result["read_no"], wanted)).combine_chunks())


@cache
def _not_held() -> pa.Table:
    """Return the academic years without national results, by stage and the years in which they begin."""
    rows = reference.read("attainment_not_held.csv")
    return pa.table(
        {
            "stage": [row["stage"] for row in rows],
            "first": pa.array([int(row["first"]) for row in rows], pa.int64()),
            "last": pa.array([int(row["last"]) if row["last"] else None for row in rows], pa.int64()),
        }
    )
