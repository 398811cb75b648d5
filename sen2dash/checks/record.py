"""Show everything in the return about one person, with findings next to the values they are about. Changes nothing."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from sen2dash import spec
from sen2dash.checks import catalogue, marks, masking
from sen2dash.checks.report import Report
from sen2dash.model import SEVERITIES, Severity
from sen2dash.reading.layout import ReturnLayout
from sen2dash.reading.source import SourceText

#: The most lines of XML that are shown for one person.
MAX_LINES = 5_000
MARKS = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(?P<close>/?)(?:[^\s<>/:]+:)?Person(?=[\s/>])[^>]*?(?P<empty>/?)>",
    re.DOTALL | re.IGNORECASE,
)
#: A tag ends at a > that is not in an attribute.
TOKENS = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(?:\"[^\"]*\"|'[^']*'|[^>\"'])*>|[^<]+|<", re.DOTALL)
NAMES = {
    "person": "Person",
    "requests": "Request",
    "assessment": "Assessment",
    "namedplan": "Named plan",
    "plandetail": "Setting named in the plan",
    "activeplans": "Active plan",
    "placementdetail": "Placement",
    "senneed": "Need",
}


@dataclass(frozen=True)
class Remark:
    """One finding as shown next to a value or group. identity: its columns of `marks.SCHEMA`."""

    rule_id: str
    severity: Severity
    title: str
    detail: str | None
    dfe: str | None = None
    guidance: str = ""
    mark: str | None = None
    identity: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class ItemValue:
    """One item of one group. line: None if it is absent.

    text: trimmed, None if blank; a real date as dd/mm/yyyy. meaning: the label of a code.
    """

    element: str
    label: str
    text: str | None
    meaning: str
    line: int | None
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Section:
    """One group of the person's record. remarks: findings about the group as a whole."""

    table: str
    row_id: int
    title: str
    depth: int
    line: int | None
    values: tuple[ItemValue, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Record:
    """One person: the groups in the order of the file, and the findings by severity."""

    person: int
    sections: tuple[Section, ...]
    counts: Mapping[Severity, int]

    def text_of(self, element: str) -> str | None:
        """Return the text of an item in the Person group."""
        return next((value.text for value in self.sections[0].values if value.element == element), None)


@dataclass(frozen=True)
class GivenRow:
    """One row of a return that is not XML. place: file, sheet and row in words. cells: headings and texts."""

    table: str
    place: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Excerpt:
    """The lines of the file with one person. first_line: the number of the first line."""

    first_line: int
    lines: tuple[str, ...]
    is_cut: bool


def read_record(report: Report, person: int, source: SourceText | None = None, hide_names: bool = False) -> Record:
    """Read the record of the person with this number. Raises KeyError if there is no such person."""
    rows = report.store.rows_of_person(person)
    if not rows["person"]:
        raise KeyError(person)
    excerpt = read_excerpt(report, person, source) if source is not None else None
    lines = item_lines(excerpt, report.collection.year) if excerpt else {}
    # `findings_table` would work out positions in the file again; the rows here already have them.
    found = report.store.rows(
        "select * from finding_with_mark(null, person := $person) "
        "order by rule_id, table_name, row_id, field, value, detail",
        {"person": person},
    )
    who = rows["person"][0]
    names = {"surname": who["surname"], "forename": who["forename"], "birth_date": who["person_birth_date_text"]}
    parts = masking.parts_of(names["surname"], names["forename"], names["birth_date"])
    remarks: dict[tuple[str, int, str | None], list[Remark]] = {}
    counts: Counter[Severity] = Counter()
    for row in found:
        outcome = report.outcome(row["rule_id"])
        shown = masking.hide_finding({**row, **names}, outcome.rule.fields) if hide_names else row
        counts[outcome.severity] += 1
        rule = outcome.rule
        identity = {name: row[name] for name in marks.SCHEMA.names}
        remark = Remark(
            rule.id, outcome.severity, rule.title, shown["detail"], rule.dfe, rule.guidance, row["mark"], identity
        )
        remarks.setdefault((row["table_name"], row["row_id"], row["field"]), []).append(remark)
    for beside in remarks.values():
        beside.sort(key=lambda remark: (SEVERITIES.index(remark.severity), remark.rule_id))
    places = {
        (table, row["row_id"]): (table, place) for table, of_table in rows.items() for place, row in enumerate(of_table)
    }
    sections: list[Section] = []

    def add(table: str, row: dict[str, Any], depth: int) -> None:
        values, rest = _values(
            report, table, row, remarks, lines.get(places[table, row["row_id"]], {}), hide_names, parts
        )
        group = spec.group_of(table)
        title = f"{NAMES[table]} {row['place']}" if group.repeats and table != "person" else NAMES[table]
        sections.append(Section(table, row["row_id"], title, depth, row["line"], values, rest))
        for child in spec.GROUPS:
            if child.parent == table:
                for below in rows[child.table]:
                    if below.get(f"{table}_id") == row["row_id"]:
                        add(child.table, below, depth + 1)

    add("person", rows["person"][0], 0)
    return Record(person, tuple(sections), counts)


def _values(
    report: Report,
    table: str,
    row: dict[str, Any],
    remarks: dict[tuple[str, int, str | None], list[Remark]],
    lines: Mapping[str, int],
    hide_names: bool,
    parts: Sequence[str],
) -> tuple[tuple[ItemValue, ...], tuple[Remark, ...]]:
    """Return the items of one row, and the remarks that do not belong to any of them."""
    values, placed = [], set()
    for item in spec.items_of(table):
        text = row[item.text_column]
        beside = remarks.get((table, row["row_id"], item.element), [])
        if not item.exists_in(report.collection.year) and text is None and not beside:
            continue
        placed.add(item.element)
        meaning = spec.code_label(item.code_set, text) if item.code_set and text else ""
        if item.type == "date" and text:
            text, meaning = (masking.day_first(text), "") if row[item.column] else (text, "not a date")
        elif item.type == "boolean" and text:
            meaning = {True: "Yes", False: "No", None: "neither yes nor no"}[row[item.column]]
        if hide_names and text:
            is_hidden = masking.is_personal(item.element) or masking.is_free_text(item.element)
            cut = masking.HIDDEN if is_hidden else masking.cut_out(text, parts)
            text, meaning = cut, meaning if cut == text else ""
        values.append(ItemValue(item.element, item.label, text, meaning or "", lines.get(item.element), tuple(beside)))
    rest = [
        remark
        for (of_table, row_id, field), beside in remarks.items()
        if of_table == table and row_id == row["row_id"] and field not in placed
        for remark in beside
    ]
    return tuple(values), tuple(rest)


def read_excerpt(report: Report, person: int, source: SourceText) -> Excerpt | None:
    """Return the person's lines of the file, from first to last, with their numbers; None if they are not found.

    A return that is not XML has no lines: see `given_rows`.
    """
    if report.given is not None:
        return None
    where = report.store.rows(catalogue.list_sql("person_lines"), {"person": person})
    if not where or where[0]["line"] is None:
        return None
    first = int(where[0]["line"])
    text = "\n".join(source.lines(first, where[0]["next_line"], report.facts.encoding))
    begin = end = None
    depth, n_seen = 0, 0
    for mark in MARKS.finditer(text):
        if mark["close"] is None:
            continue
        if mark["close"]:
            depth -= 1
        else:
            if depth == 0:
                n_seen += 1
                if n_seen == where[0]["n_before"] + 1:
                    begin = mark.start()
            depth += not mark["empty"]
        if depth == 0 and begin is not None:
            end = mark.end()
            break
    if begin is None or end is None:
        return None
    first += text.count("\n", 0, begin)
    indent = text[text.rfind("\n", 0, begin) + 1 : begin]
    lines = ((indent if not indent.strip() else "") + text[begin:end]).split("\n")
    return Excerpt(first, tuple(lines[:MAX_LINES]), len(lines) > MAX_LINES)


def given_rows(report: Report, person: int, hide_names: bool = False) -> list[GivenRow]:
    """Return the person's rows of a return that is not XML, as they were given; none for XML.

    hide_names: without names and dates of birth, and without columns that are not known.
    """
    origin = report.given
    if origin is None:
        return []
    parts = names_of(report, person) if hide_names else ()
    found = []
    for table, rows in report.store.rows_of_person(person).items():
        for row in rows:
            cells = [(heading, text) for heading, text, _ in origin.rows.row(table, row["line"]) if text.strip()]
            if hide_names:
                elements = {item.column: item.element for item in spec.items_of(table)}
                cells = [
                    (heading, _cut_cell(text, elements.get(column), parts))
                    for heading, text, column in origin.rows.row(table, row["line"])
                    if text.strip()
                ]
            found.append(GivenRow(table, origin.places[table].row(row["line"]), tuple(cells)))
    return found


def _cut_cell(text: str, element: str | None, parts: Sequence[str]) -> str:
    if element is None or masking.is_personal(element) or masking.is_free_text(element):
        return masking.HIDDEN
    return masking.cut_out(text, parts) or ""


def item_lines(excerpt: Excerpt, year: int) -> dict[tuple[str, int], dict[str, int]]:
    """Find the line of each item, by table and position of the row among the person's rows of that table (from 0).

    Elements are read as the shredder reads them: it resolves names the same way, and uses the first of a repeated item.
    """
    layout = ReturnLayout(year)
    found: dict[tuple[str, int], dict[str, int]] = {}
    n_rows: Counter[str] = Counter()
    stack: list[tuple[str, int, set[str]] | None] = []
    parser = expat.ParserCreate()

    def open_group(table: str) -> None:
        stack.append((table, n_rows[table], set()))
        found[table, n_rows[table]] = {}
        n_rows[table] += 1

    def start(tag: str, attributes: dict[str, str]) -> None:
        if not stack:
            open_group("person")
            return
        above = stack[-1]
        if above is None:
            stack.append(None)
            return
        table, place, seen = above
        groups = layout.children[table]
        name, _ = layout.resolve(tag.rpartition(":")[2], {**layout.items[table], **groups})
        if name in groups and (groups[name].repeats or name not in seen):
            open_group(groups[name].table)
        else:
            if name is not None and name not in seen:
                found[table, place][name] = excerpt.first_line + parser.CurrentLineNumber - 1
            stack.append(None)
        if name is not None:
            seen.add(name)

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda tag: stack.pop()
    try:
        parser.Parse("\n".join(excerpt.lines).encode(), True)
    except (expat.ExpatError, UnicodeEncodeError):
        return {}
    return found


def names_of(report: Report, person: int) -> tuple[str, ...]:
    """Return the parts that identify a person, to hide them wherever they occur."""
    row = report.store.rows(
        "select surname, forename, person_birth_date_text from person where row_id = $person", {"person": person}
    )[0]
    return masking.parts_of(row["surname"], row["forename"], row["person_birth_date_text"])


def hide_in_lines(lines: tuple[str, ...], parts: Sequence[str] = ()) -> tuple[str, ...]:
    """Hide names and birth dates in these lines, whatever the spelling of the elements.

    Only the text of items in the layout is shown, because other text and attributes may be a name. parts: the parts
    that identify the person, which are removed from the text shown.
    """
    groups = {group.element.lower() for group in spec.GROUPS}
    known = {item.element.lower() for item in spec.items()}
    known |= {name.lower() for name in (*spec.SILENT_VARIANTS, *spec.REPORTED_VARIANTS)}
    known -= groups
    known -= {field.lower() for field in masking.PERSONAL_FIELDS | masking.FREE_TEXT_FIELDS}

    shown: list[str] = []
    # For each open element: whether its text is hidden, and whether it is a group, whose items may be shown.
    open_elements: list[tuple[bool, bool]] = [(True, True)]
    for token in TOKENS.findall("\n".join(lines)):
        breaks = "\n" * token.count("\n")
        if token.startswith(("<!--", "<?")):
            shown.append(f"<!-- {masking.HIDDEN} -->{breaks}")
        elif token.startswith("<") and not token.startswith("<!"):
            name = (token.strip("</>").split() or [masking.HIDDEN])[0]
            is_end, is_empty = token.startswith("</"), token.endswith("/>")
            label = masking.cut_out(name, parts)
            shown.append(f"<{'/' if is_end else ''}{label}{'/' if is_empty and not is_end else ''}>{breaks}")
            if is_end:
                open_elements = open_elements[:-1] or [(True, True)]
            elif not is_empty:
                local, is_in_group = name.rpartition(":")[2].lower(), open_elements[-1][1]
                open_elements.append((not is_in_group or local not in known, is_in_group and local in groups))
        elif token.strip():
            is_hidden = open_elements[-1][0]
            shown.append(f"{masking.HIDDEN}{breaks}" if is_hidden else _cut_token(token, parts, breaks))
        else:
            shown.append(token)
    return tuple("".join(shown).split("\n"))


def _cut_token(token: str, parts: Sequence[str], breaks: str) -> str:
    """Remove these parts from a text of the file, even if they are written with character references."""
    plain = html.unescape(token)
    return token if masking.cut_out(plain, parts) == plain else f"{masking.HIDDEN}{breaks}"
