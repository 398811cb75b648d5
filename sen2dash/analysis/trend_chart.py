"""The trend as charts: open errors and queries, or one indicator, over the versions of up to three years.

Numbers are protected here, before a page sees them. Draws on no page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sen2dash.analysis.trend import Point, Trend, TrendLine, TrendValue
from sen2dash.archive.kinds import KIND_LABELS
from sen2dash.charts.pieces import Chart, Unit, one_line
from sen2dash.charts.versions import ChartVersion, Dot, Track, version_chart
from sen2dash.checks import catalogue
from sen2dash.config import UNITED_KINGDOM
from sen2dash.indicators.figures import NO_CASES, NOT_CALCULATED, Value, count_text
from sen2dash.indicators.suppression import Hidden, round_count, round_rate
from sen2dash.text import flat, long_date

#: What the lines of findings are called, in the order that they are drawn.
FINDINGS = {"error": "Errors", "query": "Queries"}
#: Characters of the first line of a label below the chart.
LABEL_LINE = 14
#: Up to so many versions, a share has its numbers below it.
MAX_WITH_NUMBERS = 9
HOW_DRAWN = "Filled: submission. Hollow: any other version."
CHANGED, NOT_HELD = "Definition changed", "Not in returns of this year"


def indicator_chart(shown: Trend, name: str, threshold: int = 0) -> Chart:
    """One indicator over the versions. threshold: as in `Selection`."""
    indicator, (line,) = catalogue.indicator(name), lines_of(shown, name)
    what = f"Number of {indicator.unit}" if indicator.is_count else f"Share of {indicator.base}"
    return _chart(indicator.title, f"{what}. {HOW_DRAWN}", shown, {indicator.title: line}, threshold)


def findings_chart(shown: Trend, threshold: int = 0) -> Chart:
    """Open errors and queries over the versions."""
    lines = {FINDINGS[each.id]: each for each in lines_of(shown, None)}
    what = "Number of findings, without those of rules that need another file."
    return _chart("Open errors and queries", f"{what} {HOW_DRAWN}", shown, lines, threshold)


def lines_of(shown: Trend, name: str | None) -> tuple[TrendLine, ...]:
    """The lines of a chart: of an indicator, or without a name those of the errors and queries."""
    if name is None:
        return tuple(each for each in shown.findings if each.id in FINDINGS)
    return tuple(each for each in shown.indicators if each.id == name)


def notes(shown: Trend, lines: Sequence[TrendLine]) -> tuple[str, ...]:
    """What a reader has to know about these lines: where each breaks and why, and where it has a gap."""
    found: list[str] = []
    points = shown.points
    for line in lines:
        is_findings = line.id in FINDINGS
        for place in sorted(line.breaks):
            before = max(each for each in range(place) if line.readings[each] is not None)
            one, other = points[before], points[place]
            made = f"{one.release} and {other.release}" if one.release != other.release else "other settings"
            what = "The rules" if is_findings else "The definition"
            found.append(
                f"{what} changed between {in_words(one)} and {in_words(other)} ({made}), so the line breaks: its two "
                "sides cannot be compared."
            )
        gaps = [in_words(point) for place, point in enumerate(points) if _is_broken(line, place, point)]
        if gaps:
            found.append(f"{FINDINGS.get(line.id, line.title)} could not be calculated for {', '.join(gaps)}.")
    return tuple(dict.fromkeys(found))


def in_words(point: Point) -> str:
    """A version in a sentence: First mock of 12 January 2027."""
    return f"{flat(point.name)} of {long_date(uk_time(point.loaded_at).date())}"


def uk_time(time: datetime) -> datetime:
    """A time in the United Kingdom, without its zone."""
    return time.astimezone(UNITED_KINGDOM).replace(tzinfo=None)


def kept_on(time: datetime) -> str:
    """When a return was kept: 12 January 2027, 14:02."""
    local = uk_time(time)
    return f"{long_date(local.date())}, {local:%H:%M}"


def _chart(title: str, subtitle: str, shown: Trend, lines: dict[str, TrendLine], threshold: int) -> Chart:
    n = len(shown.points)
    tracks = [_track(name, line, threshold, n) for name, line in lines.items()]
    is_count = all(line.is_count for line in lines.values())
    breaks = sorted(set().union(*(line.breaks for line in lines.values())))
    columns = ("Version", "Return year", "Kind", "Kept on", "People", *_headings(lines), "Made with", "Rules", "Note")
    rows = tuple(
        (
            flat(point.name),
            str(point.year),
            KIND_LABELS[point.kind],
            kept_on(point.loaded_at),
            count_text(round_count(point.persons, threshold)),
            *(_cell(line, track.dots[place], place, point) for line, track in zip(lines.values(), tracks, strict=True)),
            point.release,
            point.rules,
            CHANGED if place in breaks else "",
        )
        for place, point in enumerate(shown.points)
    )
    versions = [_version(point) for point in shown.points]
    alt_text = _message(title, shown.points, tracks)
    unit: Unit = "number" if is_count else "percent"
    what = "rules changed" if len(lines) > 1 else "definition changed"
    return version_chart(title, subtitle, versions, tracks, (breaks, what), unit, (columns, rows), alt_text)


def _track(name: str, line: TrendLine, threshold: int, n_versions: int) -> Track:
    dots = tuple(_dot(line, reading, threshold, n_versions) for reading in line.readings)
    shown = {place for place, dot in enumerate(dots) if dot is not None and dot.value is not None}
    return Track(name, dots, line.runs(shown))


def _headings(lines: dict[str, TrendLine]) -> list[str]:
    return list(lines) if len(lines) > 1 else ["Value"]


def _cell(line: TrendLine, dot: Dot | None, place: int, point: Point) -> str:
    """A number in the table, or why there is none."""
    if dot is not None:
        return dot.text
    return NOT_CALCULATED if _is_broken(line, place, point) else NOT_HELD


def _is_broken(line: TrendLine, place: int, point: Point) -> bool:
    """Whether a line has no number although a return of this year has what it needs."""
    if line.readings[place] is not None:
        return False
    return line.id in FINDINGS or catalogue.indicator(line.id).exists_in(point.year)


def _dot(line: TrendLine, reading: TrendValue | None, threshold: int, n_versions: int) -> Dot | None:
    if reading is None:
        return None
    if reading.denominator is None:
        count = round_count(reading.numerator, threshold)
        return Dot(None if isinstance(count, Hidden) else count, count_text(count), count_text(count))
    value = Value(*round_rate(reading.numerator, reading.denominator, threshold))
    has_numbers = n_versions <= MAX_WITH_NUMBERS and value.drawn is not None
    short = f"{value.rate_text}\n{value.of_text}" if has_numbers else value.rate_text
    return Dot(value.drawn, value.text, short)


def _version(point: Point) -> ChartVersion:
    local = uk_time(point.loaded_at)
    facts = (
        ("Version", flat(point.name)),
        ("Kind", KIND_LABELS[point.kind]),
        ("Return year", str(point.year)),
        ("Kept on", kept_on(point.loaded_at)),
        ("Made with", f"{point.release}, rules {point.rules}"),
    )
    label = "\n".join([*_wrapped(flat(point.name)), f"{local.day} {local:%b %Y}"])
    return ChartVersion(label, f"SEN2 {point.year}", point.is_hollow, facts)


def _wrapped(name: str) -> list[str]:
    """A name on at most two lines, broken between words."""
    lines = [""]
    for word in name.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and len(longer) > LABEL_LINE:
            lines.append(word)
        else:
            lines[-1] = longer
    first, rest = lines[0], " ".join(lines[1:])
    return [first, rest] if rest else [first]


def _message(title: str, points: Sequence[Point], tracks: Sequence[Track]) -> str:
    """The message in a sentence: the first and the last number of each line."""
    sentences = []
    for track in tracks:
        drawn = [(dot, point) for dot, point in zip(track.dots, points, strict=True) if dot and dot.text != NO_CASES]
        if not drawn:
            continue
        (first, one), (last, other) = drawn[0], drawn[-1]
        name = f"{track.name}: " if len(tracks) > 1 else ""
        end = f" and {one_line(last.text)} in {in_words(other)}" if len(drawn) > 1 else ""
        sentences.append(f"{name}{one_line(first.text)} in {in_words(one)}{end}")
    return f"{title}. {'; '.join(sentences) or 'Nothing to show'}."
