"""The clock of rule H12 shows United Kingdom time, whatever time zone the server is in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo

import pytest
from pydantic import ValidationError

from sen2dash import config
from sen2dash.checks import catalogue
from sen2dash.checks.report import build_report
from sen2dash.config import Settings

SUMMER, WINTER = datetime(2025, 7, 1, 11, 0, tzinfo=UTC), datetime(2025, 2, 3, 11, 0, tzinfo=UTC)


@pytest.fixture(params=["UTC", "Asia/Tokyo", "America/New_York"])
def server_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server in this time zone."""
    if not hasattr(time, "tzset"):
        pytest.skip("the zone of this system cannot be set")
    monkeypatch.setenv("TZ", request.param)
    monkeypatch.delenv("SEN2DASH_NOW", raising=False)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def stop_the_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    class Stopped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return moment.astimezone(tz) if tz else moment.astimezone().replace(tzinfo=None)

    monkeypatch.setattr(config, "datetime", Stopped)


def findings(made_at: str) -> int:
    data = (
        "<Message><Header><CollectionDetails><Year>2025</Year><ReferenceDate>2025-01-16</ReferenceDate>"
        f"</CollectionDetails><Source><DateTime>{made_at}</DateTime></Source></Header><Persons/></Message>"
    )
    report = build_report(data.encode(), Settings(), only=[catalogue.rule("H12")])
    try:
        return report.outcome("H12").count
    finally:
        report.close()


@pytest.mark.parametrize(
    ("moment", "made_at", "n_findings"),
    [
        (SUMMER, "2025-07-01T11:59:59", 0),
        (SUMMER, "2025-07-01T12:00:00+01:00", 0),
        (SUMMER, "2025-07-01T12:00:01", 1),
        (WINTER, "2025-02-03T11:00:00", 0),
        (WINTER, "2025-02-03T11:00:01", 1),
    ],
)
def test_a_time_of_the_united_kingdom_is_compared_with_the_time_there(
    server_zone: None, monkeypatch: pytest.MonkeyPatch, moment: datetime, made_at: str, n_findings: int
) -> None:
    """British summer time is an hour ahead of UTC: a return made a minute ago is not in the future."""
    stop_the_clock(monkeypatch, moment)
    assert findings(made_at) == n_findings


@pytest.mark.parametrize(
    ("now", "clock"),
    [
        ("2025-07-01T11:00:00Z", datetime(2025, 7, 1, 12, 0)),
        ("2025-07-01T11:00:00+01:00", datetime(2025, 7, 1, 11, 0)),
        ("2025-02-03T11:00:00Z", datetime(2025, 2, 3, 11, 0)),
        ("2025-02-03T20:00:00+09:00", datetime(2025, 2, 3, 11, 0)),
        ("2025-07-01T11:00:00", datetime(2025, 7, 1, 11, 0)),
        ("2025-02-03T11:00:00", datetime(2025, 2, 3, 11, 0)),
    ],
)
def test_a_time_that_is_set_is_converted_where_it_has_a_zone(
    server_zone: None, monkeypatch: pytest.MonkeyPatch, now: str, clock: datetime
) -> None:
    monkeypatch.setenv("SEN2DASH_NOW", now)
    assert Settings().clock() == clock


def test_a_time_beyond_the_calendar_is_a_wrong_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEN2DASH_NOW", "9999-12-31T23:59:59-12:00")
    with pytest.raises(ValidationError, match="no such time"):
        Settings()
