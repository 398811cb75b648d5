/*---
id: H02
severity: error
affects: format
title: The file structure is not a SEN2 message
message: >-
  The file does not have exactly one Header, CollectionDetails, Source and Persons group, or there are people outside
  the Persons group who were not read.
guidance: >
  A SEN2 return is one Message with one Header (which holds one CollectionDetails and one Source) and one Persons group.
  If a group appears twice, only the first is read, but the people in every Persons group are read. If a group is
  missing, its items are blank, and their own rules report that. A Person element anywhere else (beside Persons, in a
  Persons group within another, inside another person) is not read: the detail says how many there are and gives the
  line of the first. Usually two exports were pasted together, or the header was left out. Export the return again. If
  the finding comes back, contact your software supplier.
module: header
table: file
fields: []
years: [2023, null]
source: DfE specification 2025, 3.2
needs: xml
---*/
-- A file without a Message root or without any Persons group is refused before it is loaded.
select
    cast(null as bigint) as person_id,
    'file' as table_name,
    cast(null as bigint) as row_id,
    cast(null as varchar) as field,
    cast(null as varchar) as value,
    concat_ws('; ', nullif(concat_ws(
        ', ',
        if(n_header <> 1, n_header || ' Header', null),
        if(n_collection_details <> 1, n_collection_details || ' CollectionDetails', null),
        if(n_source <> 1, n_source || ' Source', null),
        if(n_persons_groups <> 1, n_persons_groups || ' Persons', null)
    ), '') || ' instead of 1', if(
        n_unread_persons > 0,
        format('{:,}', n_unread_persons) || if(n_unread_persons = 1, ' person', ' people') || ' not read: '
        || unread_persons,
        null
    )) as detail
from file
where
    n_header <> 1 or n_collection_details <> 1 or n_source <> 1 or n_persons_groups <> 1 or n_unread_persons > 0
order by all
