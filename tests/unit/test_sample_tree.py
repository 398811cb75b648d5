"""The tree of a made-up return: written in layout order, or in another order on purpose."""

from sen2dash.sample.tree import XmlGroup, layout, render, render_group


def written(group: XmlGroup, year: int = 2025) -> str:
    return "".join(render_group(group, year, 0))


def test_active_plans_stand_in_the_order_of_the_specification() -> None:
    assert layout("ActivePlans", 2025) == (
        "TransferLA",
        "PlacementDetail",
        "SENneed",
        "ReviewMeeting",
        "ReviewOutcome",
        "ReviewDraft",
        "PhaseTransferDueDate",
        "PhaseTransferFinalDate",
        "LastReview",
    )


def test_layout_is_that_of_the_year() -> None:
    assert "ReviewMeeting" not in layout("ActivePlans", 2023)
    assert "GenderCurrent" in layout("Person", 2023)
    assert "GenderCurrent" not in layout("Person", 2024)
    assert layout("Header", 2026) == ("CollectionDetails", "Source")


def test_items_and_groups_are_written_in_the_order_of_the_layout() -> None:
    needs = [XmlGroup("SENneed", {"SENtypeRank": "1", "SENtype": "ASD"})]
    group = XmlGroup("ActivePlans", {"LastReview": "2024-05-01", "TransferLA": "330"}, needs)
    assert written(group) == (
        "<ActivePlans>\n"
        "  <TransferLA>330</TransferLA>\n"
        "  <SENneed>\n"
        "    <SENtype>ASD</SENtype>\n"
        "    <SENtypeRank>1</SENtypeRank>\n"
        "  </SENneed>\n"
        "  <LastReview>2024-05-01</LastReview>\n"
        "</ActivePlans>\n"
    )


def test_blank_item_and_item_of_another_year_are_left_out() -> None:
    group = XmlGroup("Person", {"Surname": "", "Forename": None, "Sex": "F", "GenderCurrent": "2"})
    assert written(group) == "<Person>\n  <Sex>F</Sex>\n</Person>\n"
    assert written(group, 2023) == "<Person>\n  <GenderCurrent>2</GenderCurrent>\n</Person>\n"


def test_text_is_escaped() -> None:
    assert "<Surname>A &amp; &lt;B&gt;</Surname>" in written(XmlGroup("Person", {"Surname": "A & <B>"}))


def test_other_names_another_order_and_raw_elements_are_written_as_asked() -> None:
    group = XmlGroup(
        "SENneed",
        {"SENtype": "ASD", "SENtypeRank": "1"},
        written="SENNeed",
        item_names={"SENtype": "SENType"},
        sequence=["SENtypeRank", "SENtype"],
        raw=["<Extra/>"],
    )
    assert written(group) == (
        "<SENNeed>\n  <SENtypeRank>1</SENtypeRank>\n  <SENType>ASD</SENType>\n  <Extra/>\n</SENNeed>\n"
    )


def test_walk_goes_through_every_group() -> None:
    inner = XmlGroup("Assessment", {}, [XmlGroup("NamedPlan")])
    person = XmlGroup("Person", {}, [XmlGroup("Requests", {}, [inner]), XmlGroup("Requests")])
    assert [group.name for group in person.walk()] == ["Person", "Requests", "Assessment", "NamedPlan", "Requests"]
    assert person.get("Requests") is person.groups[0]
    assert person.get("Assessment") is None
    assert len(person.all("Requests")) == 2


def test_return_without_people_is_a_whole_message() -> None:
    text = "".join(render(2025, XmlGroup("Header"), []))
    assert text == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Message>\n  <Header>\n  </Header>\n'
        "  <Persons>\n  </Persons>\n</Message>\n"
    )
