"""Settings: limits and choices that an authority may change, in one place.

Each can be set in the environment with the prefix SEN2DASH_ (for example SEN2DASH_UPLOAD_LIMIT_MB=200).
What the DfE fixes (code lists, items, rules) is not here but in sen2dash/spec and queries/.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

#: The zone of the times in a return.
UNITED_KINGDOM = ZoneInfo("Europe/London")
QUERIES = Path(__file__).resolve().parent.parent / "queries"


class Settings(BaseSettings):
    """Every setting, with its default. Frozen: one value for the life of a report."""

    model_config = SettingsConfigDict(env_prefix="SEN2DASH_", frozen=True)

    now: datetime | None = Field(
        default=None, description="Sets the clock (for rule H12 and for tests); UK time unless it has a zone."
    )
    upload_limit_mb: int = Field(default=400, gt=0, description="Largest return that the upload page takes, in MB.")
    twenty_weeks_days: int = Field(default=140, ge=139, le=140, description="Days that count as 20 weeks: 140 or 139.")
    include_challenged: bool = Field(
        default=False, description="Whether plans with mediation or a tribunal count in the 20-week measures."
    )
    suppression_threshold: int = Field(
        default=5, ge=3, description="Counts are rounded to multiples of this when sharing."
    )
    work_based_learning_codes: str = Field(
        default="", description="CS111 codes with commas between; empty: those of the specification data."
    )
    direct_payment_codes: str = Field(
        default="", description="CS112 codes with commas between; empty: those of the specification data."
    )
    idle_minutes: int = Field(default=60, gt=0, description="Minutes without use after which a return is erased.")
    memory_limit_mb: int = Field(default=4096, gt=0, description="Memory that one return may use in DuckDB, in MB.")
    published_figures: Path | None = Field(
        default=None, description="Folder with the DfE's publication (zip or CSV) to compare with, for every session."
    )

    @field_validator("now")
    @classmethod
    def _in_the_united_kingdom(cls, value: datetime | None) -> datetime | None:
        """A time with a zone is converted; one without a zone is the time in the United Kingdom already."""
        if value is None or value.tzinfo is None:
            return value
        try:
            return value.astimezone(UNITED_KINGDOM).replace(tzinfo=None)
        except OverflowError:
            raise ValueError("there is no such time in the United Kingdom") from None

    def clock(self) -> datetime:
        """The time in the United Kingdom now, without a zone, whatever zone the server is in."""
        return datetime.now(UNITED_KINGDOM).replace(tzinfo=None) if self.now is None else self.now

    def code_overrides(self) -> dict[str, tuple[str, ...]]:
        """Code sets whose list is set here instead of in the specification data."""
        given = {"CS111": self.work_based_learning_codes, "CS112": self.direct_payment_codes}
        return {
            code_set: tuple(code.strip() for code in text.split(",") if code.strip())
            for code_set, text in given.items()
            if text.strip()
        }
