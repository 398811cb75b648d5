"""Make up people and what happens to them, from the request on; the plan that some of them come to is from `plans`.

Every journey follows the rules of the collection, so that a return made only of journeys has no errors or queries.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sen2dash.sample import identity, shares
from sen2dash.sample.establishments import HOME_AUTHORITY, NEIGHBOURS
from sen2dash.sample.plans import PlanMaker, text_of
from sen2dash.sample.showcase import SHOWCASE
from sen2dash.sample.tree import XmlGroup

#: The first day on which an EHC plan could start (Children and Families Act 2014), as a day number.
FIRST_PLANS = date(2014, 9, 1).toordinal()
#: One person in this many has neither UPN nor ULN, but a reason for that.
UNKNOWN_EVERY, UNKNOWN_FIRST = 97, 41


class Maker(PlanMaker):
    """Makes people one by one. Dates are day numbers until they are written."""

    def __init__(self, seed: int, year: int) -> None:
        super().__init__(seed, year)
        self.number = 0
        self.n_issued = 0
        self.paths: dict[str, Callable[[], list[XmlGroup]]] = {
            name: getattr(self, f"_{name}") for name in shares.PATHS.values
        }

    # -- the person ---------------------------------------------------------------------------------------

    def _birth(self, age: int) -> int:
        """Draw a birth date that gives this age on 31 August before census day; never 29 February."""
        last = date(self.year - 1 - age, 8, 31).toordinal()
        first = date(self.year - 2 - age, 9, 1).toordinal()
        day = self.rng.randint(first, last)
        born = date.fromordinal(day)
        return day - 1 if (born.month, born.day) == (2, 29) else day

    def person(self) -> XmlGroup:
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
        return XmlGroup("Person", items, self.paths[path]())

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

    def _request(self, received: int, outcome: str, decided: int | None = None, challenged: bool = False) -> XmlGroup:
        """Make a Requests group. challenged: with mediation and, for the trait 'tribunal' or by chance, a tribunal."""
        items: dict[str, str | None] = {"ReceivedDate": text_of(received), "RequestOutcome": outcome}
        if self.year >= 2025:
            items["RequestSource"] = shares.SOURCES.draw(self.rng)
        if decided is not None:
            items["RequestOutcomeDate"] = text_of(decided)
            items["RYA"] = "1" if "youth_accommodation" in self.traits else "0"
            items["RequestMediation"] = "1" if challenged else "0"
            items["RequestTribunal"] = "1" if challenged and self._has("tribunal", 0.4) else "0"
        return XmlGroup("Requests", items)

    def _agreed(self, received: int, before: int) -> XmlGroup:
        """Make a request that led to an assessment, decided before a day."""
        lag = self.rng.randint(20, 42) if self.rng.random() < 0.85 else self.rng.randint(43, 80)
        return self._request(received, "Y", self._day(received + 1, min(received + lag, before)))

    def _assessment(self, outcome: str, decided: int | None = None, challenged: bool = False) -> XmlGroup:
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
        return XmlGroup("Assessment", items)

    def _time_taken(self) -> int:
        """Draw the days from request to plan: 46% within 20 weeks, 7% over a year."""
        draw = self.rng.random()
        if "prompt" in self.traits:
            return self.rng.randint(84, 112)
        if draw < 0.46:
            return self.rng.randint(84, 140)
        return self.rng.randint(141, 360) if draw < 0.93 else self.rng.randint(366, 700)

    def _refused(self) -> list[XmlGroup]:
        if "prompt" in self.traits:
            decided = self._day(self.year_start + 60, self.year_end - 10)
            return [self._request(decided - 30, "N", decided)]
        decided = self._day(self.year_start + 3, self.census - 1)
        received = decided - (self.rng.randint(21, 42) if self.rng.random() < 0.85 else self.rng.randint(43, 90))
        return [self._request(received, "N", decided, self._has("mediation", 0.26))]

    def _request_pending(self) -> list[XmlGroup]:
        span = 40 if self.rng.random() < 0.7 else 140
        return [self._request(self._day(self.census - span, self.census - 1), "A")]

    def _withdrawn_request(self) -> list[XmlGroup]:
        return [self._request(self._day(self.year_start, self.year_end), "W")]

    def _assessment_pending(self) -> list[XmlGroup]:
        waiting = 130 if self.rng.random() < 0.7 else 320
        received = self._day(self.census - (90 if "prompt" in self.traits else waiting), self.census - 50)
        request = self._agreed(received, self.census - 1)
        request.groups.append(self._assessment("A"))
        return [request]

    def _withdrawn_assessment(self) -> list[XmlGroup]:
        request = self._agreed(self._day(self.year_start, self.year_end - 60), self.year_end)
        request.groups.append(self._assessment("W"))
        return [request]

    def _exported(self) -> list[XmlGroup]:
        (request,) = self._withdrawn_assessment() if self.rng.random() < 0.7 else self._withdrawn_request()
        request.items["Exported"] = self.rng.choice(NEIGHBOURS)
        return [request]

    def _asked_twice(self) -> list[XmlGroup]:
        decided = self._day(self.year_start + 3, self.year_start + 180)
        first = self._request(decided - self.rng.randint(21, 42), "N", decided, False)
        second = self._request_pending() if self.rng.random() < 0.4 else self._assessment_pending()
        return [first, *second]

    def _not_issued(self) -> list[XmlGroup]:
        decided = self._day(self.year_start + 3, self.census - 1)
        taken = self.rng.randint(70, 112) if self.rng.random() < 0.34 else self.rng.randint(113, 260)
        request = self._agreed(decided - taken, decided - 20)
        request.groups.append(self._assessment("N", decided, self._has("mediation", 0.33)))
        return [request]

    # -- modules 4 and 5 ----------------------------------------------------------------------------------

    def _new_plan(self) -> list[XmlGroup]:
        return self._issued(self._day(self.year_start, self.year_end))

    def _new_in_january(self) -> list[XmlGroup]:
        return self._issued(self._day(self.year_end + 1, self.census))

    def _issued(self, start: int) -> list[XmlGroup]:
        received = max(start - self._time_taken(), self.birth + 300)
        request = self._agreed(received, start - 20)
        return [self._with_plan(request, self._assessment("Y", start), start)]

    def _refused_then_plan(self) -> list[XmlGroup]:
        start = self._day(self.year_start, self.year_end)
        received = max(start - self.rng.randint(250, 600), self.birth + 300)
        decided = self._day(received + 20, min(received + 42, start - 100))
        request = self._request(received, "N", decided, True)
        return [self._with_plan(request, self._assessment("Y", start), start)]

    def _not_issued_then_plan(self) -> list[XmlGroup]:
        decided = self._day(self.year_start + 3, self.year_start + 180)
        request = self._agreed(decided - self.rng.randint(80, 160), decided - 20)
        start = self._day(decided + 50, self.year_end)
        return [self._with_plan(request, self._assessment("N", decided, True), start)]

    def _past_start(self) -> int:
        """Draw the start date of a plan from an earlier year, more often recent than long ago."""
        first, last = max(FIRST_PLANS, self.birth + 700), self.year_start - 30
        return self._day(last - int((last - first) * self.rng.random() ** 1.3), last)

    def _past_request(self, start: int) -> XmlGroup:
        items = {"RequestOutcome": "H", "RYA": "0", "RequestMediation": "0", "RequestTribunal": "0"}
        request = XmlGroup("Requests", {**items})
        received = start - self.rng.randint(100, 300)
        if received > self.birth + 300 and self.rng.random() < 0.75:
            request.items["ReceivedDate"] = text_of(received)
        return request

    def _past_assessment(self) -> XmlGroup:
        """Make a past assessment. Some systems export its mediation and tribunal items too."""
        assessment = self._assessment("H")
        if self.rng.random() < 0.5:
            for name in ("AssessmentMediation", "AssessmentTribunal", "OtherMediation", "OtherTribunal"):
                assessment.items[name] = "0"
        return assessment

    def _historical(self) -> list[XmlGroup]:
        start = self._past_start()
        return [self._with_plan(self._past_request(start), self._past_assessment(), start)]

    def _transferred_in(self) -> list[XmlGroup]:
        start = self._past_start() if self.rng.random() < 0.7 else self._day(self.year_start, self.year_end)
        request = XmlGroup("Requests", {"RequestOutcome": "H"})
        from_authority = self.rng.choice(NEIGHBOURS)
        return [self._with_plan(request, self._assessment("H"), start, transfer_from=from_authority)]

    def _ceased(self) -> list[XmlGroup]:
        start = self._past_start()
        cease = self._day(self.year_start + 20, self.year_end)
        if self.reason == "1":
            cease = date(self.year - 1, 7, 31).toordinal()
        return [self._with_plan(self._past_request(start), self._past_assessment(), start, cease)]
