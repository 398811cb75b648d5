"""Settings: limits and choices that an authority may change, in one place.

Each can be set in the environment with the prefix SEN2DASH_ (for example SEN2DASH_UPLOAD_LIMIT_MB=200).
docs/settings.md lists them with these descriptions; a test compares the two.
Anything that the DfE fixes (code lists, items, rules) is in sen2dash/spec and queries/ instead.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

#: The time zone of the times in a return.
UNITED_KINGDOM = ZoneInfo("Europe/London")
QUERIES = Path(__file__).resolve().parent.parent / "queries"


class Settings(BaseSettings):
    """Every setting, with its default. Frozen: one value for the life of a report."""

    model_config = SettingsConfigDict(env_prefix="SEN2DASH_", frozen=True)

    now: datetime | None = Field(
        default=None,
        description="The date and time to use in place of the clock, for tests, such as 2027-02-01T12:00:00. "
        "UK time unless it has a time zone.",
    )
    upload_limit_mb: int = Field(default=400, gt=0, description="The largest return that can be uploaded, in MB.")
    twenty_weeks_days: int = Field(
        default=140, ge=139, le=140, description="The number of days in 20 weeks: 140 or 139."
    )
    include_challenged: bool = Field(
        default=False, description="Whether cases with mediation or a tribunal count in the 20-week indicators."
    )
    suppression_threshold: int = Field(
        default=5, ge=3, description="Counts are rounded to multiples of this number in figures for sharing."
    )
    work_based_learning_codes: str = Field(
        default="", description="The codes for work-based learning (CS111), separated by commas."
    )
    direct_payment_codes: str = Field(
        default="", description="The codes for direct payments (CS112), separated by commas."
    )
    idle_minutes: int = Field(default=60, gt=0, description="A return is erased after this many minutes without use.")
    memory_limit_mb: int = Field(
        default=4096, gt=0, description="The memory that the database of one return may use, in MB."
    )
    published_figures: Path | None = Field(
        default=None,
        description="A folder with the DfE's published figures (zip or CSV files), to use for every session. "
        "It is read once, when the server starts.",
    )
    archive: SecretStr | None = Field(
        default=None,
        description="Where returns may be kept, encrypted: sqlite:///path/returns.db, or "
        "postgresql+psycopg://user:password@host/database. Without it, nothing is kept.",
    )
    archive_key_file: Path | None = Field(
        default=None, description="A file with the key of the archive: 32 bytes, 64 hexadecimal digits or base64."
    )
    archive_passphrase: SecretStr | None = Field(
        default=None, description="The passphrase of the archive, for runs without anyone to ask."
    )
    archive_retention_days: int | None = Field(
        default=None,
        ge=1,
        le=2_557,
        description="Days after census day until a kept return is due for deletion, up to 2557. Without it, 3 years.",
    )
    archive_limit_mb: int = Field(
        default=1_000,
        gt=0,
        description="The most space that the kept returns of an authority may use, encrypted, in MB.",
    )
    sign_in_hours: int = Field(
        default=8, gt=0, le=24, description="A sign-in ends after this many hours, or sooner if the provider says so."
    )
    roles_claim: str = Field(
        default="roles", min_length=1, description="The claim in which the provider sends a person's roles."
    )
    authority_claim: str = Field(
        default="la_code",
        description="The claim with the number of the authority whose returns a person may load. "
        "Without the claim, it may be any. Blank: no claim is read.",
    )
    authority: str = Field(
        default="",
        pattern=r"^([0-9]{3})?$",
        description="The number of the only authority whose returns this server accepts. Blank: any.",
    )
    access_contact: str = Field(
        default="", max_length=200, description="Whom to ask for access, as shown to people who have none."
    )
    sign_in_by_proxy: bool = Field(
        default=False,
        description="Whether a proxy in front of the server signs people in. "
        "Everyone who gets past it may then see children.",
    )
    proxy_user_header: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9-]*$",
        description="The header in which that proxy sends the name of the account, for the audit.",
    )
    proxy_secret: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="What that proxy sends in the header X-Sen2dash-Proxy. Every other request is then refused.",
    )

    @field_validator("now")
    @classmethod
    def _in_the_united_kingdom(cls, value: datetime | None) -> datetime | None:
        """Convert a time with a zone; one without a zone is already the time in the United Kingdom."""
        if value is None or value.tzinfo is None:
            return value
        try:
            return value.astimezone(UNITED_KINGDOM).replace(tzinfo=None)
        except OverflowError:
            raise ValueError("there is no such time in the United Kingdom") from None

    def clock(self) -> datetime:
        """Return the current time in the United Kingdom, without a zone, whatever zone the server is in."""
        return datetime.now(UNITED_KINGDOM).replace(tzinfo=None) if self.now is None else self.now

    def code_overrides(self) -> dict[str, tuple[str, ...]]:
        """Return the code sets whose list is set here instead of in the specification data."""
        given = {"CS111": self.work_based_learning_codes, "CS112": self.direct_payment_codes}
        return {
            code_set: tuple(code.strip() for code in text.split(",") if code.strip())
            for code_set, text in given.items()
            if text.strip()
        }
