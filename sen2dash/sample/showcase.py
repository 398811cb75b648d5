"""The first people of a made-up return. They are the same in each, so that a small return shows everything as well."""

from __future__ import annotations

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
