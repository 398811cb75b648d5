"""The output of `linked` on the command line: what linked files say about a return, as JSON and as text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sen2dash import __version__
from sen2dash.checks.report import Report
from sen2dash.linked import census_log
from sen2dash.linked.attainment import COUNTS, AttainmentFigures
from sen2dash.linked.census import CensusFigures
from sen2dash.linked.inspections import STEP_KEYS, InspectionFigures
from sen2dash.linked.matching import LinkedFigures
from sen2dash.output.answers import MADE_WITH, count, dump, inputs_of, return_facts
from sen2dash.text import academic_year

Row = dict[str, Any]
STAGE_LABELS = {
    "eyfsp": "Early years foundation stage profile",
    "phonics": "Phonics screening check",
    "ks1": "Key stage 1",
    "ks2": "Key stage 2",
    "ks4": "Key stage 4",
}
#: Phases by NC year; 15 is above year 14.
PHASES = {
    "early": "early",
    "x": "x",
    "15": "post_19",
    **{str(year): "primary" for year in range(7)},
    **{str(year): "secondary" for year in range(7, 12)},
    **{str(year): "post_16" for year in range(12, 15)},
}
DESCRIBED = (
    *("laestab", "year", "term", "on_roll", "fsm", "language", "ethnicity", "sen_provision"),
    *("young_carer", "plaa", "service_child", "unit", "resourced"),
)
KINDS = ("plan_not_in_census", "plan_in_census_alone", "need", "unit", "resourced", "school", "ethnicity")
TOTALS = ("returns", "superseded", "schools", "schools_elsewhere")
ABSENCE = (
    *("periods", "children", "possible", "authorised", "unauthorised", "persistent", "severe"),
    *("over_possible", "totals_differ"),
)
EXCLUSIONS = (
    *("base", "suspensions", "suspended_children", "sessions", "permanent"),
    *("repeated", "sessions_differ", "odd_sessions"),
)


def linked_json(report: Report, figures: LinkedFigures) -> Iterator[bytes]:
    """The JSON of `linked`."""
    persons = [_person(row) for row in figures.people.to_pylist()]
    census, inspections = figures.census, figures.inspections
    if census is not None:
        _add_census(persons, census)
    if figures.attainment is not None:
        _add_attainment(persons, figures.attainment)
    if inspections is not None:
        _add_inspections(persons, inspections)
    blocks = {
        "census": census and census_facts(census),
        "absence": census and absence_facts(census),
        "exclusions": census and exclusion_facts(census),
        "attainment": figures.attainment and attainment_facts(figures.attainment),
        "inspections": inspection_facts(inspections) if inspections and not inspections.not_given else None,
    }
    # Everything is worked out before the first byte, so that an error leaves no half of an answer.
    yield f'{{"release": {dump(__version__)},\n "return": {dump(return_facts(report))},\n "persons": ['.encode()
    yield ",\n".join(map(dump, persons)).encode()
    yield b"]"
    for name, block in (blocks | inputs_of(report)).items():
        yield f',\n "{name}": {dump(block)}'.encode()
    yield b"}\n"


def _person(row: Row) -> Row:
    return {
        "person": row["person_id"],
        "school_aged": row["is_school_aged"],
        "match": row.get("match"),
        "candidates": [],
        "unmatched": row.get("unmatched"),
        "nc_year": row["nc_year"],
        "nc_year_source": row["nc_year_source"],
        "phase": PHASES.get(row["nc_year"] or ""),
        "census": {name: row[name] for name in DESCRIBED} if row.get("is_described") else None,
        "absence": {},
        "exclusions": {},
        "attainment": {},
        "inspection": None,
        "predecessor": False,
    }


def _add_census(persons: list[Row], census: CensusFigures) -> None:
    by_person = {row["person"]: row for row in persons}
    for row in census.candidates:
        one = {
            name: row[name].isoformat() if isinstance(row[name], date) else row[name] for name in ("upn", "dob", "sex")
        }
        by_person[row["person_id"]]["candidates"].append(one)
    for name, rows, counts in (
        ("absence", census.absence.of, ("possible", "authorised", "unauthorised")),
        ("exclusions", census.exclusions.of, ("suspensions", "sessions", "permanent")),
    ):
        if name == "exclusions" and not census.has_exclusions:
            continue
        for row in rows.to_pylist():
            by_person[row["person_id"]][name][academic_year(row["academic_year"])] = {
                each: row[each] for each in counts
            }


def census_facts(census: CensusFigures) -> Row:
    """The block `census`."""
    people = census.people.to_pylist()
    codes: dict[str, dict[str, int]] = defaultdict(dict)
    for row in census.other_codes:
        codes[row["code_set"]][row["code"]] = row["n"]
    kinds = Counter(census.disagreements["kind"].to_pylist())
    return {
        **{name: census.totals[name] for name in TOTALS},
        **census.rows,
        "orphans": census.n_orphans,
        "bad_values": {row["name"]: row["n"] for row in census.bad_values},
        "other_codes": dict(codes),
        "match": dict(Counter(row["match"] for row in people)),
        "school_aged": sum(row["is_school_aged"] for row in people),
        "unmatched": dict(Counter(row["unmatched"] for row in people if row["unmatched"])),
        "x_elsewhere": sum(row["is_x_elsewhere"] for row in people),
        "nc_year_differs": sum(
            row["nc_year_source"] == "census" and row["nc_year"] not in ("x", row["year_of_birth"]) for row in people
        ),
        "disagreements": {kind: None if kind in census.not_compared else kinds[kind] for kind in KINDS},
    }


def absence_facts(census: CensusFigures) -> list[Row]:
    """The block `absence`: one entry per year."""
    reasons: dict[int, dict[str, int]] = defaultdict(dict)
    other: Counter[int] = Counter()
    for row in census.absence.reasons:
        if row["code_group"] in ("authorised", "unauthorised") and row["sessions"]:
            reasons[row["academic_year"]][row["code"]] = row["sessions"]
        elif row["code_group"] == "other_code":
            other[row["academic_year"]] += row["sessions"]
    return [
        {
            "year": academic_year(row["academic_year"]),
            **{name: row[name] for name in ABSENCE},
            "reasons": reasons[row["academic_year"]],
            "other_code": other[row["academic_year"]],
        }
        for row in census.absence.years
    ]


def exclusion_facts(census: CensusFigures) -> list[Row] | None:
    """The block `exclusions`: one entry per year."""
    if not census.has_exclusions:
        return None
    reasons: dict[tuple[int, bool], dict[str, int]] = defaultdict(dict)
    for row in census.exclusions.reasons:
        reasons[row["academic_year"], row["is_permanent"]][row["code"]] = row["n"]
    found = []
    for row in census.exclusions.years:
        year = row["academic_year"]
        facts = {"year": academic_year(year), **{name: row[name] for name in EXCLUSIONS}}
        found.append({**facts, "reasons": reasons[year, False], "permanent_reasons": reasons[year, True]})
    return found


def _add_attainment(persons: list[Row], attainment: AttainmentFigures) -> None:
    by_person = {row["person"]: row for row in persons}
    for row in attainment.people.to_pylist():
        is_matched = row["class"] == "matched"
        by_person[row["person_id"]]["attainment"][row["stage"]] = {
            "class": row["class"],
            "year": academic_year(row["year"]) if is_matched else None,
            "headline": row["is_met"] if is_matched else None,
            "assessed": row["is_assessed"] if is_matched else None,
        }


def attainment_facts(attainment: AttainmentFigures) -> Row:
    """The block `attainment`."""
    stages = [{name: row[name] for name in ("stage", *COUNTS)} for row in attainment.stages]
    ks4 = {name: attainment.stages[-1][name] for name in ("basics_5", "attainment8_children", "attainment8_mean")}
    return {"files": attainment.files, "stages": stages, "ks4": ks4}


def _add_inspections(persons: list[Row], inspections: InspectionFigures) -> None:
    by_person = {row["person"]: row for row in persons}
    for row in inspections.people.to_pylist():
        by_person[row["person_id"]] |= {"inspection": row["category"], "predecessor": row["is_predecessor"]}


def inspection_facts(inspections: InspectionFigures) -> Row:
    """The block `inspections`."""
    areas: dict[str, dict[str, int]] = defaultdict(dict)
    for area, step in zip(
        inspections.area_of["area"].to_pylist(), inspections.area_of["step"].to_pylist(), strict=True
    ):
        key = STEP_KEYS[step - 1]
        areas[area][key] = areas[area].get(key, 0) + 1
    people, counts = inspections.people.to_pylist(), inspections.counts
    return {
        "files": [
            {"file": each.name, "kind": each.kind, "as_at": each.as_at and each.as_at.isoformat(), "rows": each.rows}
            for each in inspections.files
        ],
        "base": len(people),
        "children": {row["category"]: row["children"] for row in counts},
        "establishments": {row["category"]: row["establishments"] for row in counts if row["establishments"]},
        "predecessor": sum(row["is_predecessor"] for row in people),
        "concern": dict(Counter(row["concern"] for row in people if row["concern"])),
        "areas": dict(areas),
    }


def linked_text(report: Report, figures: LinkedFigures) -> Iterator[bytes]:
    """The figures for reading."""
    lines = [report.collection.label, count(len(figures.people), "person")]
    if figures.census is not None:
        lines += _census_lines(figures.census)
    if figures.attainment is not None:
        lines += _attainment_lines(figures.attainment)
    if figures.inspections is not None:
        lines += _inspection_lines(figures.inspections)
    yield "".join(f"{line}\n" for line in (*lines, "", MADE_WITH)).encode()


def _census_lines(census: CensusFigures) -> Iterator[str]:
    facts = census_facts(census)
    schools = count(facts["schools"], "school")
    yield from ("", f"School census: {count(facts['returns'], 'return')} of {schools}")
    yield f"  {count(facts['rows'], 'pupil row')}: {facts['exact']:,} match a person, {facts['near']:,} are near,"
    yield f"  {facts['repeated']:,} repeat an earlier row, {facts['dropped']:,} match nobody"
    yield from _counts("People by match", facts["match"])
    yield from _counts("School-aged people without a match", facts["unmatched"])
    yield from _counts("Disagreements between the two returns", facts["disagreements"])
    yield from (f"  {line}" for line in census_log.other_codes(census.other_codes))
    for row in absence_facts(census):
        overall = row["authorised"] + row["unauthorised"]
        yield from ("", f"Absence in {row['year']} ({', '.join(row['periods'])}): {_children(row['children'])}")
        yield f"  {rate(overall, row['possible'])} of possible sessions missed"
        yield f"  {rate(row['persistent'], row['children'])} persistently absent"
        yield f"  {rate(row['severe'], row['children'])} severely absent"
        yield from (f"  {line}" for line in census_log.differing_totals(row["year"], row["totals_differ"]))
    for row in exclusion_facts(census) or ():
        yield from ("", f"Suspensions and exclusions in {row['year']}: {_children(row['base'])} in a census")
        yield f"  {count(row['suspensions'], 'suspension')} of {_children(row['suspended_children'])}"
        yield f"  {count(row['permanent'], 'permanent exclusion')}"
        yield from (f"  {line}" for line in census_log.differing_sessions(row["year"], row["sessions_differ"]))


def _attainment_lines(attainment: AttainmentFigures) -> Iterator[str]:
    yield from ("", "Prior attainment")
    for row in attainment.stages:
        yield f"  {STAGE_LABELS[row['stage']]}: {row['expected']:,} expected, {row['matched']:,} matched"
        yield (
            f"    {row['unmatched']:,} without a record, {row['not_held']:,} not held nationally, "
            f"{row['not_loaded']:,} of a year that is not loaded"
        )
        yield f"    {rate(row['headline'], row['matched'])} met the headline standard"


def _inspection_lines(inspections: InspectionFigures) -> Iterator[str]:
    if inspections.not_given:
        yield from ("", f"Inspection outcomes: not given ({inspections.not_given})")
        return
    facts = inspection_facts(inspections)
    yield from ("", f"Inspection outcomes: {facts['base']:,} people with a current placement")
    yield from _counts("People by outcome", facts["children"])


def _counts(title: str, counts: Mapping[str, int | None]) -> Iterator[str]:
    """A heading, and a line for each key."""
    yield f"  {title}"
    for key, number in counts.items():
        yield f"    {'not given' if number is None else f'{number:,}':>9}  {key.replace('_', ' ')}"


def _children(number: int) -> str:
    """Write 1 child, 2 children."""
    return f"{number:,} {'child' if number == 1 else 'children'}"


def rate(part: int, whole: int) -> str:
    """Write 18.9% (317 of 1,681)."""
    return f"{part / whole:.1%} ({part:,} of {whole:,})" if whole else "- (0 of 0)"
