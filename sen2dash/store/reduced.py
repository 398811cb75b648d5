"""What is left of a return once its indicators are calculated: categories and members, without a name or a date.

It answers every count of indicators and people by characteristic, for any filters, in a fraction of the memory.
"""

from __future__ import annotations

from types import MappingProxyType

from sen2dash.store.database import Store
from sen2dash.store.workspace import Workspace

#: The tables that are kept, with what is read of them. `person` is kept to count everyone.
KEPT = MappingProxyType(
    {
        "person": "select row_id from person",
        "profile": "select * from profile",
        "member": "select * from member",
    }
)


class ReducedStore(Workspace):
    """The categories of the people of a return and the members of its indicators.

    whole: the store of the return, after its indicators have run. It can be closed afterwards.
    """

    def __init__(self, whole: Store) -> None:
        super().__init__(whole.settings)
        self.collection = whole.collection
        try:
            for table, sql in KEPT.items():
                self.keep(table, whole.table(sql))
            self.use_kept()
        except BaseException:
            self.close()
            raise

    def clear_members(self) -> None:
        """Refuse: nothing is left to calculate them from again."""
        raise RuntimeError("the members of an earlier return are calculated once")
