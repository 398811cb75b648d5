"""Make up prior attainment: a file for each stage, as the DfE's pupil information service gives it."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from sen2dash.sample.linked.people import Child, csv_text

#: NC years in which a stage is expected, and the NC year in which it is taken.
STAGES = {"eyfsp": (1, 2, 0), "phonics": (2, 2, 1), "ks1": (3, 6, 2), "ks2": (7, 11, 6), "ks4": (12, 14, 11)}
PREFIXES = {"eyfsp": "FSP_", "phonics": "Phonics_", "ks4": "KS4_"}
COLUMNS = {
    "eyfsp": ("FSP_GLD",),
    "phonics": ("Phonics_PHONICS_MARK", "Phonics_PHONICS_OUTCOME"),
    "ks1": ("READ_OUTCOME", "WRIT_OUTCOME", "MATH_OUTCOME"),
    "ks2": ("READOUTCOME", "MATOUTCOME", "WRITTAOUTCOME", "RWMEXP"),
    "ks4": ("KS4_L2BASICS_94", "KS4_L2BASICS_95", "KS4_ATT8"),
}
#: Years, by the one in which they begin, without national results.
NOT_HELD = {"eyfsp": (2019, 2020), "phonics": (2019, 2020), "ks1": (2019, 2020), "ks2": (2019, 2020), "ks4": ()}
LAST_KS1 = 2022


def attainment_files(children: Sequence[Child], seed: int, year: int) -> dict[str, str]:
    """Return a file for each stage. One child in eight has no result.

    Some who did not meet phonics take it again in Year 2, and some results are of a year in which nobody of the child's
    age takes the stage.
    """
    rng, more = Random(seed + 2), Random(seed + 12)
    rows: dict[str, list[dict[str, str]]] = {stage: [] for stage in STAGES}
    for child in children:
        number = child.age - 4
        for stage, (first, last, taken) in STAGES.items():
            begins = year - 1 - (number - taken)
            if not first <= number <= last or begins in NOT_HELD[stage] or (stage == "ks1" and begins > LAST_KS1):
                continue
            is_there, results = rng.random() < 0.88, _results(stage, rng)
            if is_there and child.upn:
                rows[stage].append({**_identity(stage, child, begins), **results})
                if stage == "phonics" and results["Phonics_PHONICS_OUTCOME"] != "Wa" and more.random() < 0.5:
                    again = {"Phonics_PHONICS_MARK": "34", "Phonics_PHONICS_OUTCOME": "Wa"}
                    rows[stage].append({**_identity(stage, child, begins + 1), **again})
                if stage in ("ks1", "ks2") and more.random() < 0.03:
                    rows[stage].append({**_identity(stage, child, begins - 3), **results})
    made = {}
    for stage, found in rows.items():
        prefix = PREFIXES.get(stage, "")
        names = [f"{prefix}{name}" for name in ("ACADYR", "UPN", "SURNAME", "DOB", "SEX")]
        made[f"{stage}_results.csv"] = csv_text([*names, *COLUMNS[stage]], found)
    return made


def _identity(stage: str, child: Child, begins: int) -> dict[str, str]:
    prefix = PREFIXES.get(stage, "")
    return {
        f"{prefix}ACADYR": f"{begins}/{begins + 1}",
        f"{prefix}UPN": child.upn,
        f"{prefix}SURNAME": child.surname,
        f"{prefix}DOB": f"{child.birth:%d/%m}/{child.birth.year}",
        f"{prefix}SEX": child.sex,
    }


def _results(stage: str, rng: Random) -> dict[str, str]:
    chance = rng.random()
    if stage == "eyfsp":
        return {"FSP_GLD": "1" if chance < 0.2 else "0"}
    if stage == "phonics":
        outcome = "Wa" if chance < 0.3 else "Wt" if chance < 0.7 else "D" if chance < 0.9 else "A"
        mark = {"Wa": rng.randint(32, 40), "Wt": rng.randint(0, 31)}.get(outcome, "")
        return {"Phonics_PHONICS_MARK": str(mark), "Phonics_PHONICS_OUTCOME": outcome}
    if stage == "ks1":
        scale = ("EXS", "GDS", "WTS", "PK4", "PK2", "EM", "A")
        return {name: rng.choices(scale, (12, 2, 30, 25, 20, 8, 3))[0] for name in COLUMNS["ks1"]}
    if stage == "ks2":
        return {
            "READOUTCOME": "AS" if chance < 0.3 else "B" if chance < 0.9 else "A",
            "MATOUTCOME": "AS" if chance < 0.3 else "B",
            "WRITTAOUTCOME": "EXS" if chance < 0.2 else "WTS",
            "RWMEXP": "1" if chance < 0.09 else "0",
        }
    points = round(max(0.0, rng.gauss(22, 15)), 2)
    return {
        "KS4_L2BASICS_94": "1" if points > 38 else "0",
        "KS4_L2BASICS_95": "1" if points > 45 else "0",
        "KS4_ATT8": str(points),
    }
