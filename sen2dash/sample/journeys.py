"""Make up what happens to people: requests, assessments, plans, placements, needs and reviews that fit together.

Every journey follows the rules of the collection, so that a return made only of journeys has no errors or queries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from sen2dash import spec
from sen2dash.sample import identity, shares
from sen2dash.sample.establishments import HOME_AUTHORITY, NEIGHBOURS, UNLISTED_UKPRNS, establishments_of
from sen2dash.sample.tree import Group

#: The first day on which an EHC plan could start (Children and Families Act 2014), as a day number.
FIRST_PLANS = date(2014, 9, 1).toordinal()
#: One person in this many has neither UPN nor ULN, but a reason for that.
UNKNOWN_EVERY, UNKNOWN_FIRST = 97, 41
#: The first people show every route and every yes/no item at least once: path, age and the traits they must have.
SHOWCASE: tuple[tuple[str, int, frozenset[str]], ...] = tuple(
    (path, age, frozenset(traits.split()))
    for path, age, traits in (
        ("historical", 8, ""),
        ("new_plan", 6, ""),
        ("refused", 9, "mediation tribunal"),
        ("historical", 13, "sen_unit in_mainstream"),
        ("request_pending", 5, ""),
        ("historical", 10, "resourced in_mainstream"),
        ("new_plan", 7, "exception"),
        ("historical", 17, "budget arranged payment"),
        ("assessment_pending", 4, ""),
        ("ceased", 18, "reason_6"),
        ("historical", 11, ""),
        ("new_plan", 12, "other_mediation other_tribunal"),
        ("not_issued", 7, "mediation tribunal"),
        ("transferred_in", 9, ""),
        ("historical", 15, "second_placement"),
        ("refused", 15, "youth_accommodation"),
        ("refused_then_plan", 8, "tribunal"),
        ("historical", 4, ""),
        ("not_issued_then_plan", 10, "tribunal"),
        ("withdrawn_request", 6, ""),
        ("historical", 20, "in_college work_based"),
        ("exported", 7, ""),
        ("new_in_january", 5, ""),
        ("withdrawn_assessment", 9, ""),
        ("ceased", 9, "reason_5"),
        ("asked_twice", 8, ""),
        ("historical", 14, "in_boarding residential"),
        ("historical", 22, "not_in_education"),
        ("new_plan", 3, ""),
        ("historical", 6, "home_educated"),
        ("ceased", 25, "reason_1"),
        ("refused", 5, ""),
        ("historical", 12, "moved"),
        ("historical", 16, ""),
        ("assessment_pending", 11, "prompt"),
        ("historical", 19, ""),
        ("historical", 18, "review_cease"),
        ("new_plan", 10, "prompt"),
        ("historical", 7, "payment budget"),
        ("refused", 12, "prompt"),
    )
)


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


class Maker:
    """Makes people one by one. Dates are day numbers until they are written."""

    def __init__(self, seed: int, year: int) -> None:
        self.rng = Random(seed)
        self.year = year
        self.places = establishments_of(seed)
        self.census = spec.census_day(year).toordinal()
        self.year_start = date(year - 1, 1, 1).toordinal()
        self.year_end = date(year - 1, 12, 31).toordinal()
        self.number = 0
        self.n_issued = 0
        self.traits: frozenset[str] = frozenset()
        self.birth = 0
        self.reason = ""
        self.paths: dict[str, Callable[[], list[Group]]] = {
            name: getattr(self, f"_{name}") for name in shares.PATHS.values
        }

    # -- drawing ------------------------------------------------------------------------------------------

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

    def _birth(self, age: int) -> int:
        """Draw a birth date that gives this age on 31 August before census day; never 29 February."""
        last = date(self.year - 1 - age, 8, 31).toordinal()
        first = date(self.year - 2 - age, 9, 1).toordinal()
        day = self.rng.randint(first, last)
        born = date.fromordinal(day)
        return day - 1 if (born.month, born.day) == (2, 29) else day

    def _school_age(self, day: int) -> tuple[int, int]:
        """Return the age on the last 31 August up to a day, and the year of that 31 August."""
        when = date.fromordinal(day)
        school_year = when.year if (when.month, when.day) >= (8, 31) else when.year - 1
        born = date.fromordinal(self.birth)
        return school_year - born.year - (born.month > 8), school_year

    # -- the person ---------------------------------------------------------------------------------------

    def person(self) -> Group:
        """Make the next person."""
        number, self.number = self.number, self.number + 1
        if number < len(SHOWCASE):
            path, asked_age, self.traits = SHOWCASE[number]
        else:
            path, asked_age, self.traits = shares.PATHS.draw(self.rng), 0, frozenset()
        if path in ("historical", "transferred_in"):
            age = int(shares.PLAN_AGES.draw(self.rng))
        elif path == "ceased":
            self.reason = shares.REASONS.draw(self.rng)
            self.reason = next((trait[-1] for trait in self.traits if trait.startswith("reason_")), self.reason)
            age = self._age_at_end(self.reason)
        else:
            age = int(shares.NEW_AGES.draw(self.rng))
        age = asked_age or age
        self.birth = self._birth(age)
        if path == "ceased" and self.reason == "1":
            # The 25th birthday is in the academic year that ends in the July in which the plan ceases.
            self.birth = self.rng.randint(
                date(self.year - 27, 8, 1).toordinal(), date(self.year - 26, 7, 31).toordinal()
            )
        surname, forename = identity.name_of(number)
        items: dict[str, str | None] = {
            "Surname": surname,
            "Forename": forename,
            "PersonBirthDate": text_of(self.birth),
            "Ethnicity": shares.ETHNICITIES.draw(self.rng),
            "PostCode": identity.postcode_of(self.rng),
        }
        is_male = self.rng.random() < 0.706
        if self.year == 2023:
            items["GenderCurrent"] = "1" if is_male else "2"
        else:
            items["Sex"] = "M" if is_male else "F"
        self._identify(items, number, age, path)
        return Group("Person", items, self.paths[path]())

    def _age_at_end(self, reason: str) -> int:
        first, last = {"1": (25, 25), "2": (6, 19), "3": (18, 20), "4": (17, 22), "6": (17, 22)}.get(reason, (5, 20))
        return self.rng.randint(first, last)

    def _identify(self, items: dict[str, str | None], number: int, age: int, path: str) -> None:
        """Set the UPN and ULN, or the reason why there is neither."""
        authority = HOME_AUTHORITY if self.rng.random() < 0.9 else self.rng.choice(NEIGHBOURS)
        entry_year = min(date.fromordinal(self.birth).year + 5, self.year)
        upn, uln = identity.upn_of(number, authority, entry_year), identity.uln_of(number)
        draw = self.rng.random()
        if number % UNKNOWN_EVERY == UNKNOWN_FIRST:
            came_to_nothing = path in ("refused", "withdrawn_request")
            items["UPNunknown"] = "UN1" if age < 5 else "UN10" if came_to_nothing else "UN3" if draw < 0.4 else "UN8"
            return
        if age < 19 or draw < 0.85:
            items["UPN"] = upn
        if age >= 16 and (draw > 0.1 or age >= 19):
            items["UniqueLearnerNumber"] = uln

    # -- module 2 and 3 -----------------------------------------------------------------------------------

    def _request(self, received: int, outcome: str, decided: int | None = None, challenged: bool = False) -> Group:
        """Make a Requests group. challenged: with mediation and, for the trait 'tribunal' or by chance, a tribunal."""
        items: dict[str, str | None] = {"ReceivedDate": text_of(received), "RequestOutcome": outcome}
        if self.year >= 2025:
            items["RequestSource"] = shares.SOURCES.draw(self.rng)
        if decided is not None:
            items["RequestOutcomeDate"] = text_of(decided)
            items["RYA"] = "1" if "youth_accommodation" in self.traits else "0"
            items["RequestMediation"] = "1" if challenged else "0"
            items["RequestTribunal"] = "1" if challenged and self._has("tribunal", 0.4) else "0"
        return Group("Requests", items)

    def _agreed(self, received: int, before: int) -> Group:
        """Make a request that led to an assessment, decided before a day."""
        lag = self.rng.randint(20, 42) if self.rng.random() < 0.85 else self.rng.randint(43, 80)
        return self._request(received, "Y", self._day(received + 1, min(received + lag, before)))

    def _assessment(self, outcome: str, decided: int | None = None, challenged: bool = False) -> Group:
        items: dict[str, str | None] = {"AssessmentOutcome": outcome}
        if decided is not None:
            other = self._has("other_mediation", 0.018)
            if outcome == "Y":
                self.n_issued += 1
            has_exception = "exception" in self.traits or (outcome == "Y" and self.n_issued % 18 == 17)
            items |= {
                "AssessmentOutcomeDate": text_of(decided),
                "AssessmentMediation": "1" if challenged else "0",
                "AssessmentTribunal": "1" if challenged and self._has("tribunal", 0.6) else "0",
                "OtherMediation": "1" if other else "0",
                "OtherTribunal": "1" if other and self._has("other_tribunal", 0.5) else "0",
                "Week20": "1" if has_exception else "0",
            }
        return Group("Assessment", items)

    def _time_taken(self) -> int:
        """Draw the days from request to plan: 46% within 20 weeks, 7% over a year."""
        draw = self.rng.random()
        if "prompt" in self.traits:
            return self.rng.randint(84, 112)
        if draw < 0.46:
            return self.rng.randint(84, 140)
        return self.rng.randint(141, 360) if draw < 0.93 else self.rng.randint(366, 700)

    def _refused(self) -> list[Group]:
        if "prompt" in self.traits:
            decided = self._day(self.year_start + 60, self.year_end - 10)
            return [self._request(decided - 30, "N", decided)]
        decided = self._day(self.year_start + 3, self.census - 1)
        received = decided - (self.rng.randint(21, 42) if self.rng.random() < 0.85 else self.rng.randint(43, 90))
        return [self._request(received, "N", decided, self._has("mediation", 0.26))]

    def _request_pending(self) -> list[Group]:
        span = 40 if self.rng.random() < 0.7 else 140
        return [self._request(self._day(self.census - span, self.census - 1), "A")]

    def _withdrawn_request(self) -> list[Group]:
        return [self._request(self._day(self.year_start, self.year_end), "W")]

    def _assessment_pending(self) -> list[Group]:
        waiting = 130 if self.rng.random() < 0.7 else 320
        received = self._day(self.census - (90 if "prompt" in self.traits else waiting), self.census - 50)
        request = self._agreed(received, self.census - 1)
        request.groups.append(self._assessment("A"))
        return [request]

    def _withdrawn_assessment(self) -> list[Group]:
        request = self._agreed(self._day(self.year_start, self.year_end - 60), self.year_end)
        request.groups.append(self._assessment("W"))
        return [request]

    def _exported(self) -> list[Group]:
        (request,) = self._withdrawn_assessment() if self.rng.random() < 0.7 else self._withdrawn_request()
        request.items["Exported"] = self.rng.choice(NEIGHBOURS)
        return [request]

    def _asked_twice(self) -> list[Group]:
        decided = self._day(self.year_start + 3, self.year_start + 180)
        first = self._request(decided - self.rng.randint(21, 42), "N", decided, False)
        second = self._request_pending() if self.rng.random() < 0.4 else self._assessment_pending()
        return [first, *second]

    def _not_issued(self) -> list[Group]:
        decided = self._day(self.year_start + 3, self.census - 1)
        taken = self.rng.randint(70, 112) if self.rng.random() < 0.34 else self.rng.randint(113, 260)
        request = self._agreed(decided - taken, decided - 20)
        request.groups.append(self._assessment("N", decided, self._has("mediation", 0.33)))
        return [request]

    # -- modules 4 and 5 ----------------------------------------------------------------------------------

    def _new_plan(self) -> list[Group]:
        return self._issued(self._day(self.year_start, self.year_end))

    def _new_in_january(self) -> list[Group]:
        return self._issued(self._day(self.year_end + 1, self.census))

    def _issued(self, start: int) -> list[Group]:
        received = max(start - self._time_taken(), self.birth + 300)
        request = self._agreed(received, start - 20)
        return [self._with_plan(request, self._assessment("Y", start), start)]

    def _refused_then_plan(self) -> list[Group]:
        start = self._day(self.year_start, self.year_end)
        received = max(start - self.rng.randint(250, 600), self.birth + 300)
        decided = self._day(received + 20, min(received + 42, start - 100))
        request = self._request(received, "N", decided, True)
        return [self._with_plan(request, self._assessment("Y", start), start)]

    def _not_issued_then_plan(self) -> list[Group]:
        decided = self._day(self.year_start + 3, self.year_start + 180)
        request = self._agreed(decided - self.rng.randint(80, 160), decided - 20)
        start = self._day(decided + 50, self.year_end)
        return [self._with_plan(request, self._assessment("N", decided, True), start)]

    def _past_start(self) -> int:
        """Draw the start date of a plan from an earlier year, more often recent than long ago."""
        first, last = max(FIRST_PLANS, self.birth + 700), self.year_start - 30
        return self._day(last - int((last - first) * self.rng.random() ** 1.3), last)

    def _past_request(self, start: int) -> Group:
        items = {"RequestOutcome": "H", "RYA": "0", "RequestMediation": "0", "RequestTribunal": "0"}
        request = Group("Requests", {**items})
        received = start - self.rng.randint(100, 300)
        if received > self.birth + 300 and self.rng.random() < 0.75:
            request.items["ReceivedDate"] = text_of(received)
        return request

    def _past_assessment(self) -> Group:
        """Make a past assessment. Some systems export its mediation and tribunal items too."""
        assessment = self._assessment("H")
        if self.rng.random() < 0.5:
            for name in ("AssessmentMediation", "AssessmentTribunal", "OtherMediation", "OtherTribunal"):
                assessment.items[name] = "0"
        return assessment

    def _historical(self) -> list[Group]:
        start = self._past_start()
        return [self._with_plan(self._past_request(start), self._past_assessment(), start)]

    def _transferred_in(self) -> list[Group]:
        start = self._past_start() if self.rng.random() < 0.7 else self._day(self.year_start, self.year_end)
        request = Group("Requests", {"RequestOutcome": "H"})
        from_authority = self.rng.choice(NEIGHBOURS)
        return [self._with_plan(request, self._assessment("H"), start, transfer_from=from_authority)]

    def _ceased(self) -> list[Group]:
        start = self._past_start()
        cease = self._day(self.year_start + 20, self.year_end)
        if self.reason == "1":
            cease = date(self.year - 1, 7, 31).toordinal()
        return [self._with_plan(self._past_request(start), self._past_assessment(), start, cease)]

    def _with_plan(
        self, request: Group, assessment: Group, start: int, cease: int | None = None, transfer_from: str | None = None
    ) -> Group:
        """Add the plan and its placements, needs and reviews to a request."""
        last = self.census if cease is None else cease
        setting, kind = self._setting(last, cease is None and start < self.year_start)
        placements, entry = self._placements(setting, kind, last, cease, max(start, self.year_start))
        named = self._named_setting(setting)
        details = Group("PlanDetail", {**named.items(), "PlacementRank": "1"})
        plan = Group("NamedPlan", {"StartDate": text_of(start)}, [details])
        active = Group("ActivePlans", {"TransferLA": transfer_from}, [*placements])
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
    ) -> tuple[list[Group], int]:
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
            before = Group("PlacementDetail", {**self._at(use).items(), "PlacementRank": "1"})
            before.items |= {"EntryDate": text_of(max(joined, self.birth + 400)), "LeavingDate": text_of(leave)}
            placements.append(before)
        now = Group("PlacementDetail", {**setting.items(), "PlacementRank": "1", "EntryDate": text_of(entry)})
        if cease is not None:
            now.items["LeavingDate"] = text_of(cease)
        placements.append(now)
        if self.year == 2023:
            for placement in placements:
                placement.items["AttendancePattern"] = "FT"
        return placements, entry

    def _second(self, setting: Setting, last: int, entry: int, cease: int | None) -> tuple[Group, Group] | None:
        """Make a secondary placement in addition to the first, as named and as attended."""
        if not self._has("second_placement", 0.02) or setting.item != "URN":
            return None
        age, _ = self._school_age(last)
        second = self._at("college" if age >= 16 else "OLA")
        placement = Group("PlacementDetail", {**second.items(), "PlacementRank": "2"})
        placement.items["EntryDate"] = text_of(self._day(entry, last))
        if cease is not None:
            placement.items["LeavingDate"] = text_of(cease)
        if self.year == 2023:
            placement.items["AttendancePattern"] = "PT"
        return Group("PlanDetail", {**second.items(), "PlacementRank": "2"}), placement

    def _stay_and_work(self, plan: Group, active: Group, setting: Setting, placement: Group) -> None:
        """Set the residential and work-based items: on the placement or, in 2023, on the ActivePlans group."""
        holder = active if self.year == 2023 else placement
        if setting.use in ("independent special", "special college") and self._has("residential", 0.05):
            holder.items["RES"] = plan.items["PlanRes"] = "A" if self.rng.random() < 0.63 else "B"
        if setting.use == "college" and self._has("work_based", 0.05):
            holder.items["WBP"] = plan.items["PlanWBP"] = shares.WORK_BASED.draw(self.rng)

    def _pay(self, plan: Group) -> None:
        """Set the personal budget."""
        if not self._has("budget", 0.031):
            plan.items |= {"PB": "0", "OA": "0"}
            return
        is_arranged = self._has("arranged", 0.2)
        plan.items |= {"PB": "1", "OA": "1" if is_arranged else "0"}
        if not is_arranged or self._has("payment", 0.1):
            plan.items["DP"] = shares.DIRECT_PAYMENTS.draw(self.rng)

    def _needs(self) -> list[Group]:
        """Make one need, or two different ones."""
        first = self._need()
        needs = [Group("SENneed", {"SENtype": first, "SENtypeRank": "1"})]
        if self.rng.random() < 0.55:
            second = self._need()
            if second != first:
                needs.append(Group("SENneed", {"SENtype": second, "SENtypeRank": "2"}))
        return needs

    def _need(self) -> str:
        need = shares.NEEDS.draw(self.rng)
        return "OTH" if need == "DS" and self.year < 2025 else need

    def _review(self, active: Group, start: int, last: int, is_active: bool, setting: Setting) -> None:
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

    def _change_phase(self, active: Group, start: int) -> None:
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
