"""Make up plans: where the person is educated, their placements, needs, budget, reviews and change of phase.

Everything follows the rules of the collection. How the person came to the plan is made up in `journeys`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from sen2dash import spec
from sen2dash.sample import shares
from sen2dash.sample.establishments import UNLISTED_UKPRNS, establishments_of
from sen2dash.sample.tree import XmlGroup


@dataclass(frozen=True)
class Setting:
    """Where somebody is educated: the URN of an establishment, a UKPRN or a SENsetting code."""

    use: str
    item: str
    value: str
    indicators: tuple[str, str] | None = None

    def items(self) -> dict[str, str | None]:
        """Return the items for this setting in a PlanDetail or PlacementDetail."""
        found: dict[str, str | None] = {self.item: self.value}
        if self.indicators is not None:
            found["SENunitIndicator"], found["ResourcedProvisionIndicator"] = self.indicators
        return found


def text_of(day: int) -> str:
    """Write a day number as ccyy-mm-dd."""
    return date.fromordinal(day).isoformat()


class PlanMaker:
    """Makes plans for one person at a time. Dates are day numbers until they are written.

    traits: those that the person must have. birth: their birth date. reason: why a plan ceases, if it does.
    """

    def __init__(self, seed: int, year: int) -> None:
        self.rng = Random(seed)
        self.year = year
        self.places = establishments_of(seed)
        self.census = spec.census_day(year).toordinal()
        self.year_start = date(year - 1, 1, 1).toordinal()
        self.year_end = date(year - 1, 12, 31).toordinal()
        self.traits: frozenset[str] = frozenset()
        self.birth = 0
        self.reason = ""

    def _has(self, trait: str, share: float) -> bool:
        """Whether the person has a trait: always if it is asked for, otherwise in this share of people."""
        return self.rng.random() < share or trait in self.traits

    def _day(self, first: int, last: int) -> int:
        """Draw a day in a period, both ends included; a working day if the period has one."""
        day = self.rng.randint(first, max(first, last))
        weekday = (day + 6) % 7
        if weekday > 4:
            before, after = day - (weekday - 4), day + (7 - weekday)
            day = before if before >= first else after if after <= last else day
        return day

    def _school_age(self, day: int) -> tuple[int, int]:
        """Return the age on the last 31 August up to a day, and the year of that 31 August."""
        when = date.fromordinal(day)
        school_year = when.year if (when.month, when.day) >= (8, 31) else when.year - 1
        born = date.fromordinal(self.birth)
        return school_year - born.year - (born.month > 8), school_year

    def _with_plan(
        self,
        request: XmlGroup,
        assessment: XmlGroup,
        start: int,
        cease: int | None = None,
        transfer_from: str | None = None,
    ) -> XmlGroup:
        """Add the plan and its placements, needs and reviews to a request."""
        last = self.census if cease is None else cease
        setting, kind = self._setting(last, cease is None and start < self.year_start)
        placements, entry = self._placements(setting, kind, last, cease, max(start, self.year_start))
        named = self._named_setting(setting)
        details = XmlGroup("PlanDetail", {**named.items(), "PlacementRank": "1"})
        plan = XmlGroup("NamedPlan", {"StartDate": text_of(start)}, [details])
        active = XmlGroup("ActivePlans", {"TransferLA": transfer_from}, [*placements])
        second = self._second(setting, last, entry, cease)
        if second is not None:
            plan.groups.append(second[0])
            active.groups.append(second[1])
        self._stay_and_work(plan, active, setting, placements[-1])
        self._pay(plan)
        if cease is not None:
            plan.items |= {"CeaseDate": text_of(cease), "CeaseReason": self.reason}
        active.groups += self._needs()
        if start < self.year_start:
            self._review(active, start, last, cease is None, setting)
        if self.year >= 2025 and cease is None:
            self._change_phase(active, start)
        assessment.groups.append(plan)
        request.groups += [assessment, active]
        return request

    def _setting(self, last: int, may_be_ending: bool) -> tuple[Setting, str]:
        """Draw where the person is educated on a day, and at which stage."""
        age, _ = self._school_age(last)
        stage = next((name for name, first in shares.STAGE_STARTS if age >= first), "early")
        use = shares.SETTINGS[stage].draw(self.rng)
        wanted = {
            "in_mainstream": "primary" if stage == "primary" else "secondary",
            "in_college": "college",
            "in_boarding": "independent special",
            "not_in_education": "NEET",
            "home_educated": "EHE",
        }
        use = next((found for trait, found in wanted.items() if trait in self.traits), use)
        if (use == "NIEC" and not may_be_ending) or (use == "NEET" and self._school_age(self.census)[0] >= 25):
            use = "college"
        return self._at(use), stage

    def _at(self, use: str) -> Setting:
        if use in self.places:
            urn = self.rng.choice(self.places[use]).urn
            unit = resourced = False
            if use in shares.MAINSTREAM:
                unit = self._has("sen_unit", 0.033)
                resourced = not unit and self._has("resourced", 0.057)
            return Setting(use, "URN", urn, ("1" if unit else "0", "1" if resourced else "0"))
        if use == "UKPRN":
            return Setting(use, "UKPRN", self.rng.choice(UNLISTED_UKPRNS))
        return Setting(use, "SENsetting", use)

    def _named_setting(self, setting: Setting) -> Setting:
        """Return the setting named in the plan: usually the actual one, or a college if not in education."""
        if setting.use in ("NEET", "NIEC"):
            return self._at("college")
        if setting.item == "URN" and self.rng.random() < 0.03:
            return self._at(setting.use)
        return setting

    def _placements(
        self, setting: Setting, stage: str, last: int, cease: int | None, since: int
    ) -> tuple[list[XmlGroup], int]:
        """Make the placements of rank 1, ending with the open or last one, and return its entry date as well.

        since: the day from which an earlier placement is included in the return.
        """
        age, school_year = self._school_age(last)
        stage_start = dict(shares.STAGE_STARTS)[stage]
        first_year = school_year - max(0, min(age - stage_start, 11))
        entry = min(date(first_year, 9, self.rng.randint(1, 6)).toordinal(), last)
        if self.rng.random() < 0.12:
            entry = self._day(entry, last)
        if "moved" in self.traits:
            entry = date(self.year - 1, 9, 3).toordinal()
        placements = []
        earlier_age, _ = self._school_age(entry - 60)
        leave = entry - self.rng.randint(1, 45)
        if leave >= since and earlier_age >= 3:
            stage_before = next(name for name, first in shares.STAGE_STARTS if earlier_age >= first)
            use = {"early": "nursery", "primary": "primary", "secondary": "secondary"}.get(stage_before, "college")
            joined = date(date.fromordinal(leave).year - 2, 9, self.rng.randint(1, 6)).toordinal()
            before = XmlGroup("PlacementDetail", {**self._at(use).items(), "PlacementRank": "1"})
            before.items |= {"EntryDate": text_of(max(joined, self.birth + 400)), "LeavingDate": text_of(leave)}
            placements.append(before)
        now = XmlGroup("PlacementDetail", {**setting.items(), "PlacementRank": "1", "EntryDate": text_of(entry)})
        if cease is not None:
            now.items["LeavingDate"] = text_of(cease)
        placements.append(now)
        if self.year == 2023:
            for placement in placements:
                placement.items["AttendancePattern"] = "FT"
        return placements, entry

    def _second(self, setting: Setting, last: int, entry: int, cease: int | None) -> tuple[XmlGroup, XmlGroup] | None:
        """Make a secondary placement in addition to the first, as named and as attended."""
        if not self._has("second_placement", 0.02) or setting.item != "URN":
            return None
        age, _ = self._school_age(last)
        second = self._at("college" if age >= 16 else "OLA")
        placement = XmlGroup("PlacementDetail", {**second.items(), "PlacementRank": "2"})
        placement.items["EntryDate"] = text_of(self._day(entry, last))
        if cease is not None:
            placement.items["LeavingDate"] = text_of(cease)
        if self.year == 2023:
            placement.items["AttendancePattern"] = "PT"
        return XmlGroup("PlanDetail", {**second.items(), "PlacementRank": "2"}), placement

    def _stay_and_work(self, plan: XmlGroup, active: XmlGroup, setting: Setting, placement: XmlGroup) -> None:
        """Set the residential and work-based items: on the placement or, in 2023, on the ActivePlans group."""
        holder = active if self.year == 2023 else placement
        if setting.use in ("independent special", "special college") and self._has("residential", 0.05):
            holder.items["RES"] = plan.items["PlanRes"] = "A" if self.rng.random() < 0.63 else "B"
        if setting.use == "college" and self._has("work_based", 0.05):
            holder.items["WBP"] = plan.items["PlanWBP"] = shares.WORK_BASED.draw(self.rng)

    def _pay(self, plan: XmlGroup) -> None:
        """Set the personal budget."""
        if not self._has("budget", 0.031):
            plan.items |= {"PB": "0", "OA": "0"}
            return
        is_arranged = self._has("arranged", 0.2)
        plan.items |= {"PB": "1", "OA": "1" if is_arranged else "0"}
        if not is_arranged or self._has("payment", 0.1):
            plan.items["DP"] = shares.DIRECT_PAYMENTS.draw(self.rng)

    def _needs(self) -> list[XmlGroup]:
        """Make one need, or two different ones."""
        first = self._need()
        needs = [XmlGroup("SENneed", {"SENtype": first, "SENtypeRank": "1"})]
        if self.rng.random() < 0.55:
            second = self._need()
            if second != first:
                needs.append(XmlGroup("SENneed", {"SENtype": second, "SENtypeRank": "2"}))
        return needs

    def _need(self) -> str:
        need = shares.NEEDS.draw(self.rng)
        return "OTH" if need == "DS" and self.year < 2025 else need

    def _review(self, active: XmlGroup, start: int, last: int, is_active: bool, setting: Setting) -> None:
        """Add the last annual review of a plan that started before the collection year."""
        is_ending = is_active and (setting.use == "NIEC" or "review_cease" in self.traits)
        draw = self.rng.random()
        earliest = start + 180
        if is_ending:
            meeting = self._day(last - 150, last - 70)
        elif draw < 0.28 and earliest < self.year_start:
            meeting = self._day(max(earliest, self.year_start - 330), self.year_start - 1)
        elif draw < 0.98 or not is_active:
            meeting = self._day(min(max(earliest, self.year_start), last), min(self.year_end, last))
        else:
            meeting = self._day(self.year_end + 1, last)
        told = meeting + (self.rng.randint(6, 28) if self.rng.random() < 0.44 else self.rng.randint(29, 140))
        is_told = is_ending or (told <= last and self.rng.random() < 0.9)
        told = min(told, meeting + 40) if is_ending else told
        if is_told:
            active.items["LastReview"] = text_of(told)
        if self.year < 2024:
            return
        active.items["ReviewMeeting"] = text_of(meeting)
        if not is_told:
            return
        outcome = "C" if is_ending else "A" if self.rng.random() < 0.62 else "M"
        active.items["ReviewOutcome"] = outcome
        if outcome == "A" and self.year >= 2025:
            active.items["ReviewDraft"] = text_of(min(told + self.rng.randint(0, 10), self.census))

    def _change_phase(self, active: XmlGroup, start: int) -> None:
        """Set the due date of people who change phase this year, and the final date of people who changed last year."""
        age, _ = self._school_age(self.census)
        deadline = {3: (2, 15), 10: (2, 15), 15: (3, 31)}.get(age)
        if deadline is not None:
            active.items["PhaseTransferDueDate"] = date(self.year, *deadline).isoformat()
        deadline = {4: (2, 15), 11: (2, 15), 16: (3, 31)}.get(age)
        if deadline is not None and start < self.year_start:
            due = date(self.year - 1, *deadline).toordinal()
            final = self._day(self.year_start + 14, due if self.rng.random() < 0.7 else due + 60)
            active.items["PhaseTransferFinalDate"] = text_of(final)
            if self.rng.random() < 0.15:
                active.items["PhaseTransferDueDate"] = text_of(due)
