"""Make up inspection outcomes of the establishments of a seed, in the layouts of 2026."""

from __future__ import annotations

from random import Random

from sen2dash.sample.establishments import establishments_of
from sen2dash.sample.linked.people import csv_text

STEPS = ("Exceptional", "Strong standard", "Expected standard", "Needs attention", "Urgent improvement")
AREAS = (
    *("Inclusion", "Curriculum and teaching", "Achievement", "Attendance and behaviour"),
    *("Personal development and wellbeing", "Leadership and governance"),
)
GRADE, GRADED = "Latest OEIF overall effectiveness", "Inspection start date of latest OEIF graded inspection"
CARD_OWN = "Does the latest full inspection relate to the URN of the current school?"
GRADE_OWN = "Does the latest OEIF graded inspection relate to the URN of the current school?"
CONCERN, SAFE = "Most recent category of concern", "Safeguarding standards"
ISS = "Most recent standard inspection: Overall compliance with ISS"
#: Key judgements of a school that was inspected without an overall grade, and the outcome of an ungraded inspection.
JUDGEMENTS = {"Latest OEIF quality of education": "2", "Latest OEIF effectiveness of leadership and management": "3"}
UNGRADED, UNGRADED_ON = "Ungraded inspection overall outcome", "Date of latest ungraded inspection"
SCHOOLS = ("Web Link (opens in new window)", "URN", "School name", SAFE, *AREAS, GRADE, GRADED)
PROVIDER_GRADE = "Latest overall effectiveness before renewed EIF"
PROVIDER_DAY = "First day of inspection of latest inspection before renewed EIF"
REPORT = ("Provider URN", "Provider UKPRN", "First day of inspection", SAFE, "Inclusion", "Leadership and governance")
STATE_FUNDED = ("nursery", "primary", "secondary", "special", "alternative")


def inspection_files(seed: int, year: int) -> dict[str, str]:
    """Return the four files, as at the 30 November before census day."""
    rng = Random(seed + 3)
    schools, independent, reports, providers = [], [], [], []
    for use, places in establishments_of(seed).items():
        for place in places:
            if use in STATE_FUNDED and rng.random() < 0.95:
                schools.append({"URN": place.urn, "School name": place.name, **_school(rng, year)})
            elif use == "independent special":
                met = "Met" if rng.random() < 0.9 else "Not met"
                independent.append({"URN": place.urn, GRADE: _grade(rng) if rng.random() < 0.8 else "NULL", ISS: met})
            elif use == "college":
                own = {"Provider URN": f"1{place.urn}", "Provider UKPRN": place.ukprn}
                if rng.random() < 0.3:
                    steps = {name: rng.choices(STEPS, (3, 30, 50, 15, 2))[0] for name in REPORT[4:]}
                    reports.append({**own, "First day of inspection": f"11/11/{year - 1}", SAFE: "Met", **steps})
                providers.append({**own, PROVIDER_GRADE: _grade(rng), PROVIDER_DAY: f"12/03/{year - 3}"})
    day = f"30 November {year - 1}"
    return {
        f"Schools - latest inspections as at {day}.csv": csv_text(
            [*SCHOOLS, CARD_OWN, GRADE_OWN, CONCERN, *JUDGEMENTS, UNGRADED, UNGRADED_ON], schools
        ),
        f"Independent schools - most recent inspections as at {day}.csv": csv_text(["URN", GRADE, ISS], independent),
        f"Further education D1 as at {day}.csv": csv_text(REPORT, reports),
        f"Further education D4 as at {day}.csv": csv_text(
            ["Provider URN", "Provider UKPRN", PROVIDER_GRADE, PROVIDER_DAY], providers
        ),
    }


def _grade(rng: Random) -> str:
    return rng.choices("1234", (15, 65, 15, 5))[0]


def _school(rng: Random, year: int) -> dict[str, str]:
    chance = rng.random()
    if chance < 0.25:
        steps = {area: rng.choices(STEPS, (3, 30, 50, 15, 2))[0] for area in AREAS}
        return {**steps, SAFE: "Not met" if chance < 0.02 else "Met", CARD_OWN: "Yes" if chance > 0.05 else "No"}
    if chance < 0.4:
        return {GRADE: "Not judged", GRADED: f"14/01/{year - 1}", GRADE_OWN: "Yes", **JUDGEMENTS}
    own, grade = "No" if chance > 0.9 else "Yes", _grade(rng)
    later = {UNGRADED: "School remains Good", UNGRADED_ON: f"08/10/{year - 2}"} if chance > 0.8 and grade == "2" else {}
    concern = "SM" if grade == "4" else "NULL"
    return {GRADE: grade, GRADED: f"20/05/{year - 3}", GRADE_OWN: own, CONCERN: concern, **later}
