"""What the command `archive` writes: lists, trends and chains as text and JSON. Calculates nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sen2dash import __version__
from sen2dash.analysis.trend import Trend, TrendLine
from sen2dash.archive.audit import Chain
from sen2dash.archive.kept import KeptReturn
from sen2dash.output import answers
from sen2dash.text import long_date, printable


def list_answer(found: Sequence[KeptReturn], form: str, today: date) -> Iterable[bytes]:
    """The kept returns as text or JSON."""
    if form == "json":
        return [f"{answers.dump([_facts(each) for each in found])}\n".encode()]
    return (f"{line}\n".encode() for line in _lines(found, today))


def kept_words(kept: KeptReturn, is_new: bool, today: date) -> str:
    """What happened to a return that was to be kept, and until when it is kept."""
    already = "" if is_new else "This return has already been kept. "
    if kept.retain_until is None:
        return f"{already}Its end date is damaged."
    if kept.retain_until < today:
        return f"{already}It {ended_words(kept)}. To keep it longer, add --retain-until and a date."
    return f"{already}It is kept until {long_date(kept.retain_until)}."


def trend_answer(shown: Trend, form: str) -> Iterable[bytes]:
    """The trend as text or JSON."""
    if form == "json":
        return [f"{answers.dump(_trend_facts(shown))}\n".encode()]
    return (f"{line}\n".encode() for line in _trend_lines(shown))


def verified_answer(chains: Iterable[Chain], cut: Iterable[str]) -> Iterable[bytes]:
    """One line per chain, and one for each chain whose end was cut off."""
    lines = [*map(_chain_line, chains), *(f"{_chain_name(each)}: the end was cut off" for each in cut)]
    return (f"{line}\n".encode() for line in lines or ["The audit is empty."])


def _facts(kept: KeptReturn) -> dict[str, Any]:
    """One kept return in the JSON of `list`."""
    manifest = kept.manifest
    names = ("year", "serial_no", "label", "kind", "loaded_at", "persons", "sha256")
    known = manifest.model_dump(mode="json") if manifest else {}
    return {
        "id": kept.id,
        "authority": kept.authority,
        **{name: known.get(name) for name in names},
        "retain_until": kept.retain_until.isoformat() if kept.retain_until else None,
        "release": known.get("release"),
        "damaged": kept.is_damaged,
    }


def _lines(found: Sequence[KeptReturn], today: date) -> Iterator[str]:
    if not found:
        yield "Nothing is kept."
    for kept in found:
        states = [*(["damaged"] if kept.is_damaged else []), *(["from a newer release"] if kept.is_newer else [])]
        about = []
        if kept.manifest is not None:
            manifest = kept.manifest
            about = [
                f"{manifest.year} {printable(manifest.serial_no)}",
                printable(kept.name),
                manifest.kind,
                answers.count(manifest.persons, "person"),
                *([f"made from {manifest.made_from.words}"] if manifest.made_from else []),
                f"loaded {manifest.loaded_at:%Y-%m-%d %H:%M} UTC",
            ]
        yield f"{kept.id}  {kept.authority}  {', '.join([*about, *states, _ends(kept, today)])}"


def _ends(kept: KeptReturn, today: date) -> str:
    if kept.retain_until is None:
        return "no end date can be read"
    return ended_words(kept) if kept.retain_until < today else f"until {long_date(kept.retain_until)}"


def ended_words(kept: KeptReturn, removed_on: date | None = None) -> str:
    """When a return ended and is deleted. removed_on: if it is later than the notice after its end."""
    return (
        f"ended on {day_words(kept.retain_until)}, and will be deleted from {day_words(removed_on or kept.removed_on)}"
    )


def day_words(day: date | None) -> str:
    """A date in words, which a damaged return may not have."""
    return long_date(day) if day else "an unknown day"


def _trend_facts(shown: Trend) -> dict[str, Any]:
    points = [
        {
            **asdict(each),
            "reference_date": each.reference_date.isoformat(),
            "loaded_at": each.loaded_at.isoformat(),
            "hollow": each.is_hollow,
        }
        for each in shown.points
    ]
    lines = {name: [_line_facts(each) for each in getattr(shown, name)] for name in ("indicators", "findings")}
    return {"release": __version__, "points": points, **lines, "stale": list(shown.stale)}


def _line_facts(line: TrendLine) -> dict[str, Any]:
    values = [None if each is None else {**asdict(each), "value": each.value} for each in line.readings]
    return {"id": line.id, "values": values, "breaks": sorted(line.breaks)}


def _trend_lines(shown: Trend) -> Iterator[str]:
    """One line per return, then one per indicator, with a bar where its definition changed."""
    if not shown.points:
        yield "Nothing is kept."
        return
    for place, point in enumerate(shown.points, 1):
        when = f"{point.kind}, {point.loaded_at:%Y-%m-%d}, {point.release}"
        yield f"{place:>3}  {point.year}, {printable(point.name)}, {when}"
    for line in (*shown.findings, *shown.indicators):
        values = [f"{'| ' * (place in line.breaks)}{_value(line, place)}" for place in range(len(shown.points))]
        yield f"{line.title:<60} {'  '.join(values)}"
    if shown.stale:
        yield "Calculated with older rules or definitions. To update them, run archive recompute:"
        yield from (f"  {ident}" for ident in shown.stale)
    yield answers.MADE_WITH


def _value(line: TrendLine, place: int) -> str:
    reading = line.readings[place]
    if reading is None or reading.value is None:
        return "-"
    return f"{reading.numerator:,}" if line.is_count else f"{reading.value:.1%}"


def _chain_line(chain: Chain) -> str:
    if chain.broken_at is None:
        return f"{_chain_name(chain.authority)}: unbroken, {chain.n:,} entries, head {chain.head}"
    return f"{_chain_name(chain.authority)}: broken at entry {chain.broken_at:,}: {chain.why}"


def _chain_name(chain: str) -> str:
    return f"Authority {chain}" if chain.isdigit() else "Without an authority"
