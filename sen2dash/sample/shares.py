"""How common things are: shares like those published for England in January 2025 and for the calendar year 2024.

Source: Department for Education, Education, health and care plans, reporting year 2025 (Open Government Licence v3.0).
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping
from itertools import accumulate
from random import Random


class Shares:
    """Values with weights, drawn by one random number."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.values = tuple(weights)
        self.sums = tuple(accumulate(weights.values()))

    def draw(self, rng: Random) -> str:
        """Draw one value."""
        return self.values[min(bisect(self.sums, rng.random() * self.sums[-1]), len(self.values) - 1)]


def _ages(first: int, *weights: int) -> Shares:
    return Shares({str(age): weight for age, weight in enumerate(weights, start=first)})


#: Routes through the system, in people per thousand plans and requests.
PATHS = Shares(
    {
        "historical": 663,
        "new_plan": 121,
        "assessment_pending": 57,
        "ceased": 57,
        "refused": 45,
        "transferred_in": 17,
        "request_pending": 15,
        "not_issued": 8,
        "refused_then_plan": 5,
        "new_in_january": 4,
        "withdrawn_request": 3,
        "asked_twice": 2,
        "exported": 2,
        "not_issued_then_plan": 1.5,
        "withdrawn_assessment": 1,
    }
)
#: Ages on 31 August before census day: everyone with a plan, and those who are new.
PLAN_AGES = _ages(
    3, 4302, 22517, 30847, 31867, 34082, 36412, 38381, 41405, 46775, 47172, 47359, 47125, 44886, 42005, 36484, 28598,
    20815, 14495, 9805, 6258, 4030, 2221,
)  # fmt: skip
NEW_AGES = _ages(
    3, 2337, 13245, 13207, 7686, 6865, 6431, 6434, 7594, 8126, 5259, 4663, 5071, 4474, 3468, 1656, 664, 291, 276,
)  # fmt: skip
NEEDS = Shares(
    {
        "ASD": 201183, "SLCN": 135835, "SEMH": 132218, "MLD": 67861, "SLD": 25025, "PD": 24897, "SPLD": 15030,
        "HI": 8765, "PMLD": 8577, "OTH": 5512, "VI": 5280, "DS": 2000, "MSI": 1692,
    }
)  # fmt: skip
ETHNICITIES = Shares(
    {
        "WBRI": 414338, "WIRI": 1577, "WIRT": 946, "WROM": 2349, "WOTH": 22449, "WEEU": 5000, "MWBC": 12420,
        "MWBA": 5563, "MWAS": 7352, "MOTH": 15397, "AIND": 10812, "APKN": 21416, "ABAN": 8868, "AOTH": 10216,
        "CHNE": 1783, "BCRB": 7835, "BAFR": 20881, "BSOM": 3000, "BOTH": 6709, "OOTH": 10683,
        "REFU": 41151, "NOBT": 8000,
    }
)  # fmt: skip
REASONS = Shares({"1": 1990, "2": 3955, "3": 2579, "4": 4053, "5": 13953, "6": 16091, "7": 928, "8": 475})
SOURCES = Shares({"1": 38, "2": 47, "3": 7, "4": 3, "5": 5})
DIRECT_PAYMENTS = Shares({"S": 12580, "E": 3163, "I": 1131, "H": 148})
WORK_BASED = Shares({"S": 2673, "A": 1017, "T": 686})
#: Where people are educated, by stage: a use of an establishment, a SENsetting code, or UKPRN.
SETTINGS = {
    "early": Shares({"EYP": 45, "nursery": 20, "primary": 25, "special": 10}),
    "primary": Shares(
        {
            "primary": 660, "special": 270, "independent special": 30, "independent": 10, "alternative": 4, "EHE": 10,
            "OLA": 14, "OPA": 2,
        }
    ),
    "secondary": Shares(
        {
            "secondary": 500, "special": 345, "independent special": 75, "independent": 15, "alternative": 17,
            "EHE": 20, "OLA": 25, "OPA": 3,
        }
    ),
    "sixteen": Shares(
        {
            "college": 480, "special": 245, "secondary": 100, "special college": 40, "UKPRN": 40, "NEET": 50, "OLA": 20,
            "independent special": 20, "NIEC": 5,
        }
    ),
    "nineteen": Shares({"college": 600, "special college": 130, "UKPRN": 70, "NEET": 150, "OLA": 30, "NIEC": 20}),
}  # fmt: skip
STAGE_STARTS = (("nineteen", 19), ("sixteen", 16), ("secondary", 11), ("primary", 4), ("early", 2))
MAINSTREAM = ("primary", "secondary")
