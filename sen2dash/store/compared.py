"""Find the items that two returns share, and write the SQL that compares their rows: fingerprints first, then items.

The SQL built here contains only names from the specification, never a value from a return. This module runs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sen2dash import spec
from sen2dash.spec import Item

#: Two items with the same meaning, in the layout of 2023 and in later ones: codes 1 and 2 of the first are M and F.
GENDER, SEX = "GenderCurrent", "Sex"


@dataclass(frozen=True)
class SharedItem:
    """One item that two returns have in common. before, after: the item in the layout of each.

    If the two layouts differ, it has the name of the later item.
    """

    before: Item
    after: Item

    @property
    def element(self) -> str:
        """The element that names the item: Sex if one side has GenderCurrent."""
        return SEX if self.before.element != self.after.element else self.after.element

    @property
    def item(self) -> Item:
        """The item whose name and kind are used for both."""
        return self.before if self.before.element == self.element else self.after

    def item_of_side(self, is_after: bool) -> Item:
        """Return the item in the layout of one side."""
        return self.after if is_after else self.before

    def meaning(self, column: str, is_after: bool) -> str:
        """Return an SQL expression for the meaning of a text in a column of one side, for comparing; NULL if blank."""
        own = self.item_of_side(is_after)
        if own.type == "boolean":
            return (
                f"case when lower({column}) in ('1', 'true') then 'true' "
                f"when lower({column}) in ('0', 'false') then 'false' else {column} end"
            )
        if own.element == GENDER and self.element == SEX:
            return f"case {column} when '1' then 'M' when '2' then 'F' else {column} end"
        return column


def common_items(table: str, before_year: int, after_year: int) -> tuple[SharedItem, ...]:
    """Return the items of a table that are in the layouts of both return years, in the order of the layout."""
    found = []
    for item in spec.items_of(table):
        if item.exists_in(before_year) and item.exists_in(after_year):
            found.append(SharedItem(item, item))
        elif table == "person" and item.element == SEX and item.exists_in(before_year) != item.exists_in(after_year):
            gender = spec.item(table, GENDER)
            found.append(SharedItem(item, gender) if item.exists_in(before_year) else SharedItem(gender, item))
    return tuple(found)


def candidates_sql(table: str, items: Sequence[SharedItem], is_after: bool, keys: str) -> str:
    """Return a SELECT of every row of a table on one side: its position, its fingerprint and its keys for pairing.

    keys: the SELECT of queries/compare/keys for this table. The fingerprint covers the meaning of every item. The
    characters that separate items and mark blank ones cannot occur in an XML file.
    """
    own = "k.row_id" if table == "person" else "t.person_id"
    meanings = ", ".join(
        f"coalesce({each.meaning(f't.{each.item_of_side(is_after).text_column}', is_after)}, chr(30))" for each in items
    )
    return (
        f"select k.*, {own} as person_id, t.line, md5_number(concat_ws(chr(31), {meanings})) as fingerprint "
        f"from (\n{keys}\n) as k inner join {table} as t on k.row_id = t.row_id"
    )


def items_sql(table: str, items: Sequence[SharedItem], is_after: bool) -> str:
    """Return a SELECT of the texts of some rows of one side. `incoming`: the numbers of the rows, as row_id."""
    texts = ", ".join(
        f"t.{each.item_of_side(is_after).text_column} as item_{place}" for place, each in enumerate(items, start=1)
    )
    return f"select t.row_id, {texts} from {table} as t inner join incoming as i on t.row_id = i.row_id"


def filled_sql(table: str, items: Sequence[SharedItem], is_after: bool) -> str:
    """Return a SELECT of one row: per item, how many of some rows of one side have a value. `incoming`: as above."""
    counts = ", ".join(
        f"count(t.{each.item_of_side(is_after).text_column}) as item_{place}"
        for place, each in enumerate(items, start=1)
    )
    return f"select {counts} from {table} as t inner join incoming as i on t.row_id = i.row_id"


def values_sql(table: str, item: Item) -> str:
    """Return a SELECT of one row per value of an item in some rows of one side: value, n. `incoming`: as above."""
    column = item.text_column
    return (
        f"select t.{column} as value, cast(count(*) as bigint) as n from {table} as t "
        f"inner join incoming as i on t.row_id = i.row_id where t.{column} is not null group by all"
    )


def side_by_side_sql(items: Sequence[SharedItem]) -> str:
    """Return a SELECT of the pairs in `pair_block` with the texts of both sides: `texts_before` and `texts_after`."""
    texts = ", ".join(
        f"b.item_{place} as before_{place}, a.item_{place} as after_{place}" for place in range(1, len(items) + 1)
    )
    return (
        f"select p.before_row, p.after_row, {texts} from pair_block as p "
        "inner join texts_before as b on p.before_row = b.row_id inner join texts_after as a on p.after_row = a.row_id"
    )


def changes_sql(table: str, items: Sequence[SharedItem]) -> str:
    """Return a SELECT of one row per changed item, from `side_by_side`."""
    return " union all ".join(
        f"select '{table}' as table_name, before_row, after_row, '{each.element}' as field, "
        f"before_{place} as before, after_{place} as after from side_by_side "
        f"where {each.meaning(f'before_{place}', False)} is distinct from {each.meaning(f'after_{place}', True)}"
        for place, each in enumerate(items, start=1)
    )
